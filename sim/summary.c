/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/summary.h"

#include "sim/lower.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_up(struct rp_simulation *s)
{
    const struct rp_replication *const all = &s->total;
    struct rp_result *const out = &s->result;

    out->requests = all->answered;
    out->duration_ns = all->span_ns;
    out->in_flight_at_end = all->in_flight_at_end;
    /* L = X R, all times the measured time: areas on both sides */
    out->in_flight_mean = all->in_flight_ns / all->span_ns;
    if (all->in_flight_ns > 0.0)
        out->little_gap =
            fabs(all->in_flight_ns - all->response_ns) / all->in_flight_ns;
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
    place->visits = requests > 0.0 ? visits / requests : 0.0;
}

static enum rp_code fill_places(struct rp_simulation *s)
{
    struct rp_result *const out = &s->result;
    double busiest = 0.0;

    out->places = calloc(s->network.station_count + 1, sizeof *out->places);
    if (!out->places)
        return rp_simulation_no_memory(s);
    out->place_count = s->network.station_count;
    for (size_t i = 0; i < out->place_count; i++) {
        fill_place(s, i, &out->places[i]);
        busiest = fmax(busiest, out->places[i].utilisation);
    }
    out->capacity_per_s =
        busiest > 0.0 ? 1e9 * (double)out->requests / s->total.span_ns / busiest
                      : (double)NAN;
    return RP_OK;
}

static bool is_clients_own(const struct rp_simulation *s, size_t station)
{
    return strcmp(s->network.stations[station].name, "ab") == 0 && station == 0;
}

static enum rp_code fill_kinds(struct rp_simulation *s)
{
    struct rp_result *const out = &s->result;
    const double requests = fmax(1.0, (double)out->requests);

    out->kinds = calloc(RP_TIME_KINDS + s->network.station_count + 1,
                        sizeof *out->kinds);
    if (!out->kinds)
        return rp_simulation_no_memory(s);
    for (size_t k = 0; k < RP_TIME_CLIENT; k++) {
        struct rp_kind_result *const kind = &out->kinds[out->kind_count];

        kind->mean_ns = s->total.kind_ns[k] / requests;
        if (kind->mean_ns > 0.0)
            (void)snprintf(kind->name, sizeof kind->name, "%s",
                           s->network.kinds[k]),
                out->kind_count++;
    }
    for (size_t i = 0; i < out->place_count; i++) {
        struct rp_kind_result *const kind = &out->kinds[out->kind_count];

        if (is_clients_own(s, i) || !(out->places[i].queue_mean > 0.0))
            continue;
        kind->mean_ns = out->places[i].wait_ns * out->places[i].visits;
        (void)snprintf(kind->name, sizeof kind->name, "queue: %s",
                       s->network.stations[i].name);
        out->kind_count++;
    }
    return RP_OK;
}

enum rp_code rp_summary_make(struct rp_simulation *s)
{
    enum rp_code code;

    add_up(s);
    code = fill_places(s);
    return code ? code : fill_kinds(s);
}
