/**
 * Moves: what somebody could change about a stack, each with its effort.
 *
 * A move is a few edits of the scenario (model/edit.h) and a sentence. Which
 * moves a scenario has follows from what it is made of: layers are converted or
 * dropped, the stack is reordered as far as its rules allow (model/ordering.h),
 * the view, the server and its threads are changed, and the framework's version
 * is raised.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_MOVE_H
#define RP_PLAN_MOVE_H

#include "model/edit.h"
#include "model/ordering.h"
#include "model/scenario.h"

#include <stddef.h>

/* Kinds of moves: enum, word, what one costs where the user says nothing. The
 * unit is arbitrary: what counts is how the efforts compare. */
#define RP_MOVE_LIST(X)                                                        \
    X(RP_MOVE_REORDER, "reorder", 1.0)                                         \
    X(RP_MOVE_THREADS, "threads", 1.0)                                         \
    X(RP_MOVE_PROCESSES, "processes", 1.0)                                     \
    X(RP_MOVE_HYBRID, "hybrid", 3.0)                                           \
    X(RP_MOVE_ASYNC, "async", 3.0)                                             \
    X(RP_MOVE_SYNC, "sync", 3.0)                                               \
    X(RP_MOVE_DROP, "drop", 4.0)                                               \
    X(RP_MOVE_VERSION, "version", 5.0)                                         \
    X(RP_MOVE_SERVER, "server", 5.0)                                           \
    X(RP_MOVE_VIEW, "view", 8.0)

#define RP_MOVE_AS_ENUM(kind, word, effort) kind,
enum rp_move_kind { RP_MOVE_LIST(RP_MOVE_AS_ENUM) RP_MOVE_COUNT };
#undef RP_MOVE_AS_ENUM

/** The word of a kind; static storage. RP_MOVE_COUNT: there is none of it. */
const char *rp_move_word(enum rp_move_kind kind);
enum rp_move_kind rp_move_parse(const char *word);

/** What moves cost; -1: they are not to be made. */
struct rp_move_efforts {
    double of_kind[RP_MOVE_COUNT];
    size_t layer_count; /* efforts of layers by name, instead of their kind's */
    const char **layers; /* borrowed */
    const double *of_layer;
};

struct rp_move_efforts rp_move_efforts_default(void);

enum { RP_MOVE_EDITS_MAX = 4 };

struct rp_move {
    enum rp_move_kind kind;
    size_t layer; /* that it is about; the number of layers: none */
    char *text;   /* owned: `make "audit" hybrid` */
    double effort;
    size_t edit_count;
    struct rp_edit edits[RP_MOVE_EDITS_MAX];
    char *memory[2 * RP_MOVE_EDITS_MAX]; /* owned: the edits' texts */
};

struct rp_moves {
    size_t count;
    struct rp_move *moves; /* owned */
};

/**
 * Every move that a scenario has.
 *
 * @param orders  stacks that are worth a look, as indices of layers, `count`
 *                times the number of layers; NULL where `count` is 0
 * @param moves   written on success; rp_moves_free()
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_moves_of(const struct rp_scenario *scenario,
                                    const struct rp_move_efforts *efforts,
                                    const size_t *orders, size_t order_count,
                                    struct rp_moves *moves,
                                    struct rp_error *error);

/** Harmless on zeroed or freed moves. */
void rp_moves_free(struct rp_moves *moves);

/** True where two moves can be made together: they are about different things,
 * and neither is about a layer that the other drops or reorders. */
bool rp_moves_go_together(const struct rp_move *a, const struct rp_move *b,
                          const struct rp_scenario *scenario);

#endif
