/* Several threads burn CPU under one GIL: never two at a time, and each gets
 * its turn. A plain program, as Criterion does not run under ThreadSanitizer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "microhandler/burn.h"
#include "microhandler/gil.h"
#include "microhandler/ticks.h"

#include <stdio.h>

enum { THREADS = 4, ROUNDS = 30 };

static struct {
    struct rp_gil gil;
    unsigned inside; /* guarded by the GIL alone */
    unsigned rounds, wrong;
} shared;

static void *burn(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        (void)rp_gil_take(&shared.gil);
        shared.wrong += shared.inside != 0;
        shared.inside++;
        shared.rounds++;
        shared.inside--;
        /* Longer than an interval: it will be asked. */
        (void)rp_burn_until(rp_ticks_cpu() + 400000, &shared.gil);
        rp_gil_drop(&shared.gil);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];

    if (rp_gil_init(&shared.gil, 100000, NULL))
        return 1;
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, burn, NULL) != 0)
            return 1;
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    if (shared.wrong || shared.rounds != THREADS * ROUNDS) {
        (void)fprintf(stderr, "%u rounds, %u with company\n", shared.rounds,
                      shared.wrong);
        return 1;
    }
    if (shared.gil.forced_number == 0) {
        (void)fprintf(stderr, "nobody was ever asked to drop the GIL\n");
        return 1;
    }
    rp_gil_free(&shared.gil);
    return 0;
}
