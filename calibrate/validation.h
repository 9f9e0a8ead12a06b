/**
 * Validation: prediction against measurement, configuration by configuration.
 *
 * Either a profile is judged as it is, or the runs judge the calibration
 * itself: each stack (or each configuration) in turn is left out, the costs are
 * fitted to the other runs, and what was left out is predicted. The error then
 * is the one that a user will see who asks about a stack that nobody measured,
 * and it stands beside the repeat-run noise, the error of measuring again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_VALIDATION_H
#define RP_CALIBRATE_VALIDATION_H

#include "calibrate/measured.h"
#include "model/profile.h"
#include "model/validity.h"

enum rp_leave_out {
    RP_LEAVE_NOTHING,
    RP_LEAVE_STACK,         /* all runs with the same letters */
    RP_LEAVE_CONFIGURATION, /* all runs of the same server, threads, path,
                               stack, view and own time, at any concurrency */
};

struct rp_validation_options {
    enum rp_leave_out leave_out;
    bool only_fitted; /* only the configurations that serve the linear fit */
    unsigned jobs;    /* threads; 0: one a processor; never changes a result */
    void (*tell)(void *context,
                 size_t folds); /* after each fold; may be NULL */
    void *context;              /* borrowed */
};

/** One configuration and metric; throughput in requests/s, the others ms. */
struct rp_validation_row {
    size_t config;
    enum rp_metric metric;
    double measured, measured_low, measured_high;
    double predicted, predicted_low, predicted_high;
    double error; /* predicted / measured - 1 */
    double noise; /* of measuring again; NAN: too few rounds */
};

/** What belongs to all metrics of a configuration that was predicted. */
struct rp_validated {
    size_t config;
    enum rp_tier tier;        /* how far from what predicts it was made of */
    unsigned beyond, between; /* bits of enum rp_axis, see rp_validity */
    bool stale;
    double level_ms[RP_LEVEL_COUNT]; /* the predicted latency at each level */
    double demand_ns, gap_ns; /* CPU of a request, and the client's own time */
};

/** What is said of a group of rows; relative, NAN where there are none. */
struct rp_validation_summary {
    size_t rows;
    double median_error, mean_error, worst_error; /* of |error| */
    double bias;                                  /* mean error */
    double covered; /* part of the rows whose interval holds the measured one */
    double noise;   /* median over configurations */
};

struct rp_validation {
    size_t row_count;
    struct rp_validation_row *rows; /* owned; in the order of configurations */
    size_t config_count;
    struct rp_validated *configs; /* owned; in the same order */
    double *speed;                /* owned: of each block of the runs */
    size_t folds;                 /* fits that were made */
    size_t unpredicted;           /* configurations without a prediction */
    char first_unpredicted[RP_ERROR_TEXT_SIZE]; /* which, and why; "" none */
    char *warnings; /* owned: sentences about the profile, one a line, each
                       once; "" is none */
};

/**
 * Predict what was measured.
 *
 * @param measured    the runs
 * @param profile     its costs predict, unless something is left out; the
 *                    rounds that it knows tell how fast and how restless the
 *                    machine was, whatever is left out. NULL: only
 *                    where something is left out, and the speeds are those of a
 *                    calibration with all runs
 * @param validation  written on success; release with rp_validation_free()
 * @return RP_ERR_UNUSABLE (leaving out leaves no run to fit, whatever is left
 *         out), RP_ERR_VALUE, RP_ERR_NUMERIC, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_validate(const struct rp_measured *measured,
                                    const struct rp_profile *profile,
                                    const struct rp_validation_options *options,
                                    struct rp_validation *validation,
                                    struct rp_error *error);

/** The metrics that are validated, in the order of the rows. */
#define RP_VALIDATION_METRICS 5
extern const enum rp_metric rp_validation_metrics[RP_VALIDATION_METRICS];

/**
 * Sum up the rows of a metric.
 *
 * @param dataset  index; SIZE_MAX: all
 * @param server   NULL: all
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_validation_sum_up(
    const struct rp_validation *validation, const struct rp_measured *measured,
    size_t dataset, const enum rp_server_kind *server, enum rp_metric metric,
    struct rp_validation_summary *summary, struct rp_error *error);

/** The same for the configurations of one tier of validity, whatever the data
 * set. */
RP_CHECKED enum rp_code
rp_validation_sum_up_tier(const struct rp_validation *validation,
                          enum rp_tier tier, enum rp_metric metric,
                          struct rp_validation_summary *summary,
                          struct rp_error *error);

/** The configuration of a row. */
const struct rp_validated *
rp_validation_of(const struct rp_validation *validation, size_t config);

/** Harmless on a zeroed or freed validation. */
void rp_validation_free(struct rp_validation *validation);

#endif
