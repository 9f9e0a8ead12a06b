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
                                 .rows_each = 1,
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
                                 .rows_each = 1,
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
    const struct rp_optimal o = {.p = 4,
                                 .rows_each = 1,
                                 .candidates = 8,
                                 .rows = rows,
                                 .before = before,
                                 .repeats = 1};
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
                                 .rows_each = 1,
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
                           .rows_each = 1,
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

/* Candidates of two rows each: by hand, of all pairs of candidates the one with
 * the largest determinant, or the smallest variance. */
Test(optimal, rows_that_are_measured_together_are_chosen_together)
{
    enum { P = 3, CANDIDATES = 6 };
    static const double rows[CANDIDATES * 2 * P] = {
        1, 0, 0, 0.2, 1, 0, 0, 1, 1, 0, 0,  0, 2, 0, 1, 1, 0, 0,
        0, 0, 1, 0,   0, 2, 1, 1, 1, 1, -1, 0, 0, 3, 0, 0, 0, 0.5};
    static const double before[P * P] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    static const double c[P] = {0.3, 1, -0.5};

    for (int by_c = 0; by_c < 2; by_c++) {
        const struct rp_optimal o = {.p = P,
                                     .candidates = CANDIDATES,
                                     .rows_each = 2,
                                     .rows = rows,
                                     .before = before,
                                     .combination = by_c ? c : NULL,
                                     .repeats = 1};
        double best = HUGE_VAL;
        unsigned wanted[2] = {0, 0}, times[CANDIDATES];

        for (unsigned a = 0; a < CANDIDATES; a++)
            for (unsigned b = a + 1; b < CANDIDATES; b++) {
                double m[P][P] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
                double det, size = 0.0;

                for (unsigned r = 0; r < 4; r++) {
                    const double *const x =
                        rows + ((r < 2 ? a : b) * 2 + r % 2) * P;

                    for (int i = 0; i < P; i++)
                        for (int j = 0; j < P; j++)
                            m[i][j] += x[i] * x[j];
                }
                det = 0.0;
                for (int i = 0; i < P; i++)
                    det += m[0][i] * (m[1][(i + 1) % 3] * m[2][(i + 2) % 3] -
                                      m[1][(i + 2) % 3] * m[2][(i + 1) % 3]);
                for (int i = 0; i < P; i++) /* c' adj(m) c */
                    for (int j = 0; j < P; j++)
                        size += c[i] * c[j] *
                                (m[(i + 1) % 3][(j + 1) % 3] *
                                     m[(i + 2) % 3][(j + 2) % 3] -
                                 m[(i + 1) % 3][(j + 2) % 3] *
                                     m[(i + 2) % 3][(j + 1) % 3]);
                size = by_c ? size / det : 1.0 / det;
                if (size < best) {
                    best = size;
                    wanted[0] = a;
                    wanted[1] = b;
                }
            }
        choose(&o, 2, times);
        cr_expect(eq(uint, times[wanted[0]], 1));
        cr_expect(eq(uint, times[wanted[1]], 1));
    }
}
