/**
 * The load of a run of a plan: clients or a rate, requests or a time.
 *
 * ab keeps so many clients asking for so many requests, wrk for so long. Where
 * a run has a rate the load is open, in the words of scenario files (rate,
 * process, cv), and whichever of the two the plan's tool is, such a run is made
 * by `reqpath load`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_BENCHLOAD_H
#define RP_BENCH_BENCHLOAD_H

#include "bench/benchplan.h"
#include "model/node.h"

/** The values of a run's keys; NULL: not given. */
struct rp_benchload_nodes {
    const struct rp_node *row; /* where what is missing is missing */
    const struct rp_node *concurrency, *requests, *duration;
    const struct rp_node *rate, *process, *cv;
};

/**
 * Read the load of a run.
 *
 * @param tool  of the plan
 * @param run   its concurrency, requests, seconds and open are written
 * @return RP_ERR_VALUE
 */
RP_CHECKED enum rp_code
rp_benchload_read(const struct rp_benchload_nodes *nodes, enum rp_tool tool,
                  struct rp_plan_run *run, struct rp_error *error);

/** Whole seconds, which is what wrk takes, at most a day. RP_ERR_VALUE. */
RP_CHECKED enum rp_code rp_benchload_seconds(const struct rp_node *node,
                                             double *seconds,
                                             struct rp_error *error);

/** The tool that makes a run: the plan's, or that of open loads. */
enum rp_tool rp_plan_run_tool(const struct rp_plan *plan,
                              const struct rp_plan_run *run);

/** True where a run of the plan has an open load. */
bool rp_plan_has_open(const struct rp_plan *plan);

/** True where a run keeps connections and the plan's client does not, or the
 * other way round: then each run says it. */
bool rp_plan_mixes_keepalive(const struct rp_plan *plan);

#endif
