/**
 * Simulation: a scenario in virtual time, with intervals.
 *
 * The path program is lowered to a queueing network and run in independent
 * replications; what varies between them gives the intervals. The beginning of
 * each, when the system is still filling, is left out: so many requests as the
 * scenario says, or as MSER-5 finds on pilot runs of its own. Where the load is
 * a curve or a trace, its beginning belongs to it: there is no automatic
 * warm-up.
 *
 * How well the unit costs are known is a second source of doubt: costs are
 * drawn from the profile's covariance and simulated with the same random
 * numbers. With the profile's repeat-run noise and misfit these make the
 * prediction interval.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_SIMULATE_H
#define RP_SIM_SIMULATE_H

#include "model/profile.h"
#include "model/result.h"
#include "model/scenario.h"
#include "sim/histogram.h"

/** Draws of the costs that rp_simulate_defaults() asks for. */
#define RP_SIMULATE_DRAWS 24

struct rp_simulate_options {
    unsigned jobs;  /* threads; 0: one a processor; never changes a result */
    unsigned draws; /* of the costs; 0: no prediction intervals */
    struct rp_histogram *histogram; /* borrowed, zeroed: response times of all
                                       measured answers are added on success;
                                       NULL: not wanted */
    /* Called after each run of the engine, in one thread at a time but not
     * always the same: so many of those that are known to be needed are done.
     * NULL: nobody asks. */
    void (*progress)(void *context, size_t done, size_t known);
    void *context;
};

struct rp_simulate_options rp_simulate_defaults(void);

/**
 * Simulate a scenario: its load, its run, its seed. It is compiled and priced
 * here, so nothing but the scenario and the unit costs is needed.
 *
 * Where more requests arrive than can be served the result says so: latencies
 * are then NAN, for they would only tell how long was simulated.
 *
 * @param scenario  valid; rp_scenario_check()
 * @param profile   unit costs
 * @param options   NULL: the defaults
 * @param result    written on success; rp_result_free()
 * @return RP_ERR_VALUE (no rules for the framework, no base cost for the
 *         server), RP_ERR_UNSTABLE (all requests wait for each other),
 *         RP_ERR_NUMERIC, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_simulate(const struct rp_scenario *scenario,
                                    const struct rp_profile *profile,
                                    const struct rp_simulate_options *options,
                                    struct rp_result *result,
                                    struct rp_error *error);

#endif
