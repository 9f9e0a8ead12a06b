/**
 * Warnings: what a reader of a result should know before trusting it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_WARNINGS_H
#define RP_SIM_WARNINGS_H

#include "sim/simulatestate.h"

/** True where an open load is not served: its queue only grows. */
bool rp_warnings_saturated(const struct rp_simulation *simulation);

/** Write `result.warnings` and `result.validity`; where more arrives than can
 * be served, the capacity is found and the latencies become NAN. */
RP_CHECKED enum rp_code rp_warnings_add(struct rp_simulation *simulation);

#endif
