/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/pruning.h"

#include <assert.h>
#include <math.h>

bool rp_metric_is_gain(enum rp_metric metric)
{
    return metric == RP_METRIC_RPS;
}

bool rp_metric_is_better(enum rp_metric metric, double a, double b)
{
    if (isnan(a) || isnan(b))
        return !isnan(a);
    return rp_metric_is_gain(metric) ? a > b : a < b;
}

/* Percentiles are ordered by the mean, which the solver always has. */
static enum rp_metric solved_metric(const struct rp_pruning_how *how)
{
    return rp_metric_is_gain(how->metric) ? RP_METRIC_RPS : RP_METRIC_MEAN;
}

double rp_pruning_figure(const struct rp_pruning_how *how,
                         const struct rp_point *solved)
{
    return solved->metrics[solved_metric(how)].value;
}

void rp_pruning_note(struct rp_pruning *p, double figure, size_t index)
{
    const enum rp_metric metric = solved_metric(&p->how);
    size_t at = p->count;

    assert(p->how.best > 0 && p->how.best <= RP_PRUNING_BEST_MAX);
    if (isnan(figure))
        return;
    while (at > 0 &&
           rp_metric_is_better(metric, figure, p->best[at - 1].figure))
        at--;
    if (at == p->how.best)
        return;
    if (p->count < p->how.best)
        p->count++;
    for (size_t i = p->count - 1; i > at; i--)
        p->best[i] = p->best[i - 1];
    p->best[at].figure = figure;
    p->best[at].index = index;
}

void rp_pruning_set(struct rp_pruning *p, const struct rp_point *point,
                    bool is_first)
{
    const struct rp_point_metric *const m = &point->metrics[p->how.metric];
    const bool gain = rp_metric_is_gain(p->how.metric);
    const double end = gain ? m->low : m->high;
    const double worst = isnan(end) ? m->value : end;

    if (is_first)
        p->simulated = worst;
    else if (!isnan(p->simulated))
        p->simulated = isnan(worst) || rp_metric_is_better(p->how.metric,
                                                           p->simulated, worst)
                           ? worst
                           : p->simulated;
}

static bool is_out_by_bound(const struct rp_pruning *p,
                            const struct rp_point *solved)
{
    const struct rp_point_metric *const m = &solved->metrics[p->how.metric];

    if (p->how.metric == RP_METRIC_RPS)
        return m->high < p->simulated;
    return p->how.metric == RP_METRIC_MEAN && m->low > p->simulated;
}

static bool is_out_by_approximation(const struct rp_pruning *p,
                                    const struct rp_point *solved)
{
    const double figure = rp_pruning_figure(&p->how, solved);
    const double last = p->best[p->count - 1].figure;

    return rp_metric_is_gain(p->how.metric)
               ? figure * (1.0 + RP_PRUNING_MARGIN) < last
               : figure > last * (1.0 + RP_PRUNING_MARGIN);
}

enum rp_pruned rp_pruning_judge(const struct rp_pruning *p,
                                const struct rp_point *solved)
{
    /* with fewer than are wanted every one is among the best */
    if (p->count < p->how.best)
        return RP_PRUNED_NOT;
    if (is_out_by_bound(p, solved))
        return RP_PRUNED_BY_BOUND;
    if (p->how.by_approximation && is_out_by_approximation(p, solved))
        return RP_PRUNED_BY_APPROXIMATION;
    return RP_PRUNED_NOT;
}
