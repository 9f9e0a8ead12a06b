/**
 * Paired: what a variant changes, by replications with common random numbers.
 *
 * Replication r of both was dealt the same requests, so what happens to all of
 * them cancels in the difference, and the interval of the difference is far
 * narrower than those of the two figures would make it (A. M. Law, Simulation
 * Modeling and Analysis, 5th ed. 2015, sections 10.2.1 and 11.2).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_PAIRED_H
#define RP_PLAN_PAIRED_H

#include "model/metric.h"
#include "plan/point.h"

struct rp_paired {
    double difference; /* variant - baseline, in the metric's unit */
    double low, high;  /* 95 %, of the simulation; NAN where either was not
                          simulated, or in fewer than two replications */
    double ratio;      /* variant / baseline */
};

/**
 * Compare one metric of two points.
 *
 * The difference is that of the two values; the interval is Student's t over
 * the differences of replications, for percentiles about the difference of the
 * values (sim/interval.h, sectioning). Where one has more replications than the
 * other, those that both have count.
 */
struct rp_paired rp_paired_compare(const struct rp_point *variant,
                                   const struct rp_point *baseline,
                                   enum rp_metric metric);

#endif
