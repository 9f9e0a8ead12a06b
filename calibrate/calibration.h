/**
 * Calibration: measured runs in, a profile out.
 *
 * The unit costs (costs.h), their spreads (spreads.h), how far the fit misses
 * and repetitions differ, how fast the machine was in each round, and where all
 * of it comes from, are put together as a profile. One profile is for one
 * platform: data sets of several are refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_CALIBRATION_H
#define RP_CALIBRATE_CALIBRATION_H

#include "calibrate/costs.h"
#include "calibrate/measured.h"
#include "calibrate/spreads.h"
#include "model/profile.h"

struct rp_calibration {
    struct rp_costs costs;
    struct rp_spreads spreads;
    struct rp_profile profile;
    double *speed; /* owned: of each block of the runs, against an average
                      round of the campaign with the most runs */
};

/** RP_ERR_VALUE where data sets are of different frameworks, versions or
 * CPUs; the sentence names the two. */
RP_CHECKED enum rp_code rp_calibration_check(const struct rp_measured *measured,
                                             struct rp_error *error);

/**
 * Calibrate.
 *
 * @param measured     all runs; those that cannot serve the fit are passed over
 * @param leave_out    configurations to leave out (config_count flags); NULL:
 *                     none
 * @param made_by      provenance: "reqpath 0.1.0 calibrate"
 * @param made_on      provenance: the date; NULL takes the newest on which was
 *                     measured, so that the same runs make the same profile
 * @param calibration  written on success; release with rp_calibration_free()
 * @return RP_ERR_VALUE, RP_ERR_UNUSABLE, RP_ERR_NUMERIC, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_calibrate(const struct rp_measured *measured,
                                     const bool *leave_out, const char *made_by,
                                     const char *made_on,
                                     struct rp_calibration *calibration,
                                     struct rp_error *error);

/** Add a configuration to what a profile was calibrated on: RP_ERR_MEMORY. */
RP_CHECKED enum rp_code
rp_calibration_extend(const struct rp_measured *measured, size_t config,
                      struct rp_extent *extent, struct rp_error *error);

/** Harmless on a zeroed or freed calibration. */
void rp_calibration_free(struct rp_calibration *calibration);

#endif
