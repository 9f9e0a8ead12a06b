/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/nnls.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { ROWS_MAX = 4, COLUMNS_MAX = 3 };

/* Solved by hand; row by row. */
static const struct problem {
    const char *what;
    size_t rows, columns;
    double a[ROWS_MAX * COLUMNS_MAX], b[ROWS_MAX], x[COLUMNS_MAX];
} problems[] = {
    {"the free solution is positive: that is it",
     2,
     2,
     {1, 0, 0, 2},
     {3, 4},
     {3, 2}},
    {"the free solution is (1, -1): with x2 = 0, x1 is the mean of 1 and 0",
     2,
     2,
     {1, 0, 1, 1},
     {1, 0},
     {0.5, 0}},
    {"all targets are negative: nothing is better",
     2,
     2,
     {1, 0, 0, 1},
     {-1, -2},
     {0, 0}},
    {"a line through (0, -2), (1, 1), (2, 4): with no intercept the slope is "
     "(1 + 8) / 5",
     3,
     2,
     {1, 0, 1, 1, 1, 2},
     {-2, 1, 4},
     {0, 1.8}},
    {"a column that is twice another adds nothing: the steeper one has it all",
     2,
     2,
     {1, 2, 1, 2},
     {2, 2},
     {0, 1}},
    {"a column of zeros stays 0", 2, 2, {1, 0, 1, 0}, {5, 7}, {6, 0}},
    {"x2 has the steeper slope and enters first, but must leave again for x1",
     2,
     2,
     {1, 3, 0, 1},
     {2, -0.1},
     {2, 0}},
};

static void solve(const struct problem *p, double *x)
{
    gsl_matrix *const a = gsl_matrix_alloc(p->rows, p->columns);
    gsl_vector *const b = gsl_vector_alloc(p->rows);
    gsl_vector *const solution = gsl_vector_alloc(p->columns);
    struct rp_error error = {0};

    for (size_t i = 0; i < p->rows; i++) {
        gsl_vector_set(b, i, p->b[i]);
        for (size_t j = 0; j < p->columns; j++)
            gsl_matrix_set(a, i, j, p->a[i * p->columns + j]);
    }
    cr_assert(eq(int, rp_nnls(a, b, solution, &error), RP_OK), "%s",
              error.text);
    for (size_t j = 0; j < p->columns; j++)
        x[j] = gsl_vector_get(solution, j);
    gsl_vector_free(solution);
    gsl_vector_free(b);
    gsl_matrix_free(a);
}

Test(nnls, solutions_are_those_by_hand, .init = rp_init)
{
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        double x[COLUMNS_MAX];

        solve(&problems[i], x);
        for (size_t j = 0; j < problems[i].columns; j++)
            cr_expect(epsilon_eq(dbl, x[j], problems[i].x[j], 1e-12),
                      "%s: x%zu", problems[i].what, j + 1);
    }
}

/* At the solution the slope is 0 where x > 0 and does not rise elsewhere
 * (Kuhn and Tucker); that is all there is to prove. */
Test(nnls, random_problems_meet_the_conditions_of_a_minimum, .init = rp_init)
{
    unsigned long state = 1;
    gsl_matrix *const a = gsl_matrix_alloc(30, 8);
    gsl_vector *const b = gsl_vector_alloc(30);
    gsl_vector *const x = gsl_vector_alloc(8);
    struct rp_error error = {0};

    for (int problem = 0; problem < 200; problem++) {
        for (size_t i = 0; i < 30 * 9; i++) {
            state = (state * 1103515245u + 12345u) % 2147483648u;
            const double value = (double)state / 1073741824.0 - 1.0;

            if (i < 240)
                a->data[i] = value;
            else
                gsl_vector_set(b, i - 240, value);
        }
        cr_assert(eq(int, rp_nnls(a, b, x, &error), RP_OK), "%s", error.text);
        for (size_t j = 0; j < 8; j++) {
            double slope = 0.0;

            for (size_t i = 0; i < 30; i++) {
                double left = gsl_vector_get(b, i);

                for (size_t k = 0; k < 8; k++)
                    left -= gsl_matrix_get(a, i, k) * gsl_vector_get(x, k);
                slope += gsl_matrix_get(a, i, j) * left;
            }
            cr_expect(ge(dbl, gsl_vector_get(x, j), 0.0));
            cr_expect(le(dbl, slope, 1e-8), "problem %d, column %zu", problem,
                      j);
            if (gsl_vector_get(x, j) > 0.0)
                cr_expect(ge(dbl, slope, -1e-8), "problem %d, column %zu",
                          problem, j);
        }
    }
    gsl_vector_free(x);
    gsl_vector_free(b);
    gsl_matrix_free(a);
}
