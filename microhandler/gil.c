/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/gil.h"

#include "microhandler/ticks.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum rp_code rp_gil_init(struct rp_gil *gil, uint64_t interval_ns,
                         struct rp_error *error)
{
    pthread_condattr_t by_clock;
    int failure;

    *gil = (struct rp_gil){.interval_ns = interval_ns};
    atomic_init(&gil->drop_request, false);
    failure = pthread_condattr_init(&by_clock);
    if (!failure) {
        failure = pthread_condattr_setclock(&by_clock, CLOCK_MONOTONIC);
        if (!failure)
            failure = pthread_cond_init(&gil->freed, &by_clock);
        (void)pthread_condattr_destroy(&by_clock);
    }
    if (!failure)
        failure = pthread_cond_init(&gil->switched, NULL);
    if (!failure)
        failure = pthread_mutex_init(&gil->mutex, NULL);
    return failure ? rp_fail(error, RP_ERR_MEMORY, "no room for a lock: %s",
                             strerror(failure))
                   : RP_OK;
}

void rp_gil_free(struct rp_gil *gil)
{
    if (!gil)
        return;
    assert(!gil->locked);
    (void)pthread_mutex_destroy(&gil->mutex);
    (void)pthread_cond_destroy(&gil->switched);
    (void)pthread_cond_destroy(&gil->freed);
}

/* The mutex is held. */
static bool waited_an_interval(struct rp_gil *gil)
{
    const struct timespec end =
        rp_ticks_timespec(rp_ticks_now() + gil->interval_ns);

    return pthread_cond_timedwait(&gil->freed, &gil->mutex, &end) == ETIMEDOUT;
}

uint64_t rp_gil_take(struct rp_gil *gil)
{
    uint64_t began = 0, waited = 0;

    if (!gil)
        return 0;
    (void)pthread_mutex_lock(&gil->mutex);
    if (gil->locked)
        began = rp_ticks_now();
    while (gil->locked) {
        const uint64_t seen = gil->switch_number;

        if (waited_an_interval(gil) && gil->locked &&
            gil->switch_number == seen)
            atomic_store(&gil->drop_request, true);
    }
    gil->locked = true;
    if (!gil->was_held || !pthread_equal(gil->last_holder, pthread_self())) {
        gil->was_held = true;
        gil->last_holder = pthread_self();
        gil->switch_number++;
        (void)pthread_cond_broadcast(&gil->switched);
    }
    atomic_store(&gil->drop_request, false);
    if (began)
        waited = rp_ticks_now() - began;
    (void)pthread_mutex_unlock(&gil->mutex);
    return waited;
}

void rp_gil_drop(struct rp_gil *gil)
{
    if (!gil)
        return;
    (void)pthread_mutex_lock(&gil->mutex);
    assert(gil->locked);
    gil->locked = false;
    (void)pthread_cond_signal(&gil->freed);
    if (atomic_load(&gil->drop_request)) {
        const uint64_t seen = gil->switch_number;

        /* Else a busy holder would take it back before the other wakes. Only
         * who waits for the lock makes the wish, so it will be taken. */
        gil->forced_number++;
        while (gil->switch_number == seen)
            (void)pthread_cond_wait(&gil->switched, &gil->mutex);
    }
    (void)pthread_mutex_unlock(&gil->mutex);
}

uint64_t rp_gil_check(struct rp_gil *gil)
{
    const uint64_t began =
        gil && atomic_load_explicit(&gil->drop_request, memory_order_relaxed)
            ? rp_ticks_now()
            : 0;

    if (!began)
        return 0;
    rp_gil_drop(gil);
    (void)rp_gil_take(gil);
    return rp_ticks_now() - began;
}
