/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/interval.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

enum { BATCH = 5 };

double rp_interval_half_width(const double *values, size_t n)
{
    double sd, half;

    if (n < 2)
        return NAN;
    sd = gsl_stats_sd(values, 1, n);
    half = gsl_cdf_tdist_Pinv(0.975, (double)(n - 1)) * sd / sqrt((double)n);
    return isfinite(half) ? half : (double)NAN;
}

static double batch_mean(const double *series, size_t batch)
{
    double sum = 0.0;

    for (size_t i = 0; i < BATCH; i++)
        sum += series[batch * BATCH + i];
    return sum / BATCH;
}

/* From the last batch to the first, with running sums of the means about the
 * mean of all, which keeps the squares small. */
size_t rp_interval_mser5(const double *series, size_t n, int *found)
{
    const size_t batches = n / BATCH;
    double centre = 0.0, sum = 0.0, squares = 0.0, least = INFINITY;
    size_t best = 0;

    *found = 0;
    if (batches < 4)
        return 0;
    for (size_t i = 0; i < batches; i++)
        centre += batch_mean(series, i) / (double)batches;
    for (size_t i = batches; i-- > 0;) {
        const double x = batch_mean(series, i) - centre;
        const double left = (double)(batches - i);
        double criterion;

        sum += x;
        squares += x * x;
        if (i > batches / 2)
            continue;
        criterion = (squares - sum * sum / left) / (left * left);
        if (criterion <= least) {
            least = criterion;
            best = i;
        }
    }
    *found = best < batches / 2;
    return best * BATCH;
}
