/**
 * A profile for tests: constant costs, so that responses can be added up by
 * hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_SIM_FLAT_PROFILE_H
#define RP_TESTS_SIM_FLAT_PROFILE_H

#include "model/profile.h"
#include "sim/simulate.h"

/** The costs that a flat profile has, in nanoseconds; the others cost
 * nothing. */
struct flat_costs {
    double base, layer, s2a, a2s_new, a2s_reuse, gap;
};

/** Release it with rp_profile_free(). */
struct rp_profile flat_profile(struct flat_costs costs);

/** Read a scenario and simulate it; see rp_simulate(). */
RP_CHECKED enum rp_code flat_simulate(const char *text,
                                      const struct rp_profile *profile,
                                      const struct rp_simulate_options *options,
                                      struct rp_result *result,
                                      struct rp_error *error);

#endif
