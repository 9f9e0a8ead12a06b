/**
 * Warm-up: how much of a run's beginning is left out.
 *
 * A run starts empty, so its first latencies are too short. Pilot runs of their
 * own, averaged request by request, show where the system has filled.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_WARMUP_H
#define RP_SIM_WARMUP_H

#include "sim/simulatestate.h"

/** Set `warm_up` and `warm_up_found`: what the scenario says, or by MSER-5 on
 * pilot runs. */
RP_CHECKED enum rp_code rp_warm_up_set(struct rp_simulation *simulation);

/** Requests of a pilot run. */
size_t rp_warm_up_pilot_length(const struct rp_scenario *scenario);

#endif
