/**
 * What the parts of the search for advice share.
 *
 * A part of plan/advice.h; not for its users.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_ADVICESTATE_H
#define RP_PLAN_ADVICESTATE_H

#include "model/route.h"
#include "model/solution.h"
#include "plan/advice.h"

struct rp_advice_search {
    const struct rp_draft *draft;
    const struct rp_profile *profile;
    const struct rp_advice_how *how;
    struct rp_scenario scenario; /* as it is */
    struct rp_routes routes;     /* of it */
    struct rp_solution solution; /* of it */
    struct rp_advice *advice;
    size_t room; /* for rows */
};

/** The mean price of a request, over the scenario's classes. */
double rp_advice_price_ns(const struct rp_scenario *scenario,
                          const struct rp_routes *routes);

/**
 * Stacks in another order that are worth a look: legal, and cheaper.
 *
 * @param orders  written on success; free(): `*count` times as many indices as
 *                there are layers
 */
RP_CHECKED enum rp_code rp_advice_orders(const struct rp_advice_search *search,
                                         size_t **orders, size_t *count,
                                         struct rp_error *error);

#endif
