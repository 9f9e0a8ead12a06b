/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/layersstate.h"

#include "solve/mva.h"
#include "solve/queues.h"

#include <math.h>

/* All visits to a place together. */
struct crowd {
    double visits;  /* per request */
    double hold_ns; /* per request */
    double wait_ns; /* per request, as it is now */
    bool alike;     /* all come from one source */
};

static bool is_at(const struct rp_layering *l, size_t visit, size_t place)
{
    return l->demands->visits[visit].place == place &&
           l->demands->visits[visit].visits > 0.0;
}

static struct crowd crowd_at(const struct rp_layering *l, size_t place)
{
    struct crowd crowd = {.alike = l->contention->places[place].sources == 1};

    for (size_t i = 0; i < l->demands->visit_count; i++)
        if (is_at(l, i, place)) {
            const double visits = l->demands->visits[i].visits;

            crowd.visits += visits;
            crowd.hold_ns += l->visits[i].hold_ns;
            crowd.wait_ns += visits * l->visits[i].wait_ns;
        }
    return crowd;
}

/* Requests at one copy per ns. */
static double rate_at(const struct rp_layering *l, size_t place)
{
    return l->rate / l->demands->places[place].copies;
}

/* ---- Customers that are alike: a finite source ---- */

/* The wait of a visit where `customers` come back after `away_ns`. */
static enum rp_code repair_wait(const struct rp_layering *l, size_t place,
                                double service_ns, double away_ns,
                                unsigned customers, double *wait_ns)
{
    const struct rp_demand_place *const at = &l->demands->places[place];
    const struct rp_mva_station station = {.demand_ns = service_ns,
                                           .servers = at->servers,
                                           .scv = rp_layers_scv(at)};
    struct rp_mva mva = {0};
    enum rp_code code;

    *wait_ns = 0.0;
    if (customers <= at->servers)
        return RP_OK;
    code = rp_mva_solve(&station, 1, away_ns, customers, &mva, l->error);
    if (!code)
        *wait_ns = mva.response_ns - service_ns;
    rp_mva_free(&mva);
    return code;
}

/* They are away for as long as makes them come at the rate that they do. A
 * number that is not whole lies between two that are. */
static enum rp_code finite_wait(const struct rp_layering *l, size_t place,
                                const struct crowd *crowd, double *wait_ns)
{
    const double customers = l->contention->places[place].most;
    const double service_ns = crowd->hold_ns / crowd->visits;
    const double rate = rate_at(l, place) * crowd->visits;
    const double away_ns = fmax(0.0, customers / rate - service_ns -
                                         crowd->wait_ns / crowd->visits);
    const double whole = floor(customers), part = customers - whole;
    double fewer_ns, more_ns = 0.0;
    enum rp_code code =
        repair_wait(l, place, service_ns, away_ns, (unsigned)whole, &fewer_ns);

    if (!code && part > 0.0)
        code = repair_wait(l, place, service_ns, away_ns, (unsigned)whole + 1,
                           &more_ns);
    *wait_ns = (1.0 - part) * fewer_ns + part * more_ns;
    return code;
}

/* ---- One server, different customers ---- */

/* How much of the visits `other` an arriving one meets: not itself, and of its
 * own kind one less. */
static double meets(const struct rp_layering *l, size_t visit, size_t other)
{
    const struct rp_contention_visit *const own = &l->contention->visits[visit];
    const unsigned copies =
        l->demands->places[l->demands->visits[visit].place].copies;
    double customers = own->through;

    if (own->source != l->contention->visits[other].source)
        customers = l->load->open ? (double)INFINITY
                                  : (double)l->load->clients / copies;
    if (isinf(customers))
        return 1.0;
    return fmax(0.0, 1.0 - 1.0 / customers);
}

static double met_wait(const struct rp_layering *l, size_t visit)
{
    const struct rp_demands *const d = l->demands;
    const size_t place = d->visits[visit].place;
    const double rate = rate_at(l, place);
    double sum_ns = 0.0, most_ns = 0.0, busy = 0.0;

    for (size_t i = 0; i < d->visit_count; i++) {
        const struct rp_layers_visit *const at = &l->visits[i];

        if (!is_at(l, i, place))
            continue;
        const double visits = d->visits[i].visits;
        const double service_ns = at->hold_ns / visits;
        const double alone_ns = d->visits[i].hold_ns / visits;
        const double square =
            alone_ns > 0.0 && !d->places[place].shares
                ? d->visits[i].square_ns2 / (alone_ns * alone_ns)
                : 2.0;
        const double part = meets(l, visit, i);

        busy += rate * at->hold_ns;
        sum_ns += part * rate * service_ns *
                  (visits * at->wait_ns + at->hold_ns * 0.5 * square);
        most_ns += part * l->contention->visits[i].through * service_ns;
    }
    if (l->load->open && busy >= 1.0)
        return INFINITY;
    return fmin(sum_ns, most_ns);
}

/* ---- Open ---- */

static double open_wait(const struct rp_layering *l, size_t place,
                        const struct crowd *crowd)
{
    const struct rp_demand_place *const at = &l->demands->places[place];
    const double rate = rate_at(l, place) * crowd->visits;
    /* Taken in turns by the processes; who comes back, or comes only at times,
     * is as good as random. */
    const double first = fmin(crowd->visits, 1.0 / crowd->visits);
    const double gap_scv = 1.0 + (l->load->gap_scv / at->copies - 1.0) * first;

    return rp_queue_ggc_wait(rate, gap_scv, crowd->hold_ns / crowd->visits,
                             rp_layers_scv(at), at->servers);
}

enum rp_code rp_inner_wait(const struct rp_layering *l, size_t place,
                           double *wait_ns)
{
    const struct rp_contention_place *const c = &l->contention->places[place];
    const bool single = l->demands->places[place].servers == 1;
    const struct crowd crowd = crowd_at(l, place);
    double all_ns = 0.0;
    enum rp_code code = RP_OK;

    if (isinf(c->most) && (crowd.alike || !single))
        all_ns = open_wait(l, place, &crowd);
    else if (crowd.alike || !single)
        code = finite_wait(l, place, &crowd, &all_ns);
    for (size_t i = 0; i < l->demands->visit_count && !code; i++)
        if (is_at(l, i, place))
            wait_ns[i] = crowd.alike || !single ? all_ns : met_wait(l, i);
    return code;
}
