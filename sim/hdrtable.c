/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/hdrtable.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { STEPS = 5, FIXED_SIZE = 32 };

/* A number with a point, whatever the locale. */
static const char *fixed(double number, int digits, char text[FIXED_SIZE])
{
    char *at;

    (void)snprintf(text, FIXED_SIZE, "%.*f", digits, number);
    at = text + strspn(text, "-0123456789");
    if (*at && digits > 0) {
        char *const rest = text + strlen(text) - digits;
        *at = '.';
        memmove(at + 1, rest, (size_t)digits + 1);
    }
    return text;
}

static void print_row(FILE *out, double value, double share, uint64_t count)
{
    char a[FIXED_SIZE], b[FIXED_SIZE], c[FIXED_SIZE];

    fprintf(out, "%12s %s %10" PRIu64, fixed(value, 3, a), fixed(share, 12, b),
            count);
    if (share < 1.0)
        fprintf(out, " %14s", fixed(1.0 / (1.0 - share), 2, c));
    fputc('\n', out);
}

/* The next level after one: a fifth of the way to where the distance to 1 has
 * halved, by whole halvings. */
static double next_level(double level)
{
    const double halvings = floor(-log2(1.0 - level));

    return level + ldexp(1.0, -(int)halvings - 1) / STEPS;
}

static double upper_end(const struct rp_histogram *h, size_t bucket)
{
    const double end = rp_histogram_bucket_start(bucket) +
                       rp_histogram_bucket_width(bucket) - 1.0;

    return fmin(end, (double)h->max_ns);
}

static void print_rows(const struct rp_histogram *h, double unit_ns, FILE *out)
{
    const double total = (double)h->total;
    uint64_t below = h->count[0];
    double level = 0.0;
    size_t bucket = 0;

    for (;;) {
        while (below == 0 || (double)below < level * total)
            below += h->count[++bucket];
        print_row(out, upper_end(h, bucket) / unit_ns, level, below);
        if (below == h->total)
            break;
        level = next_level(level);
    }
    print_row(out, upper_end(h, bucket) / unit_ns, 1.0, below);
}

static double middle(size_t bucket)
{
    return rp_histogram_bucket_start(bucket) +
           0.5 * (rp_histogram_bucket_width(bucket) - 1.0);
}

static double mean_of(const struct rp_histogram *h)
{
    double sum = 0.0;

    for (size_t i = 0; i < RP_HISTOGRAM_BUCKETS; i++)
        sum += (double)h->count[i] * middle(i);
    return sum / (double)h->total;
}

static double deviation_of(const struct rp_histogram *h, double mean)
{
    double squares = 0.0;

    for (size_t i = 0; i < RP_HISTOGRAM_BUCKETS; i++)
        squares +=
            (double)h->count[i] * (middle(i) - mean) * (middle(i) - mean);
    return sqrt(squares / (double)h->total);
}

static void print_footer(const struct rp_histogram *h, double unit_ns,
                         FILE *out)
{
    const double mean = h->total > 0 ? mean_of(h) : 0.0;
    const double deviation = h->total > 0 ? deviation_of(h, mean) : 0.0;
    char a[FIXED_SIZE], b[FIXED_SIZE];

    fprintf(out, "#[Mean    = %12s, StdDeviation   = %12s]\n",
            fixed(mean / unit_ns, 3, a), fixed(deviation / unit_ns, 3, b));
    fprintf(out, "#[Max     = %12s, Total count    = %12" PRIu64 "]\n",
            fixed((double)h->max_ns / unit_ns, 3, a), h->total);
    fprintf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n",
            RP_HISTOGRAM_BUCKETS >> RP_HISTOGRAM_BITS, 1 << RP_HISTOGRAM_BITS);
}

enum rp_code rp_hdr_table_write(const struct rp_histogram *histogram,
                                double unit_ns, FILE *out,
                                struct rp_error *error)
{
    fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
            "1/(1-Percentile)");
    if (histogram->total > 0)
        print_rows(histogram, unit_ns, out);
    print_footer(histogram, unit_ns, out);
    return ferror(out)
               ? rp_fail(error, RP_ERR_IO, "the histogram could not be written")
               : RP_OK;
}
