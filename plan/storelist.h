/**
 * What is in a store: its sweeps and their points, one after the other.
 *
 * Rows are handed on while they are read, so a store may be larger than the
 * memory. Texts are borrowed and gone after the call.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_STORELIST_H
#define RP_PLAN_STORELIST_H

#include "plan/store.h"

/** A sweep with what its points have in common. */
struct rp_store_listed {
    struct rp_store_sweep sweep;
    double seconds;  /* that its answers took, also where they were found */
    int64_t last_ms; /* when its newest answer was kept; 0: it has none */
};

typedef enum rp_code (*rp_store_take_sweep)(
    void *context, const struct rp_store_listed *listed,
    struct rp_error *error);

/** All sweeps, the oldest first. */
RP_CHECKED enum rp_code rp_store_sweeps(struct rp_store *store,
                                        rp_store_take_sweep take, void *context,
                                        struct rp_error *error);

/** A point with its answer. */
struct rp_store_point {
    int64_t sweep;
    uint64_t place;
    int64_t answer;
    const char *key;
    struct rp_store_question question;
    struct rp_store_origin origin;
    const char *text;
};

typedef enum rp_code (*rp_store_take_point)(void *context,
                                            const struct rp_store_point *point,
                                            struct rp_error *error);

/** Which points: of a sweep (0: of all), one place of it or, with `all_places`,
 * all. */
struct rp_store_which {
    int64_t sweep;
    bool all_places;
    uint64_t place;
};

/** Points in the order of sweeps and places. */
RP_CHECKED enum rp_code rp_store_points(struct rp_store *store,
                                        const struct rp_store_which *which,
                                        rp_store_take_point take, void *context,
                                        struct rp_error *error);

#endif
