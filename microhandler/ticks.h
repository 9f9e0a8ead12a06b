/**
 * Ticks: the two clocks that a walk is measured by, in nanoseconds.
 *
 * Waits and latencies are told by the monotonic clock, burned CPU by the clock
 * of the thread that burns it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_TICKS_H
#define RP_MICROHANDLER_TICKS_H

#include <stdint.h>
#include <time.h>

/** CLOCK_MONOTONIC. */
uint64_t rp_ticks_now(void);

/** CPU time of the calling thread, from its birth. */
uint64_t rp_ticks_cpu(void);

/** The same moment for functions of POSIX. */
struct timespec rp_ticks_timespec(uint64_t ns);

/** Block the thread until a moment of the monotonic clock. */
void rp_ticks_sleep_until(uint64_t moment_ns);

#endif
