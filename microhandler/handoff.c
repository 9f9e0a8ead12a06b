/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/handoff.h"

#include <assert.h>
#include <string.h>

/* ---- Lanes ---- */

void rp_lanes_push(struct rp_lanes *lanes, struct rp_job *job)
{
    const unsigned lane = job->priority;

    assert(lane <= RP_PRIORITY_MAX);
    job->next = NULL;
    if (lanes->first[lane])
        lanes->last[lane]->next = job;
    else
        lanes->first[lane] = job;
    lanes->last[lane] = job;
    lanes->count++;
}

struct rp_job *rp_lanes_pop(struct rp_lanes *lanes)
{
    if (lanes->count == 0)
        return NULL;
    for (unsigned lane = 0; lane <= RP_PRIORITY_MAX; lane++) {
        struct rp_job *const job = lanes->first[lane];

        if (!job)
            continue;
        lanes->first[lane] = job->next;
        lanes->count--;
        return job;
    }
    return NULL;
}

/* ---- The queue ---- */

enum rp_code rp_handoff_init(struct rp_handoff *handoff, struct rp_error *error)
{
    int failure;

    *handoff = (struct rp_handoff){.closed = false};
    failure = pthread_mutex_init(&handoff->mutex, NULL);
    if (!failure)
        failure = pthread_cond_init(&handoff->pushed, NULL);
    return failure ? rp_fail(error, RP_ERR_MEMORY, "no room for a queue: %s",
                             strerror(failure))
                   : RP_OK;
}

void rp_handoff_free(struct rp_handoff *handoff)
{
    assert(handoff->lanes.count == 0 && handoff->idle == 0);
    (void)pthread_cond_destroy(&handoff->pushed);
    (void)pthread_mutex_destroy(&handoff->mutex);
}

bool rp_handoff_push(struct rp_handoff *handoff, struct rp_job *job)
{
    bool more;

    (void)pthread_mutex_lock(&handoff->mutex);
    assert(!handoff->closed);
    rp_lanes_push(&handoff->lanes, job);
    more = handoff->lanes.count > handoff->idle;
    (void)pthread_cond_signal(&handoff->pushed);
    (void)pthread_mutex_unlock(&handoff->mutex);
    return more;
}

struct rp_job *rp_handoff_pop(struct rp_handoff *handoff)
{
    struct rp_job *job;

    (void)pthread_mutex_lock(&handoff->mutex);
    if (handoff->expected > 0)
        handoff->expected--;
    else
        handoff->idle++;
    while (handoff->lanes.count == 0 && !handoff->closed)
        (void)pthread_cond_wait(&handoff->pushed, &handoff->mutex);
    handoff->idle--;
    job = rp_lanes_pop(&handoff->lanes);
    (void)pthread_mutex_unlock(&handoff->mutex);
    return job;
}

void rp_handoff_expect(struct rp_handoff *handoff, int threads)
{
    (void)pthread_mutex_lock(&handoff->mutex);
    handoff->idle += (size_t)threads;
    handoff->expected += (size_t)threads;
    (void)pthread_mutex_unlock(&handoff->mutex);
}

size_t rp_handoff_waiting(struct rp_handoff *handoff)
{
    size_t count;

    (void)pthread_mutex_lock(&handoff->mutex);
    count = handoff->lanes.count > handoff->idle
                ? handoff->lanes.count - handoff->idle
                : 0;
    (void)pthread_mutex_unlock(&handoff->mutex);
    return count;
}

void rp_handoff_close(struct rp_handoff *handoff)
{
    (void)pthread_mutex_lock(&handoff->mutex);
    handoff->closed = true;
    (void)pthread_cond_broadcast(&handoff->pushed);
    (void)pthread_mutex_unlock(&handoff->mutex);
}
