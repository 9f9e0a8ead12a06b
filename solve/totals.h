/**
 * Totals: what the visits of all classes come to, by visit, by place and by
 * request.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_TOTALS_H
#define RP_SOLVE_TOTALS_H

#include "solve/demands.h"

/** Once, when all classes have walked: means of visits and places, the time of
 * a response and its delay. The squares of visits are sums until then. */
void rp_totals_fill(struct rp_demands *demands);

#endif
