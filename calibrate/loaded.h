/**
 * Calibration under load: what is added to a profile of single requests.
 *
 * The joint fit's parameters (joint.h), and how far predictions under load and
 * with waits are off, beside the noise of repeated runs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_LOADED_H
#define RP_CALIBRATE_LOADED_H

#include "calibrate/calibration.h"
#include "calibrate/joint.h"

/**
 * Fit what happens under load and write it into the calibration's profile. Runs
 * that show nothing of it leave the profile as it was.
 *
 * @param joint  written on success; rp_joint_free()
 * @return as rp_joint_fit(); the profile is untouched on failure
 */
RP_CHECKED enum rp_code
rp_calibrate_loaded(const struct rp_measured *measured,
                    const struct rp_joint_options *options,
                    struct rp_calibration *calibration, struct rp_joint *joint,
                    struct rp_error *error);

#endif
