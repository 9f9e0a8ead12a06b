/**
 * Sweeps: points that are handed out, with a store behind them.
 *
 * One call for a command that asks for many points: those that the store has
 * are taken from it, the others are run by threads or ranks and kept as soon as
 * they are there, and all are taken in order. Without a store it is
 * rp_handout(). What a sweep is interrupted at, be it by a signal, a full disk
 * or a power cut, the next one that resumes goes on with: it runs what is
 * missing, and what it gives is the same to the byte.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_SWEEP_H
#define RP_PLAN_SWEEP_H

#include "plan/handout.h"
#include "plan/store.h"

/**
 * What point `index` asks: in the calling thread. Its texts are borrowed until
 * the next call.
 */
typedef enum rp_code (*rp_sweep_ask)(void *context, size_t index,
                                     struct rp_store_question *question,
                                     struct rp_error *error);

struct rp_sweep {
    const char *command;            /* "whatif" */
    const char *command_line;       /* as it was started */
    const char *program;            /* "reqpath 0.1.0" */
    struct rp_fingerprint question; /* of all that makes its points: a sweep
                                       with the same one may be gone on with */
    size_t count;
    rp_sweep_ask ask;
    rp_workforce_do run;
    rp_handout_take take;
    void *context; /* of the three */
};

/**
 * Run a sweep.
 *
 * @param store    where points are kept; NULL: nowhere
 * @param resumes  points that the store has, of whatever sweep, are not run
 *                 again, and the newest sweep with this question that has not
 *                 ended gets the points; else everything is run, as a new sweep
 * @return as rp_handout(), and what the store returns. The sweep has ended in
 *         the store where all of its points are in it
 */
RP_CHECKED enum rp_code rp_sweep_run(const struct rp_sweep *sweep,
                                     struct rp_store *store, bool resumes,
                                     const struct rp_handout_how *how,
                                     struct rp_handout_tally *tally,
                                     struct rp_error *error);

#endif
