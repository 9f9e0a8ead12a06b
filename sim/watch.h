/**
 * Watching: one request's life, told while the engine runs.
 *
 * Whoever wants to know what a single request went through hands the engine a
 * watch: from then on it is told each step of that request, each queue, and how
 * it ended. What is told is exact, but that a queue of no time is not told;
 * and watching changes nothing: the run is the same with and without it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_WATCH_H
#define RP_SIM_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What can happen to a request, in one list. */
#define RP_MOMENT_LIST(X)                                                      \
    X(RP_MOMENT_BEGINS, "it comes, or its client begins to think")             \
    X(RP_MOMENT_STEP, "a step is taken: the station is had, the hold begins")  \
    X(RP_MOMENT_SPENDS, "one part of the hold that has just begun")            \
    X(RP_MOMENT_QUEUES, "it queues for the station of a step")                 \
    X(RP_MOMENT_LEAVES, "its patience is over: all goes back")                 \
    X(RP_MOMENT_TURNED_AWAY, "the queue of a step is full: all goes back")     \
    X(RP_MOMENT_GIVES_UP, "that was its last attempt")                         \
    X(RP_MOMENT_ANSWERED, "it is done")

#define RP_MOMENT_AS_ENUM(kind, meaning) kind,
enum rp_moment_kind { RP_MOMENT_LIST(RP_MOMENT_AS_ENUM) };
#undef RP_MOMENT_AS_ENUM

struct rp_moment {
    enum rp_moment_kind kind;
    uint64_t at_ns;
    uint64_t number;  /* of the request, from 0 */
    size_t step;      /* of the network; what BEGINS is about is its first */
    size_t part;      /* SPENDS: of the network */
    double span_ns;   /* SPENDS */
    unsigned process; /* that serves it */
};

struct rp_watch {
    uint64_t number;    /* of the request, from 0, in the order in which those
                           of the first source begin; a client's begins when it
                           starts to think */
    bool after_warm_up; /* instead: the first that begins after the warm-up */
    void (*tell)(void *context, const struct rp_moment *moment);
    void *context; /* borrowed, like what `tell` points to */
};

#endif
