/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/gil.h"
#include "microhandler/ticks.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* An hour: nobody asks for the lock within a test. A moment: at once. */
static const uint64_t never_ns = UINT64_C(3600000000000), moment_ns = 100000;

struct other {
    struct rp_gil *gil;
    atomic_bool holds, may_drop;
};

static void *take_and_drop(void *argument)
{
    struct other *const other = argument;

    (void)rp_gil_take(other->gil);
    atomic_store(&other->holds, true);
    while (!atomic_load(&other->may_drop))
        rp_ticks_sleep_until(rp_ticks_now() + 10000);
    rp_gil_drop(other->gil);
    return NULL;
}

static struct rp_gil gil_of(uint64_t interval_ns)
{
    struct rp_gil gil;

    cr_assert(eq(int, rp_gil_init(&gil, interval_ns, NULL), RP_OK));
    return gil;
}

Test(gil, a_process_without_one_takes_nothing)
{
    cr_expect(eq(u64, rp_gil_take(NULL), 0));
    cr_expect(eq(u64, rp_gil_check(NULL), 0));
    rp_gil_drop(NULL);
    rp_gil_free(NULL);
}

Test(gil, one_thread_alone_never_waits_nor_switches)
{
    struct rp_gil gil = gil_of(moment_ns);

    for (int i = 0; i < 1000; i++) {
        cr_expect(eq(u64, rp_gil_take(&gil), 0));
        cr_expect(eq(u64, rp_gil_check(&gil), 0));
        rp_gil_drop(&gil);
    }
    cr_expect(eq(u64, gil.switch_number, 1), "the first take is one");
    cr_expect(eq(u64, gil.forced_number, 0));
    rp_gil_free(&gil);
}

Test(gil, who_waits_an_interval_asks_and_the_holder_comes_back_after_him)
{
    struct rp_gil gil = gil_of(moment_ns);
    struct other other = {.gil = &gil};
    pthread_t thread;

    (void)rp_gil_take(&gil);
    cr_assert(eq(int, pthread_create(&thread, NULL, take_and_drop, &other), 0));
    while (!atomic_load(&gil.drop_request))
        rp_ticks_sleep_until(rp_ticks_now() + 10000);
    cr_expect(not(atomic_load(&other.holds)), "he may ask, not take");
    atomic_store(&other.may_drop, true);
    cr_expect(gt(u64, rp_gil_check(&gil), 0));
    cr_expect(atomic_load(&other.holds), "he had it in between");
    cr_expect(eq(u64, gil.forced_number, 1));
    cr_expect(eq(u64, gil.switch_number, 3), "first, other, first");
    cr_expect(not(atomic_load(&gil.drop_request)), "the wish is fulfilled");
    rp_gil_drop(&gil);
    (void)pthread_join(thread, NULL);
    rp_gil_free(&gil);
}

Test(gil, a_holder_that_nobody_asked_keeps_it_at_a_check)
{
    struct rp_gil gil = gil_of(never_ns);
    struct other other = {.gil = &gil};
    pthread_t thread;

    (void)rp_gil_take(&gil);
    cr_assert(eq(int, pthread_create(&thread, NULL, take_and_drop, &other), 0));
    for (int i = 0; i < 1000; i++)
        cr_expect(eq(u64, rp_gil_check(&gil), 0));
    cr_expect(not(atomic_load(&other.holds)));
    atomic_store(&other.may_drop, true);
    rp_gil_drop(&gil); /* as one that blocks does */
    (void)pthread_join(thread, NULL);
    cr_expect(atomic_load(&other.holds), "a block gives it away, unasked");
    cr_expect(eq(u64, gil.forced_number, 0));
    rp_gil_free(&gil);
}

Test(gil, a_drop_that_was_asked_for_waits_until_it_was_taken)
{
    struct rp_gil gil = gil_of(moment_ns);
    struct other other = {.gil = &gil};
    pthread_t thread;

    (void)rp_gil_take(&gil);
    cr_assert(eq(int, pthread_create(&thread, NULL, take_and_drop, &other), 0));
    while (!atomic_load(&gil.drop_request))
        rp_ticks_sleep_until(rp_ticks_now() + 10000);
    rp_gil_drop(&gil);
    (void)pthread_mutex_lock(&gil.mutex);
    cr_expect(eq(u64, gil.switch_number, 2), "the other has it already");
    (void)pthread_mutex_unlock(&gil.mutex);
    atomic_store(&other.may_drop, true);
    (void)pthread_join(thread, NULL);
    rp_gil_free(&gil);
}
