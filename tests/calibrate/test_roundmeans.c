/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/roundmeans.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* Differences 1, -1, 0, 0: sd sqrt(2 / 3), over the root of 4, times 3.182446,
 * Student's t of 3 degrees of freedom. */
Test(roundmeans, pairs_are_students)
{
    static const double base[] = {5.0, 9.0, NAN, 2.0, 7.0};
    static const double candidate[] = {6.0, 8.0, 3.0, 2.0, 7.0};

    cr_expect(epsilon_eq(dbl,
                         rp_roundmeans_half(base, candidate, 5, true, 0.95),
                         3.182446 * sqrt(2.0 / 3.0) / 2.0, 1e-6));
}

/* -1 and 1 on both sides: each mean has the variance 1, their difference 2; by
 * Welch 2 degrees of freedom, t 4.302653. */
Test(roundmeans, other_rounds_are_welchs)
{
    static const double base[] = {-1.0, 1.0, NAN, NAN};
    static const double candidate[] = {NAN, NAN, 9.0, 11.0};

    cr_expect(epsilon_eq(dbl,
                         rp_roundmeans_half(base, candidate, 4, false, 0.95),
                         4.302653 * sqrt(2.0), 1e-5));
    cr_expect(isnan(rp_roundmeans_half(base, candidate, 4, true, 0.95)),
              "no pair");
    cr_expect(isnan(rp_roundmeans_half(base, candidate, 3, false, 0.95)),
              "one round on a side");
}
