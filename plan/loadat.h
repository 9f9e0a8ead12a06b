/**
 * Loads at a rate: what one instance of a fleet gets.
 *
 * Plans ask how many requests an instance can take, so the load is an open one
 * whatever the scenario says: Poisson, or spaced as the scenario's own open
 * load is (bursts, gamma gaps). A curve and a trace say how the rate changes
 * with time; a plan asks about a rate, and the peak is theirs already: they
 * become Poisson loads. What clients do (time-out, retries) stays.
 *
 * Requests that are dealt out to instances at random keep a Poisson load
 * Poisson; dealt out in turn they would come more regularly, so that is the
 * careful assumption.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_LOADAT_H
#define RP_PLAN_LOADAT_H

#include "model/scenario.h"

/** The load at another rate; borrows nothing of `load`. */
struct rp_load rp_load_at(const struct rp_load *load, double rate_per_s);

#endif
