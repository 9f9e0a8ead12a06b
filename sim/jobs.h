/**
 * Jobs: independent pieces of work in several threads.
 *
 * Each piece writes where nobody else does, and whoever asked for them looks at
 * the pieces in their order afterwards. So the number of threads never changes
 * a result.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_JOBS_H
#define RP_SIM_JOBS_H

#include <stddef.h>

/** The most threads that are started. */
#define RP_JOBS_MAX 256

/**
 * Call `work(context, i)` once for each i below `count`, in `jobs` threads.
 *
 * @param jobs  1: all in the calling thread; 0: one a processor; where a
 *              thread cannot be started, those that could do its work
 */
void rp_jobs_run(size_t count, unsigned jobs,
                 void (*work)(void *context, size_t index), void *context);

#endif
