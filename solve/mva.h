/**
 * Mean value analysis of a closed network with one population.
 *
 * What a client meets when it arrives somewhere is what it would see in the
 * same network with one client less (M. Reiser, S. S. Lavenberg, "Mean-value
 * analysis of closed multichain queueing networks", JACM 27(2), 1980). So the
 * means follow exactly, client by client. Servers of a station are counted by
 * the marginal probabilities of the same paper; the probability that a station
 * is empty, whose usual recursion loses all its digits where the station is
 * busy, comes from the network without that station instead (M. Reiser, "Mean-
 * value analysis and convolution method for queue-dependent servers in closed
 * queueing networks", Performance Evaluation 1, 1981).
 *
 * Exact where service is exponential, or stations share. A station whose
 * service varies otherwise has the residual time of its own service, as M.
 * Reiser proposed ("A queueing network analysis of computer communication
 * networks with window flow control", IEEE Trans. Comm. 27(8), 1979), in the
 * form of residual.h. The whole is then an approximation; it is held to what
 * the busiest station can do.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_MVA_H
#define RP_SOLVE_MVA_H

#include "model/error.h"

#include <stdbool.h>
#include <stddef.h>

/** The most stations of several servers each: the work doubles with each. */
#define RP_MVA_SEVERAL_MAX 8

struct rp_mva_station {
    double demand_ns; /* service per request, all visits; >= 0 */
    unsigned servers; /* >= 1 */
    double scv;       /* squared coefficient of variation of a visit's service:
                         1 exponential, and where the station shares */
};

/** Of one station. */
struct rp_mva_place {
    double residence_ns; /* per request, waiting and service */
    double queue_mean;   /* requests that wait or are served */
    double utilisation;  /* of its servers, 0..1 */
};

struct rp_mva {
    double rate_per_ns; /* throughput */
    double response_ns; /* sum of residences */
    bool exact;
    size_t count;
    struct rp_mva_place *places; /* owned */
};

/**
 * Solve for `clients`.
 *
 * @param stations  `count` of them, at most RP_MVA_SEVERAL_MAX with several
 *                  servers
 * @param think_ns  that a client is at no station, per request; >= 0. Not 0
 *                  where all demands are
 * @param clients   >= 1
 * @param mva       written on success; rp_mva_free()
 * @return RP_ERR_VALUE (too many stations of several servers, no time at all),
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_mva_solve(const struct rp_mva_station *stations,
                                     size_t count, double think_ns,
                                     unsigned clients, struct rp_mva *mva,
                                     struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_mva_free(struct rp_mva *mva);

#endif
