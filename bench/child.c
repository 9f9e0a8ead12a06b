/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* wait4() */

#include "bench/child.h"

#include "bench/cpus.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double rp_clock_s(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void rp_pause(double seconds)
{
    const struct timespec pause = {
        .tv_sec = (time_t)seconds,
        .tv_nsec = (long)(1e9 * (seconds - (double)(time_t)seconds))};

    (void)nanosleep(&pause, NULL);
}

/* ---- In the child ---- */

/* What the child could not do; goes through a pipe that exec closes. */
struct failure {
    int number; /* errno */
    enum { AT_OUTPUT, AT_CPUS, AT_FOLDER, AT_PROGRAM } at;
};

static int become_ready(const struct rp_child_start *start, int *at)
{
    const int out =
        open(start->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);

    *at = AT_OUTPUT;
    if (out < 0 || in < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
        dup2(in, 0) < 0)
        return errno;
    *at = AT_CPUS;
    if (start->cpus && !rp_cpus_pin(start->cpus))
        return errno ? errno : EINVAL;
    for (size_t i = 0; i < start->env_count; i++)
        if (strchr(start->env[i], '=') ? putenv(start->env[i]) != 0
                                       : unsetenv(start->env[i]) != 0)
            return errno;
    *at = AT_FOLDER;
    if (start->folder && chdir(start->folder) != 0)
        return errno;
    return 0;
}

static _Noreturn void be_program(const struct rp_child_start *start, int report)
{
    struct failure failure = {0};
    int at = AT_OUTPUT;
    sigset_t none;
    ssize_t sent;

    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    failure.number = become_ready(start, &at);
    if (failure.number == 0) {
        at = AT_PROGRAM;
        (void)execvp(start->arguments[0], start->arguments);
        failure.number = errno;
    }
    failure.at = (unsigned)at;
    sent = write(report, &failure, sizeof failure);
    _exit(sent == (ssize_t)sizeof failure ? 127 : 126);
}

/* ---- In the guard ---- */

/* End as the program did. */
static _Noreturn void end_like(int status)
{
    sigset_t none;

    if (WIFEXITED(status))
        _exit(WEXITSTATUS(status));
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)raise(WTERMSIG(status));
    _exit(128 + WTERMSIG(status));
}

/* The kernel tells one process that its parent has died, but not what that has
 * started in turn: a shell's server would stay. So a guard stands between,
 * leads the group, and takes all of it along. SIGTERM comes from the kernel
 * then, and else is meant for the program, which has it too. */
static _Noreturn void be_guard(const struct rp_child_start *start, pid_t parent,
                               int report)
{
    sigset_t awaited;
    pid_t program;
    int status = 0;

    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGHUP, SIG_DFL);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)signal(SIGCHLD, SIG_DFL);
    (void)sigemptyset(&awaited);
    (void)sigaddset(&awaited, SIGCHLD);
    (void)sigaddset(&awaited, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &awaited, NULL);
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    program = fork();
    if (program == 0)
        be_program(start, report);
    (void)close(report);
    if (program < 0)
        _exit(127);
    for (;;) {
        if (getppid() != parent)
            (void)kill(0, SIGKILL);
        if (waitpid(program, &status, WNOHANG) == program)
            end_like(status);
        (void)sigwaitinfo(&awaited, NULL);
    }
}

/* ---- In the parent ---- */

static enum rp_code fail_start(const struct rp_child_start *start,
                               const struct failure *failure,
                               struct rp_error *error)
{
    const char *const why = strerror(failure->number);

    if (failure->at == AT_OUTPUT)
        return rp_fail(error, RP_ERR_IO, "%s: cannot be written: %s",
                       start->output, why);
    if (failure->at == AT_CPUS)
        return rp_fail(error, RP_ERR_IO,
                       "cpus: the system refuses \"%s\": %s; name CPUs that "
                       "this machine has",
                       start->cpus, why);
    if (failure->at == AT_FOLDER)
        return rp_fail(error, RP_ERR_IO, "%s: nothing can work there: %s",
                       start->folder, why);
    return rp_fail(error, RP_ERR_IO, "%s: cannot be started: %s%s%s",
                   start->arguments[0], why, start->remedy ? "; " : "",
                   start->remedy ? start->remedy : "");
}

enum rp_code rp_child_begin(const struct rp_child_start *start,
                            struct rp_child *child, struct rp_error *error)
{
    const pid_t self = getpid();
    struct failure failure;
    int ends[2];
    ssize_t got;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return rp_fail(error, RP_ERR_IO, "no pipe: %s", strerror(errno));
    pid = fork();
    if (pid == 0)
        be_guard(start, self, ends[1]);
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return rp_fail(error, RP_ERR_IO, "no process: %s", strerror(errno));
    }
    do
        got = read(ends[0], &failure, sizeof failure);
    while (got < 0 && errno == EINTR);
    (void)close(ends[0]);
    if (got == (ssize_t)sizeof failure) {
        (void)waitpid(pid, NULL, 0);
        return fail_start(start, &failure, error);
    }
    child->pid = pid;
    return RP_OK;
}

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + 1e-6 * (double)time->tv_usec;
}

static struct rp_child_end end_of(int status, const struct rusage *use)
{
    return (struct rp_child_end){
        .exited = WIFEXITED(status),
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
        .cpu_seconds = seconds_of(&use->ru_utime) + seconds_of(&use->ru_stime)};
}

bool rp_child_runs(struct rp_child *child, struct rp_child_end *end)
{
    struct rusage use = {0};
    int status = 0;
    pid_t pid;

    if (child->pid == 0)
        return false;
    pid = wait4(child->pid, &status, WNOHANG, &use);
    if (pid == 0 || (pid < 0 && errno == EINTR))
        return true;
    (void)kill(-child->pid, SIGKILL); /* what it left behind */
    *end = end_of(status, &use);
    child->pid = 0;
    return false;
}

struct rp_child_end rp_child_wait(struct rp_child *child,
                                  const volatile sig_atomic_t *interrupted)
{
    const double begun = rp_clock_s();
    struct rp_child_end end;
    struct rusage use = {0};
    int status = 0;
    pid_t pid;

    do {
        if (interrupted && *interrupted)
            (void)kill(-child->pid, SIGKILL);
        pid = wait4(child->pid, &status, 0, &use);
    } while (pid < 0 && errno == EINTR);
    end = end_of(status, &use);
    end.seconds = rp_clock_s() - begun;
    child->pid = 0;
    return end;
}

void rp_child_ask(const struct rp_child *child)
{
    if (child->pid != 0)
        (void)kill(-child->pid, SIGTERM);
}

void rp_child_stop(struct rp_child *child, double patience_s)
{
    const double until = rp_clock_s() + patience_s;
    struct rp_child_end end;

    if (child->pid == 0)
        return;
    (void)kill(-child->pid, SIGTERM);
    while (rp_child_runs(child, &end)) {
        if (rp_clock_s() > until) {
            (void)kill(-child->pid, SIGKILL);
            (void)rp_child_wait(child, NULL);
            return;
        }
        rp_pause(0.01);
    }
}

enum rp_code rp_child_run(const struct rp_child_start *start,
                          const volatile sig_atomic_t *interrupted,
                          struct rp_child_end *end, struct rp_error *error)
{
    struct rp_child child = {0};
    const enum rp_code code = rp_child_begin(start, &child, error);

    if (!code)
        *end = rp_child_wait(&child, interrupted);
    return code;
}
