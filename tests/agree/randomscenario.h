/**
 * Random scenarios, for tests that readers agree: servers, stacks, views,
 * processes, threads, cores, resources and loads at random, each from a number.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_AGREE_RANDOMSCENARIO_H
#define RP_TESTS_AGREE_RANDOMSCENARIO_H

#include "model/scenario.h"

#include <stdint.h>

/** A source of random numbers; set it to a number. */
struct chance {
    uint64_t state;
};

/** Uniform in [0, 1). */
double chance_uniform(struct chance *chance);

/** A whole number from `least` to `most`. */
unsigned chance_whole(struct chance *chance, unsigned least, unsigned most);

/** Uniform in its logarithm, from `least` to `most`. */
double chance_log(struct chance *chance, double least, double most);

/**
 * Scenario number `number`: the same number, the same scenario. Its run is of
 * 8 replications of `requests`.
 *
 * @param open  an open load; its rate (1/s) is the caller's to set, by
 *              random_rate()
 */
RP_CHECKED enum rp_code random_scenario(uint64_t number, bool open,
                                        uint64_t requests,
                                        struct rp_scenario *scenario);

/** Give an open scenario a rate. */
void random_rate(struct rp_scenario *scenario, double rate_per_s);

#endif
