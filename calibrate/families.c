/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/families.h"

#include "calibrate/nnls.h"

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* With fewer stacks than this, one that is left out takes too much with it. */
enum { FEW_STACKS = 4 };

/* A gain of less than this, relative, is the arithmetic's. */
static const double rounding = 1e-7;

/* Leaves out each case, or each stack. */
struct fold {
    const struct rp_case *cases;
    size_t case_count;
    bool by_stack;
    const bool *one;
    struct rp_case *kept; /* case_count: those that are not left out */
};

static bool is_left_out(const struct fold *f, size_t i, size_t pivot)
{
    return f->by_stack ? strcmp(f->cases[i].stack, f->cases[pivot].stack) == 0
                       : i == pivot;
}

/* True for the first case of its stack: each stack is left out once. */
static bool leads(const struct fold *f, size_t pivot)
{
    for (size_t i = 0; i < pivot; i++)
        if (is_left_out(f, i, pivot))
            return false;
    return true;
}

static enum rp_code fit(const struct rp_case *cases, size_t n,
                        struct rp_columns *columns, struct rp_error *error)
{
    gsl_matrix *const a = gsl_matrix_alloc(n, columns->count);
    gsl_vector *const b = gsl_vector_alloc(n);
    gsl_vector *const x = gsl_vector_alloc(columns->count);
    enum rp_code code = RP_ERR_MEMORY;

    if (!a || !b || !x) {
        (void)rp_fail(error, code, "out of memory for %zu columns",
                      columns->count);
    } else {
        for (size_t i = 0; i < n; i++) {
            const double by = sqrt((double)cases[i].runs) / cases[i].total_ns;

            gsl_vector_set(b, i, by * cases[i].framework_ns);
            for (size_t j = 0; j < columns->count; j++)
                gsl_matrix_set(a, i, j,
                               by * rp_fitted_cost_amount(&columns->costs[j],
                                                          cases[i].amounts));
        }
        code = rp_nnls(a, b, x, error);
    }
    for (size_t j = 0; !code && j < columns->count; j++)
        columns->costs[j].mean_ns = gsl_vector_get(x, j);
    gsl_vector_free(x);
    gsl_vector_free(b);
    gsl_matrix_free(a);
    return code;
}

/* An item that no kept case pays has the price of another of its family, as
 * model/price.h has it, or none. */
static double price(const struct rp_columns *columns, unsigned item)
{
    const char *const family = rp_item_family((enum rp_item)item);

    for (size_t j = 0; j < columns->count; j++)
        if (columns->costs[j].items[item])
            return columns->costs[j].mean_ns;
    for (unsigned other = 0; other < RP_ITEM_COUNT; other++)
        for (size_t j = 0; j < columns->count; j++)
            if (columns->costs[j].items[other] &&
                strcmp(rp_item_family((enum rp_item)other), family) == 0)
                return columns->costs[j].mean_ns;
    return 0.0;
}

static double error_of(const struct rp_case *c,
                       const struct rp_columns *columns)
{
    double predicted = 0.0;

    for (unsigned i = 0; i < RP_ITEM_COUNT; i++)
        if (c->amounts[i] > 0.0)
            predicted += c->amounts[i] * price(columns, i);
    return fabs(predicted - c->framework_ns) / c->total_ns;
}

/* The mean error of whatever is left out; NAN where nothing would be kept. */
static enum rp_code left_out_error(const struct fold *f, double *mean,
                                   struct rp_error *error)
{
    double sum = 0.0;

    *mean = NAN;
    for (size_t pivot = 0; pivot < f->case_count; pivot++) {
        struct rp_columns columns;
        size_t kept = 0;
        enum rp_code code;

        if (!leads(f, pivot))
            continue;
        for (size_t i = 0; i < f->case_count; i++)
            if (!is_left_out(f, i, pivot))
                f->kept[kept++] = f->cases[i];
        if (kept == 0)
            return RP_OK;
        rp_columns_make(f->kept, kept, f->one, &columns);
        rp_columns_join(f->kept, kept, &columns);
        code = fit(f->kept, kept, &columns, error);
        if (code)
            return code;
        for (size_t i = 0; i < f->case_count; i++)
            if (is_left_out(f, i, pivot))
                sum += error_of(&f->cases[i], &columns);
    }
    *mean = sum / (double)f->case_count;
    return RP_OK;
}

static size_t count_stacks(const struct fold *f)
{
    size_t count = 0;

    for (size_t i = 0; i < f->case_count; i++)
        count += leads(f, i);
    return count;
}

static void set_one(struct rp_families *families, const char *name, bool one)
{
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++)
        if (strcmp(rp_item_family((enum rp_item)i), name) == 0)
            families->one[i] = one;
}

/* Both errors, with the families as they stand now. */
static enum rp_code judge(struct fold *f, double *of_stack, double *of_case,
                          struct rp_error *error)
{
    enum rp_code code;

    f->by_stack = true;
    code = left_out_error(f, of_stack, error);
    f->by_stack = false;
    return code ? code : left_out_error(f, of_case, error);
}

static enum rp_code decide(struct fold *f, struct rp_families *families,
                           struct rp_family *family, struct rp_error *error)
{
    enum rp_code code = judge(f, &family->one_stack, &family->one_case, error);

    if (code)
        return code;
    set_one(families, family->name, false);
    code = judge(f, &family->apart_stack, &family->apart_case, error);
    family->one = !(family->apart_stack + family->apart_case + rounding <
                    family->one_stack + family->one_case);
    set_one(families, family->name, family->one);
    return code;
}

/* Families of which at least two items are paid. */
static void find_families(const struct fold *f, struct rp_families *families)
{
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const char *const name = rp_item_family((enum rp_item)i);
        bool paid[2] = {false, false};

        if (families->one[i])
            continue;
        for (unsigned k = 0; k < RP_ITEM_COUNT; k++)
            for (size_t c = 0; c < f->case_count; c++)
                if (f->cases[c].amounts[k] > 0.0 &&
                    strcmp(rp_item_family((enum rp_item)k), name) == 0)
                    paid[k != i] = true;
        if (!paid[0] || !paid[1])
            continue;
        set_one(families, name, true);
        families->all[families->count++] =
            (struct rp_family){name, true, NAN, NAN, NAN, NAN};
    }
}

enum rp_code rp_families_choose(const struct rp_case *cases, size_t case_count,
                                struct rp_families *families,
                                struct rp_error *error)
{
    struct rp_families fresh = {.count = 0};
    struct fold f = {.cases = cases,
                     .case_count = case_count,
                     .by_stack = true,
                     .one = fresh.one};
    enum rp_code code = RP_OK;

    f.kept = calloc(case_count + 1, sizeof *f.kept);
    if (!f.kept)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu cases",
                       case_count);
    find_families(&f, &fresh);
    if (count_stacks(&f) >= FEW_STACKS)
        for (size_t i = 0; i < fresh.count && !code; i++)
            code = decide(&f, &fresh, &fresh.all[i], error);
    if (!code)
        *families = fresh;
    free(f.kept);
    return code;
}
