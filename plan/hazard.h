/**
 * Hazards: where a stack serialises its requests, and where it may lock up.
 *
 * Both are read off the compiled programs. Whoever is inside of a bracket holds
 * what the bracket is on: the thread-sensitive thread of a process is one, so
 * requests that hold it while they wait, or while others' code runs, pass one
 * at a time. And where a request that holds one thing of a limited number can
 * come to wait for another, which in turn is held by who waits for the first,
 * enough of them at once wait for each other for ever: a circle in the graph of
 * "is held while it is waited for" (E. G. Coffman et al., System Deadlocks,
 * ACM Computing Surveys 3(2), 1971: hold and wait, circular wait).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_HAZARD_H
#define RP_PLAN_HAZARD_H

#include "model/profile.h"
#include "model/route.h"
#include "model/scenario.h"

/**
 * Say what is found, one sentence a line.
 *
 * @param routes     of the scenario
 * @param sentences  written on success; "" is none; free()
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_hazards_say(const struct rp_scenario *scenario,
                                       const struct rp_profile *profile,
                                       const struct rp_routes *routes,
                                       char **sentences,
                                       struct rp_error *error);

#endif
