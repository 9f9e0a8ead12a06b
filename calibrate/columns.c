/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/columns.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A direction of the scaled design that is weaker than this, relative to the
 * strongest, is one that the runs cannot see. Amounts are small numbers, so
 * nothing measured comes near it by chance. */
static const double weakest = 1e-6;

double rp_fitted_cost_amount(const struct rp_fitted_cost *cost,
                             const double amounts[RP_ITEM_COUNT])
{
    double sum = 0.0;

    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        if (cost->items[i])
            sum += amounts[i];
    return sum;
}

static size_t runs_that_pay(const struct rp_case *cases, size_t case_count,
                            const struct rp_fitted_cost *cost)
{
    size_t runs = 0;

    for (size_t i = 0; i < case_count; i++)
        if (rp_fitted_cost_amount(cost, cases[i].amounts) > 0.0)
            runs += cases[i].runs;
    return runs;
}

static bool is_paid(const struct rp_case *cases, size_t case_count, size_t item)
{
    for (size_t i = 0; i < case_count; i++)
        if (cases[i].amounts[item] > 0.0)
            return true;
    return false;
}

/* The column of the item's family; the count of columns if there is none. */
static size_t find_family(const struct rp_columns *columns, const char *family)
{
    for (size_t at = 0; at < columns->count; at++)
        for (unsigned i = 0; i < RP_ITEM_COUNT; i++)
            if (columns->costs[at].items[i] &&
                strcmp(rp_item_family((enum rp_item)i), family) == 0)
                return at;
    return columns->count;
}

void rp_columns_make(const struct rp_case *cases, size_t case_count,
                     const bool one[RP_ITEM_COUNT], struct rp_columns *columns)
{
    *columns = (struct rp_columns){.count = 0};
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const char *const family = rp_item_family((enum rp_item)i);
        size_t at = columns->count;
        struct rp_fitted_cost *cost;

        if (!is_paid(cases, case_count, i))
            continue;
        if (one[i])
            at = find_family(columns, family);
        cost = &columns->costs[at];
        if (at == columns->count)
            (void)snprintf(cost->name, sizeof cost->name, "%s",
                           rp_item_name((enum rp_item)i));
        else
            (void)snprintf(cost->name, sizeof cost->name, "%s", family);
        columns->count += at == columns->count;
        cost->items[i] = true;
    }
}

/* ---- Columns that never vary apart ---- */

static bool proportional(const struct rp_case *cases, size_t case_count,
                         const struct rp_fitted_cost *a,
                         const struct rp_fitted_cost *b)
{
    double ratio = 0.0;

    for (size_t i = 0; i < case_count; i++) {
        const double x = rp_fitted_cost_amount(a, cases[i].amounts);
        const double y = rp_fitted_cost_amount(b, cases[i].amounts);

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

static void remove_column(struct rp_columns *columns, size_t at)
{
    memmove(columns->costs + at, columns->costs + at + 1,
            (columns->count - at - 1) * sizeof *columns->costs);
    columns->count--;
}

void rp_columns_join(const struct rp_case *cases, size_t case_count,
                     struct rp_columns *columns)
{
    for (size_t i = 0; i < columns->count; i++)
        for (size_t j = i + 1; j < columns->count;)
            if (proportional(cases, case_count, &columns->costs[i],
                             &columns->costs[j])) {
                join(&columns->costs[i], &columns->costs[j]);
                remove_column(columns, j);
            } else {
                j++;
            }
}

/* ---- Combinations that cannot be seen ---- */

/* Row by row what a case's share of its total is, each column to length 1.
 * Padded with rows of zeros where there are fewer cases than columns, which
 * the decomposition does not take. */
static void fill(const struct rp_case *cases, size_t case_count,
                 const struct rp_columns *columns, gsl_matrix *x)
{
    gsl_matrix_set_zero(x);
    for (size_t j = 0; j < columns->count; j++) {
        gsl_vector_view column = gsl_matrix_column(x, j);

        for (size_t i = 0; i < case_count; i++)
            gsl_matrix_set(x, i, j,
                           sqrt((double)cases[i].runs) / cases[i].total_ns *
                               rp_fitted_cost_amount(&columns->costs[j],
                                                     cases[i].amounts));
        gsl_vector_scale(&column.vector, 1.0 / gsl_blas_dnrm2(&column.vector));
    }
}

/* Without its base a server cannot be priced at all, so a base is given up only
 * where all that take part are bases. */
static bool is_base(const struct rp_fitted_cost *cost)
{
    for (unsigned i = RP_ITEM_BASE_GUNICORN; i <= RP_ITEM_BASE_UVICORN; i++)
        if (cost->items[i])
            return true;
    return false;
}

static void name_and_remove(const struct rp_case *cases, size_t case_count,
                            const gsl_matrix *v, struct rp_columns *columns,
                            char *text)
{
    const size_t last = columns->count - 1;
    char mixed[200] = "", victim_name[RP_COST_NAME_SIZE];
    size_t used = 0, victim = columns->count, fewest = SIZE_MAX;

    for (size_t j = 0; j < columns->count; j++) {
        const struct rp_fitted_cost *const cost = &columns->costs[j];
        const size_t runs = runs_that_pay(cases, case_count, cost);
        int n;

        if (fabs(gsl_matrix_get(v, j, last)) < 0.05)
            continue;
        if (victim == columns->count ||
            (is_base(&columns->costs[victim]) && !is_base(cost)) ||
            (runs <= fewest &&
             is_base(&columns->costs[victim]) == is_base(cost))) {
            fewest = runs;
            victim = j;
        }
        n = snprintf(mixed + used, sizeof mixed - used, "%s%s",
                     used ? ", " : "", cost->name);
        if (n > 0 && (size_t)n < sizeof mixed - used)
            used += (size_t)n;
    }
    memcpy(victim_name, columns->costs[victim].name, sizeof victim_name);
    (void)snprintf(text, RP_COLUMNS_TEXT_SIZE,
                   "the runs cannot tell apart %s: %s is left without a "
                   "price; measure a stack where it changes alone",
                   mixed, victim_name);
    remove_column(columns, victim);
}

enum rp_code rp_columns_give_up(const struct rp_case *cases, size_t case_count,
                                struct rp_columns *columns, double *condition,
                                char *text, struct rp_error *error)
{
    const size_t p = columns->count;
    gsl_matrix *x = NULL, *v = NULL;
    gsl_vector *values = NULL, *work = NULL;
    enum rp_code code = RP_OK;

    text[0] = '\0';
    if (p == 0)
        return rp_fail(error, RP_ERR_UNUSABLE,
                       "no run pays any cost that could be fitted");
    x = gsl_matrix_alloc(case_count > p ? case_count : p, p);
    v = gsl_matrix_alloc(p, p);
    values = gsl_vector_alloc(p);
    work = gsl_vector_alloc(p);
    if (!x || !v || !values || !work) {
        code =
            rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu columns", p);
    } else {
        fill(cases, case_count, columns, x);
        if (gsl_linalg_SV_decomp(x, v, values, work) != GSL_SUCCESS)
            code = rp_fail(error, RP_ERR_NUMERIC,
                           "the singular values of the runs cannot be found");
    }
    if (!code) {
        const double strongest = gsl_vector_get(values, 0);
        const double least = gsl_vector_get(values, p - 1);

        if (p == 1 || least > weakest * strongest)
            *condition = fmax(1.0, strongest / least);
        else
            name_and_remove(cases, case_count, v, columns, text);
    }
    gsl_vector_free(work);
    gsl_vector_free(values);
    gsl_matrix_free(v);
    gsl_matrix_free(x);
    return code;
}
