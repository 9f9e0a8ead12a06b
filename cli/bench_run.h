/**
 * A bench as a command runs it: with progress, sentences on standard error, and
 * signals that end it in order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_BENCH_RUN_H
#define RP_CLI_BENCH_RUN_H

#include "bench/measuring.h"

/** rp_bench_measure(); `command` is whose sentences these are. */
RP_CHECKED enum rp_code rp_bench_run(const char *command, struct rp_plan *plan,
                                     const char *plan_path,
                                     const char *plan_text, const char *output,
                                     struct rp_bench_result *result,
                                     struct rp_error *error);

#endif
