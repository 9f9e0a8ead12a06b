/**
 * Open loads: the system as one server whose speed depends on how many are in.
 *
 * With n requests in it all the time, the system answers X(n) a second
 * (layers.h). Requests that come at random meet it as a queue whose rate of
 * service is X(n) when n are there, which is a birth and death process with a
 * closed form (K. M. Chandy, U. Herzog, L. Woo, "Parametric analysis of queuing
 * networks", IBM Journal of R&D 19(1), 1975). Exact for product-form networks,
 * approximate for the others; processes share requests as they do in a closed
 * load, evenly.
 *
 * Waits at places that are entered once at most depend on how regular
 * arrivals and holding times are: they are scaled by the mean of the two
 * squared coefficients of variation, as in GI/G/c (queues.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_FLOW_H
#define RP_SOLVE_FLOW_H

#include "solve/layers.h"

struct rp_flow {
    double rate_per_ns;     /* what arrives */
    double capacity_per_ns; /* with many requests in the system */
    double response_ns;     /* NAN where saturated */
    bool saturated;
    bool converged;
    struct rp_layers_visit *visits; /* owned; as in rp_layers, means over what
                                       requests meet */
};

/**
 * Solve an open load.
 *
 * @param rate_per_ns  > 0
 * @param gap_scv      squared coefficient of variation of the gaps between
 *                     arrivals
 * @param flow         written on success; rp_flow_free()
 * @return RP_ERR_VALUE (a request takes no time at all), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_flow_solve(const struct rp_demands *demands,
                                      double rate_per_ns, double gap_scv,
                                      struct rp_flow *flow,
                                      struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_flow_free(struct rp_flow *flow);

#endif
