/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/misfit.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* Four residuals of 0.1, medians of four runs with 2 % noise each: a median has
 * pi / 2 of a mean's variance. One cost: 4 / 3 to the square. */
Test(misfit, what_noise_leaves_of_the_residuals_is_misfit)
{
    double sizes[4];
    struct rp_misses m = {.sizes = sizes};

    rp_misses_add(&m, 0.1, 0.02, 4);
    rp_misses_add(&m, -0.1, 0.02, 4);
    rp_misses_add(&m, 0.1, 0.02, 4);
    rp_misses_add(&m, -0.1, 0.02, 4);
    cr_expect(epsilon_eq(dbl, rp_misfit(&m, 0),
                         sqrt(0.01 - 0.0004 * 1.5707963268 / 4), 1e-10));
    cr_expect(epsilon_eq(dbl, rp_misfit(&m, 1),
                         sqrt(0.01 * 16.0 / 9.0 - 0.0004 * 1.5707963268 / 4),
                         1e-10));
}

Test(misfit, the_median_of_one_or_two_runs_is_their_mean)
{
    double sizes[2];
    struct rp_misses m = {.sizes = sizes};

    rp_misses_add(&m, 0.3, 0.2, 1);
    rp_misses_add(&m, 0.3, 0.2, 2);
    /* 0.09 - (0.04 + 0.02) / 2 */
    cr_expect(epsilon_eq(dbl, rp_misfit(&m, 0), sqrt(0.06), 1e-12));
}

Test(misfit, residuals_that_noise_explains_are_none)
{
    double sizes[2];
    struct rp_misses m = {.sizes = sizes};

    rp_misses_add(&m, 0.01, 0.2, 1);
    rp_misses_add(&m, -0.02, 0.2, 1);
    cr_expect(eq(dbl, rp_misfit(&m, 0), 0.0));
}

Test(misfit, no_more_residuals_than_costs_say_nothing)
{
    double sizes[2];
    struct rp_misses m = {.sizes = sizes};

    rp_misses_add(&m, 0.5, 0.0, 1);
    rp_misses_add(&m, 0.5, 0.0, 1);
    cr_expect(eq(dbl, rp_misfit(&m, 2), 0.0));
    cr_expect(gt(dbl, rp_misfit(&m, 1), 0.0));
}

/* 18 of 0.01 and two of 1: the 95th percentile is 1, which 1.96 standard
 * deviations reach if one is 0.5102; all squares say (18e-4 + 2) / 20, or
 * 0.3165. One fewer, and the squares decide. */
Test(misfit, with_many_residuals_a_heavy_tail_counts)
{
    double sizes[20];
    struct rp_misses m = {.sizes = sizes};

    rp_misses_add(&m, 1.0, 0.0, 3);
    rp_misses_add(&m, -1.0, 0.0, 3);
    for (unsigned i = 0; i < 17; i++)
        rp_misses_add(&m, 0.01, 0.0, 3);
    cr_expect(epsilon_eq(dbl, rp_misfit(&m, 0), sqrt(2.0017 / 19.0), 1e-10));
    rp_misses_add(&m, 0.01, 0.0, 3);
    cr_expect(epsilon_eq(dbl, rp_misfit(&m, 0), 1.0 / 1.96, 1e-10));
}
