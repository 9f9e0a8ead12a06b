/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spread.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stddef.h>

static const struct rp_spread skewed = {
    .multiple = {0.8, 0.9, 0.9, 0.9, 1.0, 1.0, 1.1, 1.2, 1.4, 1.6},
    .tail = 0.5,
};

/* A uniform distribution on [0, 2], its last hundredth apart. */
static const struct rp_spread uniform = {
    .multiple = {0.0, 0.1, 0.2, 0.5, 1.0, 1.5, 1.8, 1.9, 1.96, 1.98},
    .tail = 0.01,
};

/* The integral of f(quantile) over the levels, by the midpoint rule: finer in
 * the tail, where an exponential runs away. */
static double integral(const struct rp_spread *spread, double power)
{
    enum { PARTS = 200000 };
    double body = 0.0, tail = 0.0;

    for (int i = 0; i < PARTS; i++) {
        const double part = (i + 0.5) / PARTS;
        const double t = 25.0 * part; /* 1 - u = .01 e^-t */

        body += pow(rp_spread_at(spread, 0.99 * part), power);
        tail +=
            exp(-t) * pow(rp_spread_at(spread, 1.0 - 0.01 * exp(-t)), power);
    }
    return 0.99 * body / PARTS + 0.01 * 25.0 * tail / PARTS;
}

Test(spread, quantiles_are_linear_between_the_levels_and_exponential_beyond)
{
    static const struct {
        double u, multiple;
    } cases[] = {
        {0.0, 0.8},
        {0.025, 0.85},
        {0.05, 0.9},
        {0.3, 0.92},
        {0.5, 1.0},
        {0.6, 1.0},
        {0.95, 1.2},
        {0.965, 1.3},
        {0.985, 1.5},
        {0.99, 1.6},
        /* 1.6 + .5 log(.01 / .001) */
        {0.999, 2.7512925464970229},
        /* 1.6 + .5 log(.01 / .0001) */
        {0.9999, 3.9025850929940455},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(epsilon_eq(dbl, rp_spread_at(&skewed, cases[i].u),
                             cases[i].multiple, 1e-9),
                  "%g", cases[i].u);
}

Test(spread, mean_and_cv_are_those_of_the_integrals)
{
    const struct rp_spread *const spreads[] = {&skewed, &uniform};

    for (size_t i = 0; i < 2; i++) {
        const double mean = integral(spreads[i], 1.0);
        const double square = integral(spreads[i], 2.0);

        cr_expect(epsilon_eq(dbl, rp_spread_mean(spreads[i]), mean, 1e-6));
        cr_expect(epsilon_eq(dbl, rp_spread_cv(spreads[i]),
                             sqrt(square - mean * mean) / mean, 1e-5));
    }
}

Test(spread, mean_and_cv_are_those_done_by_hand)
{
    const struct rp_spread constant = rp_spread_constant();
    /* nothing but its last hundredth: an exponential of mean 100, whose
     * square is .01 * 2 * 100^2 */
    const struct rp_spread rare = {.tail = 100.0};

    cr_expect(epsilon_eq(dbl, rp_spread_mean(&skewed), 1.0, 1e-12));
    cr_expect(epsilon_eq(dbl, rp_spread_mean(&uniform), 1.0, 1e-12));
    cr_expect(epsilon_eq(dbl, rp_spread_cv(&uniform), 1.0 / sqrt(3.0), 1e-4));
    cr_expect(epsilon_eq(dbl, rp_spread_mean(&constant), 1.0, 1e-12));
    cr_expect(epsilon_eq(dbl, rp_spread_cv(&constant), 0.0, 1e-7));
    cr_expect(epsilon_eq(dbl, rp_spread_mean(&rare), 1.0, 1e-12));
    cr_expect(epsilon_eq(dbl, rp_spread_cv(&rare), sqrt(199.0), 1e-9));
}

Test(spread, normalising_keeps_the_shape)
{
    struct rp_spread s = skewed;

    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        s.multiple[i] *= 7.0;
    s.tail *= 7.0;
    cr_expect(epsilon_eq(dbl, rp_spread_mean(&s), 7.0, 1e-12));
    rp_spread_normalise(&s);
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        cr_expect(epsilon_eq(dbl, s.multiple[i], skewed.multiple[i], 1e-12));
    cr_expect(epsilon_eq(dbl, s.tail, 0.5, 1e-12));
}

Test(spread, what_falls_or_is_not_finite_is_no_spread)
{
    struct rp_spread s = skewed;

    cr_expect(rp_spread_valid(&s));
    s.multiple[4] = 0.89;
    cr_expect(not(rp_spread_valid(&s)), "it falls");
    s = skewed;
    s.multiple[0] = -0.1;
    cr_expect(not(rp_spread_valid(&s)));
    s = skewed;
    s.multiple[9] = (double)INFINITY;
    cr_expect(not(rp_spread_valid(&s)));
    s = skewed;
    s.multiple[5] = (double)NAN;
    cr_expect(not(rp_spread_valid(&s)));
    s = skewed;
    s.tail = -0.1;
    cr_expect(not(rp_spread_valid(&s)));
    s.tail = (double)NAN;
    cr_expect(not(rp_spread_valid(&s)));
}

Test(spread, an_all_zero_spread_has_no_variation)
{
    const struct rp_spread none = {.tail = 0.0};

    cr_expect(eq(dbl, rp_spread_mean(&none), 0.0));
    cr_expect(eq(dbl, rp_spread_cv(&none), 0.0));
}
