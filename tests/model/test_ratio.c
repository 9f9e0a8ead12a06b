/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ratio.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

/* Two costs: a base of 100 us +- 10 and crossings of 50 us +- 5. */
static double covariance[4] = {1e8, 0.0, 0.0, 25e6};
static struct rp_cost costs[2] = {{.mean_ns = 100e3, .se_ns = 10e3},
                                  {.mean_ns = 50e3, .se_ns = 5e3}};

static struct rp_profile two_costs(void)
{
    struct rp_profile p = {
        .cost_count = 2, .costs = costs, .covariance_ns2 = covariance};

    p.accuracy[RP_SITUATION_ALONE][RP_METRIC_MEAN].misfit_sd = 0.03;
    return p;
}

/* A path with a base and so many crossings. */
static struct rp_prices prices_of(double base, double crossings)
{
    struct rp_prices p = {.total_ns = base * 100e3 + crossings * 50e3};

    for (unsigned i = 0; i < RP_ITEM_COUNT; i++)
        p.items[i].cost = -1;
    p.items[RP_ITEM_BASE_GUNICORN] =
        (struct rp_item_price){.amount = base, .cost = 0};
    p.items[RP_ITEM_S2A_CALLER] =
        (struct rp_item_price){.amount = crossings, .cost = 1};
    return p;
}

Test(ratio, what_two_paths_share_entirely_has_no_error)
{
    const struct rp_profile p = two_costs();
    const struct rp_prices base = prices_of(1.0, 0.0);
    const struct rp_prices thrice = prices_of(3.0, 0.0);
    const struct rp_ratio r = rp_ratio_find(&base, &thrice, &p);

    cr_expect(epsilon_eq(dbl, r.value, 3.0, 1e-12));
    cr_expect(epsilon_eq(dbl, r.log_se, 0.0, 1e-12));
    cr_expect(epsilon_eq(dbl, r.low, 3.0, 1e-9));
    cr_expect(epsilon_eq(dbl, r.log_misfit, 0.03 * sqrt(2.0), 1e-12));
    cr_expect(epsilon_eq(dbl, r.wide_high,
                         3.0 * exp(1.959963984540054 * 0.03 * sqrt(2.0)),
                         1e-9));
}

/* R = 1 + 4 c / b = 3. By hand: d ln R / db = 1/300 - 1/100 = -2/300 per us,
 * d ln R / dc = 4/300; var = (2/300 * 10)^2 + (4/300 * 5)^2 = 2 / 225. */
Test(ratio, errors_are_those_of_the_delta_method)
{
    const struct rp_profile p = two_costs();
    const struct rp_prices base = prices_of(1.0, 0.0);
    const struct rp_prices other = prices_of(1.0, 4.0);
    struct rp_ratio r = rp_ratio_find(&base, &other, &p);

    cr_expect(epsilon_eq(dbl, r.value, 3.0, 1e-12));
    cr_expect(epsilon_eq(dbl, r.log_se, sqrt(2.0 / 225.0), 1e-12));
    /* the other way round it is as sure */
    r = rp_ratio_find(&other, &base, &p);
    cr_expect(epsilon_eq(dbl, r.value, 1.0 / 3.0, 1e-12));
    cr_expect(epsilon_eq(dbl, r.log_se, sqrt(2.0 / 225.0), 1e-12));
}

/* Errors that rise together cancel: a machine that is 10 % slower in all. */
Test(ratio, a_common_error_cancels)
{
    struct rp_profile p = two_costs();
    double common[4] = {1e8, 50e6, 50e6, 25e6};
    const struct rp_prices base = prices_of(1.0, 0.0);
    const struct rp_prices other = prices_of(1.0, 4.0);
    struct rp_ratio r;

    p.covariance_ns2 = common;
    r = rp_ratio_find(&base, &other, &p);
    cr_expect(epsilon_eq(dbl, r.log_se, 0.0, 1e-9));
}
