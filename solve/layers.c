/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/layers.h"

#include "solve/layersstate.h"
#include "solve/mva.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ITERATIONS_MAX = 3000, PATIENT_AFTER = 200 };

/* Relative, of the throughput and of waits. Where a wait is at its limit there
 * may be a kink, about which the iteration swings for ever by less than one in
 * a hundred thousand: late, that is enough. */
static const double precision = 1e-10, late_precision = 1e-5;

double rp_layers_scv(const struct rp_demand_place *place)
{
    const double mean_ns =
        place->visits > 0.0 ? place->demand_ns / place->visits : 0.0;

    if (place->shares || !(mean_ns > 0.0))
        return 1.0;
    return fmax(0.0, place->square_ns2 / (mean_ns * mean_ns) - 1.0);
}

static enum rp_code no_memory(const struct rp_layering *l)
{
    return rp_fail(l->error, RP_ERR_MEMORY, "out of memory for layers");
}

static bool contended(const struct rp_layering *l, size_t visit)
{
    return l->contention->places[l->demands->visits[visit].place].contended &&
           l->demands->visits[visit].visits > 0.0;
}

/* ---- Who is outermost ---- */

static bool is_ever_inside(const struct rp_layering *l, size_t place)
{
    for (size_t i = 0; i < l->demands->visit_count; i++)
        if (l->demands->visits[i].place == place &&
            l->contention->visits[i].parent != RP_VISIT_NONE)
            return true;
    return false;
}

/* Processes have networks of their own where some outermost place is theirs; a
 * place that all processes share is then seen from inside of each. */
static void find_outermost(struct rp_layering *l)
{
    const struct rp_demands *const d = l->demands;
    size_t several = 0;

    l->processes = 1;
    for (size_t i = 0; i < d->place_count; i++) {
        l->outermost[i] =
            l->contention->places[i].contended && !is_ever_inside(l, i);
        if (l->outermost[i] && d->places[i].copies > 1)
            l->processes = d->places[i].copies;
    }
    for (size_t i = 0; i < d->place_count; i++) {
        several += l->outermost[i] && d->places[i].servers > 1;
        if (d->places[i].copies != l->processes ||
            (several > RP_MVA_SEVERAL_MAX && d->places[i].servers > 1))
            l->outermost[i] = false;
    }
}

/* ---- One turn ---- */

/* What is inside lengthens what is around it, from the inside outwards. */
static void lengthen(struct rp_layering *l)
{
    const struct rp_demands *const d = l->demands;

    for (size_t i = 0; i < d->visit_count; i++)
        l->visits[i].hold_ns = l->contention->visits[i].own_ns;
    for (size_t i = d->visit_count; i-- > 0;) {
        const size_t parent = l->contention->visits[i].parent;

        if (contended(l, i) && parent != RP_VISIT_NONE)
            l->visits[parent].hold_ns +=
                d->visits[i].visits * l->visits[i].wait_ns +
                l->visits[i].hold_ns;
    }
}

/* Where a client is when it is at no outermost place; less the time for which
 * it seems to be at one, but has its answer. */
static double elsewhere_ns(const struct rp_layering *l)
{
    const struct rp_demands *const d = l->demands;
    double sum_ns = l->contention->delay_ns + l->contention->outside_ns;

    for (size_t i = 0; i < d->visit_count; i++) {
        const bool is_outermost = l->outermost[d->visits[i].place];
        const bool is_after = d->visits[i].phase == RP_PHASE_AFTER;
        const double all_ns =
            d->visits[i].visits * l->visits[i].wait_ns + l->visits[i].hold_ns;

        if (!contended(l, i) ||
            l->contention->visits[i].parent != RP_VISIT_NONE)
            continue;
        if (is_outermost && is_after)
            sum_ns -= l->visits[i].hold_ns;
        else if (!is_outermost && !is_after)
            sum_ns += all_ns;
    }
    return sum_ns;
}

static size_t fill_stations(const struct rp_layering *l,
                            struct rp_mva_station *stations, size_t *place_of)
{
    const struct rp_demands *const d = l->demands;
    size_t count = 0;

    for (size_t i = 0; i < d->place_count; i++) {
        double demand_ns = 0.0;

        if (!l->outermost[i])
            continue;
        for (size_t v = 0; v < d->visit_count; v++)
            if (d->visits[v].place == i)
                demand_ns += l->visits[v].hold_ns;
        stations[count] =
            (struct rp_mva_station){.demand_ns = demand_ns,
                                    .servers = d->places[i].servers,
                                    .scv = rp_layers_scv(&d->places[i])};
        place_of[count++] = i;
    }
    return count;
}

/* So many processes have so many clients: what they find adds up. */
static enum rp_code add_processes(struct rp_layering *l, unsigned processes,
                                  unsigned clients,
                                  const struct rp_mva_station *stations,
                                  size_t count, double *residence_ns,
                                  double *rate)
{
    struct rp_mva mva = {0};
    enum rp_code code;

    if (processes == 0 || clients == 0)
        return RP_OK;
    code =
        rp_mva_solve(stations, count, elsewhere_ns(l), clients, &mva, l->error);
    for (size_t i = 0; i < count && !code; i++)
        residence_ns[i] +=
            processes * mva.rate_per_ns * mva.places[i].residence_ns;
    if (!code) {
        *rate += processes * mva.rate_per_ns;
        l->exact &= mva.exact;
    }
    rp_mva_free(&mva);
    return code;
}

static void spread_residence(struct rp_layering *l, size_t place,
                             double wait_ns)
{
    const struct rp_demands *const d = l->demands;

    for (size_t v = 0; v < d->visit_count; v++)
        if (d->visits[v].place == place)
            l->visits[v].wait_ns = wait_ns / d->places[place].visits;
}

/* The throughput, and the waits at the outermost places. */
static enum rp_code solve_outermost(struct rp_layering *l)
{
    const size_t room = l->demands->place_count + 1;
    struct rp_mva_station *const stations = calloc(room, sizeof *stations);
    size_t *const place_of = calloc(room, sizeof *place_of);
    double *const residence_ns = calloc(room, sizeof *residence_ns);
    const unsigned fewer = l->clients / l->processes;
    const unsigned rest = l->clients % l->processes;
    double rate = 0.0;
    size_t count = 0;
    enum rp_code code = RP_OK;

    if (!stations || !place_of || !residence_ns)
        code = no_memory(l);
    else
        count = fill_stations(l, stations, place_of);
    l->exact = l->processes == 1;
    if (!code)
        code = add_processes(l, l->processes - rest, fewer, stations, count,
                             residence_ns, &rate);
    if (!code)
        code = add_processes(l, rest, fewer + 1, stations, count, residence_ns,
                             &rate);
    for (size_t i = 0; i < count && !code; i++)
        spread_residence(
            l, place_of[i],
            fmax(0.0, residence_ns[i] / rate - stations[i].demand_ns));
    if (!code)
        l->rate = rate;
    free(stations);
    free(place_of);
    free(residence_ns);
    return code;
}

/* Inner waits go a part of the way to what they should be. Gives the largest
 * change, relative to a request's time in `moved`. */
static enum rp_code solve_inner(struct rp_layering *l, double step,
                                double *wait_ns, double *moved)
{
    const struct rp_demands *const d = l->demands;
    enum rp_code code = RP_OK;

    *moved = 0.0;
    for (size_t i = 0; i < d->visit_count; i++)
        wait_ns[i] = l->visits[i].wait_ns;
    for (size_t i = 0; i < d->place_count && !code; i++)
        if (l->contention->places[i].contended && !l->outermost[i])
            code = rp_inner_wait(l, i, wait_ns);
    for (size_t i = 0; i < d->visit_count; i++)
        if (!l->outermost[d->visits[i].place])
            wait_ns[i] *= 1.0 - d->visits[i].kept;
    for (size_t i = 0; i < d->visit_count && !code; i++) {
        const double change_ns = wait_ns[i] - l->visits[i].wait_ns;

        if (!contended(l, i) || l->outermost[d->visits[i].place])
            continue;
        *moved = fmax(*moved, fabs(change_ns) * d->visits[i].visits /
                                  (d->alone_ns + d->think_ns));
        l->visits[i].wait_ns += step * change_ns;
    }
    return code;
}

static enum rp_code iterate(struct rp_layering *l, double *wait_ns,
                            struct rp_layers *out)
{
    enum rp_code code = RP_OK;

    for (unsigned i = 0; i < ITERATIONS_MAX && !code; i++) {
        const bool late = i >= PATIENT_AFTER;
        const double enough =
            i < 2 * PATIENT_AFTER ? precision : late_precision;
        const double before = l->rate;
        double moved = 0.0;

        lengthen(l);
        code = solve_outermost(l);
        if (!code)
            code = solve_inner(l, late ? 0.05 : 0.5, wait_ns, &moved);
        out->converged =
            fabs(l->rate - before) <= enough * l->rate && moved <= enough;
        if (out->converged)
            break;
    }
    return code;
}

/* Of every visit, whether its place is contended or not, what it is held with
 * all waiting inside. */
static void hold_all(struct rp_layering *l)
{
    const struct rp_demands *const d = l->demands;

    for (size_t i = 0; i < d->visit_count; i++)
        l->visits[i].hold_ns = d->visits[i].own_ns;
    for (size_t i = d->visit_count; i-- > 0;)
        if (d->visits[i].parent != RP_VISIT_NONE)
            l->visits[d->visits[i].parent].hold_ns +=
                d->visits[i].visits * l->visits[i].wait_ns +
                l->visits[i].hold_ns;
}

static void add_up(struct rp_layering *l, struct rp_layers *out)
{
    const struct rp_demands *const d = l->demands;

    out->rate_per_ns = l->rate;
    out->exact = l->exact && !l->contention->nested;
    out->response_ns = d->alone_ns;
    for (size_t i = 0; i < d->visit_count; i++)
        if (d->visits[i].phase == RP_PHASE_RESPONSE)
            out->response_ns += d->visits[i].visits * l->visits[i].wait_ns;
    hold_all(l);
}

enum rp_code rp_layers_solve(const struct rp_demands *demands,
                             const struct rp_contention *contention,
                             unsigned clients, struct rp_layers *layers,
                             struct rp_error *error)
{
    const size_t visits = demands->visit_count + 1;
    struct rp_layering l = {.demands = demands,
                            .contention = contention,
                            .clients = clients,
                            .error = error};
    struct rp_layers fresh = {0};
    double *const wait_ns = calloc(visits, sizeof *wait_ns);
    enum rp_code code;

    l.outermost = calloc(demands->place_count + 1, sizeof *l.outermost);
    l.visits = calloc(visits, sizeof *l.visits);
    if (!l.outermost || !l.visits || !wait_ns) {
        free(l.outermost);
        free(l.visits);
        free(wait_ns);
        return no_memory(&l);
    }
    find_outermost(&l);
    code = iterate(&l, wait_ns, &fresh);
    free(l.outermost);
    free(wait_ns);
    if (code) {
        free(l.visits);
        return code;
    }
    add_up(&l, &fresh);
    fresh.visits = l.visits;
    *layers = fresh;
    return RP_OK;
}

void rp_layers_free(struct rp_layers *layers)
{
    free(layers->visits);
    *layers = (struct rp_layers){0};
}
