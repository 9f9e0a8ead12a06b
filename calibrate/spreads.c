/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/spreads.h"

#include "calibrate/nnls.h"
#include "calibrate/robust.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS = RP_LEVEL_COUNT, LAST = RP_LEVEL_COUNT - 1 };

/* The level values of one configuration at the machine's usual speed. */
struct curve {
    const struct rp_config *config;
    double mean_ns;          /* fitted */
    double level_ns[LEVELS]; /* median over runs */
};

struct curves {
    size_t count;
    struct curve *all;
    double noise[LEVELS]; /* relative, of one run about its configuration */
    double *scratch;      /* run_count values */
};

/* What a view burns makes the framework's code cold, and that is no spread of
 * the framework: configurations with own time do not count. */
static bool in_fit(const struct rp_costs *costs,
                   const struct rp_measured *measured, size_t run)
{
    const struct rp_measured_run *const r = &measured->runs[run];

    return costs->weight[run] > 0.0 && !isnan(r->level_ns[0]) &&
           rp_config_own_ns(&measured->configs[r->config]) <= 0.0;
}

static double at_usual_speed(const struct rp_measured *measured,
                             const struct rp_costs *costs, size_t run,
                             size_t level)
{
    const struct rp_measured_run *const r = &measured->runs[run];

    return r->level_ns[level] / rp_costs_speed(costs, measured, r->block);
}

static bool make_curve(const struct rp_measured *measured,
                       const struct rp_costs *costs, size_t config,
                       double *scratch, struct curve *curve)
{
    curve->config = &measured->configs[config];
    curve->mean_ns = rp_costs_predict(costs, curve->config->amounts, NULL);
    for (size_t k = 0; k < LEVELS; k++) {
        size_t n = 0;

        for (size_t run = 0; run < measured->run_count; run++)
            if (measured->runs[run].config == config &&
                in_fit(costs, measured, run))
                scratch[n++] = at_usual_speed(measured, costs, run, k);
        if (n == 0)
            return false;
        curve->level_ns[k] = rp_median(scratch, n);
    }
    return curve->mean_ns > 0.0 && curve->level_ns[0] > 0.0;
}

/* The relative noise of each level, so that the wild ones weigh less. */
static void find_noise(const struct rp_measured *measured,
                       const struct rp_costs *costs, struct curves *curves)
{
    for (size_t k = 0; k < LEVELS; k++) {
        size_t n = 0;

        for (size_t i = 0; i < curves->count; i++) {
            const struct curve *const c = &curves->all[i];
            const size_t config = (size_t)(c->config - measured->configs);

            for (size_t run = 0; run < measured->run_count; run++)
                if (measured->runs[run].config == config &&
                    in_fit(costs, measured, run))
                    curves->scratch[n++] =
                        at_usual_speed(measured, costs, run, k) /
                            c->level_ns[k] -
                        1.0;
        }
        /* one run a configuration shows no noise: all levels count alike */
        curves->noise[k] = fmax(0.01, rp_robust_sd(curves->scratch, n));
    }
}

static enum rp_code make_curves(const struct rp_measured *measured,
                                const struct rp_costs *costs,
                                struct curves *curves, struct rp_error *error)
{
    curves->all = calloc(measured->config_count + 1, sizeof *curves->all);
    curves->scratch = calloc(measured->run_count + 1, sizeof(double));
    if (!curves->all || !curves->scratch)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for the spreads");
    for (size_t i = 0; i < measured->config_count; i++)
        if (make_curve(measured, costs, i, curves->scratch,
                       &curves->all[curves->count]))
            curves->count++;
    if (curves->count > 0)
        find_noise(measured, costs, curves);
    return RP_OK;
}

/* Give a curve of multiples its tail, so that its mean is 1. */
static void close_tail(struct rp_spread *spread)
{
    const double beyond = 1.0 - rp_levels[LAST];
    double body;

    for (size_t k = 1; k < LEVELS; k++)
        spread->multiple[k] =
            fmax(spread->multiple[k], spread->multiple[k - 1]);
    spread->tail = 0.0;
    body = rp_spread_mean(spread);
    if (body <= 0.0)
        *spread = rp_spread_constant();
    else if (body < 1.0)
        spread->tail = (1.0 - body) / beyond;
    else
        rp_spread_normalise(spread);
}

static void average_request(struct curves *curves, struct rp_spread *request)
{
    for (size_t k = 0; k < LEVELS; k++) {
        for (size_t i = 0; i < curves->count; i++)
            curves->scratch[i] =
                curves->all[i].level_ns[k] / curves->all[i].mean_ns;
        request->multiple[k] = rp_median(curves->scratch, curves->count);
    }
    close_tail(request);
}

static bool is_paid(const struct curves *curves,
                    const struct rp_fitted_cost *cost)
{
    for (size_t i = 0; i < curves->count; i++)
        if (rp_fitted_cost_amount(cost, curves->all[i].config->amounts) > 0.0)
            return true;
    return false;
}

/* Rows: configuration by level; columns: the increments of the costs that
 * have a spread of their own. What pooled costs explain is taken off first. */
static void fill(const struct curves *curves, const struct rp_costs *costs,
                 const struct rp_spreads *spreads, const size_t *own,
                 size_t own_count, gsl_matrix *a, gsl_vector *b)
{
    gsl_matrix_set_zero(a);
    for (size_t i = 0; i < curves->count; i++) {
        const struct curve *const c = &curves->all[i];

        for (size_t k = 0; k < LEVELS; k++) {
            const size_t row = i * LEVELS + k;
            const double by = 1.0 / (c->level_ns[k] * curves->noise[k]);
            double left = c->level_ns[k];

            for (size_t j = 0; j < costs->columns.count; j++)
                if (spreads->pooled[j])
                    left -= rp_fitted_cost_amount(&costs->columns.costs[j],
                                                  c->config->amounts) *
                            costs->columns.costs[j].mean_ns *
                            spreads->request.multiple[k];
            gsl_vector_set(b, row, by * left);
            for (size_t j = 0; j < own_count; j++) {
                const struct rp_fitted_cost *const cost =
                    &costs->columns.costs[own[j]];
                const double x =
                    by * rp_fitted_cost_amount(cost, c->config->amounts) *
                    cost->mean_ns;

                for (size_t step = 0; step <= k; step++)
                    gsl_matrix_set(a, row, j * LEVELS + step, x);
            }
        }
    }
}

static enum rp_code fit_own(const struct curves *curves,
                            const struct rp_costs *costs,
                            struct rp_spreads *spreads, struct rp_error *error)
{
    size_t own[RP_ITEM_COUNT], own_count = 0;
    gsl_matrix *a = NULL;
    gsl_vector *b = NULL, *x = NULL;
    enum rp_code code = RP_ERR_MEMORY;

    for (size_t j = 0; j < costs->columns.count; j++)
        if (!spreads->pooled[j])
            own[own_count++] = j;
    if (own_count == 0)
        return RP_OK;
    a = gsl_matrix_alloc(curves->count * LEVELS, own_count * LEVELS);
    b = gsl_vector_alloc(curves->count * LEVELS);
    x = gsl_vector_alloc(own_count * LEVELS);
    if (a && b && x) {
        fill(curves, costs, spreads, own, own_count, a, b);
        code = rp_nnls(a, b, x, error);
    } else {
        (void)rp_fail(error, code, "out of memory for the spreads");
    }
    for (size_t j = 0; !code && j < own_count; j++) {
        struct rp_spread *const s = &spreads->cost[own[j]];
        double sum = 0.0;

        for (size_t k = 0; k < LEVELS; k++)
            s->multiple[k] = sum += gsl_vector_get(x, j * LEVELS + k);
        close_tail(s);
    }
    gsl_vector_free(x);
    gsl_vector_free(b);
    gsl_matrix_free(a);
    return code;
}

enum rp_code rp_spreads_fit(const struct rp_measured *measured,
                            const struct rp_costs *costs,
                            struct rp_spreads *spreads, struct rp_error *error)
{
    struct rp_spreads fresh = {.known = false};
    struct curves curves = {.count = 0};
    enum rp_code code = make_curves(measured, costs, &curves, error);

    fresh.request = rp_spread_constant();
    if (!code && curves.count > 0) {
        fresh.known = true;
        average_request(&curves, &fresh.request);
    }
    for (size_t j = 0; j < costs->columns.count; j++) {
        const struct rp_fitted_cost *const c = &costs->columns.costs[j];

        fresh.pooled[j] = !fresh.known || c->mean_ns < 3.0 * c->se_ns ||
                          c->mean_ns <= 0.0 || !is_paid(&curves, c);
        fresh.cost[j] = fresh.request;
    }
    if (!code && fresh.known)
        code = fit_own(&curves, costs, &fresh, error);
    if (!code)
        *spreads = fresh;
    free(curves.scratch);
    free(curves.all);
    return code;
}
