/**
 * Points: one scenario, evaluated, for questions over many.
 *
 * A point is what a reader (the simulator or the solver) found out, in one form
 * and so small that a million can be compared, stored or sent elsewhere. Unlike
 * a result of one scenario it is in the units that are shown, requests/s and
 * ms: so its text says exactly what it is, and a point that was read back is
 * the same to the last bit.
 *
 * Two variants that are simulated with the same seed have common random
 * numbers: replication r of one meets the luck of replication r of the other
 * (sim/stream.h). So the values of each replication are kept, to be compared in
 * pairs (plan/paired.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_POINT_H
#define RP_PLAN_POINT_H

#include "model/error.h"
#include "model/metric.h"
#include "model/profile.h"
#include "model/scenario.h"
#include "model/solution.h"
#include "model/validity.h"

#include <stdbool.h>
#include <stddef.h>

/* Who evaluates: enum, word. */
#define RP_READER_LIST(X)                                                      \
    X(RP_READER_SIM, "sim")                                                    \
    X(RP_READER_SOLVE, "solve")

#define RP_READER_AS_ENUM(reader, word) reader,
enum rp_reader { RP_READER_LIST(RP_READER_AS_ENUM) };
#undef RP_READER_AS_ENUM

/** The word of a reader; static storage. */
const char *rp_reader_word(enum rp_reader reader);

/** "sim" or "solve" to a reader; RP_ERR_VALUE names both. */
RP_CHECKED enum rp_code rp_reader_parse(const char *word,
                                        enum rp_reader *reader,
                                        struct rp_error *error);

/** A number in the unit of its metric's key; NAN is not known. */
struct rp_point_metric {
    double value;
    double low, high; /* 95 % interval of the simulation itself; of a solution
                         the bounds that no queue can leave (rps, mean) */
    double prediction_low, prediction_high; /* 95 %, of a measured run */
};

struct rp_point {
    enum rp_reader reader;
    enum rp_method method; /* of a solution; meaningless of a simulation */
    struct rp_point_metric metrics[RP_METRIC_COUNT];
    size_t run_count;              /* replications; 0 of a solution */
    double *runs[RP_METRIC_COUNT]; /* owned; each replication's value */
    double in_flight;              /* requests underway, time average */
    char *bottleneck;   /* owned: the place that works most; "" is none */
    double utilisation; /* of it, 0..1 */
    double capacity_per_s;
    bool saturated;           /* more arrives than can be served */
    double turned_away, late; /* shares, 0..1; NAN where none can be */
    enum rp_tier validity;    /* how far from what was measured */
    char *validity_text;      /* owned: in one line */
    char *warnings;           /* owned: sentences, one a line; "" is none */
};

struct rp_point_how {
    enum rp_reader reader;
    unsigned jobs;  /* threads of one simulation; never changes a point */
    unsigned draws; /* of the costs; 0: no prediction intervals */
};

/**
 * Evaluate a scenario.
 *
 * @param point  written on success; rp_point_free()
 * @return those of rp_simulate() or rp_solve()
 */
RP_CHECKED enum rp_code rp_point_evaluate(const struct rp_scenario *scenario,
                                          const struct rp_profile *profile,
                                          const struct rp_point_how *how,
                                          struct rp_point *point,
                                          struct rp_error *error);

/** Harmless on a zeroed or freed point. */
void rp_point_free(struct rp_point *point);

/** A point as one line of JSON; free(). NULL: no memory. */
char *rp_point_to_json(const struct rp_point *point);

/**
 * The same back.
 *
 * @param point  written on success; rp_point_free()
 * @return RP_ERR_SYNTAX (no JSON), RP_ERR_VALUE (not that of a point),
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_point_from_json(const char *text,
                                           struct rp_point *point,
                                           struct rp_error *error);

#endif
