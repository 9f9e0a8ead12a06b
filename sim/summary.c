/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/summary.h"

#include "sim/lower.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Time in the system of requests that were given up. */
static double given_up_ns(const struct rp_replication *all)
{
    double sum = 0.0;

    for (size_t i = 0; i < all->class_count; i++)
        sum += all->classes[i].given_up_ns;
    return sum;
}

/* What is in response times and not in the system: pauses between attempts. */
static double paused_ns(const struct rp_replication *all)
{
    double sum = 0.0;

    for (size_t i = 0; i < all->class_count; i++)
        sum += all->classes[i].paused_ns;
    return sum;
}

static void add_up(struct rp_simulation *s)
{
    const struct rp_replication *const all = &s->total;
    struct rp_result *const out = &s->result;

    out->requests = all->answered;
    out->duration_ns = all->span_ns;
    out->in_flight_at_end = all->in_flight_at_end;
}

/* Both sides of each law were counted apart: sim/laws.h. */
static void add_laws(struct rp_simulation *s)
{
    const struct rp_replication *const all = &s->total;
    struct rp_result *const out = &s->result;
    double underway_ns;
    uint64_t lost = 0;

    for (size_t i = 0; i < all->class_count; i++)
        lost += all->classes[i].turned_away + all->classes[i].left;
    out->arrived = all->arrived;
    out->unaccounted = (int64_t)(all->in_flight_at_start + all->arrived -
                                 all->answered - lost - all->in_flight_at_end);
    out->in_flight_mean = all->in_flight_ns / all->span_ns;
    /* L = X R, all times the measured time: areas on both sides. Whoever
     * pauses before it tries again is underway too. */
    underway_ns = all->in_flight_ns + fmax(0.0, paused_ns(all));
    if (underway_ns > 0.0)
        out->little_gap =
            fabs(underway_ns - all->response_ns - given_up_ns(all)) /
            underway_ns;
}

static unsigned all_servers(const struct rp_simulation *s,
                            const struct rp_station *station)
{
    const unsigned long long copies =
        station->in_process ? s->network.processes : 1;
    const unsigned long long all = copies * station->servers;

    return all > UINT_MAX ? UINT_MAX : (unsigned)all;
}

static void fill_place(const struct rp_simulation *s, size_t station,
                       struct rp_place_result *place)
{
    const double requests = (double)s->result.requests;
    const struct rp_station_stats *const t = &s->total.stations[station];
    const double visits = (double)t->visits;

    (void)snprintf(place->name, sizeof place->name, "%s",
                   s->network.stations[station].name);
    place->servers = all_servers(s, &s->network.stations[station]);
    place->utilisation = t->busy_ns / (s->result.duration_ns * place->servers);
    place->queue_mean = t->queue_ns / s->result.duration_ns;
    place->wait_ns = visits > 0.0 ? t->queue_ns / visits : 0.0;
    place->utilisation_gap = t->busy_ns > 0.0
                                 ? fabs(t->busy_ns - t->served_ns) / t->busy_ns
                                 : (double)NAN;
    place->visits = requests > 0.0 ? visits / requests : 0.0;
}

size_t rp_summary_busiest(const struct rp_simulation *s)
{
    const struct rp_place_result *const places = s->result.places;
    size_t best = 0;

    for (size_t i = 1; i < s->result.place_count; i++)
        if (places[i].utilisation > places[best].utilisation &&
            s->network.stations[i].queue_max > 0)
            best = i;
    return best;
}

static enum rp_code fill_places(struct rp_simulation *s)
{
    struct rp_result *const out = &s->result;
    double busiest;

    out->places = calloc(s->network.station_count + 1, sizeof *out->places);
    if (!out->places)
        return rp_simulation_no_memory(s);
    out->place_count = s->network.station_count;
    out->utilisation_gap = NAN; /* which fmax() passes over */
    for (size_t i = 0; i < out->place_count; i++) {
        fill_place(s, i, &out->places[i]);
        out->utilisation_gap =
            fmax(out->utilisation_gap, out->places[i].utilisation_gap);
    }
    busiest = out->places[rp_summary_busiest(s)].utilisation;
    out->capacity_per_s =
        busiest > 0.0 ? 1e9 * (double)out->requests / s->total.span_ns / busiest
                      : (double)NAN;
    return RP_OK;
}

static bool is_clients_own(const struct rp_simulation *s, size_t station)
{
    return strcmp(s->network.stations[station].name, "ab") == 0 && station == 0;
}

/* The station before which requests wait to be let in: those that give up wait
 * there and nowhere else. */
static size_t entry_of(const struct rp_network *net)
{
    bool arrived = false;

    for (size_t i = 0; i < net->step_count; i++) {
        const struct rp_network_step *const step = &net->steps[i];

        arrived |= step->op == RP_NETWORK_ARRIVE;
        if (arrived && step->op == RP_NETWORK_TAKE &&
            net->stations[step->station].queue_max > 0)
            return step->station;
    }
    return net->station_count;
}

/* Waiting of the mean answered request: what others waited in vain is not its.
 */
static double queue_ns(const struct rp_simulation *s, size_t station)
{
    const double all = s->total.stations[station].queue_ns;
    const double vain =
        station == entry_of(&s->network) ? given_up_ns(&s->total) : 0.0;

    return fmax(0.0, all - vain) / fmax(1.0, (double)s->result.requests);
}

static void add_kind(struct rp_result *out, const char *prefix,
                     const char *name, double mean_ns)
{
    struct rp_kind_result *const kind = &out->kinds[out->kind_count];

    if (!(mean_ns > 0.0))
        return;
    kind->mean_ns = mean_ns;
    (void)snprintf(kind->name, sizeof kind->name, "%s%s", prefix, name);
    out->kind_count++;
}

static enum rp_code fill_kinds(struct rp_simulation *s)
{
    struct rp_result *const out = &s->result;
    const double requests = fmax(1.0, (double)out->requests);

    out->kinds = calloc(s->network.kind_count + s->network.station_count + 1,
                        sizeof *out->kinds);
    if (!out->kinds)
        return rp_simulation_no_memory(s);
    for (size_t k = 0; k < RP_TIME_CLIENT; k++)
        add_kind(out, "", s->network.kinds[k], s->total.kind_ns[k] / requests);
    for (size_t k = RP_TIME_KINDS; k < s->network.kind_count; k++)
        add_kind(out, "", s->network.kinds[k], s->total.kind_ns[k] / requests);
    for (size_t i = 0; i < out->place_count; i++)
        if (!is_clients_own(s, i))
            add_kind(out, "queue: ", s->network.stations[i].name,
                     queue_ns(s, i));
    add_kind(out, "", "pauses before a retry", paused_ns(&s->total) / requests);
    return RP_OK;
}

/* A percentile that hangs on fewer answers than this is not told. */
enum { ANSWERS_BEYOND = 10 };

static enum rp_code fill_quantiles(struct rp_simulation *s)
{
    const struct rp_histogram *const h = s->total.response;
    struct rp_result *const out = &s->result;
    size_t count;
    const double *const percents = rp_result_percents(&count);

    out->quantiles_ns = calloc(count, sizeof *out->quantiles_ns);
    if (!out->quantiles_ns)
        return rp_simulation_no_memory(s);
    for (size_t i = 0; i < count; i++) {
        const double share = percents[i] / 100.0;
        const bool told = percents[i] == 100.0 ||
                          (1.0 - share) * (double)h->total >= ANSWERS_BEYOND;

        out->quantiles_ns[i] =
            told ? rp_histogram_quantile(h, share) : (double)NAN;
    }
    return RP_OK;
}

enum rp_code rp_summary_make(struct rp_simulation *s)
{
    enum rp_code code;

    add_up(s);
    add_laws(s);
    code = fill_places(s);
    if (!code)
        code = fill_quantiles(s);
    return code ? code : fill_kinds(s);
}
