/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/innerloop.h"

#include "microhandler/requestthread.h"
#include "microhandler/ticks.h"

/* Between two attempts to get what the system has not. */
static const uint64_t pause_ns = UINT64_C(1000000);

static void *run(void *argument)
{
    struct rp_innerloop *const inner = argument;
    uint64_t before_ns;

    while (!(inner->loop = rp_evloop_new(inner->gil)))
        rp_ticks_sleep_until(rp_ticks_now() + pause_ns);
    rp_metrics_add(inner->metrics, RP_COUNT_LOOPS, 1);
    rp_evloop_post(inner->loop, inner->job);
    rp_evloop_run(inner->loop);
    before_ns = rp_ticks_cpu();
    rp_evloop_free(inner->loop);
    inner->closing_ns = rp_ticks_cpu() - before_ns;
    (void)rp_handoff_push(inner->back, inner->job);
    return NULL;
}

void rp_innerloop_begin(struct rp_innerloop *inner)
{
    rp_request_thread_start(&inner->thread, run, inner, inner->metrics);
}

void rp_innerloop_end(struct rp_innerloop *inner)
{
    rp_evloop_stop(inner->loop);
}

void rp_innerloop_join(struct rp_innerloop *inner)
{
    (void)pthread_join(inner->thread, NULL);
}
