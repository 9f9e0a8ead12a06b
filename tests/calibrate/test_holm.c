/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/holm.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static void expect(const double *p, const double *wanted, size_t n)
{
    struct rp_error error = {0};
    double found[8];

    cr_assert(eq(int, rp_holm_correct(p, n, found, &error), RP_OK));
    for (size_t i = 0; i < n; i++)
        cr_expect(epsilon_eq(dbl, found[i], wanted[i], 1e-12), "p %zu", i);
}

Test(holm, the_smallest_counts_most)
{
    /* .005 x 4, .01 x 3, .03 x 2; .04 x 1 is raised to the one before */
    static const double p[] = {0.01, 0.04, 0.03, 0.005};
    static const double wanted[] = {0.03, 0.06, 0.06, 0.02};

    expect(p, wanted, 4);
}

Test(holm, no_probability_is_above_one)
{
    static const double p[] = {0.6, 0.5, 0.01};
    static const double wanted[] = {1.0, 1.0, 0.03};

    expect(p, wanted, 3);
}

Test(holm, one_test_is_not_corrected)
{
    static const double p[] = {0.04};

    expect(p, p, 1);
}

Test(holm, values_may_be_replaced_in_place)
{
    double p[] = {0.02, 0.01};

    cr_assert(eq(int, rp_holm_correct(p, 2, p, NULL), RP_OK));
    cr_expect(epsilon_eq(dbl, p[0], 0.02, 1e-12));
    cr_expect(epsilon_eq(dbl, p[1], 0.02, 1e-12));
}
