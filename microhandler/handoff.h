/**
 * Hand-offs: a job goes from one thread to another through a queue.
 *
 * The queue of a thread that serves one: others push, it pops and runs. It is
 * what sync_to_async puts a call into, what a blocked caller of async_to_sync
 * serves meanwhile, and where accepted requests wait for a worker. A queue has
 * lanes by priority; in each the first that came is the first served.
 *
 * Jobs belong to who made them, and are in one queue at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_HANDOFF_H
#define RP_MICROHANDLER_HANDOFF_H

#include "model/error.h"
#include "model/scenario.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Something to be run, somewhere else. */
struct rp_job {
    void (*run)(void *owner);
    void *owner;          /* what `run` is given */
    unsigned priority;    /* 0 .. RP_PRIORITY_MAX, 0 first */
    uint64_t *free_since; /* borrowed; when, by its own CPU, the thread that
                             runs it was done with what came before: set by
                             that thread. NULL: nobody counts */
    struct rp_job *next;  /* the queue's */
};

/** Jobs in their order; no lock of its own. */
struct rp_lanes {
    struct rp_job *first[RP_PRIORITY_MAX + 1], *last[RP_PRIORITY_MAX + 1];
    size_t count;
};

void rp_lanes_push(struct rp_lanes *lanes, struct rp_job *job);

/** NULL: there is none. */
struct rp_job *rp_lanes_pop(struct rp_lanes *lanes);

struct rp_handoff {
    pthread_mutex_t mutex; /* guards what is below */
    pthread_cond_t pushed;
    struct rp_lanes lanes;
    size_t idle;     /* threads that wait for a job, or soon will */
    size_t expected; /* of them: those that have not come yet */
    bool closed;
};

/** RP_ERR_MEMORY: the system has no room for the queue. */
RP_CHECKED enum rp_code rp_handoff_init(struct rp_handoff *handoff,
                                        struct rp_error *error);

/** Nobody may be in it. */
void rp_handoff_free(struct rp_handoff *handoff);

/** Hand a job over. Whoever runs it may do so before this returns. True where
 * more jobs wait now than threads: another thread could be of use. */
bool rp_handoff_push(struct rp_handoff *handoff, struct rp_job *job);

/** The next job; waits for one. NULL: the queue is closed and empty. The
 * caller does not hold the GIL. */
struct rp_job *rp_handoff_pop(struct rp_handoff *handoff);

/** A thread is about to be started that will pop: it is idle from now on. Or
 * (-1): it could not be started after all. */
void rp_handoff_expect(struct rp_handoff *handoff, int threads);

/** Jobs that wait now, and will not be taken by a thread that is idle. */
size_t rp_handoff_waiting(struct rp_handoff *handoff);

/** No further job will come: who waits leaves when the last is taken. */
void rp_handoff_close(struct rp_handoff *handoff);

#endif
