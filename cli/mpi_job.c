/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/mpi_job.h"

#include <stdlib.h>

#if RP_MPI
#include "ranks/ranks.h"

/* What the first rank says is enough. */
static bool be_silent(struct rp_common *common)
{
    common->output_path = NULL;
    return freopen("/dev/null", "w", stdout) != NULL;
}

enum rp_code rp_mpi_job_join(struct rp_mpi_job *job, struct rp_common *common,
                             struct rp_error *error)
{
    enum rp_code code;

    *job = (struct rp_mpi_job){.is_first = true, .count = 1};
    if (!rp_ranks_launched())
        return RP_OK;
    code = rp_ranks_join(&job->ranks, error);
    if (code)
        return code;
    job->count = rp_ranks_count(job->ranks);
    job->crew = rp_ranks_crew(job->ranks);
    job->is_first = rp_ranks_number(job->ranks) == 0;
    if (!job->is_first && !be_silent(common))
        return rp_fail(error, RP_ERR_IO, "/dev/null cannot be opened");
    return RP_OK;
}

void rp_mpi_job_leave(struct rp_mpi_job *job)
{
    rp_ranks_leave(job->ranks);
    job->ranks = NULL;
    job->crew = NULL;
}
#else
enum rp_code rp_mpi_job_join(struct rp_mpi_job *job, struct rp_common *common,
                             struct rp_error *error)
{
    const char *const size = getenv("OMPI_COMM_WORLD_SIZE");

    (void)common;
    *job = (struct rp_mpi_job){.is_first = true, .count = 1};
    if (size && strtol(size, NULL, 10) > 1)
        return rp_fail(error, RP_ERR_UNUSABLE,
                       "mpirun has started %s processes, but this reqpath is "
                       "built without MPI: start it once, with --jobs, or "
                       "build it where Open MPI is (Debian: libopenmpi-dev)",
                       size);
    return RP_OK;
}

void rp_mpi_job_leave(struct rp_mpi_job *job)
{
    job->ranks = NULL;
}
#endif
