/**
 * Random closed product-form networks, and their throughput without any
 * algorithm: by adding up all states.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_SOLVE_CLOSEDNET_H
#define RP_TESTS_SOLVE_CLOSEDNET_H

#include "solve/mva.h"

#include <stdint.h>

enum { CLOSEDNET_STATIONS_MAX = 5 };

struct closednet {
    struct rp_mva_station stations[CLOSEDNET_STATIONS_MAX];
    size_t count;
    double think_ns;
    unsigned clients;
};

/** Network number `number`: 1 to 5 stations of 1 to 4 servers, some of them
 * slow, think time or none, up to so many clients. */
struct closednet closednet_random(uint64_t number, unsigned clients_most);

/** Throughput as G(N-1)/G(N), G by enumeration of all states. */
double closednet_rate_by_states(const struct closednet *net);

#endif
