/**
 * Agreement: a microhandler serves its scenario, and its runs say so.
 *
 * The rows of a data set say server, stack and view. Where a scenario decides
 * them, a plan that says something else would put a wrong label on every run.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_AGREEMENT_H
#define RP_BENCH_AGREEMENT_H

#include "bench/benchplan.h"

/**
 * Compare a microhandler's target and runs with its scenario.
 *
 * @param target  index
 * @return whatever reading the scenario returns; RP_ERR_VALUE: they differ, and
 *         in what; RP_OK for other kinds of targets
 */
RP_CHECKED enum rp_code rp_agreement_check(const struct rp_plan *plan,
                                           size_t target,
                                           struct rp_error *error);

#endif
