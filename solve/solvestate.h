/**
 * A scenario while it is being solved.
 *
 * Not for users of the library: solve.h is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_SOLVESTATE_H
#define RP_SOLVE_SOLVESTATE_H

#include "solve/flow.h"
#include "solve/solve.h"

struct rp_solving {
    const struct rp_scenario *scenario;
    const struct rp_routes *routes;
    const struct rp_profile *profile;
    bool crowded; /* the profile knows what happens under load */
    struct rp_crowding crowding;
    double *waits_ns; /* its; owned */
    struct rp_demands demands;
    struct rp_contention contention;
    bool open;
    double offered_per_ns, gap_scv; /* open: the load */
    size_t lone_place; /* open: the only place where anybody waits, once; else
                          place_count */
    struct rp_layers layers; /* what was found, whatever the method */
    bool saturated;
    unsigned unmodelled; /* things that the scenario asks for */
    struct rp_solution solution;
    struct rp_error *error;
};

/** The method that was used, why, and what it is worth. */
void rp_method_choose(struct rp_solving *s);

/** Percentiles, where there is a closed form. */
void rp_percentiles_fill(struct rp_solving *s);

#endif
