/**
 * Estimates: the metrics of a simulation, with their intervals.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_ESTIMATE_H
#define RP_SIM_ESTIMATE_H

#include "sim/simulatestate.h"

/** A metric of a run, or of all together; NAN where nothing was measured. */
double rp_estimate_metric(const struct rp_replication *replication,
                          enum rp_metric metric);

/** Note the metrics of one more run; false when memory is short. */
bool rp_tally_add(struct rp_tally *tally, const struct rp_replication *run);

void rp_tally_free(struct rp_tally *tally);

/** Write the interval of `estimate` out of its value and those of several runs;
 * NAN where there are fewer than two. */
void rp_estimate_by_runs(const struct rp_tally *runs, enum rp_metric metric,
                         struct rp_estimate *estimate);

/** Write the prediction interval of `estimate` and what it is made of, out of
 * its value, its half width and what the runs with drawn costs gave (NULL:
 * there were none); NAN where the profile says too little. */
void rp_estimate_predict(const struct rp_simulation *simulation,
                         enum rp_metric metric, const struct rp_tally *draws,
                         struct rp_estimate *estimate);

/** The half width by the value; NAN where there is no interval. */
double rp_estimate_precision(const struct rp_estimate *estimate);

/** Write `result.metrics`, from the runs so far; and whether batches are
 * `serial`. */
void rp_estimate_all(struct rp_simulation *simulation);

#endif
