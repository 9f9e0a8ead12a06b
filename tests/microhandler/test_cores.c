/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "microhandler/cores.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

static unsigned cores_of_this_thread(void)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    cr_assert(eq(int, sched_getaffinity(0, sizeof set, &set), 0));
    return (unsigned)CPU_COUNT(&set);
}

static void *count(void *argument)
{
    *(unsigned *)argument = cores_of_this_thread();
    return NULL;
}

Test(cores, threads_that_are_started_later_are_kept_to_the_same)
{
    pthread_t thread;
    unsigned found = 0;

    cr_expect(eq(u32, rp_cores_keep_to(1), 1));
    cr_assert(eq(int, pthread_create(&thread, NULL, count, &found), 0));
    (void)pthread_join(thread, NULL);
    cr_expect(eq(u32, found, 1));
    cr_expect(eq(u32, cores_of_this_thread(), 1));
}

Test(cores, a_machine_has_no_more_than_it_has)
{
    const unsigned has = cores_of_this_thread();

    cr_expect(eq(u32, rp_cores_keep_to(100000), has));
    cr_expect(eq(u32, cores_of_this_thread(), has));
}
