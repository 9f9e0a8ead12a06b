/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/optimal.h"

#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

enum { GRID = 21, P_MAX = 4 };

TestSuite(optimal, .init = rp_init);

/* Next to nothing is known before. */
static void know_little(size_t p, double *before)
{
    for (size_t i = 0; i < p * p; i++)
        before[i] = i % (p + 1) == 0 ? 1e-9 : 0.0;
}

/* 1, x, x^2, ... on a grid from -1 to 1. */
static void polynomial(size_t p, double *rows)
{
    for (size_t k = 0; k < GRID; k++)
        for (size_t i = 0; i < p; i++)
            rows[k * p + i] = pow(-1.0 + 0.1 * (double)k, (double)i);
}

static void choose(const struct rp_optimal *o, size_t runs, unsigned *times)
{
    struct rp_error error = {0};

    cr_assert(eq(int, rp_optimal_choose(o, runs, times, &error), RP_OK), "%s",
              error.text);
}

/* The ends, half of the runs at each (Atkinson, Donev and Tobias, section
 * 11.1). */
Test(optimal, a_line_is_measured_at_its_ends)
{
    double rows[GRID * 2], before[4];
    unsigned times[GRID];
    const struct rp_optimal o = {.p = 2,
                                 .candidates = GRID,
                                 .rows = rows,
                                 .before = before,
                                 .repeats = 100};

    polynomial(2, rows);
    know_little(2, before);
    choose(&o, 10, times);
    for (size_t k = 0; k < GRID; k++)
        cr_expect(eq(uint, times[k], k == 0 || k == GRID - 1 ? 5 : 0));
}

/* A third each at -1, 0 and 1; and by the equivalence theorem (Kiefer and
 * Wolfowitz, 1960) the largest variance of a prediction, times the number of
 * runs, is then p, and reached at those points. */
Test(optimal, a_parabola_is_measured_at_three_points)
{
    double rows[GRID * 3], before[9], v[9];
    unsigned times[GRID];
    const struct rp_optimal o = {.p = 3,
                                 .candidates = GRID,
                                 .rows = rows,
                                 .before = before,
                                 .repeats = 100};
    struct rp_error error = {0};

    polynomial(3, rows);
    know_little(3, before);
    choose(&o, 9, times);
    cr_assert(eq(int, rp_optimal_covariance(&o, times, v, &error), RP_OK));
    for (size_t k = 0; k < GRID; k++) {
        const double sd = rp_optimal_sd(v, 3, rows + 3 * k);
        const bool support = k == 0 || k == 10 || k == 20;

        cr_expect(eq(uint, times[k], support ? 3 : 0));
        if (support)
            cr_expect(epsilon_eq(dbl, 9.0 * sd * sd, 3.0, 1e-6));
        else
            cr_expect(lt(dbl, 9.0 * sd * sd, 3.0));
    }
}

/* Three factors at two levels, main effects alone: any D-optimal four runs are
 * a half fraction, with X'X = 4 I; eight runs are all. */
Test(optimal, factors_at_two_levels_are_a_half_fraction)
{
    double rows[8 * 4], before[16], v[16];
    unsigned times[8];
    const struct rp_optimal o = {
        .p = 4, .candidates = 8, .rows = rows, .before = before, .repeats = 1};
    struct rp_error error = {0};

    for (size_t k = 0; k < 8; k++) {
        rows[4 * k] = 1.0;
        for (size_t i = 0; i < 3; i++)
            rows[4 * k + 1 + i] = (k >> i) & 1 ? 1.0 : -1.0;
    }
    know_little(4, before);
    choose(&o, 4, times);
    cr_assert(eq(int, rp_optimal_covariance(&o, times, v, &error), RP_OK));
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
            cr_expect(epsilon_eq(dbl, v[4 * i + j], i == j ? 0.25 : 0.0, 1e-6));
    choose(&o, 8, times);
    for (size_t k = 0; k < 8; k++)
        cr_expect(eq(uint, times[k], 1));
    cr_expect(eq(int, rp_optimal_choose(&o, 9, times, &error), RP_ERR_VALUE));
}

/* Extrapolation of a line from -1 .. 1 to 2: weights as the Lagrange
 * coefficients |-1/2| and 3/2, so a quarter and three quarters (Hoel and
 * Levine, "Optimal spacing and weighting in polynomial prediction", 1964); and
 * the standard deviation is their sum over the root of the runs, 2 / sqrt(20).
 */
Test(optimal, a_forecast_is_measured_where_it_hangs_on)
{
    static const double c[] = {1.0, 2.0};
    double rows[GRID * 2], before[4], v[4];
    unsigned times[GRID];
    const struct rp_optimal o = {.p = 2,
                                 .candidates = GRID,
                                 .rows = rows,
                                 .before = before,
                                 .combination = c,
                                 .repeats = 100};
    struct rp_error error = {0};

    polynomial(2, rows);
    know_little(2, before);
    choose(&o, 20, times);
    for (size_t k = 0; k < GRID; k++)
        cr_expect(eq(uint, times[k], k == 0 ? 5 : k == GRID - 1 ? 15 : 0));
    cr_assert(eq(int, rp_optimal_covariance(&o, times, v, &error), RP_OK));
    cr_expect(epsilon_eq(dbl, rp_optimal_sd(v, 2, c), 2.0 / sqrt(20.0), 1e-6));
}

/* With a level of its own that nobody asks for, a slope through the origin is
 * measured at both ends; without, at one of them as well as the other. */
Test(optimal, what_nobody_asks_for_is_not_measured_for_its_own_sake)
{
    double rows[GRID * 2], before[4] = {1e-9, 0.0, 0.0, 1e-9};
    unsigned times[GRID];
    struct rp_optimal o = {.p = 2,
                           .candidates = GRID,
                           .rows = rows,
                           .before = before,
                           .nuisance = true,
                           .repeats = 100};

    for (size_t k = 0; k < GRID; k++) {
        rows[2 * k] = 0.1 * (double)k; /* 0 .. 2 */
        rows[2 * k + 1] = 1.0;
    }
    choose(&o, 10, times);
    cr_expect(eq(uint, times[0], 5));
    cr_expect(eq(uint, times[GRID - 1], 5));
}
