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
    double *vx;     /* p */
    double of_last; /* information about the last parameter alone */
};

static const double *row_of(const struct rp_optimal *o, size_t candidate)
{
    return o->rows + candidate * o->p;
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
        for (size_t j = 0; j < p; j++) {
            double sum = o->before[i * p + j];

            for (size_t k = 0; times && k < o->candidates; k++)
                if (times[k] > 0)
                    sum += times[k] * row_of(o, k)[i] * row_of(o, k)[j];
            gsl_matrix_set(m, i, j, sum);
        }
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

/* What a row more would do: by how much log det M grows, or by which part c' V
 * c falls. */
static double gain(struct choosing *c, size_t candidate)
{
    const struct rp_optimal *const o = c->o;
    const size_t p = o->p;
    const double *const x = row_of(o, candidate);
    double own;

    for (size_t i = 0; i < p; i++)
        c->vx[i] = dot(c->v + i * p, x, p);
    own = dot(x, c->vx, p);
    if (o->combination) {
        const double along = dot(o->combination, c->vx, p);

        return along * along / (1.0 + own);
    }
    return log1p(own) -
           (o->nuisance ? log1p(x[p - 1] * x[p - 1] / c->of_last) : 0.0);
}

/* Sherman and Morrison: V of M + x x', or of M - x x' with `sign` -1. */
static void change(struct choosing *c, size_t candidate, double sign)
{
    const size_t p = c->o->p;
    const double *const x = row_of(c->o, candidate);
    double by;

    for (size_t i = 0; i < p; i++)
        c->vx[i] = dot(c->v + i * p, x, p);
    by = sign / (1.0 + sign * dot(x, c->vx, p));
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            c->v[i * p + j] -= by * c->vx[i] * c->vx[j];
    c->of_last += sign * x[p - 1] * x[p - 1];
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
        c->of_last +=
            c->times[k] * row_of(c->o, k)[last] * row_of(c->o, k)[last];
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
                         .vx = calloc(o->p + 1, sizeof *c.vx)};
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
