/**
 * Prices: a program and a profile put together.
 *
 * The read-only costs that all readers share. Where a profile has no cost for
 * an item that the program pays, a documented stand-in is taken (a thread of
 * the request's own for the process's one, say), or nothing, and either is
 * said: such a price is a lower trust, not an error. A server's base cost has
 * none, for it is most of the answer; runserver alone, which nobody runs where
 * it matters, may have that of gthread, threads being what both do.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_PRICE_H
#define RP_MODEL_PRICE_H

#include "model/profile.h"
#include "model/program.h"

enum rp_price_trust {
    RP_PRICE_MEASURED, /* the profile prices the item */
    RP_PRICE_STAND_IN, /* by another item's cost */
    RP_PRICE_MISSING,  /* by nothing */
};

/** The price of one item for one program. */
struct rp_item_price {
    double amount; /* how often the program pays it */
    int cost;      /* index into the profile's costs, -1: missing */
    enum rp_price_trust trust;
    enum rp_item by; /* whose cost it is; the item itself if measured */
};

struct rp_prices {
    struct rp_item_price items[RP_ITEM_COUNT];
    double framework_ns; /* sum of items: the mean at concurrency 1, idle */
    double own_ns;       /* the scenario's own CPU and waits */
    double total_ns;     /* both */
    double se_ns;        /* of total_ns, from the profile's covariance */
    unsigned stand_ins, missing; /* items of the program that are so priced */
};

/**
 * Price a program.
 *
 * @param prices  written on success; holds no memory
 * @return RP_ERR_VALUE: the profile has no base cost for the server (the
 *         sentence names the servers that it has)
 */
RP_CHECKED enum rp_code rp_price(const struct rp_program *program,
                                 const struct rp_profile *profile,
                                 struct rp_prices *prices,
                                 struct rp_error *error);

/** The mean cost of a step: its share of its item, or its own duration. */
double rp_price_step_ns(const struct rp_step *step,
                        const struct rp_profile *profile,
                        const struct rp_prices *prices);

/**
 * The quantile of a step's framework cost at level `u` in [0, 1); 0 for a step
 * without an item.
 */
double rp_price_step_at(const struct rp_step *step,
                        const struct rp_profile *profile,
                        const struct rp_prices *prices, double u);

/**
 * What a user should know before trusting prices for this scenario: versions
 * that differ, items priced by stand-ins or by nothing. Writes sentences, one
 * a line, into `text`; what does not fit is cut.
 *
 * @return the number of sentences
 */
unsigned rp_price_warnings(const struct rp_scenario *scenario,
                           const struct rp_program *program,
                           const struct rp_profile *profile,
                           const struct rp_prices *prices, char *text,
                           size_t size);

#endif
