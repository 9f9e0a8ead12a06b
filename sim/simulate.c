/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "sim/simulate.h"

#include "model/units.h"
#include "sim/draws.h"
#include "sim/engine.h"
#include "sim/interval.h"
#include "sim/jobs.h"
#include "sim/lower.h"

#include <assert.h>
#include <gsl/gsl_statistics_double.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PILOTS = 5,            /* averaged, to find the warm-up */
    PILOT_REQUESTS = 4000, /* of each */
    DRAW_REQUESTS = 8000,  /* measured in a run with drawn costs, at most */
    CAPACITY_CLIENTS = 200,
    CAPACITY_REQUESTS = 20000,
    FIRST_PILOT = 1 << 30, /* numbers of replications that no run has */
};

/* One run of the engine, for rp_jobs_run(). */
struct piece {
    const struct rp_network *network;
    struct rp_engine_settings settings;
    struct rp_replication replication;
    enum rp_code code;
    struct rp_error error;
};

/* Everything on the way from scenario to result. */
struct simulation {
    const struct rp_scenario *scenario;
    const struct rp_program *program;
    const struct rp_profile *profile;
    const struct rp_prices *prices;
    struct rp_simulate_options options;
    struct rp_network network;
    uint64_t warm_up;
    bool warm_up_found;
    size_t draw_count;
    struct rp_network *drawn; /* owned; draw_count */
    size_t piece_count;       /* replications, then draws */
    struct piece *pieces;     /* owned */
    struct rp_histogram *all; /* owned: of all replications */
    struct rp_result result;
    struct rp_error *error;
};

struct rp_simulate_options rp_simulate_defaults(void)
{
    return (struct rp_simulate_options){.jobs = 0, .draws = RP_SIMULATE_DRAWS};
}

static void run_piece(void *context, size_t index)
{
    struct piece *const p = (struct piece *)context + index;

    p->code =
        rp_engine_run(p->network, &p->settings, &p->replication, &p->error);
}

static enum rp_code run_pieces(struct simulation *s, struct piece *pieces,
                               size_t count)
{
    rp_jobs_run(count, s->options.jobs, run_piece, pieces);
    for (size_t i = 0; i < count; i++)
        if (pieces[i].code)
            return rp_fail(s->error, pieces[i].code, "%s",
                           pieces[i].error.text);
    return RP_OK;
}

static enum rp_code no_memory(const struct simulation *s)
{
    return rp_fail(s->error, RP_ERR_MEMORY, "out of memory for a simulation");
}

/* ---- Warm-up ---- */

static void average_series(const struct piece *pilots, double *average,
                           size_t *count)
{
    size_t shortest = SIZE_MAX;

    for (size_t i = 0; i < PILOTS; i++)
        if (pilots[i].replication.series_count < shortest)
            shortest = pilots[i].replication.series_count;
    for (size_t k = 0; k < shortest; k++) {
        double sum = 0.0;
        for (size_t i = 0; i < PILOTS; i++)
            sum += pilots[i].settings.series_ns[k];
        average[k] = sum / PILOTS;
    }
    *count = shortest;
}

/* As long as the run itself where that is short, and long enough that each
 * client asks several times. */
static size_t pilot_length(const struct rp_scenario *scenario)
{
    size_t n = PILOT_REQUESTS;

    if (scenario->load.kind == RP_LOAD_CLOSED &&
        n < 20 * (size_t)scenario->load.clients)
        n = 20 * (size_t)scenario->load.clients;
    return n;
}

static enum rp_code find_warm_up(struct simulation *s)
{
    const size_t length = pilot_length(s->scenario);
    double *const series = calloc((PILOTS + 1) * length, sizeof *series);
    struct piece *const pilots = calloc(PILOTS, sizeof *pilots);
    enum rp_code code = RP_OK;
    size_t count = 0;
    int found = 0;

    if (!series || !pilots) {
        code = no_memory(s);
        goto out;
    }
    for (size_t i = 0; i < PILOTS; i++) {
        pilots[i].network = &s->network;
        pilots[i].settings = (struct rp_engine_settings){
            .seed = s->scenario->seed,
            .replication = FIRST_PILOT + (unsigned)i,
            .requests = length,
            .series_ns = series + i * length,
            .series_capacity = length};
    }
    code = run_pieces(s, pilots, PILOTS);
    if (code)
        goto out;
    average_series(pilots, series + PILOTS * length, &count);
    s->warm_up = rp_interval_mser5(series + PILOTS * length, count, &found);
    s->warm_up_found = found;
out:
    for (size_t i = 0; pilots && i < PILOTS; i++)
        rp_replication_free(&pilots[i].replication);
    free(pilots);
    free(series);
    return code;
}

static enum rp_code set_warm_up(struct simulation *s)
{
    const struct rp_run *const run = &s->scenario->run;

    s->warm_up = run->warm_up_requests;
    s->warm_up_found = true;
    return run->warm_up_auto && rp_load_is_steady(&s->scenario->load)
               ? find_warm_up(s)
               : RP_OK;
}

/* ---- Drawn costs ---- */

static enum rp_code lower_drawn(struct simulation *s, const double *costs_ns,
                                struct rp_network *network)
{
    struct rp_profile drawn = *s->profile;
    const size_t n = drawn.cost_count;
    enum rp_code code;

    drawn.costs = malloc((n + 1) * sizeof *drawn.costs);
    if (!drawn.costs)
        return no_memory(s);
    memcpy(drawn.costs, s->profile->costs, n * sizeof *drawn.costs);
    for (size_t i = 0; i < n; i++)
        drawn.costs[i].mean_ns = costs_ns[i];
    code =
        rp_lower(s->scenario, s->program, &drawn, s->prices, network, s->error);
    free(drawn.costs);
    return code;
}

static enum rp_code draw_networks(struct simulation *s)
{
    const size_t n = s->profile->cost_count;
    double *costs_ns;
    enum rp_code code;

    s->draw_count = n > 0 ? s->options.draws : 0;
    if (s->draw_count == 0)
        return RP_OK;
    costs_ns = calloc(s->draw_count * n, sizeof *costs_ns);
    s->drawn = calloc(s->draw_count, sizeof *s->drawn);
    if (!costs_ns || !s->drawn)
        code = no_memory(s);
    else
        code = rp_draws_make(s->profile, s->scenario->seed, s->draw_count,
                             costs_ns, s->error);
    for (size_t i = 0; i < s->draw_count && !code; i++)
        code = lower_drawn(s, costs_ns + i * n, &s->drawn[i]);
    free(costs_ns);
    return code;
}

/* ---- Runs ---- */

static enum rp_code run_all(struct simulation *s)
{
    const struct rp_run *const run = &s->scenario->run;
    const size_t replications = run->replications;

    s->piece_count = replications + s->draw_count;
    s->pieces = calloc(s->piece_count, sizeof *s->pieces);
    if (!s->pieces)
        return no_memory(s);
    for (size_t i = 0; i < s->piece_count; i++) {
        struct piece *const p = &s->pieces[i];

        p->network = &s->network;
        p->settings =
            (struct rp_engine_settings){.seed = s->scenario->seed,
                                        .replication = (unsigned)i,
                                        .warm_up = s->warm_up,
                                        .requests = run->requests,
                                        .duration_ns = run->duration_ns};
        if (i < replications)
            continue;
        p->network = &s->drawn[i - replications];
        p->settings.replication = 0; /* the same luck for every draw */
        if (run->requests == 0 || run->requests > DRAW_REQUESTS)
            p->settings.requests = DRAW_REQUESTS;
    }
    return run_pieces(s, s->pieces, s->piece_count);
}

/* ---- Estimates ---- */

static double share_of(enum rp_metric metric)
{
    switch (metric) {
    case RP_METRIC_P50:
        return 0.50;
    case RP_METRIC_P90:
        return 0.90;
    case RP_METRIC_P95:
        return 0.95;
    case RP_METRIC_P99:
        return 0.99;
    case RP_METRIC_RPS:
    case RP_METRIC_MEAN:
    case RP_METRIC_COUNT:
        break;
    }
    assert(!"a metric that is no percentile");
    return 0.5;
}

/* Nothing was measured: there is no such number. */
static double per(double sum, double count)
{
    return count > 0.0 ? sum / count : (double)NAN;
}

static double metric_of(const struct rp_replication *r, enum rp_metric metric)
{
    if (metric == RP_METRIC_RPS)
        return per(1e9 * (double)r->answered, r->span_ns);
    if (metric == RP_METRIC_MEAN)
        return per(r->response_ns, (double)r->answered);
    return rp_histogram_quantile(r->response, share_of(metric));
}

/* All replications together. */
static double pooled(const struct simulation *s, enum rp_metric metric)
{
    double answered = 0.0, span_ns = 0.0, response_ns = 0.0;

    if (metric != RP_METRIC_RPS && metric != RP_METRIC_MEAN)
        return rp_histogram_quantile(s->all, share_of(metric));
    for (size_t i = 0; i < s->result.replications; i++) {
        const struct rp_replication *const r = &s->pieces[i].replication;
        answered += (double)r->answered;
        span_ns += r->span_ns;
        response_ns += r->response_ns;
    }
    if (metric == RP_METRIC_RPS)
        return per(1e9 * answered, span_ns);
    return per(response_ns, answered);
}

/* Simulation, unit costs, repeat-run noise and misfit are independent: their
 * variances add up. */
static void set_interval(const struct simulation *s, enum rp_metric metric,
                         double drawn_sd, struct rp_estimate *e)
{
    const struct rp_accuracy *const a = &s->profile->accuracy[metric];
    const double noise = e->value * hypot(a->run_sd, a->misfit_sd);
    const double own = isnan(e->half_width) ? 0.0 : e->half_width / 1.96;
    const double sd = sqrt(noise * noise + own * own + drawn_sd * drawn_sd);

    e->low = e->high = NAN;
    if (s->draw_count < 2 || !isfinite(sd))
        return;
    e->low = fmax(0.0, e->value - 1.96 * sd);
    e->high = e->value + 1.96 * sd;
}

static enum rp_code estimate(struct simulation *s)
{
    const size_t replications = s->result.replications;
    double *const values = calloc(s->piece_count, sizeof *values);

    if (!values)
        return no_memory(s);
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const enum rp_metric metric = (enum rp_metric)m;
        struct rp_estimate *const e = &s->result.metrics[m];
        double drawn_sd = 0.0;

        for (size_t i = 0; i < s->piece_count; i++)
            values[i] = metric_of(&s->pieces[i].replication, metric);
        e->value = pooled(s, metric);
        e->half_width = rp_interval_half_width(values, replications);
        if (s->draw_count > 1)
            drawn_sd = gsl_stats_sd(values + replications, 1, s->draw_count);
        set_interval(s, metric, drawn_sd, e);
    }
    free(values);
    return RP_OK;
}

/* ---- Sums over replications ---- */

static enum rp_code add_up(struct simulation *s)
{
    struct rp_result *const out = &s->result;
    double flight_ns = 0.0, response_ns = 0.0;

    s->all = calloc(1, sizeof *s->all);
    if (!s->all)
        return no_memory(s);
    for (size_t i = 0; i < out->replications; i++) {
        const struct rp_replication *const r = &s->pieces[i].replication;

        rp_histogram_merge(s->all, r->response);
        out->requests += r->answered;
        out->duration_ns += r->span_ns;
        out->in_flight_at_end += r->in_flight_at_end;
        flight_ns += r->in_flight_ns;
        response_ns += r->response_ns;
    }
    /* L = X R, all times the measured time: areas on both sides */
    out->in_flight_mean = flight_ns / out->duration_ns;
    out->little_gap =
        flight_ns > 0.0 ? fabs(flight_ns - response_ns) / flight_ns : 0.0;
    return RP_OK;
}

static unsigned all_servers(const struct simulation *s,
                            const struct rp_station *station)
{
    const unsigned long long copies =
        station->in_process ? s->network.processes : 1;
    const unsigned long long all = copies * station->servers;

    return all > UINT_MAX ? UINT_MAX : (unsigned)all;
}

static void fill_place(const struct simulation *s, size_t station,
                       struct rp_place_result *place)
{
    const double requests = (double)s->result.requests;
    double busy_ns = 0.0, queue_ns = 0.0, visits = 0.0;

    for (size_t i = 0; i < s->result.replications; i++) {
        const struct rp_station_stats *const t =
            &s->pieces[i].replication.stations[station];
        busy_ns += t->busy_ns;
        queue_ns += t->queue_ns;
        visits += (double)t->visits;
    }
    (void)snprintf(place->name, sizeof place->name, "%s",
                   s->network.stations[station].name);
    place->servers = all_servers(s, &s->network.stations[station]);
    place->utilisation = busy_ns / (s->result.duration_ns * place->servers);
    place->queue_mean = queue_ns / s->result.duration_ns;
    place->wait_ns = visits > 0.0 ? queue_ns / visits : 0.0;
    place->visits = requests > 0.0 ? visits / requests : 0.0;
}

static enum rp_code fill_places(struct simulation *s)
{
    struct rp_result *const out = &s->result;
    double busiest = 0.0;

    out->places = calloc(s->network.station_count + 1, sizeof *out->places);
    if (!out->places)
        return no_memory(s);
    out->place_count = s->network.station_count;
    for (size_t i = 0; i < out->place_count; i++) {
        fill_place(s, i, &out->places[i]);
        busiest = fmax(busiest, out->places[i].utilisation);
    }
    out->capacity_per_s = per(out->metrics[RP_METRIC_RPS].value, busiest);
    return RP_OK;
}

static bool is_clients_own(const struct simulation *s, size_t station)
{
    return strcmp(s->network.stations[station].name, "ab") == 0 && station == 0;
}

static enum rp_code fill_kinds(struct simulation *s)
{
    struct rp_result *const out = &s->result;
    const double requests = fmax(1.0, (double)out->requests);

    out->kinds = calloc(RP_TIME_KINDS + s->network.station_count + 1,
                        sizeof *out->kinds);
    if (!out->kinds)
        return no_memory(s);
    for (size_t k = 0; k < RP_TIME_CLIENT; k++) {
        struct rp_kind_result *const kind = &out->kinds[out->kind_count];

        for (size_t i = 0; i < out->replications; i++)
            kind->mean_ns += s->pieces[i].replication.kind_ns[k] / requests;
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

/* ---- What a reader should know ---- */

struct text {
    char *at;
    size_t size, used;
};

static void say(struct text *text, const char *format, ...) RP_PRINTF(2, 3);

static void say(struct text *text, const char *format, ...)
{
    va_list args;
    int n;

    if (text->used + 2 >= text->size)
        return;
    va_start(args, format);
    n = vsnprintf(text->at + text->used, text->size - text->used - 1, format,
                  args);
    va_end(args);
    if (n < 0)
        return;
    text->used += (size_t)n;
    if (text->used > text->size - 2)
        text->used = text->size - 2;
    text->at[text->used++] = '\n';
    text->at[text->used] = '\0';
}

/* An open load that is not served: the queue only grows. */
static bool is_saturated(const struct simulation *s)
{
    const double requests = (double)s->result.requests;
    double early = 0.0, late = 0.0;

    if (s->scenario->load.kind != RP_LOAD_OPEN)
        return false;
    for (size_t i = 0; i < s->result.replications; i++) {
        const struct rp_replication *const r = &s->pieces[i].replication;

        if (r->overflowed)
            return true;
        early += r->in_flight_early;
        late += r->in_flight_late;
    }
    return rp_load_is_steady(&s->scenario->load) && late > 1.5 * early &&
           (double)s->result.in_flight_at_end > 0.02 * requests + 20.0;
}

static const char *busiest_place(const struct rp_result *result)
{
    size_t best = 0;

    for (size_t i = 1; i < result->place_count; i++)
        if (result->places[i].utilisation > result->places[best].utilisation)
            best = i;
    return result->place_count > 0 ? result->places[best].name : "server";
}

/* What can be served at most: so many clients that the busiest place is never
 * idle. Under the load that was asked for, places also work for requests that
 * never get through, so that run would say too little. */
static enum rp_code find_capacity(struct simulation *s)
{
    struct rp_scenario closed = *s->scenario;
    struct piece piece = {.settings = {.seed = s->scenario->seed,
                                       .warm_up = CAPACITY_REQUESTS / 4,
                                       .requests = CAPACITY_REQUESTS}};
    struct rp_network network = {0};
    enum rp_code code;

    closed.load = (struct rp_load){.kind = RP_LOAD_CLOSED,
                                   .clients = CAPACITY_CLIENTS,
                                   .client = RP_CLIENT_IDEAL};
    code = rp_lower(&closed, s->program, s->profile, s->prices, &network,
                    s->error);
    piece.network = &network;
    if (!code)
        code = run_pieces(s, &piece, 1);
    if (!code)
        s->result.capacity_per_s = metric_of(&piece.replication, RP_METRIC_RPS);
    rp_replication_free(&piece.replication);
    rp_network_free(&network);
    return code;
}

/* What relieves a place that is always taken. */
static const char *remedy(const struct simulation *s, const char *place)
{
    if (strcmp(place, "cores") == 0)
        return "add cores";
    if (strcmp(place, "worker threads") == 0)
        return "add threads or processes";
    for (size_t i = 0; i < s->scenario->resource_count; i++)
        if (strcmp(place, s->scenario->resources[i].name) == 0)
            return "raise its capacity";
    return "add processes";
}

static enum rp_code mark_saturated(struct simulation *s, struct text *text)
{
    struct rp_result *const out = &s->result;
    const char *const place = busiest_place(out);
    const enum rp_code code = find_capacity(s);

    out->saturated = true;
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        struct rp_estimate *const e = &out->metrics[m];
        if (m != RP_METRIC_RPS)
            e->value = e->half_width = e->low = e->high = NAN;
    }
    if (!code)
        say(text,
            "%.4g requests/s arrive but at most %.4g/s can be served: the "
            "queue grows as long as the run lasts, so there is no latency to "
            "give; always taken is %s: lower the rate below %.4g/s, or %s",
            s->scenario->load.rate_per_s, out->capacity_per_s, place,
            out->capacity_per_s, remedy(s, place));
    return code;
}

static enum rp_code add_warnings(struct simulation *s)
{
    enum { SIZE = 8192 };
    struct rp_result *const out = &s->result;
    struct text text = {.at = calloc(1, SIZE), .size = SIZE};

    if (!text.at)
        return no_memory(s);
    out->warnings = text.at;
    (void)rp_price_warnings(s->scenario, s->program, s->profile, s->prices,
                            text.at, SIZE);
    text.used = strlen(text.at);
    if (is_saturated(s))
        return mark_saturated(s, &text);
    if (!s->warm_up_found)
        say(&text,
            "no end of the warm-up was found within %zu requests: the "
            "figures may still rise; give run.warm_up a number",
            pilot_length(s->scenario) / 2);
    if (out->requests == 0)
        say(&text, "not one request was answered in the measured time: give "
                   "run.duration more");
    else if (out->requests < 1000)
        say(&text,
            "p99 rests on the slowest %llu of %llu requests: give run.requests "
            "a larger number",
            (unsigned long long)(out->requests / 100),
            (unsigned long long)out->requests);
    return RP_OK;
}

static enum rp_code summarise(struct simulation *s)
{
    const char *const name =
        s->scenario->name[0] ? s->scenario->name : s->scenario->file;
    struct rp_result *const out = &s->result;
    enum rp_code code;

    out->scenario = strdup(name);
    if (!out->scenario)
        return no_memory(s);
    out->seed = s->scenario->seed;
    out->replications = s->scenario->run.replications;
    out->warm_up_requests = s->warm_up;
    code = add_up(s);
    if (!code)
        code = estimate(s);
    if (!code)
        code = fill_places(s);
    if (!code)
        code = fill_kinds(s);
    return code ? code : add_warnings(s);
}

static void release(struct simulation *s)
{
    for (size_t i = 0; s->pieces && i < s->piece_count; i++)
        rp_replication_free(&s->pieces[i].replication);
    free(s->pieces);
    for (size_t i = 0; s->drawn && i < s->draw_count; i++)
        rp_network_free(&s->drawn[i]);
    free(s->drawn);
    free(s->all);
    rp_network_free(&s->network);
}

enum rp_code rp_simulate(const struct rp_scenario *scenario,
                         const struct rp_program *program,
                         const struct rp_profile *profile,
                         const struct rp_prices *prices,
                         const struct rp_simulate_options *options,
                         struct rp_result *result, struct rp_error *error)
{
    struct simulation s = {.scenario = scenario,
                           .program = program,
                           .profile = profile,
                           .prices = prices,
                           .options =
                               options ? *options : rp_simulate_defaults(),
                           .error = error};
    enum rp_code code =
        rp_lower(scenario, program, profile, prices, &s.network, error);

    if (!code)
        code = set_warm_up(&s);
    if (!code)
        code = draw_networks(&s);
    if (!code)
        code = run_all(&s);
    if (!code)
        code = summarise(&s);
    release(&s);
    if (code)
        rp_result_free(&s.result);
    else
        *result = s.result;
    return code;
}
