/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/simulation.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Two classes: of 400 requests of the first 300 were answered, 30 of them late;
 * 100 were given up after two attempts each. All of the second were answered.
 * The figures below follow from these by hand. */
static struct rp_class_result classes[] = {
    {.name = "page",
     .fate = {.answered = 300,
              .late = 30,
              .turned_away = 120,
              .left = 80,
              .given_up = 100}},
    {.name = "report", .fate = {.answered = 100}},
};

static char name[] = "shop", warnings[] = "";

static struct rp_result result_of(bool may_fail, size_t class_count)
{
    struct rp_result r = {.scenario = name,
                          .warnings = warnings,
                          .may_fail = may_fail,
                          .fate = {.answered = 400,
                                   .late = 30,
                                   .turned_away = 120,
                                   .left = 80,
                                   .given_up = 100},
                          .class_count = class_count,
                          .classes = class_count > 0 ? classes : NULL};

    for (size_t i = 0; i < 2; i++) {
        classes[i].metrics[RP_METRIC_RPS].value = 30.0;
        classes[i].metrics[RP_METRIC_MEAN].value = 4e6;
        classes[i].metrics[RP_METRIC_MEAN].half_width = 1e5;
        classes[i].metrics[RP_METRIC_P99].value = (double)NAN;
    }
    return r;
}

/* What is printed; free() it. */
static char *printed(const struct rp_result *r)
{
    char *text = NULL;
    size_t size = 0;
    struct rp_error error = {0};
    FILE *const out = open_memstream(&text, &size);

    cr_assert(out != NULL);
    cr_expect(
        eq(int, rp_simulation_print(r, RP_FORMAT_TEXT, 0, out, &error), RP_OK),
        "%s", error.text);
    (void)fclose(out);
    return text;
}

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

Test(simulation, fates_are_shares_of_attempts_answers_and_requests)
{
    struct rp_result r = result_of(true, 2);
    char *const text = printed(&r);

    cr_expect(has(text, "class         answered  late     %  turned away     % "
                        " left     %  "
                        "given up     %\n"
                        "------------  --------  ----  ----  -----------  ---- "
                        " ----  ----  "
                        "--------  ----\n"
                        "page               300    30  10.0          120  24.0 "
                        "   80  16.0  "
                        "     100  25.0\n"
                        "report             100     0   0.0            0   0.0 "
                        "    0   0.0  "
                        "       0   0.0\n"
                        "all requests       400    30   7.5          120  20.0 "
                        "   80  13.3  "
                        "     100  20.0\n"),
              "%s", text);
    cr_expect(has(text, "class   requests  requests/s  mean ms   +-"), "%s",
              text);
    cr_expect(has(text, "page         300          30        4  0.1"), "%s",
              text);
    free(text);
}

Test(simulation, what_cannot_happen_is_not_shown)
{
    struct rp_result plain = result_of(false, 0), mixed = result_of(false, 2);
    char *const one = printed(&plain), *const several = printed(&mixed);

    cr_expect(not(has(one, "class")), "%s", one);
    cr_expect(has(several, "page         300"), "%s", several);
    cr_expect(not(has(several, "given up")), "%s", several);
    free(one);
    free(several);
}

Test(simulation, json_has_classes_and_fates)
{
    struct rp_result r = result_of(true, 2);
    json_t *const all = rp_simulation_json(&r, 1);
    const json_t *const first = json_array_get(all, 0);
    const json_t *const class =
        json_array_get(json_object_get(first, "classes"), 1);
    const json_t *const fates = json_object_get(first, "fates");
    const json_t *const fate = json_array_get(fates, 2);

    cr_expect(eq(str,
                 (char *)json_string_value(json_object_get(class, "class")),
                 "report"));
    cr_expect(eq(sz, json_array_size(fates), 3));
    cr_expect(
        eq(dbl, json_number_value(json_object_get(fate, "given_up")), 100.0));
    cr_expect(epsilon_eq(
        dbl, json_number_value(json_object_get(fate, "turned_away_percent")),
        20.0, 1e-9));
    json_decref(all);
}

Test(simulation, json_has_the_quantiles_that_are_known)
{
    struct rp_result r = result_of(false, 0);
    size_t count;
    const double *const percents = rp_result_percents(&count);
    double *const quantiles_ns = calloc(count, sizeof *quantiles_ns);
    const json_t *quantiles, *last;
    json_t *all;

    for (size_t i = 0; i < count; i++)
        quantiles_ns[i] =
            percents[i] == 99.95 ? (double)NAN : 1e6 * (double)(i + 1);
    r.quantiles_ns = quantiles_ns;
    all = rp_simulation_json(&r, 1);
    quantiles = json_object_get(json_array_get(all, 0), "quantiles");
    last = json_array_get(quantiles, json_array_size(quantiles) - 1);
    cr_expect(eq(sz, json_array_size(quantiles), count - 1));
    cr_expect(
        eq(dbl, json_number_value(json_object_get(last, "percent")), 100.0));
    cr_expect(
        eq(dbl, json_number_value(json_object_get(last, "ms")), (double)count));
    json_decref(all);
    free(quantiles_ns);
}

Test(simulation, nothing_that_ended_is_no_share)
{
    const struct rp_fate none = {.answered = 0};

    cr_expect(isnan(rp_fate_late(&none)));
    cr_expect(isnan(rp_fate_left(&none)));
    cr_expect(isnan(rp_fate_turned_away(&none)));
    cr_expect(isnan(rp_fate_given_up(&none)));
}
