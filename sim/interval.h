/**
 * Intervals: how far the averages of a simulation can be trusted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_INTERVAL_H
#define RP_SIM_INTERVAL_H

#include <stddef.h>

/**
 * Half the width of the 95 % interval for the mean of `n` independent values,
 * by Student's t; NAN where n < 2 or a value is not finite.
 */
double rp_interval_half_width(const double *values, size_t n);

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
