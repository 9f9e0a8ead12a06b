/**
 * Workforces: who works at points that are handed out, for short the crew.
 *
 * A crew is given numbers of points and gives back texts, in whatever order
 * they get finished. There are three: the calling thread alone, threads, and
 * the ranks of an MPI job (ranks/ranks.h). plan/handout.h talks to all of them
 * through this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_WORKFORCE_H
#define RP_PLAN_WORKFORCE_H

#include "model/error.h"

#include <stdbool.h>
#include <stddef.h>

/** The most threads of a crew. */
#define RP_WORKFORCE_THREADS_MAX 256

#define RP_HOST_NAME_SIZE 65

/**
 * Answer point `index`, in any thread or rank.
 *
 * @param text  new memory, UTF-8 without zeros; untouched on failure
 */
typedef enum rp_code (*rp_workforce_do)(void *context, size_t index,
                                        char **text, struct rp_error *error);

/** A point that is done. */
struct rp_done {
    size_t index;
    enum rp_code code;            /* of the point */
    char *text;                   /* owned: the answer, or why there is none */
    double seconds;               /* that it took */
    char host[RP_HOST_NAME_SIZE]; /* where */
};

/** What a crew does; its functions are called by one thread. */
struct rp_workforce {
    void *self;
    size_t capacity; /* points that it should have to be always busy */

    /** Give it a point. */
    enum rp_code (*give)(void *self, size_t index, struct rp_error *error);

    /** Wait for a point that was given to be done; there is one. */
    enum rp_code (*receive)(void *self, struct rp_done *done,
                            struct rp_error *error);

    /** Take back the point that was given last, where its number is not below
     * `least` and nobody has begun it; false: it is not so. */
    bool (*withdraw)(void *self, size_t least, size_t *index);

    /** The hand-out has ended: nothing is underway. NULL: nobody needs to be
     * told. */
    void (*finish)(void *self);

    /** Not NULL in a process that hands out nothing: work until the one that
     * does calls finish(). */
    enum rp_code (*serve)(void *self, rp_workforce_do run, void *context,
                          struct rp_error *error);
};

/** Answer a point and time it: what every crew does in the end. `done` is
 * written always; its text is NULL where memory was short for it. */
void rp_workforce_work(rp_workforce_do run, void *context, size_t index,
                       struct rp_done *done);

/** The machine's name. */
void rp_workforce_host(char host[RP_HOST_NAME_SIZE]);

/**
 * A crew of this process.
 *
 * @param jobs  1: the calling thread, when it receives; else so many threads,
 *              at most RP_WORKFORCE_THREADS_MAX; 0: as many as processors
 * @return NULL: memory was short, or no thread could be started
 */
struct rp_workforce *rp_workforce_new(unsigned jobs, rp_workforce_do run,
                                      void *context);

/** Ends its threads, once they have done what they were given. Harmless on
 * NULL. */
void rp_workforce_free(struct rp_workforce *crew);

#endif
