/**
 * Percentile curves: the CSV file that `ab -e` writes.
 *
 * The percentiles in ab's report are whole milliseconds, which says nothing
 * about a request of 0.8 ms. The file of -e has a row for every percent from 0
 * (the fastest request) to 100 (the slowest), in ms with three decimals, and
 * is what calibration works on.
 *
 * Every version of ab has a bug there: row i is request floor(0.5 + n i / 100)
 * of the sorted n, counted from 0, so rows i >= 100 - 50 / n, save the last,
 * are read from behind the array. They hold anything. Who knows n drops them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_ABCURVE_H
#define RP_CALIBRATE_ABCURVE_H

#include "model/error.h"

#include <stddef.h>

struct rp_ab_curve {
    unsigned long requests; /* 0: unknown */
    size_t count;           /* 2..101 rows that are valid */
    double level[101];      /* 0..1, increasing; the first is 0 */
    double ms[101];         /* >= 0, never decreasing */
    size_t dropped;         /* rows that ab read from behind its array */
};

/**
 * Read a file of `ab -e`.
 *
 * @param path      "-" is standard input
 * @param requests  how many the run completed; 0: unknown, then no row is
 *                  dropped and the file must be monotone as it is
 * @param curve     untouched on failure
 * @return RP_ERR_IO, RP_ERR_SYNTAX (not such a file, cut, a value that is no
 *         time), RP_ERR_UNUSABLE (a row is below the one before it),
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_ab_curve_read(const char *path,
                                         unsigned long requests,
                                         struct rp_ab_curve *curve,
                                         struct rp_error *error);

/** The same from `length` bytes of memory; `file_name` is for the sentences. */
RP_CHECKED enum rp_code rp_ab_curve_read_text(const char *text, size_t length,
                                              const char *file_name,
                                              unsigned long requests,
                                              struct rp_ab_curve *curve,
                                              struct rp_error *error);

/** The latency at a level, ms, between rows on a straight line.
 *
 * @param level  0..1
 * @return NAN outside of the rows
 */
double rp_ab_curve_at(const struct rp_ab_curve *curve, double level);

/**
 * The mean of the latencies, ms.
 *
 * Each row is a request whose rank is known, so only those between two rows
 * have to be guessed. Up to the last percent they lie on a straight line. Of
 * the last percent the maximum is known too, but it is often one straggler
 * and says nothing about the others: these follow the exponential tail that
 * goes through rows 98 and 99, and no further than the maximum. Up to 100
 * requests nothing is guessed. (Over 2,000 measured runs at concurrency 1, a
 * straight line there puts every twentieth mean above what ab's own
 * throughput allows by a tenth; this rule none.)
 *
 * @return NAN where the curve does not reach from 0 to 1
 */
double rp_ab_curve_mean(const struct rp_ab_curve *curve);

#endif
