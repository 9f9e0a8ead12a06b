/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/typical.h"

#include "calibrate/robust.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* A run at the usual speed; NAN where it has no such value. An open load has
 * the throughput of its rate, however fast the machine is. */
static double at_usual_speed(const struct rp_measured *m, const double *speed,
                             size_t run, enum rp_metric metric)
{
    const double value = m->runs[run].value[metric];
    const double factor = speed[m->runs[run].block];

    if (metric == RP_METRIC_RPS &&
        rp_config_is_open(&m->configs[m->runs[run].config]))
        return value;
    return metric == RP_METRIC_RPS ? value * factor : value / factor;
}

enum which { ALL_ROUNDS, ODD_ROUNDS, EVEN_ROUNDS };

/* The values of a configuration's runs; how many. */
static size_t collect(const struct rp_measured *m, const double *speed,
                      size_t config, enum rp_metric metric, enum which which,
                      double *values)
{
    size_t n = 0;

    for (size_t run = 0; run < m->run_count; run++) {
        const struct rp_measured_run *const r = &m->runs[run];
        const bool odd = m->blocks[r->block].round % 2 == 1;

        if (r->config != config || isnan(r->value[metric]) ||
            (which == ODD_ROUNDS && !odd) || (which == EVEN_ROUNDS && odd))
            continue;
        values[n++] = at_usual_speed(m, speed, run, metric);
    }
    return n;
}

/* How many values stand below the interval's lower end: the median is below
 * the k + 1 smallest of n with probability P(Binomial(n, 1/2) <= k). Below six
 * values no interval of order statistics reaches 95 %. */
static size_t order_below(size_t n)
{
    size_t k = 0;

    while (gsl_cdf_binomial_P((unsigned)k, 0.5, (unsigned)n) <= 0.025)
        k++;
    return k > 0 ? k - 1 : 0;
}

struct rp_typical rp_typical_find(const struct rp_measured *measured,
                                  const double *speed, size_t config,
                                  enum rp_metric metric, double *scratch)
{
    const size_t n =
        collect(measured, speed, config, metric, ALL_ROUNDS, scratch);
    struct rp_typical typical = {n, NAN, NAN, NAN};
    size_t below;

    if (n == 0)
        return typical;
    typical.value = rp_median(scratch, n); /* sorts */
    below = order_below(n);
    typical.low = scratch[below];
    typical.high = scratch[n - 1 - below];
    return typical;
}

double rp_typical_noise(const struct rp_measured *measured, const double *speed,
                        size_t config, enum rp_metric metric, double *scratch)
{
    size_t n = collect(measured, speed, config, metric, ODD_ROUNDS, scratch);
    double odd, even;

    if (n == 0)
        return NAN;
    odd = rp_median(scratch, n);
    n = collect(measured, speed, config, metric, EVEN_ROUNDS, scratch);
    if (n == 0)
        return NAN;
    even = rp_median(scratch, n);
    return fabs(odd / even - 1.0);
}

double rp_typical_run_sd(const struct rp_measured *measured,
                         const double *speed, const bool *only,
                         enum rp_metric metric, double *scratch)
{
    size_t total = 0;

    for (size_t config = 0; config < measured->config_count; config++) {
        double *const values = scratch + total;
        size_t n;
        double median;

        if (!only[config])
            continue;
        n = collect(measured, speed, config, metric, ALL_ROUNDS, values);
        if (n < 3)
            continue;
        median = rp_median(values, n);
        /* deviations from the runs' own median are too small by its error */
        for (size_t i = 0; i < n; i++)
            values[i] =
                (values[i] / median - 1.0) * sqrt((double)n / (double)(n - 1));
        total += n;
    }
    return total > 0 ? rp_robust_sd(scratch, total) : 0.0;
}
