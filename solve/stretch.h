/**
 * Stretches: a random time that is a sum of costs and of work of one's own.
 *
 * The costs of one request are slow or fast together (model/spread.h): at each
 * level their quantiles add up, so a sum of costs is again a quantile function
 * at the same levels. Own durations are independent of them and of each other:
 * their means and variances add up. That gives mean and second moment of any
 * stretch of a request exactly, which is what queueing formulas ask for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_STRETCH_H
#define RP_SOLVE_STRETCH_H

#include "model/scenario.h"
#include "model/spread.h"

#include <stdbool.h>

/** Zero it: no time at all. */
struct rp_stretch {
    double level_ns[RP_LEVEL_COUNT]; /* the costs, at each level */
    double tail_ns;                  /* mean of the excess beyond the last */
    double own_ns, own_variance_ns2; /* of own durations */
    unsigned own_parts, exponential_parts; /* how many; of them exponential */
};

/** Add a cost: `spread` times `mean_ns`, at the request's level. */
void rp_stretch_add_cost(struct rp_stretch *stretch, double mean_ns,
                         const struct rp_spread *spread);

/** Add a duration that is drawn independently. */
void rp_stretch_add_own(struct rp_stretch *stretch,
                        const struct rp_duration *duration);

/** Add another stretch of the same request. */
void rp_stretch_add(struct rp_stretch *stretch, const struct rp_stretch *other);

double rp_stretch_mean_ns(const struct rp_stretch *stretch);

/** Mean of its square, ns^2. */
double rp_stretch_square_ns2(const struct rp_stretch *stretch);

/** True where it is one exponential duration and nothing else. */
bool rp_stretch_is_exponential(const struct rp_stretch *stretch);

/** Its quantile at `u` in [0, 1); NAN where own work varies, for then there is
 * no closed form. */
double rp_stretch_at_ns(const struct rp_stretch *stretch, double u);

#endif
