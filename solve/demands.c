/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/demands.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A place has no queue: only this request can be there. */
enum { NO_PLACE = -1 };

/* Fixed places before those of the resources. */
enum { FIXED_PLACES = 7 };

/* A visit that has begun. */
struct frame {
    size_t visit;
    struct rp_stretch time;
};

struct walk {
    const struct rp_scenario *scenario;
    const struct rp_routes *routes;
    const struct rp_profile *profile;
    struct rp_demands *demands;
    const struct rp_program *program; /* of the class that walks */
    const struct rp_prices *prices;
    size_t class_index;
    ptrdiff_t loop, worker, sensitive, pool, gil, cores, client;
    size_t first_resource;
    size_t visit_capacity;
    struct frame *frames;
    size_t depth;
    struct rp_stretch burst; /* code that has not run yet */
    bool has_burst;
    bool out_of_memory;
};

/* ---- Places ---- */

static bool reaches(const struct rp_program *program, enum rp_place place)
{
    if (program->start == place)
        return true;
    for (size_t i = 0; i < program->step_count; i++)
        if (program->steps[i].op == RP_STEP_ENTER &&
            program->steps[i].place == place)
            return true;
    return false;
}

static bool any_reaches(const struct walk *w, enum rp_place place)
{
    for (size_t i = 0; i < w->routes->count; i++)
        if (reaches(&w->routes->routes[i].program, place))
            return true;
    return false;
}

static ptrdiff_t add_place(struct walk *w, bool wanted, const char *name,
                           unsigned servers, unsigned copies)
{
    struct rp_demands *const d = w->demands;
    struct rp_demand_place *const place = &d->places[d->place_count];

    if (!wanted)
        return NO_PLACE;
    (void)snprintf(place->name, sizeof place->name, "%s", name);
    place->servers = servers;
    place->copies = copies;
    return (ptrdiff_t)d->place_count++;
}

/* concurrent.futures' default, which the loop's default pool has */
static unsigned pool_threads(unsigned cores)
{
    return cores < 28 ? cores + 4 : 32;
}

static void add_places(struct walk *w)
{
    const struct rp_scenario *const s = w->scenario;
    const unsigned processes = s->server.processes;
    const unsigned long long threads =
        (unsigned long long)processes * s->server.threads;

    w->client = add_place(
        w, s->load.kind == RP_LOAD_CLOSED && s->load.client == RP_CLIENT_AB,
        "ab", 1, 1);
    if (w->client != NO_PLACE)
        w->demands->places[w->client].client = true;
    w->worker = add_place(w, any_reaches(w, RP_PLACE_WORKER), "worker threads",
                          threads > UINT_MAX ? UINT_MAX : (unsigned)threads, 1);
    w->loop = add_place(w, any_reaches(w, RP_PLACE_LOOP), "loop", 1, processes);
    w->sensitive = add_place(w, any_reaches(w, RP_PLACE_SENSITIVE),
                             "thread-sensitive thread", 1, processes);
    w->pool = add_place(w, any_reaches(w, RP_PLACE_POOL), "default pool",
                        pool_threads(s->cores), processes);
    w->gil = add_place(w, s->server.gil, "GIL", 1, processes);
    w->cores = add_place(w, true, "cores", s->cores, 1);
    w->demands->places[w->cores].shares =
        s->scheduling != RP_SCHEDULING_COMPLETION;
    w->first_resource = w->demands->place_count;
    for (size_t i = 0; i < s->resource_count; i++)
        (void)add_place(w, true, s->resources[i].name, s->resources[i].capacity,
                        processes);
}

static ptrdiff_t thread_at(const struct walk *w, enum rp_place place)
{
    switch (place) {
    case RP_PLACE_WORKER:
        return w->worker;
    case RP_PLACE_SENSITIVE:
        return w->sensitive;
    case RP_PLACE_POOL:
        return w->pool;
    case RP_PLACE_LOOP:
    case RP_PLACE_CONTEXT:
    case RP_PLACE_CALLER:
    case RP_PLACE_INNER_LOOP:
    case RP_PLACE_OUTER_LOOP:
        return NO_PLACE;
    }
    return NO_PLACE;
}

/* ---- Visits ---- */

static bool grow_visits(struct walk *w)
{
    struct rp_demands *const d = w->demands;
    const size_t room = w->visit_capacity ? 2 * w->visit_capacity : 16;
    struct rp_visit *const visits =
        realloc(d->visits, room * sizeof *d->visits);
    struct rp_visit_share *shares;

    if (!visits)
        return false;
    d->visits = visits;
    shares = realloc(d->by_class, room * d->class_count * sizeof *d->by_class);
    if (!shares)
        return false;
    d->by_class = shares;
    w->visit_capacity = room;
    return true;
}

/* The visit of a place inside of another, added where it is new. */
static size_t visit_of(struct walk *w, size_t parent, size_t place)
{
    struct rp_demands *const d = w->demands;
    const size_t added = d->visit_count;

    for (size_t i = 0; i < d->visit_count; i++)
        if (d->visits[i].parent == parent && d->visits[i].place == place)
            return i;
    if (added == w->visit_capacity && !grow_visits(w)) {
        w->out_of_memory = true;
        return 0;
    }
    d->visits[added] = (struct rp_visit){.place = place, .parent = parent};
    memset(&d->by_class[added * d->class_count], 0,
           d->class_count * sizeof *d->by_class);
    d->visit_count++;
    return added;
}

static struct rp_visit_share *share_of(struct walk *w, size_t visit)
{
    return &w->demands
                ->by_class[visit * w->demands->class_count + w->class_index];
}

static void take(struct walk *w, ptrdiff_t place)
{
    const size_t parent =
        w->depth > 0 ? w->frames[w->depth - 1].visit : RP_VISIT_NONE;

    if (place == NO_PLACE || w->out_of_memory)
        return;
    w->frames[w->depth] =
        (struct frame){.visit = visit_of(w, parent, (size_t)place)};
    w->depth++;
}

static void give(struct walk *w, ptrdiff_t place)
{
    const double share = w->demands->class_share[w->class_index];

    if (place == NO_PLACE || w->out_of_memory)
        return;
    w->depth--;
    const struct frame *const f = &w->frames[w->depth];
    struct rp_visit *const visit = &w->demands->visits[f->visit];

    share_of(w, f->visit)->visits += 1.0;
    visit->visits += share;
    visit->square_ns2 += share * rp_stretch_square_ns2(&f->time);
}

/* Time passes in whatever is held. */
static void spend(struct walk *w, const struct rp_stretch *time)
{
    const double mean_ns = rp_stretch_mean_ns(time);

    if (w->out_of_memory)
        return;
    for (size_t i = 0; i < w->depth; i++)
        rp_stretch_add(&w->frames[i].time, time);
    if (w->depth > 0)
        share_of(w, w->frames[w->depth - 1].visit)->own_ns += mean_ns;
    else
        w->demands->class_delay_ns[w->class_index] += mean_ns;
    rp_stretch_add(&w->demands->whole[w->class_index], time);
}

/* ---- Code ---- */

static void add_item(struct walk *w, const struct rp_step *step)
{
    const int cost =
        step->item == RP_ITEM_NONE ? -1 : w->prices->items[step->item].cost;

    if (cost < 0)
        return;
    w->has_burst = true;
    rp_stretch_add_cost(&w->burst,
                        step->share * w->profile->costs[cost].mean_ns,
                        &w->profile->costs[cost].spread);
}

static void run_burst(struct walk *w, enum rp_place place)
{
    const ptrdiff_t loop = place == RP_PLACE_LOOP ? w->loop : NO_PLACE;

    if (!w->has_burst)
        return;
    take(w, loop);
    take(w, w->gil);
    take(w, w->cores);
    spend(w, &w->burst);
    give(w, w->cores);
    give(w, w->gil);
    give(w, loop);
    w->burst = (struct rp_stretch){0};
    w->has_burst = false;
}

/* ---- Steps ---- */

static void walk_cpu(struct walk *w, const struct rp_step *step)
{
    if (step->item != RP_ITEM_NONE) {
        add_item(w, step);
        return;
    }
    w->has_burst = true;
    rp_stretch_add_own(&w->burst, &step->own);
}

static void walk_wait(struct walk *w, const struct rp_step *step)
{
    struct rp_stretch wait = {0};

    rp_stretch_add_own(&wait, &step->own);
    spend(w, &wait);
}

/* Returns where the steps after it run. */
static enum rp_place walk_step(struct walk *w, const struct rp_step *step,
                               enum rp_place here, enum rp_place outside)
{
    const ptrdiff_t resource = (ptrdiff_t)(w->first_resource + step->resource);

    switch (step->op) {
    case RP_STEP_CPU:
        walk_cpu(w, step);
        return here;
    case RP_STEP_WAIT:
        run_burst(w, here);
        walk_wait(w, step);
        return here;
    case RP_STEP_ENTER:
        add_item(w, step);
        run_burst(w, here);
        take(w, thread_at(w, step->place));
        return step->place;
    case RP_STEP_LEAVE:
        add_item(w, step);
        run_burst(w, here);
        give(w, thread_at(w, step->place));
        return outside;
    case RP_STEP_TAKE:
        run_burst(w, here);
        take(w, resource);
        return here;
    case RP_STEP_GIVE:
        run_burst(w, here);
        give(w, resource);
        return here;
    }
    return here;
}

/* A closed client's own thread, between two requests. */
static void walk_client(struct walk *w)
{
    const int gap = w->profile->cost_of_item[RP_ITEM_CLIENT_GAP];
    struct rp_demands *const d = w->demands;
    const struct rp_stretch kept = d->whole[w->class_index];
    struct rp_stretch time = {0};

    if (w->client == NO_PLACE || gap < 0)
        return;
    rp_stretch_add_cost(&time, w->profile->costs[gap].mean_ns,
                        &w->profile->costs[gap].spread);
    take(w, w->client);
    spend(w, &time);
    give(w, w->client);
    d->whole[w->class_index] = kept; /* it is in no response */
}

static bool walk_class(struct walk *w, size_t index)
{
    const struct rp_program *const p = &w->routes->routes[index].program;
    enum rp_place *const around = calloc(p->step_count + 1, sizeof *around);
    enum rp_place here = p->start;
    size_t depth = 0;

    w->program = p;
    w->prices = &w->routes->routes[index].prices;
    w->class_index = index;
    /* Each step takes one place at most, and code three more. */
    w->frames = calloc(p->step_count + 5, sizeof *w->frames);
    if (around && w->frames) {
        walk_client(w);
        take(w, thread_at(w, p->start));
        for (size_t i = 0; i < p->step_count; i++) {
            if (p->steps[i].op == RP_STEP_ENTER)
                around[depth++] = here;
            if (p->steps[i].op == RP_STEP_LEAVE)
                depth--;
            here = walk_step(w, &p->steps[i], here, around[depth]);
        }
        run_burst(w, here);
        give(w, thread_at(w, p->start));
    } else {
        w->out_of_memory = true;
    }
    free(w->frames);
    w->frames = NULL;
    free(around);
    return !w->out_of_memory;
}

/* ---- Sums ---- */

static void share_out(struct walk *w)
{
    const struct rp_scenario *const s = w->scenario;
    struct rp_demands *const d = w->demands;
    double all = 0.0;

    for (size_t i = 0; i < s->class_count; i++)
        all += s->classes[i].share;
    for (size_t i = 0; i < d->class_count; i++)
        d->class_share[i] =
            s->class_count > 0 ? s->classes[i].share / all : 1.0;
}

static void add_up(struct rp_demands *d)
{
    for (size_t c = 0; c < d->class_count; c++) {
        d->delay_ns += d->class_share[c] * d->class_delay_ns[c];
        d->alone_ns += d->class_share[c] * rp_stretch_mean_ns(&d->whole[c]);
        for (size_t v = 0; v < d->visit_count; v++)
            d->visits[v].own_ns +=
                d->class_share[c] * d->by_class[v * d->class_count + c].own_ns;
    }
    /* What is inside comes later, so its time is known before. */
    for (size_t v = d->visit_count; v-- > 0;) {
        struct rp_visit *const visit = &d->visits[v];

        visit->hold_ns += visit->own_ns;
        if (visit->parent != RP_VISIT_NONE)
            d->visits[visit->parent].hold_ns += visit->hold_ns;
    }
    for (size_t v = 0; v < d->visit_count; v++) {
        struct rp_visit *const visit = &d->visits[v];
        struct rp_demand_place *const place = &d->places[visit->place];

        place->demand_ns += visit->hold_ns;
        place->visits += visit->visits;
        place->square_ns2 += visit->square_ns2;
        if (visit->visits > 0.0)
            visit->square_ns2 /= visit->visits;
    }
    for (size_t i = 0; i < d->place_count; i++)
        if (d->places[i].visits > 0.0)
            d->places[i].square_ns2 /= d->places[i].visits;
}

static bool make_room(struct walk *w)
{
    struct rp_demands *const d = w->demands;
    const size_t classes = w->routes->count;

    d->class_count = classes;
    d->places =
        calloc(FIXED_PLACES + w->scenario->resource_count, sizeof *d->places);
    d->class_share = calloc(classes, sizeof *d->class_share);
    d->class_delay_ns = calloc(classes, sizeof *d->class_delay_ns);
    d->whole = calloc(classes, sizeof *d->whole);
    return d->places && d->class_share && d->class_delay_ns && d->whole;
}

enum rp_code rp_demands_take(const struct rp_scenario *scenario,
                             const struct rp_routes *routes,
                             const struct rp_profile *profile,
                             struct rp_demands *demands, struct rp_error *error)
{
    struct rp_demands fresh = {.processes = scenario->server.processes};
    struct walk w = {.scenario = scenario,
                     .routes = routes,
                     .profile = profile,
                     .demands = &fresh};
    bool good = make_room(&w);

    if (scenario->load.kind == RP_LOAD_CLOSED)
        fresh.think_ns = scenario->load.think.mean_ns;
    if (good) {
        add_places(&w);
        share_out(&w);
    }
    for (size_t i = 0; i < routes->count && good; i++)
        good = walk_class(&w, i);
    if (!good) {
        rp_demands_free(&fresh);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for demands");
    }
    add_up(&fresh);
    *demands = fresh;
    return RP_OK;
}

void rp_demands_free(struct rp_demands *demands)
{
    free(demands->places);
    free(demands->visits);
    free(demands->by_class);
    free(demands->class_share);
    free(demands->class_delay_ns);
    free(demands->whole);
    *demands = (struct rp_demands){0};
}
