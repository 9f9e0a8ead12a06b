/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "squares.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool fails(const struct squares *s, size_t index)
{
    return s->fails_step > 0 && index >= s->fails_from &&
           index % s->fails_step == 0;
}

static void nap(void)
{
    const struct timespec ms = {.tv_nsec = 1000000};

    (void)nanosleep(&ms, NULL);
}

enum rp_code squares_run(void *context, size_t index, char **text,
                         struct rp_error *error)
{
    struct squares *const s = context;
    size_t highest = atomic_load(&s->highest);
    char buffer[64];

    while (index > highest &&
           !atomic_compare_exchange_weak(&s->highest, &highest, index)) {
    }
    (void)atomic_fetch_add(&s->ran, 1);
    while (s->release_at > 0 && index == s->slow &&
           atomic_load(&s->ran) < s->release_at)
        nap();
    if (fails(s, index))
        return rp_fail(error, RP_ERR_UNSTABLE, "point %zu is not to be had",
                       index);
    (void)snprintf(buffer, sizeof buffer, "%zu", index * index);
    *text = strdup(buffer);
    return *text ? RP_OK : rp_fail(error, RP_ERR_MEMORY, "no memory");
}

enum rp_code squares_take(void *context, size_t index, const char *text,
                          const struct rp_error *failure,
                          struct rp_error *error)
{
    struct squares *const s = context;
    const size_t highest = atomic_load(&s->highest);
    char expected[64];

    if (s->take_fails_at > 0 && index == s->take_fails_at)
        return rp_fail(error, RP_ERR_IO, "the output is full");
    if (highest > index && highest - index > s->most_ahead)
        s->most_ahead = highest - index;
    if (s->stop_at > 0 && index == s->stop_at)
        s->stop = 1;
    if (fails(s, index)) {
        (void)snprintf(expected, sizeof expected, "point %zu is not to be had",
                       index);
        s->wrong += text != NULL || failure->code != RP_ERR_UNSTABLE ||
                    strcmp(failure->text, expected) != 0;
        s->failures++;
    } else {
        (void)snprintf(expected, sizeof expected, "%zu", index * index);
        s->wrong += !text || failure->code || strcmp(text, expected) != 0;
    }
    s->wrong += index != s->taken;
    s->taken = index + 1;
    return RP_OK;
}

enum rp_code squares_ask(void *context, size_t index,
                         struct rp_store_question *question,
                         struct rp_error *error)
{
    struct squares *const s = context;

    (void)error;
    (void)snprintf(s->asked, sizeof s->asked, "square: %zu\n", index);
    *question = (struct rp_store_question){.scenario_name = "square",
                                           .scenario_text = s->asked,
                                           .reader = "multiply",
                                           .seed = 7,
                                           .program = "squares 1"};
    return RP_OK;
}

struct rp_handout_work squares_work(struct squares *squares)
{
    return (struct rp_handout_work){
        .run = squares_run, .take = squares_take, .context = squares};
}

struct rp_sweep squares_sweep(struct squares *squares)
{
    struct rp_fingerprint question = rp_fingerprint_begin();

    rp_fingerprint_add_text(&question, "squares");
    return (struct rp_sweep){.command = "squares",
                             .command_line = "squares --all",
                             .program = "squares 1",
                             .question = question,
                             .count = squares->count,
                             .ask = squares_ask,
                             .run = squares_run,
                             .take = squares_take,
                             .context = squares};
}
