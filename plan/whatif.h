/**
 * What if: variants of a scenario against the scenario as it is.
 *
 * Every point of a grid is evaluated and handed on as soon as it is there, in
 * the order of the grid: so a million take no more memory than a hundred, and
 * however many threads work, the rows are the same. Variants are simulated with
 * the same seed, so they meet the same luck, and what a variant changes is told
 * by pairs of replications (plan/paired.h). A combination that cannot be
 * (worker threads under a server that has none) is a row with the reason.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_WHATIF_H
#define RP_PLAN_WHATIF_H

#include "model/edit.h"
#include "model/metric.h"
#include "model/profile.h"
#include "plan/filter.h"
#include "plan/grid.h"
#include "plan/paired.h"
#include "plan/point.h"
#include "plan/pruning.h"
#include "plan/store.h"
#include "plan/workforce.h"

#include <signal.h>
#include <stddef.h>

/** Where points are kept, and from where they are taken (plan/sweep.h). */
struct rp_whatif_store {
    struct rp_store *store;
    bool resumes;             /* what it has is not evaluated again */
    const char *command_line; /* as it was started */
    const char *program;      /* "reqpath 0.1.0" */
    const char *profile_name, *profile_hash;
};

/** What is asked; all pointers are borrowed. */
struct rp_whatif {
    const struct rp_draft *draft;
    const struct rp_profile *profile;
    const struct rp_grid *grid;
    const char *seed; /* instead of the scenario's; NULL: that */
    enum rp_reader reader;
    const struct rp_filter *filters; /* a row passes all */
    size_t filter_count;
    struct rp_pruning_how pruning;      /* zero: none */
    unsigned jobs;                      /* threads; 0: as many as processors */
    const volatile sig_atomic_t *stop;  /* not zero: begin no more; NULL */
    const struct rp_whatif_store *kept; /* NULL: nowhere */
    struct rp_workforce *crew; /* who evaluates the grid instead of threads;
                             what is looked at before, to prune, each rank does
                             itself; borrowed; NULL */
};

/** One variant. All is borrowed, and gone after the call. */
struct rp_whatif_row {
    size_t index; /* of its point */
    const struct rp_grid_edits *edits;
    const struct rp_point *point; /* NULL: it cannot be */
    const char *reason;           /* why; else "" */
    struct rp_paired paired[RP_METRIC_COUNT];
};

/** Take a row: in the calling thread, in order. */
typedef enum rp_code (*rp_whatif_take)(void *context,
                                       const struct rp_whatif_row *row,
                                       struct rp_error *error);

/** What became of the points: the first four add up to those that were looked
 * at. */
struct rp_whatif_tally {
    size_t rows;     /* handed on with a point */
    size_t refused;  /* handed on without one */
    size_t filtered; /* not shown, for a filter */
    size_t pruned;   /* not evaluated */
    size_t pruned_by_bound, pruned_by_approximation; /* of the pruned */
    size_t found;                                    /* of all, in the store */
    bool stopped; /* before all were looked at */
};

/** The scenario as it is. The codes of rp_draft_scenario() and
 * rp_point_evaluate(). */
RP_CHECKED enum rp_code rp_whatif_baseline(const struct rp_whatif *whatif,
                                           struct rp_point *point,
                                           struct rp_error *error);

/**
 * Evaluate the grid.
 *
 * @param baseline  of rp_whatif_baseline()
 * @param tally     written always
 * @return what take() returns, and the store; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_whatif_run(const struct rp_whatif *whatif,
                                      const struct rp_point *baseline,
                                      rp_whatif_take take, void *context,
                                      struct rp_whatif_tally *tally,
                                      struct rp_error *error);

#endif
