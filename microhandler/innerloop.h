/**
 * Inner loops: a new event loop in a new thread, for one async_to_sync.
 *
 * What makes async_to_sync dear. The loop is really made, run and closed, and
 * its thread started and joined; who called waits until all of that is over.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_INNERLOOP_H
#define RP_MICROHANDLER_INNERLOOP_H

#include "microhandler/evloop.h"
#include "microhandler/metrics.h"

struct rp_innerloop {
    struct rp_gil *gil;         /* borrowed, or NULL */
    struct rp_metrics *metrics; /* borrowed: where it is counted */
    struct rp_job *job;         /* to begin with, in the loop */
    struct rp_handoff *back;    /* where the same job goes after the end */
    struct rp_evloop *loop;     /* while it runs */
    pthread_t thread;
    uint64_t closing_ns; /* CPU that closing took */
};

/**
 * Start the thread; it makes the loop and runs `job` in it. Where the system
 * has no thread or descriptor to give, this waits until it has: a request that
 * has begun can only be finished.
 *
 * @param inner  its first four fields are set
 */
void rp_innerloop_begin(struct rp_innerloop *inner);

/** In the loop: end it. Its thread closes the loop and then pushes the job to
 * `back`. */
void rp_innerloop_end(struct rp_innerloop *inner);

/** In the thread that began it, after the job has come back. */
void rp_innerloop_join(struct rp_innerloop *inner);

#endif
