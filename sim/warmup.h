/**
 * Warm-up: how much of a run's beginning is left out.
 *
 * A run starts empty, so its first latencies are too short. Pilot runs of their
 * own, averaged request by request, show where the system has filled.
 *
 * How good that is, for M/M/1 at load 0.95 (exact transient means by 15,000
 * runs of Lindley's recursion; the relaxation takes about 1,600 requests): 5
 * pilots cut 480 requests on average, which leaves 0.5 % of bias in the mean of
 * a run of 20,000, whose five replications know it to 30 %; 20 pilots cut 770,
 * which leaves 0.2 %.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_WARMUP_H
#define RP_SIM_WARMUP_H

#include "sim/simulatestate.h"

/**
 * Set `warm_up` and `warm_up_found`: what the scenario says, or by MSER-5 on 5
 * to 20 pilot runs of 4000 requests, which are made twice as long while no end
 * is found.
 */
RP_CHECKED enum rp_code rp_warm_up_set(struct rp_simulation *simulation);

#endif
