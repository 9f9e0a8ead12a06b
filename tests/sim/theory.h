/**
 * Queues whose answers are known: closed forms that the engine must agree with.
 *
 * Each case is a network, what is measured in a replication of it, and what
 * theory says. The unit test asks for all of them at one seed; the coverage
 * program asks how often the intervals of a hundred seeds cover.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_SIM_THEORY_H
#define RP_TESTS_SIM_THEORY_H

#include "sim/engine.h"

enum { THEORY_MAX = 64, THEORY_REPLICATIONS = 10, THEORY_SEED = 20191125 };

struct theory {
    const char *name;
    struct rp_network network;
    double (*measure)(const struct rp_replication *replication);
    double low, high;  /* the same where theory is exact, else bounds */
    uint64_t requests; /* of a replication; a tenth more warms up */
    bool in_the_limit; /* exact only for a quantum of 0 */
};

/** What was measured: a mean over replications, and the half width of its 95 %
 * interval. */
struct theory_answer {
    double mean, half_width;
};

/** All cases; returns how many. */
size_t theory_make(struct theory cases[THEORY_MAX]);

void theory_free(struct theory *cases, size_t count);

/** Run a case at a seed; false where the engine failed. */
bool theory_run(const struct theory *theory, uint64_t seed,
                struct theory_answer *answer);

/** The half width at another confidence, such as 0.999. */
double theory_half_width(const struct theory_answer *answer, double confidence);

#endif
