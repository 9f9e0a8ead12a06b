/**
 * Capacity: the largest rate at which one instance meets its service levels.
 *
 * Latency grows with the rate, so the rate is found by bisection. What is
 * evaluated is random, and three things make bisection good for it: all trials
 * share their random numbers, so that the sample itself grows with the rate and
 * has one crossing (H. Chen, B. W. Schmeiser, "Stochastic root finding via
 * retrospective approximation", IIE Transactions 33, 2001); where the interval
 * of a trial contains the limit more replications are run before the bisection
 * goes on (a test at each point, as in R. Waeber, P. I. Frazier,
 * S. G. Henderson, "Bisection search with noisy responses", SIAM J. Control
 * Optim. 51, 2013); and what comes out is a bracket besides the value: the
 * highest rate whose trial clearly met all limits, and the lowest whose trial
 * clearly missed one.
 *
 * The solver says where to begin, and nothing more. No rate beyond 98 % of what
 * can be served at all is accepted: there the queue is as long as the run.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_CAPACITY_H
#define RP_PLAN_CAPACITY_H

#include "plan/trial.h"

#include <jansson.h>

/** The highest part of what can be served that a rate may be. */
#define RP_CAPACITY_BUSIEST 0.98

struct rp_capacity_settings {
    struct rp_effort effort;
    double tolerance; /* of the rate: the bisection ends there; 0.01 */
};

struct rp_capacity_settings rp_capacity_defaults(void);

struct rp_capacity {
    bool feasible;        /* some rate meets all limits */
    bool by_ceiling;      /* and any that can be served does */
    double max_per_s;     /* the largest that does; 0: none */
    double low_per_s;     /* clearly met there; 0: nowhere */
    double high_per_s;    /* clearly missed there; NAN: nowhere */
    double ceiling_per_s; /* the most that is answered at all */
    double alone_ns;      /* a request that is alone takes so long */
    struct rp_trial at;   /* the trial at max_per_s; where nothing meets the
                             limits, the one that came closest */
    size_t trials;
};

/**
 * Find it.
 *
 * @param scenario  valid; its load is taken over as rp_load_at() says
 * @return RP_ERR_VALUE (no rules for the framework, no base cost, a request
 *         that takes no time), RP_ERR_UNSTABLE, RP_ERR_NUMERIC, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code
rp_capacity_find(const struct rp_scenario *scenario,
                 const struct rp_profile *profile, const struct rp_slos *slos,
                 const struct rp_capacity_settings *settings,
                 struct rp_capacity *capacity, struct rp_error *error);

/** Why no rate meets the limits: "p99 is 61ms > 50ms even at 1.2/s, where own
 * wait is 60ms of the mean request's 61ms". Returns `text`. */
const char *rp_capacity_reason(const struct rp_capacity *capacity,
                               const struct rp_slos *slos, char *text,
                               size_t size);

/** As JSON, exactly; NULL when memory is short. */
json_t *rp_capacity_to_json(const struct rp_capacity *capacity);

/** And back; RP_ERR_SYNTAX where it is none. */
RP_CHECKED enum rp_code rp_capacity_from_json(const json_t *json,
                                              struct rp_capacity *capacity,
                                              struct rp_error *error);

#endif
