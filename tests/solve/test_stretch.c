/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/stretch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static const struct rp_duration exponential = {RP_SHAPE_EXPONENTIAL, 4e6, 1.0};
static const struct rp_duration fixed = {RP_SHAPE_CONSTANT, 3e6, 0.0};

/* Multiples 0.5 up to the level .50, from there rising to 1.5 at .75: a spread
 * that can be integrated by hand. */
static struct rp_spread two_halves(void)
{
    struct rp_spread s = {.tail = 0.0};

    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        s.multiple[i] = rp_levels[i] <= 0.5 ? 0.5 : 1.5;
    return s;
}

Test(stretch, no_time_at_all_is_zero)
{
    const struct rp_stretch none = {0};

    cr_expect(eq(dbl, rp_stretch_mean_ns(&none), 0.0));
    cr_expect(eq(dbl, rp_stretch_square_ns2(&none), 0.0));
    cr_expect(not(rp_stretch_is_exponential(&none)));
}

Test(stretch, own_durations_add_up_in_mean_and_variance)
{
    struct rp_stretch s = {0};

    rp_stretch_add_own(&s, &exponential);
    rp_stretch_add_own(&s, &exponential);
    rp_stretch_add_own(&s, &fixed);
    cr_expect(epsilon_eq(dbl, rp_stretch_mean_ns(&s), 11e6, 1.0));
    /* two variances of 16e12 about a mean of 11e6 */
    cr_expect(epsilon_eq(dbl, rp_stretch_square_ns2(&s), 121e12 + 32e12, 1e6));
}

Test(stretch, costs_of_one_request_are_slow_together)
{
    const struct rp_spread spread = two_halves();
    struct rp_stretch s = {0};

    /* by hand: .5 x 2 x .5, .25 x (mean 1) x 2, .25 x 1.5 x 2 */
    rp_stretch_add_cost(&s, 1e6, &spread);
    rp_stretch_add_cost(&s, 1e6, &spread);
    cr_expect(epsilon_eq(dbl, rp_stretch_mean_ns(&s), 1.75e6, 1.0));
    /* twice the quantile, so four times the square of one: squares .25 x .5,
     * (.25 + .75 + 2.25)/3 x .25, 2.25 x .25 */
    cr_expect(epsilon_eq(dbl, rp_stretch_square_ns2(&s),
                         4e12 * (0.125 + 3.25 / 12.0 + 0.5625), 1e6));
    cr_expect(epsilon_eq(dbl, rp_stretch_at_ns(&s, 0.3), 1e6, 1e-3));
    cr_expect(epsilon_eq(dbl, rp_stretch_at_ns(&s, 0.8), 3e6, 1e-3));
}

Test(stretch, a_quantile_is_unknown_where_own_work_varies)
{
    struct rp_stretch s = {0};

    rp_stretch_add_own(&s, &fixed);
    cr_expect(eq(dbl, rp_stretch_at_ns(&s, 0.99), 3e6));
    rp_stretch_add_own(&s, &exponential);
    cr_expect(isnan(rp_stretch_at_ns(&s, 0.99)));
}

Test(stretch, only_one_exponential_and_nothing_else_is_exponential)
{
    const struct rp_spread spread = rp_spread_constant();
    struct rp_stretch s = {0}, all = {0};

    rp_stretch_add_own(&s, &exponential);
    cr_expect(rp_stretch_is_exponential(&s));
    rp_stretch_add(&all, &s);
    cr_expect(rp_stretch_is_exponential(&all));
    rp_stretch_add(&all, &s);
    cr_expect(not(rp_stretch_is_exponential(&all)));
    rp_stretch_add_cost(&s, 1.0, &spread);
    cr_expect(not(rp_stretch_is_exponential(&s)));
}
