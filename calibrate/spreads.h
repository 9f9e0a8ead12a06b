/**
 * The spread of each cost, from the percentiles of `ab -e`.
 *
 * The costs of one request are comonotone (model/spread.h), so at each level u
 * the quantile of a configuration's latency is the sum of its items' quantiles:
 *
 *     Q_c(u) = sum_i x_ci q_i(u)
 *
 * with q_i not negative and not falling in u. All levels are fitted at once,
 * by non-negative least squares in the increments of q_i from level to level.
 * Beyond the last level an exponential tail makes the mean of each q_i that of
 * the cost.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_SPREADS_H
#define RP_CALIBRATE_SPREADS_H

#include "calibrate/costs.h"
#include "model/spread.h"

struct rp_spreads {
    struct rp_spread request;             /* of the average request */
    struct rp_spread cost[RP_ITEM_COUNT]; /* one a fitted cost, in order */
    bool pooled[RP_ITEM_COUNT]; /* a cost that is not three standard errors
                                   above 0, or that only requests with own
                                   time pay, has the average request's */
    bool known; /* false: no run had percentiles, and nothing varies */
};

/**
 * Fit the spreads of `costs` to the runs that they were fitted to.
 *
 * @param spreads  written on success; holds no memory
 * @return RP_ERR_NUMERIC, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_spreads_fit(const struct rp_measured *measured,
                                       const struct rp_costs *costs,
                                       struct rp_spreads *spreads,
                                       struct rp_error *error);

#endif
