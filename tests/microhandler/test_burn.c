/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/burn.h"
#include "microhandler/ticks.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <time.h>

/* clock() is the C library's own measure of the process's CPU time, to the
 * microsecond. */
Test(burn, the_cpu_that_was_asked_for_is_really_used)
{
    const clock_t before = clock();
    const uint64_t until = rp_ticks_cpu() + 20000000;

    cr_expect(eq(u64, rp_burn_until(until, NULL), 0));
    cr_expect(ge(u64, rp_ticks_cpu(), until));
    cr_expect(ge(dbl, (double)(clock() - before) / CLOCKS_PER_SEC, 0.0199));
}

Test(burn, what_is_past_takes_nothing)
{
    const uint64_t now = rp_ticks_cpu();

    cr_expect(eq(u64, rp_burn_until(0, NULL), 0));
    cr_expect(eq(u64, rp_burn_until(now, NULL), 0));
}

static void *sleep_long(void *argument)
{
    const uint64_t until = rp_ticks_now() + 50000000;

    rp_ticks_sleep_until(until);
    cr_expect(ge(u64, rp_ticks_now(), until));
    *(uint64_t *)argument = rp_ticks_cpu();
    return NULL;
}

/* A sleep of 50 ms is on one clock and not on the other. */
Test(burn, a_wait_is_no_cpu_time)
{
    pthread_t thread;
    uint64_t cpu_ns = 0;

    cr_assert(eq(int, pthread_create(&thread, NULL, sleep_long, &cpu_ns), 0));
    (void)pthread_join(thread, NULL);
    cr_expect(lt(u64, cpu_ns, 50000000));
}
