/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/paired.h"

#include "../sim/flat_profile.h"
#include "model/result.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A point of which one metric and its replications are given. */
static struct rp_point point_of(enum rp_metric metric, double value,
                                double *runs, size_t count)
{
    struct rp_point point = {.run_count = count};

    point.metrics[metric].value = value;
    point.runs[metric] = runs;
    return point;
}

/* Differences 1, 2, 3, 4, 5: mean 3, standard deviation sqrt(2.5), standard
 * error sqrt(0.5), t of 4 degrees of freedom 2.776445. */
Test(paired, the_interval_of_a_mean_is_that_of_a_table)
{
    double a[] = {11, 13, 9, 14, 15}, b[] = {10, 11, 6, 10, 10};
    const struct rp_point x = point_of(RP_METRIC_MEAN, 12.4, a, 5);
    const struct rp_point y = point_of(RP_METRIC_MEAN, 9.4, b, 5);
    const struct rp_paired p = rp_paired_compare(&x, &y, RP_METRIC_MEAN);
    const double half = 2.776445105 * sqrt(0.5);

    cr_expect(epsilon_eq(dbl, p.difference, 3.0, 1e-12));
    cr_expect(epsilon_eq(dbl, p.low, 3.0 - half, 1e-6));
    cr_expect(epsilon_eq(dbl, p.high, 3.0 + half, 1e-6));
    cr_expect(epsilon_eq(dbl, p.ratio, 12.4 / 9.4, 1e-12));
}

/* About the whole's difference of 4 the squares add up to 15, not 10. */
Test(paired, the_interval_of_a_percentile_is_about_that_of_the_whole)
{
    double a[] = {11, 13, 9, 14, 15}, b[] = {10, 11, 6, 10, 10};
    const struct rp_point x = point_of(RP_METRIC_P99, 14, a, 5);
    const struct rp_point y = point_of(RP_METRIC_P99, 10, b, 5);
    const struct rp_paired p = rp_paired_compare(&x, &y, RP_METRIC_P99);
    const double half = 2.776445105 * sqrt(15.0 / 4.0 / 5.0);

    cr_expect(epsilon_eq(dbl, p.difference, 4.0, 1e-12));
    cr_expect(epsilon_eq(dbl, p.high - p.difference, half, 1e-6));
}

Test(paired, replications_that_one_alone_has_do_not_count)
{
    double a[] = {11, 13, 99}, b[] = {10, 11};
    const struct rp_point x = point_of(RP_METRIC_RPS, 12, a, 3);
    const struct rp_point y = point_of(RP_METRIC_RPS, 10.5, b, 2);
    const struct rp_paired p = rp_paired_compare(&x, &y, RP_METRIC_RPS);

    /* differences 1 and 2: standard error 0.5, t of 1 degree 12.7062 */
    cr_expect(epsilon_eq(dbl, p.high - p.difference, 12.7062047 * 0.5, 1e-5));
}

Test(paired, without_replications_there_is_no_interval)
{
    const struct rp_point x = point_of(RP_METRIC_RPS, 12, NULL, 0);
    const struct rp_point y = point_of(RP_METRIC_RPS, 10, NULL, 0);
    const struct rp_paired p = rp_paired_compare(&x, &y, RP_METRIC_RPS);

    cr_expect(eq(dbl, p.difference, 2.0));
    cr_expect(eq(dbl, p.ratio, 1.2));
    cr_expect(isnan(p.low) && isnan(p.high));
}

/* ---- M/M/1, whose mean response is known ---- */

static struct rp_point mm1(double load, unsigned seed,
                           const struct rp_profile *profile)
{
    const struct rp_point_how how = {.reader = RP_READER_SIM, .jobs = 0};
    struct rp_scenario scenario = {0};
    struct rp_point point = {0};
    struct rp_error error = {0};
    char text[512];

    (void)snprintf(text, sizeof text,
                   "view: {cpu: {mean: 1ms, shape: exponential}}\n"
                   "load: {kind: open, rate: %g/s}\n"
                   "run: {requests: 5000, replications: 5, warm_up: 500}\n"
                   "seed: %u\n",
                   1e3 * load, seed);
    cr_assert(eq(
        int,
        rp_scenario_read_text(text, strlen(text), "s.yaml", &scenario, &error),
        RP_OK));
    cr_assert(eq(int,
                 rp_point_evaluate(&scenario, profile, &how, &point, &error),
                 RP_OK),
              "%s", error.text);
    rp_scenario_free(&scenario);
    return point;
}

/* 1 / (1 - 0.6) - 1 / (1 - 0.5) ms is half a millisecond. Of 60 intervals of
 * 95 %, fewer than 52 cover in one of 300 such tests; the seeds are fixed. */
Test(paired, intervals_of_the_difference_hold_what_is_exact)
{
    enum { SEEDS = 60, LEAST = 52 };
    struct rp_profile profile = flat_profile((struct flat_costs){.base = 0.0});
    double paired = 0.0, apart = 0.0;
    unsigned covered = 0;

    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        struct rp_point x = mm1(0.6, seed, &profile);
        struct rp_point y = mm1(0.5, seed, &profile);
        const struct rp_paired p = rp_paired_compare(&x, &y, RP_METRIC_MEAN);

        covered += p.low <= 0.5 && 0.5 <= p.high;
        paired += p.high - p.low;
        apart += hypot(
            x.metrics[RP_METRIC_MEAN].high - x.metrics[RP_METRIC_MEAN].low,
            y.metrics[RP_METRIC_MEAN].high - y.metrics[RP_METRIC_MEAN].low);
        rp_point_free(&x);
        rp_point_free(&y);
    }
    cr_expect(ge(uint, covered, LEAST));
    cr_expect(lt(uint, covered, SEEDS), "intervals that never miss are wide");
    cr_expect(lt(dbl, paired, 0.7 * apart), "pairs are worth it: %g of %g",
              paired, apart);
    rp_profile_free(&profile);
}
