/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/revision.h"

#include "bench/git.h"
#include "bench/serving.h"
#include "model/excerpt.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than any that git makes. */
enum { REVISION_BYTES_MAX = 400 };

/* ---- In a plan ---- */

static enum rp_code needs_git(const struct rp_node *map, struct rp_error *error)
{
    static const char *const keys[] = {"revision", "revisions", "build"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (rp_node_get(map, keys[i]))
            return rp_node_fail(rp_node_get(map, keys[i]), error, RP_ERR_VALUE,
                                "%s: it belongs to a target that comes from a "
                                "repository; name that by git:",
                                keys[i]);
    return RP_OK;
}

static enum rp_code check_revision(const struct rp_node *node, const char *text,
                                   struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE];

    if (strlen(text) > REVISION_BYTES_MAX)
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "revision: found more than %d letters",
                            REVISION_BYTES_MAX);
    /* git takes what begins with "-" for an option */
    if (text[0] && text[0] != '-')
        return RP_OK;
    return rp_node_fail(node, error, RP_ERR_VALUE,
                        "revision: found \"%s\", expected one of git, like "
                        "main, v1.2 or HEAD~1",
                        rp_excerpt(text, found));
}

enum rp_code rp_revision_read(const struct rp_node *map, const char *revision,
                              struct rp_revision *out, struct rp_error *error)
{
    const struct rp_node *const git = rp_node_get(map, "git");
    const struct rp_node *const one = rp_node_get(map, "revision");
    const struct rp_node *const several = rp_node_get(map, "revisions");
    const struct rp_node *const at = several ? several : one ? one : git;
    enum rp_code code;

    if (!git)
        return needs_git(map, error);
    if (one && several)
        return rp_node_fail(one, error, RP_ERR_VALUE,
                            "revision: there is revisions as well; say one of "
                            "them");
    if (!one && !revision)
        return rp_node_fail(git, error, RP_ERR_VALUE,
                            "revision: missing; say which is measured, like "
                            "revision: main or revisions: [main, HEAD], or ask "
                            "reqpath diff PLAN --base main --candidate HEAD");
    code = rp_node_copy_text(git, &out->git, error);
    if (!code && !revision)
        code = rp_node_copy_text(one, &out->revision, error);
    else if (!code && !(out->revision = strdup(revision)))
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory");
    assert(code || out->revision);
    if (!code)
        code = check_revision(at, out->revision, error);
    if (!code)
        code = rp_node_copy_text(rp_node_get(map, "build"), &out->build, error);
    out->line = at->line;
    out->column = at->column;
    return code;
}

char *rp_revision_file_name(const char *revision)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    char *const name = strdup(revision);

    for (size_t i = 0; name && name[i]; i++)
        if (!strchr(allowed, name[i]) || (i == 0 && name[i] == '.'))
            name[i] = '_';
    return name;
}

void rp_revision_free(struct rp_revision *revision)
{
    free(revision->git);
    free(revision->revision);
    free(revision->build);
    *revision = (struct rp_revision){0};
}

/* ---- In its repository ---- */

static enum rp_code check_repository(const struct rp_revision *r,
                                     const char *plan, const char *log,
                                     const volatile sig_atomic_t *interrupted,
                                     struct rp_error *error)
{
    static const char *const ask[] = {"rev-parse", "--git-dir", NULL};
    char line[160];
    bool good = false;
    const enum rp_code code =
        rp_git_run(r->git, ask, log, interrupted, &good, error);

    if (code || good)
        return code;
    (void)rp_serving_last_line(log, line, sizeof line);
    return rp_fail_at(error, RP_ERR_IO, plan, r->line, r->column,
                      "git: found \"%s\", expected a git repository: %s",
                      r->git, line);
}

static bool is_hash(const char *text)
{
    const size_t length = strspn(text, "0123456789abcdef");

    return text[length] == '\0' && length >= 40 && length < RP_COMMIT_SIZE;
}

enum rp_code rp_revision_resolve(struct rp_revision *revision, const char *plan,
                                 const char *log,
                                 const volatile sig_atomic_t *interrupted,
                                 struct rp_error *error)
{
    char commit[REVISION_BYTES_MAX + 16], line[160];
    const char *const ask[] = {"rev-parse", "--verify", "--quiet", commit,
                               NULL};
    bool good = false;
    enum rp_code code =
        check_repository(revision, plan, log, interrupted, error);

    (void)snprintf(commit, sizeof commit, "%s^{commit}", revision->revision);
    if (!code)
        code = rp_git_run(revision->git, ask, log, interrupted, &good, error);
    if (code)
        return code;
    (void)rp_serving_last_line(log, line, sizeof line);
    if (!good || !is_hash(line))
        return rp_fail_at(error, RP_ERR_VALUE, plan, revision->line,
                          revision->column,
                          "revision: the repository %s has no \"%s\"; git "
                          "branch --all and git tag list what it has",
                          revision->git, revision->revision);
    memcpy(revision->commit, line, strlen(line) + 1);
    return RP_OK;
}
