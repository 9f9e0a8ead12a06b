/**
 * Next runs: which configurations to measure so that costs are known better.
 *
 * A configuration that is measured for some rounds, one request at a time, is a
 * row of the linear calibration (costs.h): what it pays of each cost, over its
 * mean. Its variance is that of the misfit of configurations plus that of a
 * round's noise over the rounds, both as they are in the runs that are there.
 * The new runs are a campaign of their own, whose speed is fitted with them; it
 * takes its share of what they tell. What is chosen is D-optimal for all unit
 * costs, or c-optimal for the mean of one scenario (optimal.h).
 *
 * Costs that no run has told apart are unknown to a millisecond here, so that
 * runs which tell them apart come first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_NEXTRUNS_H
#define RP_CALIBRATE_NEXTRUNS_H

#include "calibrate/columns.h"
#include "calibrate/measured.h"

/** The most candidates, and the longest stack of one. */
enum { RP_NEXT_CANDIDATES_MAX = 20000, RP_NEXT_LONGEST = 6 };

/** What can be measured: any stack and view on one server. */
struct rp_next_target {
    enum rp_server_kind server;
    unsigned threads;
    enum rp_path path;
    const char *only; /* borrowed: the one stack that it serves; NULL: all */
};

struct rp_next_options {
    const struct rp_next_target *targets; /* borrowed */
    size_t target_count;
    const char *letters; /* of the stacks */
    size_t longest;      /* stack, layers; <= RP_NEXT_LONGEST */
    size_t runs;         /* of a round */
    unsigned rounds;
    const double *forecast; /* items that a request of it pays; NULL: D */
};

struct rp_next_run {
    struct rp_config config;
    size_t target;
    size_t tells;   /* the cost that would be known worst without it */
    double without; /* its standard error then, as a multiple */
};

/** A unit cost and its standard errors; NAN: unknown. */
struct rp_next_cost {
    char name[RP_COST_NAME_SIZE];
    double mean_ns;
    double calibrated_ns;    /* as the calibration has it */
    double now_ns, after_ns; /* by the model above: now, and with the runs */
};

struct rp_next {
    size_t candidates;
    double noise, misfit; /* relative standard deviations */
    size_t cost_count;
    struct rp_next_cost costs[RP_ITEM_COUNT];
    size_t run_count;
    struct rp_next_run *runs; /* owned; by server, then simple before long */
    double forecast_ns, forecast_now_ns, forecast_after_ns; /* NAN: none */
};

/**
 * Find the next runs.
 *
 * @param measured  with speeds (rp_dataset_read); candidates are on the
 * versions of its first data set
 * @param next      written on success; rp_next_free()
 * @return what rp_costs_fit() returns; RP_ERR_VALUE: too many candidates, or
 *         fewer than runs; RP_ERR_NUMERIC, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_next_find(const struct rp_measured *measured,
                                     const struct rp_next_options *options,
                                     struct rp_next *next,
                                     struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_next_free(struct rp_next *next);

#endif
