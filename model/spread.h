/**
 * Spreads: how much a cost varies from request to request.
 *
 * What makes a request slow (caches, frequency, the neighbours) makes all of
 * it slow: measured at concurrency 1, the coefficient of variation of the
 * latency does not fall with the number of steps. So the costs of one request
 * are taken as comonotone: at each level, their quantiles add up to the
 * quantile of their sum. A spread is therefore kept as a quantile function, in
 * multiples of the cost's mean, and a request draws one level for all of its
 * steps.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_SPREAD_H
#define RP_MODEL_SPREAD_H

#include <stdbool.h>

/** How many levels a spread is kept at. */
#define RP_LEVEL_COUNT 10

/** The levels: 0, .05, .10, .25, .50, .75, .90, .95, .98, .99. */
extern const double rp_levels[RP_LEVEL_COUNT];

/** A quantile function, as multiples of the mean: linear between the levels,
 * and beyond the last one an exponential tail. Its mean is 1. */
struct rp_spread {
    double multiple[RP_LEVEL_COUNT]; /* not falling, >= 0 */
    double tail;                     /* mean of the excess beyond the last */
};

/** The value of the quantile function at `u` in [0, 1). */
double rp_spread_at(const struct rp_spread *spread, double u);

/** Its mean; 1 for every spread in a profile. */
double rp_spread_mean(const struct rp_spread *spread);

/** Its coefficient of variation. */
double rp_spread_cv(const struct rp_spread *spread);

/** Scale so that the mean is 1, keeping the shape; the multiples must not all
 * be 0. */
void rp_spread_normalise(struct rp_spread *spread);

/** No spread at all: every multiple 1. */
struct rp_spread rp_spread_constant(void);

/** True where the multiples are finite, not negative and do not fall. */
bool rp_spread_valid(const struct rp_spread *spread);

#endif
