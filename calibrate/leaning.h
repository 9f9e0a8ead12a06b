/**
 * Leaning: what a forecast leans on.
 *
 * How much a metric of a scenario moves with each unit cost and with each
 * parameter of what happens under load. The scenario is simulated once as it
 * is, and once with each of them a little larger, with the same random numbers.
 * With the standard errors of costs and parameters the slopes say how well the
 * forecast is known, and whose doubt that is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_LEANING_H
#define RP_CALIBRATE_LEANING_H

#include "model/metric.h"
#include "model/profile.h"
#include "model/scenario.h"

struct rp_leaning {
    double items[RP_ITEM_COUNT];   /* that a request pays, one of each class */
    double value;                  /* of the metric: requests/s, or ns */
    double of_item[RP_ITEM_COUNT]; /* of its logarithm, in the mean of the cost
                                      that the profile has for the item, 1/ns */
    double of_parameter[RP_PARAMETER_COUNT]; /* in the parameter's logarithm */
};

/**
 * The mean of one request that meets no other, which is the sum of its costs,
 * with no simulation. Its own time counts, a client's gap does not.
 *
 * @return RP_ERR_VALUE (no rules for the framework), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_leaning_alone(const struct rp_scenario *scenario,
                                         const struct rp_profile *profile,
                                         struct rp_leaning *leaning,
                                         struct rp_error *error);

/**
 * Find it of any metric, under any load.
 *
 * @param tell  called now and then with how many simulations are done; NULL
 * @return as rp_simulate(); RP_ERR_UNSTABLE: more is asked for than can be
 *         served, and the metric has no value
 */
RP_CHECKED enum rp_code
rp_leaning_find(const struct rp_scenario *scenario,
                const struct rp_profile *profile, enum rp_metric metric,
                void (*tell)(void *context, size_t done, size_t count),
                void *context, struct rp_leaning *leaning,
                struct rp_error *error);

#endif
