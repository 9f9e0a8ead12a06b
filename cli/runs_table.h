/**
 * Tables of what is in a store: sweeps, points, and two of them side by side.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_RUNS_TABLE_H
#define RP_CLI_RUNS_TABLE_H

#include "plan/digest.h"
#include "plan/storelist.h"
#include "report/table.h"

/** A point in memory. */
struct rp_runs_point {
    uint64_t place;
    char *name, *scenario; /* owned */
    struct rp_digest digest;
};

/** Points of a sweep, or one of them; zero it. */
struct rp_runs_points {
    struct rp_store_which which;
    size_t count, room;
    struct rp_runs_point *points; /* owned */
};

/** Read those that `points->which` names. */
RP_CHECKED enum rp_code rp_runs_read(struct rp_store *store,
                                     struct rp_runs_points *points,
                                     struct rp_error *error);

/** Harmless on a zeroed one. */
void rp_runs_points_free(struct rp_runs_points *points);

/** The sweeps; NULL: memory was short, or `error` says more. */
struct rp_table *rp_runs_list(struct rp_store *store, struct rp_error *error);

/**
 * Points of a store with their numbers; the columns are those that the first of
 * them has.
 *
 * @param whole  intervals and provenance too
 * @param keys   what the columns' names are borrowed from: free it after the
 *               table
 */
struct rp_table *rp_runs_points_table(struct rp_store *store,
                                      const struct rp_store_which *which,
                                      bool whole, struct rp_digest *keys,
                                      struct rp_error *error);

/** Points of two sweeps that are of the same scenario, number by number; two
 * single points whatever they are of. */
struct rp_table *rp_runs_compare(const struct rp_runs_points *a,
                                 const struct rp_runs_points *b);

#endif
