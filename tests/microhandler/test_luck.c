/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/luck.h"
#include "model/duration.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

enum { DRAWS = 40000 };

Test(luck, it_depends_on_seed_and_request_alone)
{
    struct rp_luck one = {.seed = 7, .request = 3}, same = one;
    struct rp_luck other_request = {.seed = 7, .request = 4};
    struct rp_luck other_seed = {.seed = 8, .request = 3};
    const double first = rp_luck_uniform(&one);

    cr_expect(eq(dbl, rp_luck_uniform(&same), first));
    cr_expect(ne(dbl, rp_luck_uniform(&other_request), first));
    cr_expect(ne(dbl, rp_luck_uniform(&other_seed), first));
    cr_expect(ne(dbl, rp_luck_uniform(&one), first), "the next is another");
}

/* The mean of n uniform numbers is 1/2 +- 1/sqrt(12 n), their mean square
 * 1/3 +- sqrt(4/45 n); five standard errors. */
Test(luck, numbers_of_neighbouring_requests_are_uniform)
{
    double sum = 0.0, square = 0.0;

    for (uint64_t i = 0; i < DRAWS; i++) {
        struct rp_luck luck = {.seed = 1, .request = i};
        const double u = rp_luck_uniform(&luck);

        cr_assert(gt(dbl, u, 0.0));
        cr_assert(lt(dbl, u, 1.0));
        sum += u;
        square += u * u;
    }
    cr_expect(lt(dbl, fabs(sum / DRAWS - 0.5), 5.0 / sqrt(12.0 * DRAWS)));
    cr_expect(lt(dbl, fabs(square / DRAWS - 1.0 / 3.0),
                 5.0 * sqrt(4.0 / 45.0 / DRAWS)));
}

static const struct rp_quantile measured[] = {
    {0.0, 1e6}, {0.5, 2e6}, {0.9, 5e6}, {1.0, 20e6}};

/* The mean within five standard errors, which the cv gives exactly; the cv by
 * the sample's own, within 10 %: heavy tails are kept light here. */
Test(luck, every_shape_has_the_mean_and_the_cv_that_it_was_asked_for)
{
    const struct rp_duration durations[] = {
        {.shape = RP_SHAPE_CONSTANT, .mean_ns = 3e6},
        {.shape = RP_SHAPE_EXPONENTIAL, .mean_ns = 3e6, .cv = 1.0},
        {.shape = RP_SHAPE_GAMMA, .mean_ns = 3e6, .cv = 0.5},
        {.shape = RP_SHAPE_GAMMA, .mean_ns = 3e6, .cv = 1.5},
        {.shape = RP_SHAPE_LOGNORMAL, .mean_ns = 3e6, .cv = 0.7},
        {.shape = RP_SHAPE_HYPEREXPONENTIAL, .mean_ns = 3e6, .cv = 1.8},
        {.shape = RP_SHAPE_WEIBULL, .mean_ns = 3e6, .cv = 0.6},
        {.shape = RP_SHAPE_WEIBULL, .mean_ns = 3e6, .cv = 1.4},
        rp_duration_erlang(3e6, 4),
        rp_duration_pareto(2.5, 1e6, 50e6),
        rp_duration_empirical(measured, 4)};

    for (size_t k = 0; k < sizeof durations / sizeof *durations; k++) {
        const struct rp_duration *const d = &durations[k];
        const struct rp_dice dice = rp_dice_make(d);
        double sum = 0.0, square = 0.0, mean;

        for (uint64_t i = 0; i < DRAWS; i++) {
            struct rp_luck luck = {.seed = 11, .request = i};
            const double x = rp_dice_roll_ns(&dice, &luck) / d->mean_ns;

            cr_assert(ge(dbl, x, 0.0));
            sum += x;
            square += x * x;
        }
        mean = sum / DRAWS;
        cr_expect(le(dbl, fabs(mean - 1.0), 5.0 * d->cv / sqrt(DRAWS)),
                  "shape %zu: mean %g", k, mean);
        cr_expect(le(dbl, fabs(sqrt(square / DRAWS - mean * mean) - d->cv),
                     0.1 * d->cv + 1e-6),
                  "shape %zu", k);
    }
}

/* Distribution functions at a quarter, half and nine tenths, by hand: the
 * share of draws below is p +- sqrt(p (1 - p) / n). */
Test(luck, quantiles_are_those_of_the_closed_forms)
{
    const struct {
        struct rp_duration duration;
        double p, value_ns;
    } cases[] = {
        {{.shape = RP_SHAPE_EXPONENTIAL, .mean_ns = 1e6, .cv = 1.0},
         0.5,
         693147.2}, /* ln 2 */
        {{.shape = RP_SHAPE_EXPONENTIAL, .mean_ns = 1e6, .cv = 1.0},
         0.9,
         2302585.1}, /* ln 10 */
        {{.shape = RP_SHAPE_WEIBULL, .mean_ns = 1e6, .cv = 1.0},
         0.5,
         693147.2}, /* shape 1: the exponential */
        {{.shape = RP_SHAPE_LOGNORMAL, .mean_ns = 1e6, .cv = 1.0},
         0.5,
         707106.8}, /* mean / sqrt(1 + cv^2) */
        {rp_duration_pareto(1.0, 1e6, 4e6), 0.5, 1.6e6}, /* 1/(1 - u 3/4) */
        {rp_duration_empirical(measured, 4), 0.25, 1.5e6},
        {rp_duration_empirical(measured, 4), 0.9, 5e6},
    };

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const struct rp_dice dice = rp_dice_make(&cases[k].duration);
        const double p = cases[k].p;
        unsigned below = 0;

        for (uint64_t i = 0; i < DRAWS; i++) {
            struct rp_luck luck = {.seed = 5, .request = i};
            below += rp_dice_roll_ns(&dice, &luck) <= cases[k].value_ns;
        }
        cr_expect(lt(dbl, fabs(below / (double)DRAWS - p),
                     5.0 * sqrt(p * (1.0 - p) / DRAWS)),
                  "case %zu: %u", k, below);
    }
}
