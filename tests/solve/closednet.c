/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "closednet.h"

#include <math.h>

/* Knuth's MMIX generator: only to be at random. */
static double next(uint64_t *state)
{
    *state =
        *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) * 0x1p-53;
}

static unsigned whole(uint64_t *state, unsigned least, unsigned most)
{
    return least + (unsigned)(next(state) * (double)(most - least + 1));
}

struct closednet closednet_random(uint64_t number, unsigned clients_most)
{
    uint64_t state = number * 2654435761u + 17;
    struct closednet net = {.count = 0};

    (void)next(&state);
    net.count = whole(&state, 1, CLOSEDNET_STATIONS_MAX);
    for (size_t i = 0; i < net.count; i++)
        net.stations[i] = (struct rp_mva_station){
            .demand_ns = 1e6 * exp(4.0 * next(&state) - 2.0),
            .servers = whole(&state, 0, 1) ? 1 : whole(&state, 2, 4),
            .scv = 1.0};
    if (whole(&state, 0, 2) > 0)
        net.think_ns = 1e6 * exp(4.0 * next(&state) - 1.0);
    net.clients = whole(&state, 1, clients_most);
    return net;
}

/* The weight of all states of the stations from `station` on with `clients`. */
static double weigh(const struct closednet *net, size_t station,
                    unsigned clients)
{
    double weight = 1.0, sum = 0.0;

    if (station >= net->count || station >= CLOSEDNET_STATIONS_MAX) {
        /* the rest thinks */
        for (unsigned k = 1; k <= clients; k++)
            weight *= net->think_ns / 1e6 / k;
        return weight;
    }
    for (unsigned k = 0; k <= clients; k++) {
        const unsigned m = net->stations[station].servers;

        if (k > 0)
            weight *= net->stations[station].demand_ns / 1e6 / (k < m ? k : m);
        sum += weight * weigh(net, station + 1, clients - k);
    }
    return sum;
}

double closednet_rate_by_states(const struct closednet *net)
{
    return weigh(net, 0, net->clients - 1) / weigh(net, 0, net->clients) / 1e6;
}
