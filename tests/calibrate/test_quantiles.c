/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/quantiles.h"
#include "tests/calibrate/byhand.h"

#include <criterion/new/assert.h>

/* Uniform between two ends. */
static void uniform(double from, double to, double q[RP_LEVEL_COUNT])
{
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        q[i] = from + (to - from) * rp_levels[i];
}

static double distance(double a_from, double a_to, double b_from, double b_to)
{
    double a[RP_LEVEL_COUNT], b[RP_LEVEL_COUNT];

    uniform(a_from, a_to, a);
    uniform(b_from, b_to, b);
    return rp_quantiles_distance(a, b);
}

/* Closed forms of uniform distributions; nothing is known above 0.99. */
Test(quantiles, the_distance_is_that_of_kolmogorov_and_smirnov)
{
    cr_expect(epsilon_eq(dbl, distance(0, 1, 0, 1), 0.0, 1e-12));
    cr_expect(epsilon_eq(dbl, distance(0, 1, 0.1, 1.1), 0.1, 1e-12), "shift");
    cr_expect(epsilon_eq(dbl, distance(0, 1, 0, 2), 0.495, 1e-12),
              "at 0.99: 0.99 - 0.495");
    cr_expect(epsilon_eq(dbl, distance(0, 1, 2, 3), 0.99, 1e-12), "apart");
    cr_expect(epsilon_eq(dbl, distance(2, 3, 0, 1), 0.99, 1e-12), "symmetric");
    cr_expect(epsilon_eq(dbl, distance(1, 1, 0, 2), 0.5, 1e-12),
              "a jump, from below");
    cr_expect(epsilon_eq(dbl, distance(1, 1, 1, 1), 0.0, 1e-12));
    cr_expect(epsilon_eq(dbl, distance(1, 1, 2, 2), 0.99, 1e-12));
    cr_expect(isnan(distance(0, 1, (double)NAN, 1)));
}

Test(quantiles, runs_are_taken_at_the_usual_speed_and_their_median)
{
    /* as long as they took: 1, 2.2, 0.9, 4 ms in rounds of these speeds */
    static const double took_ns[] = {1e6, 2.2e6, 0.9e6, 4e6};
    static const double speed[] = {1.0, 1.1, 0.9, 1.0};
    double predicted[RP_LEVEL_COUNT], scratch[BYHAND_RUNS];
    struct byhand h;
    struct rp_quantiles q;

    byhand_make(&h, 1);
    for (size_t i = 0; i < BYHAND_RUNS; i++)
        for (size_t k = 0; k < RP_LEVEL_COUNT; k++)
            h.runs[i].level_ns[k] = took_ns[i];
    uniform(1.0, 2.0, predicted);
    q = rp_quantiles_find(&h.measured, speed, 0, predicted, scratch);
    cr_expect(eq(sz, q.runs, 4));
    cr_expect(epsilon_eq(dbl, q.measured_ms[3], 1.5, 1e-12),
              "between 1 and 2 of 1, 2, 1, 4");
    cr_expect(epsilon_eq(dbl, q.predicted_ms[4], 1.5, 1e-12));
    cr_expect(epsilon_eq(dbl, q.distance, 0.5, 1e-12));
    cr_expect(epsilon_eq(dbl, q.noise, 0.99, 1e-12),
              "odd rounds are 1, even ones 3");
    rp_dataset_free(&h.dataset);
}

Test(quantiles, runs_without_percentiles_have_none)
{
    static const double speed[] = {1.0, 1.0, 1.0, 1.0};
    double predicted[RP_LEVEL_COUNT], scratch[BYHAND_RUNS];
    struct byhand h;
    struct rp_quantiles q;

    byhand_make(&h, 1);
    for (size_t i = 0; i < BYHAND_RUNS; i++)
        for (size_t k = 0; k < RP_LEVEL_COUNT; k++)
            h.runs[i].level_ns[k] = (double)NAN;
    uniform(1.0, 2.0, predicted);
    q = rp_quantiles_find(&h.measured, speed, 0, predicted, scratch);
    cr_expect(eq(sz, q.runs, 0));
    cr_expect(isnan(q.distance) && isnan(q.noise));
    rp_dataset_free(&h.dataset);
}
