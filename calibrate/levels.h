/**
 * The latency at each level of a spread, from a simulation.
 *
 * Percentiles alone say little of a distribution's shape. The simulator counts
 * every response time anyway; here its histogram is read at the levels at which
 * spreads and measured runs are kept (model/spread.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_LEVELS_H
#define RP_CALIBRATE_LEVELS_H

#include "model/spread.h"
#include "sim/simulate.h"

/**
 * rp_simulate(), and the latency at each level.
 *
 * @param options   its histogram is not used
 * @param level_ms  written on success; NAN where nothing was answered
 * @return as rp_simulate()
 */
RP_CHECKED enum rp_code rp_levels_simulate(
    const struct rp_scenario *scenario, const struct rp_profile *profile,
    const struct rp_simulate_options *options, struct rp_result *result,
    double level_ms[RP_LEVEL_COUNT], struct rp_error *error);

#endif
