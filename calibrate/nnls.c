/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/nnls.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

struct problem {
    size_t p;
    gsl_matrix *gram;  /* A'A */
    gsl_vector *right; /* A'b */
    gsl_vector *slope; /* A'(b - A x) */
    gsl_vector *trial; /* the free solution of the passive columns */
    bool *passive;     /* columns that may be positive */
    bool *dependent;   /* columns that add nothing to the passive ones */
    double tolerance;  /* slopes below it are zero */
};

static void release(struct problem *q)
{
    gsl_matrix_free(q->gram);
    gsl_vector_free(q->right);
    gsl_vector_free(q->slope);
    gsl_vector_free(q->trial);
    free(q->passive);
    free(q->dependent);
}

static enum rp_code prepare(struct problem *q, const gsl_matrix *a,
                            const gsl_vector *b, struct rp_error *error)
{
    q->p = a->size2;
    q->gram = gsl_matrix_calloc(q->p, q->p);
    q->right = gsl_vector_calloc(q->p);
    q->slope = gsl_vector_calloc(q->p);
    q->trial = gsl_vector_calloc(q->p);
    q->passive = calloc(q->p, sizeof *q->passive);
    q->dependent = calloc(q->p, sizeof *q->dependent);
    if (!q->gram || !q->right || !q->slope || !q->trial || !q->passive ||
        !q->dependent)
        return rp_fail(error, RP_ERR_MEMORY,
                       "out of memory for least squares over %zu columns",
                       q->p);
    gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1.0, a, a, 0.0, q->gram);
    gsl_blas_dgemv(CblasTrans, 1.0, a, b, 0.0, q->right);
    for (size_t i = 0; i < q->p; i++)
        q->tolerance = fmax(q->tolerance, fabs(gsl_vector_get(q->right, i)));
    q->tolerance *= 1e-10;
    return RP_OK;
}

/* The column with the steepest slope that is not passive yet; p: none. */
static size_t steepest(struct problem *q, const gsl_vector *x)
{
    double best = q->tolerance;
    size_t found = q->p;

    gsl_vector_memcpy(q->slope, q->right);
    gsl_blas_dgemv(CblasNoTrans, -1.0, q->gram, x, 1.0, q->slope);
    for (size_t i = 0; i < q->p; i++)
        if (!q->passive[i] && !q->dependent[i] &&
            gsl_vector_get(q->slope, i) > best) {
            best = gsl_vector_get(q->slope, i);
            found = i;
        }
    return found;
}

/* Least squares over the passive columns, the others 0. False where they
 * depend on each other. */
static bool solve_passive(struct problem *q)
{
    size_t *const map = calloc(q->p, sizeof *map);
    size_t n = 0;
    gsl_matrix *m = NULL;
    gsl_vector *v = NULL;
    bool good = false;

    if (!map)
        return false;
    for (size_t i = 0; i < q->p; i++)
        if (q->passive[i])
            map[n++] = i;
    m = gsl_matrix_alloc(n, n);
    v = gsl_vector_alloc(n);
    if (m && v) {
        for (size_t i = 0; i < n; i++) {
            gsl_vector_set(v, i, gsl_vector_get(q->right, map[i]));
            for (size_t j = 0; j < n; j++)
                gsl_matrix_set(m, i, j,
                               gsl_matrix_get(q->gram, map[i], map[j]));
        }
        good = gsl_linalg_cholesky_decomp1(m) == 0 &&
               gsl_linalg_cholesky_svx(m, v) == 0;
        gsl_vector_set_zero(q->trial);
        for (size_t i = 0; good && i < n; i++)
            gsl_vector_set(q->trial, map[i], gsl_vector_get(v, i));
    }
    gsl_vector_free(v);
    gsl_matrix_free(m);
    free(map);
    return good;
}

/* Go from x towards the trial as far as no column turns negative; columns
 * that reach 0 leave the passive set. True where the trial was reached. */
static bool step(struct problem *q, gsl_vector *x)
{
    double part = 1.0;

    for (size_t i = 0; i < q->p; i++) {
        const double from = gsl_vector_get(x, i);
        const double to = gsl_vector_get(q->trial, i);
        if (q->passive[i] && to <= 0.0)
            part = fmin(part, from / (from - to));
    }
    for (size_t i = 0; i < q->p; i++) {
        const double from = gsl_vector_get(x, i);
        const double to = gsl_vector_get(q->trial, i);
        const double at = part < 1.0 ? from + part * (to - from) : to;
        const bool gone = q->passive[i] && part < 1.0 && to <= 0.0 &&
                          at <= 1e-12 * fabs(from - to);

        gsl_vector_set(x, i, gone ? 0.0 : fmax(0.0, at));
        if (gone)
            q->passive[i] = false;
    }
    return part >= 1.0;
}

enum rp_code rp_nnls(const gsl_matrix *a, const gsl_vector *b, gsl_vector *x,
                     struct rp_error *error)
{
    struct problem q = {.p = 0};
    enum rp_code code = prepare(&q, a, b, error);
    size_t left = 30 * a->size2;
    size_t next;

    if (code)
        goto out;
    gsl_vector_set_zero(x);
    while (left > 0 && (next = steepest(&q, x)) < q.p) {
        q.passive[next] = true;
        do {
            if (solve_passive(&q))
                continue;
            q.passive[next] = false;
            q.dependent[next] = true;
            break;
        } while (--left > 0 && !step(&q, x));
    }
    if (left == 0)
        code = rp_fail(error, RP_ERR_NUMERIC,
                       "non-negative least squares did not converge over %zu "
                       "columns: the runs may be too few for so many costs",
                       q.p);
out:
    release(&q);
    return code;
}
