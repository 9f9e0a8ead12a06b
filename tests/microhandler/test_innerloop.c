/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/innerloop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct {
    struct rp_innerloop inner;
    pthread_t thread;
    bool loop_was_there;
} seen;

static void end_at_once(void *owner)
{
    (void)owner;
    seen.thread = pthread_self();
    seen.loop_was_there = seen.inner.loop != NULL;
    rp_innerloop_end(&seen.inner);
}

Test(innerloop, a_job_runs_in_a_loop_of_a_new_thread_and_comes_back_after_it)
{
    struct rp_handoff back;
    struct rp_metrics *const metrics = rp_metrics_new();
    struct rp_job job = {.run = end_at_once};

    cr_assert(ne(ptr, metrics, NULL));
    cr_assert(eq(int, rp_handoff_init(&back, NULL), RP_OK));
    for (uint64_t i = 1; i <= 20; i++) {
        seen.inner = (struct rp_innerloop){
            .metrics = metrics, .job = &job, .back = &back};
        rp_innerloop_begin(&seen.inner);
        cr_expect(eq(ptr, rp_handoff_pop(&back), &job));
        rp_innerloop_join(&seen.inner);
        cr_expect(seen.loop_was_there);
        cr_expect(not(pthread_equal(seen.thread, pthread_self())));
        cr_expect(eq(u64, metrics->counts[RP_COUNT_LOOPS], i));
        cr_expect(eq(u64, metrics->counts[RP_COUNT_THREADS], i));
    }
    rp_handoff_free(&back);
    rp_metrics_free(metrics);
}
