/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/mva.h"

#include "solve/residual.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { SINGLE = -1 };

/* The network without some of its stations of several servers: a mask has a
 * bit for each of those that are there. */
struct part {
    double rate;
    double *residence, *next, *queue; /* [station] */
    double *idle; /* [place of the station's first][busy]: P(k requests) of
                     k < servers */
};

struct solving {
    const struct rp_mva_station *stations;
    size_t count;
    double think_ns;
    int *bit;      /* of a station; SINGLE: one server, always there */
    size_t *first; /* of a station's probabilities in `idle` */
    size_t several, probabilities, part_count;
    struct part *parts;
    double *store; /* of all parts */
};

static bool present(const struct solving *s, size_t part, size_t station)
{
    return s->bit[station] == SINGLE || (part >> s->bit[station] & 1u);
}

static bool make_room(struct solving *s)
{
    size_t each;

    s->bit = calloc(s->count + 1, sizeof *s->bit);
    s->first = calloc(s->count + 1, sizeof *s->first);
    if (!s->bit || !s->first)
        return false;
    for (size_t i = 0; i < s->count; i++) {
        s->bit[i] = SINGLE;
        if (s->stations[i].servers == 1)
            continue;
        s->bit[i] = (int)s->several++;
        s->first[i] = s->probabilities;
        s->probabilities += s->stations[i].servers;
    }
    assert(s->several <= RP_MVA_SEVERAL_MAX); /* check() said so */
    s->part_count = (size_t)1 << s->several;
    each = 3 * s->count + s->probabilities;
    s->parts = calloc(s->part_count, sizeof *s->parts);
    s->store = calloc(s->part_count * each + 1, sizeof *s->store);
    if (!s->parts || !s->store)
        return false;
    for (size_t p = 0; p < s->part_count; p++) {
        s->parts[p].residence = s->store + p * each;
        s->parts[p].next = s->parts[p].residence + s->count;
        s->parts[p].queue = s->parts[p].next + s->count;
        s->parts[p].idle = s->parts[p].queue + s->count;
        for (size_t i = 0; i < s->count; i++)
            if (s->bit[i] != SINGLE)
                s->parts[p].idle[s->first[i]] = 1.0;
    }
    return true;
}

/* What a busy server's service lasts longer than an exponential one. */
static double excess(const struct solving *s, const struct part *p, size_t i,
                     unsigned others)
{
    const struct rp_mva_station *const at = &s->stations[i];
    const double cycle_ns = p->rate > 0.0 ? others / p->rate : s->think_ns;

    if (others == 0 || !(at->demand_ns > 0.0))
        return 0.0;
    return rp_residual_excess(at->scv,
                              (cycle_ns - p->residence[i]) / at->demand_ns,
                              p->rate * at->demand_ns / at->servers, others);
}

/* What one more client would stay there, from what it would meet. */
static double residence(const struct solving *s, const struct part *p, size_t i,
                        unsigned others)
{
    const struct rp_mva_station *const at = &s->stations[i];
    const double *const idle = &p->idle[s->first[i]];
    const double more = excess(s, p, i, others);
    const unsigned m = at->servers;
    double spare = 0.0, all_busy = 1.0;

    if (m == 1)
        return at->demand_ns *
               (1.0 + p->queue[i] + p->rate * at->demand_ns * more);
    for (unsigned k = 0; k < m; k++) {
        spare += (m - 1.0 - k) * idle[k];
        all_busy -= idle[k];
    }
    return at->demand_ns / m *
           (1.0 + p->queue[i] + spare + fmax(0.0, all_busy) * more);
}

static double each_ns(const struct solving *s, size_t station)
{
    return s->stations[station].demand_ns /
           (double)s->stations[station].servers;
}

/* Residual times are not consistent with each other: where they promise more
 * than the busiest station can do, it is that station where clients stay. */
static void hold_to_capacity(const struct solving *s, size_t part,
                             unsigned clients, double *cycle_ns)
{
    struct part *const p = &s->parts[part];
    size_t busiest = s->count;

    for (size_t i = 0; i < s->count; i++)
        if (present(s, part, i) &&
            (busiest == s->count || each_ns(s, i) > each_ns(s, busiest)))
            busiest = i;
    if (busiest < s->count && clients * each_ns(s, busiest) > *cycle_ns) {
        p->residence[busiest] += clients * each_ns(s, busiest) - *cycle_ns;
        *cycle_ns = clients * each_ns(s, busiest);
    }
}

static void find_rate(struct solving *s, size_t part, unsigned clients)
{
    struct part *const p = &s->parts[part];
    double cycle_ns = s->think_ns;

    for (size_t i = 0; i < s->count; i++)
        p->next[i] =
            present(s, part, i) ? residence(s, p, i, clients - 1) : 0.0;
    for (size_t i = 0; i < s->count; i++) {
        p->residence[i] = p->next[i];
        cycle_ns += p->residence[i];
    }
    hold_to_capacity(s, part, clients, &cycle_ns);
    p->rate = clients / cycle_ns; /* may be INFINITY where nothing is there */
    for (size_t i = 0; i < s->count; i++)
        p->queue[i] = p->residence[i] > 0.0 ? p->rate * p->residence[i] : 0.0;
}

/* P(k) = (X D / k) P(k - 1), one client less on the right; that of none by
 * comparison with the network that lacks the station. */
static void find_idle(struct solving *s, size_t part)
{
    struct part *const p = &s->parts[part];

    for (size_t i = 0; i < s->count; i++) {
        const struct rp_mva_station *const at = &s->stations[i];
        double *const idle = &p->idle[s->first[i]];

        if (s->bit[i] == SINGLE || !present(s, part, i))
            continue;
        const struct part *const without =
            &s->parts[part & ~((size_t)1 << s->bit[i])];

        for (unsigned k = at->servers - 1; k > 0; k--)
            idle[k] = p->rate * at->demand_ns / k * idle[k - 1];
        idle[0] *= isinf(without->rate) ? 0.0 : p->rate / without->rate;
    }
}

static bool is_exact(const struct solving *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->stations[i].demand_ns > 0.0 &&
            fabs(s->stations[i].scv - 1.0) > 1e-9)
            return false;
    return true;
}

/* One station and nothing else: whatever its service, no server is idle that a
 * client could keep busy. */
static bool is_lone(const struct solving *s)
{
    return s->count == 1 && s->think_ns <= 0.0;
}

static enum rp_code write_out(const struct solving *s, unsigned clients,
                              struct rp_mva *mva, struct rp_error *error)
{
    const struct part *const p = &s->parts[s->part_count - 1];
    struct rp_mva fresh = {.rate_per_ns = p->rate,
                           .exact = is_exact(s) || is_lone(s),
                           .count = s->count};

    fresh.places = calloc(s->count + 1, sizeof *fresh.places);
    if (!fresh.places)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a network");
    if (is_lone(s)) {
        const unsigned m = s->stations[0].servers;
        fresh.rate_per_ns =
            (clients < m ? clients : m) / s->stations[0].demand_ns;
    }
    for (size_t i = 0; i < s->count; i++) {
        struct rp_mva_place *const to = &fresh.places[i];

        to->residence_ns =
            is_lone(s) ? clients / fresh.rate_per_ns : p->residence[i];
        to->queue_mean = fresh.rate_per_ns * to->residence_ns;
        to->utilisation = fresh.rate_per_ns * s->stations[i].demand_ns /
                          (double)s->stations[i].servers;
        fresh.response_ns += to->residence_ns;
    }
    *mva = fresh;
    return RP_OK;
}

/* The station that sets the limit, if it is one alone; else `count`. */
static size_t lone_bottleneck(const struct solving *s)
{
    size_t busiest = 0;

    for (size_t i = 1; i < s->count; i++)
        if (each_ns(s, i) > each_ns(s, busiest))
            busiest = i;
    for (size_t i = 0; i < s->count; i++)
        if (i != busiest && each_ns(s, i) > 0.999999 * each_ns(s, busiest))
            return s->count;
    return busiest;
}

/* Where the busiest station is never idle any more, each more client only waits
 * for it: no need to count them one by one. Returns whether that is so. */
static bool add_the_rest(struct solving *s, unsigned rest)
{
    struct part *const p = &s->parts[s->part_count - 1];
    const size_t busiest = lone_bottleneck(s);

    if (busiest >= s->count || p->rate * each_ns(s, busiest) < 1.0 - 1e-13)
        return false;
    p->residence[busiest] += rest * each_ns(s, busiest);
    return true;
}

static enum rp_code check(const struct rp_mva_station *stations, size_t count,
                          double think_ns, struct rp_error *error)
{
    double all_ns = think_ns;
    size_t several = 0;

    for (size_t i = 0; i < count; i++) {
        all_ns += stations[i].demand_ns;
        several += stations[i].servers > 1;
    }
    if (several > RP_MVA_SEVERAL_MAX)
        return rp_fail(error, RP_ERR_VALUE,
                       "%zu stations have several servers each, expected %d at "
                       "most: leave out those where nobody waits",
                       several, RP_MVA_SEVERAL_MAX);
    if (!(all_ns > 0.0) || !isfinite(all_ns))
        return rp_fail(error, RP_ERR_VALUE,
                       "a request takes %g ns, expected some time: give a "
                       "demand or a think time",
                       all_ns);
    return RP_OK;
}

static void release(struct solving *s)
{
    free(s->bit);
    free(s->first);
    free(s->parts);
    free(s->store);
}

enum rp_code rp_mva_solve(const struct rp_mva_station *stations, size_t count,
                          double think_ns, unsigned clients, struct rp_mva *mva,
                          struct rp_error *error)
{
    struct solving s = {
        .stations = stations, .count = count, .think_ns = think_ns};
    enum rp_code code = check(stations, count, think_ns, error);

    if (code)
        return code;
    if (!make_room(&s)) {
        release(&s);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a network");
    }
    for (unsigned n = 1; n <= clients; n++) {
        for (size_t p = 0; p < s.part_count; p++)
            find_rate(&s, p, n);
        for (size_t p = 0; p < s.part_count; p++)
            find_idle(&s, p);
        if (add_the_rest(&s, clients - n))
            break;
    }
    code = write_out(&s, clients, mva, error);
    release(&s);
    return code;
}

void rp_mva_free(struct rp_mva *mva)
{
    free(mva->places);
    *mva = (struct rp_mva){0};
}
