/**
 * MPI jobs: whether this process is one of several that MPI has started, and
 * what a command that asks for many points has to know of that.
 *
 * All ranks run the same command; the first writes, and the others only work.
 * So a command joins right after its options are read, opens stores and outputs
 * in the first rank alone, hands `crew` to rp_handout() or rp_sweep_run() in
 * all of them, and leaves before it ends.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_MPI_JOB_H
#define RP_CLI_MPI_JOB_H

#include "cli/command.h"
#include "plan/workforce.h"

struct rp_ranks;

struct rp_mpi_job {
    bool is_first;             /* true also where there are no others */
    unsigned count;            /* ranks, 1 where there are no others */
    struct rp_workforce *crew; /* borrowed; NULL: threads do the work */
    struct rp_ranks *ranks;    /* owned */
};

/**
 * Join. In other ranks than the first, standard output and warnings go nowhere
 * from here on, and `common` names no output; errors are said.
 *
 * @return RP_ERR_UNUSABLE: several processes were started, but this reqpath is
 *         built without MPI, so each would do all of the work; RP_ERR_IO
 */
RP_CHECKED enum rp_code rp_mpi_job_join(struct rp_mpi_job *job,
                                        struct rp_common *common,
                                        struct rp_error *error);

/** Leave. A process that ends without it ends the job: so a command that has
 * failed just ends. */
void rp_mpi_job_leave(struct rp_mpi_job *job);

#endif
