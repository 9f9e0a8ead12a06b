/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/histogram.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

enum { SUB = 1 << RP_HISTOGRAM_BITS };

static double bucket_start(size_t bucket)
{
    const size_t octave = bucket >> RP_HISTOGRAM_BITS;
    const double within = (double)(bucket & (SUB - 1));

    if (octave == 0)
        return within;
    return ldexp(SUB + within, (int)octave - 1);
}

static double bucket_width(size_t bucket)
{
    const size_t octave = bucket >> RP_HISTOGRAM_BITS;

    return octave == 0 ? 1.0 : ldexp(1.0, (int)octave - 1);
}

void rp_histogram_merge(struct rp_histogram *h,
                        const struct rp_histogram *other)
{
    if (other->total == 0)
        return;
    for (size_t i = 0; i < RP_HISTOGRAM_BUCKETS; i++)
        h->count[i] += other->count[i];
    if (h->total == 0 || other->min_ns < h->min_ns)
        h->min_ns = other->min_ns;
    if (other->max_ns > h->max_ns)
        h->max_ns = other->max_ns;
    h->total += other->total;
}

double rp_histogram_quantile(const struct rp_histogram *h, double share)
{
    const double wanted = share * (double)h->total;
    uint64_t below = 0;
    double value;
    size_t i = 0;

    assert(share >= 0.0 && share <= 1.0);
    if (h->total == 0)
        return NAN;
    while (i + 1 < RP_HISTOGRAM_BUCKETS &&
           (h->count[i] == 0 || (double)(below + h->count[i]) < wanted))
        below += h->count[i++];
    value = bucket_start(i);
    if (h->count[i] > 0)
        value +=
            bucket_width(i) * (wanted - (double)below) / (double)h->count[i];
    return fmin(fmax(value, (double)h->min_ns), (double)h->max_ns);
}
