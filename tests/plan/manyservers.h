/**
 * M/M/c by closed form, and as a scenario: what plans are checked against.
 *
 * The scenario is exactly M/M/c: gthread with one process and c threads on a
 * host of c cores, a view that waits for an exponential time, and a profile
 * whose costs are all nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_PLAN_MANYSERVERS_H
#define RP_TESTS_PLAN_MANYSERVERS_H

#include "plan/capacity.h"

struct manyservers {
    double service_ns;
    enum rp_limit of; /* RP_LIMIT_MEAN or a percentile */
    double limit_ns;
};

/** The metric of M/M/c at a rate, in ns; INFINITY where it is not stable. */
double manyservers_metric(const struct manyservers *queue, unsigned servers,
                          double rate_per_s);

/** The largest rate that meets the limit; 0: none does. */
double manyservers_largest(const struct manyservers *queue, unsigned servers);

/** The fewest servers that meet it at a rate. */
unsigned manyservers_fewest(const struct manyservers *queue, double rate_per_s);

/** The capacity that reqpath finds; false where it fails. */
bool manyservers_capacity(const struct manyservers *queue, unsigned servers,
                          uint64_t seed, struct rp_capacity *capacity);

#endif
