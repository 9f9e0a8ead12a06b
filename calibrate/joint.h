/**
 * The joint fit: what happens under load, through the simulator.
 *
 * The parameters of model/parameter.h have no formula that measured runs could
 * be put into: they are fitted by nonlinear least squares on simulated runs.
 * Every measured configuration with more than one client, or with a view that
 * waits or burns, is rehearsed (rehearse.h) with the same random numbers
 * whatever the parameters; residuals are the logarithms of predicted by
 * measured throughput, p50, p90 and p99, by the noise of the measured median.
 * Large ones count less (pseudo-Huber), for a pause that fell into half of the
 * rounds makes a p99 of its own.
 *
 * Parameters are fitted as logarithms, by Levenberg-Marquardt. A prior of a
 * factor of e about a typical value holds what the runs do not show; how much
 * narrower than the prior a parameter came out says whether they did. Of full
 * collections runs show more than residuals tell: pauses.h has their priors.
 *
 * Unit costs stay what concurrency 1 says they are: the simulator shares them
 * out among client, iterations and threads, and the sum at one client does not
 * change.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_JOINT_H
#define RP_CALIBRATE_JOINT_H

#include "calibrate/measured.h"
#include "model/profile.h"

/** What the fit compares, in one list. */
enum { RP_JOINT_METRICS = 4 };
extern const enum rp_metric rp_joint_metrics[RP_JOINT_METRICS];

/** No model is nearer to a median than this, relative. */
#define RP_JOINT_MISFIT 0.015

/** How far it is: told after every step. */
struct rp_joint_progress {
    unsigned step, steps_max;
    double rms; /* of the residuals, in units of their noise */
};

struct rp_joint_options {
    const bool *leave_out; /* config_count flags; NULL: none */
    unsigned runs;         /* rehearsals of each configuration; 0: 9 */
    unsigned steps_max;    /* 0: 12 */
    unsigned jobs;         /* threads; 0: one a processor */
    void (*tell)(void *context, const struct rp_joint_progress *progress);
    void *context; /* borrowed; `tell` may be NULL */
};

struct rp_joint {
    size_t count;                                /* fitted parameters */
    enum rp_parameter which[RP_PARAMETER_COUNT]; /* in the order of x */
    double x[RP_PARAMETER_COUNT];                /* their logarithms */
    double start[RP_PARAMETER_COUNT];            /* of the prior, */
    double sd[RP_PARAMETER_COUNT];               /* and its width */
    size_t config_count, *configs; /* owned; that were rehearsed */
    double *residual;              /* owned; config_count x RP_JOINT_METRICS */
    double *jacobian;              /* owned; the same rows x count */
    double rms_before, rms;
    unsigned steps;
    struct rp_parameters fitted;
};

/** True where a configuration shows anything about what happens under load. */
bool rp_joint_can_use(const struct rp_config *config);

/**
 * Fit.
 *
 * @param speed    of each block of the runs
 * @param profile  unit costs and noise; its parameters are not looked at
 * @param joint    written on success; rp_joint_free(). No configuration that
 *                 can be used: no parameter, and RP_OK
 * @return RP_ERR_NUMERIC, RP_ERR_VALUE, RP_ERR_UNSTABLE, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_joint_fit(const struct rp_measured *measured,
                                     const double *speed,
                                     const struct rp_profile *profile,
                                     const struct rp_joint_options *options,
                                     struct rp_joint *joint,
                                     struct rp_error *error);

/**
 * The fit as it stands at a profile's own parameters, without another step:
 * residuals and slopes, for rp_joint_without().
 */
RP_CHECKED enum rp_code rp_joint_at(const struct rp_measured *measured,
                                    const double *speed,
                                    const struct rp_profile *profile,
                                    const struct rp_joint_options *options,
                                    struct rp_joint *joint,
                                    struct rp_error *error);

/**
 * The parameters as they would be without some configurations: one step of
 * Gauss and Newton from the full solution, which is exact where the model is
 * linear between the two.
 *
 * @param leave_out   config_count flags of the measured runs
 * @param parameters  written on success
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_joint_without(const struct rp_joint *joint,
                                         const bool *leave_out,
                                         struct rp_parameters *parameters,
                                         struct rp_error *error);

/** A run that is not made yet. */
struct rp_joint_run {
    struct rp_config config;            /* closed, rp_joint_can_use() */
    const struct rp_scenario *scenario; /* borrowed: what it would be */
    unsigned requests;                  /* >= 1 */
    double noise;                       /* of a run: that of its p50 */
    double sd[RP_JOINT_METRICS];        /* of the logarithm of the median */
};

/**
 * What runs would tell if they were made: slopes of their metrics, by the noise
 * of the medians, in the logarithms of the parameters that they show. They are
 * taken at the profile's parameters, or where it has none at typical values.
 *
 * @param joint  written on success: which, x, the prior, and a jacobian whose
 *               rows are those of `runs`; residuals are 0 and nothing is fitted
 * @return as rp_joint_fit()
 */
RP_CHECKED enum rp_code rp_joint_preview(const struct rp_profile *profile,
                                         const struct rp_joint_run *runs,
                                         size_t count,
                                         const struct rp_joint_options *options,
                                         struct rp_joint *joint,
                                         struct rp_error *error);

/** Standard deviation of a parameter's logarithm by that of its prior: below
 * 0.3 the runs have shown it, near 1 they have not. */
double rp_joint_shown(const struct rp_joint *joint, size_t index);

/** Harmless on a zeroed or freed fit. */
void rp_joint_free(struct rp_joint *joint);

#endif
