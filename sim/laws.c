/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/laws.h"

#include <math.h>

/* Requests that have a server, or a share of one. */
static uint64_t occupants(const struct rp_place *p)
{
    if (p->sharing)
        return p->sharing->count;
    return p->quantum_ns > 0 ? p->busy + p->waiting : p->busy;
}

/* Time that those in the system have been there, by when they began. */
static uint64_t ages_ns(const struct rp_engine *e)
{
    return e->in_flight * e->now_ns - e->begun_sum_ns;
}

void rp_laws_begin(struct rp_engine *e)
{
    e->out->in_flight_at_start = e->in_flight;
    e->ages_at_start_ns = ages_ns(e);
    for (size_t i = 0; i < e->place_count; i++)
        e->places[i].at_start = occupants(&e->places[i]);
    for (size_t i = 0; i < e->net->part_count; i++)
        e->draws[i].drawn_ns = 0.0;
}

/* ---- The utilisation law ---- */

static bool is_held(const struct rp_engine *e, size_t step, size_t station)
{
    const struct rp_holding *const h = &e->holdings[step];

    for (uint32_t i = 0; i < h->count; i++)
        if (e->net->steps[e->held[h->first + i]].station == station)
            return true;
    return false;
}

/* Nothing else is waited for while one of its servers is held, so that they
 * are busy for the drawn time and no longer. */
static bool is_innermost(const struct rp_engine *e, size_t station)
{
    for (size_t i = 0; i < e->net->step_count; i++) {
        const enum rp_network_op op = e->net->steps[i].op;

        if ((op == RP_NETWORK_TAKE || op == RP_NETWORK_SERVE) &&
            is_held(e, i, station))
            return false;
    }
    return true;
}

static bool is_service(const struct rp_engine *e, size_t step, size_t station)
{
    const struct rp_network_step *const s = &e->net->steps[step];

    if (s->op == RP_NETWORK_SERVE)
        return s->station == station;
    return s->op == RP_NETWORK_HOLD && is_held(e, step, station);
}

/* Code takes what the runtime makes of it, and loops have servers' time of
 * their own. */
static bool runs_code(const struct rp_engine *e, size_t station)
{
    const struct rp_network *const net = e->net;

    if (net->stations[station].discipline == RP_DISCIPLINE_LOOP)
        return true;
    for (size_t i = 0; i < net->station_count; i++)
        if (net->stations[i].discipline == RP_DISCIPLINE_LOOP &&
            (net->stations[i].loop.lock == station ||
             net->stations[i].loop.cores == station))
            return true;
    for (size_t i = 0; i < net->step_count; i++)
        if ((net->steps[i].op == RP_NETWORK_RUN ||
             net->steps[i].op == RP_NETWORK_CALLBACK) &&
            is_held(e, i, station))
            return true;
    return false;
}

static double drawn_ns(const struct rp_engine *e, size_t step)
{
    const struct rp_instruction *const s = &e->program[step];
    double sum = 0.0;

    for (uint32_t i = 0; i < s->part_count; i++)
        sum += s->draws[i].drawn_ns;
    return sum;
}

void rp_laws_serve(struct rp_engine *e)
{
    for (size_t k = 0; k < e->net->station_count; k++) {
        double *const served_ns = &e->out->stations[k].served_ns;

        *served_ns = is_innermost(e, k) && !runs_code(e, k) ? 0.0 : (double)NAN;
        for (size_t i = 0; i < e->net->step_count; i++)
            if (is_service(e, i, k))
                *served_ns += drawn_ns(e, i);
    }
}

static uint64_t losses(const struct rp_engine *e)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < e->out->class_count; i++)
        sum += e->out->classes[i].turned_away + e->out->classes[i].left;
    return sum;
}

/* No service there was longer. */
static double longest_ns(const struct rp_engine *e, size_t station)
{
    double longest = 0.0;

    for (size_t i = 0; i < e->net->step_count; i++) {
        const struct rp_instruction *const s = &e->program[i];
        double sum = 0.0;

        for (uint32_t k = 0; k < s->part_count && is_service(e, i, station);
             k++)
            sum += s->draws[k].longest_ns;
        longest = fmax(longest, sum);
    }
    return longest;
}

/* Who is served at either end may have as much of it outside; and times are
 * rounded to whole nanoseconds. Work of who left a station that takes turns was
 * drawn and not done. */
static bool is_served(const struct rp_engine *e, size_t station)
{
    const struct rp_station_stats *const s = &e->out->stations[station];
    double cut = 0.0;

    if (isnan(s->served_ns) ||
        (e->net->stations[station].discipline == RP_DISCIPLINE_QUANTUM &&
         losses(e) > 0))
        return true;
    for (size_t i = 0; i < e->place_count; i++)
        if (e->places[i].station == station)
            cut += (double)(e->places[i].at_start + occupants(&e->places[i]));
    return fabs(s->busy_ns - s->served_ns) <=
           cut * (longest_ns(e, station) + 1.0) +
               (double)(s->visits + e->out->arrived + 1) * 16.0 +
               1e-9 * s->busy_ns;
}

/* ---- All of them ---- */

static bool is_conserved(const struct rp_engine *e)
{
    const struct rp_replication *const r = e->out;

    return r->in_flight_at_start + r->arrived ==
           r->answered + losses(e) + r->in_flight_at_end;
}

/* Exact where each request that was in the system is answered or still there
 * and was there all the time since it began. */
static bool is_littles_law(const struct rp_engine *e)
{
    const struct rp_replication *const r = e->out;
    double expected = r->response_ns;

    for (size_t i = 0; i < e->net->class_count; i++)
        if (e->net->classes[i].retries > 0)
            return true;
    if (losses(e) > 0)
        return true;
    expected += rp_to_double(ages_ns(e));
    expected -= rp_to_double(e->ages_at_start_ns);
    return fabs(r->in_flight_ns - expected) <=
           1e-9 * (r->in_flight_ns + r->response_ns) + 1.0;
}

bool rp_laws_hold(const struct rp_engine *e)
{
    for (size_t i = 0; i < e->net->station_count; i++)
        if (!is_served(e, i))
            return false;
    return is_conserved(e) && is_littles_law(e);
}
