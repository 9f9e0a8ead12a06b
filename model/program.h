/**
 * The path program: every step that one request takes, in order.
 *
 * A scenario is compiled once, here. Every reader (the simulator, the solver,
 * the microhandler) reads the same finished program, so a disagreement between
 * them is about time, never about what a request does.
 *
 * A program does not change after rp_program_compile(); threads may share it.
 * The rules that it follows are those of the frameworks' own code; they are
 * held to counts that were taken from it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_PROGRAM_H
#define RP_MODEL_PROGRAM_H

#include "model/error.h"
#include "model/item.h"
#include "model/scenario.h"

#include <stddef.h>
#include <stdio.h>

/* The steps, in one list. ENTER..LEAVE and TAKE..GIVE nest like brackets. The
 * readers switch over them without a default case: a new line here does not
 * compile until all readers say what it means to them. */
#define RP_STEP_LIST(X)                                                        \
    X(RP_STEP_CPU, "cpu", "keep the present place busy")                       \
    X(RP_STEP_WAIT, "wait", "I/O: frees a loop, blocks a thread")              \
    X(RP_STEP_ENTER, "enter", "cross to another place and queue there")        \
    X(RP_STEP_LEAVE, "leave", "go back to the place that was left")            \
    X(RP_STEP_TAKE, "take", "take one unit of a counted resource")             \
    X(RP_STEP_GIVE, "give", "return it")

#define RP_STEP_AS_ENUM(op, name, meaning) op,
enum rp_op { RP_STEP_LIST(RP_STEP_AS_ENUM) };
#undef RP_STEP_AS_ENUM

/* Places where code runs. A loop is never held by a suspended request; a
 * thread always is, by everything that runs inside it. */
#define RP_PLACE_LIST(X)                                                       \
    X(RP_PLACE_WORKER, "worker", "a worker thread of the server")              \
    X(RP_PLACE_LOOP, "loop", "the server's event loop")                        \
    X(RP_PLACE_SENSITIVE, "sensitive",                                         \
      "the process's one thread for thread-sensitive code")                    \
    X(RP_PLACE_CONTEXT, "context",                                             \
      "the request's own thread-sensitive thread")                             \
    X(RP_PLACE_POOL, "pool", "a thread of the loop's default pool")            \
    X(RP_PLACE_CALLER, "caller",                                               \
      "the thread that waits in the enclosing async_to_sync")                  \
    X(RP_PLACE_INNER_LOOP, "inner loop", "a new event loop in a new thread")   \
    X(RP_PLACE_OUTER_LOOP, "outer loop",                                       \
      "an inner loop that runs already, further out")

#define RP_PLACE_AS_ENUM(place, name, meaning) place,
enum rp_place { RP_PLACE_LIST(RP_PLACE_AS_ENUM) };
#undef RP_PLACE_AS_ENUM

/** How a bracket crosses. */
enum rp_crossing { RP_CROSS_NONE, RP_CROSS_S2A, RP_CROSS_A2S };

/* What caused a step: a layer's index, or one of these. */
enum { RP_ORIGIN_SERVER = -1, RP_ORIGIN_HANDLER = -2, RP_ORIGIN_VIEW = -3 };

struct rp_step {
    enum rp_op op;
    enum rp_place place;    /* ENTER: where to; the others: where it runs */
    enum rp_crossing cross; /* ENTER and LEAVE only */
    enum rp_item item;      /* what the profile prices; RP_ITEM_NONE: `own` */
    double share;           /* of the item's cost that falls here, 0..1: the two
                               hops of a crossing are two steps */
    struct rp_duration own; /* CPU and WAIT without an item: the scenario's */
    size_t resource;        /* TAKE and GIVE: index into the scenario */
    int origin;             /* layer index, or RP_ORIGIN_* */
    const char *what; /* static words: "process_request", "response.close" */
    unsigned depth;   /* of brackets around it */
};

/** Counts of one steady request; see rp_program_count(). Threads of the
 * server's loop's default pool are kept from request to request, and not
 * counted; a loop that is made has a pool of its own. */
struct rp_counts {
    unsigned sync_to_async, async_to_sync;
    unsigned loops_created, threads_created;
    unsigned pool_threads; /* of those: of the pools of loops that were made */
    unsigned s2a_caller, s2a_sensitive, s2a_context, s2a_pool;
};

struct rp_program {
    size_t step_count, capacity;
    struct rp_step *steps; /* owned; read it, do not write it */
    enum rp_place start;   /* where the server hands a request over */
    size_t answer_step; /* the client has its answer before this step is begun;
                           step_count: after all of them */
    bool beyond_known;  /* a version newer than the rules: newest taken */
};

/**
 * Compile `scenario` into `program`.
 *
 * @param program   written in full; release it with rp_program_free(), also
 *                  after a failure
 * @param scenario  only read; need not outlive the program
 * @return RP_ERR_VALUE (no rules for the framework or version),
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_program_compile(struct rp_program *program,
                                           const struct rp_scenario *scenario,
                                           struct rp_error *error);

/** Release what compile allocated. Harmless on a zeroed or freed program. */
void rp_program_free(struct rp_program *program);

/** Count crossings, loops and threads, as the framework's developers count
 * them: calls of sync_to_async and async_to_sync, event loops made, threads
 * started, in a request that is not the first. */
struct rp_counts rp_program_count(const struct rp_program *program);

/** How often each item is paid: `amounts[RP_ITEM_COUNT]`, shares added up. */
void rp_program_items(const struct rp_program *program,
                      double amounts[RP_ITEM_COUNT]);

/** Words of the lists above; static storage. */
const char *rp_op_name(enum rp_op op);
const char *rp_place_name(enum rp_place place);
const char *rp_place_meaning(enum rp_place place);

/** "sync_to_async", "async_to_sync"; NULL: it does not cross. */
const char *rp_crossing_name(enum rp_crossing crossing);

/**
 * Who caused a step, for people: "auth", "view", "handler", "server".
 *
 * @param scenario  the one that was compiled
 * @return borrowed from the scenario, or static
 */
const char *rp_step_origin(const struct rp_step *step,
                           const struct rp_scenario *scenario);

#endif
