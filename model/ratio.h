/**
 * Ratios: what one path of a request costs against another, and how sure.
 *
 * Two paths are mostly made of the same unit costs, so their errors go together
 * and a ratio is known better than either total: a base cost that is 5 % too
 * high is so in both. The interval therefore comes from the covariance of the
 * costs, by the delta method on the logarithm of the ratio, and not from two
 * standard errors; it is off by the square of that error, 1 % of a bound where
 * the interval is 14 % to either side. It knows nothing of costs being no less than 0, so it is too
 * wide, not too narrow, where one is known to less than itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_RATIO_H
#define RP_MODEL_RATIO_H

#include "model/price.h"

struct rp_ratio {
    double value;               /* total of the other / total of the base */
    double log_se;              /* of its logarithm, by the unit costs */
    double low, high;           /* 95 % interval by the unit costs */
    double log_misfit;          /* how far two configurations miss the fit */
    double wide_low, wide_high; /* 95 % interval by both */
};

/**
 * The ratio of two prices by one profile.
 *
 * @param base, other  totals above 0
 */
struct rp_ratio rp_ratio_find(const struct rp_prices *base,
                              const struct rp_prices *other,
                              const struct rp_profile *profile);

#endif
