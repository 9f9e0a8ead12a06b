/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/estimate.h"

#include "sim/interval.h"

#include <assert.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

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

double rp_estimate_metric(const struct rp_replication *r, enum rp_metric metric)
{
    if (metric == RP_METRIC_RPS)
        return per(1e9 * (double)r->answered, r->span_ns);
    if (metric == RP_METRIC_MEAN)
        return per(r->response_ns, (double)r->answered);
    return rp_histogram_quantile(r->response, share_of(metric));
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

/* ---- Intervals ---- */

/* Simulation, unit costs, repeat-run noise and misfit are independent: their
 * variances add up. */
static void set_interval(const struct rp_simulation *s, enum rp_metric metric,
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

void rp_estimate_all(struct rp_simulation *s)
{
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const enum rp_metric metric = (enum rp_metric)m;
        struct rp_estimate *const e = &s->result.metrics[m];
        double drawn_sd = 0.0;

        e->value = rp_estimate_metric(&s->total, metric);
        e->half_width =
            rp_interval_half_width(s->runs.values[m], s->runs.count);
        if (s->draws.count > 1)
            drawn_sd = gsl_stats_sd(s->draws.values[m], 1, s->draws.count);
        set_interval(s, metric, drawn_sd, e);
    }
}
