/**
 * Handing out: the points of a sweep, to whoever works, and back in order.
 *
 * The calling thread hands out points by their number, keeps each answer as
 * soon as it is there, and takes the answers in the order of their numbers. So
 * what is made of them does not depend on who worked, nor on how many. Answers
 * are texts, so that they can come from a thread, from another machine
 * (ranks/ranks.h) or from a store (plan/sweep.h) and are the same bytes.
 *
 * Of a million points only a window is in memory: no point is handed out that
 * is further ahead of the next one to be taken.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_HANDOUT_H
#define RP_PLAN_HANDOUT_H

#include "model/error.h"
#include "plan/workforce.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * Take the answer to point `index`: in the calling thread, in order.
 *
 * @param text     the answer; NULL where the point has failed (only where
 *                 `goes_on` was asked for)
 * @param failure  why it failed; its code is RP_OK where there is an answer
 * @return anything but RP_OK ends the hand-out with that error
 */
typedef enum rp_code (*rp_handout_take)(void *context, size_t index,
                                        const char *text,
                                        const struct rp_error *failure,
                                        struct rp_error *error);

/** An answer that is there already: in the calling thread, before the point is
 * handed out. `*text` in new memory, or left at NULL. */
typedef enum rp_code (*rp_handout_find)(void *context, size_t index,
                                        char **text, struct rp_error *error);

/** A new answer, as soon as it is there, in any order: in the calling thread.
 * It is not called for what has failed, nor for what was found. */
typedef enum rp_code (*rp_handout_keep)(void *context, size_t index,
                                        const struct rp_done *done,
                                        struct rp_error *error);

/** What is done with a point; `context` is handed to all of them. */
struct rp_handout_work {
    rp_workforce_do run; /* in any thread or rank, several at a time */
    rp_handout_take take;
    rp_handout_find find; /* NULL: nothing is there already */
    rp_handout_keep keep; /* NULL: answers are only taken */
    void *context;
};

/** How it is done; zero is a thread for each processor. */
struct rp_handout_how {
    unsigned jobs; /* threads; 1: the calling thread alone; 0: as many as
                      processors */
    struct rp_workforce
        *crew;    /* who works instead of threads; borrowed; NULL */
    bool goes_on; /* points that fail do not stop the others */
    const volatile sig_atomic_t *stop; /* not zero: what is underway is
                                          finished, nothing is begun; NULL */
    size_t window; /* points in memory; 0: RP_HANDOUT_WINDOW */
};

#define RP_HANDOUT_WINDOW 1024

/** What became of the points. */
struct rp_handout_tally {
    size_t taken;  /* handed to take(): all, where nothing stopped it */
    size_t found;  /* of the taken, by find() */
    size_t ran;    /* answers that are new, also those that were not taken */
    size_t failed; /* of the taken */
    bool stopped;  /* by the stop flag, before all were taken */
    bool is_elsewhere; /* this process was one of the crew: whoever handed out
                          has the rest of this */
};

/**
 * Run points 0 .. count - 1.
 *
 * Where a point fails and `goes_on` is false, those before it are taken and its
 * error is returned: the one with the lowest number, whoever worked.
 *
 * @param tally  written always; may be NULL
 * @return what run(), take(), find() or keep() returned; RP_ERR_MEMORY. A stop
 *         is no error: see `tally`
 */
RP_CHECKED enum rp_code rp_handout(size_t count,
                                   const struct rp_handout_work *work,
                                   const struct rp_handout_how *how,
                                   struct rp_handout_tally *tally,
                                   struct rp_error *error);

#endif
