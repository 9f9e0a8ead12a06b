/**
 * Runs under load that were never measured: rehearsed with parameters that the
 * test knows.
 *
 * Gunicorn with eight processes on as many cores, where ab's own time is all
 * that limits throughput, and with one process in a second data set, where what
 * the client takes off the server, and what the server does after its answers,
 * decide.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_FAKERUNS_H
#define RP_TESTS_FAKERUNS_H

#include "calibrate/joint.h"

enum {
    FAKE_CONFIGS = 5,
    FAKE_ROUNDS = 6,
    FAKE_REQUESTS = 160,
    FAKE_BASE_NS = 300000
};

/** Costs in round figures, no parameters; rp_profile_free(). */
struct rp_profile fake_profile(void);

/** Measured runs; rp_measured_free(). `noise` is relative: rounds are 0, 1, -1,
 * 2, -2 and 0 times that off.
 *
 * The configurations are 16, 24 and 32 clients on eight processes, and 6 and 12
 * on one. */
struct rp_measured fake_runs(const struct rp_profile *truth, double noise);

/** Everything that was measured of a configuration takes `factor` as long. */
void fake_slower(struct rp_measured *measured, size_t config, double factor);

extern const double fake_speed[FAKE_ROUNDS];

#endif
