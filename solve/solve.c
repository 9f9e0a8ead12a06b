/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "solve/solve.h"

#include "solve/bounds.h"
#include "solve/queues.h"
#include "solve/solvestate.h"
#include "solve/unmodelled.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WARNINGS_SIZE = 8192 };

static enum rp_code no_memory(const struct rp_solving *s)
{
    return rp_fail(s->error, RP_ERR_MEMORY, "out of memory for a solution");
}

/* ---- The load ---- */

static double offered_per_s(const struct rp_load *load)
{
    struct rp_curve curve = load->curve;

    if (load->trace || load->process != RP_PROCESS_POISSON ||
        curve.kind == RP_CURVE_FLAT)
        return load->rate_per_s;
    curve.rate_per_s = load->rate_per_s;
    return rp_curve_mean(&curve);
}

static void take_load(struct rp_solving *s)
{
    const struct rp_load *const load = &s->scenario->load;

    s->open = load->kind == RP_LOAD_OPEN;
    s->gap_scv = load->gap.cv * load->gap.cv;
    if (load->trace || load->process == RP_PROCESS_MMPP)
        s->gap_scv = 1.0;
    s->offered_per_ns = s->open ? offered_per_s(load) / 1e9 : 0.0;
}

/* ---- Bounds ---- */

static void fill_bound_places(const struct rp_solving *s,
                              struct rp_bound_place *places, bool flat)
{
    const struct rp_demands *const d = &s->demands;

    for (size_t i = 0; i < d->place_count; i++)
        places[i] = (struct rp_bound_place){
            .demand_ns = d->places[i].demand_ns,
            .servers = (double)d->places[i].servers * d->places[i].copies};
    for (size_t i = 0; i < d->place_count && flat; i++)
        if (!s->contention.places[i].contended)
            places[i].demand_ns = 0.0;
}

static void no_bounds(struct rp_solution_bounds *b)
{
    *b = (struct rp_solution_bounds){(double)NAN, (double)NAN, (double)NAN,
                                     (double)NAN, (double)NAN, (double)NAN,
                                     (double)NAN, (double)NAN};
}

/* Balanced jobs are bounds of product-form networks, whose processes do not
 * share requests evenly. */
static bool can_balance(const struct rp_solving *s)
{
    return !s->contention.nested && s->layers.exact;
}

/* Each of those before has work left, too. */
static double after_ns(const struct rp_demands *d)
{
    double sum_ns = d->after_ns;

    for (size_t i = 0; i < d->visit_count; i++)
        if (d->visits[i].phase == RP_PHASE_AFTER &&
            d->visits[i].parent == RP_VISIT_NONE)
            sum_ns += d->visits[i].hold_ns;
    return sum_ns;
}

static void bound_closed(struct rp_solving *s, struct rp_bound_place *places)
{
    const struct rp_demands *const d = &s->demands;
    struct rp_solution_bounds *const to = &s->solution.bounds;
    const double clients = s->scenario->load.clients;
    struct rp_bounds b;

    b = rp_bounds_asymptotic(places, d->place_count, d->alone_ns,
                             s->solution.outside_ns, clients);
    to->rps_low = 1e9 / (1.0 / b.rate_low + after_ns(d));
    to->rps_high = 1e9 * b.rate_high;
    to->mean_low_ns = b.response_low_ns;
    to->mean_high_ns = b.response_high_ns;
    if (!can_balance(s))
        return;
    fill_bound_places(s, places, true);
    b = rp_bounds_balanced(places, d->place_count, s->contention.delay_ns,
                           s->contention.outside_ns, clients);
    to->balanced_rps_low = 1e9 * b.rate_low;
    to->balanced_rps_high = 1e9 * b.rate_high;
    /* ab's own thread is one of the stations, and in no response */
    to->balanced_mean_low_ns = clients / b.rate_high - s->solution.outside_ns;
    to->balanced_mean_high_ns = clients / b.rate_low - s->solution.outside_ns;
}

static double outside_ns(const struct rp_demands *d)
{
    double sum_ns = d->think_ns;

    for (size_t i = 0; i < d->visit_count; i++)
        if (d->visits[i].phase == RP_PHASE_BEFORE)
            sum_ns += d->visits[i].own_ns;
    return sum_ns;
}

static enum rp_code fill_bounds(struct rp_solving *s)
{
    const struct rp_demands *const d = &s->demands;
    struct rp_bound_place *const places =
        calloc(d->place_count + 1, sizeof *places);
    struct rp_solution *const out = &s->solution;
    double capacity_per_s;

    if (!places)
        return no_memory(s);
    no_bounds(&out->bounds);
    fill_bound_places(s, places, false);
    out->outside_ns = s->open ? (double)NAN : outside_ns(d);
    capacity_per_s =
        1e9 * rp_bounds_capacity(places, d->place_count, &out->bottleneck);
    if (!(out->capacity_per_s > 0.0))
        out->capacity_per_s = capacity_per_s;
    out->saturation_clients =
        s->open ? (double)NAN
                : capacity_per_s / 1e9 * (d->alone_ns + out->outside_ns);
    if (s->open) {
        out->bounds.rps_high = capacity_per_s;
        out->bounds.mean_low_ns = d->alone_ns;
    } else {
        bound_closed(s, places);
    }
    free(places);
    return RP_OK;
}

/* Bounds hold for every method, and layers know nothing of them. */
static void keep_within_bounds(struct rp_solving *s)
{
    const struct rp_solution_bounds *const b = &s->solution.bounds;
    const double found = s->layers.rate_per_ns;
    double rate = fmax(found, b->rps_low / 1e9);

    if (s->open || s->layers.exact)
        return;
    rate = fmin(rate, b->rps_high / 1e9);
    if (rate == found && !s->crowded)
        return;
    s->layers.rate_per_ns = rate;
    s->layers.response_ns =
        s->scenario->load.clients / rate - s->solution.outside_ns;
}

/* ---- Places and classes ---- */

static void fill_place(const struct rp_solving *s, size_t index,
                       struct rp_solution_place *to)
{
    const struct rp_demands *const d = &s->demands;
    const struct rp_demand_place *const from = &d->places[index];
    const double servers = (double)from->servers * from->copies;
    double hold_ns = 0.0, wait_ns = 0.0;

    for (size_t v = 0; v < d->visit_count; v++)
        if (d->visits[v].place == index) {
            hold_ns += s->layers.visits[v].hold_ns;
            wait_ns += d->visits[v].visits * s->layers.visits[v].wait_ns;
        }
    (void)snprintf(to->name, sizeof to->name, "%s", from->name);
    to->servers = servers > 4e9 ? 4000000000u : (unsigned)servers;
    to->demand_ns = from->demand_ns;
    to->visits = from->visits;
    to->contended = s->contention.places[index].contended;
    to->utilisation = s->layers.rate_per_ns * hold_ns / servers;
    to->queue_mean = s->layers.rate_per_ns * wait_ns;
    to->wait_ns = from->visits > 0.0 ? wait_ns / from->visits : 0.0;
    to->limit_per_s =
        from->demand_ns > 0.0 ? 1e9 * servers / from->demand_ns : (double)NAN;
    if (s->saturated)
        to->utilisation = to->queue_mean = to->wait_ns = NAN;
}

static void fill_class(const struct rp_solving *s, size_t index,
                       struct rp_solution_class *to)
{
    const struct rp_demands *const d = &s->demands;
    double waits_ns = 0.0;

    (void)snprintf(to->name, sizeof to->name, "%s",
                   rp_scenario_class_name(s->scenario, index));
    for (size_t v = 0; v < d->visit_count; v++)
        if (d->visits[v].phase == RP_PHASE_RESPONSE)
            waits_ns += d->by_class[v * d->class_count + index].visits *
                        s->layers.visits[v].wait_ns;
    to->alone_ns = rp_stretch_mean_ns(&d->whole[index]);
    to->rps = d->class_share[index] * s->solution.metrics[RP_METRIC_RPS];
    to->mean_ns = s->saturated ? (double)NAN : to->alone_ns + waits_ns;
}

static enum rp_code fill_lists(struct rp_solving *s)
{
    struct rp_solution *const out = &s->solution;

    out->place_count = s->demands.place_count;
    out->class_count = s->scenario->class_count;
    out->places = calloc(out->place_count + 1, sizeof *out->places);
    out->classes = calloc(out->class_count + 1, sizeof *out->classes);
    if (!out->places || !out->classes)
        return no_memory(s);
    for (size_t i = 0; i < out->place_count; i++)
        fill_place(s, i, &out->places[i]);
    for (size_t i = 0; i < out->class_count; i++)
        fill_class(s, i, &out->classes[i]);
    return RP_OK;
}

/* ---- The whole ---- */

static enum rp_code fill_texts(struct rp_solving *s)
{
    const struct rp_scenario *const from = s->scenario;
    struct rp_solution *const out = &s->solution;
    size_t used;

    out->scenario = strdup(from->name[0] ? from->name : from->file);
    out->warnings = calloc(1, WARNINGS_SIZE);
    if (!out->scenario || !out->warnings)
        return no_memory(s);
    (void)rp_routes_warnings(s->routes, from, s->profile, out->warnings,
                             WARNINGS_SIZE);
    used = strlen(out->warnings);
    if (used > 0 && used + 1 < WARNINGS_SIZE && out->warnings[used - 1] != '\n')
        out->warnings[used] = '\n';
    s->unmodelled =
        rp_unmodelled_say(from, s->crowded, out->warnings, WARNINGS_SIZE);
    used = strlen(out->warnings);
    if (out->saturated)
        (void)snprintf(out->warnings + used, WARNINGS_SIZE - used,
                       "%.4g requests/s arrive but at most %.4g/s can be "
                       "served: there is no latency to give; the place that "
                       "sets the limit is %s\n",
                       out->offered_per_s, out->capacity_per_s,
                       s->demands.places[out->bottleneck].name);
    return RP_OK;
}

static void fill_metrics(struct rp_solving *s)
{
    struct rp_solution *const out = &s->solution;

    out->open = s->open;
    out->clients = s->open ? 0 : s->scenario->load.clients;
    out->alone_ns = s->demands.alone_ns;
    out->offered_per_s = s->open ? 1e9 * s->offered_per_ns : (double)NAN;
    out->saturated = s->saturated;
    out->metrics[RP_METRIC_RPS] =
        out->saturated ? out->capacity_per_s : 1e9 * s->layers.rate_per_ns;
    out->metrics[RP_METRIC_MEAN] =
        out->saturated ? (double)NAN : s->layers.response_ns;
    out->in_flight_mean = s->layers.rate_per_ns * out->metrics[RP_METRIC_MEAN];
}

/* ---- The methods ---- */

/* The only place where anybody waits, if it is one that all of a request passes
 * once, for all processes together. */
static size_t find_lone_place(const struct rp_solving *s)
{
    const struct rp_demands *const d = &s->demands;

    for (size_t i = 0; i < d->place_count; i++)
        if (s->contention.contended == 1 && s->contention.places[i].contended &&
            d->places[i].copies == 1 && fabs(d->places[i].visits - 1.0) < 1e-12)
            return i;
    return d->place_count;
}

/* One queue with a formula. */
static enum rp_code solve_lone(struct rp_solving *s)
{
    const struct rp_demands *const d = &s->demands;
    const struct rp_demand_place *const place = &d->places[s->lone_place];
    const double wait_ns =
        rp_queue_ggc_wait(s->offered_per_ns, s->gap_scv, place->demand_ns,
                          rp_layers_scv(place), place->servers);

    s->layers.visits = calloc(d->visit_count + 1, sizeof *s->layers.visits);
    if (!s->layers.visits)
        return no_memory(s);
    for (size_t v = 0; v < d->visit_count; v++)
        s->layers.visits[v] = (struct rp_layers_visit){
            .wait_ns = d->visits[v].place == s->lone_place ? wait_ns : 0.0,
            .hold_ns = d->visits[v].hold_ns};
    s->saturated = isinf(wait_ns);
    s->layers.rate_per_ns = s->offered_per_ns;
    s->layers.response_ns = d->alone_ns + wait_ns;
    s->layers.converged = true;
    return RP_OK;
}

static enum rp_code solve_flow(struct rp_solving *s)
{
    struct rp_flow flow = {0};
    enum rp_code code = rp_flow_solve(&s->demands, s->offered_per_ns,
                                      s->gap_scv, &flow, s->error);

    if (code)
        return code;
    s->saturated = flow.saturated;
    s->solution.capacity_per_s = 1e9 * flow.capacity_per_ns;
    s->layers = (struct rp_layers){.rate_per_ns = flow.rate_per_ns,
                                   .response_ns = flow.response_ns,
                                   .converged = flow.converged,
                                   .visits = flow.visits};
    return RP_OK;
}

static enum rp_code solve_load(struct rp_solving *s)
{
    const unsigned clients = s->scenario->load.clients;
    enum rp_code code =
        rp_contention_find(&s->demands, s->open ? (double)INFINITY : clients,
                           &s->contention, s->error);

    if (code)
        return code;
    if (!(s->demands.alone_ns > 0.0))
        return rp_fail_at(s->error, RP_ERR_VALUE, s->scenario->file, 0, 0,
                          "a request takes no time at all: give the view some "
                          "work, or take a profile with costs");
    s->lone_place = find_lone_place(s);
    if (!s->open)
        return rp_layers_solve(&s->demands, &s->contention, clients, &s->layers,
                               s->error);
    return s->lone_place < s->demands.place_count ? solve_lone(s)
                                                  : solve_flow(s);
}

/* ---- Demands that depend on the solution ---- */

enum { SETTLE_CLOSED_MAX = 200, SETTLE_OPEN_MAX = 16, CROWD_MOST = 64 };

static const double settled = 1e-5;

static double capacity_per_ns(const struct rp_demands *d)
{
    double least = INFINITY;

    for (size_t i = 0; i < d->place_count; i++)
        if (d->places[i].demand_ns > 0.0)
            least =
                fmin(least, (double)d->places[i].servers * d->places[i].copies /
                                d->places[i].demand_ns);
    return least;
}

/* Requests that a loop runs in the same iterations wait at the same time, and
 * as long: they stay in step, and nobody waits while another one runs. */
static double in_step_per_ns(const struct rp_solving *s)
{
    const struct rp_demands *const d = &s->demands;
    const double each = (double)s->scenario->load.clients / d->processes;

    return s->scenario->load.clients /
           (d->alone_ns + outside_ns(d) + fmax(0.0, each - 1.0) * d->code_ns);
}

/* How much clients vary who go round between ab and one more queue: of 1, as
 * exponential service does; 1 where there is more than that. */
static double round_trip_scv(const struct rp_solving *s)
{
    const struct rp_demands *const d = &s->demands;
    double all_ns = 0.0, varying_ns = 0.0;

    if (s->contention.nested || s->contention.contended > 2)
        return 1.0;
    for (size_t i = 0; i < d->place_count; i++)
        if (s->contention.places[i].contended) {
            if (d->places[i].servers > 1)
                return 1.0;
            all_ns += d->places[i].demand_ns;
            varying_ns += d->places[i].demand_ns * rp_layers_scv(&d->places[i]);
        }
    return all_ns > 0.0 ? fmin(1.0, varying_ns / all_ns) : 1.0;
}

/* What mean value analysis does not know of ab and of loops. Between service
 * that is exponential and one that is constant, where nobody waits until some
 * place is always busy, lies what varies less. */
static void correct_crowded(struct rp_solving *s)
{
    const struct rp_demands *const d = &s->demands;
    const double clients = s->scenario->load.clients;
    const double rate = s->layers.rate_per_ns;
    const double most =
        fmin(capacity_per_ns(d), clients / (d->alone_ns + outside_ns(d)));

    if (d->in_step && clients > 1.0)
        s->layers.rate_per_ns = fmin(rate, in_step_per_ns(s));
    else if (most > rate)
        s->layers.rate_per_ns += (1.0 - round_trip_scv(s)) * (most - rate);
}

static enum rp_code solve_once(struct rp_solving *s)
{
    enum rp_code code;

    rp_layers_free(&s->layers);
    rp_contention_free(&s->contention);
    rp_demands_free(&s->demands);
    code = rp_demands_take(s->scenario, s->routes, s->profile, &s->crowding,
                           &s->demands, s->error);
    if (!code)
        code = solve_load(s);
    if (!code && s->crowded && !s->open)
        correct_crowded(s);
    return code;
}

/* More is asked for than can be done: nobody is ever idle, and so much is there
 * that whatever can be shared is. */
static struct rp_crowding overcrowded(const struct rp_solving *s)
{
    struct rp_crowding c = s->crowding;

    c.busy = 1.0;
    c.work = s->demands.code_ns > 0.0
                 ? s->demands.framework_ns / s->demands.code_ns
                 : 0.0;
    c.ready = fmin(CROWD_MOST, 2.0 * c.ready);
    c.accepted = fmin(CROWD_MOST, 2.0 * c.accepted);
    c.in_flight = fmin(CROWD_MOST, 2.0 * c.in_flight);
    return c;
}

static struct rp_crowding next_crowding(const struct rp_solving *s)
{
    const double clients = s->scenario->load.clients;
    const struct rp_layers *const found = &s->layers;
    struct rp_crowding_seen seen = {
        .rate_per_ns = found->rate_per_ns / s->demands.processes,
        .requests = s->open ? (double)INFINITY : clients / s->demands.processes,
        .response_ns = found->response_ns,
        .visits = found->visits};

    if (s->saturated)
        return overcrowded(s);
    if (!s->open)
        seen.response_ns =
            clients / found->rate_per_ns - outside_ns(&s->demands);
    return rp_crowding_of(&s->demands, &seen);
}

/* By visit. Where more is asked for than can be done whoever comes back to its
 * process finds all others before it, everywhere. */
static double wait_found_ns(const struct rp_solving *s, size_t visit)
{
    const struct rp_demands *const d = &s->demands;
    double visits = 0.0;

    if (!s->saturated)
        return s->layers.visits[visit].wait_ns;
    for (size_t v = 0; v < d->visit_count; v++)
        visits += d->visits[v].visits;
    return (s->crowding.in_flight - 1.0) * d->code_ns / visits;
}

/* Visits are the same each time that demands are taken. */
static enum rp_code follow_waits(struct rp_solving *s, double part)
{
    const size_t count = s->demands.visit_count;

    if (!s->waits_ns)
        s->waits_ns = calloc(count + 1, sizeof *s->waits_ns);
    if (!s->waits_ns)
        return no_memory(s);
    for (size_t v = 0; v < count; v++)
        s->waits_ns[v] += part * (wait_found_ns(s, v) - s->waits_ns[v]);
    s->crowding.waits_ns = s->waits_ns;
    s->crowding.wait_count = count;
    return RP_OK;
}

static bool any_at_work(const struct rp_solving *s)
{
    for (unsigned i = 0; i < RP_PARAMETER_COUNT; i++)
        if (rp_parameter_at_work(&s->profile->under_load,
                                 &s->scenario->mechanisms,
                                 (enum rp_parameter)i) > 0.0)
            return true;
    return false;
}

/* Demands and solution, until they agree. */
static enum rp_code settle(struct rp_solving *s)
{
    const unsigned most = s->open ? SETTLE_OPEN_MAX : SETTLE_CLOSED_MAX;
    enum rp_code code = RP_OK;

    s->crowded = any_at_work(s);
    s->crowding = rp_crowding_alone();
    for (unsigned i = 0; i < most && !code; i++) {
        const double part = i < 50 ? 0.5 : 0.1;
        struct rp_crowding next;

        code = solve_once(s);
        if (code || !s->crowded)
            break;
        next = next_crowding(s);
        code = follow_waits(s, part);
        if (rp_crowding_approach(&s->crowding, &next, part) <= settled)
            break;
    }
    s->layers.exact &= !s->crowded;
    return code;
}

/* Near to what can be served there may be nothing to agree on. */
static enum rp_code check_agreement(const struct rp_solving *s)
{
    if (s->layers.converged || s->saturated)
        return RP_OK;
    return rp_fail_at(s->error, RP_ERR_NUMERIC, s->scenario->file, 0, 0,
                      "inner and outer queues do not agree on a throughput: "
                      "simulate this scenario (reqpath simulate)");
}

enum rp_code rp_solve_routes(const struct rp_scenario *scenario,
                             const struct rp_routes *routes,
                             const struct rp_profile *profile,
                             struct rp_solution *solution,
                             struct rp_error *error)
{
    struct rp_solving s = {.scenario = scenario,
                           .routes = routes,
                           .profile = profile,
                           .error = error};
    enum rp_code code;

    take_load(&s);
    code = settle(&s);
    if (!code)
        code = fill_bounds(&s);
    if (!code)
        keep_within_bounds(&s);
    if (!code) {
        fill_metrics(&s);
        code = check_agreement(&s);
    }
    if (!code)
        code = fill_texts(&s);
    if (!code)
        code = fill_lists(&s);
    if (!code) {
        rp_method_choose(&s);
        rp_percentiles_fill(&s);
        *solution = s.solution;
    } else {
        rp_solution_free(&s.solution);
    }
    rp_layers_free(&s.layers);
    rp_contention_free(&s.contention);
    rp_demands_free(&s.demands);
    free(s.waits_ns);
    return code;
}

enum rp_code rp_solve(const struct rp_scenario *scenario,
                      const struct rp_profile *profile,
                      struct rp_solution *solution, struct rp_error *error)
{
    struct rp_routes routes = {0};
    enum rp_code code = rp_routes_make(scenario, profile, &routes, error);

    if (!code)
        code = rp_solve_routes(scenario, &routes, profile, solution, error);
    rp_routes_free(&routes);
    return code;
}
