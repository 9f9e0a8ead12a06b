/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/robust.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

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

/* ---- Values that are known to a standard deviation ---- */

Test(robust, without_doubt_about_them_the_middle_of_values_is_their_median)
{
    double values[] = {9, 1, 5, 2};

    cr_expect(eq(dbl, rp_median_blurred(values, 4, 0.0), 3.5));
    cr_expect(eq(dbl, values[0], 1.0), "sorted");
}

Test(robust, one_value_and_equal_ones_are_what_they_are)
{
    double one[] = {7}, same[] = {3, 3, 3};

    cr_expect(epsilon_eq(dbl, rp_median_blurred(one, 1, 0.3), 7.0, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_median_blurred(same, 3, 2.0), 3.0, 1e-9));
}

Test(robust, two_values_that_are_known_alike_have_their_geometric_mean)
{
    double values[] = {8, 2};

    cr_expect(epsilon_eq(dbl, rp_median_blurred(values, 2, 0.4), 4.0, 1e-9));
}

/* Three at 1 and one at exp(d), known to a factor of e: at exp(0.25) the four
 * distribution functions are 3 x 0.598706 and 0.203881, 2 in all, if 0.25 - d
 * is -0.827838 (tables of the normal distribution). */
Test(robust, the_middle_of_two_groups_is_nearer_to_the_larger)
{
    double values[] = {1.0, 2.9383209, 1.0, 1.0};

    cr_expect(epsilon_eq(dbl, log(values[1]), 1.0778384, 2e-7));
    cr_expect(
        epsilon_eq(dbl, log(rp_median_blurred(values, 4, 1.0)), 0.25, 1e-6));
}

/* Where the fourth is out of reach, two thirds of each of the three are below:
 * 0.430727 standard deviations. */
Test(robust, a_wild_value_pulls_no_further_than_its_share)
{
    double near[] = {1.0, 5.0, 1.0, 1.0}, far[] = {1.0, 1e9, 1.0, 1.0};

    cr_expect(epsilon_eq(dbl, log(rp_median_blurred(near, 4, 0.02)),
                         0.02 * 0.4307273, 1e-8));
    cr_expect(epsilon_eq(dbl, log(rp_median_blurred(far, 4, 0.02)),
                         0.02 * 0.4307273, 1e-8));
}
