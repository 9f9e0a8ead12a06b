/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/bounds.h"

#include "closednet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* E. D. Lazowska et al., Quantitative System Performance, 1984, section 5.2's
 * kind of system: demands 5, 4 and 3 s, think time 15 s. By hand: N* = (12 +
 * 15)/5 = 5.4; at 20 users X <= 1/5 and >= 20/(20 x 12 + 15). */
Test(bounds, asymptotes_are_those_of_the_book)
{
    static const struct rp_bound_place places[] = {
        {5.0, 1.0}, {4.0, 1.0}, {3.0, 1.0}};
    struct rp_bounds b = rp_bounds_asymptotic(places, 3, 12.0, 15.0, 20.0);
    size_t at = 9;

    cr_expect(epsilon_eq(dbl, b.rate_high, 0.2, 1e-12));
    cr_expect(epsilon_eq(dbl, b.rate_low, 20.0 / 255.0, 1e-12));
    cr_expect(epsilon_eq(dbl, b.response_low_ns, 85.0, 1e-9));
    cr_expect(epsilon_eq(dbl, b.response_high_ns, 240.0, 1e-9));
    b = rp_bounds_asymptotic(places, 3, 12.0, 15.0, 5.0);
    cr_expect(epsilon_eq(dbl, b.rate_high, 5.0 / 27.0, 1e-12), "below N*");
    cr_expect(epsilon_eq(dbl, rp_bounds_capacity(places, 3, &at), 0.2, 1e-12));
    cr_expect(eq(sz, at, 0));
}

Test(bounds, balanced_jobs_are_those_of_the_book)
{
    static const struct rp_bound_place places[] = {
        {5.0, 1.0}, {4.0, 1.0}, {3.0, 1.0}};
    const struct rp_bounds b = rp_bounds_balanced(places, 3, 0.0, 15.0, 20.0);

    /* N/(D + Z + (N-1) Dmax/(1 + Z/(N D))), D = 12, Dmax = 5, Z = 15 */
    cr_expect(epsilon_eq(dbl, b.rate_low,
                         20.0 / (27.0 + 95.0 / (1.0 + 15.0 / 240.0)), 1e-12));
    /* Dave = 4: N/(D + Z + 76/(1 + 15/12)) = .329 > 1/5 */
    cr_expect(epsilon_eq(dbl, b.rate_high, 0.2, 1e-12));
    cr_expect(
        epsilon_eq(dbl, rp_bounds_balanced(places, 3, 0.0, 15.0, 3.0).rate_high,
                   3.0 / (27.0 + 8.0 / 2.25), 1e-12));
}

Test(bounds, balanced_stations_are_met_from_both_sides)
{
    static const struct rp_bound_place places[] = {{2.0, 1.0}, {2.0, 1.0}};
    const struct rp_bounds b = rp_bounds_balanced(places, 2, 0.0, 0.0, 7.0);

    /* exact: N/(D (N + K - 1)/K) */
    cr_expect(epsilon_eq(dbl, b.rate_low, 7.0 / 16.0, 1e-12));
    cr_expect(epsilon_eq(dbl, b.rate_high, 7.0 / 16.0, 1e-12));
}

Test(bounds, exact_solutions_of_random_networks_are_within_them)
{
    unsigned tight = 0;

    for (uint64_t i = 0; i < 3000; i++) {
        const struct closednet net = closednet_random(i, 60);
        struct rp_bound_place places[CLOSEDNET_STATIONS_MAX];
        struct rp_mva mva = {0};
        struct rp_bounds wide, narrow;
        double alone_ns = 0.0;

        for (size_t k = 0; k < net.count; k++) {
            places[k] = (struct rp_bound_place){
                net.stations[k].demand_ns, (double)net.stations[k].servers};
            alone_ns += net.stations[k].demand_ns;
        }
        wide = rp_bounds_asymptotic(places, net.count, alone_ns, net.think_ns,
                                    net.clients);
        narrow = rp_bounds_balanced(places, net.count, 0.0, net.think_ns,
                                    net.clients);
        cr_assert(eq(int,
                     rp_mva_solve(net.stations, net.count, net.think_ns,
                                  net.clients, &mva, NULL),
                     RP_OK));
        const double rate = mva.rate_per_ns, slack = 1e-9 * rate;

        cr_expect(ge(dbl, rate, wide.rate_low - slack), "network %d", (int)i);
        cr_expect(le(dbl, rate, wide.rate_high + slack), "network %d", (int)i);
        cr_expect(ge(dbl, rate, narrow.rate_low - slack), "network %d", (int)i);
        cr_expect(le(dbl, rate, narrow.rate_high + slack), "network %d",
                  (int)i);
        tight += narrow.rate_high - narrow.rate_low <
                 0.5 * (wide.rate_high - wide.rate_low);
        rp_mva_free(&mva);
    }
    cr_expect(gt(u32, tight, 500), "balanced jobs say more: in %u", tight);
}

Test(bounds, without_places_only_delays_are_left)
{
    const struct rp_bounds b = rp_bounds_balanced(NULL, 0, 3.0, 1.0, 8.0);

    cr_expect(epsilon_eq(dbl, b.rate_low, 2.0, 1e-12));
    cr_expect(epsilon_eq(dbl, b.rate_high, 2.0, 1e-12));
    cr_expect(eq(dbl, rp_bounds_capacity(NULL, 0, NULL), (double)INFINITY));
}
