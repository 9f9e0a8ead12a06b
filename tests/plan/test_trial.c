/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/trial.h"

#include "../sim/flat_profile.h"
#include "plan/loadat.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static struct rp_trial run(const char *text, const char *slo, double rate_per_s)
{
    struct rp_profile profile = flat_profile((struct flat_costs){0});
    const struct rp_effort effort = rp_effort_defaults();
    struct rp_scenario s = {0};
    struct rp_routes routes = {0};
    struct rp_slos slos = {0};
    struct rp_error error = {0};
    struct rp_trial trial;

    cr_assert(eq(int,
                 rp_scenario_read_text(text, strlen(text), "x", &s, &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(eq(int, rp_slos_add(&slos, slo, &error), RP_OK));
    cr_assert(eq(int, rp_routes_make(&s, &profile, &routes, &error), RP_OK));
    cr_assert(eq(int,
                 rp_trial_run(&s, &routes, &profile, &slos, &effort, rate_per_s,
                              &trial, &error),
                 RP_OK),
              "%s", error.text);
    rp_routes_free(&routes);
    rp_scenario_free(&s);
    rp_profile_free(&profile);
    return trial;
}

/* M/M/1 with a service of 10 ms: the mean at 60/s is 25 ms. */
static const char queue[] = "server: {kind: gthread, threads: 1}\n"
                            "view: {wait: {mean: 10ms, shape: exponential}}\n";

Test(trial, the_interval_decides_where_it_is_on_one_side)
{
    const struct rp_trial met = run(queue, "mean<=40ms", 60.0);
    const struct rp_trial missed = run(queue, "mean<=15ms", 60.0);

    cr_expect(eq(int, met.verdict, RP_TRIAL_MET));
    cr_expect(eq(uint, met.replications, 5));
    cr_expect(eq(int, missed.verdict, RP_TRIAL_MISSED));
    cr_expect(met.low[RP_LIMIT_MEAN] < 25e6 && met.high[RP_LIMIT_MEAN] > 25e6);
    cr_expect(epsilon_eq(dbl, met.utilisation, 0.6, 0.03));
    cr_expect(eq(str, (char *)met.busiest, "worker threads"));
}

Test(trial, an_unclear_one_is_given_all_the_replications_there_are)
{
    const struct rp_trial trial = run(queue, "mean<=25ms", 60.0);

    cr_expect(eq(int, trial.verdict, RP_TRIAL_UNCLEAR));
    cr_expect(eq(uint, trial.replications, 20));
}

Test(trial, more_than_can_be_served_misses_any_limit)
{
    const struct rp_trial trial = run(queue, "mean<=1h", 150.0);

    cr_expect(trial.saturated);
    cr_expect(eq(int, trial.verdict, RP_TRIAL_MISSED));
    cr_expect(eq(dbl, trial.value[RP_LIMIT_P99], (double)INFINITY));
}

/* M/M/1 with room for 4 that wait: Erlang's formula for K = 5 in the system,
 * blocking (1 - a) a^5 / (1 - a^6). */
Test(trial, errors_are_what_a_full_backlog_turns_away)
{
    static const char lossy[] =
        "server: {kind: gthread, threads: 1, backlog: 4}\n"
        "view: {wait: {mean: 10ms, shape: exponential}}\n"
        "load: {kind: open, rate: 1/s}\n";
    const double a = 0.8;
    const double exact = (1.0 - a) * pow(a, 5.0) / (1.0 - pow(a, 6.0));
    const struct rp_trial trial = run(lossy, "errors<=50%", 80.0);

    cr_expect(trial.low[RP_LIMIT_ERRORS] < exact &&
                  trial.high[RP_LIMIT_ERRORS] > exact,
              "%g .. %g", trial.low[RP_LIMIT_ERRORS],
              trial.high[RP_LIMIT_ERRORS]);
}

Test(trial, the_load_keeps_its_bursts_and_loses_its_curve)
{
    struct rp_load load = {.kind = RP_LOAD_OPEN,
                           .rate_per_s = 10.0,
                           .process = RP_PROCESS_GAMMA,
                           .gap = {.shape = RP_SHAPE_GAMMA, .cv = 2.0},
                           .timeout_ns = 5.0};
    struct rp_load at = rp_load_at(&load, 40.0);

    cr_expect(eq(int, at.process, RP_PROCESS_GAMMA));
    cr_expect(eq(dbl, at.gap.mean_ns, 25e6));
    cr_expect(eq(dbl, at.gap.cv, 2.0));
    cr_expect(eq(dbl, at.timeout_ns, 5.0));
    load.process = RP_PROCESS_MMPP;
    load.mmpp = (struct rp_mmpp){20.0, 5.0, 1e9, 2e9};
    at = rp_load_at(&load, 40.0);
    cr_expect(eq(dbl, at.mmpp.on_per_s, 80.0));
    cr_expect(eq(dbl, rp_mmpp_rate(&at.mmpp), 40.0));
    load.curve.kind = RP_CURVE_DIURNAL;
    cr_expect(eq(int, rp_load_at(&load, 40.0).process, RP_PROCESS_POISSON));
    load.kind = RP_LOAD_CLOSED;
    cr_expect(eq(int, rp_load_at(&load, 40.0).process, RP_PROCESS_POISSON));
}
