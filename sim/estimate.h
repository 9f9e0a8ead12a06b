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

/** Write `result.metrics`. */
void rp_estimate_all(struct rp_simulation *simulation);

#endif
