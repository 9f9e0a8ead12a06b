/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/lower.h"

#include "model/charges.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *rp_time_kind_name(enum rp_time_kind kind)
{
#define RP_TIME_KIND_AS_NAME(kind_, name)                                      \
    case kind_:                                                                \
        return name;
    switch (kind) {
        RP_TIME_KIND_LIST(RP_TIME_KIND_AS_NAME)
    case RP_TIME_KINDS:
        break;
    }
#undef RP_TIME_KIND_AS_NAME
    return "unknown time";
}

enum rp_time_kind rp_time_kind_of(enum rp_item item)
{
    static const struct {
        const char *prefix;
        enum rp_time_kind kind;
    } families[] = {
        {"base", RP_TIME_BASE},       {"layer", RP_TIME_LAYERS},
        {"s2a", RP_TIME_S2A},         {"a2s", RP_TIME_A2S},
        {"thread", RP_TIME_THREADS},  {"error", RP_TIME_ERRORS},
        {"template", RP_TIME_RENDER}, {"client", RP_TIME_CLIENT},
    };
    const char *const family = rp_item_family(item);

    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strncmp(family, families[i].prefix, strlen(families[i].prefix)) ==
            0)
            return families[i].kind;
    return RP_TIME_BASE;
}

/* A place has a station, or only this request can be there. */
enum { NO_STATION = -1 };

struct lowering {
    const struct rp_scenario *scenario;
    const struct rp_routes *routes;
    const struct rp_profile *profile;
    const struct rp_program *program; /* of the route that is being lowered */
    const struct rp_prices *prices;
    struct rp_network *net;
    ptrdiff_t loop, worker, sensitive, pool, gil, client, backlog;
    size_t cores;
    size_t first_resource;
    struct rp_charges charges;
    struct rp_sending sending; /* of the program */
    ptrdiff_t acceptor;        /* gthread's accepting thread */
    bool answers;              /* within the burst that comes next */
    bool sends, sent;  /* the program's answer_step has come; the answer has */
    enum rp_wake wake; /* of the callback that comes next */
    bool owes_turn;    /* a task was woken at the loop, and has had no turn */
    bool burst;        /* code has been added that is not on its way yet, */
    size_t from;       /* the first of it with this label */
    bool let_in;       /* the request has been */
};

/* ---- Stations ---- */

static ptrdiff_t add_if(struct lowering *l, bool wanted, const char *name,
                        unsigned servers, bool in_process)
{
    if (!wanted)
        return NO_STATION;
    return (ptrdiff_t)rp_network_station(l->net, name, servers, in_process);
}

static void order_by_priority(struct lowering *l, ptrdiff_t station)
{
    if (station != NO_STATION)
        rp_network_discipline(l->net, (size_t)station, RP_DISCIPLINE_PRIORITY,
                              0);
}

/* Who waits where, and who is next. */
static void set_queues(struct lowering *l)
{
    const struct rp_scenario *const s = l->scenario;
    const unsigned backlog = s->server.backlog;

    if (s->server.queue == RP_QUEUE_PRIORITY) {
        order_by_priority(l, l->worker);
        order_by_priority(l, l->sensitive);
        order_by_priority(l, l->pool);
    }
    if (s->scheduling == RP_SCHEDULING_SHARING)
        rp_network_discipline(l->net, l->cores, RP_DISCIPLINE_SHARING, 0);
    if (s->scheduling == RP_SCHEDULING_QUANTUM)
        rp_network_discipline(l->net, l->cores, RP_DISCIPLINE_QUANTUM,
                              (uint64_t)s->quantum_ns);
    l->backlog = NO_STATION;
    if (backlog > 0 && l->worker != NO_STATION)
        rp_network_backlog(l->net, (size_t)l->worker, backlog);
    if (backlog > 0 && l->worker == NO_STATION) {
        l->backlog = add_if(l, true, "backlog", backlog, false);
        rp_network_backlog(l->net, (size_t)l->backlog, 0);
    }
}

static double at_work(const struct lowering *l, enum rp_parameter parameter)
{
    return rp_parameter_at_work(&l->profile->under_load,
                                &l->scenario->mechanisms, parameter);
}

static void set_loop(struct lowering *l, ptrdiff_t station)
{
    const struct rp_loop_plan plan = {
        .lock = l->gil == NO_STATION ? RP_NO_STATION : (size_t)l->gil,
        .cores = l->cores,
        .iteration_ns = l->charges.iteration_ns,
        .wakeup_ns = l->charges.pipe_ns,
        .timer_ns = l->charges.slack_ns > 0.0 ? RP_POLL_UNIT_NS : 0,
        .late_ns = (uint64_t)l->charges.slack_ns};

    if (station != NO_STATION)
        rp_network_loop(l->net, (size_t)station, &plan);
}

static void set_loops(struct lowering *l)
{
    const struct rp_scenario *const s = l->scenario;

    l->charges = rp_charges_of(s, l->profile, l->loop != NO_STATION);
    l->acceptor = add_if(l, l->charges.accepts, "accepting thread", 1, true);
    if (l->charges.runs && s->mechanisms.order && l->gil != NO_STATION &&
        rp_parameters_any(&l->profile->under_load))
        rp_network_discipline(l->net, (size_t)l->gil, RP_DISCIPLINE_RANDOM, 0);
    set_loop(l, l->charges.loops ? l->loop : NO_STATION);
    set_loop(l, l->acceptor);
}

/* Code that runs on offers the GIL after its interval; where there is none it
 * is the kernel that takes its core after a slice. */
static uint64_t switch_ns(const struct lowering *l)
{
    if (!l->scenario->mechanisms.switching)
        return 0;
    return l->gil == NO_STATION ? rp_scenario_slice_ns(l->scenario)
                                : RP_SWITCH_INTERVAL_NS;
}

/* Who lets the GIL go takes it again at once, unless the kernel prefers whoever
 * is woken by that: after a slice. */
static uint64_t keeps_ns(const struct lowering *l)
{
    return l->scenario->mechanisms.switching ? rp_scenario_slice_ns(l->scenario)
                                             : 0;
}

static void set_runtime(struct lowering *l)
{
    if (!l->charges.runs)
        return;
    l->net->runtime = (struct rp_runtime){
        .wakeup_ns = l->charges.wakeup_ns,
        .slowness = at_work(l, RP_PARAMETER_SLOWNESS),
        .fade_ns = at_work(l, RP_PARAMETER_FADE),
        .pause_ns = at_work(l, RP_PARAMETER_IDLE),
        .displaced = at_work(l, RP_PARAMETER_DISPLACED),
        .others_ns = at_work(l, RP_PARAMETER_OTHERS),
        .full = {l->charges.full_every, l->charges.full_crowded,
                 l->charges.full_ns},
        .handover_ns = l->charges.handover_ns,
        .keeps = l->scenario->mechanisms.keeping,
        .keeps_ns = keeps_ns(l),
        .switch_ns = switch_ns(l)};
}

static void add_stations(struct lowering *l)
{
    const struct rp_scenario *const s = l->scenario;
    const struct rp_server *const server = &s->server;
    const unsigned long long threads =
        (unsigned long long)server->processes * server->threads;
    char name[RP_STATION_NAME_SIZE];

    l->net->processes = server->processes;
    l->client = add_if(
        l, s->load.kind == RP_LOAD_CLOSED && s->load.client == RP_CLIENT_AB,
        "ab", 1, false);
    l->worker =
        add_if(l, rp_routes_visit(l->routes, RP_PLACE_WORKER), "worker threads",
               threads > UINT_MAX ? UINT_MAX : (unsigned)threads, false);
    l->loop =
        add_if(l, rp_routes_visit(l->routes, RP_PLACE_LOOP), "loop", 1, true);
    l->sensitive = add_if(l, rp_routes_visit(l->routes, RP_PLACE_SENSITIVE),
                          "thread-sensitive thread", 1, true);
    l->pool = add_if(l, rp_routes_visit(l->routes, RP_PLACE_POOL),
                     "default pool", rp_scenario_pool_threads(s), true);
    l->gil = add_if(l, server->gil, "GIL", 1, true);
    l->cores = rp_network_station(l->net, "cores", s->cores, false);
    set_queues(l);
    set_loops(l);
    set_runtime(l);
    l->first_resource = l->net->station_count;
    for (size_t i = 0; i < s->resource_count; i++) {
        (void)snprintf(name, sizeof name, "%s", s->resources[i].name);
        (void)rp_network_station(l->net, name, s->resources[i].capacity, true);
    }
}

static ptrdiff_t thread_station(const struct lowering *l, enum rp_place place)
{
    switch (place) {
    case RP_PLACE_WORKER:
        return l->worker;
    case RP_PLACE_SENSITIVE:
        return l->sensitive;
    case RP_PLACE_POOL:
        return l->pool;
    case RP_PLACE_LOOP:
    case RP_PLACE_CONTEXT:
    case RP_PLACE_CALLER:
    case RP_PLACE_INNER_LOOP:
    case RP_PLACE_OUTER_LOOP:
        return NO_STATION;
    }
    return NO_STATION;
}

static void take(struct lowering *l, ptrdiff_t station)
{
    if (station != NO_STATION)
        rp_network_take(l->net, (size_t)station);
}

static void give(struct lowering *l, ptrdiff_t station)
{
    if (station != NO_STATION)
        rp_network_give(l->net, (size_t)station);
}

/* ---- Code ---- */

static void begin_burst(struct lowering *l)
{
    if (!l->burst)
        l->from = l->net->label;
    l->burst = true;
}

/* A part of `of_ns` at its spread, of which `constant_ns` is paid elsewhere and
 * does not vary: what is left varies as the whole did. */
static void add_varying(struct lowering *l, enum rp_time_kind kind,
                        double of_ns, double constant_ns,
                        const struct rp_spread *spread)
{
    struct rp_spread left;

    if (!(of_ns > 0.0))
        return;
    left = rp_charges_left(spread, of_ns, constant_ns);
    rp_network_level(l->net, kind, of_ns, &left);
}

/* A share of an item; `wakes` where a crossing has a thread of a station. */
static void add_item(struct lowering *l, enum rp_item item, double share,
                     bool at_loop, bool wakes)
{
    const int index = l->prices->items[item].cost;
    const bool is_base = item == rp_item_base(l->scenario->server.kind);
    const enum rp_time_kind kind = rp_time_kind_of(item);
    double mean_ns, elsewhere_ns;
    struct rp_spread spread;

    if (index < 0)
        return;
    spread = rp_charges_spread(&l->charges, &l->profile->costs[index], is_base);
    mean_ns = l->profile->costs[index].mean_ns -
              (is_base ? l->charges.client_ns : 0.0);
    elsewhere_ns =
        rp_charges_shared_ns(&l->charges, item, is_base, at_loop, wakes) +
        (is_base ? l->sending.asleep_ns : 0.0);
    begin_burst(l);
    add_varying(l, kind, share * mean_ns, share * elsewhere_ns, &spread);
}

/* Streams are named by who draws and for what, and counted where that happens
 * more than once, so that a variant of the scenario meets the same luck. */
static void add_own(struct lowering *l, size_t step_index,
                    enum rp_time_kind kind)
{
    const struct rp_step *const steps = l->program->steps;
    const struct rp_step *const step = &steps[step_index];
    unsigned ordinal = 0;
    char purpose[192];

    for (size_t i = 0; i < step_index; i++)
        ordinal += steps[i].op == step->op && steps[i].origin == step->origin;
    (void)snprintf(purpose, sizeof purpose, "%s %s %u",
                   rp_step_origin(step, l->scenario), rp_op_name(step->op),
                   ordinal);
    rp_network_own(l->net, kind, &step->own, purpose);
    rp_network_is_own(l->net);
}

/* From here on it is served: its place in the backlog is free again. */
static void let_in(struct lowering *l)
{
    if (l->let_in)
        return;
    give(l, l->backlog);
    rp_network_stay(l->net);
    l->let_in = true;
}

/* What is left when the client has its answer. */
static void add_after(struct lowering *l)
{
    rp_network_label(l->net, 0);
    rp_network_level(l->net, RP_TIME_BASE, l->charges.after_ns,
                     &l->profile->request_spread);
}

/* Code that has a thread needs the GIL and a core, in that order, and gives
 * them back in the other. `done` is the thread that is left then, which keeps
 * both if there is more for it to do. */
static void run_on_thread(struct lowering *l, ptrdiff_t done)
{
    take(l, l->gil);
    if (l->charges.runs) {
        rp_network_take(l->net, l->cores);
        rp_network_run(l->net,
                       l->gil == NO_STATION ? l->cores : (size_t)l->gil);
        if (l->answers) {
            rp_network_answer(l->net);
            add_after(l);
            rp_network_run(l->net, RP_NO_STATION);
        }
        if (done != NO_STATION && l->scenario->mechanisms.keeping)
            rp_network_pass(l->net, (size_t)done);
        rp_network_give(l->net, l->cores);
    } else {
        rp_network_serve(l->net, l->cores);
    }
    give(l, l->gil);
}

/* A turn of the loop, with the code that was gathered, if there is any. */
static void run_callback(struct lowering *l, enum rp_wake wake)
{
    rp_network_callback(l->net, (size_t)l->loop, wake);
    l->wake = RP_WAKE_EVENT;
    l->owes_turn = wake != RP_WAKE_EVENT;
    let_in(l);
}

/* Let the code that was gathered run. A task that was woken has a turn
 * even where there is none. */
static void run_burst(struct lowering *l, enum rp_place place, ptrdiff_t done)
{
    const ptrdiff_t loop = place == RP_PLACE_LOOP ? l->loop : NO_STATION;
    const size_t label = l->net->label;

    if (!l->burst && loop != NO_STATION && l->owes_turn)
        run_callback(l, RP_WAKE_EVENT);
    if (!l->burst)
        return;
    rp_network_label(l->net, l->from);
    if (loop != NO_STATION && l->charges.loops) {
        run_callback(l, l->wake);
    } else {
        take(l, loop);
        let_in(l);
        run_on_thread(l, done);
        give(l, loop);
    }
    rp_network_label(l->net, label);
    l->burst = false;
}

/* ---- The answer ---- */

/* The response is on its way. What the steps behind it cost is burned before
 * it, too (model/charges.h). */
static void add_sending(void *lowering, double price_ns, double elsewhere_ns,
                        const struct rp_spread *spread)
{
    begin_burst(lowering);
    add_varying(lowering, RP_TIME_BASE, price_ns, elsewhere_ns, spread);
}

/* The client has its answer when the loop has closed its connection. */
static void answer(struct lowering *l)
{
    if (!l->sends)
        return;
    if (l->charges.loops)
        rp_network_answer_in_turn(l->net, (size_t)l->loop);
    else
        rp_network_answer(l->net);
    l->sends = false;
    l->sent = true;
}

/* The code that asks for a crossing is that which sent the response. */
static void lower_answer(struct lowering *l, size_t i, enum rp_place here)
{
    const struct rp_program *const p = l->program;

    if (!l->charges.answers || i != p->answer_step)
        return;
    rp_network_label(l->net, 0);
    rp_charges_send(&l->sending, l->profile, p, l->prices, add_sending, l);
    l->sends = true;
    if (i < p->step_count && p->steps[i].op == RP_STEP_ENTER)
        return;
    run_burst(l, here, NO_STATION);
    answer(l);
}

/* ---- Steps ---- */

/* What the server does before the application has the request, in turns. */
static void lower_base(struct lowering *l, const struct rp_step *step,
                       enum rp_place here)
{
    unsigned turns = 1;

    if (here == RP_PLACE_LOOP && l->charges.loops)
        turns = RP_TURNS_BEFORE;
    for (unsigned k = 0; k < turns; k++) {
        if (k > 0)
            run_burst(l, here, NO_STATION);
        add_item(l, step->item, step->share / turns, here == RP_PLACE_LOOP,
                 false);
    }
}

static void lower_cpu(struct lowering *l, size_t i, enum rp_place here)
{
    const struct rp_step *const step = &l->program->steps[i];

    if (step->item == rp_item_base(l->scenario->server.kind)) {
        lower_base(l, step, here);
        return;
    }
    if (step->item != RP_ITEM_NONE) {
        add_item(l, step->item, step->share, here == RP_PLACE_LOOP, false);
        return;
    }
    begin_burst(l);
    add_own(l, i, RP_TIME_OWN_CPU);
}

/* A timer that ends a wait is late; at a loop it has a turn of its own before
 * the task that it wakes. */
static void lower_wait(struct lowering *l, size_t i, enum rp_place here)
{
    const struct rp_duration slack = {.shape = RP_SHAPE_CONSTANT,
                                      .mean_ns = l->charges.slack_ns};

    run_burst(l, here, NO_STATION);
    add_own(l, i, RP_TIME_OWN_WAIT);
    if (slack.mean_ns > 0.0 && !(here == RP_PLACE_LOOP && l->charges.loops))
        rp_network_own(l->net, RP_TIME_OWN_WAIT, &slack, "timer slack 0");
    rp_network_hold(l->net);
    if (here == RP_PLACE_LOOP && l->charges.loops)
        run_callback(l, RP_WAKE_TIMER);
}

/* A thread that has nothing to do sleeps. */
static void add_waking(struct lowering *l)
{
    const struct rp_spread constant = rp_spread_constant();
    const double mean_ns = l->charges.thread_ns;

    if (!(mean_ns > 0.0))
        return;
    begin_burst(l);
    rp_network_level(l->net, RP_TIME_S2A, mean_ns, &constant);
    rp_network_is_waking(l->net);
}

/* A share of a crossing is burned where it comes from. To or from a loop that
 * runs in iterations one half of it is burned where it arrives: at the loop in
 * a turn of its own, which the other thread asked for. */
static void cross(struct lowering *l, const struct rp_step *step,
                  enum rp_place from, enum rp_place to, ptrdiff_t taken,
                  ptrdiff_t given)
{
    const bool in_turns =
        l->charges.loops && (from == RP_PLACE_LOOP || to == RP_PLACE_LOOP);
    const double sent =
        in_turns ? step->share / RP_SIDES_OF_CROSSING : step->share;
    const bool is_paid = step->item != RP_ITEM_NONE;
    const bool wakes = taken != NO_STATION || given != NO_STATION;

    if (is_paid)
        add_item(l, step->item, sent, in_turns, wakes);
    run_burst(l, from, given);
    answer(l);
    take(l, taken);
    give(l, given);
    if (!in_turns || !is_paid)
        return;
    if (taken != NO_STATION)
        add_waking(l);
    add_item(l, step->item, step->share - sent, true, wakes);
    if (to == RP_PLACE_LOOP) {
        l->wake = RP_WAKE_THREAD;
        run_burst(l, to, NO_STATION);
    }
}

/* Returns where the steps after it run. */
static enum rp_place lower_step(struct lowering *l, size_t i,
                                enum rp_place here, enum rp_place outside)
{
    const struct rp_step *const step = &l->program->steps[i];

    switch (step->op) {
    case RP_STEP_CPU:
        lower_cpu(l, i, here);
        return here;
    case RP_STEP_WAIT:
        lower_wait(l, i, here);
        return here;
    case RP_STEP_ENTER:
        cross(l, step, here, step->place, thread_station(l, step->place),
              NO_STATION);
        return step->place;
    case RP_STEP_LEAVE:
        cross(l, step, here, outside, NO_STATION,
              thread_station(l, step->place));
        return outside;
    case RP_STEP_TAKE:
        run_burst(l, here, NO_STATION);
        rp_network_take(l->net, l->first_resource + step->resource);
        return here;
    case RP_STEP_GIVE:
        run_burst(l, here, NO_STATION);
        rp_network_give(l->net, l->first_resource + step->resource);
        return here;
    }
    return here;
}

static void lower_arrivals(struct rp_network *net, const char *name,
                           const struct rp_load *load)
{
    struct rp_curve curve = load->curve;

    rp_network_open(net, name, &load->gap);
    curve.rate_per_s = load->rate_per_s;
    if (load->trace)
        rp_network_trace(net, &load->timestamps, load->trace_speed);
    else if (load->process == RP_PROCESS_MMPP)
        rp_network_bursts(net, &load->mmpp);
    else if (curve.kind != RP_CURVE_FLAT)
        rp_network_curve(net, &curve);
}

/* The source of all requests, or one more class of it. */
static void lower_class(struct lowering *l, size_t index)
{
    const struct rp_scenario *const s = l->scenario;
    const struct rp_load *const load = &s->load;
    const char *const name =
        s->class_count > 0 ? s->classes[index].name : "requests";

    if (index > 0)
        rp_network_variant(l->net, name);
    else if (load->kind == RP_LOAD_OPEN)
        lower_arrivals(l->net, name, load);
    else
        rp_network_closed(l->net, name, load->clients);
    if (s->class_count > 0) {
        rp_network_share(l->net, s->classes[index].share);
        rp_network_priority(l->net, s->classes[index].priority);
    }
    rp_network_patience(l->net, (uint64_t)load->timeout_ns);
    if (load->retries > 0)
        rp_network_retry(l->net, load->retries, &load->backoff);
}

/* A closed client thinks, then (ab) takes its own time, on its one thread. */
static void lower_client(struct lowering *l)
{
    const struct rp_load *const load = &l->scenario->load;
    const int gap = l->profile->cost_of_item[RP_ITEM_CLIENT_GAP];

    if (load->kind == RP_LOAD_OPEN)
        return;
    if (load->think.mean_ns > 0.0) {
        rp_network_own(l->net, RP_TIME_CLIENT, &load->think, "client think 0");
        rp_network_hold(l->net);
    }
    if (l->client == NO_STATION || gap < 0)
        return;
    take(l, l->client);
    rp_network_level(l->net, RP_TIME_CLIENT, l->profile->costs[gap].mean_ns,
                     &l->profile->costs[gap].spread);
    rp_network_hold(l->net);
    give(l, l->client);
}

/* Of a response, the client's own part: ab's, on its one thread, or that of
 * somebody who has a core for it. */
static void lower_own_side(struct lowering *l)
{
    const int base =
        l->prices->items[rp_item_base(l->scenario->server.kind)].cost;
    struct rp_spread spread;

    if (!(l->charges.client_ns > 0.0) || base < 0)
        return;
    spread = rp_charges_spread(&l->charges, &l->profile->costs[base], true);
    take(l, l->client);
    rp_network_level(l->net, RP_TIME_CLIENT_SIDE, l->charges.client_ns,
                     &spread);
    rp_network_hold(l->net);
    give(l, l->client);
}

/* gthread's accepting thread has its turn before a worker thread has the
 * request; with several processes, after it is known which. */
static void lower_acceptor(struct lowering *l)
{
    const struct rp_spread spread = rp_spread_constant();

    if (l->acceptor == NO_STATION)
        return;
    rp_network_level(l->net, RP_TIME_BASE, l->charges.accept_ns, &spread);
    rp_network_callback(l->net, (size_t)l->acceptor, RP_WAKE_EVENT);
}

/* The client has its answer, and the task ends in the turn that it has. */
static void lower_rest(struct lowering *l, enum rp_place here)
{
    rp_network_label(l->net, 0);
    if (l->charges.after_ns > 0.0) {
        begin_burst(l);
        add_after(l);
    }
    run_burst(l, here, NO_STATION);
    rp_network_end(l->net);
}

/* A thread answers in the middle of its last burst: it keeps what it has for
 * what is left to do. A loop has a turn for that. */
static void lower_end(struct lowering *l, enum rp_place here)
{
    const ptrdiff_t thread = thread_station(l, l->program->start);
    /* Between two requests a worker lets the GIL go, for it reads and writes;
     * its core it keeps. */
    const ptrdiff_t done = l->gil == NO_STATION ? thread : NO_STATION;
    const bool has_rest = l->charges.after_ns > 0.0;

    if (l->sent) {
        lower_rest(l, here);
        return;
    }
    l->answers = has_rest && l->burst && here != RP_PLACE_LOOP;
    run_burst(l, here, done);
    rp_network_label(l->net, 0);
    if (!has_rest) {
        give(l, thread);
        rp_network_answer(l->net);
        return;
    }
    if (!l->answers) {
        rp_network_answer(l->net);
        begin_burst(l);
        l->from = 0;
        add_after(l);
        run_burst(l, here, done);
    }
    l->answers = false;
    give(l, thread);
    rp_network_end(l->net);
}

static enum rp_code lower_program(struct lowering *l, struct rp_error *error)
{
    const struct rp_program *const p = l->program;
    enum rp_place *const around = calloc(p->step_count + 1, sizeof *around);
    enum rp_place here = p->start;
    size_t depth = 0;

    if (!around)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a network");
    rp_network_arrive(l->net);
    l->let_in = l->owes_turn = l->sends = l->sent = false;
    rp_network_label(l->net, 0);
    lower_own_side(l);
    l->wake = RP_WAKE_EVENT;
    take(l, l->backlog);
    if (l->net->processes <= 1)
        lower_acceptor(l);
    take(l, thread_station(l, p->start));
    if (thread_station(l, p->start) != NO_STATION)
        let_in(l);
    if (l->net->processes > 1)
        rp_network_choose(l->net);
    if (l->net->processes > 1)
        lower_acceptor(l);
    for (size_t i = 0; i < p->step_count; i++) {
        if (p->steps[i].op == RP_STEP_ENTER)
            around[depth++] = here;
        if (p->steps[i].op == RP_STEP_LEAVE)
            depth--;
        lower_answer(l, i, here);
        rp_network_label(l->net, i + 1);
        here = lower_step(l, i, here, around[depth]);
    }
    lower_answer(l, p->step_count, here);
    lower_end(l, here);
    free(around);
    return RP_OK;
}

static enum rp_code lower_route(struct lowering *l, size_t index,
                                struct rp_error *error)
{
    l->program = &l->routes->routes[index].program;
    l->prices = &l->routes->routes[index].prices;
    l->sending =
        rp_charges_sending(&l->charges, l->profile, l->program, l->prices);
    lower_class(l, index);
    lower_client(l);
    return lower_program(l, error);
}

enum rp_code rp_lower(const struct rp_scenario *scenario,
                      const struct rp_routes *routes,
                      const struct rp_profile *profile,
                      struct rp_network *network, struct rp_error *error)
{
    struct rp_network fresh = {0};
    struct lowering l = {.scenario = scenario,
                         .routes = routes,
                         .profile = profile,
                         .net = &fresh};
    enum rp_code code = RP_OK;

    for (unsigned k = 0; k < RP_TIME_KINDS; k++)
        (void)rp_network_kind(&fresh, rp_time_kind_name((enum rp_time_kind)k));
    for (unsigned k = 0; k < RP_ADDED_KINDS; k++)
        (void)rp_network_kind(&fresh, rp_added_name((enum rp_added)k));
    add_stations(&l);
    for (size_t i = 0; i < routes->count && !code; i++)
        code = lower_route(&l, i, error);
    if (!code)
        code = rp_network_check(&fresh, error);
    if (code)
        rp_network_free(&fresh);
    else
        *network = fresh;
    return code;
}
