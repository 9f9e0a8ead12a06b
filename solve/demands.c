/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/demands.h"

#include "model/charges.h"
#include "solve/displaced.h"
#include "solve/totals.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A place has no queue: only this request can be there. */
enum { NO_PLACE = -1 };

/* Fixed places before those of the resources. */
enum { FIXED_PLACES = 8 };

/* A visit that has begun. */
struct frame {
    size_t visit;
    struct rp_stretch time;
};

struct walk {
    const struct rp_scenario *scenario;
    const struct rp_routes *routes;
    const struct rp_profile *profile;
    const struct rp_crowding *crowding;
    struct rp_demands *demands;
    struct rp_charges charges;
    struct rp_sending sending;        /* of the class that walks */
    const struct rp_program *program; /* of the class that walks */
    const struct rp_prices *prices;
    size_t class_index;
    ptrdiff_t loop, worker, sensitive, pool, gil, cores, client, acceptor;
    size_t first_resource;
    size_t visit_capacity;
    struct frame *frames;
    size_t depth;
    struct rp_stretch burst; /* code that has not run yet */
    double burst_own_ns;     /* of it, other than the framework's */
    bool has_burst;
    enum rp_phase phase;
    bool sends;     /* the program's answer_step has come, the answer has not */
    bool owes_turn; /* a crossing woke a task that has had no turn yet */
    bool is_woken;  /* the next callback is one that a thread asked for */
    bool begins;    /* no code has run yet */
    struct rp_crowding_pause pause; /* since the process had the request */
    double coldness;
    struct rp_displacement displacement;
    struct rp_displaced displaced;
    bool out_of_memory;
};

/* ---- Places ---- */

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
    w->worker = add_place(w, rp_routes_visit(w->routes, RP_PLACE_WORKER),
                          "worker threads",
                          threads > UINT_MAX ? UINT_MAX : (unsigned)threads, 1);
    w->loop = add_place(w, rp_routes_visit(w->routes, RP_PLACE_LOOP), "loop", 1,
                        processes);
    w->sensitive = add_place(w, rp_routes_visit(w->routes, RP_PLACE_SENSITIVE),
                             "thread-sensitive thread", 1, processes);
    w->pool = add_place(w, rp_routes_visit(w->routes, RP_PLACE_POOL),
                        "default pool", rp_scenario_pool_threads(s), processes);
    w->gil = add_place(w, s->server.gil, "GIL", 1, processes);
    w->cores = add_place(w, true, "cores", s->cores, 1);
    w->demands->places[w->cores].shares =
        s->scheduling != RP_SCHEDULING_COMPLETION;
    w->charges = rp_charges_of(s, w->profile, w->loop != NO_PLACE);
    w->acceptor =
        add_place(w, w->charges.accepts, "accepting thread", 1, processes);
    w->demands->loop = w->charges.loops ? w->loop : NO_PLACE;
    w->demands->sensitive = w->sensitive;
    w->demands->gil = w->gil;
    w->demands->acceptor = w->acceptor;
    w->demands->worker = w->worker;
    w->demands->keeps = s->mechanisms.keeping;
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
        if (d->visits[i].parent == parent && d->visits[i].place == place &&
            d->visits[i].phase == w->phase)
            return i;
    if (added == w->visit_capacity && !grow_visits(w)) {
        w->out_of_memory = true;
        return 0;
    }
    d->visits[added] =
        (struct rp_visit){.place = place, .parent = parent, .phase = w->phase};
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

/* A process that serves one request at a time does nothing for others while
 * one is in it. */
static bool is_shared(const struct walk *w)
{
    return w->loop != NO_PLACE || w->acceptor != NO_PLACE ||
           w->scenario->server.threads > 1;
}

/* The request does not run. */
static void be_away(struct walk *w, double time_ns)
{
    if (is_shared(w))
        w->displaced.away_ns += time_ns;
}

static void take(struct walk *w, ptrdiff_t place)
{
    const size_t parent =
        w->depth > 0 ? w->frames[w->depth - 1].visit : RP_VISIT_NONE;

    if (place == NO_PLACE || w->out_of_memory)
        return;
    w->frames[w->depth] =
        (struct frame){.visit = visit_of(w, parent, (size_t)place)};
    be_away(w, rp_crowding_wait_ns(w->crowding, w->frames[w->depth].visit));
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

/* Time passes in whatever is held. After the answer it is in no response. */
static void spend(struct walk *w, const struct rp_stretch *time)
{
    const double mean_ns = rp_stretch_mean_ns(time);
    struct rp_demands *const d = w->demands;

    if (w->out_of_memory)
        return;
    for (size_t i = 0; i < w->depth; i++)
        rp_stretch_add(&w->frames[i].time, time);
    if (w->depth > 0)
        share_of(w, w->frames[w->depth - 1].visit)->own_ns += mean_ns;
    else if (w->phase == RP_PHASE_RESPONSE)
        d->class_delay_ns[w->class_index] += mean_ns;
    if (w->phase == RP_PHASE_RESPONSE)
        rp_stretch_add(&d->whole[w->class_index], time);
    if (w->phase == RP_PHASE_AFTER && w->depth > 0 &&
        d->visits[w->frames[0].visit].phase == RP_PHASE_RESPONSE)
        d->after_ns += d->class_share[w->class_index] * mean_ns;
}

/* A response's time outside of its process. */
static void be_outside(struct walk *w, double time_ns)
{
    w->pause.length_ns += time_ns;
    be_away(w, time_ns);
    if (w->phase == RP_PHASE_RESPONSE)
        w->demands->away_ns +=
            w->demands->class_share[w->class_index] * time_ns;
}

/* ---- Code ---- */

static void add_constant(struct rp_stretch *to, double mean_ns)
{
    const struct rp_spread constant = rp_spread_constant();

    rp_stretch_add_cost(to, mean_ns, &constant);
}

static void add_item(struct walk *w, enum rp_item item, double share,
                     bool at_loop)
{
    const int cost = item == RP_ITEM_NONE ? -1 : w->prices->items[item].cost;
    const bool is_base = item == rp_item_base(w->scenario->server.kind);
    const bool wakes =
        item == RP_ITEM_S2A_SENSITIVE || item == RP_ITEM_S2A_POOL;
    struct rp_spread spread;
    double of_ns;

    if (cost < 0)
        return;
    w->has_burst = true;
    of_ns = w->profile->costs[cost].mean_ns -
            (is_base ? w->charges.client_ns : 0.0);
    if (!(of_ns > 0.0))
        return;
    spread = rp_charges_spread(&w->charges, &w->profile->costs[cost], is_base);
    spread = rp_charges_left(
        &spread, of_ns,
        rp_charges_shared_ns(&w->charges, item, is_base, at_loop, wakes) +
            (is_base ? w->sending.asleep_ns : 0.0));
    rp_stretch_add_cost(&w->burst, share * of_ns, &spread);
}

/* Others who can come to the process while all of this is held. */
static double others(const struct walk *w)
{
    double most = INFINITY;

    for (size_t i = 0; i < w->depth; i++) {
        const struct rp_demand_place *const p =
            &w->demands->places[w->demands->visits[w->frames[i].visit].place];

        most =
            fmin(most, (double)p->servers * p->copies / w->demands->processes);
    }
    return most - 1.0;
}

/* One client, of which a request follows the other. */
static bool is_back_at_once(const struct walk *w)
{
    const struct rp_load *const load = &w->scenario->load;

    return load->kind == RP_LOAD_CLOSED && load->clients == 1 &&
           !(w->demands->think_ns > 0.0);
}

/* What was outside comes back to a process that may be idle. */
static double wake_ns(struct walk *w)
{
    struct rp_demands *const d = w->demands;
    const double share = d->class_share[w->class_index];
    const double tau_ns = rp_parameter_at_work(
        &w->profile->under_load, &w->scenario->mechanisms, RP_PARAMETER_IDLE);
    const bool is_back = w->pause.enters && is_back_at_once(w);
    double idle;

    if (!(w->pause.length_ns > 0.0) && !is_back)
        return 0.0;
    idle =
        is_back ? w->sending.asleep : rp_crowding_idle(w->crowding, &w->pause);
    w->coldness = 1.0 - (1.0 - w->coldness) *
                            rp_crowding_warmth(w->crowding, &w->pause, tau_ns);
    if (w->pause.others < 1.0)
        d->alone_pause_ns += share * w->pause.length_ns;
    else
        d->wakeups += share * idle;
    w->pause = (struct rp_crowding_pause){0};
    return idle * w->charges.wakeup_ns;
}

/* How much longer code takes for being cold: as in the simulator. */
static double cold_ns(struct walk *w, double work_ns, double own_ns)
{
    const struct rp_parameters *const of = &w->profile->under_load;
    const struct rp_mechanisms *const on = &w->scenario->mechanisms;
    const double extra_ns = rp_displaced_regain(
        &w->coldness, rp_parameter_at_work(of, on, RP_PARAMETER_SLOWNESS),
        rp_parameter_at_work(of, on, RP_PARAMETER_FADE), work_ns);

    w->coldness =
        1.0 - (1.0 - w->coldness) *
                  rp_charges_warmth(
                      own_ns, rp_parameter_at_work(of, on, RP_PARAMETER_IDLE));
    return extra_ns;
}

/* How much longer code takes whose request's data others displaced. A loop's
 * iterations are no request's. */
static double displaced_ns(struct walk *w, double handover_ns)
{
    const double work_ns =
        rp_stretch_mean_ns(&w->burst) - w->burst_own_ns + handover_ns;
    const double longer_ns = rp_displaced_run(&w->displaced, &w->displacement,
                                              w->crowding->work, work_ns);

    w->demands->framework_ns +=
        w->demands->class_share[w->class_index] * (work_ns + longer_ns);
    return longer_ns;
}

/* A callback's part of what a loop's iteration takes. */
static double turn_ns(struct walk *w, double ready)
{
    const double once_ns = w->charges.iteration_ns +
                           w->crowding->loop_waited * w->charges.handover_ns;
    const double share = w->demands->class_share[w->class_index];
    const double pipe_ns =
        w->is_woken ? w->charges.pipe_ns * rp_crowding_asked_share(w->crowding)
                    : 0.0;

    w->demands->turns += share;
    w->demands->asked += w->is_woken ? share : 0.0;
    return once_ns / ready + pipe_ns;
}

/* Collections come as seldom as stalls: they lengthen the tail. */
static void add_collections(const struct walk *w, struct rp_stretch *to)
{
    const struct rp_charges *const c = &w->charges;
    double often;

    if (!(c->full_every > 0.0 && c->full_crowded > 0.0))
        return;
    often =
        1.0 / c->full_every + (1.0 / c->full_crowded - 1.0 / c->full_every) *
                                  (1.0 - 1.0 / w->crowding->in_flight);
    to->tail_ns += often * c->full_ns / (1.0 - rp_levels[RP_LEVEL_COUNT - 1]);
}

/* Complete the burst by what the process makes of it; `ready` callbacks share
 * an iteration, 0: it is a thread's. */
static void complete(struct walk *w, double ready)
{
    double more_ns = 0.0;

    if (w->charges.runs && ready > 0.0) {
        more_ns = displaced_ns(w, 0.0) + turn_ns(w, ready);
    } else if (w->charges.runs) {
        more_ns = w->crowding->thread_waited * (1.0 - w->crowding->passed) *
                  w->charges.handover_ns;
        more_ns += displaced_ns(w, more_ns);
    }
    w->is_woken = false;
    if (w->charges.runs) {
        const double woken_ns = wake_ns(w);
        const double work_ns =
            rp_stretch_mean_ns(&w->burst) - w->burst_own_ns + more_ns;

        more_ns += woken_ns + cold_ns(w, work_ns, w->burst_own_ns);
    }
    add_constant(&w->burst, more_ns);
    if (w->begins)
        add_collections(w, &w->burst);
    w->begins = false;
    w->demands->code_ns +=
        w->demands->class_share[w->class_index] * rp_stretch_mean_ns(&w->burst);
}

static void clear_burst(struct walk *w)
{
    w->burst = (struct rp_stretch){0};
    w->burst_own_ns = 0.0;
    w->has_burst = false;
}

static struct rp_stretch rest_of(const struct walk *w)
{
    struct rp_stretch rest = {0};

    if (w->charges.after_ns > 0.0)
        rp_stretch_add_cost(&rest, w->charges.after_ns,
                            &w->profile->request_spread);
    return rest;
}

/* A thread that answers goes on with what is left to do. */
static void run_rest(struct walk *w)
{
    w->burst = rest_of(w);
    w->burst_own_ns = 0.0;
    complete(w, 0.0);
    w->phase = RP_PHASE_AFTER;
    spend(w, &w->burst);
    w->phase = RP_PHASE_RESPONSE;
}

/* As the simulator does (sim/lower.c): sending what steps behind the answer
 * cost. */
static void add_sending(void *walk, double price_ns, double elsewhere_ns,
                        const struct rp_spread *spread)
{
    struct walk *const w = walk;
    const struct rp_spread left =
        rp_charges_left(spread, price_ns, elsewhere_ns);

    w->has_burst = true;
    rp_stretch_add_cost(&w->burst, price_ns, &left);
}

/* Who runs on with what it has does not wait for the GIL again. */
static void keep(struct walk *w, double ready)
{
    if (w->gil == NO_PLACE || !w->charges.runs || w->out_of_memory)
        return;
    w->demands->visits[w->frames[w->depth - 1].visit].kept =
        ready > 0.0 ? 1.0 - 1.0 / ready : w->crowding->passed;
}

static void run_at(struct walk *w, ptrdiff_t loop, bool answers, double ready)
{
    take(w, loop);
    take(w, w->gil);
    keep(w, ready);
    take(w, w->cores);
    complete(w, ready);
    spend(w, &w->burst);
    if (answers)
        run_rest(w);
    give(w, w->cores);
    give(w, w->gil);
    give(w, loop);
    clear_burst(w);
    if (loop != NO_PLACE)
        w->owes_turn = false;
}

static void run_burst(struct walk *w, enum rp_place place)
{
    const bool at_loop = place == RP_PLACE_LOOP;

    if (w->has_burst || (at_loop && w->owes_turn))
        run_at(w, at_loop ? w->loop : NO_PLACE, false,
               at_loop && w->charges.loops ? w->crowding->ready : 0.0);
}

/* ---- The answer ---- */

/* The connection is closed in a turn of its own. From then on nobody waits. */
static void answer(struct walk *w)
{
    if (!w->sends)
        return;
    if (w->charges.loops)
        run_at(w, w->loop, false, w->crowding->ready);
    w->sends = false;
    w->phase = RP_PHASE_AFTER;
    w->displaced =
        (struct rp_displaced){0}; /* to the simulator what is left is new */
}

/* The code that asks for a crossing is that which sent the response. */
static void walk_answer(struct walk *w, size_t i, enum rp_place here)
{
    const struct rp_program *const p = w->program;

    if (!w->charges.answers || i != p->answer_step)
        return;
    rp_charges_send(&w->sending, w->profile, p, w->prices, add_sending, w);
    w->sends = true;
    if (i < p->step_count && p->steps[i].op == RP_STEP_ENTER)
        return;
    run_burst(w, here);
    answer(w);
}

/* ---- Steps ---- */

/* What the server does before the application has the request, in turns. */
static void walk_base(struct walk *w, const struct rp_step *step,
                      enum rp_place here)
{
    unsigned turns = 1;

    if (here == RP_PLACE_LOOP && w->charges.loops)
        turns = RP_TURNS_BEFORE;
    for (unsigned k = 0; k < turns; k++) {
        if (k > 0)
            run_burst(w, here);
        add_item(w, step->item, step->share / turns, here == RP_PLACE_LOOP);
    }
}

static void walk_cpu(struct walk *w, const struct rp_step *step,
                     enum rp_place here)
{
    if (step->item == rp_item_base(w->scenario->server.kind)) {
        walk_base(w, step, here);
        return;
    }
    if (step->item != RP_ITEM_NONE) {
        add_item(w, step->item, step->share, here == RP_PLACE_LOOP);
        return;
    }
    w->has_burst = true;
    w->burst_own_ns += step->own.mean_ns;
    rp_stretch_add_own(&w->burst, &step->own);
}

/* How late a loop's poll notices that a wait is over. One that began with the
 * wait ends a whole number of milliseconds after; another at any time. */
static double late_ns(const struct walk *w, const struct rp_duration *wait)
{
    const bool with_it = (w->pause.others < 1.0 || w->crowding->is_alone) &&
                         wait->shape == RP_SHAPE_CONSTANT;
    double round_ns = 0.5 * RP_POLL_UNIT_NS;

    if (with_it)
        round_ns = ceil(wait->mean_ns / RP_POLL_UNIT_NS) * RP_POLL_UNIT_NS -
                   wait->mean_ns;
    return rp_crowding_notice_ns(w->crowding, &w->pause,
                                 w->charges.slack_ns + round_ns);
}

static void walk_wait(struct walk *w, const struct rp_step *step,
                      enum rp_place here)
{
    const bool in_turns = here == RP_PLACE_LOOP && w->charges.loops;
    struct rp_stretch wait = {0};

    run_burst(w, here);
    rp_stretch_add_own(&wait, &step->own);
    w->pause.others = others(w);
    if (w->charges.slack_ns > 0.0)
        add_constant(&wait,
                     in_turns ? late_ns(w, &step->own) : w->charges.slack_ns);
    be_outside(w, rp_stretch_mean_ns(&wait));
    w->demands->in_step =
        in_turns && w->pause.others >= 1.0 && w->demands->class_count == 1 &&
        wait.own_variance_ns2 <= 0.0 && w->demands->think_ns <= 0.0;
    spend(w, &wait);
    if (in_turns)
        run_at(w, w->loop, false, w->crowding->ready);
}

/* To or from a loop that runs in iterations one half is burned where it
 * arrives: at the loop in a turn of its own. */
static void walk_cross(struct walk *w, const struct rp_step *step,
                       enum rp_place from, enum rp_place to)
{
    const bool in_turns =
        w->charges.loops && (from == RP_PLACE_LOOP || to == RP_PLACE_LOOP);
    const ptrdiff_t thread = thread_at(w, step->place);
    const bool enters = step->op == RP_STEP_ENTER;

    add_item(w, step->item, in_turns ? 0.5 * step->share : step->share,
             in_turns);
    run_burst(w, from);
    answer(w);
    if (enters)
        take(w, thread);
    else
        give(w, thread);
    if (!in_turns || step->item == RP_ITEM_NONE)
        return;
    if (enters && thread != NO_PLACE) {
        w->has_burst = true;
        add_constant(&w->burst,
                     (1.0 - w->crowding->passed) * w->charges.thread_ns);
    }
    add_item(w, step->item, 0.5 * step->share, true);
    if (to == RP_PLACE_LOOP) {
        w->is_woken = true;
        run_burst(w, to);
        w->owes_turn = true;
    }
}

/* Returns where the steps after it run. */
static enum rp_place walk_step(struct walk *w, const struct rp_step *step,
                               enum rp_place here, enum rp_place outside)
{
    const ptrdiff_t resource = (ptrdiff_t)(w->first_resource + step->resource);

    switch (step->op) {
    case RP_STEP_CPU:
        walk_cpu(w, step, here);
        return here;
    case RP_STEP_WAIT:
        walk_wait(w, step, here);
        return here;
    case RP_STEP_ENTER:
        walk_cross(w, step, here, step->place);
        return step->place;
    case RP_STEP_LEAVE:
        walk_cross(w, step, here, outside);
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

/* What the server does when the client has its answer. */
static double after_ns(const struct walk *w)
{
    return w->charges.after_ns + w->sending.behind_ns;
}

/* A closed client's own thread, between two requests. */
static void walk_gap(struct walk *w)
{
    const int gap = w->profile->cost_of_item[RP_ITEM_CLIENT_GAP];
    struct rp_stretch time = {0};

    w->pause = (struct rp_crowding_pause){.length_ns = w->demands->think_ns -
                                                       after_ns(w),
                                          .others = INFINITY,
                                          .enters = true};
    if (w->client == NO_PLACE || gap < 0)
        return;
    rp_stretch_add_cost(&time, w->profile->costs[gap].mean_ns,
                        &w->profile->costs[gap].spread);
    w->phase = RP_PHASE_BEFORE;
    take(w, w->client);
    spend(w, &time);
    give(w, w->client);
    w->phase = RP_PHASE_RESPONSE;
    w->pause.length_ns += rp_stretch_mean_ns(&time);
}

/* Of a response, the client's own part: on its one thread where it is ab. */
static void walk_own_side(struct walk *w)
{
    const int base =
        w->prices->items[rp_item_base(w->scenario->server.kind)].cost;
    struct rp_stretch time = {0};
    struct rp_spread spread;

    if (!(w->charges.client_ns > 0.0) || base < 0)
        return;
    spread = rp_charges_spread(&w->charges, &w->profile->costs[base], true);
    rp_stretch_add_cost(&time, w->charges.client_ns, &spread);
    take(w, w->client);
    spend(w, &time);
    give(w, w->client);
    be_outside(w, rp_stretch_mean_ns(&time));
}

/* One client waits for the rest of its own request before. */
static void walk_met(struct walk *w)
{
    struct rp_stretch time = {0};

    if (!is_back_at_once(w) || !(w->sending.met_ns > 0.0))
        return;
    add_constant(&time, w->sending.met_ns);
    spend(w, &time);
}

/* gthread's accepting thread has a turn before a worker thread does. */
static void walk_acceptor(struct walk *w)
{
    if (w->acceptor == NO_PLACE)
        return;
    w->has_burst = true;
    add_constant(&w->burst, w->charges.accept_ns);
    run_at(w, w->acceptor, false, w->crowding->accepted);
}

/* A thread answers in the middle of its last burst; a loop has a turn for what
 * is left to do. */
static void walk_end(struct walk *w, enum rp_place here)
{
    const bool has_rest = w->charges.after_ns > 0.0;
    const bool answers = has_rest && w->has_burst && here != RP_PLACE_LOOP;
    struct rp_stretch rest;

    if (answers)
        run_at(w, NO_PLACE, true, 0.0);
    else if (w->phase != RP_PHASE_AFTER || !has_rest)
        run_burst(w, here);
    if (has_rest && !answers) {
        w->phase = RP_PHASE_AFTER;
        rest = rest_of(w);
        rp_stretch_add(&w->burst, &rest);
        w->has_burst = true;
        run_burst(w, here);
    }
    w->phase = RP_PHASE_RESPONSE;
}

static void walk_program(struct walk *w, enum rp_place *around)
{
    const struct rp_program *const p = w->program;
    enum rp_place here = p->start;
    size_t depth = 0;

    w->coldness = w->crowding->coldness;
    w->begins = true;
    w->displaced = (struct rp_displaced){0};
    walk_gap(w);
    walk_own_side(w);
    walk_met(w);
    if (w->demands->processes == 1)
        walk_acceptor(w);
    take(w, thread_at(w, p->start));
    if (w->demands->processes > 1)
        walk_acceptor(w);
    for (size_t i = 0; i < p->step_count; i++) {
        if (p->steps[i].op == RP_STEP_ENTER)
            around[depth++] = here;
        if (p->steps[i].op == RP_STEP_LEAVE)
            depth--;
        walk_answer(w, i, here);
        here = walk_step(w, &p->steps[i], here, around[depth]);
    }
    walk_answer(w, p->step_count, here);
    walk_end(w, here);
    give(w, thread_at(w, p->start));
    w->demands->coldness +=
        w->demands->class_share[w->class_index] * w->coldness;
}

static bool walk_class(struct walk *w, size_t index)
{
    const struct rp_program *const p = &w->routes->routes[index].program;
    enum rp_place *const around = calloc(p->step_count + 1, sizeof *around);

    w->program = p;
    w->prices = &w->routes->routes[index].prices;
    w->sending =
        rp_charges_sending(&w->charges, w->profile, w->program, w->prices);
    w->class_index = index;
    /* Each step takes one place at most, and code three more. */
    w->frames = calloc(p->step_count + 6, sizeof *w->frames);
    if (around && w->frames) {
        walk_program(w, around);
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
                             const struct rp_crowding *crowding,
                             struct rp_demands *demands, struct rp_error *error)
{
    struct rp_demands fresh = {.processes = scenario->server.processes};
    struct walk w = {.scenario = scenario,
                     .routes = routes,
                     .profile = profile,
                     .crowding = crowding,
                     .displacement = rp_displacement_of(&profile->under_load,
                                                        &scenario->mechanisms),
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
    rp_totals_fill(&fresh);
    if (fresh.turns > 0.0)
        fresh.asked /= fresh.turns;
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
