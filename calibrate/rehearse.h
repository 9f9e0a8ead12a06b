/**
 * Rehearsals: a measured run, simulated as it was made.
 *
 * A run of ab is short: its requests begin all at once, a full garbage
 * collection falls into it or not, and its p99 is that of a few hundred
 * requests. So what a run shows is not the steady state. It is simulated with
 * its number of requests from the first one on, several times over, and summed
 * up as ab does; the median over rehearsals is what a measured median is
 * compared with.
 *
 * A run of an open load has so many requests that come at the moments that were
 * planned for it (calibrate/sendtimes.h), or where nobody knows them at the
 * moments of its gaps (sim/moments.h), and ends when all of them are answered.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_REHEARSE_H
#define RP_CALIBRATE_REHEARSE_H

#include "calibrate/sendtimes.h"

struct rp_rehearsal {
    double value[RP_METRIC_COUNT]; /* medians; rps, ms; the mean is 1000 c /
                                      rps, what ab calls so, and that of the
                                      latencies where the load is open */
    double se[RP_METRIC_COUNT]; /* standard errors of the medians, relative */
    double level_ms[RP_LEVEL_COUNT]; /* medians of the latency at each level */
};

struct rp_rehearse_options {
    unsigned runs;     /* >= 1; how many rehearsals */
    unsigned requests; /* of each; >= 1 */
    uint64_t seed;     /* the same seed: common random numbers */
    double noise;      /* of a run: its machine's speed, relative sd */
    const struct rp_sendtimes
        *planned; /* borrowed, of runs of so many requests:
                   rehearsals take them in turn; NULL, or
                   none in it: moments of their own */
};

/**
 * Rehearse a scenario with a closed load, or an open one of independent gaps.
 *
 * @param rehearsal  written on success
 * @return RP_ERR_VALUE (no rules for the framework, no base cost for the
 *         server, another load), RP_ERR_UNSTABLE, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_rehearse(const struct rp_scenario *scenario,
                                    const struct rp_profile *profile,
                                    const struct rp_rehearse_options *options,
                                    struct rp_rehearsal *rehearsal,
                                    struct rp_error *error);

#endif
