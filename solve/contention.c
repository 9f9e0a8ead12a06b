/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/contention.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* Requests that a copy of `to` can see from holders of `from`: servers of all
 * copies, evenly spread. */
static double lets_through(const struct rp_demand_place *from,
                           const struct rp_demand_place *to)
{
    return (double)from->servers * from->copies / to->copies;
}

/* Requests are spread evenly, so a process has no more than its part, but a
 * client cannot be in two. */
static double part_of(double clients, unsigned copies)
{
    return isinf(clients) ? clients : ceil(clients / copies);
}

static void find_source(const struct rp_demands *d, double clients,
                        size_t visit, struct rp_contention_visit *v)
{
    const struct rp_demand_place *const to = &d->places[d->visits[visit].place];

    v->source = RP_VISIT_NONE;
    v->through = part_of(clients, to->copies);
    for (size_t up = d->visits[visit].parent; up != RP_VISIT_NONE;
         up = d->visits[up].parent) {
        const double through =
            lets_through(&d->places[d->visits[up].place], to);

        if (through < v->through) {
            v->through = through;
            v->source = d->visits[up].place;
        }
    }
}

static void find_places(const struct rp_demands *d, double clients,
                        struct rp_contention *c)
{
    for (size_t i = 0; i < d->visit_count; i++) {
        struct rp_contention_place *const p = &c->places[d->visits[i].place];
        bool known = false;

        if (!(d->visits[i].visits > 0.0))
            continue;
        for (size_t k = 0; k < i && !known; k++)
            known = d->visits[k].place == d->visits[i].place &&
                    d->visits[k].visits > 0.0 &&
                    c->visits[k].source == c->visits[i].source;
        if (known)
            continue;
        p->most += c->visits[i].through;
        p->sources++;
    }
    for (size_t i = 0; i < d->place_count; i++) {
        struct rp_contention_place *const p = &c->places[i];

        p->most = fmin(p->most, part_of(clients, d->places[i].copies));
        p->contended =
            p->most > d->places[i].servers && d->places[i].demand_ns > 0.0;
        c->contended += p->contended;
    }
}

/* What is not contended belongs to what is around it. */
static void find_parents(const struct rp_demands *d, struct rp_contention *c)
{
    for (size_t i = 0; i < d->visit_count; i++) {
        const struct rp_visit *const visit = &d->visits[i];
        const bool contended = c->places[visit->place].contended;
        size_t up = visit->parent;

        while (up != RP_VISIT_NONE && !c->places[d->visits[up].place].contended)
            up = d->visits[up].parent;
        c->visits[i].parent = up;
        if (contended)
            c->visits[i].own_ns += visit->own_ns;
        else if (up != RP_VISIT_NONE)
            c->visits[up].own_ns += visit->own_ns;
        else if (visit->phase == RP_PHASE_BEFORE)
            c->outside_ns += visit->own_ns;
        else if (visit->phase == RP_PHASE_RESPONSE)
            c->delay_ns += visit->own_ns;
        c->nested |= contended && up != RP_VISIT_NONE;
    }
}

enum rp_code rp_contention_find(const struct rp_demands *demands,
                                double clients,
                                struct rp_contention *contention,
                                struct rp_error *error)
{
    struct rp_contention fresh = {.delay_ns = demands->delay_ns,
                                  .outside_ns =
                                      demands->think_ns - demands->after_ns};

    fresh.places = calloc(demands->place_count + 1, sizeof *fresh.places);
    fresh.visits = calloc(demands->visit_count + 1, sizeof *fresh.visits);
    if (!fresh.places || !fresh.visits) {
        rp_contention_free(&fresh);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for places");
    }
    for (size_t i = 0; i < demands->visit_count; i++)
        find_source(demands, clients, i, &fresh.visits[i]);
    find_places(demands, clients, &fresh);
    find_parents(demands, &fresh);
    *contention = fresh;
    return RP_OK;
}

void rp_contention_free(struct rp_contention *contention)
{
    free(contention->places);
    free(contention->visits);
    *contention = (struct rp_contention){0};
}
