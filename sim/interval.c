/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/interval.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

enum { BATCH = 5 };

/* Half the width for the mean of `n` groups whose squared distances from the
 * centre add up to `squares`. */
static double half_width(double squares, size_t n)
{
    const double free = (double)n - 1.0;
    const double half =
        gsl_cdf_tdist_Pinv(0.975, free) * sqrt(squares / free / (double)n);

    return isfinite(half) ? half : (double)NAN;
}

double rp_interval_sectioned(const double *values, size_t n, double whole)
{
    double squares = 0.0;

    if (n < 2)
        return NAN;
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - whole) * (values[i] - whole);
    return half_width(squares, n);
}

double rp_interval_half_width(const double *values, size_t n)
{
    if (n < 2)
        return NAN;
    return rp_interval_sectioned(values, n, gsl_stats_mean(values, 1, n));
}

void rp_interval_shares(const double *below, size_t n, double share,
                        double *low, double *high)
{
    const double half = rp_interval_half_width(below, n);

    *low = *high = NAN;
    if (isnan(half))
        return;
    *low = fmax(0.0, share - half);
    *high = fmin(1.0, share + half);
}

double rp_interval_lag1(const double *series, size_t n)
{
    const double mean = n > 0 ? gsl_stats_mean(series, 1, n) : 0.0;
    double products = 0.0, squares = 0.0;

    for (size_t i = 0; i < n; i++) {
        const double x = series[i] - mean;
        squares += x * x;
        if (i + 1 < n)
            products += x * (series[i + 1] - mean);
    }
    return squares > 0.0 ? products / squares : 0.0;
}

/* Independent: the ratio is 2 on average, its variance 4 (n - 2) / (n^2 - 1).
 */
bool rp_interval_is_serial(const double *series, size_t n)
{
    const double m = (double)n, one_of_100 = 2.326;
    double steps = 0.0, squares = 0.0, mean;

    if (n < 4)
        return false;
    mean = gsl_stats_mean(series, 1, n);
    for (size_t i = 0; i < n; i++) {
        squares += (series[i] - mean) * (series[i] - mean);
        if (i + 1 < n)
            steps += (series[i + 1] - series[i]) * (series[i + 1] - series[i]);
    }
    return squares > 0.0 &&
           steps / squares <
               2.0 - one_of_100 * 2.0 * sqrt((m - 2.0) / (m * m - 1.0));
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
