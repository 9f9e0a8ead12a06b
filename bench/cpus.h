/**
 * CPUs: the numbers of those that a process is pinned to, "0-3,6".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_CPUS_H
#define RP_BENCH_CPUS_H

#include <stdbool.h>

/** How many a list names; 0 where it is no list of numbers below 1024, or names
 * one twice. */
unsigned rp_cpus_count(const char *list);

/** Pin the calling process; false: the list is none, or the system refuses. */
bool rp_cpus_pin(const char *list);

#endif
