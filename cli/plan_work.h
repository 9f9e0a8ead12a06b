/**
 * The work of `reqpath plan`: every configuration assessed, by threads, and
 * kept in a store where one is named.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_PLAN_WORK_H
#define RP_CLI_PLAN_WORK_H

#include "cli/mpi_job.h"
#include "model/edit.h"
#include "plan/planning.h"
#include "plan/store.h"

struct rp_plan_work {
    const struct rp_planning_question *question;
    const struct rp_draft *draft; /* of the scenario, for its text */
    const char *seed;             /* as an edit of it; NULL: its own */
    unsigned jobs;
    const struct rp_mpi_job *job; /* others that work, where there are */
    const char *store_path;       /* NULL: nothing is kept */
    bool resumes;
    const char *profile_path;
    const char *command_line;
};

/**
 * Assess all that the planning wants, and take it.
 *
 * In other ranks of an MPI job than the first nothing is taken.
 *
 * @param stopped  a signal ended it; what was done by then is in the store
 * @return as rp_assess(), and what the store returns
 */
RP_CHECKED enum rp_code rp_plan_work(const struct rp_plan_work *work,
                                     struct rp_planning *planning,
                                     bool *stopped, struct rp_error *error);

#endif
