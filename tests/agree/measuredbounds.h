/**
 * Operational bounds of a simulated run, out of the run's own demands.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_AGREE_MEASUREDBOUNDS_H
#define RP_TESTS_AGREE_MEASUREDBOUNDS_H

#include "model/result.h"
#include "model/scenario.h"
#include "solve/bounds.h"

/** Bounds of throughput per ns and what was measured. */
struct measuredbounds {
    struct rp_bounds bounds;
    double rate, response_ns;
    double slack; /* relative: requests that the ends of the run cut in two */
};

/**
 * Take demands out of a run: for each place what it was held per request, the
 * response without any waiting, and what a client spent elsewhere.
 *
 * @param result  of a closed load
 */
struct measuredbounds measuredbounds_take(const struct rp_scenario *scenario,
                                          const struct rp_result *result);

/** True where the run is within them. */
bool measuredbounds_hold(const struct measuredbounds *measured);

#endif
