/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RP_TESTS_PLAN_SQUARES_H
#define RP_TESTS_PLAN_SQUARES_H

#include "plan/sweep.h"

#include <stdatomic.h>

/* A sweep whose point i is the text of i * i; some fail, and it can be told to
 * stop. It checks that points are taken in order, and counts. */
struct squares {
    size_t count;
    size_t fails_from,
        fails_step; /* i >= from and i % step == 0; step 0: none */
    size_t slow;    /* this point waits for `release_at` others */
    size_t release_at;
    size_t stop_at;        /* take() of it sets `stop`; 0: never */
    size_t take_fails_at;  /* 0: never */
    atomic_size_t ran;     /* run() was called */
    atomic_size_t highest; /* that was begun */
    size_t taken;          /* the next that take() expects */
    size_t most_ahead;     /* the most that was begun beyond that */
    size_t failures;
    size_t kept;
    int wrong; /* out of order, or another text */
    volatile sig_atomic_t stop;
    char asked[32];
};

enum rp_code squares_run(void *context, size_t index, char **text,
                         struct rp_error *error);
enum rp_code squares_take(void *context, size_t index, const char *text,
                          const struct rp_error *failure,
                          struct rp_error *error);
enum rp_code squares_ask(void *context, size_t index,
                         struct rp_store_question *question,
                         struct rp_error *error);

/* run() and take(), no store. */
struct rp_handout_work squares_work(struct squares *squares);

/* All of it, with a store. */
struct rp_sweep squares_sweep(struct squares *squares);

#endif
