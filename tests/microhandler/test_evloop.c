/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/evloop.h"
#include "microhandler/ticks.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { MARKS = 100 };

/* What jobs did, in their order; read after the loop has ended. */
static struct {
    struct rp_evloop *loop;
    struct rp_gil *gil;
    pthread_t threads[MARKS];
    uint64_t at_ns[MARKS];
    int ids[MARKS], count, last;
} seen;

struct task {
    struct rp_alarm alarm; /* its job is used for posting too */
    int id;
};

static void note(void *owner)
{
    const struct task *const task = owner;

    if (seen.gil)
        cr_expect(seen.gil->locked, "callbacks hold the GIL");
    seen.threads[seen.count] = pthread_self();
    seen.at_ns[seen.count] = rp_ticks_now();
    seen.ids[seen.count++] = task->id;
    if (seen.count == seen.last)
        rp_evloop_stop(seen.loop);
}

static void set_up(struct task *tasks, int count, struct rp_gil *gil)
{
    seen.gil = gil;
    seen.loop = rp_evloop_new(gil);
    seen.last = count;
    cr_assert(ne(ptr, seen.loop, NULL));
    for (int i = 0; i < count; i++)
        tasks[i] = (struct task){
            .alarm = {.job = {.run = note, .owner = &tasks[i]}}, .id = i};
}

static void *post_all(void *argument)
{
    struct task *const tasks = argument;

    for (int i = 0; i < MARKS; i++)
        rp_evloop_post(seen.loop, &tasks[i].alarm.job);
    return NULL;
}

Test(evloop, jobs_of_another_thread_run_in_the_loops_thread_in_their_order)
{
    static struct task tasks[MARKS];
    struct rp_gil gil;
    pthread_t thread;

    cr_assert(eq(int, rp_gil_init(&gil, RP_GIL_INTERVAL_NS, NULL), RP_OK));
    set_up(tasks, MARKS, &gil);
    cr_assert(eq(int, pthread_create(&thread, NULL, post_all, tasks), 0));
    rp_evloop_run(seen.loop);
    (void)pthread_join(thread, NULL);
    cr_expect(not(gil.locked), "a loop that has ended holds nothing");
    for (int i = 0; i < MARKS; i++) {
        cr_expect(eq(int, seen.ids[i], i));
        cr_expect(pthread_equal(seen.threads[i], pthread_self()));
    }
    rp_evloop_free(seen.loop);
    rp_gil_free(&gil);
}

Test(evloop, alarms_ring_in_the_order_of_their_moments_and_not_before)
{
    static struct task tasks[MARKS];
    const uint64_t now = rp_ticks_now();

    set_up(tasks, MARKS, NULL);
    /* Set in an order that is none: 37 and 100 have no common factor. */
    for (int i = 0; i < MARKS; i++) {
        struct rp_alarm *const alarm = &tasks[i * 37 % MARKS].alarm;

        alarm->due_ns =
            now + 200000 + (uint64_t)(i * 37 % MARKS) * UINT64_C(30000);
        cr_assert(eq(int, rp_evloop_set(seen.loop, alarm, NULL), RP_OK));
    }
    rp_evloop_run(seen.loop);
    for (int i = 0; i < MARKS; i++) {
        cr_expect(eq(int, seen.ids[i], i));
        cr_expect(ge(u64, seen.at_ns[i], tasks[i].alarm.due_ns));
    }
    rp_evloop_free(seen.loop);
}

/* A job that posts itself until its last turn. */
struct comer {
    struct rp_job job;
    uint64_t turns[4];
    int count;
};

static void come_again(void *owner)
{
    struct comer *const comer = owner;

    comer->turns[comer->count++] = rp_evloop_turn(seen.loop);
    if (comer->count < 4)
        rp_evloop_post(seen.loop, &comer->job);
    else
        rp_evloop_stop(seen.loop);
}

Test(evloop, what_a_job_posts_is_of_the_next_turn)
{
    struct comer comer = {.job = {.run = come_again, .owner = &comer}};

    seen.loop = rp_evloop_new(NULL);
    cr_assert(ne(ptr, seen.loop, NULL));
    rp_evloop_post(seen.loop, &comer.job);
    rp_evloop_run(seen.loop);
    cr_assert(eq(int, comer.count, 4));
    for (int i = 1; i < 4; i++)
        cr_expect(eq(u64, comer.turns[i], comer.turns[0] + (uint64_t)i));
    rp_evloop_free(seen.loop);
}

Test(evloop, an_alarm_of_the_past_rings_too)
{
    static struct task tasks[2];

    set_up(tasks, 2, NULL);
    tasks[1].alarm.due_ns = 1;
    cr_assert(eq(int, rp_evloop_set(seen.loop, &tasks[0].alarm, NULL), RP_OK));
    cr_assert(eq(int, rp_evloop_set(seen.loop, &tasks[1].alarm, NULL), RP_OK));
    rp_evloop_run(seen.loop);
    cr_expect(eq(int, seen.ids[0], 0));
    cr_expect(eq(int, seen.ids[1], 1));
    rp_evloop_free(seen.loop);
}

Test(evloop, a_loop_that_never_ran_can_be_closed_and_nothing_too)
{
    rp_evloop_free(rp_evloop_new(NULL));
    rp_evloop_free(NULL);
}
