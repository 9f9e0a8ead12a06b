/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* lockf(), nftw(), realpath() */

#include "bench/checkout.h"

#include "bench/child.h"
#include "bench/filling.h"
#include "bench/git.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINES = 4, LINE_SIZE = 200, SHORT_HASH = 12 };

static const char lock_name[] = "reqpath.lock";

static enum rp_code no_memory(struct rp_error *error)
{
    (void)rp_fail(error, RP_ERR_MEMORY, "out of memory for a checkout");
    return RP_ERR_MEMORY;
}

static char *joined(const char *folder, const char *name, const char *suffix)
{
    const size_t size = strlen(folder) + strlen(name) + strlen(suffix) + 2;
    char *const path = malloc(size);

    if (path)
        (void)snprintf(path, size, "%s/%s%s", folder, name, suffix);
    return path;
}

/* ---- Taking away ---- */

static int remove_one(const char *path, const struct stat *info, int kind,
                      struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    (void)remove(path);
    return 0;
}

/* Also what git does not take away: a folder that it no longer knows. */
static void remove_worktree(const char *repository, const char *path,
                            const char *log)
{
    const char *const arguments[] = {"worktree", "remove", "--force",
                                     "--force",  path,     NULL};
    bool good;

    (void)!rp_git_run(repository, arguments, log, NULL, &good, NULL);
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void remove_folder(const char *folder)
{
    char *const lock = joined(folder, lock_name, "");

    if (lock)
        (void)unlink(lock);
    (void)rmdir(folder); /* stays where something else lies in it */
    free(lock);
}

/* True where its bench is no more. A lock of our own must not be opened here:
 * closing any file of it would end it. */
static bool is_dead(const char *folder)
{
    char *const path = joined(folder, lock_name, "");
    const int lock = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    const bool dead = lock >= 0 && lockf(lock, F_TEST, 0) == 0;

    if (lock >= 0)
        (void)close(lock);
    free(path);
    return dead;
}

/* A worktree of ours stands in a folder "checkouts" with our lock. */
static void remove_if_stale(const struct rp_checkouts *c,
                            const char *repository, const char *path)
{
    static const char last[] = "/checkouts";
    char *const folder = strdup(path);
    char *const slash = folder ? strrchr(folder, '/') : NULL;
    size_t length;

    if (slash) {
        *slash = '\0';
        length = strlen(folder);
        if (strcmp(folder, c->folder) == 0) {
            remove_worktree(repository, path, c->log);
        } else if (length >= strlen(last) &&
                   strcmp(folder + length - strlen(last), last) == 0 &&
                   is_dead(folder)) {
            remove_worktree(repository, path, c->log);
            remove_folder(folder);
        }
    }
    free(folder);
}

static enum rp_code remove_stale(const struct rp_checkouts *c,
                                 const char *repository,
                                 const volatile sig_atomic_t *interrupted,
                                 struct rp_error *error)
{
    static const char *const list[] = {"worktree", "list", "--porcelain", NULL};
    static const char word[] = "worktree ";
    char *const log = joined(c->folder, "worktrees", ".log");
    char *line = NULL;
    size_t size = 0;
    bool good = false;
    enum rp_code code = log ? RP_OK : no_memory(error);
    FILE *file;

    if (!code)
        code = rp_git_run(repository, list, log, interrupted, &good, error);
    file = code ? NULL : fopen(log, "r");
    while (file && getline(&line, &size, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, word, strlen(word)) == 0)
            remove_if_stale(c, repository, line + strlen(word));
    }
    if (file)
        (void)fclose(file);
    if (log)
        (void)unlink(log);
    free(line);
    free(log);
    return code;
}

/* ---- Making ---- */

static enum rp_code open_folder(struct rp_checkouts *c, const char *output,
                                struct rp_error *error)
{
    char *const absolute = realpath(output, NULL);
    char *lock = NULL;
    enum rp_code code = RP_OK;

    c->folder = absolute ? joined(absolute, "checkouts", "") : NULL;
    lock = c->folder ? joined(c->folder, lock_name, "") : NULL;
    free(absolute);
    if (!lock)
        return no_memory(error);
    if (mkdir(c->folder, 0755) == 0 || errno == EEXIST)
        c->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (c->lock < 0 || lockf(c->lock, F_TLOCK, 0) != 0)
        code =
            rp_fail_at(error, RP_ERR_IO, c->folder, 0, 0,
                       "nothing can be checked out there: %s", strerror(errno));
    free(lock);
    return code;
}

/* The last lines of a build that are not blank, one behind the other. */
static void last_lines(const char *log, char text[LINES * (LINE_SIZE + 3)])
{
    char lines[LINES][LINE_SIZE];
    char line[LINE_SIZE];
    size_t count = 0;
    FILE *const file = fopen(log, "r");

    text[0] = '\0';
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[strspn(line, " \t")])
            memcpy(lines[count++ % LINES], line, sizeof line);
    }
    if (file)
        (void)fclose(file);
    for (size_t i = count > LINES ? count - LINES : 0; i < count; i++) {
        if (text[0])
            (void)strcat(text, " | ");
        (void)strcat(text, lines[i % LINES]);
    }
}

static enum rp_code run_build(const struct rp_target *t, char *line,
                              char *const *env, const char *folder,
                              const char *log,
                              const volatile sig_atomic_t *interrupted,
                              struct rp_error *error)
{
    char shell[] = "sh", option[] = "-c", text[LINES * (LINE_SIZE + 3)];
    char *const arguments[] = {shell, option, line, NULL};
    const struct rp_child_start start = {.arguments = arguments,
                                         .env = env,
                                         .env_count = t->env_count,
                                         .output = log,
                                         .folder = folder};
    struct rp_child_end end = {0};
    enum rp_code code = rp_child_run(&start, interrupted, &end, error);

    if (code || (end.exited && end.status == 0))
        return code;
    last_lines(log, text);
    return rp_fail(error, RP_ERR_UNUSABLE,
                   "target %s: build of %s (%.*s) ended with %s %d%s%s%s (%s)",
                   t->name, t->from.revision, SHORT_HASH, t->from.commit,
                   end.exited ? "exit code" : "signal", end.status,
                   text[0] ? ": \"" : "", text, text[0] ? "\"" : "", log);
}

static enum rp_code build(const struct rp_target *t, const char *folder,
                          const struct rp_checkouts_start *start,
                          struct rp_error *error)
{
    const struct rp_filling word = {"{checkout}", folder};
    char *const log = joined(start->logs, t->name, ".build.log");
    char **const env = calloc(t->env_count + 1, sizeof *env);
    char *line;
    enum rp_code code = RP_OK;

    if (!t->from.build) {
        free(env);
        free(log);
        return RP_OK;
    }
    line = rp_filling_apply(t->from.build, &word, 1);
    if (!log || !env || !line)
        code = no_memory(error);
    for (size_t i = 0; i < t->env_count && !code; i++) {
        env[i] = rp_filling_apply(t->env[i], &word, 1);
        if (!env[i])
            code = no_memory(error);
    }
    if (!code)
        code = run_build(t, line, env, folder, log, start->interrupted, error);
    for (size_t i = 0; env && i < t->env_count; i++)
        free(env[i]);
    free(line);
    free(env);
    free(log);
    return code;
}

static enum rp_code check_out(struct rp_checkouts *c, size_t target,
                              const struct rp_checkouts_start *start,
                              struct rp_error *error)
{
    const struct rp_target *const t = &c->plan->targets[target];
    char *const path = joined(c->folder, t->name, "");
    const char *const arguments[] = {
        "worktree",       "add",          "--force", "--detach",
        path ? path : "", t->from.commit, NULL};
    char text[LINES * (LINE_SIZE + 3)];
    bool good = false;
    enum rp_code code = path ? RP_OK : no_memory(error);

    if (!code)
        code = rp_git_run(t->from.git, arguments, c->log, start->interrupted,
                          &good, error);
    c->paths[target] = path; /* from now on there may be something */
    if (!code && !good) {
        last_lines(c->log, text);
        code = rp_fail(
            error, RP_ERR_IO, "target %s: %s (%.*s) cannot be checked out: %s",
            t->name, t->from.revision, SHORT_HASH, t->from.commit, text);
    }
    return code ? code : build(t, path, start, error);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The targets before it whose checkout it may use; itself: none. What a build
 * makes may depend on the environment. */
static size_t find_same(const struct rp_checkouts *c, size_t target)
{
    const struct rp_target *const t = &c->plan->targets[target];

    for (size_t i = 0; i < target; i++) {
        const struct rp_target *const other = &c->plan->targets[i];

        if (c->paths[i] && same_text(other->from.git, t->from.git) &&
            same_text(other->from.build, t->from.build) &&
            strcmp(other->from.commit, t->from.commit) == 0 &&
            (!t->from.build || t->env_count + other->env_count == 0))
            return i;
    }
    return target;
}

static enum rp_code make_all(struct rp_checkouts *c,
                             const struct rp_checkouts_start *start,
                             struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t t = 0; t < c->plan->target_count && !code; t++)
        if (c->plan->targets[t].from.git)
            code = remove_stale(c, c->plan->targets[t].from.git,
                                start->interrupted, error);
    for (size_t t = 0; t < c->plan->target_count && !code; t++) {
        const size_t same = find_same(c, t);

        if (!c->plan->targets[t].from.git || !start->wanted[t])
            continue;
        if (same == t) {
            code = check_out(c, t, start, error);
            continue;
        }
        c->is_shared[t] = true;
        c->paths[t] = strdup(c->paths[same]);
        if (!c->paths[t])
            code = no_memory(error);
    }
    return code;
}

static bool has_any(const struct rp_plan *plan, const bool *wanted)
{
    for (size_t t = 0; t < plan->target_count; t++)
        if (plan->targets[t].from.git && wanted[t])
            return true;
    return false;
}

enum rp_code rp_checkouts_make(const struct rp_plan *plan,
                               const struct rp_checkouts_start *start,
                               struct rp_checkouts *checkouts,
                               struct rp_error *error)
{
    struct rp_checkouts fresh = {.plan = plan, .lock = -1};
    enum rp_code code;

    if (!has_any(plan, start->wanted)) {
        *checkouts = (struct rp_checkouts){0};
        return RP_OK;
    }
    fresh.paths = calloc(plan->target_count, sizeof *fresh.paths);
    fresh.is_shared = calloc(plan->target_count, sizeof *fresh.is_shared);
    fresh.log = joined(start->logs, "git", ".log");
    if (!fresh.paths || !fresh.is_shared || !fresh.log)
        code = no_memory(error);
    else
        code = open_folder(&fresh, start->output, error);
    if (!code)
        code = make_all(&fresh, start, error);
    if (code)
        rp_checkouts_remove(&fresh);
    else
        *checkouts = fresh;
    return code;
}

const char *rp_checkouts_path(const struct rp_checkouts *checkouts,
                              size_t target)
{
    return checkouts->paths ? checkouts->paths[target] : NULL;
}

void rp_checkouts_remove(struct rp_checkouts *checkouts)
{
    const size_t count = checkouts->paths ? checkouts->plan->target_count : 0;

    for (size_t t = 0; t < count; t++) {
        if (checkouts->paths[t] && !checkouts->is_shared[t])
            remove_worktree(checkouts->plan->targets[t].from.git,
                            checkouts->paths[t], checkouts->log);
        free(checkouts->paths[t]);
    }
    if (checkouts->folder && checkouts->lock >= 0)
        remove_folder(checkouts->folder);
    if (checkouts->folder && checkouts->lock >= 0)
        (void)close(checkouts->lock);
    free(checkouts->is_shared);
    free(checkouts->paths);
    free(checkouts->log);
    free(checkouts->folder);
    *checkouts = (struct rp_checkouts){0};
}
