/**
 * A layered network while it is being solved.
 *
 * Not for users of the library: layers.h is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_LAYERSSTATE_H
#define RP_SOLVE_LAYERSSTATE_H

#include "solve/layers.h"

struct rp_layering {
    const struct rp_demands *demands;
    const struct rp_contention *contention;
    unsigned clients;
    bool *outermost;    /* by place: solved by mean value analysis */
    unsigned processes; /* whose network that is; 1: all are one */
    double rate;        /* throughput per ns, as far as it is known */
    struct rp_layers_visit *visits;
    bool exact;
    struct rp_error *error;
};

/**
 * The wait of each visit to an inner place at the present throughput and the
 * present times inside it.
 *
 * @param wait_ns  [visit] written for visits to that place
 */
RP_CHECKED enum rp_code rp_inner_wait(const struct rp_layering *l, size_t place,
                                      double *wait_ns);

#endif
