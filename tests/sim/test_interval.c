/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/interval.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdint.h>

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

/* About 4 the squares of 1 .. 5 are 9 + 4 + 1 + 0 + 1 = 15. */
Test(interval, sections_are_compared_with_the_whole)
{
    static const double values[] = {1, 2, 3, 4, 5};

    cr_expect(
        epsilon_eq(dbl, rp_interval_sectioned(values, 5, 4.0), 2.404472, 1e-5));
    cr_expect(isnan(rp_interval_sectioned(values, 1, 4.0)));
}

/* sd 0.02, t(0.975, 2) = 4.302653: 4.302653 0.02 / sqrt(3) = 0.0496828. */
Test(interval, a_percentile_lies_between_two_shares)
{
    static const double below[] = {0.88, 0.90, 0.92};
    double low = 0.0, high = 0.0;

    rp_interval_shares(below, 3, 0.9, &low, &high);
    cr_expect(epsilon_eq(dbl, low, 0.8503172, 1e-6));
    cr_expect(epsilon_eq(dbl, high, 0.9496828, 1e-6));
    rp_interval_shares(below, 3, 0.99, &low, &high);
    cr_expect(eq(dbl, high, 1.0), "there is nothing above all");
    rp_interval_shares(below, 1, 0.9, &low, &high);
    cr_expect(isnan(low) && isnan(high));
}

/* 1 2 3 4 5: products -2*-1 + -1*0 + 0*1 + 1*2 = 4, squares 10. */
Test(interval, lag_1_matches_hand_computation)
{
    static const double rising[] = {1, 2, 3, 4, 5}, flat[] = {7, 7, 7};

    cr_expect(epsilon_eq(dbl, rp_interval_lag1(rising, 5), 0.4, 1e-12));
    cr_expect(eq(dbl, rp_interval_lag1(flat, 3), 0.0));
}

/* x[i] = c x[i - 1] + noise. */
static void fill_correlated(double *series, size_t n, double c, uint32_t seed)
{
    double x = 0.0;

    for (size_t i = 0; i < n; i++) {
        double noise = 0.0;
        for (size_t k = 0; k < 12; k++) {
            seed = seed * 1664525u + 1013904223u;
            noise += (double)(seed >> 8) / 16777216.0 - 0.5;
        }
        series[i] = x = c * x + noise;
    }
}

/* Of independent series 1 % are called alike, of 30 values with a correlation
 * of 0.7 nearly all: their ratio is about 0.6, the limit is 1.18. */
Test(interval, neighbours_that_are_alike_are_seen)
{
    double series[30];
    unsigned false_alarms = 0, seen = 0;

    for (uint32_t seed = 1; seed <= 1000; seed++) {
        fill_correlated(series, 30, 0.0, seed * 7919u);
        false_alarms += rp_interval_is_serial(series, 30);
        fill_correlated(series, 30, 0.7, seed * 7919u);
        seen += rp_interval_is_serial(series, 30);
    }
    cr_expect(ge(uint, false_alarms, 2));
    cr_expect(le(uint, false_alarms, 22));
    cr_expect(ge(uint, seen, 850));
    cr_expect(not(rp_interval_is_serial(series, 3)), "three tell nothing");
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
