/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/commits.h"

#include "bench/git.h"
#include "calibrate/dataset.h"
#include "model/file.h"
#include "model/tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SENTENCE_SIZE = 1024 };

static enum rp_code no_memory(struct rp_error *error)
{
    (void)rp_fail(error, RP_ERR_MEMORY, "out of memory for a bench");
    return RP_ERR_MEMORY;
}

/* ---- A folder that was begun ---- */

/* "OUTPUT/SET/dataset.yaml"; new memory, NULL: none. */
static char *description_path(const char *output, const char *set)
{
    static const char file[] = "dataset.yaml";
    const size_t size =
        strlen(output) + (set ? strlen(set) : 0) + sizeof file + 2;
    char *const path = malloc(size);

    if (path)
        (void)snprintf(path, size, "%s/%s%s%s", output, set ? set : "",
                       set ? "/" : "", file);
    return path;
}

static void say_moved(const struct rp_target *t, const char *begun,
                      const struct rp_commits_search *s)
{
    char text[SENTENCE_SIZE];

    (void)snprintf(text, sizeof text,
                   "target %s: %s was %.12s when the folder was begun and is "
                   "%.12s now; it goes on with %.12s: name another folder to "
                   "measure what it is now",
                   t->name, t->from.revision, begun, t->from.commit, begun);
    s->say(s->user, text);
}

/* Where the folder was begun with another commit, that stays the one. */
static enum rp_code keep_commit(struct rp_target *t,
                                const struct rp_commits_search *s,
                                struct rp_error *error)
{
    char *const path = description_path(s->output, t->set);
    struct rp_dataset begun = {0};
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = path ? RP_OK : no_memory(error);

    if (!code && access(path, F_OK) == 0) {
        code = rp_file_read(path, RP_TREE_BYTES_MAX, "a data set", &bytes,
                            &length, error);
        if (!code)
            code = rp_dataset_read_text(bytes, length, path, &begun, error);
    }
    if (!code && begun.commit && begun.commit[0] &&
        strcmp(begun.commit, t->from.commit) != 0) {
        say_moved(t, begun.commit, s);
        (void)snprintf(t->from.commit, sizeof t->from.commit, "%s",
                       begun.commit);
    }
    rp_dataset_free(&begun);
    free(bytes);
    free(path);
    return code;
}

/* ---- What is not committed ---- */

/* " M path" or "R  path -> path": two letters, a blank. A warning of git's,
 * which comes into the same log, begins otherwise. */
static bool is_change(const char *line)
{
    static const char letters[] = " MTADRCU";

    return line[0] && line[1] && line[2] == ' ' && line[3] &&
           strchr(letters, line[0]) && strchr(letters, line[1]);
}

/* How many files have changes; the first is copied. */
static size_t count_changes(const char *log, char *first, size_t size)
{
    FILE *const file = fopen(log, "r");
    char *line = NULL;
    size_t room = 0, count = 0;

    while (file && getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (is_change(line) && count++ == 0)
            (void)snprintf(first, size, "%s", line + 3);
    }
    if (file)
        (void)fclose(file);
    free(line);
    return count;
}

static void say_uncommitted(const char *git, const char *first, size_t count,
                            const struct rp_commits_search *s)
{
    char text[SENTENCE_SIZE], others[64] = "";

    if (count > 1)
        (void)snprintf(others, sizeof others, " and %zu other%s", count - 1,
                       count > 2 ? "s" : "");
    (void)snprintf(text, sizeof text,
                   "the repository %.300s has changes that are not committed "
                   "(%.200s%s): they are part of no revision, so they are not "
                   "measured; commit them and name that commit, or leave them",
                   git, first, others);
    s->say(s->user, text);
}

/* Files that git does not know are left out: plans and data sets lie in
 * repositories. A repository without a working tree has no status, and nothing
 * is said of it. */
static enum rp_code look_for_changes(const char *git, const char *log,
                                     const struct rp_commits_search *s,
                                     struct rp_error *error)
{
    static const char *const status[] = {"--no-optional-locks",
                                         "status",
                                         "--porcelain",
                                         "--untracked-files=no",
                                         "--ignore-submodules=untracked",
                                         NULL};
    char first[256] = "";
    bool good = false;
    size_t count;
    const enum rp_code code =
        rp_git_run(git, status, log, s->interrupted, &good, error);

    if (code || !good)
        return code;
    count = count_changes(log, first, sizeof first);
    if (count > 0)
        say_uncommitted(git, first, count, s);
    return RP_OK;
}

/* True where a target before it is of the same repository. */
static bool is_known(const struct rp_plan *plan, size_t target)
{
    for (size_t t = 0; t < target; t++)
        if (plan->targets[t].from.git &&
            strcmp(plan->targets[t].from.git, plan->targets[target].from.git) ==
                0)
            return true;
    return false;
}

/* ---- All of a plan ---- */

static enum rp_code find_all(struct rp_plan *plan, const char *log,
                             const struct rp_commits_search *s,
                             struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t t = 0; t < plan->target_count && !code; t++) {
        if (!plan->targets[t].from.git)
            continue;
        code = rp_revision_resolve(&plan->targets[t].from, s->plan_path, log,
                                   s->interrupted, error);
        if (!code)
            code = keep_commit(&plan->targets[t], s, error);
    }
    for (size_t t = 0; t < plan->target_count && !code; t++)
        if (plan->targets[t].from.git && !is_known(plan, t))
            code = look_for_changes(plan->targets[t].from.git, log, s, error);
    return code;
}

enum rp_code rp_commits_find(struct rp_plan *plan,
                             const struct rp_commits_search *search,
                             struct rp_error *error)
{
    char log[] = "/tmp/reqpath-git-XXXXXX";
    bool any = false;
    enum rp_code code;
    int fd;

    for (size_t t = 0; t < plan->target_count; t++)
        any |= plan->targets[t].from.git != NULL;
    if (!any)
        return RP_OK;
    fd = mkstemp(log);
    if (fd < 0)
        return rp_fail(error, RP_ERR_IO, "%s: cannot be written: %s", log,
                       strerror(errno));
    (void)close(fd);
    code = find_all(plan, log, search, error);
    (void)unlink(log);
    return code;
}
