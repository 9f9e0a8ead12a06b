/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/crew.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void *serve(void *argument)
{
    struct rp_crew *const crew = argument;
    uint64_t free_since = 0;
    struct rp_job *job;

    while ((job = rp_handoff_pop(&crew->queue)) != NULL) {
        (void)rp_gil_take(crew->gil);
        job->free_since = &free_since;
        job->run(job->owner);
        rp_gil_drop(crew->gil);
    }
    return NULL;
}

/* Returns 0, or why the system gives no thread. */
static int start_one(struct rp_crew *crew)
{
    int failure = 0;

    (void)pthread_mutex_lock(&crew->mutex);
    if (crew->started < crew->most) {
        rp_handoff_expect(&crew->queue, 1);
        failure =
            pthread_create(&crew->threads[crew->started], NULL, serve, crew);
        if (failure)
            rp_handoff_expect(&crew->queue, -1);
        crew->started += failure == 0;
    }
    (void)pthread_mutex_unlock(&crew->mutex);
    return failure;
}

enum rp_code rp_crew_begin(struct rp_crew *crew, unsigned most, unsigned begin,
                           struct rp_gil *gil, struct rp_error *error)
{
    enum rp_code code;
    int failure;

    assert(begin >= 1 && begin <= most);
    *crew = (struct rp_crew){.gil = gil, .most = most};
    code = rp_handoff_init(&crew->queue, error);
    if (code)
        return code;
    failure = pthread_mutex_init(&crew->mutex, NULL);
    if (!failure) {
        crew->threads = calloc(most, sizeof *crew->threads);
        if (!crew->threads) {
            (void)pthread_mutex_destroy(&crew->mutex);
            failure = ENOMEM;
        }
    }
    if (failure)
        rp_handoff_free(&crew->queue);
    for (unsigned i = 0; i < begin && !failure; i++)
        failure = start_one(crew);
    return failure ? rp_fail(error, RP_ERR_MEMORY,
                             "the system gives no %u threads: %s; lower "
                             "server.threads, or raise the limit (ulimit -u)",
                             begin, strerror(failure))
                   : RP_OK;
}

void rp_crew_push(struct rp_crew *crew, struct rp_job *job)
{
    /* A thread that cannot be had is no error: one is there already. */
    if (rp_handoff_push(&crew->queue, job))
        (void)start_one(crew);
}

void rp_crew_end(struct rp_crew *crew)
{
    if (!crew->threads)
        return;
    rp_handoff_close(&crew->queue);
    for (unsigned i = 0; i < crew->started; i++)
        (void)pthread_join(crew->threads[i], NULL);
    free(crew->threads);
    crew->threads = NULL;
    (void)pthread_mutex_destroy(&crew->mutex);
    rp_handoff_free(&crew->queue);
}
