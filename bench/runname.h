/**
 * Names of runs: what files are called after, and the URL that is asked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_RUNNAME_H
#define RP_BENCH_RUNNAME_H

struct rp_plan;
struct rp_plan_run;

/** Bytes that rp_plan_run_name() needs. */
#define RP_RUN_NAME_SIZE 256

/** "gunicorn_SSS_async_io20_c8", or "_r200" where requests come at 200/s, with
 * "_k" behind where connections are kept, without the round; returns `text`. */
const char *rp_plan_run_name(const struct rp_plan *plan,
                             const struct rp_plan_run *run,
                             char text[RP_RUN_NAME_SIZE]);

/** The URL of a run, its words filled in; new memory, NULL: none. */
char *rp_plan_run_url(const char *url, const struct rp_plan_run *run);

#endif
