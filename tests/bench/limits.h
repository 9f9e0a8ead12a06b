/**
 * Limit loops: what a machine can do at most.
 *
 * Each is the model of one benchmark written by hand for that model alone: its
 * steps are a switch, its queues are arrays, its random numbers the cheapest
 * good ones, its statistics one sum. No general engine can be faster, so the
 * ratio to the limit loop in the same run says how good an engine is, whatever
 * else the machine is doing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_BENCH_LIMITS_H
#define RP_TESTS_BENCH_LIMITS_H

#include <stdint.h>

/** M/M/1 at 90 % load: `count` customers; returns the mean response in service
 * times, whose exact value is 10. */
double limit_mm1(uint64_t count, uint64_t seed);

/**
 * The path of eight steps: loop, loop, thread, loop, database, loop, thread,
 * loop; one loop (50 us each), 40 threads (100 us), a pool of connections; all
 * exponential, 3000 requests/s.
 *
 * @param database_us  mean hold of a connection
 * @param connections  of them
 * @return mean response, us
 */
double limit_path8(uint64_t count, double database_us, unsigned connections,
                   uint64_t seed);

#endif
