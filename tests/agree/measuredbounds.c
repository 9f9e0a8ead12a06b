/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measuredbounds.h"

#include <string.h>

enum { PLACES_MAX = 16 };

static bool is_waiting(const struct rp_kind_result *kind)
{
    return strncmp(kind->name, "queue:", 6) == 0;
}

struct measuredbounds measuredbounds_take(const struct rp_scenario *scenario,
                                          const struct rp_result *result)
{
    const double clients = scenario->load.clients;
    struct rp_bound_place places[PLACES_MAX];
    struct measuredbounds m = {
        .rate = result->metrics[RP_METRIC_RPS].value / 1e9,
        .response_ns = result->metrics[RP_METRIC_MEAN].value};
    double alone_ns = 0.0;
    size_t count = 0;

    for (size_t i = 0; i < result->place_count && count < PLACES_MAX; i++)
        places[count++] = (struct rp_bound_place){
            .demand_ns = result->places[i].utilisation *
                         result->places[i].servers / m.rate,
            .servers = result->places[i].servers};
    for (size_t i = 0; i < result->kind_count; i++)
        if (!is_waiting(&result->kinds[i]))
            alone_ns += result->kinds[i].mean_ns;
    /* Little's law: whoever is not in the system is outside, ab's own queue
     * included, which delays nobody's answer. */
    m.bounds = rp_bounds_asymptotic(places, count, alone_ns,
                                    clients / m.rate - m.response_ns, clients);
    m.slack = 2.0 * clients * result->replications / (double)result->requests;
    return m;
}

bool measuredbounds_hold(const struct measuredbounds *m)
{
    return m->rate <= m->bounds.rate_high * (1.0 + m->slack) &&
           m->rate >= m->bounds.rate_low * (1.0 - m->slack);
}
