/**
 * Next runs: which configurations to measure so that costs, what happens under
 * load, or one forecast are known better.
 *
 * A configuration that is measured for some rounds, one request at a time, is a
 * row of the linear calibration (costs.h): what it pays of each cost, over its
 * mean. Its variance is that of the misfit of configurations plus that of a
 * round's noise over the rounds, both as the calibration found them
 * (scatter.h). Under load it is a row for each metric, of slopes (nextload.h),
 * whose variance is that of the joint fit: noise, and as much more as that
 * fit misses. Costs and parameters are fitted one after the other, so a row is
 * of the ones or of the others. What is chosen is D-optimal for all of them, or
 * c-optimal for one metric of one scenario (optimal.h), whose slopes leaning.h
 * has.
 *
 * Standard errors now are those of the calibration. With the new runs they are
 * smaller by as much as in the model.
 *
 * The new runs are a campaign of their own, whose speed is fitted with them; it
 * takes its share of what they tell. Calibration reads it off runs of one
 * client without own time: where others are chosen, enough of those are chosen
 * with them.
 *
 * Costs that no run has told apart are unknown to a millisecond here,
 * parameters to a factor of e, so that runs which tell them come first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_NEXTRUNS_H
#define RP_CALIBRATE_NEXTRUNS_H

#include "calibrate/costs.h"
#include "calibrate/nextload.h"

struct rp_next_options {
    struct rp_nextload_options of; /* candidates; `grid` without clients: costs
                                      alone, and no joint fit */
    size_t runs;                   /* of a round */
    const struct rp_scenario *forecast; /* borrowed; NULL: D */
    enum rp_metric metric;              /* of the forecast */
    const struct rp_parameters *known;  /* borrowed: what calibration found of
                                           these runs; NULL: it is fitted */
    bool same_campaign; /* the runs belong to one that was measured, whose speed
                           is known */
    /* Called now and then: what is done, how far; NULL: nobody asks. */
    void (*tell)(void *context, const char *what, size_t done, size_t count);
    void *context;
};

struct rp_next_run {
    struct rp_config config;
    size_t target;
    unsigned requests;
    size_t tells;   /* what would be known worst without it: a cost, or behind
                       the costs a parameter */
    double without; /* its standard error then, as a multiple */
};

/** A unit cost and its standard errors, now and with the runs; NAN: unknown. */
struct rp_next_cost {
    char name[RP_COST_NAME_SIZE];
    double mean_ns;
    double now_ns, after_ns;
};

/** The same of a parameter; the errors are relative. */
struct rp_next_parameter {
    enum rp_parameter which;
    double value;
    double now, after;
};

struct rp_next {
    size_t candidates, loaded; /* of them under load, */
    size_t longest;            /* whose stacks have so many layers */
    struct rp_scatter scatter; /* of configurations with one client */
    double rms;       /* of the joint fit, in units of the noise; NAN: none */
    bool is_known;    /* parameters are those that were given */
    bool is_anchored; /* the runs show how fast their campaign is */
    size_t cost_count, parameter_count;
    struct rp_next_cost costs[RP_ITEM_COUNT];
    struct rp_next_parameter parameters[RP_PARAMETER_COUNT];
    size_t run_count;
    struct rp_next_run *runs; /* owned; by server, then simple before long */
    double forecast;          /* of the metric: requests/s, or ns; NAN: none */
    double forecast_now, forecast_after; /* relative; NAN: unknown */
};

/**
 * Find the next runs.
 *
 * @param measured  with speeds (rp_dataset_read); candidates are on the
 *                  versions of its first data set
 * @param next      written on success; rp_next_free()
 * @return what rp_calibrate() and rp_joint_fit() return; RP_ERR_VALUE: too many
 *         candidates, or fewer than runs; RP_ERR_NUMERIC, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_next_find(const struct rp_measured *measured,
                                     const struct rp_next_options *options,
                                     struct rp_next *next,
                                     struct rp_error *error);

/** What cost or parameter a run tells, in a word. */
const char *rp_next_tells(const struct rp_next *next,
                          const struct rp_next_run *run);

/** Harmless on a zeroed or freed one. */
void rp_next_free(struct rp_next *next);

#endif
