/**
 * Threads share one compiled program and one scenario without a lock.
 *
 * Each thread counts the shared program and compiles a program of its own from
 * the shared scenario, many times over. ThreadSanitizer sees a write to either;
 * the counts show one that it does not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "model/program.h"
#include "model/scenario.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREAD_COUNT = 4, ROUND_COUNT = 200 };

struct shared {
    struct rp_scenario scenario;
    struct rp_program program;
    struct rp_counts counts;
};

static bool one_round(const struct shared *shared)
{
    struct rp_program own = {0};
    struct rp_error error = {0};
    bool same = false;

    if (rp_program_compile(&own, &shared->scenario, &error) == RP_OK) {
        const struct rp_counts seen = rp_program_count(&shared->program);
        const struct rp_counts counts = rp_program_count(&own);

        same = memcmp(&seen, &shared->counts, sizeof seen) == 0 &&
               memcmp(&counts, &shared->counts, sizeof counts) == 0;
    }
    rp_program_free(&own);
    return same;
}

static void *many_rounds(void *argument)
{
    const struct shared *shared = argument;

    for (int i = 0; i < ROUND_COUNT; i++)
        if (!one_round(shared))
            return "a thread counts another program than it was given";
    return NULL;
}

static const char *run_threads(struct shared *shared)
{
    pthread_t threads[THREAD_COUNT];
    const char *failure = NULL;
    int started = 0;

    while (started < THREAD_COUNT &&
           pthread_create(&threads[started], NULL, many_rounds, shared) == 0)
        started++;
    if (started < THREAD_COUNT)
        failure = "a thread does not start";
    for (int i = 0; i < started; i++) {
        void *said = NULL;

        if (pthread_join(threads[i], &said) != 0 || said != NULL)
            failure = said != NULL ? said : "a thread does not end";
    }
    return failure;
}

static const char *compile_and_share(struct shared *shared)
{
    struct rp_error error = {0};

    if (rp_scenario_init(&shared->scenario, &error) != RP_OK ||
        rp_scenario_set_letters(&shared->scenario, "S A M S H", &error) !=
            RP_OK ||
        rp_program_compile(&shared->program, &shared->scenario, &error) !=
            RP_OK)
        return "the scenario does not compile";
    shared->counts = rp_program_count(&shared->program);
    if (shared->counts.sync_to_async == 0)
        return "the program has no crossing to count";
    return run_threads(shared);
}

int main(void)
{
    struct shared shared = {0};
    const char *failure = compile_and_share(&shared);

    rp_program_free(&shared.program);
    rp_scenario_free(&shared.scenario);
    if (failure != NULL)
        (void)fprintf(stderr, "%s\n", failure);
    return failure == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
