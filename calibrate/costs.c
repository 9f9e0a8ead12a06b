/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/costs.h"

#include "calibrate/robust.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_math.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The reweighting begins with Huber's weights, which have one solution, and
 * goes on with Tukey's, which give up outliers for good. */
enum { HUBER_STEPS = 8, STEPS = 200, FEW_ROWS = RP_COSTS_CAMPAIGN_RUNS };

/* Tuned for 95 % efficiency at normal errors (Holland and Welsch, "Robust
 * regression using iteratively reweighted least-squares", 1977). */
static const double huber = 1.345, tukey = 4.685;

struct design {
    const struct rp_measured *measured;
    size_t rows;
    size_t *run;            /* of each row */
    double *y;              /* of each row: mean - own - gap, ns */
    double *prediction;     /* of each row, ns, at the usual speed */
    double *weight;         /* of each row, 0..1 */
    double *residual;       /* of each row, relative */
    double *scratch;        /* one a row */
    double *campaign_speed; /* one a campaign; NAN: unknown */
    struct rp_case *cases;  /* the configurations with rows */
    size_t case_count;
    double *variance; /* one a configuration: see struct rp_costs */
    struct rp_scatter scatter;
    /* of the present columns */
    size_t p;
    gsl_matrix *scaled;     /* rows x p: amounts / total */
    gsl_vector *target;     /* rows */
    gsl_vector *beta;       /* p */
    gsl_vector *before;     /* p: beta a step ago */
    gsl_matrix *covariance; /* p x p */
};

bool rp_costs_can_use(const struct rp_config *config)
{
    return config->concurrency == 1 && config->io_ns <= 0.0;
}

static void note(struct rp_costs *costs, const char *format, ...)
    RP_PRINTF(2, 3);

static void note(struct rp_costs *costs, const char *format, ...)
{
    va_list args;

    if (costs->note_count == RP_COSTS_NOTES)
        return;
    va_start(args, format);
    (void)vsnprintf(costs->notes[costs->note_count++], RP_COLUMNS_TEXT_SIZE,
                    format, args);
    va_end(args);
}

/* ---- Rows ---- */

static const struct rp_measured_run *run_of(const struct design *d, size_t row)
{
    return &d->measured->runs[d->run[row]];
}

static const struct rp_config *config_of(const struct design *d, size_t row)
{
    return &d->measured->configs[run_of(d, row)->config];
}

static size_t campaign_of(const struct design *d, size_t row)
{
    return d->measured->blocks[run_of(d, row)->block].campaign;
}

static double known_speed(const double *campaign_speed,
                          const struct rp_measured *measured, size_t block)
{
    const struct rp_block *const b = &measured->blocks[block];
    const double of_campaign = campaign_speed[b->campaign];

    return b->speed * (isnan(of_campaign) ? 1.0 : of_campaign);
}

static double speed_of(const struct design *d, size_t row)
{
    return known_speed(d->campaign_speed, d->measured, run_of(d, row)->block);
}

/* What a view burns makes the framework's code cold. Up to twice the
 * framework's own time that is not seen in the measured runs; of a request that
 * is mostly the view's, it is more than the framework. */
static const double most_own = 2.0 / 3.0;

bool rp_costs_is_own(double own_ns, double total_ns)
{
    return own_ns >= most_own * total_ns;
}

static bool is_usable(struct design *d, size_t config, const bool *leave_out)
{
    const struct rp_measured *const m = d->measured;
    const double own_ns = rp_config_own_ns(&m->configs[config]);
    size_t n = 0;

    if (!rp_costs_can_use(&m->configs[config]) ||
        (leave_out && leave_out[config]))
        return false;
    for (size_t i = 0; i < m->run_count; i++)
        if (m->runs[i].config == config)
            d->scratch[n++] = m->runs[i].mean_ns;
    return n > 0 && !rp_costs_is_own(own_ns, rp_median(d->scratch, n));
}

static enum rp_code allocate(struct design *d, struct rp_error *error)
{
    const size_t n = d->measured->run_count + 1;

    d->run = calloc(n, sizeof *d->run);
    d->y = calloc(n, sizeof *d->y);
    d->prediction = calloc(n, sizeof *d->prediction);
    d->weight = calloc(n, sizeof *d->weight);
    d->residual = calloc(n, sizeof *d->residual);
    d->scratch = calloc(n, sizeof *d->scratch);
    d->cases = calloc(d->measured->config_count + 1, sizeof *d->cases);
    d->variance = calloc(d->measured->config_count + 1, sizeof *d->variance);
    d->campaign_speed =
        calloc(d->measured->campaign_count + 1, sizeof *d->campaign_speed);
    if (!d->run || !d->y || !d->prediction || !d->weight || !d->residual ||
        !d->scratch || !d->cases || !d->variance || !d->campaign_speed)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu runs",
                       n - 1);
    return RP_OK;
}

static enum rp_code select_rows(struct design *d, const bool *leave_out,
                                struct rp_error *error)
{
    const struct rp_measured *const m = d->measured;

    for (size_t config = 0; config < m->config_count; config++)
        if (is_usable(d, config, leave_out))
            for (size_t i = 0; i < m->run_count; i++)
                if (m->runs[i].config == config)
                    d->run[d->rows++] = i;
    for (size_t i = 0; i < m->campaign_count; i++)
        d->campaign_speed[i] = NAN;
    if (d->rows == 0 && leave_out)
        return rp_fail(error, RP_ERR_UNUSABLE,
                       "no run is at concurrency 1, without waits and not "
                       "mostly the view's own time");
    if (d->rows == 0)
        return rp_fail(error, RP_ERR_UNUSABLE,
                       "none of the %zu runs is at concurrency 1, without "
                       "waits and not mostly the view's own time, which is "
                       "what unit costs are fitted to: add such runs",
                       m->run_count);
    return RP_OK;
}

/* The client's time between two requests is what the mean has and the
 * latencies have not. */
static void find_gap(const struct design *d, struct rp_costs *costs)
{
    size_t n = 0;

    for (size_t row = 0; row < d->rows; row++)
        if (!isnan(run_of(d, row)->curve_mean_ns))
            d->scratch[n++] =
                run_of(d, row)->mean_ns - run_of(d, row)->curve_mean_ns;
    if (n < FEW_ROWS)
        return;
    costs->gap_ns = fmax(0.0, rp_median(d->scratch, n));
    /* the median's error: sqrt(pi / 2) of the mean's */
    costs->gap_se_ns = sqrt(M_PI_2 / (double)n) * rp_robust_sd(d->scratch, n);
}

static void set_targets(struct design *d, const struct rp_costs *costs)
{
    for (size_t row = 0; row < d->rows; row++) {
        const double mean = run_of(d, row)->mean_ns;
        const double own = rp_config_own_ns(config_of(d, row));

        /* a run can be shorter than own time and gap only by an error of the
         * clock: it stays, at a tenth of its mean */
        d->y[row] = fmax(mean - own - costs->gap_ns, 0.1 * mean);
    }
}

/* One case for each configuration that has rows. */
static void make_cases(struct design *d, const struct rp_costs *costs)
{
    const struct rp_measured *const m = d->measured;

    d->case_count = 0;
    for (size_t config = 0; config < m->config_count; config++) {
        const struct rp_config *const c = &m->configs[config];
        size_t n = 0;

        for (size_t row = 0; row < d->rows; row++)
            if (run_of(d, row)->config == config)
                d->scratch[n++] = d->y[row] / speed_of(d, row);
        if (n == 0)
            continue;
        const double middle = rp_median(d->scratch, n);

        d->cases[d->case_count++] = (struct rp_case){
            .amounts = c->amounts,
            .stack = c->stack,
            .framework_ns = middle,
            .total_ns = middle + rp_config_own_ns(c) + costs->gap_ns,
            .runs = n};
    }
}

/* ---- The robust fit ---- */

/* How fast each campaign was against the one with the most rows, whatever the
 * order of the data sets: the median of its rows without own time, for burning
 * CPU makes the framework's code cold and would pass for a slow machine. */
static void update_campaigns(struct design *d)
{
    const struct rp_measured *const m = d->measured;
    double reference = NAN;
    size_t most = 0;

    for (size_t k = 0; k < m->campaign_count; k++) {
        size_t n = 0;

        for (size_t row = 0; row < d->rows; row++)
            if (campaign_of(d, row) == k &&
                rp_config_own_ns(config_of(d, row)) <= 0.0)
                d->scratch[n++] = log(d->y[row] / d->prediction[row] /
                                      m->blocks[run_of(d, row)->block].speed);
        d->campaign_speed[k] = NAN;
        if (n >= FEW_ROWS)
            d->campaign_speed[k] = exp(rp_median(d->scratch, n));
        if (n > most) {
            most = n;
            reference = d->campaign_speed[k];
        }
    }
    for (size_t k = 0; k < m->campaign_count; k++)
        d->campaign_speed[k] /= reference;
}

/* What a row is divided by: all of its mean, at the usual speed. */
static double total_of(const struct design *d, size_t row)
{
    const double beside = run_of(d, row)->mean_ns - d->y[row];

    return fmax(0.0, beside) / speed_of(d, row) + d->prediction[row];
}

static void fill(struct design *d, const struct rp_columns *columns)
{
    for (size_t row = 0; row < d->rows; row++) {
        const double by = 1.0 / total_of(d, row);
        const double *const amounts = config_of(d, row)->amounts;

        gsl_vector_set(d->target, row, by * d->y[row] / speed_of(d, row));
        for (size_t j = 0; j < d->p; j++)
            gsl_matrix_set(
                d->scaled, row, j,
                by * rp_fitted_cost_amount(&columns->costs[j], amounts));
    }
}

/* Weighted normal equations; GSL balances the columns. The condition of a
 * design that rp_columns_give_up() has passed leaves digits enough. */
static enum rp_code solve(struct design *d, gsl_matrix *gram,
                          gsl_vector *balance, struct rp_error *error)
{
    gsl_matrix_set_zero(gram);
    gsl_vector_set_zero(d->beta);
    for (size_t row = 0; row < d->rows; row++) {
        const gsl_vector_const_view a = gsl_matrix_const_row(d->scaled, row);

        gsl_blas_dger(d->weight[row], &a.vector, &a.vector, gram);
        gsl_blas_daxpy(d->weight[row] * gsl_vector_get(d->target, row),
                       &a.vector, d->beta);
    }
    if (gsl_linalg_cholesky_decomp2(gram, balance) != GSL_SUCCESS ||
        gsl_linalg_cholesky_svx2(gram, balance, d->beta) != GSL_SUCCESS)
        return rp_fail(error, RP_ERR_NUMERIC,
                       "the runs do not tell the costs apart: add runs at "
                       "concurrency 1 of other stacks");
    return RP_OK;
}

/* Predictions from the latest costs; held above a tenth of what was measured,
 * so that a row can always be divided. */
static void predict_rows(struct design *d)
{
    for (size_t row = 0; row < d->rows; row++) {
        const gsl_vector_const_view a = gsl_matrix_const_row(d->scaled, row);
        const double total = total_of(d, row);
        double share;

        gsl_blas_ddot(&a.vector, d->beta, &share);
        d->residual[row] = gsl_vector_get(d->target, row) - share;
        d->prediction[row] = fmax(share * total, 0.1 * d->y[row]);
    }
}

/* The scale of the residuals, with the degrees of freedom that the costs took;
 * never quite 0, which exact data would give. */
static double scale_of(const struct design *d)
{
    for (size_t row = 0; row < d->rows; row++)
        d->scratch[row] = fabs(d->residual[row]);
    return fmax(1e-9, 1.482602218505602 * rp_median(d->scratch, d->rows) *
                          sqrt((double)d->rows / (double)(d->rows - d->p)));
}

static void reweight(struct design *d, bool gently)
{
    const double scale = scale_of(d);

    for (size_t row = 0; row < d->rows; row++) {
        const double u = fabs(d->residual[row]) / scale;
        const double t = u / tukey;

        if (gently)
            d->weight[row] = u <= huber ? 1.0 : huber / u;
        else
            /* not quite 0, so that a cost that only outlying runs pay has
             * still a value, with a large standard error */
            d->weight[row] =
                t < 1.0 ? fmax(1e-6, gsl_pow_2(1.0 - t * t)) : 1e-6;
    }
}

static bool has_settled(const struct design *d)
{
    double change = 0.0, size = 0.0;

    for (size_t j = 0; j < d->p; j++) {
        const double now = gsl_vector_get(d->beta, j);

        change = fmax(change, fabs(now - gsl_vector_get(d->before, j)));
        size = fmax(size, fabs(now));
    }
    return change <= 1e-9 * size;
}

static enum rp_code iterate(struct design *d, const struct rp_columns *columns,
                            struct rp_error *error)
{
    gsl_matrix *const gram = gsl_matrix_alloc(d->p, d->p);
    gsl_vector *const balance = gsl_vector_alloc(d->p);
    enum rp_code code = RP_OK;

    if (!gram || !balance)
        code =
            rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu costs", d->p);
    gsl_vector_set_zero(d->beta);
    for (size_t row = 0; row < d->rows; row++) {
        d->prediction[row] = d->y[row] / speed_of(d, row);
        d->weight[row] = 1.0;
    }
    for (int step = 0; step < STEPS && !code; step++) {
        gsl_vector_memcpy(d->before, d->beta);
        fill(d, columns);
        code = solve(d, gram, balance, error);
        if (code)
            break;
        predict_rows(d);
        update_campaigns(d);
        if (step > HUBER_STEPS && has_settled(d))
            break;
        reweight(d, step < HUBER_STEPS);
    }
    gsl_vector_free(balance);
    gsl_matrix_free(gram);
    return code;
}

/* ---- Standard errors ---- */

/* How much of the weights the derivative of the score has: a biweight's score
 * falls where its weight is still positive. */
static double steepness(const struct design *d)
{
    const double scale = scale_of(d);
    double slopes = 0.0, weights = 0.0;

    for (size_t row = 0; row < d->rows; row++) {
        const double t2 = gsl_pow_2(d->residual[row] / (scale * tukey));

        if (t2 < 1.0)
            slopes += (1.0 - t2) * (1.0 - 5.0 * t2);
        weights += d->weight[row];
    }
    return fmax(0.1, slopes / weights);
}

/* With hardly more configurations than costs, the fit goes through all of them
 * and their misfit cannot be seen: then the runs are the clusters, and the
 * errors are those of their noise alone. */
enum { SPARE_CONFIGS = 3 };

static bool clusters_are_runs(const struct design *d)
{
    return d->case_count < d->p + SPARE_CONFIGS;
}

static void add_row(const struct design *d, size_t row, double by,
                    gsl_matrix *sums, size_t to)
{
    const gsl_vector_const_view a = gsl_matrix_const_row(d->scaled, row);
    gsl_vector_view sum = gsl_matrix_row(sums, to);

    gsl_blas_daxpy(by, &a.vector, &sum.vector);
}

/* The noise of a run about its configuration's median. */
static double noise_of(const struct design *d, double *values)
{
    size_t n = 0, configs = 0;

    for (size_t k = 0; k < d->measured->config_count; k++) {
        size_t own = 0;
        double middle;

        for (size_t row = 0; row < d->rows; row++)
            if (run_of(d, row)->config == k)
                d->scratch[own++] = d->residual[row];
        if (own == 0)
            continue;
        middle = rp_median(d->scratch, own);
        for (size_t i = 0; i < own; i++)
            values[n++] = d->scratch[i] - middle;
        configs++;
    }
    return n > configs ? rp_robust_sd(values, n) *
                             sqrt((double)n / (double)(n - configs))
                       : 0.0;
}

/* What the configurations miss: the weighted mean of their residuals, which
 * would be larger by `steep` if outliers did not count less; and the share of
 * it that the fit takes away. */
static void find_misses(const struct design *d, const gsl_matrix *inverse,
                        double steep, struct rp_scattered *of, double *weights)
{
    for (size_t row = 0; row < d->rows; row++) {
        const gsl_vector_const_view a = gsl_matrix_const_row(d->scaled, row);
        const size_t k = run_of(d, row)->config;

        for (size_t i = 0; i < d->p; i++) {
            const gsl_vector_const_view line = gsl_matrix_const_row(inverse, i);
            double sum;

            gsl_blas_ddot(&line.vector, &a.vector, &sum);
            of[k].leverage +=
                d->weight[row] * gsl_vector_get(&a.vector, i) * sum;
        }
        of[k].runs++;
        of[k].miss += d->weight[row] * d->residual[row] / steep;
        weights[k] += d->weight[row];
    }
    for (size_t k = 0; k < d->measured->config_count; k++)
        if (of[k].runs > 0)
            of[k].miss /= weights[k];
}

/* The variance of what each configuration misses. */
static enum rp_code find_scatter(struct design *d, const gsl_matrix *inverse,
                                 struct rp_error *error)
{
    const size_t n = d->measured->config_count;
    struct rp_scattered *const of = calloc(n + 1, sizeof *of);
    struct rp_scattered *const fitted = calloc(n + 1, sizeof *fitted);
    double *const weights = calloc(d->rows + n, sizeof *weights);
    size_t count = 0;

    if (!of || !fitted || !weights) {
        free(of);
        free(fitted);
        free(weights);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for covariances");
    }
    find_misses(d, inverse, steepness(d), of, weights);
    for (size_t k = 0; k < n; k++)
        if (of[k].runs > 0)
            fitted[count++] = of[k];
    d->scatter.noise = noise_of(d, weights);
    rp_scatter_find(fitted, count, &d->scatter);
    count = 0;
    for (size_t k = 0; k < n; k++)
        if (of[k].runs > 0)
            d->variance[k] = fitted[count++].variance;
    free(weights);
    free(fitted);
    free(of);
    return RP_OK;
}

/* Each configuration's row of the meat's root: what it weighs, times the
 * standard deviation of what it misses. */
static void take_configs(struct design *d, gsl_matrix *root)
{
    for (size_t row = 0; row < d->rows; row++) {
        const size_t k = run_of(d, row)->config;

        add_row(d, row, d->weight[row] * sqrt(d->variance[k]), root, k);
    }
}

/* With n runs and p costs residuals are too small by their own fit, and
 * n / (n - p) makes up for it. */
static void take_runs(struct design *d, gsl_matrix *root)
{
    const double n = (double)d->rows;
    const double by = sqrt(n / (n - (double)d->p)) / steepness(d);

    for (size_t row = 0; row < d->rows; row++)
        add_row(d, row, by * d->weight[row] * d->residual[row], root, row);
}

/* Bread: the curvature. Meat: the scores, added up in each cluster. */
static enum rp_code sandwich(struct design *d, struct rp_error *error)
{
    const bool by_run = clusters_are_runs(d);
    const size_t p = d->p;
    gsl_matrix *const bread = gsl_matrix_calloc(p, p);
    gsl_matrix *const half = gsl_matrix_calloc(p, p);
    gsl_matrix *const root =
        gsl_matrix_calloc(by_run ? d->rows : d->measured->config_count, p);
    enum rp_code code = RP_OK;

    if (!bread || !half || !root) {
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for covariances");
        goto out;
    }
    for (size_t row = 0; row < d->rows; row++) {
        const gsl_vector_const_view a = gsl_matrix_const_row(d->scaled, row);

        gsl_blas_dger(d->weight[row], &a.vector, &a.vector, bread);
    }
    if (gsl_linalg_cholesky_decomp1(bread) != GSL_SUCCESS ||
        gsl_linalg_cholesky_invert(bread) != GSL_SUCCESS) {
        code = rp_fail(error, RP_ERR_NUMERIC,
                       "the runs do not tell the costs apart");
        goto out;
    }
    code = find_scatter(d, bread, error);
    if (code)
        goto out;
    if (by_run)
        take_runs(d, root);
    else
        take_configs(d, root);
    gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1.0, root, root, 0.0, half);
    gsl_matrix_memcpy(d->covariance, half);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, bread, d->covariance, 0.0,
                   half);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, half, bread, 0.0,
                   d->covariance);
out:
    gsl_matrix_free(root);
    gsl_matrix_free(half);
    gsl_matrix_free(bread);
    return code;
}

/* ---- One fit of some columns ---- */

static void release_fit(struct design *d)
{
    gsl_matrix_free(d->covariance);
    gsl_vector_free(d->before);
    gsl_vector_free(d->beta);
    gsl_vector_free(d->target);
    gsl_matrix_free(d->scaled);
    d->covariance = d->scaled = NULL;
    d->before = d->beta = d->target = NULL;
}

static enum rp_code prepare_fit(struct design *d, size_t p,
                                struct rp_error *error)
{
    release_fit(d);
    d->p = p;
    if (d->rows <= p)
        return rp_fail(error, RP_ERR_UNUSABLE,
                       "%zu run%s cannot tell %zu unknown cost%s: add runs at "
                       "concurrency 1 of other stacks",
                       d->rows, d->rows == 1 ? "" : "s", p, p == 1 ? "" : "s");
    d->scaled = gsl_matrix_alloc(d->rows, p);
    d->target = gsl_vector_alloc(d->rows);
    d->beta = gsl_vector_alloc(p);
    d->before = gsl_vector_alloc(p);
    d->covariance = gsl_matrix_alloc(p, p);
    if (!d->scaled || !d->target || !d->beta || !d->before || !d->covariance)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu rows",
                       d->rows);
    return RP_OK;
}

static void keep_columns(const struct design *d, struct rp_costs *costs)
{
    for (size_t j = 0; j < d->p; j++) {
        struct rp_fitted_cost *const c = &costs->columns.costs[j];

        c->mean_ns = gsl_vector_get(d->beta, j);
        c->se_ns = sqrt(fmax(0.0, gsl_matrix_get(d->covariance, j, j)));
        c->runs = 0;
        for (size_t row = 0; row < d->rows; row++)
            c->runs +=
                rp_fitted_cost_amount(c, config_of(d, row)->amounts) > 0.0;
    }
    /* the product of matrices is symmetric, and its correlations are within
     * -1 and 1, but for rounding */
    for (size_t j = 0; j < d->p; j++)
        for (size_t k = 0; k < d->p; k++) {
            const double most =
                costs->columns.costs[j].se_ns * costs->columns.costs[k].se_ns;
            const double mean = 0.5 * (gsl_matrix_get(d->covariance, j, k) +
                                       gsl_matrix_get(d->covariance, k, j));

            costs->covariance_ns2[j][k] = fmax(-most, fmin(most, mean));
        }
}

/* Fit the columns and write means, errors and weights into `costs`. */
static enum rp_code fit_columns(struct design *d, struct rp_costs *costs,
                                struct rp_error *error)
{
    enum rp_code code = prepare_fit(d, costs->columns.count, error);

    if (!code)
        code = iterate(d, &costs->columns, error);
    if (!code)
        code = sandwich(d, error);
    if (code)
        return code;
    for (size_t run = 0; run < d->measured->run_count; run++)
        costs->weight[run] = NAN;
    for (size_t row = 0; row < d->rows; row++)
        costs->weight[d->run[row]] = d->weight[row];
    memcpy(costs->campaign_speed, d->campaign_speed,
           d->measured->campaign_count * sizeof *d->campaign_speed);
    memcpy(costs->config_variance, d->variance,
           d->measured->config_count * sizeof *d->variance);
    costs->scatter = d->scatter;
    keep_columns(d, costs);
    return RP_OK;
}

/* The columns that the runs can see, with families as `one` has them. */
static enum rp_code make_columns(const struct design *d, const bool *one,
                                 struct rp_costs *costs, struct rp_error *error)
{
    char text[RP_COLUMNS_TEXT_SIZE];
    enum rp_code code;

    rp_columns_make(d->cases, d->case_count, one, &costs->columns);
    rp_columns_join(d->cases, d->case_count, &costs->columns);
    do {
        code = rp_columns_give_up(d->cases, d->case_count, &costs->columns,
                                  &costs->condition_number, text, error);
        if (!code && text[0])
            note(costs, "%s", text);
    } while (!code && text[0]);
    return code;
}

/* ---- Costs are not negative ---- */

static size_t most_negative(const struct rp_columns *columns)
{
    size_t worst = columns->count;
    double least = 0.0;

    for (size_t j = 0; j < columns->count; j++)
        if (columns->costs[j].mean_ns < least) {
            least = columns->costs[j].mean_ns;
            worst = j;
        }
    return worst;
}

static void take_out(struct rp_columns *columns, size_t at,
                     struct rp_columns *held)
{
    struct rp_fitted_cost *const to = &held->costs[held->count++];

    *to = columns->costs[at];
    to->at_zero = true;
    to->mean_ns = 0.0;
    memmove(columns->costs + at, columns->costs + at + 1,
            (columns->count - at - 1) * sizeof *columns->costs);
    columns->count--;
}

/* Hold the most negative at 0 and fit the others again, until none is. What is
 * held keeps the standard error that it had. */
static enum rp_code hold_at_zero(struct design *d, struct rp_costs *costs,
                                 struct rp_error *error)
{
    struct rp_columns held = {.count = 0};
    enum rp_code code = RP_OK;
    size_t worst;

    while (!code && costs->columns.count > 1 &&
           (worst = most_negative(&costs->columns)) < costs->columns.count) {
        const struct rp_fitted_cost *const c = &costs->columns.costs[worst];

        note(costs,
             "%s came out at %+.2f us, which is not possible: it is held at 0 "
             "with a standard error of %.2f us",
             c->name, c->mean_ns / 1e3, c->se_ns / 1e3);
        take_out(&costs->columns, worst, &held);
        code = fit_columns(d, costs, error);
    }
    for (size_t i = 0; i < held.count && !code; i++) {
        const size_t at = costs->columns.count++;

        costs->columns.costs[at] = held.costs[i];
        for (size_t k = 0; k < at; k++)
            costs->covariance_ns2[at][k] = costs->covariance_ns2[k][at] = 0.0;
        costs->covariance_ns2[at][at] = gsl_pow_2(held.costs[i].se_ns);
    }
    return code;
}

/* ---- All of it ---- */

static void note_families(struct rp_costs *costs)
{
    for (size_t i = 0; i < costs->families.count; i++) {
        const struct rp_family *const f = &costs->families.all[i];

        if (isnan(f->one_stack))
            note(costs,
                 "%s is one cost: the runs have too few stacks to ask whether "
                 "its members differ",
                 f->name);
        else
            note(costs,
                 "%s is %s: priced apart, its members predict a stack left out "
                 "to %.2f %% and a configuration left out to %.2f %%, as one "
                 "to %.2f and %.2f %%",
                 f->name, f->one ? "one cost" : "priced apart",
                 100.0 * f->apart_stack, 100.0 * f->apart_case,
                 100.0 * f->one_stack, 100.0 * f->one_case);
    }
}

/* A first fit, with every family as one cost, tells the campaigns' speeds; then
 * the families are chosen, and fitted. */
static enum rp_code fit_all(struct design *d, struct rp_costs *costs,
                            struct rp_error *error)
{
    bool one[RP_ITEM_COUNT];
    enum rp_code code;

    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        one[i] = true;
    make_cases(d, costs);
    costs->config_count = d->case_count;
    code = make_columns(d, one, costs, error);
    if (!code)
        code = fit_columns(d, costs, error);
    if (code)
        return code;
    make_cases(d, costs);
    code = rp_families_choose(d->cases, d->case_count, &costs->families, error);
    if (code)
        return code;
    costs->note_count = 0;
    code = make_columns(d, costs->families.one, costs, error);
    if (!code)
        code = fit_columns(d, costs, error);
    if (!code && clusters_are_runs(d))
        note(costs,
             "%zu configurations for %zu costs: standard errors are those of "
             "the runs' noise alone, and how far the fit misses is not known",
             d->case_count, d->p);
    if (!code)
        code = hold_at_zero(d, costs, error);
    if (!code)
        note_families(costs);
    return code;
}

static void release(struct design *d)
{
    release_fit(d);
    free(d->campaign_speed);
    free(d->variance);
    free(d->cases);
    free(d->scratch);
    free(d->residual);
    free(d->weight);
    free(d->prediction);
    free(d->y);
    free(d->run);
}

enum rp_code rp_costs_fit(const struct rp_measured *measured,
                          const bool *leave_out, struct rp_costs *costs,
                          struct rp_error *error)
{
    struct design d = {.measured = measured};
    struct rp_costs *const fresh = calloc(1, sizeof *fresh);
    enum rp_code code;

    if (!fresh)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for the costs");
    fresh->campaign_speed =
        calloc(measured->campaign_count + 1, sizeof *fresh->campaign_speed);
    fresh->weight = calloc(measured->run_count + 1, sizeof *fresh->weight);
    fresh->config_variance =
        calloc(measured->config_count + 1, sizeof *fresh->config_variance);
    code = allocate(&d, error);
    if (!code &&
        (!fresh->campaign_speed || !fresh->weight || !fresh->config_variance))
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for the costs");
    if (!code)
        code = select_rows(&d, leave_out, error);
    if (!code) {
        find_gap(&d, fresh);
        set_targets(&d, fresh);
        fresh->rows = d.rows;
        code = fit_all(&d, fresh, error);
    }
    release(&d);
    if (code)
        rp_costs_free(fresh);
    else
        *costs = *fresh;
    free(fresh);
    return code;
}

double rp_costs_speed(const struct rp_costs *costs,
                      const struct rp_measured *measured, size_t block)
{
    return known_speed(costs->campaign_speed, measured, block);
}

double rp_costs_predict(const struct rp_costs *costs,
                        const double amounts[RP_ITEM_COUNT], double *se_ns)
{
    const struct rp_columns *const c = &costs->columns;
    double mean = 0.0, variance = 0.0;

    for (size_t i = 0; i < c->count; i++) {
        const double a = rp_fitted_cost_amount(&c->costs[i], amounts);

        mean += a * c->costs[i].mean_ns;
        for (size_t j = 0; j < c->count; j++)
            variance += a * rp_fitted_cost_amount(&c->costs[j], amounts) *
                        costs->covariance_ns2[i][j];
    }
    if (se_ns)
        *se_ns = sqrt(fmax(0.0, variance));
    return mean;
}

void rp_costs_free(struct rp_costs *costs)
{
    free(costs->campaign_speed);
    free(costs->weight);
    free(costs->config_variance);
    costs->config_variance = NULL;
    costs->campaign_speed = NULL;
    costs->weight = NULL;
}
