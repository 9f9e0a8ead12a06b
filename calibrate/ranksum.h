/**
 * The rank sum test: do two samples come from one distribution?
 *
 * Latencies have outliers to one side, and rounds are few. So samples are
 * compared by ranks: U counts the pairs in which a value of the first sample
 * is larger than one of the second, a tie by one half (Mann and Whitney, "On a
 * Test of Whether one of Two Random Variables is Stochastically Larger than
 * the Other", 1947). Up to RP_RANKSUM_EXACT_MAX values the p-value is exact:
 * it counts the ways of dealing the ranks that there are, ties with their
 * middle ranks, into two samples. Beyond, U is normal, with the variance of
 * tied ranks and a correction for continuity.
 *
 * The shift between the samples that goes with the test is the median of all
 * differences, and its interval is made of two of them by their order (Hodges
 * and Lehmann, "Estimates of Location Based on Rank Tests", 1963). Of
 * logarithms it is the logarithm of a ratio.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_RANKSUM_H
#define RP_CALIBRATE_RANKSUM_H

#include "model/error.h"

#include <stdbool.h>
#include <stddef.h>

/** The most values of both samples together that ways are counted for: their
 * numbers are exact in a double. */
#define RP_RANKSUM_EXACT_MAX ((size_t)50)

struct rp_ranksum {
    double u;         /* of the first sample */
    double p;         /* two-sided: twice the smaller tail, at most 1 */
    bool exact;       /* counted, not approximated */
    double shift;     /* first minus second: median of all differences */
    double low, high; /* interval of the shift; NAN: so few values have none */
};

/**
 * Compare two samples.
 *
 * @param first, second  finite values, not sorted; at least one in each
 * @param confidence     of the interval, 0 .. 1, exclusive: 0.95
 * @param result         untouched on failure
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_ranksum_test(const double *first, size_t first_count,
                                        const double *second,
                                        size_t second_count, double confidence,
                                        struct rp_ranksum *result,
                                        struct rp_error *error);

/** The smallest two-sided p-value that samples of these sizes can have, without
 * ties: when every value of one is above every value of the other. */
double rp_ranksum_least_p(size_t first_count, size_t second_count);

#endif
