/**
 * What happens under load, for people and programs: the parameters that
 * `reqpath calibrate` fits through the simulator.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_LOADCOSTS_H
#define RP_REPORT_LOADCOSTS_H

#include "model/profile.h"
#include "report/table.h"

/** How often a run shows it, and so how far the runs have settled it. */
struct rp_loadcosts_fit {
    double rms_before, rms; /* of the residuals, in units of the noise */
    size_t config_count;
};

/**
 * The parameters of a profile, a row each, with standard errors and the 95 %
 * interval. One whose error is that of no knowledge at all is said to be
 * "assumed".
 *
 * @param fit  NULL: not known
 * @return rp_table_free(); without rows where the profile has none; NULL when
 *         memory is short
 */
struct rp_table *rp_loadcosts_table(const struct rp_profile *profile,
                                    const struct rp_loadcosts_fit *fit);

#endif
