/**
 * Robust location and scale, for runs of which some are outliers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_ROBUST_H
#define RP_CALIBRATE_ROBUST_H

#include <stddef.h>

/** The median of n >= 1 values; sorts them in place. */
double rp_median(double *values, size_t n);

/** The median of n >= 1 positive values each of which is known to a relative
 * standard deviation only: of the mixture of lognormal distributions about
 * them. Where they stand in two groups it lies between them, nearer to the one
 * that has more. 0: rp_median(). Sorts them in place. */
double rp_median_blurred(double *values, size_t n, double relative_sd);

/** The standard deviation that a normal sample with this median absolute
 * deviation has (1.4826 MAD); n >= 1; sorts in place. */
double rp_robust_sd(double *values, size_t n);

#endif
