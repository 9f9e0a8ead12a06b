/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/crew.h"
#include "microhandler/ticks.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { TASKS = 50 };

/* What a job leaves behind. */
struct task {
    struct rp_job job;
    pthread_t thread;
    atomic_bool begun, may_end;
};

static void run(void *owner)
{
    struct task *const task = owner;

    task->thread = pthread_self();
    atomic_store(&task->begun, true);
    while (!atomic_load(&task->may_end))
        rp_ticks_sleep_until(rp_ticks_now() + 10000);
}

static void set_up(struct task *tasks, size_t count, bool may_end)
{
    for (size_t i = 0; i < count; i++) {
        tasks[i].job = (struct rp_job){.run = run, .owner = &tasks[i]};
        atomic_init(&tasks[i].begun, false);
        atomic_init(&tasks[i].may_end, may_end);
    }
}

Test(crew, a_crew_of_one_is_the_same_thread_for_all)
{
    struct rp_crew crew;
    static struct task tasks[TASKS];

    set_up(tasks, TASKS, true);
    cr_assert(eq(int, rp_crew_begin(&crew, 1, 1, NULL, NULL), RP_OK));
    for (int i = 0; i < TASKS; i++)
        rp_crew_push(&crew, &tasks[i].job);
    rp_crew_end(&crew);
    for (int i = 0; i < TASKS; i++) {
        cr_expect(atomic_load(&tasks[i].begun), "the end waits for all");
        cr_expect(pthread_equal(tasks[i].thread, tasks[0].thread));
        cr_expect(not(pthread_equal(tasks[i].thread, pthread_self())));
    }
}

Test(crew, it_grows_while_all_are_busy_and_no_further_than_it_may)
{
    struct rp_crew crew;
    static struct task tasks[3];

    set_up(tasks, 3, false);
    cr_assert(eq(int, rp_crew_begin(&crew, 2, 1, NULL, NULL), RP_OK));
    for (int i = 0; i < 2; i++) {
        rp_crew_push(&crew, &tasks[i].job);
        while (!atomic_load(&tasks[i].begun))
            rp_ticks_sleep_until(rp_ticks_now() + 10000);
    }
    rp_crew_push(&crew, &tasks[2].job);
    cr_expect(eq(u32, crew.started, 2));
    cr_expect(eq(sz, rp_handoff_waiting(&crew.queue), 1));
    cr_expect(not(atomic_load(&tasks[2].begun)), "it waits for one of them");
    for (int i = 0; i < 3; i++)
        atomic_store(&tasks[i].may_end, true);
    rp_crew_end(&crew);
    cr_expect(atomic_load(&tasks[2].begun));
    cr_expect(not(pthread_equal(tasks[0].thread, tasks[1].thread)));
}

static void look_at_gil(void *owner)
{
    struct rp_crew *const crew = owner;

    cr_expect(crew->gil->locked);
    cr_expect(pthread_equal(crew->gil->last_holder, pthread_self()));
}

Test(crew, a_job_runs_with_the_gil_and_a_thread_that_waits_has_it_not)
{
    struct rp_gil gil;
    struct rp_crew crew;
    struct rp_job job = {.run = look_at_gil, .owner = &crew};

    cr_assert(eq(int, rp_gil_init(&gil, RP_GIL_INTERVAL_NS, NULL), RP_OK));
    cr_assert(eq(int, rp_crew_begin(&crew, 1, 1, &gil, NULL), RP_OK));
    rp_crew_push(&crew, &job);
    rp_crew_end(&crew);
    cr_expect(not(gil.locked));
    cr_expect(eq(u64, gil.switch_number, 1), "by that job alone");
    rp_gil_free(&gil);
}

Test(crew, the_end_is_harmless_on_nothing_and_twice)
{
    struct rp_crew crew = {0};

    rp_crew_end(&crew);
    cr_assert(eq(int, rp_crew_begin(&crew, 4, 2, NULL, NULL), RP_OK));
    rp_crew_end(&crew);
    rp_crew_end(&crew);
}
