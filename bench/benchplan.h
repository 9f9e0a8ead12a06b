/**
 * Plans: what `reqpath bench` is to measure, read from a YAML file.
 *
 * A plan names targets (servers that it starts, or that are there) and runs,
 * each a grid of stacks, views, waits, work and concurrencies. Every round
 * visits every run once. What a data set has to say about itself, its name,
 * campaign and versions, is in the plan too.
 *
 * The client is ab, or wrk, which measures for a `duration` instead of a number
 * of `requests`. Runs with a `rate` in place of a `concurrency` are open loads,
 * whichever it is (benchload.h). Each request has a connection of its own,
 * which is what costs are of, unless `keepalive` is true, of the client or of a
 * run.
 *
 * Texts of a target may hold {stack}, {view}, {io_ms}, {cpu_us}: in its url
 * they are those of the run. {port} is a free port that the bench chooses for a
 * target that it starts, {checkout} the folder of its revision
 * (bench/revision.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_BENCHPLAN_H
#define RP_BENCH_BENCHPLAN_H

#include "bench/platform.h"
#include "bench/revision.h"
#include "bench/runname.h"
#include "calibrate/measured.h"

#include <stdint.h>

/* Kinds of targets, in one list. */
#define RP_TARGET_LIST(X)                                                      \
    X(RP_TARGET_COMMAND, "command")           /* started by a command line */  \
    X(RP_TARGET_URL, "url")                   /* it is there already */        \
    X(RP_TARGET_MICROHANDLER, "microhandler") /* reqpath serve SCENARIO */

#define RP_TARGET_AS_ENUM(kind, word) kind,
enum rp_target_kind { RP_TARGET_LIST(RP_TARGET_AS_ENUM) RP_TARGET_KIND_COUNT };
#undef RP_TARGET_AS_ENUM

/** The most runs of a round, and the fewest requests for each client. */
enum { RP_PLAN_RUNS_MAX = 10000, RP_PLAN_REQUESTS_A_CLIENT = 20 };

/** A server. Texts are owned, NULL where not given. */
struct rp_target {
    enum rp_target_kind kind;
    char *name;  /* letters, digits, "." "_" "-" */
    char *group; /* name in the plan, of several revisions */
    char *set;   /* folder of its own within the output */
    struct rp_revision from;
    struct rp_platform platform;
    char *command, *stop;     /* lines for the shell */
    char *url;                /* of a request; begins with http:// */
    char *health;             /* path that answers 2xx when it is ready */
    char *scenario, *profile; /* of a microhandler */
    char *stack;              /* serves this stack alone, letters; NULL: all */
    char *cpus;               /* that it is pinned to */
    char *version;            /* of the server, for people */
    size_t env_count;
    char **env; /* owned: "NAME=value" */
    enum rp_server_kind server;
    unsigned threads, processes;
    enum rp_path path;
    bool in_loop;
    bool free_threaded; /* without a GIL */
    double start_ns;    /* how long it may take to be ready */
};

struct rp_plan_run {
    size_t target;
    char stack[RP_STACK_SIZE]; /* letters, "" is none */
    bool view_async;
    double io_ms, cpu_us;
    unsigned concurrency;    /* 0: the load is open */
    struct rp_openload open; /* its rate is 0 where the load is closed */
    unsigned requests; /* 0: the client is wrk, which knows a time alone */
    unsigned seconds;  /* that wrk measures; 0: it is another client */
    bool keepalive;    /* connections serve several requests */
};

struct rp_plan {
    char *name, *campaign;
    char *framework, *framework_version, *asgiref_version, *python_version;
    unsigned rounds;
    uint64_t seed;
    unsigned warm_up;  /* before each run, not kept: requests of ab, seconds
                          of wrk */
    double effect;     /* what is looked for; drift beyond it is warned of */
    enum rp_tool tool; /* the client: RP_TOOL_AB, RP_TOOL_WRK, or
                          RP_TOOL_OPEN where all runs have a rate */
    char *program;     /* what is called: its word, or what takes the same
                          arguments; of open loads it is reqpath itself */
    bool keepalive;    /* of runs that do not say theirs */
    double timeout_ns; /* how long a request of an open load is waited for */
    char *client_cpus; /* NULL: not pinned */
    size_t target_count, run_count;
    struct rp_target *targets; /* owned */
    struct rp_plan_run *runs;  /* owned */
    const char *const *named;  /* while it is read: revisions in place of its
                                  own; borrowed */
    size_t named_count;
};

/**
 * Read a plan.
 *
 * @param plan  written on success, untouched on failure; rp_plan_free()
 * @return RP_ERR_IO, RP_ERR_SYNTAX, RP_ERR_VALUE, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_plan_read(const char *path, struct rp_plan *plan,
                                     struct rp_error *error);

/**
 * The same with other revisions: each target that comes from a repository
 * becomes one for each of `named`.
 *
 * @return also RP_ERR_VALUE: no target comes from a repository
 */
RP_CHECKED enum rp_code rp_plan_read_named(const char *path,
                                           const char *const *named,
                                           size_t named_count,
                                           struct rp_plan *plan,
                                           struct rp_error *error);

/** The same from `length` bytes of memory. */
RP_CHECKED enum rp_code rp_plan_read_text(const char *text, size_t length,
                                          const char *file_name,
                                          struct rp_plan *plan,
                                          struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_plan_free(struct rp_plan *plan);

#endif
