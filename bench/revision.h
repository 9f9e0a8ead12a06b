/**
 * Revisions: targets that are built from a commit of a git repository.
 *
 *     - name: app
 *       kind: command
 *       git: .                      # the repository
 *       revisions: [main, HEAD]     # a target of each, in a set of its own
 *       build: python3 -m venv env && env/bin/pip install -e .
 *       command: env/bin/gunicorn -b 127.0.0.1:{port} shop.wsgi
 *       url: "http://127.0.0.1:{port}/"
 *
 * `revision: main` is one of them; `revisions` stands for a target
 * NAME-REVISION for each, in the set REVISION. A plan says what is to be
 * measured, by names that move; the commit is found when the bench begins,
 * stands in the data set, and stays what is measured there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_REVISION_H
#define RP_BENCH_REVISION_H

#include "model/node.h"

#include <signal.h>

/** Bytes of a commit's hash, SHA-1 or SHA-256, and its closing zero. */
#define RP_COMMIT_SIZE 65

/** Where a target comes from. Texts are owned. */
struct rp_revision {
    char *git;           /* the repository; NULL: it does not come from one */
    char *revision;      /* as git rev-parse reads it */
    char *build;         /* a line for the shell; NULL: nothing to be done */
    size_t line, column; /* of the revision in its plan */
    char commit[RP_COMMIT_SIZE]; /* "" until rp_revision_resolve() */
};

/**
 * Read `git`, `revision` and `build` of a target.
 *
 * @param map       the target
 * @param revision  one of several; NULL: that of the key `revision`
 * @param out       zeroed; rp_revision_free(), also after a failure
 * @return RP_ERR_VALUE, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_revision_read(const struct rp_node *map,
                                         const char *revision,
                                         struct rp_revision *out,
                                         struct rp_error *error);

/** A revision as part of a file's name: "feature/x" is "feature_x"; new memory,
 * NULL: none. */
char *rp_revision_file_name(const char *revision);

/**
 * Find the commit.
 *
 * @param revision     its commit is written on success
 * @param plan         file, for the sentence's place
 * @param log          file for what git prints
 * @param interrupted  may be NULL
 * @return RP_ERR_IO (no git, no repository), RP_ERR_VALUE (no such revision)
 */
RP_CHECKED enum rp_code
rp_revision_resolve(struct rp_revision *revision, const char *plan,
                    const char *log, const volatile sig_atomic_t *interrupted,
                    struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_revision_free(struct rp_revision *revision);

#endif
