/**
 * Commits: what is measured where a plan names revisions.
 *
 * Names of revisions move. They are resolved once, before anything is written,
 * so that a slip in a name leaves nothing behind; and a folder that was begun
 * with a commit goes on with it. What is not committed is in no checkout:
 * whoever edits, forgets to commit and measures would look for a change that
 * was never measured, so it is said.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_COMMITS_H
#define RP_BENCH_COMMITS_H

#include "bench/benchplan.h"

#include <signal.h>

/** What finding them needs; all borrowed. */
struct rp_commits_search {
    const char *plan_path; /* for the place of a sentence */
    const char *output;    /* folder that may have been begun */
    const volatile sig_atomic_t *interrupted; /* may be NULL */
    void (*say)(void *user, const char *sentence);
    void *user;
};

/**
 * Find the commit of each target that comes from a repository.
 *
 * @param plan  commits are written
 * @return RP_ERR_IO (no git, no repository), RP_ERR_VALUE (no such revision, a
 *         dataset.yaml that is none), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_commits_find(struct rp_plan *plan,
                                        const struct rp_commits_search *search,
                                        struct rp_error *error);

#endif
