/**
 * What an instance does under the load that a plan gives it.
 *
 * Capacity says at which rate the service levels break; a plan stays below.
 * Here the rate that is planned is simulated in full: percentiles with both of
 * their intervals, what is underway, which place works most, how far the
 * forecast is from anything measured. How likely the service levels are missed
 * comes from the prediction intervals: the doubts about simulation, costs,
 * repeated runs and misfit are one normal distribution for each metric. As the
 * same doubts move all metrics (a slower machine is slower in all of them), the
 * likeliest miss of one is that of all together.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_PLANNED_H
#define RP_PLAN_PLANNED_H

#include "model/result.h"
#include "plan/trial.h"

#include <jansson.h>

enum { RP_PLANNED_TEXT_SIZE = 512 };

struct rp_planned {
    double rate_per_s; /* of the instance */
    struct rp_estimate metrics[RP_METRIC_COUNT];
    double errors, errors_low, errors_high; /* share; NAN where not limited */
    double in_flight;
    char busiest[RP_TRIAL_NAME_SIZE];
    double utilisation;  /* of it */
    bool met;            /* all limits, by the values */
    enum rp_limit worst; /* where not: the metric that is furthest above */
    double slo_miss;     /* probability; NAN: the profile does not say how much
                            measured runs differ */
    enum rp_tier tier;
    char validity[RP_PLANNED_TEXT_SIZE];
};

/**
 * Simulate it.
 *
 * @param draws  of the costs; 0: no prediction, and `slo_miss` is that of the
 *               simulation alone
 * @return as rp_simulate()
 */
RP_CHECKED enum rp_code rp_planned_find(
    const struct rp_scenario *scenario, const struct rp_profile *profile,
    const struct rp_slos *slos, const struct rp_effort *effort, unsigned draws,
    double rate_per_s, struct rp_planned *planned, struct rp_error *error);

/** As JSON, exactly; NULL when memory is short. */
json_t *rp_planned_to_json(const struct rp_planned *planned);

/** And back; RP_ERR_SYNTAX where it is none. */
RP_CHECKED enum rp_code rp_planned_from_json(const json_t *json,
                                             struct rp_planned *planned,
                                             struct rp_error *error);

#endif
