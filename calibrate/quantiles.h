/**
 * Quantiles: how a predicted distribution lies beside a measured one.
 *
 * Runs keep their latencies at the levels of a spread (model/spread.h), the
 * quantiles that `ab -e` wrote; predictions have the same. Pairs of the two are
 * a Q-Q plot. Between levels both are taken as linear, and the largest
 * difference of their distribution functions is the Kolmogorov-Smirnov
 * distance, up to the last level: nothing is known of what lies beyond it. What
 * the odd rounds are from the even ones is the distance that measuring again
 * has.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_QUANTILES_H
#define RP_CALIBRATE_QUANTILES_H

#include "calibrate/measured.h"

struct rp_quantiles {
    size_t runs;                        /* that have percentiles; 0: none */
    double measured_ms[RP_LEVEL_COUNT]; /* medians over rounds, the machine's
                                           speed in each taken out */
    double predicted_ms[RP_LEVEL_COUNT];
    double distance; /* Kolmogorov-Smirnov, 0..1; NAN: no runs */
    double noise;    /* odd rounds from even ones; NAN: too few rounds */
};

/** The distance of two distributions, each by its quantiles at the levels, not
 * falling; NAN where one is not known. */
double rp_quantiles_distance(const double a_ms[RP_LEVEL_COUNT],
                             const double b_ms[RP_LEVEL_COUNT]);

/**
 * Compare a configuration.
 *
 * @param speed         of each block
 * @param predicted_ms  at each level
 * @param scratch       run_count values
 */
struct rp_quantiles rp_quantiles_find(const struct rp_measured *measured,
                                      const double *speed, size_t config,
                                      const double predicted_ms[RP_LEVEL_COUNT],
                                      double *scratch);

#endif
