/**
 * Histograms of durations, that merge and know their percentiles.
 *
 * Log-linear, as HdrHistogram's: each power of two is cut into 128 buckets of
 * equal width, so a recorded value is known to 1/128 of itself (0.8 %) over the
 * whole range of 64 bits, in 60 KiB whatever the number of values. Two
 * histograms merge by adding their counts, in any order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_HISTOGRAM_H
#define RP_SIM_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    RP_HISTOGRAM_BITS = 7, /* buckets to a power of two: 2^7 */
    RP_HISTOGRAM_BUCKETS = (65 - RP_HISTOGRAM_BITS) << RP_HISTOGRAM_BITS,
};

/** Counts; zero it before use. Large: not for the stack. */
struct rp_histogram {
    uint64_t total;
    uint64_t min_ns, max_ns; /* exact; 0 while empty */
    uint64_t count[RP_HISTOGRAM_BUCKETS];
};

/** The bucket of a value: below 2^7 each has its own, above that the leading 8
 * bits choose. It is asked for with every answer: what can be a double exactly
 * has its exponent and these bits side by side there, which is half the work of
 * looking for the highest bit. */
static inline size_t rp_histogram_bucket(uint64_t value_ns)
{
    const uint64_t sub = UINT64_C(1) << RP_HISTOGRAM_BITS;
    const uint64_t exact = UINT64_C(1) << 53;
    const uint64_t octave_of_sub = 1023 + RP_HISTOGRAM_BITS; /* IEEE 754 */
    unsigned shift;

    if (value_ns - sub < exact - sub) {
        const double value = (double)(int64_t)value_ns;
        uint64_t bits;

        memcpy(&bits, &value, sizeof bits);
        return (bits >> (52 - RP_HISTOGRAM_BITS)) -
               ((octave_of_sub - 1) << RP_HISTOGRAM_BITS);
    }
    if (value_ns < sub)
        return value_ns;
    shift = 63u - (unsigned)__builtin_clzll(value_ns) - RP_HISTOGRAM_BITS;
    return ((size_t)(shift + 1) << RP_HISTOGRAM_BITS) +
           ((value_ns >> shift) - sub);
}

static inline void rp_histogram_add(struct rp_histogram *h, uint64_t value_ns)
{
    h->count[rp_histogram_bucket(value_ns)]++;
    if (value_ns < h->min_ns)
        h->min_ns = value_ns;
    if (value_ns > h->max_ns) { /* as is the first one, unless it is 0 */
        h->max_ns = value_ns;
        if (h->total == 0)
            h->min_ns = value_ns;
    }
    h->total++;
}

/** Add the counts of `other`. */
void rp_histogram_merge(struct rp_histogram *histogram,
                        const struct rp_histogram *other);

/**
 * The value below which a share of the values lies, in nanoseconds, linear
 * within a bucket.
 *
 * @param share  0 .. 1
 * @return NAN where the histogram is empty
 */
double rp_histogram_quantile(const struct rp_histogram *histogram,
                             double share);

/**
 * The share of the values that lies below a value, linear within a bucket: the
 * inverse of the quantile; NAN where the histogram is empty.
 */
double rp_histogram_share(const struct rp_histogram *histogram,
                          double value_ns);

/** Where a bucket begins, and how many whole values it has, in ns. */
double rp_histogram_bucket_start(size_t bucket);
double rp_histogram_bucket_width(size_t bucket);

#endif
