/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/interval.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* Mean 3, sd sqrt(2.5), t(0.975, 4) = 2.776445: 2.776445 sqrt(2.5 / 5). */
Test(interval, half_width_matches_hand_computation)
{
    static const double values[] = {1, 2, 3, 4, 5};

    cr_expect(
        epsilon_eq(dbl, rp_interval_half_width(values, 5), 1.963243, 1e-6));
    cr_expect(isnan(rp_interval_half_width(values, 1)));
}

Test(interval, one_value_that_is_no_number_leaves_no_interval)
{
    static const double values[] = {1, 2, NAN};

    cr_expect(isnan(rp_interval_half_width(values, 3)));
}

static double wiggle(size_t i)
{
    return ((double)((i * 7919) % 101) - 50.0) / 50.0;
}

Test(interval, a_start_that_is_too_low_is_cut_off)
{
    enum { N = 1000 };
    double series[N];
    int found = 0;
    size_t cut;

    for (size_t i = 0; i < N; i++)
        series[i] = 100.0 - 80.0 * exp(-(double)i / 20.0) + wiggle(i);
    cut = rp_interval_mser5(series, N, &found);
    cr_expect(found);
    cr_expect(ge(sz, cut, 40), "80 exp(-2) is still 11 below: cut %zu", cut);
    cr_expect(le(sz, cut, 200));
    cr_expect(eq(sz, cut % 5, 0));
}

Test(interval, a_steady_series_is_kept_and_a_rising_one_never_settles)
{
    enum { N = 1000 };
    double series[N];
    int found = 0;

    for (size_t i = 0; i < N; i++)
        series[i] = wiggle(i);
    cr_expect(le(sz, rp_interval_mser5(series, N, &found), 50));
    cr_expect(found);
    for (size_t i = 0; i < N; i++)
        series[i] = (double)i + wiggle(i);
    (void)rp_interval_mser5(series, N, &found);
    cr_expect(not(found));
    cr_expect(eq(sz, rp_interval_mser5(series, 7, &found), 0));
    cr_expect(not(found), "seven values tell nothing");
}
