/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/optimal.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Exchanges end by themselves, for each is better than the one before; rounding
 * alone could go round in circles. */
enum { PASSES_MAX = 100 };
static const double better = 1e-9;

struct choosing {
    const struct rp_optimal *o;
    unsigned *times;
    double *v;      /* p x p: the covariance now */
    double *vx;     /* RP_OPTIMAL_ROWS x p: V x of each row of a candidate */
    double of_last; /* information about the last parameter alone */
};

static const double *row_of(const struct rp_optimal *o, size_t candidate,
                            size_t row)
{
    return o->rows + (candidate * o->rows_each + row) * o->p;
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

double rp_optimal_sd(const double *covariance, size_t p,
                     const double *combination)
{
    double sum = 0.0;

    for (size_t i = 0; i < p; i++)
        sum += combination[i] * dot(covariance + i * p, combination, p);
    return sqrt(fmax(0.0, sum));
}

static void add_row(gsl_matrix *m, const double *x, double times)
{
    for (size_t i = 0; i < m->size1; i++)
        for (size_t j = 0; j < m->size2; j++)
            *gsl_matrix_ptr(m, i, j) += times * x[i] * x[j];
}

enum rp_code rp_optimal_covariance(const struct rp_optimal *o,
                                   const unsigned *times, double *covariance,
                                   struct rp_error *error)
{
    const size_t p = o->p;
    gsl_matrix *const m = gsl_matrix_alloc(p, p);
    gsl_matrix *const v = gsl_matrix_alloc(p, p);
    gsl_vector *const balance = gsl_vector_alloc(p);
    enum rp_code code = RP_OK;

    if (!m || !v || !balance) {
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a design");
        goto out;
    }
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            gsl_matrix_set(m, i, j, o->before[i * p + j]);
    for (size_t k = 0; times && k < o->candidates; k++)
        for (size_t row = 0; times[k] > 0 && row < o->rows_each; row++)
            add_row(m, row_of(o, k, row), times[k]);
    gsl_matrix_set_identity(v);
    if (gsl_linalg_cholesky_decomp2(m, balance) != GSL_SUCCESS)
        code = rp_fail(error, RP_ERR_NUMERIC,
                       "the runs do not tell the costs apart");
    for (size_t i = 0; i < p && !code; i++) {
        gsl_vector_view column = gsl_matrix_column(v, i);

        if (gsl_linalg_cholesky_svx2(m, balance, &column.vector) != GSL_SUCCESS)
            code = rp_fail(error, RP_ERR_NUMERIC,
                           "the runs do not tell the costs apart");
    }
    for (size_t i = 0; i < p && !code; i++)
        for (size_t j = 0; j < p; j++)
            covariance[i * p + j] =
                0.5 * (gsl_matrix_get(v, i, j) + gsl_matrix_get(v, j, i));
out:
    gsl_vector_free(balance);
    gsl_matrix_free(v);
    gsl_matrix_free(m);
    return code;
}

/* V x; most entries of a row are 0. False where all of them are. */
static bool multiply(const struct choosing *c, const double *x, double *vx)
{
    const size_t p = c->o->p;
    bool any = false;

    memset(vx, 0, p * sizeof *vx);
    for (size_t j = 0; j < p; j++) {
        if (x[j] == 0.0)
            continue;
        for (size_t i = 0; i < p; i++)
            vx[i] += x[j] * c->v[j * p + i];
        any = true;
    }
    return any;
}

/* The rows of a candidate that are not zeros, with their V x; how many. */
static size_t take_rows(struct choosing *c, size_t candidate,
                        const double *x[RP_OPTIMAL_ROWS])
{
    size_t n = 0;

    for (size_t row = 0; row < c->o->rows_each; row++) {
        x[n] = row_of(c->o, candidate, row);
        if (multiply(c, x[n], c->vx + n * c->o->p))
            n++;
    }
    return n;
}

/* What a candidate more would do: by how much log det M grows, which is
 * log det (I + X V X'), or by how much c' V c falls. Both come from Cholesky's
 * factor of I + X V X', row by row. */
static double gain(struct choosing *c, size_t candidate)
{
    const struct rp_optimal *const o = c->o;
    const size_t p = o->p;
    const double *x[RP_OPTIMAL_ROWS];
    const size_t n = take_rows(c, candidate, x);
    double root[RP_OPTIMAL_ROWS][RP_OPTIMAL_ROWS], along[RP_OPTIMAL_ROWS];
    double grown = 0.0, fallen = 0.0, of_last = 0.0;

    for (size_t i = 0; i < n; i++) {
        double own = 1.0 + dot(x[i], c->vx + i * p, p);

        for (size_t k = 0; k < i; k++) {
            root[i][k] = dot(x[i], c->vx + k * p, p);
            for (size_t l = 0; l < k; l++)
                root[i][k] -= root[i][l] * root[k][l];
            root[i][k] /= root[k][k];
            own -= root[i][k] * root[i][k];
        }
        root[i][i] = sqrt(own);
        grown += log(own);
        of_last += x[i][p - 1] * x[i][p - 1];
        if (!o->combination)
            continue;
        along[i] = dot(o->combination, c->vx + i * p, p);
        for (size_t k = 0; k < i; k++)
            along[i] -= root[i][k] * along[k];
        along[i] /= root[i][i];
        fallen += along[i] * along[i];
    }
    if (o->combination)
        return fallen;
    return grown - (o->nuisance ? log1p(of_last / c->of_last) : 0.0);
}

/* Sherman and Morrison, row by row: V of M + x x', or of M - x x' with `sign`
 * -1. */
static void change(struct choosing *c, size_t candidate, double sign)
{
    const size_t p = c->o->p;

    for (size_t row = 0; row < c->o->rows_each; row++) {
        const double *const x = row_of(c->o, candidate, row);
        double by;

        if (!multiply(c, x, c->vx))
            continue;
        by = sign / (1.0 + sign * dot(x, c->vx, p));
        for (size_t i = 0; i < p; i++)
            for (size_t j = 0; j < p; j++)
                c->v[i * p + j] -= by * c->vx[i] * c->vx[j];
        c->of_last += sign * x[p - 1] * x[p - 1];
    }
    c->times[candidate] =
        sign > 0.0 ? c->times[candidate] + 1 : c->times[candidate] - 1;
}

/* The first of the best; `candidates` where none may be chosen any more. */
static size_t find_best(struct choosing *c, double *most)
{
    size_t best = c->o->candidates;

    *most = -1.0;
    for (size_t k = 0; k < c->o->candidates; k++) {
        double g;

        if (c->times[k] >= c->o->repeats)
            continue;
        g = gain(c, k);
        if (best == c->o->candidates || g > *most * (1.0 + better)) {
            *most = g;
            best = k;
        }
    }
    return best;
}

/* Sums of many small changes drift from what they stand for. */
static enum rp_code refresh(struct choosing *c, struct rp_error *error)
{
    const size_t last = c->o->p - 1;

    c->of_last = c->o->before[last * c->o->p + last];
    for (size_t k = 0; k < c->o->candidates; k++)
        for (size_t row = 0; c->times[k] > 0 && row < c->o->rows_each; row++)
            c->of_last += c->times[k] * row_of(c->o, k, row)[last] *
                          row_of(c->o, k, row)[last];
    return rp_optimal_covariance(c->o, c->times, c->v, error);
}

static enum rp_code exchange(struct choosing *c, bool *changed,
                             struct rp_error *error)
{
    enum rp_code code = RP_OK;

    *changed = false;
    for (size_t k = 0; k < c->o->candidates && !code; k++) {
        double most, own;
        size_t best;

        if (c->times[k] == 0)
            continue;
        change(c, k, -1.0);
        own = gain(c, k);
        best = find_best(c, &most);
        if (most > own * (1.0 + better) + better * better)
            *changed = true;
        else
            best = k;
        change(c, best, 1.0);
        code = refresh(c, error);
    }
    return code;
}

static enum rp_code choose(struct choosing *c, size_t runs,
                           struct rp_error *error)
{
    bool changed = true;
    enum rp_code code = refresh(c, error);

    for (size_t i = 0; i < runs && !code; i++) {
        double most;

        change(c, find_best(c, &most), 1.0);
        code = refresh(c, error);
    }
    for (int pass = 0; pass < PASSES_MAX && changed && !code; pass++)
        code = exchange(c, &changed, error);
    return code;
}

enum rp_code rp_optimal_choose(const struct rp_optimal *o, size_t runs,
                               unsigned *times, struct rp_error *error)
{
    struct choosing c = {.o = o,
                         .times = times,
                         .v = calloc(o->p * o->p + 1, sizeof *c.v),
                         .vx =
                             calloc(RP_OPTIMAL_ROWS * o->p + 1, sizeof *c.vx)};
    enum rp_code code;

    memset(times, 0, o->candidates * sizeof *times);
    if (!c.v || !c.vx)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a design");
    else if ((double)runs > (double)o->candidates * o->repeats)
        code = rp_fail(error, RP_ERR_VALUE,
                       "%zu runs were asked for, and there are %zu candidates",
                       runs, o->candidates);
    else
        code = choose(&c, runs, error);
    free(c.vx);
    free(c.v);
    return code;
}
