/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/misfit.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

/* With fewer, the largest residual is all that is known of the tail. */
enum { MANY_MISSES = 20 };

void rp_misses_add(struct rp_misses *misses, double log_ratio, double run_sd,
                   size_t runs)
{
    const double of_median = runs > 2 ? M_PI_2 : 1.0;

    misses->sizes[misses->count++] = fabs(log_ratio);
    misses->squares += gsl_pow_2(log_ratio);
    misses->noise += gsl_pow_2(run_sd) * of_median / (double)runs;
}

/* What is left of the residuals when the noise of the medians is taken off.
 * Intervals are to hold 95 of 100 configurations, and residuals have heavier
 * tails than normal ones: so that size counts which 95 of 100 do not pass, if
 * it is larger than their standard deviation says. And they are to hold for a
 * configuration that the fit has not seen: its residual is larger by
 * 1 / (1 - h), with a leverage h of p / n on the average (Allen, "The
 * relationship between variable selection and data augmentation and a method
 * for prediction", 1974). */
double rp_misfit(struct rp_misses *m, size_t cost_count)
{
    const double n = (double)m->count, p = (double)cost_count;
    double variance;

    if (m->count <= cost_count)
        return 0.0;
    variance = m->squares / n;
    if (m->count >= MANY_MISSES) {
        gsl_sort(m->sizes, 1, m->count);
        variance = fmax(variance, gsl_pow_2(gsl_stats_quantile_from_sorted_data(
                                                m->sizes, 1, m->count, 0.95) /
                                            1.96));
    }
    return sqrt(fmax(0.0, variance * gsl_pow_2(n / (n - p)) - m->noise / n));
}
