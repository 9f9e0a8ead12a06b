/* SPDX-License-Identifier: GPL-3.0-or-later */
/* M/G/1//N: what residual.h says of itself, held by the engine. */
#include "model/duration.h"
#include "sim/engine.h"
#include "solve/mva.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

enum { REQUESTS = 60000 };

static struct rp_duration service_of(double scv)
{
    if (scv <= 0.0)
        return (struct rp_duration){RP_SHAPE_CONSTANT, 1e6, 0.0};
    if (scv < 1.0)
        return rp_duration_erlang(1e6, (unsigned)lround(1.0 / scv));
    return (struct rp_duration){RP_SHAPE_HYPEREXPONENTIAL, 1e6, sqrt(scv)};
}

static double simulated(double scv, unsigned clients, double think_ns)
{
    const struct rp_duration service = service_of(scv);
    const struct rp_duration think = {RP_SHAPE_EXPONENTIAL, think_ns, 1.0};
    const struct rp_engine_settings settings = {
        .seed = 11, .warm_up = REQUESTS / 10, .requests = REQUESTS};
    struct rp_network net = {0};
    struct rp_replication r = {0};
    const size_t server = rp_network_station(&net, "server", 1, false);
    double rate;

    rp_network_closed(&net, "clients", clients);
    rp_network_own(&net, rp_network_kind(&net, "think"), &think, "think");
    rp_network_hold(&net);
    rp_network_arrive(&net);
    rp_network_take(&net, server);
    rp_network_own(&net, rp_network_kind(&net, "work"), &service, "work");
    rp_network_hold(&net);
    rp_network_give(&net, server);
    rp_network_answer(&net);
    cr_assert(eq(int, rp_engine_run(&net, &settings, &r, NULL), RP_OK));
    rate = (double)r.answered / r.span_ns;
    rp_replication_free(&r);
    rp_network_free(&net);
    return rate;
}

static double solved(double scv, unsigned clients, double think_ns)
{
    const struct rp_mva_station station = {1e6, 1, scv};
    struct rp_mva mva = {0};
    double rate;

    cr_assert(eq(int, rp_mva_solve(&station, 1, think_ns, clients, &mva, NULL),
                 RP_OK));
    rate = mva.rate_per_ns;
    rp_mva_free(&mva);
    return rate;
}

/* 1 % and 2 %, and the noise of 60,000 services: 1 % for a scv of 4, 1.5 % for
 * 12. Without residual times the same is up to 5 % and 13 % off. */
Test(finitesource, throughput_is_as_near_as_residual_times_promise)
{
    static const struct {
        double scv, percent;
    } cases[] = {{0.0, 1.0}, {0.25, 1.2}, {4.0, 3.0}, {12.0, 3.5}};
    static const unsigned clients[] = {2, 4, 8, 16, 32};
    static const double thinks[] = {0.3, 1.0, 2.0}; /* a client */

    for (size_t i = 0; i < 4 * 5 * 3; i++) {
        const double scv = cases[i / 15].scv;
        const unsigned n = clients[i / 3 % 5];
        const double think_ns = thinks[i % 3] * n * 1e6;
        const double off =
            100.0 *
            (solved(scv, n, think_ns) / simulated(scv, n, think_ns) - 1.0);

        cr_expect(le(dbl, fabs(off), cases[i / 15].percent),
                  "scv %g, %u clients, think %g ms", scv, n, think_ns / 1e6);
    }
}

Test(finitesource, without_residual_times_it_would_be_noticed)
{
    const double right = simulated(12.0, 16, 16e6);

    cr_expect(gt(dbl, fabs(solved(1.0, 16, 16e6) / right - 1.0), 0.08));
}
