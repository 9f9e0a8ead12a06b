/**
 * Summary: what all replications of a simulation say together.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_SUMMARY_H
#define RP_SIM_SUMMARY_H

#include "sim/simulatestate.h"

/** Write counts, places and kinds of time of `result`, from `total`. */
RP_CHECKED enum rp_code rp_summary_make(struct rp_simulation *simulation);

/** The station that works most; one where requests only wait does no work. */
size_t rp_summary_busiest(const struct rp_simulation *simulation);

#endif
