/**
 * Routes: the classes of requests of a scenario, compiled and priced.
 *
 * Each class has a view of its own behind the same middleware, so each has a
 * path program of its own, and prices for it. A scenario without a list of
 * classes is one route.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_ROUTE_H
#define RP_MODEL_ROUTE_H

#include "model/price.h"
#include "model/profile.h"
#include "model/program.h"
#include "model/scenario.h"

struct rp_route {
    struct rp_program program; /* owned */
    struct rp_prices prices;
};

struct rp_routes {
    size_t count;
    struct rp_route *routes; /* owned; in the order of the classes */
};

/**
 * Compile and price every class.
 *
 * @param routes  written on success; rp_routes_free()
 * @return RP_ERR_VALUE (no rules for the framework, no base cost for the
 *         server), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_routes_make(const struct rp_scenario *scenario,
                                       const struct rp_profile *profile,
                                       struct rp_routes *routes,
                                       struct rp_error *error);

/** What a user should know before trusting the prices: the sentences of
 * rp_price_warnings() for all routes, each once. Returns their number. */
unsigned rp_routes_warnings(const struct rp_routes *routes,
                            const struct rp_scenario *scenario,
                            const struct rp_profile *profile, char *text,
                            size_t size);

/** True where a request of any class runs at that place. */
bool rp_routes_visit(const struct rp_routes *routes, enum rp_place place);

/** Harmless on zeroed or freed routes. */
void rp_routes_free(struct rp_routes *routes);

#endif
