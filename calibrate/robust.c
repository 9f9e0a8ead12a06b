/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/robust.h"

#include <assert.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

double rp_median(double *values, size_t n)
{
    assert(n > 0);
    gsl_sort(values, 1, n);
    return gsl_stats_median_from_sorted_data(values, 1, n);
}

double rp_robust_sd(double *values, size_t n)
{
    const double median = rp_median(values, n);

    for (size_t i = 0; i < n; i++)
        values[i] = fabs(values[i] - median);
    return 1.482602218505602 * rp_median(values, n);
}
