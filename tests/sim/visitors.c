/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visitors.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct rp_duration constant(double ms)
{
    return (struct rp_duration){RP_SHAPE_CONSTANT, ms * 1e6, 0.0};
}

void visitor(struct rp_network *network, double at_ms)
{
    const struct rp_duration gap = constant(100.0 + at_ms);

    rp_network_open(network, "visitor", &gap);
    rp_network_arrive(network);
}

static void part(struct rp_network *network, double ms)
{
    const struct rp_duration time = constant(ms);

    rp_network_own(network, rp_network_kind(network, "work"), &time, "work");
}

void visitor_holds(struct rp_network *network, double ms)
{
    part(network, ms);
    rp_network_hold(network);
}

void visitor_uses(struct rp_network *network, size_t station, double ms)
{
    rp_network_take(network, station);
    visitor_holds(network, ms);
    rp_network_give(network, station);
}

void visitor_served(struct rp_network *network, size_t station, double ms)
{
    part(network, ms);
    rp_network_serve(network, station);
}

void simple_visitor(struct rp_network *network, double at_ms, size_t station,
                    double ms)
{
    visitor(network, at_ms);
    if (network->stations[station].discipline == RP_DISCIPLINE_SHARING ||
        network->stations[station].discipline == RP_DISCIPLINE_QUANTUM)
        visitor_served(network, station, ms);
    else
        visitor_uses(network, station, ms);
    rp_network_answer(network);
}

struct rp_replication visit(const struct rp_network *network)
{
    const struct rp_engine_settings set = {.duration_ns = 199e6};
    struct rp_replication r = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_engine_run(network, &set, &r, &error), RP_OK), "%s",
              error.text);
    return r;
}

double visitor_response(const struct rp_replication *replication,
                        size_t visitor_index)
{
    return replication->classes[visitor_index].response_ns / 1e6;
}
