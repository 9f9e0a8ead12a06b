/**
 * Moments: when each of the first requests of an open load comes.
 *
 * A measured run of an open load has so many requests and then no more, and a
 * client has to know their moments before it begins. These are the moments that
 * the simulator's arrivals with the same gaps have (sim/arrivals.h), from a
 * seed and a number of the run, so a run can be made again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_MOMENTS_H
#define RP_SIM_MOMENTS_H

#include "model/scenario.h"

#include <stddef.h>
#include <stdint.h>

/**
 * Make the moments of a run.
 *
 * @param gap    independent gaps, valid as rp_scenario_check() says
 * @param run    the number of the run: each has moments of its own
 * @param count  how many
 * @param at_ns  written: after the beginning of the run, not falling; the first
 *               request comes after one gap
 */
void rp_moments_make(const struct rp_duration *gap, uint64_t seed, uint32_t run,
                     size_t count, uint64_t *at_ns);

#endif
