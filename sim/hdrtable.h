/**
 * The text table of HdrHistogram: a histogram for the plotters that read it.
 *
 * Four columns (value, percentile as a share, how many values lie at or below,
 * 1 / (1 - share)) whose rows grow denser towards the maximum: five steps each
 * time that the distance to 100 % halves. Three comment lines with mean,
 * deviation, maximum, count and the number of buckets end it. What
 * HdrHistogram's outputPercentileDistribution() prints can be told from this by
 * its numbers alone; buckets here are RP_HISTOGRAM_BITS fine.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_HDRTABLE_H
#define RP_SIM_HDRTABLE_H

#include "model/error.h"
#include "sim/histogram.h"

#include <stdio.h>

/**
 * Write the table.
 *
 * A row's value is the upper end of its bucket, or the maximum where that is
 * less; mean and deviation take values to be in the middle of their buckets.
 *
 * @param unit_ns  what values are counted in: 1e6 for ms; > 0
 * @return RP_ERR_IO
 */
RP_CHECKED enum rp_code rp_hdr_table_write(const struct rp_histogram *histogram,
                                           double unit_ns, FILE *out,
                                           struct rp_error *error);

#endif
