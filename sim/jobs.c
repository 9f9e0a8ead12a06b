/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "sim/jobs.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct pile {
    atomic_size_t next;
    size_t count;
    void (*work)(void *context, size_t index);
    void *context;
};

static void *work_off(void *argument)
{
    struct pile *const pile = argument;

    for (;;) {
        const size_t i =
            atomic_fetch_add_explicit(&pile->next, 1, memory_order_relaxed);
        if (i >= pile->count)
            return NULL;
        pile->work(pile->context, i);
    }
}

static unsigned processors(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n > 0 ? (unsigned)n : 1;
}

void rp_jobs_run(size_t count, unsigned jobs,
                 void (*work)(void *context, size_t index), void *context)
{
    struct pile pile = {.count = count, .work = work, .context = context};
    pthread_t threads[RP_JOBS_MAX];
    size_t started = 0, wanted = jobs ? jobs : processors();

    if (wanted > count)
        wanted = count;
    if (wanted > RP_JOBS_MAX)
        wanted = RP_JOBS_MAX;
    atomic_init(&pile.next, 0);
    while (started + 1 < wanted &&
           pthread_create(&threads[started], NULL, work_off, &pile) == 0)
        started++;
    (void)work_off(&pile);
    for (size_t i = 0; i < started; i++)
        (void)pthread_join(threads[i], NULL);
}
