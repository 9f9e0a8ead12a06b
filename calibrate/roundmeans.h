/**
 * Round means: how far the mean of many configurations is known.
 *
 * In one round the machine is slow or fast for all configurations alike, so
 * they are not independent, however many there are; rounds are. What is asked
 * here is the half width of an interval for the difference between two sides,
 * each of which has one mean a round: Student's t over the differences where
 * both have the same rounds, else Welch's ("The generalization of 'Student's'
 * problem when several different population variances are involved", Biometrika
 * 34, 1947).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_ROUNDMEANS_H
#define RP_CALIBRATE_ROUNDMEANS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * @param base, candidate  `rounds` means each; NAN: it has no such round
 * @param paired           both sides of a round were measured together
 * @param level            of the interval, 0 .. 1, exclusive
 * @return NAN where a side, or the pairs, are fewer than two rounds
 */
double rp_roundmeans_half(const double *base, const double *candidate,
                          size_t rounds, bool paired, double level);

#endif
