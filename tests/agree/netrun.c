/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "netrun.h"

#include "sim/engine.h"
#include "sim/interval.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

enum { REPLICATIONS = 10 };

static void hold(struct rp_network *net, double mean_ns, const char *purpose)
{
    const struct rp_duration time = {RP_SHAPE_EXPONENTIAL, mean_ns, 1.0};

    rp_network_own(net, rp_network_kind(net, "work"), &time, purpose);
    rp_network_hold(net);
}

static struct rp_network build(const struct closednet *from)
{
    struct rp_network net = {0};
    char name[32];

    for (size_t i = 0; i < from->count; i++) {
        (void)snprintf(name, sizeof name, "station %zu", i);
        (void)rp_network_station(&net, name, from->stations[i].servers, false);
    }
    rp_network_closed(&net, "clients", from->clients);
    if (from->think_ns > 0.0)
        hold(&net, from->think_ns, "think");
    rp_network_arrive(&net);
    for (size_t i = 0; i < from->count; i++) {
        (void)snprintf(name, sizeof name, "service %zu", i);
        rp_network_take(&net, i);
        hold(&net, from->stations[i].demand_ns, name);
        rp_network_give(&net, i);
    }
    rp_network_answer(&net);
    return net;
}

static bool simulate(const struct rp_network *net, uint64_t seed,
                     uint64_t requests, struct netrun *run)
{
    double values[REPLICATIONS];

    for (unsigned i = 0; i < REPLICATIONS; i++) {
        const struct rp_engine_settings settings = {.seed = seed,
                                                    .replication = i,
                                                    .warm_up = requests / 5,
                                                    .requests = requests};
        struct rp_replication r = {0};

        if (rp_engine_run(net, &settings, &r, NULL))
            return false;
        values[i] = (double)r.answered / r.span_ns;
        run->mean += values[i] / REPLICATIONS;
        rp_replication_free(&r);
    }
    run->half_width = rp_interval_half_width(values, REPLICATIONS) *
                      gsl_cdf_tdist_Pinv(0.9995, REPLICATIONS - 1) /
                      gsl_cdf_tdist_Pinv(0.975, REPLICATIONS - 1);
    return true;
}

bool netrun_both(const struct closednet *net, uint64_t seed, uint64_t requests,
                 struct netrun *run)
{
    struct rp_network network = build(net);
    struct rp_mva mva = {0};
    bool good;

    *run = (struct netrun){0};
    good = rp_mva_solve(net->stations, net->count, net->think_ns, net->clients,
                        &mva, NULL) == RP_OK;
    run->exact = mva.rate_per_ns;
    rp_mva_free(&mva);
    good = good && simulate(&network, seed, requests, run);
    rp_network_free(&network);
    return good;
}

bool netrun_agrees(const struct netrun *run)
{
    return fabs(run->mean - run->exact) <= run->half_width;
}
