/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/rehearse.h"

#include "tests/model/scenariotext.h"
#include "tests/sim/flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const double exact = 1e-9;

static enum rp_code rehearse(const char *text, unsigned runs, unsigned requests,
                             double noise, struct rp_rehearsal *out,
                             struct rp_error *error)
{
    const struct rp_rehearse_options options = {
        .runs = runs, .requests = requests, .seed = 1, .noise = noise};
    struct rp_profile profile = flat_profile(
        (struct flat_costs){.base = 1e6, .a2s_new = 0.2e6, .gap = 0.25e6});
    struct rp_scenario scenario = scenario_of(text);
    const enum rp_code code =
        rp_rehearse(&scenario, &profile, &options, out, error);

    rp_scenario_free(&scenario);
    rp_profile_free(&profile);
    return code;
}

/* One worker, 1 ms a request, four clients that all begin at once: 1, 2, 3, 4
 * and then 4 ms each; ten requests in 10 ms. ab's percentile of ten is the
 * value of that rank, and its mean is c / throughput. */
static void expect_four(const struct rp_rehearsal *r)
{
    static const double levels[RP_LEVEL_COUNT] = {1, 1, 2, 3, 4, 4, 4, 4, 4, 4};

    cr_expect(epsilon_eq(dbl, r->value[RP_METRIC_RPS], 1000.0, exact));
    cr_expect(epsilon_eq(dbl, r->value[RP_METRIC_MEAN], 4.0, exact));
    cr_expect(epsilon_eq(dbl, r->value[RP_METRIC_P50], 4.0, exact));
    cr_expect(epsilon_eq(dbl, r->value[RP_METRIC_P99], 4.0, exact));
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        cr_expect(epsilon_eq(dbl, r->level_ms[i], levels[i], exact),
                  "level %zu: %g", i, r->level_ms[i]);
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        cr_expect(epsilon_eq(dbl, r->se[m], 0.0, 1e-12));
}

Test(rehearse, a_closed_queue_without_chance_is_what_ab_would_say)
{
    struct rp_rehearsal r;
    struct rp_error error = {0};

    cr_assert(eq(int, rehearse("load: {clients: 4}\n", 3, 10, 0.0, &r, &error),
                 RP_OK),
              "%s", error.text);
    expect_four(&r);
    cr_assert(eq(int, rehearse("load: {clients: 4}\n", 3, 10, 0.05, &r, &error),
                 RP_OK));
    expect_four(&r);
}

/* The first request alone of 200 is not in the steady state; with 4 there is
 * nothing else. p90 of four is the fourth, p50 the third. */
Test(rehearse, a_run_is_as_short_as_it_was)
{
    struct rp_rehearsal r;
    struct rp_error error = {0};

    cr_assert(eq(int, rehearse("load: {clients: 4}\n", 1, 4, 0.0, &r, &error),
                 RP_OK));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_P50], 3.0, exact));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_P90], 4.0, exact));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_RPS], 1000.0, exact));
}

/* One client of ab: its own 0.25 ms are in the throughput, and in no latency.
 */
Test(rehearse, the_time_of_the_client_is_in_the_throughput_alone)
{
    struct rp_rehearsal r;
    struct rp_error error = {0};

    cr_assert(
        eq(int,
           rehearse("load: {clients: 1, client: ab}\n", 2, 20, 0.0, &r, &error),
           RP_OK));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_RPS], 800.0, exact));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_MEAN], 1.25, exact));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_P50], 1.0, exact));
}

/* The same seed, the same rehearsals; and the median of them all. */
Test(rehearse, the_same_seed_meets_the_same_luck)
{
    static const char text[] =
        "load: {clients: 3}\nview: {cpu: {mean: 1ms, shape: exponential}}\n";
    struct rp_rehearsal one, two;
    struct rp_error error = {0};

    cr_assert(eq(int, rehearse(text, 9, 60, 0.0, &one, &error), RP_OK), "%s",
              error.text);
    cr_assert(eq(int, rehearse(text, 9, 60, 0.0, &two, &error), RP_OK));
    cr_expect(eq(int, memcmp(&one, &two, sizeof one), 0));
    cr_expect(gt(dbl, one.se[RP_METRIC_RPS], 0.0));
    /* services of 2 ms with a deviation of 1, 60 of them: 500/s, 6.5 % */
    cr_expect(epsilon_eq(dbl, one.value[RP_METRIC_RPS], 500.0, 65.0));
    cr_expect(lt(dbl, one.se[RP_METRIC_RPS], 0.065));
}

/* Every 2 ms one that takes 1 ms: nobody waits. Ten of them, the first after a
 * gap, end after 21 ms. */
Test(rehearse, an_open_load_that_is_even_and_slow_lets_nobody_wait)
{
    struct rp_rehearsal r;
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rehearse("load: {kind: open, rate: 500/s, process: "
                          "deterministic}\n",
                          2, 10, 0.0, &r, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_RPS], 10e3 / 21.0, 1e-6));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_MEAN], 1.0, exact));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_P99], 1.0, exact));
}

/* Every 0.5 ms one that takes 1 ms: request i, from 0, takes 1 + i / 2 ms, and
 * the last of ten ends after 10.5 ms. All are in the latencies, those too that
 * still queued when the last had come. */
Test(rehearse, an_open_load_above_the_capacity_queues_to_its_end)
{
    struct rp_rehearsal r;
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rehearse("load: {kind: open, rate: 2000/s, process: "
                          "deterministic}\n",
                          2, 10, 0.0, &r, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_RPS], 10e3 / 10.5, 1e-6));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_MEAN], 3.25, exact));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_P50], 3.5, exact));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_P99], 5.5, exact));
}

/* M/D/1 at load 0.5: the mean response is 1 + 0.5 / (2 (1 - 0.5)) = 1.5
 * services (Pollaczek and Khinchine). */
Test(rehearse, a_long_run_of_a_poisson_load_is_in_the_steady_state)
{
    struct rp_rehearsal r;
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rehearse("load: {kind: open, rate: 500/s}\n", 9, 20000, 0.0,
                          &r, &error),
                 RP_OK));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_MEAN], 1.5, 0.04));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_RPS], 500.0, 10.0));
}

Test(rehearse, a_load_without_independent_gaps_is_refused)
{
    struct rp_rehearsal r = {.value = {77.0}};
    struct rp_error error = {0};

    cr_expect(eq(int,
                 rehearse("load: {kind: open, process: mmpp, on_rate: 9/s, "
                          "on_for: 1s, off_for: 1s}\n",
                          1, 10, 0.0, &r, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "a run of so many requests needs independent gaps: poisson, "
                 "deterministic, gamma or hyperexponential"));
    cr_expect(eq(dbl, r.value[0], 77.0), "untouched on failure");
}

/* One worker, 1 ms a request. Four requests that come 2 ms apart take 1 ms
 * each; four that come together take 1, 2, 3 and 4 ms; the latter twice of
 * three times are the median. */
Test(rehearse, an_open_run_is_rehearsed_at_the_moments_that_were_planned)
{
    static const char text[] = "load: {kind: open, rate: 100/s}\n";
    static const uint64_t apart[] = {2000000, 4000000, 6000000, 8000000};
    static const uint64_t together[] = {1000000, 1000000, 1000000, 1000000};
    const uint64_t *orders[] = {apart, together, together};
    const struct rp_sendtimes sendtimes = {.runs = 3, .at_ns = orders};
    struct rp_profile profile = flat_profile((struct flat_costs){.base = 1e6});
    struct rp_rehearse_options options = {
        .runs = 3, .requests = 4, .seed = 1, .planned = &sendtimes};
    struct rp_scenario scenario = scenario_of(text);
    struct rp_rehearsal r;
    struct rp_error error = {0};

    cr_assert(
        eq(int, rp_rehearse(&scenario, &profile, &options, &r, &error), RP_OK),
        "%s", error.text);
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_MEAN], 2.5, exact));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_P99], 4.0, exact));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_RPS], 800.0, 1e-6));
    options.runs = 1; /* the first order alone */
    cr_assert(
        eq(int, rp_rehearse(&scenario, &profile, &options, &r, &error), RP_OK));
    cr_expect(epsilon_eq(dbl, r.value[RP_METRIC_MEAN], 1.0, exact));
    rp_scenario_free(&scenario);
    rp_profile_free(&profile);
}
