/**
 * Children: processes that a bench starts, servers and clients.
 *
 * Each is pinned where it is asked for, leads a process group of its own so
 * that it goes with all that it started, and dies with the bench, also where
 * that is killed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_CHILD_H
#define RP_BENCH_CHILD_H

#include "model/error.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** How to start one; all borrowed. */
struct rp_child_start {
    char *const *arguments; /* the program first, then NULL at the end */
    char *const *env;       /* "NAME=value", more than our own; "NAME" is taken
                               away; may be NULL */
    size_t env_count;
    const char *cpus;   /* NULL: not pinned */
    const char *output; /* file of standard output and error, made anew */
    const char *folder; /* where it works; NULL: where we do */
    const char
        *remedy; /* ends the sentence where it is not there; may be NULL */
};

struct rp_child {
    pid_t pid; /* leads the group; 0: none */
};

/** What became of a child. */
struct rp_child_end {
    bool exited;        /* by itself; else by a signal */
    int status;         /* its exit code, or the signal */
    double cpu_seconds; /* that it used, user and system */
    double seconds;     /* on the wall */
};

/** @return RP_ERR_IO: no process, no such program, an output that cannot be
 * written, CPUs or a folder that are not there */
RP_CHECKED enum rp_code rp_child_begin(const struct rp_child_start *start,
                                       struct rp_child *child,
                                       struct rp_error *error);

/** True while it runs; else its end is in `end`, and the child is none. */
bool rp_child_runs(struct rp_child *child, struct rp_child_end *end);

/**
 * Wait for its end.
 *
 * @param interrupted  set by a handler of signals: its group is then ended; may
 *                     be NULL
 */
struct rp_child_end rp_child_wait(struct rp_child *child,
                                  const volatile sig_atomic_t *interrupted);

/** Ask its group to end, without waiting. Harmless on none. */
void rp_child_ask(const struct rp_child *child);

/** Ask its group to end, and after `patience_s` make it. Harmless on none. */
void rp_child_stop(struct rp_child *child, double patience_s);

/** Start and wait. */
RP_CHECKED enum rp_code rp_child_run(const struct rp_child_start *start,
                                     const volatile sig_atomic_t *interrupted,
                                     struct rp_child_end *end,
                                     struct rp_error *error);

/** Sleep; signals end it early. */
void rp_pause(double seconds);

/** Seconds of a clock that only goes forward. */
double rp_clock_s(void);

#endif
