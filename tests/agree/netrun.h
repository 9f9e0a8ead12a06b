/**
 * A closed product-form network in the simulator, beside mean value analysis.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_AGREE_NETRUN_H
#define RP_TESTS_AGREE_NETRUN_H

#include "../solve/closednet.h"

#include <stdbool.h>
#include <stdint.h>

/** Throughput per ns: exact, and simulated in ten replications, whose mean is
 * within the half width of the exact one in 999 of 1000 cases. */
struct netrun {
    double exact, mean, half_width;
};

/** Run it; false where something failed. */
bool netrun_both(const struct closednet *net, uint64_t seed, uint64_t requests,
                 struct netrun *run);

/** True where the two agree. */
bool netrun_agrees(const struct netrun *run);

#endif
