/**
 * Solving: a scenario without any virtual time.
 *
 * The second reader of a path program: demands (demands.h), bounds (bounds.h),
 * and the best method that applies: exact mean value analysis or a queue with a
 * closed form where there is one, layers where threads are held across other
 * work. The solution says which method it was, why, and how far it can be
 * trusted. It takes microseconds where a simulation takes a second, so it is
 * what to search with; what was found is then simulated.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_SOLVE_H
#define RP_SOLVE_SOLVE_H

#include "model/profile.h"
#include "model/route.h"
#include "model/scenario.h"
#include "model/solution.h"

/**
 * Solve a scenario under its load.
 *
 * @param scenario  valid; rp_scenario_check()
 * @param profile   unit costs
 * @param solution  written on success; rp_solution_free()
 * @return RP_ERR_VALUE (no rules for the framework, no base cost for the
 *         server, a request that takes no time at all), RP_ERR_NUMERIC (the
 *         layers do not agree), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_solve(const struct rp_scenario *scenario,
                                 const struct rp_profile *profile,
                                 struct rp_solution *solution,
                                 struct rp_error *error);

/** The same where programs and prices are there already: a search changes loads
 * and servers more often than paths. */
RP_CHECKED enum rp_code rp_solve_routes(const struct rp_scenario *scenario,
                                        const struct rp_routes *routes,
                                        const struct rp_profile *profile,
                                        struct rp_solution *solution,
                                        struct rp_error *error);

#endif
