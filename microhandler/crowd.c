/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "microhandler/crowd.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct crowd {
    unsigned count; /* that were made */
    unsigned alive;
    bool ending; /* they were told to */
    pid_t *pids; /* owned; 0: it has ended */
};

static void tell_all(struct crowd *crowd)
{
    crowd->ending = true;
    for (unsigned i = 0; i < crowd->count; i++)
        if (crowd->pids[i] > 0)
            (void)kill(crowd->pids[i], SIGTERM);
}

static _Noreturn void be_one(enum rp_code (*serve)(void *, struct rp_error *),
                             void *argument, pid_t watcher)
{
    struct rp_error error = {0};
    enum rp_code code = RP_OK;

    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() == watcher)
        code = serve(argument, &error);
    if (code)
        (void)fprintf(stderr, "%s\n", error.text);
    _exit(code ? 2 : 0);
}

static enum rp_code start_all(struct crowd *crowd, unsigned count,
                              enum rp_code (*serve)(void *, struct rp_error *),
                              void *argument, struct rp_error *error)
{
    const pid_t watcher = getpid();

    for (unsigned i = 0; i < count; i++) {
        const pid_t pid = fork();

        if (pid == 0)
            be_one(serve, argument, watcher);
        if (pid < 0)
            return rp_fail(error, RP_ERR_IO,
                           "cannot make %u processes: %s; lower "
                           "server.processes, or raise the limit (ulimit -u)",
                           count, strerror(errno));
        crowd->pids[crowd->count++] = pid;
        crowd->alive++;
    }
    return RP_OK;
}

/* One has ended: was it told to? */
static enum rp_code note_end(const struct crowd *crowd, pid_t pid, int status,
                             struct rp_error *error)
{
    if (crowd->ending && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return RP_OK;
    if (WIFSIGNALED(status))
        return rp_fail(error, RP_ERR_IO,
                       "process %ld of the server was ended by signal %d: the "
                       "others were stopped; start it again",
                       (long)pid, WTERMSIG(status));
    return rp_fail(error, RP_ERR_IO,
                   "process %ld of the server ended with code %d: the others "
                   "were stopped; start it again",
                   (long)pid, WEXITSTATUS(status));
}

static enum rp_code bury(struct crowd *crowd, enum rp_code code,
                         struct rp_error *error)
{
    struct rp_error later;
    int status;

    for (unsigned i = 0; i < crowd->count; i++) {
        const pid_t pid = crowd->pids[i];
        enum rp_code ended;

        if (pid == 0 || waitpid(pid, &status, WNOHANG) != pid)
            continue;
        crowd->pids[i] = 0;
        crowd->alive--;
        ended = note_end(crowd, pid, status, code ? &later : error);
        if (ended && !code) {
            code = ended;
            tell_all(crowd);
        }
    }
    return code;
}

enum rp_code rp_crowd_run(unsigned count,
                          enum rp_code (*serve)(void *argument,
                                                struct rp_error *error),
                          void *argument, struct rp_error *error)
{
    struct crowd crowd = {.pids = calloc(count, sizeof *crowd.pids)};
    sigset_t awaited, before;
    enum rp_code code;

    if (!crowd.pids)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %u processes",
                       count);
    (void)sigemptyset(&awaited);
    (void)sigaddset(&awaited, SIGTERM);
    (void)sigaddset(&awaited, SIGINT);
    (void)sigaddset(&awaited, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &awaited, &before);
    code = start_all(&crowd, count, serve, argument, error);
    if (code)
        tell_all(&crowd);
    while (crowd.alive > 0) {
        const int found = sigwaitinfo(&awaited, NULL);

        if (found == SIGTERM || found == SIGINT)
            tell_all(&crowd);
        code = bury(&crowd, code, error);
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    free(crowd.pids);
    return code;
}
