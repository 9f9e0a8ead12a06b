/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/costs.h"

#include "calibrate/robust.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_multifit.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rounds of scaling, robust fit and block factors. The factors change by less
 * than 1e-4 after four on the measured runs. */
enum { ROUNDS = 8, FEW_ROWS = 5 };

/* A direction of the scaled design that is weaker than this, relative to the
 * strongest, is one that the runs cannot see. */
static const double weakest = 1e-6;

/* A family is split where its members differ at this level of a Wald test. */
static const double split_level = 0.01;

struct design {
    const struct rp_measured *measured;
    size_t rows, p, configs_used;
    size_t *run;            /* of each row */
    double *y;              /* of each row: mean - own - gap, ns */
    double *prediction;     /* of each row, ns, before the block factor */
    gsl_matrix *scaled;     /* rows x p: amounts / prediction */
    gsl_vector *target;     /* rows: y / factor / prediction, near 1 */
    gsl_vector *beta;       /* p */
    gsl_matrix *covariance; /* p x p */
    gsl_multifit_robust_workspace *work;
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
    (void)vsnprintf(costs->notes[costs->note_count++], RP_COSTS_NOTE_SIZE,
                    format, args);
    va_end(args);
}

/* ---- Columns ---- */

static double amount(const struct rp_fitted_cost *column,
                     const double amounts[RP_ITEM_COUNT])
{
    double sum = 0.0;

    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        if (column->items[i])
            sum += amounts[i];
    return sum;
}

static const double *row_amounts(const struct design *d, size_t row)
{
    return d->measured->configs[d->measured->runs[d->run[row]].config].amounts;
}

static double cell(const struct design *d, const struct rp_fitted_cost *column,
                   size_t row)
{
    return amount(column, row_amounts(d, row));
}

static bool is_paid(const struct design *d, size_t item)
{
    for (size_t row = 0; row < d->rows; row++)
        if (row_amounts(d, row)[item] > 0.0)
            return true;
    return false;
}

/* Pooled families are one column; of the others each item is its own. Only
 * the layers are pooled from the start: their kinds differ by next to nothing,
 * while crossings differ by where they run. */
static size_t make_columns(const struct design *d, bool pool_layers,
                           struct rp_fitted_cost *columns)
{
    size_t count = 0, layers = RP_ITEM_COUNT;

    memset(columns, 0, RP_ITEM_COUNT * sizeof *columns);
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const char *const family = rp_item_family((enum rp_item)i);
        const bool layer = strcmp(family, "layer") == 0;
        size_t at = count;

        if (!is_paid(d, i))
            continue;
        if (layer && pool_layers && layers < RP_ITEM_COUNT)
            at = layers;
        else
            count++;
        if (layer && pool_layers)
            layers = at;
        columns[at].items[i] = true;
        (void)snprintf(columns[at].name, sizeof columns[at].name, "%s",
                       layer && pool_layers ? family
                                            : rp_item_name((enum rp_item)i));
    }
    /* a layer of a kind that no run had is priced like the others */
    for (unsigned i = 0; layers < RP_ITEM_COUNT && i < RP_ITEM_COUNT; i++)
        if (strcmp(rp_item_family((enum rp_item)i), "layer") == 0)
            columns[layers].items[i] = true;
    return count;
}

/* True where two columns never vary apart over the rows. */
static bool proportional(const struct design *d, const struct rp_fitted_cost *a,
                         const struct rp_fitted_cost *b)
{
    double ratio = 0.0;

    for (size_t row = 0; row < d->rows; row++) {
        const double x = cell(d, a, row), y = cell(d, b, row);

        if ((x > 0.0) != (y > 0.0))
            return false;
        if (x > 0.0 && ratio > 0.0 && fabs(y / x - ratio) > 1e-9)
            return false;
        if (x > 0.0)
            ratio = y / x;
    }
    return true;
}

static void join(struct rp_fitted_cost *into,
                 const struct rp_fitted_cost *other)
{
    const size_t used = strlen(into->name);

    (void)snprintf(into->name + used, sizeof into->name - used, "+%s",
                   other->name);
    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        into->items[i] |= other->items[i];
}

static void remove_column(struct rp_fitted_cost *columns, size_t *count,
                          size_t at)
{
    memmove(columns + at, columns + at + 1,
            (*count - at - 1) * sizeof *columns);
    --*count;
}

static size_t join_proportional(const struct design *d,
                                struct rp_fitted_cost *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count;)
            if (proportional(d, &columns[i], &columns[j])) {
                join(&columns[i], &columns[j]);
                remove_column(columns, &count, j);
            } else {
                j++;
            }
    return count;
}

/* ---- One fit of given columns ---- */

static void fill(struct design *d, const struct rp_fitted_cost *columns,
                 const double *factor)
{
    for (size_t row = 0; row < d->rows; row++) {
        const struct rp_measured_run *const run =
            &d->measured->runs[d->run[row]];
        const double by = 1.0 / d->prediction[row];

        for (size_t j = 0; j < d->p; j++)
            gsl_matrix_set(d->scaled, row, j, by * cell(d, &columns[j], row));
        gsl_vector_set(d->target, row, by * d->y[row] / factor[run->block]);
    }
}

/* The speed of each block: the median of its rows' ratios, or that of its
 * campaign where it has few rows. Logarithms sum to 0 over the campaign of the
 * first row. */
static enum rp_code update_factors(const struct design *d, double *factor,
                                   struct rp_error *error)
{
    const struct rp_measured *const m = d->measured;
    const size_t first = m->blocks[m->runs[d->run[0]].block].campaign;
    double *const ratios = calloc(d->rows, sizeof *ratios);
    double sum = 0.0;
    size_t summed = 0;

    if (!ratios)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu rows",
                       d->rows);
    for (size_t b = 0; b < m->block_count; b++) {
        size_t n = 0, of_block = 0;

        for (size_t row = 0; row < d->rows; row++)
            of_block += m->runs[d->run[row]].block == b;
        for (size_t row = 0; row < d->rows; row++) {
            const size_t own = m->runs[d->run[row]].block;
            const bool same = of_block >= FEW_ROWS ? own == b
                                                   : m->blocks[own].campaign ==
                                                         m->blocks[b].campaign;
            if (same)
                ratios[n++] = log(d->y[row] / d->prediction[row]);
        }
        factor[b] = n == 0 ? NAN : n < FEW_ROWS ? 0.0 : rp_median(ratios, n);
        if (m->blocks[b].campaign == first && of_block > 0) {
            sum += factor[b];
            summed++;
        }
    }
    for (size_t b = 0; b < m->block_count; b++)
        factor[b] = exp(factor[b] - sum / (double)summed);
    free(ratios);
    return RP_OK;
}

static enum rp_code robust_fit(struct design *d, struct rp_error *error)
{
    const int status = gsl_multifit_robust(d->scaled, d->target, d->beta,
                                           d->covariance, d->work);

    if (status != GSL_SUCCESS && status != GSL_EMAXITER)
        return rp_fail(error, RP_ERR_NUMERIC, "least squares failed: %s",
                       gsl_strerror(status));
    return RP_OK;
}

/* Predictions from the latest costs; held above a tenth of what was measured,
 * so that a row can always be scaled. */
static void predict_rows(struct design *d, const struct rp_fitted_cost *columns)
{
    for (size_t row = 0; row < d->rows; row++) {
        double sum = 0.0;

        for (size_t j = 0; j < d->p; j++)
            sum += gsl_vector_get(d->beta, j) * cell(d, &columns[j], row);
        d->prediction[row] = fmax(sum, 0.1 * d->y[row]);
    }
}

static enum rp_code iterate(struct design *d,
                            const struct rp_fitted_cost *columns,
                            double *factor, struct rp_error *error)
{
    for (size_t b = 0; b < d->measured->block_count; b++)
        factor[b] = 1.0;
    for (size_t row = 0; row < d->rows; row++)
        d->prediction[row] = d->y[row];
    for (int round = 0; round < ROUNDS; round++) {
        enum rp_code code;

        fill(d, columns, factor);
        code = robust_fit(d, error);
        if (code)
            return code;
        predict_rows(d, columns);
        code = update_factors(d, factor, error);
        if (code)
            return code;
    }
    fill(d, columns, factor);
    return robust_fit(d, error);
}

/* Bread and meat, clustered by configuration. */
static enum rp_code sandwich(struct design *d, const gsl_vector *weights,
                             struct rp_error *error)
{
    const size_t p = d->p, configs = d->measured->config_count;
    gsl_matrix *const bread = gsl_matrix_calloc(p, p);
    gsl_matrix *const meat = gsl_matrix_calloc(p, p);
    gsl_matrix *const half = gsl_matrix_calloc(p, p);
    gsl_matrix *const score = gsl_matrix_calloc(configs, p);
    const double g = (double)d->configs_used;
    enum rp_code code = RP_OK;

    if (!bread || !meat || !half || !score) {
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for covariances");
        goto out;
    }
    for (size_t row = 0; row < d->rows; row++) {
        const size_t config = d->measured->runs[d->run[row]].config;
        const double w = gsl_vector_get(weights, row);
        const gsl_vector_const_view a = gsl_matrix_const_row(d->scaled, row);
        gsl_vector_view s = gsl_matrix_row(score, config);
        double fitted;

        gsl_blas_ddot(&a.vector, d->beta, &fitted);
        gsl_blas_daxpy(w * (gsl_vector_get(d->target, row) - fitted), &a.vector,
                       &s.vector);
        gsl_blas_dger(w, &a.vector, &a.vector, bread);
    }
    gsl_blas_dgemm(CblasTrans, CblasNoTrans, g > 1.0 ? g / (g - 1.0) : 1.0,
                   score, score, 0.0, meat);
    if (gsl_linalg_cholesky_decomp1(bread) != GSL_SUCCESS ||
        gsl_linalg_cholesky_invert(bread) != GSL_SUCCESS) {
        code = rp_fail(error, RP_ERR_NUMERIC,
                       "the runs do not tell the costs apart");
        goto out;
    }
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, bread, meat, 0.0, half);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, half, bread, 0.0,
                   d->covariance);
out:
    gsl_matrix_free(score);
    gsl_matrix_free(half);
    gsl_matrix_free(meat);
    gsl_matrix_free(bread);
    return code;
}

static void release_fit(struct design *d)
{
    gsl_multifit_robust_free(d->work);
    gsl_matrix_free(d->covariance);
    gsl_vector_free(d->beta);
    gsl_vector_free(d->target);
    gsl_matrix_free(d->scaled);
    d->work = NULL;
    d->covariance = d->scaled = NULL;
    d->beta = d->target = NULL;
}

static enum rp_code prepare_fit(struct design *d, size_t p,
                                struct rp_error *error)
{
    release_fit(d);
    d->p = p;
    if (d->rows <= p)
        return rp_fail(error, RP_ERR_UNUSABLE,
                       "%zu runs cannot fix %zu costs: add runs at "
                       "concurrency 1 of other stacks",
                       d->rows, p);
    d->scaled = gsl_matrix_alloc(d->rows, p);
    d->target = gsl_vector_alloc(d->rows);
    d->beta = gsl_vector_alloc(p);
    d->covariance = gsl_matrix_alloc(p, p);
    d->work =
        gsl_multifit_robust_alloc(gsl_multifit_robust_bisquare, d->rows, p);
    if (!d->scaled || !d->target || !d->beta || !d->covariance || !d->work)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu rows",
                       d->rows);
    (void)gsl_multifit_robust_maxiter(200, d->work);
    return RP_OK;
}

/* Fit the columns and write beta, errors and weights into `costs`. */
static enum rp_code fit_columns(struct design *d, struct rp_costs *costs,
                                struct rp_error *error)
{
    enum rp_code code = prepare_fit(d, costs->count, error);

    if (!code)
        code = iterate(d, costs->columns, costs->block_factor, error);
    if (code)
        return code;

    const gsl_multifit_robust_stats stats =
        gsl_multifit_robust_statistics(d->work);

    code = sandwich(d, stats.weights, error);
    if (code)
        return code;
    for (size_t run = 0; run < d->measured->run_count; run++)
        costs->weight[run] = NAN;
    for (size_t row = 0; row < d->rows; row++)
        costs->weight[d->run[row]] = gsl_vector_get(stats.weights, row);
    for (size_t j = 0; j < d->p; j++) {
        struct rp_fitted_cost *const c = &costs->columns[j];

        c->mean_ns = gsl_vector_get(d->beta, j);
        c->se_ns = sqrt(fmax(0.0, gsl_matrix_get(d->covariance, j, j)));
        c->runs = 0;
        for (size_t row = 0; row < d->rows; row++)
            c->runs += cell(d, c, row) > 0.0;
        for (size_t k = 0; k < d->p; k++)
            costs->covariance_ns2[j][k] = gsl_matrix_get(d->covariance, j, k);
    }
    return RP_OK;
}

/* ---- What the runs can see ---- */

/* Singular values of the columns, scaled by what was measured and to length 1,
 * and the right singular vectors. */
static enum rp_code decompose(const struct design *d,
                              const struct rp_fitted_cost *columns, size_t p,
                              gsl_matrix *v, gsl_vector *values,
                              struct rp_error *error)
{
    gsl_matrix *const x = gsl_matrix_alloc(d->rows, p);
    gsl_vector *const work = gsl_vector_alloc(p);
    int status = GSL_ENOMEM;

    if (x && work) {
        for (size_t j = 0; j < p; j++) {
            gsl_vector_view column = gsl_matrix_column(x, j);
            double length;

            for (size_t row = 0; row < d->rows; row++)
                gsl_matrix_set(x, row, j,
                               cell(d, &columns[j], row) / d->y[row]);
            length = gsl_blas_dnrm2(&column.vector);
            gsl_vector_scale(&column.vector, 1.0 / length);
        }
        status = gsl_linalg_SV_decomp(x, v, values, work);
    }
    gsl_vector_free(work);
    gsl_matrix_free(x);
    return status == GSL_SUCCESS
               ? RP_OK
               : rp_fail(error, RP_ERR_NUMERIC,
                         "the singular values of the runs cannot be found: %s",
                         gsl_strerror(status));
}

/* Say which costs the weakest direction mixes, and give up the one of them
 * that the fewest runs pay. */
static void give_up_one(const struct design *d, struct rp_costs *costs,
                        const gsl_matrix *v)
{
    const size_t last = costs->count - 1;
    char mixed[200] = "";
    size_t used = 0, victim = 0, fewest = SIZE_MAX;

    for (size_t j = 0; j < costs->count; j++) {
        size_t paid = 0;

        if (fabs(gsl_matrix_get(v, j, last)) < 0.05)
            continue;
        for (size_t row = 0; row < d->rows; row++)
            paid += cell(d, &costs->columns[j], row) > 0.0;
        if (paid <= fewest) {
            fewest = paid;
            victim = j;
        }
        const int n = snprintf(mixed + used, sizeof mixed - used, "%s%s",
                               used ? ", " : "", costs->columns[j].name);
        if (n > 0 && used + (size_t)n < sizeof mixed)
            used += (size_t)n;
    }
    note(costs,
         "the runs cannot tell apart %s: %s is left without a price; measure "
         "a stack where it changes alone",
         mixed, costs->columns[victim].name);
    remove_column(costs->columns, &costs->count, victim);
}

static enum rp_code keep_visible(const struct design *d, struct rp_costs *costs,
                                 struct rp_error *error)
{
    for (;;) {
        const size_t p = costs->count;
        gsl_matrix *const v = gsl_matrix_alloc(p, p);
        gsl_vector *const values = gsl_vector_alloc(p);
        enum rp_code code = RP_ERR_MEMORY;
        bool visible = true;

        if (d->rows <= p)
            code = rp_fail(error, RP_ERR_UNUSABLE,
                           "%zu runs cannot fix %zu costs: add runs at "
                           "concurrency 1 of other stacks",
                           d->rows, p);
        else if (v && values)
            code = decompose(d, costs->columns, p, v, values, error);
        if (!code) {
            const double strongest = gsl_vector_get(values, 0);
            const double least = gsl_vector_get(values, p - 1);

            visible = p == 1 || least > weakest * strongest;
            if (visible)
                costs->condition_number = strongest / least;
            else
                give_up_one(d, costs, v);
        }
        gsl_vector_free(values);
        gsl_matrix_free(v);
        if (code || visible)
            return code;
    }
}

/* Costs are not negative: hold the worst at 0 and fit the others again. */
static enum rp_code hold_at_zero(struct design *d, struct rp_costs *costs,
                                 struct rp_error *error)
{
    for (;;) {
        struct rp_fitted_cost held;
        size_t worst = costs->count, moved;
        double least = 0.0;
        enum rp_code code;

        for (size_t j = 0; j < costs->count; j++)
            if (costs->columns[j].mean_ns < least) {
                least = costs->columns[j].mean_ns;
                worst = j;
            }
        if (worst == costs->count || costs->count == 1)
            return RP_OK;
        held = costs->columns[worst];
        held.at_zero = true;
        held.mean_ns = 0.0;
        note(costs,
             "%s came out at %+.2f us, which is not possible: it is held at 0 "
             "with a standard error of %.2f us",
             held.name, least / 1e3, held.se_ns / 1e3);
        remove_column(costs->columns, &costs->count, worst);
        code = fit_columns(d, costs, error);
        if (code)
            return code;
        moved = costs->count++;
        costs->columns[moved] = held;
        for (size_t k = 0; k < moved; k++)
            costs->covariance_ns2[moved][k] = costs->covariance_ns2[k][moved] =
                0.0;
        costs->covariance_ns2[moved][moved] = held.se_ns * held.se_ns;
        return RP_OK;
    }
}

/* ---- Are the members of a family alike? ---- */

/* Wald: contrasts of the members against the first, with the clustered
 * covariance. `members` indexes the columns. Returns the p-value, NAN where it
 * cannot be had. */
static double wald(const struct rp_costs *costs, const size_t *members,
                   size_t n)
{
    gsl_matrix *const v = gsl_matrix_alloc(n - 1, n - 1);
    gsl_vector *const contrast = gsl_vector_alloc(n - 1);
    gsl_vector *const solved = gsl_vector_alloc(n - 1);
    double w = NAN;

    if (v && contrast && solved) {
        const size_t a = members[0];

        for (size_t i = 1; i < n; i++) {
            const size_t b = members[i];

            gsl_vector_set(contrast, i - 1,
                           costs->columns[b].mean_ns -
                               costs->columns[a].mean_ns);
            for (size_t j = 1; j < n; j++)
                gsl_matrix_set(v, i - 1, j - 1,
                               costs->covariance_ns2[b][members[j]] -
                                   costs->covariance_ns2[b][a] -
                                   costs->covariance_ns2[a][members[j]] +
                                   costs->covariance_ns2[a][a]);
        }
        if (gsl_linalg_cholesky_decomp1(v) == GSL_SUCCESS &&
            gsl_linalg_cholesky_solve(v, contrast, solved) == GSL_SUCCESS)
            gsl_blas_ddot(contrast, solved, &w);
    }
    gsl_vector_free(solved);
    gsl_vector_free(contrast);
    gsl_matrix_free(v);
    return isnan(w) ? NAN : gsl_cdf_chisq_Q(fmax(0.0, w), (double)(n - 1));
}

/* Fit with every kind of layer for itself; if the kinds differ, that is the
 * fit, else the pooled one stays. */
static enum rp_code try_split(struct design *d, struct rp_costs *costs,
                              struct rp_error *error)
{
    struct rp_costs *const split = malloc(sizeof *split);
    size_t members[RP_ITEM_COUNT], n = 0;
    enum rp_code code = RP_OK;
    double p;

    if (!split)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for the costs");
    *split = *costs;
    split->count = make_columns(d, false, split->columns);
    split->count = join_proportional(d, split->columns, split->count);
    for (size_t j = 0; j < split->count; j++)
        if (strncmp(split->columns[j].name, "layer.", 6) == 0)
            members[n++] = j;
    if (n < 2)
        goto out;
    /* A split that the runs cannot see is no split; its error is not ours. */
    if (keep_visible(d, split, NULL) || split->note_count > costs->note_count)
        goto pooled;
    if (fit_columns(d, split, NULL))
        goto pooled;
    p = wald(split, members, n);
    if (p < split_level) {
        *costs = *split;
        note(costs,
             "kinds of layers differ (Wald test, p = %.2g): each has its own "
             "cost",
             p);
        goto out;
    }
    note(costs,
         "kinds and modes of layers cannot be told apart (Wald test, p = "
         "%.2g): all are one cost, \"layer\"",
         p);
pooled:
    code = fit_columns(d, costs, error);
out:
    free(split);
    return code;
}

/* ---- The client's gap, rows ---- */

static enum rp_code find_gap(const struct design *d, struct rp_costs *costs,
                             struct rp_error *error)
{
    double *const gaps = calloc(d->rows, sizeof *gaps);
    size_t n = 0;

    if (!gaps)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu rows",
                       d->rows);
    for (size_t row = 0; row < d->rows; row++) {
        const struct rp_measured_run *const run =
            &d->measured->runs[d->run[row]];

        if (!isnan(run->curve_mean_ns))
            gaps[n++] = run->mean_ns - run->curve_mean_ns;
    }
    if (n >= FEW_ROWS) {
        /* the median's error: sqrt(pi / 2) of the mean's */
        costs->gap_ns = fmax(0.0, rp_median(gaps, n));
        costs->gap_se_ns = sqrt(M_PI_2 / (double)n) * rp_robust_sd(gaps, n);
    }
    free(gaps);
    return RP_OK;
}

static bool usable(const struct rp_measured *m, const bool *leave_out,
                   const struct rp_measured_run *run)
{
    const struct rp_config *const c = &m->configs[run->config];

    return rp_costs_can_use(c) && !(leave_out && leave_out[run->config]) &&
           run->mean_ns > rp_config_own_ns(c);
}

static enum rp_code select_rows(struct design *d, const bool *leave_out,
                                struct rp_error *error)
{
    const struct rp_measured *const m = d->measured;
    bool *const seen = calloc(m->config_count + 1, sizeof *seen);

    d->run = calloc(m->run_count + 1, sizeof *d->run);
    d->y = calloc(m->run_count + 1, sizeof *d->y);
    d->prediction = calloc(m->run_count + 1, sizeof *d->prediction);
    if (!seen || !d->run || !d->y || !d->prediction) {
        free(seen);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu runs",
                       m->run_count);
    }
    for (size_t i = 0; i < m->run_count; i++) {
        const size_t config = m->runs[i].config;

        if (!usable(m, leave_out, &m->runs[i]))
            continue;
        d->run[d->rows++] = i;
        d->configs_used += !seen[config];
        seen[config] = true;
    }
    free(seen);
    if (d->rows == 0)
        return rp_fail(error, RP_ERR_UNUSABLE,
                       "none of the %zu runs is at concurrency 1 without "
                       "waits, which is what unit costs are fitted to: add "
                       "such runs",
                       m->run_count);
    return RP_OK;
}

static void set_targets(struct design *d, const struct rp_costs *costs)
{
    for (size_t row = 0; row < d->rows; row++) {
        const struct rp_measured_run *const run =
            &d->measured->runs[d->run[row]];
        const double own = rp_config_own_ns(&d->measured->configs[run->config]);

        /* a run can be shorter than own time and gap only by an error of the
         * clock: it stays, at a tenth of its mean */
        d->y[row] =
            fmax(run->mean_ns - own - costs->gap_ns, 0.1 * run->mean_ns);
    }
}

enum rp_code rp_costs_fit(const struct rp_measured *measured,
                          const bool *leave_out, struct rp_costs *costs,
                          struct rp_error *error)
{
    struct design d = {.measured = measured};
    struct rp_costs *const fresh = calloc(1, sizeof *fresh);
    enum rp_code code = RP_ERR_MEMORY;

    if (!fresh)
        return rp_fail(error, code, "out of memory for the costs");
    fresh->block_factor =
        calloc(measured->block_count + 1, sizeof *fresh->block_factor);
    fresh->weight = calloc(measured->run_count + 1, sizeof *fresh->weight);
    if (!fresh->block_factor || !fresh->weight)
        (void)rp_fail(error, code, "out of memory for the costs");
    else
        code = select_rows(&d, leave_out, error);
    if (!code)
        code = find_gap(&d, fresh, error);
    if (!code) {
        set_targets(&d, fresh);
        fresh->rows = d.rows;
        fresh->count = make_columns(&d, true, fresh->columns);
        fresh->count = join_proportional(&d, fresh->columns, fresh->count);
        code = keep_visible(&d, fresh, error);
    }
    if (!code)
        code = fit_columns(&d, fresh, error);
    if (!code)
        code = try_split(&d, fresh, error);
    if (!code)
        code = hold_at_zero(&d, fresh, error);
    release_fit(&d);
    free(d.prediction);
    free(d.y);
    free(d.run);
    if (code)
        rp_costs_free(fresh);
    else
        *costs = *fresh;
    free(fresh);
    return code;
}

double rp_costs_predict(const struct rp_costs *costs,
                        const double amounts[RP_ITEM_COUNT], double *se_ns)
{
    double mean = 0.0, variance = 0.0;

    for (size_t i = 0; i < costs->count; i++) {
        const double a = amount(&costs->columns[i], amounts);

        mean += a * costs->columns[i].mean_ns;
        for (size_t j = 0; j < costs->count; j++)
            variance += a * amount(&costs->columns[j], amounts) *
                        costs->covariance_ns2[i][j];
    }
    if (se_ns)
        *se_ns = sqrt(fmax(0.0, variance));
    return mean;
}

void rp_costs_free(struct rp_costs *costs)
{
    free(costs->block_factor);
    free(costs->weight);
    costs->block_factor = NULL;
    costs->weight = NULL;
}
