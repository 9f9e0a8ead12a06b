/**
 * Unrest: how much requests differed in one campaign.
 *
 * What makes one request slower than the next is mostly the machine: what its
 * neighbours do, its caches, its frequency. That changes from one campaign to
 * the next, like its speed: the same stacks had a p90 of 1.4 times their p50 in
 * one, and of 1.2 times in another on the same day. So the spreads of unit
 * costs are those of all campaigns together, and each campaign has a factor to
 * them.
 *
 * It is the median, over runs of one client without waits and not mostly own
 * work, of the distance from p50 to p90 by that which the spreads predict. A
 * campaign without such runs has 1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_UNREST_H
#define RP_CALIBRATE_UNREST_H

#include "calibrate/measured.h"

/**
 * Find it.
 *
 * @param speed      of each block
 * @param profile    costs and spreads
 * @param leave_out  config_count flags; NULL: none
 * @param unrest     campaign_count factors
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_unrest_find(const struct rp_measured *measured,
                                       const double *speed,
                                       const struct rp_profile *profile,
                                       const bool *leave_out, double *unrest,
                                       struct rp_error *error);

#endif
