/**
 * Advice: which changes of a stack buy most.
 *
 * Every move (plan/move.h) is looked at alone, then the best of them together,
 * a few at a time: each set is compiled, priced and solved, which takes a
 * fraction of a millisecond, so thousands are looked at. What is worth showing
 * is simulated with the same random numbers as the scenario itself, and its
 * gain has an interval by pairs of replications (plan/paired.h). Sets of which
 * none is both less effort and more gain make the front (V. Pareto).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_ADVICE_H
#define RP_PLAN_ADVICE_H

#include "model/edit.h"
#include "model/metric.h"
#include "model/profile.h"
#include "plan/move.h"
#include "plan/paired.h"
#include "plan/point.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

enum { RP_ADVICE_MOVES_MAX = 4 };

struct rp_advice_how {
    struct rp_move_efforts efforts;
    enum rp_metric metric; /* the gain is in it */
    unsigned moves;        /* together, 1 .. RP_ADVICE_MOVES_MAX */
    size_t top;            /* moves alone that are simulated */
    unsigned jobs;         /* threads; 0: one a processor */
    const char *seed;      /* instead of the scenario's; NULL: that */
    const volatile sig_atomic_t *stop; /* not zero: begin no more; NULL */
};

/** What a set of moves does to the mean request, by the compiler and prices. */
struct rp_advice_counts {
    double sync_to_async, async_to_sync, loops, threads; /* differences */
    double alone_ns, alone_se_ns; /* difference of a request that is alone, and
                                     its standard error by the unit costs */
};

struct rp_advice_row {
    size_t move_count;
    size_t moves[RP_ADVICE_MOVES_MAX]; /* indices */
    double effort;                     /* their sum */
    struct rp_advice_counts counts;
    double solved_gain; /* how much less time a request takes by the solver, or
                           how much more are served; a share of what it was */
    double capacity_ratio; /* NAN: unknown */
    bool simulated;
    double gain; /* of the metric, where simulated: a share, > 0 is better */
    struct rp_paired paired[RP_METRIC_COUNT];
    bool on_front;
};

struct rp_advice {
    struct rp_point baseline; /* owned */
    struct rp_moves moves;    /* owned */
    size_t row_count;
    struct rp_advice_row *rows; /* owned: simulated ones, those of the front
                                   first by effort, then by gain */
    size_t looked_at, refused;  /* sets that were solved, and that cannot be */
    char *hazards;              /* owned: plan/hazard.h */
    bool stopped;               /* before all was simulated */
};

/**
 * Look for advice.
 *
 * @param advice  written on success; rp_advice_free()
 * @return those of rp_draft_scenario(), rp_simulate() and rp_solve() for the
 *         scenario as it is; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_advise(const struct rp_draft *draft,
                                  const struct rp_profile *profile,
                                  const struct rp_advice_how *how,
                                  struct rp_advice *advice,
                                  struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_advice_free(struct rp_advice *advice);

/** The sentence of a row: its moves and what they save; free(). NULL: no
 * memory. */
char *rp_advice_sentence(const struct rp_advice *advice,
                         const struct rp_advice_row *row);

#endif
