/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/robust.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(robust, a_median_is_the_middle_or_the_mean_of_the_two)
{
    double odd[] = {9, 1, 5}, even[] = {4, 1, 3, 100}, one[] = {7};

    cr_expect(eq(dbl, rp_median(odd, 3), 5.0));
    cr_expect(eq(dbl, rp_median(even, 4), 3.5));
    cr_expect(eq(dbl, rp_median(one, 1), 7.0));
}

Test(robust, a_wild_value_does_not_move_the_scale)
{
    /* deviations from 3: 2 1 0 1 1e9; their median 1 */
    double values[] = {1, 2, 3, 4, 1e9}, same[] = {5, 5, 5};

    cr_expect(epsilon_eq(dbl, rp_robust_sd(values, 5), 1.4826, 1e-4));
    cr_expect(eq(dbl, rp_robust_sd(same, 3), 0.0));
}
