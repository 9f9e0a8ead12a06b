/**
 * What was measured of a configuration, and how far a repetition would be off.
 *
 * The measured value is the median over rounds of the run's value divided by
 * the machine's speed in that round (throughputs are multiplied by it). Its
 * interval is that of the median itself, from the order of the runs, whatever
 * their distribution.
 *
 * How well one half of the rounds predicts the other is the repeat-run noise:
 * nobody who was not there can predict better.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_TYPICAL_H
#define RP_CALIBRATE_TYPICAL_H

#include "calibrate/measured.h"

/** A measured value; throughput in requests/s, the others in ms. */
struct rp_typical {
    size_t runs;      /* 0: nothing was measured, and the others are NAN */
    double value;     /* median */
    double low, high; /* 95 % interval; the extremes below six runs */
};

/**
 * The typical value of one metric.
 *
 * @param speed    of each block
 * @param scratch  run_count values
 */
struct rp_typical rp_typical_find(const struct rp_measured *measured,
                                  const double *speed, size_t config,
                                  enum rp_metric metric, double *scratch);

/**
 * The repeat-run noise of one configuration: the median of its odd rounds as a
 * predictor of the median of its even ones, |odd / even - 1|; NAN where either
 * has none.
 */
double rp_typical_noise(const struct rp_measured *measured, const double *speed,
                        size_t config, enum rp_metric metric, double *scratch);

/**
 * The relative standard deviation of one run about its configuration's median,
 * robust; 0 where no configuration has three runs.
 *
 * @param only  configurations that count (config_count flags)
 */
double rp_typical_run_sd(const struct rp_measured *measured,
                         const double *speed, const bool *only,
                         enum rp_metric metric, double *scratch);

#endif
