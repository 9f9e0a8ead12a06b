/**
 * Misfit: how far predictions are off beyond the noise of what was measured.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_MISFIT_H
#define RP_CALIBRATE_MISFIT_H

#include <stddef.h>

/** Residuals of one metric; zeroed but for `sizes`, which has room for all that
 * are added. */
struct rp_misses {
    double *sizes; /* borrowed */
    size_t count;
    double squares, noise; /* sums */
};

/**
 * Add a residual.
 *
 * @param log_ratio  of measured by predicted
 * @param run_sd     relative noise of one run
 * @param runs       that the measured median is of
 */
void rp_misses_add(struct rp_misses *misses, double log_ratio, double run_sd,
                   size_t runs);

/** The relative standard deviation of configurations about their predictions,
 * the noise of the medians taken off; 0 where there are no more residuals than
 * costs. Sorts `sizes`. */
double rp_misfit(struct rp_misses *misses, size_t cost_count);

#endif
