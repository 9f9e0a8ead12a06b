/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUND RP_SOURCE_DIR "/tests/data/profiles/round.yaml"

static struct rp_profile round_profile(void)
{
    struct rp_profile profile = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_profile_read(ROUND, &profile, &error), RP_OK), "%s",
              error.text);
    return profile;
}

/* The text that a profile is written as; the caller frees it. */
static char *text_of(const struct rp_profile *profile)
{
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(out != NULL);
    cr_assert(eq(int, rp_profile_write(profile, out, &error), RP_OK), "%s",
              error.text);
    (void)fclose(out);
    return text;
}

static char *file_text(const char *path)
{
    char *const text = calloc(1, 65536);
    FILE *const in = fopen(path, "r");

    cr_assert(text && in);
    (void)fread(text, 1, 65535, in);
    (void)fclose(in);
    return text;
}

Test(profile, metrics_have_a_key_and_a_heading_each)
{
    cr_expect(eq(str, (char *)rp_metric_key(RP_METRIC_RPS), "rps"));
    cr_expect(eq(str, (char *)rp_metric_heading(RP_METRIC_RPS), "requests/s"));
    cr_expect(eq(str, (char *)rp_metric_key(RP_METRIC_P99), "p99_ms"));
    cr_expect(eq(str, (char *)rp_metric_heading(RP_METRIC_P99), "p99"));
    cr_expect(
        eq(str, (char *)rp_metric_key(RP_METRIC_COUNT), "unknown metric"));
    cr_expect(
        eq(str, (char *)rp_metric_heading(RP_METRIC_COUNT), "unknown metric"));
}

Test(profile, everything_in_the_file_is_read)
{
    struct rp_profile p = round_profile();
    const size_t n = p.cost_count;

    cr_expect(eq(str, p.file, ROUND));
    cr_expect(eq(str, p.made_by, "hand"));
    cr_expect(eq(str, p.made_on, "2026-11-25"));
    cr_expect(eq(str, p.framework, "django"));
    cr_expect(eq(str, p.framework_version, "3.2.25"));
    cr_expect(eq(str, p.asgiref_version, "3.6.0"));
    cr_expect(eq(str, p.python_version, "3.11.2"));
    cr_expect(eq(str, p.cpu, "none (family 0)"));
    cr_expect(eq(str, p.measured_on, "2026-11-24"));
    cr_assert(eq(sz, p.source_count, 2));
    cr_expect(eq(str, p.sources[1], "other: one (it's # 2)"));
    cr_expect(eq(ulong, p.runs, 12));
    cr_expect(eq(ulong, p.runs_left_out, 1));
    cr_assert(eq(sz, n, 6));
    cr_expect(eq(str, p.costs[2].name, "layer"));
    cr_expect(eq(dbl, p.costs[1].mean_ns, 1.5e6));
    cr_expect(eq(dbl, p.costs[5].se_ns, 500.0));
    cr_expect(eq(uint, p.costs[4].runs, 6));
    cr_expect(eq(int, p.cost_of_item[RP_ITEM_LAYER_MIXIN_ASYNC], 2));
    cr_expect(eq(int, p.cost_of_item[RP_ITEM_S2A_POOL], -1));
    cr_expect(eq(dbl, p.covariance_ns2[1 * n + 1], 16e6), "4 us squared");
    cr_expect(eq(dbl, p.covariance_ns2[1 * n + 0], 6e6), "0.5 * 4 us * 3 us");
    cr_expect(eq(dbl, p.covariance_ns2[0 * n + 1], 6e6), "symmetric");
    cr_expect(eq(dbl, p.covariance_ns2[1 * n + 3], -8e6), "-1 * 2 us * 4 us");
    cr_expect(eq(dbl, p.covariance_ns2[5 * n + 4], 0.0));
    cr_expect(p.costs[1].spread_pooled);
    cr_expect(eq(dbl, p.costs[1].spread.tail, 0.5), "that of the request");
    cr_expect(not(p.costs[3].spread_pooled));
    cr_expect(eq(dbl, p.costs[3].spread.multiple[3], 0.5));
    cr_expect(eq(dbl, p.request_spread.multiple[9], 1.6));
    cr_expect(
        eq(dbl, p.accuracy[RP_SITUATION_ALONE][RP_METRIC_P99].run_sd, 0.2));
    cr_expect(eq(dbl, p.accuracy[RP_SITUATION_ALONE][RP_METRIC_RPS].misfit_sd,
                 0.025));
    cr_expect(eq(dbl, p.condition_number, 12.5));
    cr_assert(eq(sz, p.round_count, 3));
    cr_expect(eq(dbl, rp_profile_speed(&p, "none-1", 3), 0.8));
    cr_expect(eq(dbl, rp_profile_speed(&p, "other: one", 1), 1.0));
    cr_expect(isnan(rp_profile_speed(&p, "none-1", 2)), "not measured");
    rp_profile_free(&p);
    rp_profile_free(&p);
    cr_expect(eq(ptr, p.costs, NULL));
}

/* Half as restless: p50 stays where it is but for the mean, which is 1 again;
 * what is beyond p98 is another matter. */
Test(profile, a_campaign_widens_the_body_of_the_spreads_and_no_tail)
{
    struct rp_profile p = round_profile(), there;

    for (size_t i = 0; i < p.round_count; i++)
        p.rounds[i].unrest = 0.5;
    cr_expect(eq(dbl, rp_profile_unrest(&p, "none-1", 2.0), 0.5));
    cr_expect(eq(dbl, rp_profile_unrest(&p, "unknown", 2.0), 2.0));
    cr_assert(rp_profile_in_campaign(&p, "none-1", &there));
    for (size_t i = 0; i < p.cost_count; i++) {
        const struct rp_spread *const all = &p.costs[i].spread;
        const struct rp_spread *const now = &there.costs[i].spread;
        const double scale = now->multiple[4] / all->multiple[4];

        cr_expect(epsilon_eq(dbl, rp_spread_mean(now), 1.0, 1e-12));
        cr_expect(
            epsilon_eq(dbl, now->multiple[6] - now->multiple[4],
                       0.5 * scale * (all->multiple[6] - all->multiple[4]),
                       1e-12),
            "p50 to p90");
        cr_expect(epsilon_eq(dbl, now->tail, scale * all->tail, 1e-12));
    }
    free(there.costs);
    cr_assert(rp_profile_in_campaign(&p, "unknown", &there));
    cr_expect(epsilon_eq(dbl, there.costs[0].spread.multiple[6],
                         p.costs[0].spread.multiple[6], 1e-12));
    free(there.costs);
    rp_profile_free(&p);
}

Test(profile, what_is_written_is_read_and_written_again_byte_for_byte)
{
    struct rp_profile first = round_profile(), second = {0};
    struct rp_error error = {0};
    char *one, *two;

    /* Digits that no decimal has. */
    first.costs[0].mean_ns = 1e6 / 3.0;
    first.costs[2].mean_ns = 0.0;
    first.costs[4].mean_ns = 3.3e15;
    first.costs[5].se_ns = sqrt(2e5);
    first.covariance_ns2[5 * 6 + 5] = 2e5;
    first.accuracy[RP_SITUATION_ALONE][RP_METRIC_MEAN].run_sd = 1.0 / 30.0;
    first.condition_number = 1e9 / 7.0;
    free(first.cpu);
    first.cpu = strdup("\xC2\xB5: 'fast' #1 ");
    free(first.python_version);
    first.python_version = NULL;
    one = text_of(&first);
    cr_assert(eq(int,
                 rp_profile_read_text(one, strlen(one), "x", &second, &error),
                 RP_OK),
              "%s\n%s", error.text, one);
    two = text_of(&second);
    cr_expect(eq(str, one, two));
    cr_expect(eq(dbl, second.costs[0].mean_ns, 333333.3), "seven digits");
    cr_expect(eq(str, second.cpu, "\xC2\xB5: 'fast' #1 "));
    cr_expect(eq(str, second.python_version, ""), "unknown");
    cr_expect(strstr(one, "    mean: 333.3333us\n    se: 3us\n") != NULL);
    cr_expect(strstr(one, "mean_ms: {run_sd: 3.33333%,") != NULL);
    cr_expect(strstr(one, "  - campaign: none-1\n    unrest: 1\n"
                          "    speeds: {1: 1.25, 3: 0.8}\n"
                          "  - campaign: 'other: one'\n    unrest: 1\n"
                          "    speeds: {1: 1}\n") != NULL);
    cr_expect(strstr(one, "    correlations: [0.1, -1, 0]\n") != NULL);
    free(one);
    free(two);
    rp_profile_free(&first);
    rp_profile_free(&second);
}

/* ---- How requests were asked ---- */

Test(profile, each_situation_has_a_key_of_its_own)
{
    cr_expect(
        eq(str, (char *)rp_situation_key(RP_SITUATION_ALONE), "accuracy"));
    cr_expect(eq(str, (char *)rp_situation_key(RP_SITUATION_LOADED),
                 "accuracy_under_load"));
    cr_expect(eq(str, (char *)rp_situation_key(RP_SITUATION_WAITING),
                 "accuracy_with_waits"));
}

Test(profile, a_scenario_is_alone_loaded_or_waiting)
{
    static const struct {
        const char *text;
        enum rp_situation situation;
    } cases[] = {
        {"load: {clients: 1}\n", RP_SITUATION_ALONE},
        {"load: {clients: 2}\n", RP_SITUATION_LOADED},
        {"load: {kind: open, rate: 5/s}\n", RP_SITUATION_LOADED},
        {"load: {clients: 1}\nview: {cpu: 5ms}\n", RP_SITUATION_ALONE},
        {"load: {clients: 1}\nview: {wait: 5ms}\n", RP_SITUATION_WAITING},
        {"load: {clients: 9}\nview: {wait: 5ms}\n", RP_SITUATION_WAITING},
        {"load: {clients: 1}\nview: {wait: 0ms}\n", RP_SITUATION_ALONE},
        {"load: {clients: 9}\nmiddleware: [{name: a, kind: sync, before: "
         "{wait: 1ms}}]\n",
         RP_SITUATION_WAITING},
        {"load: {clients: 9}\nmiddleware: [{name: a, kind: sync, after: {wait: "
         "1ms}}]\n",
         RP_SITUATION_WAITING},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_scenario s = {0};
        struct rp_error error = {0};

        cr_assert(eq(int,
                     rp_scenario_read_text(cases[i].text, strlen(cases[i].text),
                                           "x", &s, &error),
                     RP_OK),
                  "%s", error.text);
        cr_expect(eq(int, rp_situation_of(&s), cases[i].situation), "%s",
                  cases[i].text);
        rp_scenario_free(&s);
    }
}

Test(profile, where_it_knows_nothing_of_a_situation_it_takes_that_of_one)
{
    struct rp_profile p = round_profile();

    for (unsigned i = 0; i < RP_SITUATION_COUNT; i++)
        cr_expect(eq(ptr, (void *)rp_profile_accuracy(&p, (enum rp_situation)i),
                     p.accuracy[RP_SITUATION_ALONE]));
    p.accuracy[RP_SITUATION_LOADED][RP_METRIC_RPS].run_sd = 0.1;
    cr_expect(eq(ptr, (void *)rp_profile_accuracy(&p, RP_SITUATION_LOADED),
                 p.accuracy[RP_SITUATION_LOADED]));
    cr_expect(eq(ptr, (void *)rp_profile_accuracy(&p, RP_SITUATION_WAITING),
                 p.accuracy[RP_SITUATION_ALONE]));
    rp_profile_free(&p);
}

/* The profile that is shipped knows the two others as well. */
Test(profile, situations_and_parameters_are_written_and_read_back)
{
    struct rp_profile first = round_profile(), second = {0};
    struct rp_error error = {0};
    char *one, *two;

    for (unsigned i = 0; i < RP_METRIC_COUNT; i++) {
        first.accuracy[RP_SITUATION_WAITING][i].run_sd = 0.01 * (i + 1);
        first.accuracy[RP_SITUATION_WAITING][i].misfit_sd = 0.125;
    }
    first.under_load.known[RP_PARAMETER_SLOWNESS] = true;
    first.under_load.value[RP_PARAMETER_SLOWNESS] = 4.5;
    first.under_load.se[RP_PARAMETER_SLOWNESS] = 0.5;
    one = text_of(&first);
    cr_expect(eq(ptr, strstr(one, "accuracy_under_load"), NULL),
              "of which nothing is known");
    cr_assert(eq(int,
                 rp_profile_read_text(one, strlen(one), "x", &second, &error),
                 RP_OK),
              "%s\n%s", error.text, one);
    cr_expect(eq(dbl,
                 second.accuracy[RP_SITUATION_WAITING][RP_METRIC_MEAN].run_sd,
                 0.02));
    cr_expect(eq(dbl,
                 second.accuracy[RP_SITUATION_WAITING][RP_METRIC_P99].misfit_sd,
                 0.125));
    cr_expect(eq(
        dbl, second.accuracy[RP_SITUATION_LOADED][RP_METRIC_RPS].run_sd, 0.0));
    cr_expect(eq(dbl, second.accuracy[RP_SITUATION_ALONE][RP_METRIC_RPS].run_sd,
                 0.04));
    cr_expect(eq(dbl, second.under_load.value[RP_PARAMETER_SLOWNESS], 4.5));
    cr_expect(eq(dbl, second.under_load.se[RP_PARAMETER_SLOWNESS], 0.5));
    cr_expect(not(second.under_load.known[RP_PARAMETER_FADE]));
    two = text_of(&second);
    cr_expect(eq(str, one, two));
    free(one);
    free(two);
    rp_profile_free(&first);
    rp_profile_free(&second);
}

Test(profile, one_that_says_nothing_of_its_platform_is_read_back)
{
    struct rp_profile first = round_profile(), second = {0};
    struct rp_error error = {0};
    char **const texts[] = {&first.framework,
                            &first.framework_version,
                            &first.asgiref_version,
                            &first.python_version,
                            &first.cpu,
                            &first.measured_on};
    char *text;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        (*texts[i])[0] = '\0';
    text = text_of(&first);
    cr_expect(eq(ptr, strstr(text, "platform"), NULL));
    cr_expect(eq(int,
                 rp_profile_read_text(text, strlen(text), "x", &second, &error),
                 RP_OK),
              "%s", error.text);
    free(text);
    rp_profile_free(&first);
    rp_profile_free(&second);
}

/* A change of the text that is a mistake, and what is said of it. */
struct mistake {
    const char *from, *to, *sentence;
};

static const struct mistake mistakes[] = {
    {"schema: reqpath.profile/1", "schema: reqpath.profile/2",
     "p.yaml:2:9: schema: found \"reqpath.profile/2\", expected "
     "reqpath.profile/1, the one that this version reads"},
    {"schema: reqpath.profile/1", "name: x",
     "p.yaml:2:1: this is no profile: one begins with \"schema: "
     "reqpath.profile/1\"; make one with reqpath calibrate"},
    {"condition_number", "condition_nunber",
     "p.yaml:18:1: unknown key \"condition_nunber\"; did you mean "
     "\"condition_number\"? (keys are schema, provenance, platform, "
     "condition_number, range, accuracy, rounds, request_spread, costs, "
     "under_load, accuracy_under_load or accuracy_with_waits)"},
    {"provenance:", "platforn:",
     "p.yaml:3:1: unknown key \"platforn\"; did you mean \"platform\"? (keys "
     "are schema, provenance, platform, condition_number, range, accuracy, "
     "rounds, request_spread, costs, under_load, accuracy_under_load or "
     "accuracy_with_waits)"},
    {"  made_by: hand\n", "",
     "p.yaml:4:3: provenance.made_by: is missing, and costs of unknown origin "
     "are worth nothing: a profile says who made it, when, and from which "
     "runs; make it with reqpath calibrate"},
    {"  runs: 12\n", "",
     "p.yaml:4:3: provenance.runs: is missing, and costs of unknown origin "
     "are worth nothing: a profile says who made it, when, and from which "
     "runs; make it with reqpath calibrate"},
    {"  made_on:", "  made_in:",
     "p.yaml:5:3: unknown key \"made_in\"; did you mean \"made_on\"? (keys are "
     "made_by, made_on, sources, runs or runs_left_out)"},
    {"  runs: 12\n", "  runs: 0\n",
     "p.yaml:9:9: runs: found \"0\", expected a whole number from 1 to "
     "18446744073709551615"},
    {"  cpu:", "  cpus:",
     "p.yaml:16:3: unknown key \"cpus\"; did you mean \"cpu\"? (keys are "
     "framework, framework_version, asgiref_version, python_version, cpu or "
     "measured_on)"},
    {"{1: 1.25, 3", "{one: 1.25, 3",
     "p.yaml:73:14: speeds: found \"one\", expected the number of a round"},
    {"campaign: 'other: one'", "campaign: none-1",
     "p.yaml:72:3: rounds: round 1 of none-1 is there twice"},
    {"number: 12.5", "number: 0.5",
     "p.yaml:18:19: condition_number: found \"0.5\", expected a number from 1 "
     "on"},
    {"rps: {run_sd: 4%", "rps: {run_sd: 0.04",
     "p.yaml:20:17: run_sd: found \"0.04\", expected a percentage, like 4.2%"},
    {"rps: {run_sd: 4%", "rps: {run_sd: -4%",
     "p.yaml:20:17: run_sd: found \"-4%\", expected a percentage, like 4.2%"},
    {"rps: {run_sd: 4%", "rps: {run_sd: [4%]",
     "p.yaml:20:17: run_sd: found a list, expected one value"},
    {"  p99_ms:", "  p999_ms:",
     "p.yaml:25:3: unknown key \"p999_ms\"; did you mean \"p99_ms\"? (keys are "
     "rps, mean_ms, p50_ms, p90_ms, p95_ms or p99_ms)"},
    {"p98: 1.4", "p98: 1.0",
     "p.yaml:28:17: request_spread: p0 .. p99 are multiples of the mean, 0 or "
     "more, that do not fall, and the tail is 0 or more"},
    {"tail: 0.5}\ncosts", "tail: 1.5}\ncosts",
     "p.yaml:28:17: request_spread: the mean of a spread is 1, that of these "
     "multiples is 1.01; divide them by it"},
    {"p98: 1.4, ", "",
     "p.yaml:28:17: the key \"p98\" is missing here; write \"p98: ...\""},
    {"mean: 500us", "mean: 500",
     "p.yaml:32:11: mean: found \"500\" without a unit; write 500ms, 500us or "
     "500s"},
    {"mean: 500us", "mean: -1us",
     "p.yaml:32:11: mean: found \"-1us\"; a duration cannot be negative"},
    {"    se: 3us\n", "",
     "p.yaml:30:5: the key \"se\" is missing here; write \"se: ...\""},
    {"items: [base.gunicorn]", "items: [base.gunikorn]",
     "p.yaml:31:13: items: no cost item is called \"base.gunikorn\"; did you "
     "mean \"base.gunicorn\"?"},
    {"items: [base.gunicorn]", "items: [{}]",
     "p.yaml:31:13: items: no cost item is called \"\""},
    {"items: [base.daphne]", "items: [base.daphne, base.gunicorn]",
     "p.yaml:37:26: items: base.gunicorn is priced already, by costs[0]; an "
     "item "
     "has one price"},
    {"items: [base.daphne]", "items: []",
     "p.yaml:36:5: costs[1]: the cost prices no item; name one, or drop it"},
    {"items: [base.daphne]", "items: base.daphne",
     "p.yaml:37:12: items: found \"base.daphne\", expected a list: [a, b], or "
     "lines that begin with \"- \""},
    {"name: base.daphne", "name: base.gunicorn",
     "p.yaml:36:11: costs[1].name: \"base.gunicorn\" is the name of costs[0] "
     "already; each name stands once"},
    {"[0.5]", "[0.5, 0]",
     "p.yaml:42:19: correlations: found 2 numbers, expected 1: one with each "
     "cost above, in their order"},
    {"[0.5]", "[1.5]",
     "p.yaml:42:20: found \"1.5\", expected a number from -1 to 1"},
    {"[0.5]", "0.5",
     "p.yaml:42:19: correlations: found \"0.5\", expected a list: [a, b], or "
     "lines that begin with \"- \""},
    {"spread: pooled", "spread: poled",
     "p.yaml:41:13: spread: found \"poled\", expected {p0: ..., p99: ..., "
     "tail: ...}, or pooled for that of the average request"},
    {"spread: pooled", "spread: [1]",
     "p.yaml:41:13: spread: found a list, expected {p0: ..., p99: ..., tail: "
     "...}, or pooled for that of the average request"},
    {"runs: 4", "runs: many",
     "p.yaml:34:11: runs: found \"many\", expected a whole number from 0 to "
     "4294967295"},
};

/* Replace the first occurrence; the caller frees the copy. */
static char *changed(const char *text, const struct mistake *m)
{
    const char *const at = strstr(text, m->from);
    char *const copy = calloc(1, strlen(text) + strlen(m->to) + 1);

    cr_assert(at && copy, "%s", m->from);
    memcpy(copy, text, (size_t)(at - text));
    strcat(copy, m->to);
    strcat(copy, at + strlen(m->from));
    return copy;
}

Test(profile, every_mistake_is_named_with_its_place)
{
    char *const good = file_text(ROUND);

    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char *const text = changed(good, &mistakes[i]);
        struct rp_profile profile = {.runs = 77};
        struct rp_error error = {0};

        cr_expect(eq(int,
                     rp_profile_read_text(text, strlen(text), "p.yaml",
                                          &profile, &error),
                     RP_ERR_VALUE),
                  "%s", mistakes[i].to);
        cr_expect(eq(str, error.text, (char *)mistakes[i].sentence));
        cr_expect(eq(ulong, profile.runs, 77), "untouched on failure");
        free(text);
    }
    free(good);
}

Test(profile, files_that_are_no_profile_are_refused)
{
    struct rp_profile profile = {0};
    struct rp_error error = {0};

    cr_expect(
        eq(int, rp_profile_read("/nowhere", &profile, &error), RP_ERR_IO));
    cr_expect(eq(int,
                 rp_profile_read_text("[1]", 3, "p.yaml", &profile, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "p.yaml:1:1: found a list, expected a mapping: {key: value}, "
                 "or indented \"key: value\" lines"));
    cr_expect(eq(int,
                 rp_profile_read_text("a: b: c", 7, "p.yaml", &profile, &error),
                 RP_ERR_SYNTAX));
}

/* Write a profile that is not valid: refused with `sentence`, nothing is
 * written. */
static void expect_refusal(const struct rp_profile *profile,
                           const char *sentence)
{
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(out != NULL);
    cr_expect(eq(int, rp_profile_write(profile, out, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text, (char *)sentence));
    (void)fclose(out);
    cr_expect(eq(sz, size, 0));
    free(text);
}

#define UNKNOWN_ORIGIN                                                         \
    "is missing, and costs of unknown origin are worth nothing: a profile "    \
    "says who made it, when, and from which runs; make it with reqpath "       \
    "calibrate"

Test(profile, without_provenance_it_is_not_written)
{
    struct rp_profile p = round_profile();
    char *const made_on = p.made_on;
    const size_t source_count = p.source_count;

    p.runs = 0;
    expect_refusal(&p, "provenance.runs: " UNKNOWN_ORIGIN);
    p.runs = 12;
    p.made_on = NULL;
    expect_refusal(&p, "provenance.made_on: " UNKNOWN_ORIGIN);
    p.made_on = made_on;
    p.source_count = 0;
    expect_refusal(&p, "provenance.sources: " UNKNOWN_ORIGIN);
    p.source_count = source_count;
    p.made_by[0] = '\0';
    expect_refusal(&p, "provenance.made_by: " UNKNOWN_ORIGIN);
    rp_profile_free(&p);
}

Test(profile, one_that_is_not_valid_is_not_written)
{
    struct rp_profile p = round_profile();

    p.covariance_ns2[0 * 6 + 1] = 5e6;
    expect_refusal(&p, "costs: the covariance of \"base.gunicorn\" and "
                       "\"base.daphne\" is not symmetric");
    p.covariance_ns2[0 * 6 + 1] = p.covariance_ns2[1 * 6 + 0] = 13e6;
    expect_refusal(&p, "costs: \"base.gunicorn\" and \"base.daphne\" have no "
                       "correlation from -1 to 1");
    p.covariance_ns2[0 * 6 + 1] = p.covariance_ns2[1 * 6 + 0] = (double)NAN;
    expect_refusal(&p, "costs: \"base.gunicorn\" and \"base.daphne\" have no "
                       "correlation from -1 to 1");
    p.covariance_ns2[0] = -1.0;
    expect_refusal(&p, "costs: the variance of \"base.gunicorn\" is not its "
                       "standard error squared");
    p.costs[3].mean_ns = (double)INFINITY;
    expect_refusal(&p, "costs[3]: mean and se must be 0ms .. 1000h");
    p.costs[1].spread.tail = 0.6;
    expect_refusal(&p, "costs[1].spread: a pooled spread is that of the "
                       "average request, and this one is another");
    p.cost_of_item[RP_ITEM_RENDER] = 6;
    expect_refusal(&p, "costs: the cost of template.render is not one of the "
                       "6");
    p.request_spread.multiple[2] = (double)NAN;
    expect_refusal(&p, "request_spread: p0 .. p99 are multiples of the mean, 0 "
                       "or more, that do not fall, and the tail is 0 or more");
    p.accuracy[RP_SITUATION_ALONE][RP_METRIC_P90].misfit_sd = -0.1;
    expect_refusal(&p, "accuracy.p90_ms: expected 0% .. 1000%");
    p.condition_number = 0.0;
    expect_refusal(&p, "condition_number: expected 1 or more");
    p.sources[1][0] = '\n';
    expect_refusal(&p,
                   "provenance.sources[1]: expected UTF-8 text on one line");
    p.cpu[0] = '\xFF';
    expect_refusal(&p, "platform.cpu: expected UTF-8 text on one line");
    rp_profile_free(&p);
}

Test(profile, a_full_disk_is_an_error)
{
    struct rp_profile p = round_profile();
    struct rp_error error = {0};
    FILE *const full = fopen("/dev/full", "w");

    if (full) {
        cr_expect(eq(int, rp_profile_write(&p, full, &error), RP_ERR_IO));
        cr_expect(eq(str, error.text, "the profile cannot be written"));
        (void)fclose(full);
    }
    rp_profile_free(&p);
}
