/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/sweep.h"
#include "ranks/ranks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* rankrun COUNT MICROSECONDS [STORE [DIES_AT]]: a sweep of COUNT points that
 * burn so much CPU each, in the ranks that mpirun has started, or in the
 * calling thread. The first rank prints the points, and to standard error how
 * long that took and what was run. With STORE it resumes; the rank that gets
 * point DIES_AT is no more. */
struct course {
    double burn_s;
    long dies_at;
    char asked[32];
};

static double now_s(clockid_t clock)
{
    struct timespec t;

    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static enum rp_code run(void *context, size_t index, char **text,
                        struct rp_error *error)
{
    const struct course *const c = context;
    const double until = now_s(CLOCK_PROCESS_CPUTIME_ID) + c->burn_s;
    char buffer[64];

    if ((long)index == c->dies_at)
        abort();
    while (c->burn_s > 0.0 && now_s(CLOCK_PROCESS_CPUTIME_ID) < until) {
    }
    if (index % 1000 == 999)
        return rp_fail(error, RP_ERR_UNSTABLE, "point %zu is too much", index);
    (void)snprintf(buffer, sizeof buffer, "%zu %.17g", index,
                   sqrt((double)index));
    *text = strdup(buffer);
    return *text ? RP_OK : rp_fail(error, RP_ERR_MEMORY, "no memory");
}

static enum rp_code take(void *context, size_t index, const char *text,
                         const struct rp_error *failure, struct rp_error *error)
{
    (void)context;
    (void)index;
    (void)error;
    (void)puts(text ? text : failure->text);
    return RP_OK;
}

static enum rp_code ask(void *context, size_t index,
                        struct rp_store_question *question,
                        struct rp_error *error)
{
    struct course *const c = context;

    (void)error;
    (void)snprintf(c->asked, sizeof c->asked, "%zu", index);
    *question = (struct rp_store_question){
        .scenario_text = c->asked, .reader = "sqrt", .program = "rankrun"};
    return RP_OK;
}

int main(int argc, char **argv)
{
    struct course course = {.dies_at = argc > 4 ? atol(argv[4]) : -1};
    struct rp_sweep sweep = {.command = "rankrun",
                             .command_line = "rankrun",
                             .program = "rankrun",
                             .question = rp_fingerprint_begin(),
                             .ask = ask,
                             .run = run,
                             .take = take,
                             .context = &course};
    struct rp_handout_how how = {.jobs = 1, .goes_on = true};
    struct rp_handout_tally tally;
    struct rp_store *store = NULL;
    struct rp_ranks *ranks = NULL;
    struct rp_error error = {0};
    enum rp_code code = RP_OK;
    double begun_s;
    bool is_first;

    if (argc < 3)
        return 2;
    sweep.count = (size_t)atol(argv[1]);
    course.burn_s = 1e-6 * atof(argv[2]);
    if (rp_ranks_launched())
        code = rp_ranks_join(&ranks, &error);
    how.crew = ranks ? rp_ranks_crew(ranks) : NULL;
    is_first = !ranks || rp_ranks_number(ranks) == 0;
    if (!code && is_first && argc > 3)
        code = rp_store_open(argv[3], RP_STORE_WRITE, &store, &error);
    begun_s = now_s(CLOCK_MONOTONIC);
    if (!code)
        code = rp_sweep_run(&sweep, store, true, &how, &tally, &error);
    if (!code && is_first)
        (void)fprintf(stderr, "%zu points, %zu ran, %zu failed, %.3f s\n",
                      tally.taken, tally.ran, tally.failed,
                      now_s(CLOCK_MONOTONIC) - begun_s);
    if (code)
        (void)fprintf(stderr, "rankrun: %s\n", error.text);
    rp_store_close(store);
    rp_ranks_leave(ranks);
    return code ? 2 : 0;
}
