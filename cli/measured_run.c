/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/measured_run.h"

#include "calibrate/dataset.h"
#include "calibrate/typical.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- The same configuration ---- */

static bool same_number(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static bool same_duration(const struct rp_duration *a,
                          const struct rp_duration *b)
{
    if (!(a->mean_ns > 0.0) && !(b->mean_ns > 0.0))
        return true;
    return a->shape == b->shape && same_number(a->mean_ns, b->mean_ns) &&
           same_number(a->cv, b->cv);
}

static bool waits(const struct rp_work *work)
{
    return work->wait.mean_ns > 0.0;
}

static bool same_work(const struct rp_work *a, const struct rp_work *b)
{
    if (!same_duration(&a->cpu, &b->cpu) || !same_duration(&a->wait, &b->wait))
        return false;
    return !waits(a) || (a->calls == b->calls && a->resource == b->resource);
}

static bool same_layers(const struct rp_scenario *a,
                        const struct rp_scenario *b)
{
    if (a->layer_count != b->layer_count)
        return false;
    for (size_t i = 0; i < a->layer_count; i++) {
        const struct rp_layer *const x = &a->layers[i], *const y =
                                                            &b->layers[i];

        if (x->kind != y->kind || x->hooks != y->hooks ||
            x->handles_exceptions != y->handles_exceptions ||
            x->handles_with_error != y->handles_with_error ||
            !same_work(&x->before, &y->before) ||
            !same_work(&x->after, &y->after))
            return false;
    }
    return true;
}

static bool same_version(struct rp_version a, struct rp_version b)
{
    return rp_version_compare(a, b) == 0;
}

static bool same_framework(const struct rp_framework *a,
                           const struct rp_framework *b)
{
    return strcmp(a->name, b->name) == 0 && a->path == b->path &&
           same_version(a->version, b->version) &&
           same_version(a->asgiref_version, b->asgiref_version) &&
           a->signals_async_aware == b->signals_async_aware &&
           a->close_async_aware == b->close_async_aware;
}

static bool same_server(const struct rp_scenario *a,
                        const struct rp_scenario *b)
{
    const struct rp_server *const x = &a->server, *const y = &b->server;

    return x->kind == y->kind && x->processes == y->processes &&
           x->threads == y->threads &&
           x->app_built_in_loop == y->app_built_in_loop && x->gil == y->gil &&
           x->backlog == y->backlog && a->cores == b->cores &&
           a->scheduling == b->scheduling;
}

static bool same_load(const struct rp_load *a, const struct rp_load *b)
{
    if (a->kind == RP_LOAD_OPEN && b->kind == RP_LOAD_OPEN)
        return a->process == b->process && same_duration(&a->gap, &b->gap) &&
               rp_load_is_steady(a) && rp_load_is_steady(b) &&
               a->timeout_ns <= 0.0 && b->timeout_ns <= 0.0;
    return a->kind == b->kind && a->client == b->client &&
           a->clients == b->clients && same_duration(&a->think, &b->think) &&
           a->timeout_ns <= 0.0 && b->timeout_ns <= 0.0;
}

static bool same_configuration(const struct rp_scenario *a,
                               const struct rp_scenario *b)
{
    return same_framework(&a->framework, &b->framework) && same_server(a, b) &&
           same_layers(a, b) && a->view_async == b->view_async &&
           a->outcome == b->outcome && a->class_count == b->class_count &&
           same_work(&a->view, &b->view) && same_load(&a->load, &b->load);
}

bool rp_measured_find(const struct rp_measured *measured,
                      const struct rp_scenario *scenario, size_t *config)
{
    for (size_t i = 0; i < measured->config_count; i++) {
        const struct rp_config *const c = &measured->configs[i];
        struct rp_scenario asked = {0};
        bool same;

        if (c->server != scenario->server.kind ||
            rp_config_is_open(c) != (scenario->load.kind == RP_LOAD_OPEN) ||
            (!rp_config_is_open(c) &&
             c->concurrency != scenario->load.clients) ||
            rp_dataset_scenario(&measured->datasets[c->dataset], c, &asked,
                                NULL))
            continue;
        same = same_configuration(scenario, &asked);
        rp_scenario_free(&asked);
        if (!same)
            continue;
        *config = i;
        return true;
    }
    return false;
}

/* ---- What was measured ---- */

static void find_speeds(const struct rp_measured *measured,
                        const struct rp_profile *profile, double *speeds)
{
    for (size_t i = 0; i < measured->block_count; i++) {
        const struct rp_block *const b = &measured->blocks[i];
        const double known = rp_profile_speed(
            profile, measured->campaigns[b->campaign], b->round);

        speeds[i] = isnan(known) ? b->speed : known;
    }
}

enum rp_code rp_measured_fill(const struct rp_measured *measured,
                              const struct rp_profile *profile, size_t config,
                              struct rp_comparison *comparison,
                              struct rp_error *error)
{
    /* A 95 % interval is so many standard errors wide. */
    static const double width = 2.0 * 1.959964;
    double *const speeds = calloc(measured->block_count + 1, sizeof *speeds);
    double *const scratch = calloc(measured->run_count + 1, sizeof *scratch);

    if (!speeds || !scratch) {
        free(speeds);
        free(scratch);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory");
    }
    find_speeds(measured, profile, speeds);
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const struct rp_typical t = rp_typical_find(measured, speeds, config,
                                                    (enum rp_metric)m, scratch);

        comparison->measured[m] = (struct rp_compared){
            .value = t.value,
            .se = t.runs > 1 ? (t.high - t.low) / width : (double)NAN};
        if (m == RP_METRIC_RPS)
            comparison->runs = t.runs;
    }
    comparison->measured_in =
        measured->datasets[measured->configs[config].dataset].name;
    free(speeds);
    free(scratch);
    return RP_OK;
}
