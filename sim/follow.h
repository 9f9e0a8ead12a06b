/**
 * Following: the life of one request of a scenario.
 *
 * The first replication is run once more, with the same random numbers, and one
 * of its requests is watched; see model/life.h for what is written down.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_FOLLOW_H
#define RP_SIM_FOLLOW_H

#include "model/error.h"
#include "model/life.h"
#include "model/profile.h"
#include "model/scenario.h"

/**
 * Follow a request of the first replication.
 *
 * @param scenario  valid; rp_scenario_check()
 * @param profile   unit costs
 * @param warm_up   requests that are left out; what rp_simulate() found
 * @param number    of the request, from 1, in the order in which they begin;
 *                  0: the first that begins after the warm-up
 * @param life      written on success; rp_life_free()
 * @return RP_ERR_VALUE (the scenario cannot be simulated, or the run is over
 *         before that request begins), RP_ERR_UNSTABLE (all requests wait for
 *         each other), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_follow(const struct rp_scenario *scenario,
                                  const struct rp_profile *profile,
                                  uint64_t warm_up, uint64_t number,
                                  struct rp_life *life, struct rp_error *error);

#endif
