/**
 * Bounds: what no queueing can better, and what none can make worse.
 *
 * Operational analysis asks for demands alone, not for distributions (E. D.
 * Lazowska, J. Zahorjan, G. S. Graham, K. C. Sevcik, Quantitative System
 * Performance, 1984, chapter 5). Asymptotic bounds: a place cannot be busier
 * than always, a request cannot be faster than alone, and never does anybody
 * wait for more than all others. They hold for places that are held while
 * others are waited for, too.
 *
 * Balanced job bounds are tighter and hold for product-form networks. Places of
 * several servers are bounded from both sides: one server that is so many times
 * as fast is never worse, and the same behind a delay that makes up for its
 * speed (A. Seidmann, P. Schweitzer, S. Shalev-Oren, Naval Research Logistics
 * 34, 1987) never better.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_BOUNDS_H
#define RP_SOLVE_BOUNDS_H

#include <stddef.h>

struct rp_bound_place {
    double demand_ns; /* held per request; > 0 counts */
    double servers;   /* all of them; not whole where a process's part */
};

/** Throughput per ns, and the mean response that goes with it. */
struct rp_bounds {
    double rate_low, rate_high;
    double response_low_ns, response_high_ns;
};

/** What the busiest place can serve per ns; INFINITY where there is none.
 *
 * @param at  index of that place; may be NULL
 */
double rp_bounds_capacity(const struct rp_bound_place *places, size_t count,
                          size_t *at);

/**
 * Asymptotic bounds of a closed load.
 *
 * @param places    `count` places, held across others or not
 * @param alone_ns  response of a request that is alone, > 0
 * @param outside_ns  the rest of a client's cycle
 * @param clients   >= 1
 */
struct rp_bounds rp_bounds_asymptotic(const struct rp_bound_place *places,
                                      size_t count, double alone_ns,
                                      double outside_ns, double clients);

/**
 * Balanced job bounds of a closed load, whose stations are `places` and none
 * is held across another.
 *
 * @param delay_ns  the rest of the response: what nobody waits for
 */
struct rp_bounds rp_bounds_balanced(const struct rp_bound_place *places,
                                    size_t count, double delay_ns,
                                    double outside_ns, double clients);

#endif
