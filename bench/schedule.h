/**
 * Schedules: in which order a round visits its runs.
 *
 * Each round has a random order of its own, so that what drifts within a round
 * falls on every run alike. The order depends on seed and round alone: a bench
 * that is resumed goes on in the order that it would have had.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_SCHEDULE_H
#define RP_BENCH_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

/**
 * @param round  from 1
 * @param order  `count` indexes, each of 0 .. count - 1 once
 */
void rp_schedule_round(uint64_t seed, unsigned round, size_t count,
                       size_t *order);

/** The seed of what is random within a run: of the plan's seed, the round and
 * the run's name, so it stays when other runs come or go. */
uint64_t rp_schedule_run_seed(uint64_t seed, unsigned round, const char *name);

#endif
