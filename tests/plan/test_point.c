/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/point.h"

#include "../sim/flat_profile.h"
#include "model/result.h"
#include "solve/solve.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char closed[] =
    "server: {kind: gthread, threads: 2}\n"
    "view: {cpu: {mean: 1ms, shape: exponential}, wait: 2ms}\n"
    "load: {kind: closed, clients: 4}\n"
    "run: {requests: 2000, replications: 5, warm_up: 100}\n";

static const char overload[] =
    "view: {cpu: {mean: 1ms, shape: exponential}}\n"
    "load: {kind: open, rate: 3000/s}\n"
    "run: {requests: 4000, replications: 2, warm_up: 0}\n";

static const char impatient[] =
    "view: {cpu: {mean: 1ms, shape: exponential}}\n"
    "server: {backlog: 2}\n"
    "load: {kind: open, rate: 900/s, timeout: 3ms}\n"
    "run: {requests: 4000, replications: 3, warm_up: 0}\n";

static struct rp_scenario scenario_of(const char *text)
{
    struct rp_scenario s = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int, rp_scenario_read_text(text, strlen(text), "s.yaml", &s, &error),
           RP_OK));
    return s;
}

static struct rp_point evaluate(const char *text, enum rp_reader reader)
{
    const struct rp_point_how how = {.reader = reader, .jobs = 1};
    struct rp_profile profile = flat_profile((struct flat_costs){.base = 1e5});
    struct rp_scenario scenario = scenario_of(text);
    struct rp_point point = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_point_evaluate(&scenario, &profile, &how, &point, &error),
                 RP_OK),
              "%s", error.text);
    rp_scenario_free(&scenario);
    rp_profile_free(&profile);
    return point;
}

Test(point, a_simulated_one_has_what_the_simulation_says)
{
    struct rp_profile profile = flat_profile((struct flat_costs){.base = 1e5});
    const struct rp_simulate_options options = {.jobs = 1};
    struct rp_point point = evaluate(closed, RP_READER_SIM);
    struct rp_result result = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 flat_simulate(closed, &profile, &options, &result, &error),
                 RP_OK));
    cr_expect(eq(dbl, point.metrics[RP_METRIC_RPS].value,
                 result.metrics[RP_METRIC_RPS].value));
    cr_expect(eq(dbl, point.metrics[RP_METRIC_P99].value,
                 result.metrics[RP_METRIC_P99].value / 1e6));
    cr_expect(eq(dbl, point.metrics[RP_METRIC_MEAN].low,
                 result.metrics[RP_METRIC_MEAN].own_low / 1e6));
    cr_expect(eq(sz, point.run_count, 5));
    cr_expect(not(point.saturated));
    cr_expect(isnan(point.turned_away), "nobody can be turned away");
    rp_result_free(&result);
    rp_point_free(&point);
    rp_profile_free(&profile);
}

/* Runs of equal length: the mean of all is the mean of their means. */
Test(point, the_values_of_replications_add_up_to_the_value)
{
    struct rp_point point = evaluate(closed, RP_READER_SIM);
    double sum = 0.0;

    for (size_t i = 0; i < point.run_count; i++)
        sum += point.runs[RP_METRIC_MEAN][i];
    cr_expect(
        epsilon_eq(dbl, sum / 5.0, point.metrics[RP_METRIC_MEAN].value, 1e-9));
    rp_point_free(&point);
}

/* One CPU of 1.1 ms, held for the GIL: at 4 clients and two threads that wait
 * 2 ms a thread is the busiest, always taken. */
Test(point, the_bottleneck_is_the_place_that_works_most)
{
    struct rp_point simulated = evaluate(closed, RP_READER_SIM);
    struct rp_point solved = evaluate(closed, RP_READER_SOLVE);

    cr_expect(eq(str, simulated.bottleneck, "worker threads"));
    cr_expect(ge(dbl, simulated.utilisation, 0.99));
    cr_expect(eq(str, solved.bottleneck, "worker threads"));
    rp_point_free(&simulated);
    rp_point_free(&solved);
}

Test(point, a_solved_one_has_bounds_and_no_replications)
{
    struct rp_point point = evaluate(closed, RP_READER_SOLVE);
    const struct rp_point_metric *const rps = &point.metrics[RP_METRIC_RPS];

    cr_expect(eq(sz, point.run_count, 0));
    cr_expect(le(dbl, rps->low, rps->value));
    cr_expect(le(dbl, rps->value, rps->high));
    cr_expect(eq(int, (int)point.method, RP_METHOD_LAYERS));
    rp_point_free(&point);
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void expect_round_trip(const char *text, enum rp_reader reader)
{
    struct rp_point point = evaluate(text, reader), back = {0};
    struct rp_error error = {0};
    char *const first = rp_point_to_json(&point);
    char *second;

    cr_assert(ne(ptr, first, NULL));
    cr_assert(eq(int, rp_point_from_json(first, &back, &error), RP_OK), "%s",
              error.text);
    second = rp_point_to_json(&back);
    cr_expect(eq(str, second, first));
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const double a = point.metrics[m].value, b = back.metrics[m].value;

        cr_expect(same(a, b), "%u", m);
        for (size_t i = 0; i < point.run_count; i++)
            cr_expect(same(point.runs[m][i], back.runs[m][i]));
    }
    cr_expect(eq(int, back.saturated, point.saturated));
    cr_expect(eq(int, (int)back.validity, (int)point.validity));
    free(first);
    free(second);
    rp_point_free(&point);
    rp_point_free(&back);
}

Test(point, what_is_read_back_is_the_same_to_the_last_bit)
{
    expect_round_trip(closed, RP_READER_SIM);
    expect_round_trip(closed, RP_READER_SOLVE);
    expect_round_trip(overload, RP_READER_SIM);
    expect_round_trip(overload, RP_READER_SOLVE);
    expect_round_trip(impatient, RP_READER_SIM);
}

Test(point, an_overload_is_said_and_has_no_latency)
{
    struct rp_point point = evaluate(overload, RP_READER_SIM);

    cr_expect(point.saturated);
    cr_expect(isnan(point.metrics[RP_METRIC_MEAN].value));
    cr_expect(eq(int, (int)point.validity, RP_TIER_SATURATED));
    rp_point_free(&point);
}

Test(point, who_is_turned_away_or_late_is_a_share)
{
    struct rp_point point = evaluate(impatient, RP_READER_SIM);

    cr_expect(gt(dbl, point.turned_away, 0.0));
    cr_expect(lt(dbl, point.turned_away, 1.0));
    cr_expect(ge(dbl, point.late, 0.0));
    rp_point_free(&point);
}

Test(point, what_is_no_point_is_refused)
{
    static const char *const texts[] = {
        "",
        "[",
        "{}",
        "[1]",
        "{\"reader\": \"sim\"}",
        "{\"reader\":\"sam\",\"method\":\"alone\",\"validity\":\"inside\"}"};
    struct rp_point point = evaluate(closed, RP_READER_SOLVE);
    char *const good = rp_point_to_json(&point);
    char *const at = strstr(good, "\"saturated\":false");
    struct rp_point back = {.utilisation = 7.0};
    struct rp_error error = {0};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cr_expect(lt(int, (int)rp_point_from_json(texts[i], &back, &error), 0));
        cr_expect(ne(str, error.text, ""));
    }
    cr_assert(ne(ptr, at, NULL));
    memcpy(at, "\"saturated\":12345", 17);
    cr_expect(eq(int, rp_point_from_json(good, &back, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "this is not the JSON of a point: a member is missing, or is "
                 "not what it should be"));
    cr_expect(eq(dbl, back.utilisation, 7.0), "untouched on failure");
    free(good);
    rp_point_free(&point);
}

Test(point, readers_have_words)
{
    enum rp_reader reader = RP_READER_SIM;
    struct rp_error error = {0};

    cr_expect(eq(int, rp_reader_parse("solve", &reader, &error), RP_OK));
    cr_expect(eq(int, (int)reader, RP_READER_SOLVE));
    cr_expect(eq(str, (char *)rp_reader_word(reader), "solve"));
    cr_expect(eq(int, rp_reader_parse("sin", &reader, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "found \"sin\", expected sim or solve; did you mean "
                 "\"sim\"?"));
}
