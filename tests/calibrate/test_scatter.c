/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/scatter.h"

#include "synthetic.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { MANY = 20000 };

static struct rp_scattered all[MANY];

/* Misses of configurations with six runs, a fifth of whose squares the fit has
 * taken away; variances are alike, or inverse chi-squared with `freedom`
 * degrees, whose sum of squares is simulated. */
static void fill(double sd, unsigned freedom, uint64_t *state)
{
    for (size_t i = 0; i < MANY; i++) {
        double by = sd * sqrt(0.8), squares = 0.0;

        for (unsigned k = 0; k < freedom; k++) {
            const double z = synthetic_normal(state);

            squares += z * z;
        }
        if (freedom > 0)
            by *= sqrt(freedom / squares);
        all[i] = (struct rp_scattered){
            .runs = 6, .leverage = 0.2, .miss = by * synthetic_normal(state)};
    }
}

/* 5 % misfit, and 6 % noise of six runs, a twentieth of whose information the
 * robust fit gives away: 0.00313 as a variance, of which the sum of 20000
 * squares has a standard error of 1 %. */
static const double misfit = 0.05, noise = 0.06;
static double sd_of_mean(void)
{
    return sqrt(misfit * misfit + noise * noise / 6.0 / 0.95);
}

Test(scatter, misfit_is_what_the_noise_of_runs_leaves)
{
    struct rp_scatter s = {.noise = noise};
    uint64_t state = 1;

    fill(sd_of_mean(), 0, &state);
    rp_scatter_find(all, MANY, &s);
    cr_expect(epsilon_eq(dbl, s.misfit, misfit, 0.02 * misfit));
    cr_expect(epsilon_eq(dbl, s.scale, 1.0, 1e-12));
    cr_expect(gt(dbl, s.freedom, 50.0), "all are alike");
    cr_expect(epsilon_eq(dbl, rp_scatter_expected(&s, 24.0),
                         0.0025 + 0.0036 / 24.0 / 0.95, 0.03 * 0.00313));
    for (size_t i = 0; i < MANY; i++)
        cr_assert(epsilon_eq(dbl, sqrt(all[i].variance), sd_of_mean(),
                             0.2 * sd_of_mean()));
}

Test(scatter, runs_that_scatter_more_than_configurations_leave_no_misfit)
{
    struct rp_scatter s = {.noise = 0.2};
    uint64_t state = 2;

    fill(0.2 / sqrt(6.0 * 0.95) / 2.0, 0, &state);
    rp_scatter_find(all, MANY, &s);
    cr_expect(eq(dbl, s.misfit, 0.0));
    cr_expect(epsilon_eq(dbl, s.scale, 0.25, 0.01));
}

/* Smyth's estimate of the prior's degrees of freedom, from 4. */
Test(scatter, how_alike_variances_are_comes_back)
{
    struct rp_scatter s = {.noise = noise};
    uint64_t state = 3;
    double squares = 0.0, variances = 0.0;

    fill(sd_of_mean(), 4, &state);
    rp_scatter_find(all, MANY, &s);
    cr_expect(epsilon_eq(dbl, s.freedom, 4.0, 0.4));
    for (size_t i = 0; i < MANY; i++) {
        squares += all[i].miss * all[i].miss;
        variances += 0.8 * all[i].variance;
    }
    cr_expect(epsilon_eq(dbl, variances, squares, 1e-6 * squares),
              "what configurations missed together stays");
}

/* By hand: misses of 1, 2, 3 and 4 % with nothing taken away, and one that the
 * fit goes through: the common variance is (1 + 4 + 9 + 16) / 4 = 7.5, and the
 * fifth has it, not 0. */
Test(scatter, what_the_fit_goes_through_has_the_common_variance)
{
    struct rp_scattered five[5] = {{.runs = 1, .miss = 0.01},
                                   {.runs = 1, .miss = -0.02},
                                   {.runs = 1, .miss = 0.03},
                                   {.runs = 1, .miss = 0.04},
                                   {.runs = 1, .leverage = 1.0}};
    struct rp_scatter s = {.noise = 0.0};

    rp_scatter_find(five, 5, &s);
    cr_expect(epsilon_eq(dbl, s.misfit * s.misfit, 7.5e-4, 1e-12));
    cr_expect(epsilon_eq(dbl, five[4].variance, 7.5e-4, 1e-12));
}

Test(scatter, no_scatter_at_all_is_no_variance)
{
    struct rp_scattered two[2] = {{.runs = 3}, {.runs = 3}};
    struct rp_scatter s = {.noise = 0.0};

    rp_scatter_find(two, 2, &s);
    cr_expect(eq(dbl, two[0].variance, 0.0));
    cr_expect(eq(dbl, s.misfit, 0.0));
}
