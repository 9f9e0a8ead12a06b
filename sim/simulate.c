/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "sim/simulate.h"

#include "sim/classes.h"
#include "sim/draws.h"
#include "sim/estimate.h"
#include "sim/jobs.h"
#include "sim/lower.h"
#include "sim/simulatestate.h"
#include "sim/summary.h"
#include "sim/warmup.h"
#include "sim/warnings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DRAW_REQUESTS = 8000 }; /* measured in a run with drawn costs, at most */

struct rp_simulate_options rp_simulate_defaults(void)
{
    return (struct rp_simulate_options){.jobs = 0, .draws = RP_SIMULATE_DRAWS};
}

static void tell_progress(struct rp_simulation *s)
{
    if (pthread_mutex_lock(&s->telling) != 0)
        return;
    s->pieces_done++;
    s->options.progress(s->options.context, s->pieces_done, s->pieces_known);
    (void)pthread_mutex_unlock(&s->telling);
}

static void run_piece(void *context, size_t index)
{
    struct rp_piece *const p = (struct rp_piece *)context + index;

    p->code =
        rp_engine_run(p->network, &p->settings, &p->replication, &p->error);
    if (p->simulation->options.progress)
        tell_progress(p->simulation);
}

enum rp_code rp_simulation_run(struct rp_simulation *s, struct rp_piece *pieces,
                               size_t count)
{
    s->pieces_known += count;
    for (size_t i = 0; i < count; i++)
        pieces[i].simulation = s;
    rp_jobs_run(count, s->options.jobs, run_piece, pieces);
    for (size_t i = 0; i < count; i++)
        if (pieces[i].code)
            return rp_fail(s->error, pieces[i].code, "%s",
                           pieces[i].error.text);
    return RP_OK;
}

enum rp_code rp_simulation_no_memory(const struct rp_simulation *s)
{
    return rp_fail(s->error, RP_ERR_MEMORY, "out of memory for a simulation");
}

/* ---- Drawn costs ---- */

static enum rp_code lower_drawn(struct rp_simulation *s, const double *costs_ns,
                                const struct rp_parameters *parameters,
                                struct rp_network *network)
{
    struct rp_profile drawn;
    enum rp_code code;

    if (!rp_drawn_profile(s->profile, costs_ns, parameters, &drawn))
        return rp_simulation_no_memory(s);
    code = rp_lower(s->scenario, &s->routes, &drawn, network, s->error);
    free(drawn.costs);
    return code;
}

static enum rp_code draw_networks(struct rp_simulation *s)
{
    const size_t n = s->profile->cost_count;
    const uint64_t seed = s->scenario->seed;
    struct rp_parameters *parameters;
    double *costs_ns;
    enum rp_code code;

    s->draw_count = n > 0 ? s->options.draws : 0;
    if (s->draw_count == 0)
        return RP_OK;
    costs_ns = calloc(s->draw_count * n, sizeof *costs_ns);
    parameters = calloc(s->draw_count, sizeof *parameters);
    s->drawn = calloc(s->draw_count, sizeof *s->drawn);
    if (!costs_ns || !parameters || !s->drawn)
        code = rp_simulation_no_memory(s);
    else
        code =
            rp_draws_make(s->profile, seed, s->draw_count, costs_ns, s->error);
    if (!code)
        code = rp_draws_parameters(s->profile, seed, s->draw_count, parameters,
                                   s->error);
    for (size_t i = 0; i < s->draw_count && !code; i++)
        code = lower_drawn(s, costs_ns + i * n, &parameters[i], &s->drawn[i]);
    free(costs_ns);
    free(parameters);
    return code;
}

/* ---- Runs ---- */

static struct rp_engine_settings settings_of(const struct rp_simulation *s,
                                             size_t replication)
{
    const struct rp_run *const run = &s->scenario->run;

    return (struct rp_engine_settings){.seed = s->scenario->seed,
                                       .replication = (unsigned)replication,
                                       .warm_up = s->warm_up,
                                       .requests = run->requests,
                                       .duration_ns = run->duration_ns};
}

/* Pieces: replications from number `first` on, then the draws where they are
 * wanted, which are as lucky as the first replication. */
static void set_pieces(struct rp_simulation *s, struct rp_piece *pieces,
                       size_t first, size_t count, size_t draws)
{
    for (size_t i = 0; i < count; i++) {
        pieces[i].network = &s->network;
        pieces[i].settings = settings_of(s, first + i);
        if (first + i < RP_REPLICATIONS_FEW && s->batches[first + i].response)
            pieces[i].settings.batches = &s->batches[first + i];
    }
    for (size_t i = 0; i < draws; i++) {
        struct rp_piece *const p = &pieces[count + i];

        p->network = &s->drawn[i];
        p->settings = settings_of(s, 0);
        if (p->settings.requests == 0 || p->settings.requests > DRAW_REQUESTS)
            p->settings.requests = DRAW_REQUESTS;
    }
}

static enum rp_code take_in(struct rp_simulation *s,
                            const struct rp_piece *pieces, size_t count,
                            size_t draws)
{
    for (size_t i = 0; i < count; i++)
        if (!rp_replication_merge(&s->total, &pieces[i].replication) ||
            !rp_tally_add(&s->runs, &pieces[i].replication) ||
            !rp_classes_add(s, &pieces[i].replication))
            return rp_simulation_no_memory(s);
    for (size_t i = count; i < count + draws; i++)
        if (!rp_tally_add(&s->draws, &pieces[i].replication) ||
            !rp_classes_add_draw(s, &pieces[i].replication))
            return rp_simulation_no_memory(s);
    return RP_OK;
}

/* `count` more replications, and the draws where there are none yet. */
static enum rp_code run_more(struct rp_simulation *s, size_t count)
{
    const size_t draws = s->draws.count == 0 ? s->draw_count : 0;
    struct rp_piece *const pieces = calloc(count + draws, sizeof *pieces);
    enum rp_code code;

    if (!pieces)
        return rp_simulation_no_memory(s);
    set_pieces(s, pieces, s->runs.count, count, draws);
    code = rp_simulation_run(s, pieces, count + draws);
    if (!code)
        code = take_in(s, pieces, count, draws);
    for (size_t i = 0; i < count + draws; i++)
        rp_replication_free(&pieces[i].replication);
    free(pieces);
    return code;
}

static enum rp_code make_batches(struct rp_simulation *s)
{
    const size_t count = s->scenario->run.replications;
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < count && count <= RP_REPLICATIONS_FEW && !code; i++)
        code = rp_batches_init(&s->batches[i], s->error);
    return code;
}

/* Some at a time, so that memory is bounded; how many never depends on the
 * number of threads. */
static enum rp_code run_up_to(struct rp_simulation *s, size_t count)
{
    enum { BLOCK = 64 };
    enum rp_code code = RP_OK;

    while (s->runs.count < count && !code) {
        const size_t left = count - s->runs.count;

        code = run_more(s, left < BLOCK ? left : BLOCK);
    }
    return code;
}

/* So many replications more as a half width that falls with the root of their
 * number asks for: at least a twentieth, so that it ends, and at most as many
 * again, as the first half widths are rough. From five on, replications alone
 * give the interval. */
static size_t next_count(const struct rp_simulation *s, double reached)
{
    const struct rp_run *const run = &s->scenario->run;
    const double now = (double)s->runs.count;
    const double ratio = reached / run->precision;
    const double wanted = ceil(fmin(now * ratio * ratio, 2.0 * now));
    size_t count = (size_t)fmax(wanted, now + ceil(now / 20.0));

    if (count <= RP_REPLICATIONS_FEW)
        count = RP_REPLICATIONS_FEW + 1;
    return count < run->max_replications ? count : run->max_replications;
}

/* Replications are added until the interval is narrow enough (Law 2015, section
 * 9.4.1). Where the queue only grows more of them would not help. */
static enum rp_code run_all(struct rp_simulation *s)
{
    const struct rp_run *const run = &s->scenario->run;
    enum rp_code code = make_batches(s);

    if (!code)
        code = run_up_to(s, run->replications);
    while (!code && run->precision > 0.0 && !rp_warnings_saturated(s)) {
        double reached;

        rp_estimate_all(s);
        reached = rp_estimate_precision(&s->result.metrics[run->precision_of]);
        s->precision_reached = reached <= run->precision;
        if (s->precision_reached || isnan(reached) ||
            s->runs.count >= run->max_replications)
            break;
        code = run_up_to(s, next_count(s, reached));
    }
    return code;
}

static enum rp_code summarise(struct rp_simulation *s)
{
    const char *const name =
        s->scenario->name[0] ? s->scenario->name : s->scenario->file;
    struct rp_result *const out = &s->result;
    enum rp_code code;

    out->scenario = strdup(name);
    if (!out->scenario)
        return rp_simulation_no_memory(s);
    out->seed = s->scenario->seed;
    out->replications = (unsigned)s->runs.count;
    out->warm_up_requests = s->warm_up;
    rp_estimate_all(s);
    for (size_t m = 0; m < RP_METRIC_COUNT; m++) {
        out->runs[m] = s->runs.values[m];
        s->runs.values[m] = NULL;
    }
    code = rp_summary_make(s);
    if (!code)
        code = rp_classes_fill(s);
    return code ? code : rp_warnings_add(s);
}

static void release(struct rp_simulation *s)
{
    for (size_t i = 0; s->drawn && i < s->draw_count; i++)
        rp_network_free(&s->drawn[i]);
    free(s->drawn);
    for (size_t i = 0; i < RP_REPLICATIONS_FEW; i++)
        rp_batches_free(&s->batches[i]);
    rp_tally_free(&s->runs);
    rp_tally_free(&s->draws);
    rp_classes_free(s);
    rp_replication_free(&s->total);
    rp_network_free(&s->network);
    rp_routes_free(&s->routes);
}

static enum rp_code prepare(struct rp_simulation *s)
{
    const enum rp_code code =
        rp_routes_make(s->scenario, s->profile, &s->routes, s->error);

    return code ? code
                : rp_lower(s->scenario, &s->routes, s->profile, &s->network,
                           s->error);
}

enum rp_code rp_simulate(const struct rp_scenario *scenario,
                         const struct rp_profile *profile,
                         const struct rp_simulate_options *options,
                         struct rp_result *result, struct rp_error *error)
{
    struct rp_simulation s = {.scenario = scenario,
                              .profile = profile,
                              .options =
                                  options ? *options : rp_simulate_defaults(),
                              .telling = PTHREAD_MUTEX_INITIALIZER,
                              .error = error};
    enum rp_code code = prepare(&s);

    if (!code)
        code = rp_warm_up_set(&s);
    if (!code)
        code = draw_networks(&s);
    if (!code)
        code = run_all(&s);
    if (!code)
        code = summarise(&s);
    if (!code && s.options.histogram)
        rp_histogram_merge(s.options.histogram, s.total.response);
    release(&s);
    if (code)
        rp_result_free(&s.result);
    else
        *result = s.result;
    return code;
}
