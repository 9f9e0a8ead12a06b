/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/handoff.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { JOBS = 6 };

Test(handoff, jobs_of_one_priority_are_served_in_the_order_they_came)
{
    struct rp_lanes lanes = {.count = 0};
    struct rp_job jobs[JOBS] = {{.priority = 3}};

    for (int i = 0; i < JOBS; i++)
        rp_lanes_push(&lanes, &jobs[i]);
    cr_expect(eq(sz, lanes.count, JOBS));
    /* All but the first have priority 0. */
    for (int i = 1; i < JOBS; i++)
        cr_expect(eq(ptr, rp_lanes_pop(&lanes), &jobs[i]));
    cr_expect(eq(ptr, rp_lanes_pop(&lanes), &jobs[0]));
    cr_expect(eq(ptr, rp_lanes_pop(&lanes), NULL));
    rp_lanes_push(&lanes, &jobs[2]);
    cr_expect(eq(ptr, rp_lanes_pop(&lanes), &jobs[2]), "it works anew");
}

Test(handoff, a_lower_number_is_served_first)
{
    struct rp_lanes lanes = {.count = 0};
    struct rp_job jobs[JOBS];
    static const unsigned priority[JOBS] = {7, 2, 0, 2, 7, 0};
    static const int order[JOBS] = {2, 5, 1, 3, 0, 4};

    for (int i = 0; i < JOBS; i++) {
        jobs[i] = (struct rp_job){.priority = priority[i]};
        rp_lanes_push(&lanes, &jobs[i]);
    }
    for (int i = 0; i < JOBS; i++)
        cr_expect(eq(ptr, rp_lanes_pop(&lanes), &jobs[order[i]]));
}

static void *pop_two(void *argument)
{
    struct rp_handoff *const queue = argument;
    struct rp_job *const first = rp_handoff_pop(queue);

    cr_expect(ne(ptr, first, NULL));
    cr_expect(eq(ptr, rp_handoff_pop(queue), NULL), "closed and empty");
    return first;
}

Test(handoff, who_waits_gets_the_job_and_leaves_when_the_queue_is_closed)
{
    struct rp_handoff queue;
    struct rp_job job = {.priority = 0};
    pthread_t thread;
    void *got;

    cr_assert(eq(int, rp_handoff_init(&queue, NULL), RP_OK));
    cr_assert(eq(int, pthread_create(&thread, NULL, pop_two, &queue), 0));
    (void)rp_handoff_push(&queue, &job);
    rp_handoff_close(&queue);
    (void)pthread_join(thread, &got);
    cr_expect(eq(ptr, got, &job));
    rp_handoff_free(&queue);
}

Test(handoff, a_closed_queue_gives_what_it_has_and_then_nothing)
{
    struct rp_handoff queue;
    struct rp_job jobs[2] = {{.priority = 0}};

    cr_assert(eq(int, rp_handoff_init(&queue, NULL), RP_OK));
    cr_expect(rp_handoff_push(&queue, &jobs[0]), "no thread is there for it");
    cr_expect(rp_handoff_push(&queue, &jobs[1]));
    cr_expect(eq(sz, rp_handoff_waiting(&queue), 2));
    rp_handoff_close(&queue);
    cr_expect(eq(ptr, rp_handoff_pop(&queue), &jobs[0]));
    cr_expect(eq(ptr, rp_handoff_pop(&queue), &jobs[1]));
    cr_expect(eq(ptr, rp_handoff_pop(&queue), NULL));
    rp_handoff_free(&queue);
}
