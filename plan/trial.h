/**
 * Trials: does a scenario meet its service levels at one rate?
 *
 * Replications are simulated until the interval of every limited metric (95 %
 * over all looks that a trial may take at it) lies wholly below or above its
 * limit, or there are as many as are allowed: the answer is then unclear, and
 * the value itself has to do. Trials of one scenario at different rates have
 * common random numbers: streams are addressed by purpose and request
 * (sim/stream.h), so that what differs between two rates is the rate and not
 * luck.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_TRIAL_H
#define RP_PLAN_TRIAL_H

#include "model/profile.h"
#include "model/route.h"
#include "model/scenario.h"
#include "plan/slo.h"

/** How long a trial may be. */
struct rp_effort {
    unsigned requests;         /* of a replication, a quarter more warms up */
    unsigned replications;     /* >= 5: at first; doubled while unclear */
    unsigned replications_max; /* >= replications */
};

/** 4000 requests, 5 replications, at most 20. */
struct rp_effort rp_effort_defaults(void);

enum rp_trial_verdict { RP_TRIAL_MET, RP_TRIAL_UNCLEAR, RP_TRIAL_MISSED };

enum { RP_TRIAL_NAME_SIZE = 80 };

struct rp_trial {
    double rate_per_s;
    unsigned replications;
    bool saturated; /* the queue only grows: values are infinite */
    double value[RP_LIMIT_COUNT], low[RP_LIMIT_COUNT], high[RP_LIMIT_COUNT];
    enum rp_trial_verdict verdict;
    bool met;            /* by the values alone */
    enum rp_limit worst; /* the metric that is furthest above its limit, or
                            nearest to it */
    double worst_ratio;  /* its value by its limit; limits of 0 apart */
    char busiest[RP_TRIAL_NAME_SIZE]; /* place, and the share of time that it */
    double utilisation;               /* is taken */
    char most[RP_TRIAL_NAME_SIZE]; /* kind of time that has the most of the */
    double most_ns;                /* mean request, so much of it */
    double rps;                    /* answered */
    double in_flight;
};

/**
 * Run a trial.
 *
 * @param scenario  whose load is not looked at but for what rp_load_at() takes
 *                  over
 * @param routes    of the scenario
 * @return RP_ERR_VALUE, RP_ERR_UNSTABLE, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code
rp_trial_run(const struct rp_scenario *scenario, const struct rp_routes *routes,
             const struct rp_profile *profile, const struct rp_slos *slos,
             const struct rp_effort *effort, double rate_per_s,
             struct rp_trial *trial, struct rp_error *error);

/**
 * The most that is answered in a second, by so many clients that somebody
 * always waits.
 */
RP_CHECKED enum rp_code rp_trial_ceiling(const struct rp_scenario *scenario,
                                         const struct rp_routes *routes,
                                         const struct rp_profile *profile,
                                         unsigned clients, double *per_s,
                                         struct rp_error *error);

#endif
