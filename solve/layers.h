/**
 * Layers: queues for places that are held while others are waited for.
 *
 * A thread that is held across other work has no service time of its own: it is
 * held as long as what runs inside it takes, queueing included. The method of
 * layers (J. A. Rolia, K. C. Sevcik, "The method of layers", IEEE Trans.
 * Software Eng. 21(8), 1995) takes such places layer by layer: what is waited
 * for inside lengthens the time that the outer place is held, and the holders
 * of the outer places are the customers of the inner ones. The rest of a
 * customer's cycle is to each queue a delay (P. A. Jacobson, E. D. Lazowska,
 * "Analyzing queueing networks with simultaneous resource possession", CACM
 * 25(2), 1982). The two are iterated until they agree.
 *
 * - The outermost places: exact mean value analysis (mva.h).
 * - An inner place whose customers are alike: mean value analysis of so many
 *   customers as its holders are threads, at the throughput from outside.
 * - An inner server that different holders share: each meets the others by
 *   Little's law, of so many as can be there at once one less (P. Schweitzer,
 *   1979; Y. Bard, 1979), those in service for their residual time.
 *
 * Where no place is held across another the first rule is all there is, and the
 * solution is that of mva.h.
 *
 * Processes share requests evenly: each is a network of its own with its part
 * of the clients. Open loads are built on closed ones (flow.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_LAYERS_H
#define RP_SOLVE_LAYERS_H

#include "solve/contention.h"

/** Of one visit of the demands. */
struct rp_layers_visit {
    double wait_ns; /* of each time */
    double hold_ns; /* per request, with what is waited for inside */
};

struct rp_layers {
    double rate_per_ns;
    double response_ns;
    bool exact; /* product form, service exponential: mva.h */
    bool converged;
    struct rp_layers_visit *visits; /* owned */
};

/**
 * Solve a closed load.
 *
 * @param contention  of so many clients
 * @param clients     >= 1
 * @param layers  written on success; rp_layers_free()
 * @return RP_ERR_VALUE (a request takes no time at all), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_layers_solve(const struct rp_demands *demands,
                                        const struct rp_contention *contention,
                                        unsigned clients,
                                        struct rp_layers *layers,
                                        struct rp_error *error);

/** Squared coefficient of variation of a place's visits; 1 where it shares. */
double rp_layers_scv(const struct rp_demand_place *place);

/** Harmless on a zeroed or freed one. */
void rp_layers_free(struct rp_layers *layers);

#endif
