/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/rehearse.h"

#include "calibrate/robust.h"
#include "sim/engine.h"
#include "sim/lower.h"
#include "sim/moments.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the runs gave, a row a metric and then a row a level. */
enum { ROWS = RP_METRIC_COUNT + RP_LEVEL_COUNT };

struct hall {
    const struct rp_scenario *scenario;
    const struct rp_rehearse_options *options;
    struct rp_network network;
    struct rp_timestamps moments; /* of an open load's requests */
    double *latency_ns;           /* of the requests of one run */
    double *table;                /* ROWS x runs */
    struct rp_error *error;
};

static double *row_of(const struct hall *h, size_t row)
{
    return h->table + row * h->options->runs;
}

/* ab's percentile: the value of that rank, none between two
 * (support/ab.c, output_results). */
static double percentile(const struct hall *h, double level)
{
    const size_t n = h->options->requests;
    size_t i = (size_t)((double)n * level + 1e-9);

    return h->latency_ns[i < n ? i : n - 1];
}

/* ms; what ab calls the mean, and of an open load that of the latencies. */
static double mean_of(const struct hall *h, double rps)
{
    const struct rp_load *const load = &h->scenario->load;

    return load->kind == RP_LOAD_CLOSED
               ? 1e3 * load->clients / rps
               : 1e-6 * gsl_stats_mean(h->latency_ns, 1, h->options->requests);
}

static void sum_up(const struct hall *h, unsigned run, double span_ns)
{
    const double rps = 1e9 * (double)h->options->requests / span_ns;

    gsl_sort(h->latency_ns, 1, h->options->requests);
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const double level = rp_metric_level((enum rp_metric)m);

        row_of(h, m)[run] = m == RP_METRIC_RPS    ? rps
                            : m == RP_METRIC_MEAN ? mean_of(h, rps)
                                                  : 1e-6 * percentile(h, level);
    }
    for (unsigned k = 0; k < RP_LEVEL_COUNT; k++)
        row_of(h, RP_METRIC_COUNT + k)[run] =
            1e-6 * percentile(h, rp_levels[k]);
}

static void set_moments(struct hall *h, unsigned run)
{
    const struct rp_sendtimes *const planned = h->options->planned;

    if (h->moments.count == 0)
        return;
    if (planned && planned->runs > 0)
        memcpy(h->moments.at_ns, planned->at_ns[run % planned->runs],
               h->moments.count * sizeof *h->moments.at_ns);
    else
        rp_moments_make(&h->scenario->load.gap, h->options->seed, run,
                        h->moments.count, h->moments.at_ns);
}

static enum rp_code rehearse_once(struct hall *h, unsigned run)
{
    const struct rp_engine_settings settings = {
        .seed = h->options->seed,
        .replication = run,
        .requests = h->options->requests,
        .series_ns = h->latency_ns,
        .series_capacity = h->options->requests};
    struct rp_replication replication = {.answered = 0};
    enum rp_code code;

    set_moments(h, run);
    code = rp_engine_run(&h->network, &settings, &replication, h->error);

    if (code)
        return code;
    if (replication.series_count < h->options->requests)
        code = rp_fail(h->error, RP_ERR_UNSTABLE,
                       "after %llu of %u requests there is nobody who asks",
                       (unsigned long long)replication.answered,
                       h->options->requests);
    else
        sum_up(h, run, replication.span_ns);
    rp_replication_free(&replication);
    return code;
}

/* The median, and its standard error: that of a normal sample's. The values
 * are lost. */
static void take_median(double *values, size_t n, double noise, double *value,
                        double *se)
{
    *value = rp_median_blurred(values, n, noise);
    *se = rp_robust_sd(values, n) * sqrt(M_PI_2 / (double)n) / *value;
}

static void take_medians(const struct hall *h, struct rp_rehearsal *out)
{
    double unused;

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        take_median(row_of(h, m), h->options->runs, h->options->noise,
                    &out->value[m], &out->se[m]);
    for (unsigned k = 0; k < RP_LEVEL_COUNT; k++)
        take_median(row_of(h, RP_METRIC_COUNT + k), h->options->runs,
                    h->options->noise, &out->level_ms[k], &unused);
}

/* So many requests come, then no more, and all are answered: a run ends with
 * the last of them, the slowest like the others. */
static enum rp_code make_moments(struct hall *h)
{
    if (h->scenario->load.kind == RP_LOAD_CLOSED)
        return RP_OK;
    h->moments.count = h->options->requests;
    h->moments.at_ns = calloc(h->moments.count, sizeof *h->moments.at_ns);
    if (!h->moments.at_ns)
        return rp_fail(h->error, RP_ERR_MEMORY, "out of memory");
    rp_network_trace(&h->network, &h->moments, 1.0);
    return RP_OK;
}

static enum rp_code make_network(struct hall *h,
                                 const struct rp_profile *profile)
{
    struct rp_routes routes = {0};
    enum rp_code code;

    if (h->scenario->load.kind != RP_LOAD_CLOSED &&
        !(rp_openload_has(h->scenario->load.process) &&
          rp_load_is_steady(&h->scenario->load)))
        return rp_fail(h->error, RP_ERR_VALUE,
                       "a run of so many requests needs independent gaps: %s",
                       rp_openload_words());
    code = rp_routes_make(h->scenario, profile, &routes, h->error);
    if (!code)
        code = rp_lower(h->scenario, &routes, profile, &h->network, h->error);
    if (!code)
        code = make_moments(h);
    rp_routes_free(&routes);
    return code;
}

enum rp_code rp_rehearse(const struct rp_scenario *scenario,
                         const struct rp_profile *profile,
                         const struct rp_rehearse_options *options,
                         struct rp_rehearsal *rehearsal, struct rp_error *error)
{
    struct hall h = {.scenario = scenario, .options = options, .error = error};
    enum rp_code code = make_network(&h, profile);

    if (!code) {
        h.latency_ns = calloc(options->requests, sizeof *h.latency_ns);
        h.table = calloc((size_t)ROWS * options->runs, sizeof *h.table);
        if (!h.latency_ns || !h.table)
            code = rp_fail(error, RP_ERR_MEMORY, "out of memory");
    }
    for (unsigned run = 0; run < options->runs && !code; run++)
        code = rehearse_once(&h, run);
    if (!code)
        take_medians(&h, rehearsal);
    rp_network_free(&h.network);
    free(h.moments.at_ns);
    free(h.latency_ns);
    free(h.table);
    return code;
}
