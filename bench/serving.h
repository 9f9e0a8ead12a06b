/**
 * Serving: a target of a plan that is up.
 *
 * A command is started by the shell and is up when its health path answers with
 * 2xx; a microhandler is this program's own `serve`, and says where it listens;
 * a URL is only asked. Who listens already where a command is to listen would
 * be measured in its place, so that is refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_SERVING_H
#define RP_BENCH_SERVING_H

#include "bench/benchplan.h"
#include "bench/child.h"

struct rp_serving {
    const struct rp_target *target; /* borrowed */
    struct rp_child child;
    bool is_up;
    char *url;            /* owned: of requests, with {stack} and the like */
    char *log;            /* owned: the file of what it printed */
    char *command, *stop; /* owned, with {port} and {checkout} filled in */
    char **env;           /* owned, the same */
    const char *checkout; /* borrowed: where it works; NULL: where we do */
    bool is_asked;        /* to end */
};

/** What starting needs; all borrowed. */
struct rp_serving_start {
    const char *folder;   /* where logs are put; it exists */
    const char *self;     /* the program, for microhandlers */
    const char *checkout; /* folder where it works; NULL: where we do */
    const struct rp_plan_run *first;          /* a run of the target's */
    const volatile sig_atomic_t *interrupted; /* may be NULL */
};

/**
 * Start a target and wait until it answers.
 *
 * @param serving  written on success; rp_serving_stop()
 * @return RP_ERR_IO (it cannot be started, ended, or does not answer in time;
 *         something else listens there), RP_ERR_VALUE (no command `serve` in
 *         this program), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_serving_start(const struct rp_target *target,
                                         const struct rp_serving_start *start,
                                         struct rp_serving *serving,
                                         struct rp_error *error);

/** False where it has ended by itself; `error` then says how. */
bool rp_serving_lives(struct rp_serving *serving, struct rp_error *error);

/** Its stop command, then SIGTERM, then SIGKILL. Harmless on what is down. */
void rp_serving_stop(struct rp_serving *serving);

/** The same of `count`: all are asked to end before any is waited for. */
void rp_serving_stop_all(struct rp_serving *servings, size_t count);

/** The last line of a log that is not blank, cut to `size`; "" none. */
const char *rp_serving_last_line(const char *log, char *text, size_t size);

#endif
