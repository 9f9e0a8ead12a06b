/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/robust.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

double rp_median(double *values, size_t n)
{
    assert(n > 0);
    gsl_sort(values, 1, n);
    return gsl_stats_median_from_sorted_data(values, 1, n);
}

static double share_below(const double *values, size_t n, double log_value,
                          double sd)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += gsl_cdf_ugaussian_P((log_value - log(values[i])) / sd);
    return sum / (double)n;
}

double rp_median_blurred(double *values, size_t n, double relative_sd)
{
    const double middle = rp_median(values, n);
    double low, high;

    if (!(relative_sd > 0.0) || !(values[0] > 0.0))
        return middle;
    low = log(values[0]) - relative_sd;
    high = log(values[n - 1]) + relative_sd;
    for (int i = 0; i < 50; i++) { /* the share grows with the value */
        const double at = 0.5 * (low + high);

        if (share_below(values, n, at, relative_sd) < 0.5)
            low = at;
        else
            high = at;
    }
    return exp(0.5 * (low + high));
}

double rp_robust_sd(double *values, size_t n)
{
    const double median = rp_median(values, n);

    for (size_t i = 0; i < n; i++)
        values[i] = fabs(values[i] - median);
    return 1.482602218505602 * rp_median(values, n);
}
