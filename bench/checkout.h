/**
 * Checkouts: the folders in which revisions are built and run.
 *
 * Each is a worktree of its repository, without a branch, in OUTPUT/checkouts;
 * targets of one commit and one build share theirs. They go when the bench
 * ends, however it ends in order. One that was killed leaves its worktrees: the
 * next bench of the same repository, or into the same output, takes them away,
 * for it finds the lock beside them free.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_CHECKOUT_H
#define RP_BENCH_CHECKOUT_H

#include "bench/benchplan.h"

#include <signal.h>
#include <stdbool.h>

/** Zero it before the first use. */
struct rp_checkouts {
    const struct rp_plan *plan; /* borrowed */
    char *folder;               /* absolute; NULL: there are none */
    char *log;                  /* of git's output */
    char **paths;               /* owned, of each target; NULL: it has none */
    bool *is_shared;            /* of each target: another made it */
    int lock;                   /* file that nobody else may lock */
};

/** What making them needs; all borrowed. */
struct rp_checkouts_start {
    const char *output, *logs;                /* folders that exist */
    const bool *wanted;                       /* of each target */
    const volatile sig_atomic_t *interrupted; /* may be NULL */
};

/**
 * Check out and build what targets come from; their commits are known.
 *
 * @param checkouts  written on success; rp_checkouts_remove()
 * @return RP_ERR_IO (git, a folder), RP_ERR_UNUSABLE (a build failed),
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code
rp_checkouts_make(const struct rp_plan *plan,
                  const struct rp_checkouts_start *start,
                  struct rp_checkouts *checkouts, struct rp_error *error);

/** The folder of a target; NULL: it does not come from a repository. */
const char *rp_checkouts_path(const struct rp_checkouts *checkouts,
                              size_t target);

/** Take them away. Harmless on zeroed ones. */
void rp_checkouts_remove(struct rp_checkouts *checkouts);

#endif
