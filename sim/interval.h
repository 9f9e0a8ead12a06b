/**
 * Intervals: how far the averages of a simulation can be trusted.
 *
 * All are 95 % intervals out of groups that are as good as independent:
 * replications, or the batches of a long run.
 *
 * - Means: Student's t over the groups' means (A. M. Law, Simulation Modeling
 *   and Analysis, 5th ed. 2015, sections 9.4 and 9.5).
 * - Percentiles of several replications: sectioning. The spread of the groups'
 *   percentiles is taken about the percentile of all values together, not about
 *   their own mean: a percentile of few values is biased, and its mean over
 *   groups stays so (S. Asmussen, P. W. Glynn, Stochastic Simulation, 2007,
 *   section III.5a; M. K. Nakayama, ACM TOMACS 24(4), 2014).
 * - Percentiles of batches, which are short: order statistics. How the share of
 *   values below the percentile varies between batches says between which two
 *   shares of all values the percentile lies; for independent values that is
 *   the binomial interval, and the batches make it one for dependent values
 *   (R. S. Woodruff, JASA 47, 1952; P. Heidelberger, P. A. W. Lewis, Operations
 *   Research 32, 1984; E. J. Chen, W. D. Kelton, 2001 Winter Simulation Conf.).
 *   It needs no percentile of any batch and lies unevenly about the value, as
 *   the distribution does.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_INTERVAL_H
#define RP_SIM_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Half the width of the 95 % interval for the mean of `n` independent values,
 * by Student's t; NAN where n < 2 or a value is not finite.
 */
double rp_interval_half_width(const double *values, size_t n);

/**
 * The same by sectioning: the values are those of `n` groups of equal size,
 * `whole` is that of all of them together.
 */
double rp_interval_sectioned(const double *values, size_t n, double whole);

/**
 * Between which shares of all values a percentile lies.
 *
 * @param below  in each of `n` groups of equal size, the share of values that
 *               are below the percentile of all
 * @param share  of the percentile: 0.99
 * @param low, high  0 .. 1; NAN where n < 2
 */
void rp_interval_shares(const double *below, size_t n, double share,
                        double *low, double *high);

/** Correlation of neighbours in a series; 0 where it does not vary. */
double rp_interval_lag1(const double *series, size_t n);

/**
 * True where neighbours in a series are more alike than chance would have it in
 * 1 of 100 independent series: von Neumann's ratio of the mean square of
 * successive differences to the variance (J. von Neumann, Ann. Math. Stat. 12,
 * 1941), by its normal approximation.
 */
bool rp_interval_is_serial(const double *series, size_t n);

/**
 * Where a series has warmed up: MSER-5. Of all truncation points on a grid of
 * five values, the one that makes the standard error of the mean of what is
 * left smallest (K. P. White, "An effective truncation heuristic for bias
 * reduction in simulation output", Simulation 69, 1997).
 *
 * @param series  `n` values in order; the point is looked for in the first
 *                half, as a minimum beyond it means that the series is too
 *                short to tell
 * @param found   false where the minimum is at the end of that half
 * @return how many values to leave out, a multiple of 5
 */
size_t rp_interval_mser5(const double *series, size_t n, int *found);

#endif
