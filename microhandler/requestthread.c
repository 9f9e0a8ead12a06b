/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/requestthread.h"

#include "microhandler/ticks.h"

/* Between two attempts. */
static const uint64_t pause_ns = UINT64_C(1000000);

void rp_request_thread_start(pthread_t *thread, void *(*run)(void *),
                             void *argument, struct rp_metrics *metrics)
{
    /* Counted first: the thread may end the request that is counted. */
    rp_metrics_add(metrics, RP_COUNT_THREADS, 1);
    while (pthread_create(thread, NULL, run, argument) != 0)
        rp_ticks_sleep_until(rp_ticks_now() + pause_ns);
}
