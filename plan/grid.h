/**
 * Grids: which variants a what-if asks for.
 *
 * Several keys are combined with each other: every value of one with every
 * value of the others, the last key changing fastest. Or with a sample of the
 * combinations, spread evenly over all of them: points of Sobol's sequence
 * (I. M. Sobol, USSR Comp. Math. and Math. Phys. 7, 1967; as in GSL, after
 * Antonov and Saleev), each taken to the combination whose cell it falls in,
 * each combination once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_GRID_H
#define RP_PLAN_GRID_H

#include "model/edit.h"
#include "model/error.h"
#include "plan/vary.h"

#include <stddef.h>

/** The most keys: as many dimensions as GSL's sequence has. */
#define RP_GRID_KEYS_MAX 40

/** The most combinations, and the most of a sample, which is kept in memory. */
#define RP_GRID_COUNT_MAX  ((size_t)1000000000)
#define RP_GRID_SAMPLE_MAX ((size_t)10000000)

struct rp_grid {
    const struct rp_vary *varies; /* borrowed */
    size_t vary_count;
    size_t all;      /* combinations */
    size_t count;    /* of points: all, or those of the sample */
    size_t *sampled; /* owned; numbers of combinations; NULL: all */
};

/** A point's edits, and room for values of sweeps. */
struct rp_grid_edits {
    size_t count;
    struct rp_edit edits[RP_GRID_KEYS_MAX];
    size_t indexes[RP_GRID_KEYS_MAX]; /* of the values */
    char values[RP_GRID_KEYS_MAX][RP_VARY_VALUE_SIZE];
};

/**
 * Combine keys.
 *
 * @param varies  `vary_count` of them, at least one
 * @param sample  how many points; 0: all combinations
 * @param grid    written on success; rp_grid_free()
 * @return RP_ERR_VALUE: a key twice, too many keys or combinations, a sample
 *         that is not smaller than the whole; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_grid_make(const struct rp_vary *varies,
                                     size_t vary_count, size_t sample,
                                     struct rp_grid *grid,
                                     struct rp_error *error);

/** Harmless on a zeroed or freed grid. */
void rp_grid_free(struct rp_grid *grid);

/** The edits of point `index`, below `count`; they borrow from grid and
 * `edits`. */
void rp_grid_edits(const struct rp_grid *grid, size_t index,
                   struct rp_grid_edits *edits);

#endif
