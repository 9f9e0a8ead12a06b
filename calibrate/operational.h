/**
 * Operational laws: what must hold of every measured run, whatever the model.
 *
 * Little's law: a closed load of c clients has X * R requests underway and the
 * rest of its clients between two requests, so X * (R + gap) is c where each
 * client takes the gap, and X * R is never more than c. The utilisation law: a
 * request that takes D of CPU keeps processes with a GIL X * D busy, which is
 * never more than there are. Runs that break the first were not measured
 * rightly. Where the second is broken, the unit costs are: they count time as
 * CPU in which another request can run.
 *
 * (Denning and Buzen, "The operational analysis of queueing network models",
 * Computing Surveys 10, 1978.)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_OPERATIONAL_H
#define RP_CALIBRATE_OPERATIONAL_H

#include "calibrate/measured.h"

/** More than this part above a law's bound is no rounding: ab writes three
 * digits of a millisecond, and the tail of a run's percentiles is estimated. */
#define RP_OPERATIONAL_SLACK 0.05

/** One configuration; medians over its runs, NAN where not known. */
struct rp_operational {
    size_t runs;     /* with percentiles, without which R is not known */
    double underway; /* X R / c */
    double clients;  /* X (R + gap) / c */
    double busy;     /* X D / what can run at a time */
    size_t crowded;  /* runs with more underway than clients */
};

/**
 * Check the runs of a configuration.
 *
 * @param speed      of each block: costs are longer by it
 * @param demand_ns  CPU of a request, by the unit costs
 * @param gap_ns     the client's own time between two requests
 * @param scratch    run_count values
 */
struct rp_operational rp_operational_check(const struct rp_measured *measured,
                                           const double *speed, size_t config,
                                           double demand_ns, double gap_ns,
                                           double *scratch);

#endif
