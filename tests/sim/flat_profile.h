/**
 * A profile for tests: constant costs, so that responses can be added up by
 * hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_SIM_FLAT_PROFILE_H
#define RP_TESTS_SIM_FLAT_PROFILE_H

#include "model/profile.h"

/** The costs that a flat profile has, in nanoseconds; the others cost
 * nothing. */
struct flat_costs {
    double base, layer, s2a, a2s_new, a2s_reuse, gap;
};

/** Release it with rp_profile_free(). */
struct rp_profile flat_profile(struct flat_costs costs);

#endif
