/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/paired.h"

#include "sim/interval.h"

#include <math.h>
#include <stdlib.h>

/* Half the interval of a difference; NAN where there is none. */
static double half_width(const struct rp_point *a, const struct rp_point *b,
                         enum rp_metric metric, double difference)
{
    const size_t count =
        a->run_count < b->run_count ? a->run_count : b->run_count;
    double *differences, half;

    if (count < 2)
        return NAN;
    differences = calloc(count, sizeof *differences);
    if (!differences)
        return NAN;
    for (size_t i = 0; i < count; i++)
        differences[i] = a->runs[metric][i] - b->runs[metric][i];
    half = isnan(rp_metric_level(metric))
               ? rp_interval_half_width(differences, count)
               : rp_interval_sectioned(differences, count, difference);
    free(differences);
    return half;
}

struct rp_paired rp_paired_compare(const struct rp_point *variant,
                                   const struct rp_point *baseline,
                                   enum rp_metric metric)
{
    const double a = variant->metrics[metric].value;
    const double b = baseline->metrics[metric].value;
    const double difference = a - b;
    const double half = half_width(variant, baseline, metric, difference);

    return (struct rp_paired){.difference = difference,
                              .low = difference - half,
                              .high = difference + half,
                              .ratio = b != 0.0 ? a / b : (double)NAN};
}
