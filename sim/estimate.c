/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/estimate.h"

#include "sim/interval.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* Nothing was measured: there is no such number. */
static double per(double sum, double count)
{
    return count > 0.0 ? sum / count : (double)NAN;
}

double rp_estimate_metric(const struct rp_replication *r, enum rp_metric metric)
{
    if (metric == RP_METRIC_RPS)
        return per(1e9 * (double)r->answered, r->span_ns);
    if (metric == RP_METRIC_MEAN)
        return per(r->response_ns, (double)r->answered);
    return rp_histogram_quantile(r->response, rp_metric_level(metric));
}

double rp_estimate_precision(const struct rp_estimate *e)
{
    return per(e->half_width, e->value);
}

/* ---- Tallies ---- */

static bool grow(struct rp_tally *tally)
{
    const size_t wanted = tally->capacity ? 2 * tally->capacity : 32;

    for (size_t m = 0; m < RP_METRIC_COUNT; m++) {
        double *const values =
            realloc(tally->values[m], wanted * sizeof *values);
        if (!values)
            return false;
        tally->values[m] = values;
    }
    tally->capacity = wanted;
    return true;
}

bool rp_tally_add(struct rp_tally *tally, const struct rp_replication *run)
{
    if (tally->count == tally->capacity && !grow(tally))
        return false;
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        tally->values[m][tally->count] =
            rp_estimate_metric(run, (enum rp_metric)m);
    tally->count++;
    return true;
}

void rp_tally_free(struct rp_tally *tally)
{
    for (size_t m = 0; m < RP_METRIC_COUNT; m++)
        free(tally->values[m]);
    *tally = (struct rp_tally){0};
}

/* ---- Intervals of replications ---- */

static bool is_percentile(enum rp_metric metric)
{
    return metric != RP_METRIC_RPS && metric != RP_METRIC_MEAN;
}

static void set_own(struct rp_estimate *e, double low, double high)
{
    e->own_low = low;
    e->own_high = high;
    e->half_width = 0.5 * (high - low);
}

static void set_around(struct rp_estimate *e, double half)
{
    set_own(e, isnan(half) ? half : fmax(0.0, e->value - half),
            e->value + half);
    e->half_width = half;
}

void rp_estimate_by_runs(const struct rp_tally *runs, enum rp_metric metric,
                         struct rp_estimate *e)
{
    const double *const values = runs->values[metric];
    const double half =
        is_percentile(metric)
            ? rp_interval_sectioned(values, runs->count, e->value)
            : rp_interval_half_width(values, runs->count);

    set_around(e, half);
}

/* ---- Intervals of batches ---- */

/* What the batches of all runs gave, one after the other. */
struct gathered {
    size_t count;
    double mean_ns[RP_REPLICATIONS_FEW * RP_BATCHES_MAX];
    double gap_ns[RP_REPLICATIONS_FEW * RP_BATCHES_MAX]; /* per answer */
};

/* Batches of all runs are made equally long. */
static void level_sizes(struct rp_batches *batches, size_t runs)
{
    uint64_t size = 1;

    for (size_t i = 0; i < runs; i++)
        if (batches[i].size > size)
            size = batches[i].size;
    for (size_t i = 0; i < runs; i++)
        while (batches[i].size < size)
            rp_batches_pair(&batches[i]);
}

/* Their means, and whether those of one run are still alike. */
static void gather(struct rp_simulation *s, struct gathered *all)
{
    double lag1 = 0.0;

    all->count = 0;
    for (size_t i = 0; i < s->runs.count; i++) {
        const struct rp_batches *const b = &s->batches[i];
        const double *const first = all->mean_ns + all->count;

        for (size_t k = 0; k < b->count; k++) {
            all->mean_ns[all->count] = b->response_ns[k] / (double)b->size;
            all->gap_ns[all->count++] = b->span_ns[k] / (double)b->size;
        }
        s->serial |= rp_interval_is_serial(first, b->count);
        lag1 += rp_interval_lag1(first, b->count) / (double)s->runs.count;
    }
    s->serial_lag1 = lag1;
}

static void percentile_by_batches(const struct rp_simulation *s,
                                  enum rp_metric metric, struct rp_estimate *e)
{
    double below[RP_REPLICATIONS_FEW * RP_BATCHES_MAX];
    double low = 0.0, high = 0.0;
    size_t n = 0;

    for (size_t i = 0; i < s->runs.count; i++)
        for (size_t k = 0; k < s->batches[i].count; k++)
            below[n++] =
                rp_histogram_share(&s->batches[i].response[k], e->value);
    rp_interval_shares(below, n, rp_metric_level(metric), &low, &high);
    if (isnan(low))
        set_own(e, NAN, NAN);
    else
        set_own(e, rp_histogram_quantile(s->total.response, low),
                rp_histogram_quantile(s->total.response, high));
}

/* A rate is one by the mean gap between answers, and as uncertain. */
static void estimate_by_batches(const struct rp_simulation *s,
                                const struct gathered *all,
                                enum rp_metric metric, struct rp_estimate *e)
{
    double half;

    if (is_percentile(metric)) {
        percentile_by_batches(s, metric, e);
        return;
    }
    half = rp_interval_half_width(
        metric == RP_METRIC_RPS ? all->gap_ns : all->mean_ns, all->count);
    if (metric == RP_METRIC_RPS)
        half *= e->value * e->value / 1e9;
    set_around(e, half);
}

/* ---- All together ---- */

/* Simulation, unit costs, repeat-run noise and misfit are independent: their
 * variances add up. */
void rp_estimate_predict(const struct rp_simulation *s, enum rp_metric metric,
                         const struct rp_tally *draws, struct rp_estimate *e)
{
    const struct rp_accuracy *const a =
        &rp_profile_accuracy(s->profile, rp_situation_of(s->scenario))[metric];
    const double own = isnan(e->half_width) ? 0.0 : e->half_width / 1.96;
    double sd;

    e->low = e->high = e->run_sd = e->misfit_sd = e->costs_sd = NAN;
    if (s->draw_count < 2 || a->run_sd <= 0.0)
        return;
    e->run_sd = e->value * a->run_sd;
    e->misfit_sd = e->value * a->misfit_sd;
    e->costs_sd = draws && draws->count > 1
                      ? gsl_stats_sd(draws->values[metric], 1, draws->count)
                      : 0.0;
    sd = gsl_hypot3(hypot(e->run_sd, own), e->misfit_sd, e->costs_sd);
    if (!isfinite(sd))
        return;
    e->low = fmax(0.0, e->value - 1.96 * sd);
    e->high = e->value + 1.96 * sd;
}

void rp_estimate_all(struct rp_simulation *s)
{
    const bool by_batches = s->runs.count <= RP_REPLICATIONS_FEW;
    struct gathered all;

    s->serial = false;

    if (by_batches) {
        level_sizes(s->batches, s->runs.count);
        gather(s, &all);
    }
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const enum rp_metric metric = (enum rp_metric)m;
        struct rp_estimate *const e = &s->result.metrics[m];

        e->value = rp_estimate_metric(&s->total, metric);
        if (by_batches)
            estimate_by_batches(s, &all, metric, e);
        else
            rp_estimate_by_runs(&s->runs, metric, e);
        rp_estimate_predict(s, metric, &s->draws, e);
    }
}
