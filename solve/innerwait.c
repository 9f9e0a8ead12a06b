/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/layersstate.h"

#include "solve/mva.h"
#include "solve/residual.h"

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

static bool is_inside(const struct rp_demands *d, size_t visit, size_t place)
{
    for (size_t up = d->visits[visit].parent; up != RP_VISIT_NONE;
         up = d->visits[up].parent)
        if (d->visits[up].place == place)
            return true;
    return false;
}

/* How much of the visits `other` an arriving one meets: of so many requests as
 * can be at both at once it is one itself. Two that hold the same thread never
 * meet. */
static double meets(const struct rp_layering *l, size_t visit, size_t other)
{
    const struct rp_demands *const d = l->demands;
    const double copies = d->places[d->visits[visit].place].copies;
    double both = l->clients / copies;

    for (size_t up = d->visits[visit].parent; up != RP_VISIT_NONE;
         up = d->visits[up].parent) {
        const struct rp_demand_place *const at =
            &d->places[d->visits[up].place];

        if (is_inside(d, other, d->visits[up].place))
            both = fmin(both, (double)at->servers * at->copies / copies);
    }
    return fmax(0.0, 1.0 - 1.0 / both);
}

/* Squared coefficient of variation of a visit's time; 1 where all share. */
static double scv_of(const struct rp_layering *l, size_t visit)
{
    const struct rp_visit *const v = &l->demands->visits[visit];
    const double mean_ns = v->hold_ns / v->visits;

    if (l->demands->places[v->place].shares || !(mean_ns > 0.0))
        return 1.0;
    return fmax(0.0, v->square_ns2 / (mean_ns * mean_ns) - 1.0);
}

/* Time of one that is sent by the same source between two such visits. */
static double away_ns(const struct rp_layering *l, size_t visit)
{
    const struct rp_contention_visit *const c = &l->contention->visits[visit];
    const struct rp_visit *const v = &l->demands->visits[visit];

    return fmax(0.0, c->through / (rate_at(l, v->place) * v->visits) -
                         l->visits[visit].wait_ns -
                         l->visits[visit].hold_ns / v->visits);
}

static double busy_at(const struct rp_layering *l, size_t place)
{
    double busy = 0.0;

    for (size_t i = 0; i < l->demands->visit_count; i++)
        if (is_at(l, i, place))
            busy += rate_at(l, place) * l->visits[i].hold_ns;
    return busy;
}

static double met_wait(const struct rp_layering *l, size_t visit)
{
    const struct rp_demands *const d = l->demands;
    const size_t place = d->visits[visit].place;
    const double rate = rate_at(l, place), busy = busy_at(l, place);
    const double gap_ns = away_ns(l, visit);
    double sum_ns = 0.0, most_ns = 0.0;

    for (size_t i = 0; i < d->visit_count; i++) {
        const struct rp_layers_visit *const at = &l->visits[i];

        if (!is_at(l, i, place))
            continue;
        const double service_ns = at->hold_ns / d->visits[i].visits;
        const double part = meets(l, visit, i);
        const double more =
            rp_residual_excess(scv_of(l, i), gap_ns / service_ns, busy, 1);

        sum_ns +=
            part * rate * service_ns *
            (d->visits[i].visits * at->wait_ns + at->hold_ns * (1.0 + more));
        most_ns += part * l->contention->visits[i].through * service_ns;
    }
    return fmin(sum_ns, most_ns);
}

enum rp_code rp_inner_wait(const struct rp_layering *l, size_t place,
                           double *wait_ns)
{
    const bool single = l->demands->places[place].servers == 1;
    const struct crowd crowd = crowd_at(l, place);
    double all_ns = 0.0;
    enum rp_code code = RP_OK;

    if (crowd.alike || !single)
        code = finite_wait(l, place, &crowd, &all_ns);
    for (size_t i = 0; i < l->demands->visit_count && !code; i++)
        if (is_at(l, i, place))
            wait_ns[i] = crowd.alike || !single ? all_ns : met_wait(l, i);
    return code;
}
