/**
 * Scenarios: one service under one load, as its owner describes it.
 *
 * A scenario says which framework and server handle a request, which
 * middleware it passes, what the view does, and who asks how often. It holds
 * no cost of the framework itself: those are measured, and live in a profile.
 * It is read from a YAML file (rp_scenario_read) or built in memory by a
 * program; the path compiler turns it into the steps of a request.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_SCENARIO_H
#define RP_MODEL_SCENARIO_H

#include "model/error.h"
#include "model/mechanism.h"
#include "model/metric.h"
#include "model/pattern.h"
#include "model/timestamps.h"
#include "model/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The words a scenario may use, each list in one place. */

/* Servers: enum, word, interface is ASGI, app built inside the loop. */
#define RP_SERVER_LIST(X)                                                      \
    X(RP_SERVER_GUNICORN, "gunicorn", false, false)                            \
    X(RP_SERVER_GTHREAD, "gthread", false, false)                              \
    X(RP_SERVER_RUNSERVER, "runserver", false, false)                          \
    X(RP_SERVER_DAPHNE, "daphne", true, false)                                 \
    X(RP_SERVER_UVICORN, "uvicorn", true, true)

#define RP_SERVER_AS_ENUM(server, word, asgi, in_loop) server,
enum rp_server_kind { RP_SERVER_LIST(RP_SERVER_AS_ENUM) };
#undef RP_SERVER_AS_ENUM

/* Request paths: two parallel chains, one async chain for all (a what-if), or
 * the single path of the 2019 branch. */
#define RP_PATH_LIST(X)                                                        \
    X(RP_PATH_DUAL, "dual")                                                    \
    X(RP_PATH_UNIFIED, "unified")                                              \
    X(RP_PATH_SINGLE, "single")

#define RP_PATH_AS_ENUM(path, word) path,
enum rp_path { RP_PATH_LIST(RP_PATH_AS_ENUM) };
#undef RP_PATH_AS_ENUM

/* Kinds of middleware. A mixin is a class on Django's MiddlewareMixin: it runs
 * in either mode, but its process_request and process_response are sync. */
#define RP_LAYER_LIST(X)                                                       \
    X(RP_LAYER_SYNC, "sync")                                                   \
    X(RP_LAYER_ASYNC, "async")                                                 \
    X(RP_LAYER_HYBRID, "hybrid")                                               \
    X(RP_LAYER_MIXIN, "mixin")

#define RP_LAYER_AS_ENUM(kind, word) kind,
enum rp_layer_kind { RP_LAYER_LIST(RP_LAYER_AS_ENUM) };
#undef RP_LAYER_AS_ENUM

/* Hooks of a layer, as bits. process_request and process_response belong to
 * mixins; the others to any layer. A hook with _async is a coroutine. */
#define RP_HOOK_LIST(X)                                                        \
    X(RP_HOOK_REQUEST, 1u, "process_request")                                  \
    X(RP_HOOK_RESPONSE, 2u, "process_response")                                \
    X(RP_HOOK_VIEW, 4u, "process_view")                                        \
    X(RP_HOOK_VIEW_ASYNC, 8u, "process_view_async")                            \
    X(RP_HOOK_TEMPLATE, 16u, "process_template_response")                      \
    X(RP_HOOK_TEMPLATE_ASYNC, 32u, "process_template_response_async")          \
    X(RP_HOOK_EXCEPTION, 64u, "process_exception")                             \
    X(RP_HOOK_EXCEPTION_ASYNC, 128u, "process_exception_async")

#define RP_HOOK_AS_ENUM(hook, bit, word) hook = bit,
enum rp_hook { RP_HOOK_LIST(RP_HOOK_AS_ENUM) };
#undef RP_HOOK_AS_ENUM

/* What the view does: answers, answers with a template to render, raises, or
 * is never found. */
#define RP_OUTCOME_LIST(X)                                                     \
    X(RP_OUTCOME_OK, "ok")                                                     \
    X(RP_OUTCOME_TEMPLATE, "template")                                         \
    X(RP_OUTCOME_RAISE, "raise")                                               \
    X(RP_OUTCOME_404, "404")

#define RP_OUTCOME_AS_ENUM(outcome, word) outcome,
enum rp_outcome { RP_OUTCOME_LIST(RP_OUTCOME_AS_ENUM) };
#undef RP_OUTCOME_AS_ENUM

/* Shapes of a duration's distribution. */
#define RP_SHAPE_LIST(X)                                                       \
    X(RP_SHAPE_CONSTANT, "constant")                                           \
    X(RP_SHAPE_EXPONENTIAL, "exponential")                                     \
    X(RP_SHAPE_GAMMA, "gamma")                                                 \
    X(RP_SHAPE_LOGNORMAL, "lognormal")                                         \
    X(RP_SHAPE_HYPEREXPONENTIAL, "hyperexponential")                           \
    X(RP_SHAPE_WEIBULL, "weibull")                                             \
    X(RP_SHAPE_ERLANG, "erlang")                                               \
    X(RP_SHAPE_PARETO, "pareto")                                               \
    X(RP_SHAPE_EMPIRICAL, "empirical")

#define RP_SHAPE_AS_ENUM(shape, word) shape,
enum rp_shape { RP_SHAPE_LIST(RP_SHAPE_AS_ENUM) };
#undef RP_SHAPE_AS_ENUM

/** The most quantiles of an empirical duration. */
#define RP_QUANTILES_MAX 16

/** The share `at` of all times is at most `value_ns`. */
struct rp_quantile {
    double at, value_ns;
};

/** A random duration. The last three shapes need what stands below the cv;
 * model/duration.h makes them, for mean and cv follow from it. */
struct rp_duration {
    enum rp_shape shape;
    double mean_ns;  /* >= 0 */
    double cv;       /* standard deviation / mean; 0 where constant, 1 where
                        exponential, > 1 where hyperexponential */
    unsigned stages; /* erlang: >= 1 */
    double alpha;    /* pareto, bounded: P(X > x) falls as x^-alpha */
    double low_ns, high_ns; /* from the one to the other */
    size_t quantile_count;  /* empirical: linear between them */
    struct rp_quantile quantiles[RP_QUANTILES_MAX];
};

/** No resource is used. */
#define RP_NO_RESOURCE SIZE_MAX

/** What a layer or a view does itself: burn CPU, then wait. */
struct rp_work {
    struct rp_duration cpu;  /* once */
    struct rp_duration wait; /* each call; I/O of any kind */
    unsigned calls;          /* waits, one after the other; >= 1 */
    size_t resource;         /* held while waiting, an index into resources;
                                RP_NO_RESOURCE: none */
};

struct rp_layer {
    char *name; /* owned; unique in the stack */
    enum rp_layer_kind kind;
    unsigned hooks;          /* of enum rp_hook */
    bool handles_exceptions; /* its process_exception returns a response */
    bool handles_with_error; /* of 400 or more, which is logged */
    struct rp_work before;   /* on the way in */
    struct rp_work after;    /* on the way out */
};

/** A counted resource: a connection pool, a lock (capacity 1). */
struct rp_resource {
    char *name;        /* owned; unique */
    unsigned capacity; /* >= 1, in each process */
};

/** A rule of the stack's order: `layer` stays inside of `after`, and outside of
 * `before`, whoever reorders. */
struct rp_order_rule {
    char *layer;  /* owned: a layer's name */
    char *after;  /* owned: another's, or NULL */
    char *before; /* owned: another's, or NULL */
};

struct rp_framework {
    char *name; /* owned: "django" */
    struct rp_version version;
    struct rp_version asgiref_version;
    enum rp_path path;
    bool signals_async_aware; /* request_started needs no crossing */
    bool close_async_aware;   /* response.close() needs none */
};

/* In which order requests that wait get one of the server's threads. */
#define RP_QUEUE_LIST(X)                                                       \
    X(RP_QUEUE_FIFO, "fifo")                                                   \
    X(RP_QUEUE_PRIORITY, "priority")

#define RP_QUEUE_AS_ENUM(queue, word) queue,
enum rp_queue_order { RP_QUEUE_LIST(RP_QUEUE_AS_ENUM) };
#undef RP_QUEUE_AS_ENUM

/* How the host shares its cores among code that could run. */
#define RP_SCHEDULING_LIST(X)                                                  \
    X(RP_SCHEDULING_COMPLETION, "run-to-completion")                           \
    X(RP_SCHEDULING_SHARING, "sharing")                                        \
    X(RP_SCHEDULING_QUANTUM, "quantum")

#define RP_SCHEDULING_AS_ENUM(scheduling, word) scheduling,
enum rp_scheduling { RP_SCHEDULING_LIST(RP_SCHEDULING_AS_ENUM) };
#undef RP_SCHEDULING_AS_ENUM

struct rp_server {
    enum rp_server_kind kind;
    unsigned processes;     /* >= 1 */
    unsigned threads;       /* worker threads in each process; 1 where the
                               server has a loop */
    bool app_built_in_loop; /* ASGI only: middleware is loaded in the loop */
    bool gil;               /* one thread of a process runs at a time */
    unsigned backlog;       /* requests that can wait to be let in, of all
                               processes together; 0: any number */
    enum rp_queue_order queue;
};

/* Clients of a closed load. An ideal one takes no time of its own; ab is one
 * thread for all clients, which takes the profile's client.gap between an
 * answer and its next request. */
#define RP_CLIENT_LIST(X)                                                      \
    X(RP_CLIENT_IDEAL, "ideal")                                                \
    X(RP_CLIENT_AB, "ab")

#define RP_CLIENT_AS_ENUM(client, word) client,
enum rp_client_kind { RP_CLIENT_LIST(RP_CLIENT_AS_ENUM) };
#undef RP_CLIENT_AS_ENUM

enum rp_load_kind { RP_LOAD_CLOSED, RP_LOAD_OPEN };

/* Arrival processes: enum, word, shape of the gaps where they are
 * independent. */
#define RP_PROCESS_LIST(X)                                                     \
    X(RP_PROCESS_POISSON, "poisson", RP_SHAPE_EXPONENTIAL)                     \
    X(RP_PROCESS_DETERMINISTIC, "deterministic", RP_SHAPE_CONSTANT)            \
    X(RP_PROCESS_GAMMA, "gamma", RP_SHAPE_GAMMA)                               \
    X(RP_PROCESS_HYPEREXPONENTIAL, "hyperexponential",                         \
      RP_SHAPE_HYPEREXPONENTIAL)                                               \
    X(RP_PROCESS_MMPP, "mmpp", RP_SHAPE_EXPONENTIAL)

#define RP_PROCESS_AS_ENUM(process, word, shape) process,
enum rp_process { RP_PROCESS_LIST(RP_PROCESS_AS_ENUM) };
#undef RP_PROCESS_AS_ENUM

/** Who asks, and how often. */
struct rp_load {
    enum rp_load_kind kind;
    unsigned clients;           /* closed: >= 1 */
    enum rp_client_kind client; /* closed: whose own time counts */
    struct rp_duration think;   /* closed: from answer to next request */
    double rate_per_s;          /* open: > 0; the mean, but for a spike the
                                   rate outside of it */
    enum rp_process process;    /* open: how arrivals are spaced */
    struct rp_duration gap;     /* open: between arrivals; mean 1/rate, its
                                   shape is that of the process */
    struct rp_mmpp mmpp;        /* of that process */
    struct rp_curve curve;      /* of a Poisson process; its rate is not read
                                   but `rate_per_s` */
    char *trace;                /* owned: the file as the scenario says it;
                                   NULL: arrivals are random */
    struct rp_timestamps timestamps; /* owned: what it says */
    double trace_speed;              /* > 0; 2: in half the time */
    double timeout_ns;          /* how long a client waits to be let in; 0: as
                                   long as it takes */
    unsigned retries;           /* more attempts of one that was turned away or
                                   has left */
    struct rp_duration backoff; /* before the first of them; doubles */
};

/** The most retries, and the priorities: 0 is served first. */
enum { RP_LOAD_RETRIES_MAX = 16, RP_PRIORITY_MAX = 7 };

/** One class of requests: a view of several behind the same middleware. */
struct rp_request_class {
    char *name;        /* owned; unique */
    double share;      /* a weight, >= 0; not all are 0 */
    unsigned priority; /* 0 .. RP_PRIORITY_MAX */
    bool view_async;
    enum rp_outcome outcome;
    struct rp_work view;
};

struct rp_run {
    uint64_t requests;         /* measured in each replication, warm-up apart;
                                  0: run for duration_ns instead */
    double duration_ns;        /* 0: by requests */
    bool warm_up_auto;         /* found from the run itself */
    uint64_t warm_up_requests; /* where not automatic */
    unsigned replications;     /* >= 1, independent */
    double precision;          /* half width of the interval by the value, at
                                  which replications end; 0: after those */
    enum rp_metric precision_of;
    unsigned max_replications; /* where it is not reached; >= replications */
};

struct rp_scenario {
    char *file; /* owned: where it was read, "" where it was not */
    char *name; /* owned */
    struct rp_framework framework;
    struct rp_server server;
    unsigned cores; /* that the server may use; >= 1 */
    unsigned cpus;  /* of the host; >= 1, see rp_scenario_cpus() */
    enum rp_scheduling scheduling;
    double quantum_ns; /* of RP_SCHEDULING_QUANTUM */
    size_t layer_count;
    struct rp_layer *layers; /* owned; outermost first */
    size_t rule_count;
    struct rp_order_rule *rules; /* owned; the stack keeps them */
    bool view_async; /* the view: of the first class, where there are several */
    enum rp_outcome outcome;
    struct rp_work view;
    size_t class_count;               /* 0: the view above is all there is */
    struct rp_request_class *classes; /* owned */
    size_t resource_count;
    struct rp_resource *resources; /* owned */
    struct rp_load load;
    struct rp_mechanisms mechanisms; /* that are at work under load */
    struct rp_run run;
    uint64_t seed;
};

/** Words of the lists above; static storage. */
const char *rp_server_word(enum rp_server_kind kind);
const char *rp_path_word(enum rp_path path);
const char *rp_layer_word(enum rp_layer_kind kind);
const char *rp_outcome_word(enum rp_outcome outcome);
const char *rp_shape_word(enum rp_shape shape);
const char *rp_client_word(enum rp_client_kind client);
const char *rp_process_word(enum rp_process process);

/** The shape of a process's gaps. */
enum rp_shape rp_process_shape(enum rp_process process);

/** True where the load is closed, or open and the same at all times in the long
 * run: no curve and no trace. Only then is there a warm-up to be found. */
bool rp_load_is_steady(const struct rp_load *load);
const char *rp_queue_word(enum rp_queue_order queue);
const char *rp_scheduling_word(enum rp_scheduling scheduling);

/** Words to values: false where the word is not in the list. */
bool rp_server_parse(const char *word, enum rp_server_kind *kind);
bool rp_path_parse(const char *word, enum rp_path *path);
bool rp_outcome_parse(const char *word, enum rp_outcome *outcome);

/** True where the server speaks ASGI, false for WSGI. */
bool rp_server_is_asgi(enum rp_server_kind kind);

/** True where the server builds the application inside its loop by default. */
bool rp_server_builds_in_loop(enum rp_server_kind kind);

/** CPUs of the host: those that the server may not use, too. */
unsigned rp_scenario_cpus(const struct rp_scenario *scenario);

/** Threads of the loop's default pool: as many as concurrent.futures' default
 * (Lib/concurrent/futures/thread.py, ThreadPoolExecutor). */
unsigned rp_scenario_pool_threads(const struct rp_scenario *scenario);

/**
 * How long the kernel lets a thread run while others wait, in ns: Linux takes
 * 0.75 ms by 1 + log2 of the CPUs, of which at most eight count
 * (sched_base_slice_ns in kernel/sched/fair.c).
 */
uint64_t rp_scenario_slice_ns(const struct rp_scenario *scenario);

/**
 * A scenario with every default and nothing in it: django 3.2.25, asgiref
 * 3.6.0, gunicorn, no middleware, a sync view, one closed client.
 *
 * @return RP_ERR_MEMORY; release with rp_scenario_free()
 */
RP_CHECKED enum rp_code rp_scenario_init(struct rp_scenario *scenario,
                                         struct rp_error *error);

/**
 * Read a scenario from a YAML file. `reqpath keys` lists every key, its unit,
 * range and default.
 *
 * @param path      the file; "-" is standard input
 * @param scenario  written in full on success, untouched on failure
 * @return RP_ERR_IO (no such file, a directory, unreadable), RP_ERR_SYNTAX
 *         (not YAML), RP_ERR_VALUE (unknown key, wrong type, missing unit,
 *         out of range, keys that contradict each other), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_scenario_read(const char *path,
                                         struct rp_scenario *scenario,
                                         struct rp_error *error);

/** The same from memory; `file_name` is for the error's sentence. */
RP_CHECKED enum rp_code rp_scenario_read_text(const char *text, size_t length,
                                              const char *file_name,
                                              struct rp_scenario *scenario,
                                              struct rp_error *error);

struct rp_node;

/** The same from a tree (model/tree.h) that was read or made before: its root.
 * Sentences carry the places of its nodes. */
RP_CHECKED enum rp_code rp_scenario_read_node(const struct rp_node *root,
                                              struct rp_scenario *scenario,
                                              struct rp_error *error);

/**
 * Replace the middleware by letters, outermost first, as data sets and
 * `explain --stacks` write them: S sync, A async, H hybrid, M mixin with
 * process_request and process_response, R or P a mixin with only the former
 * or the latter, V v process_view (sync, async), T t
 * process_template_response, X x process_exception that returns None, Y y one
 * that returns a response; the last eight on a hybrid layer. Blanks are passed
 * over; "none" is no layer.
 *
 * @return RP_ERR_VALUE names the letter that is unknown; the scenario is then
 *         untouched
 */
RP_CHECKED enum rp_code rp_scenario_set_letters(struct rp_scenario *scenario,
                                                const char *letters,
                                                struct rp_error *error);

/** The letter of a layer; 0 where none has its kind and hooks. */
char rp_layer_letter(const struct rp_layer *layer);

/** Check what rp_scenario_read() checks across keys, for one that was built in
 * memory: ranges, contradictions. RP_ERR_VALUE. */
RP_CHECKED enum rp_code rp_scenario_check(const struct rp_scenario *scenario,
                                          struct rp_error *error);

/** How many classes of requests there are: at least one, for without a list
 * the view is one. */
size_t rp_scenario_class_count(const struct rp_scenario *scenario);

/** The name of a class; "" where there is no list of them. Borrowed. */
const char *rp_scenario_class_name(const struct rp_scenario *scenario,
                                   size_t class_index);

/**
 * The scenario as requests of one class see it: its view is the only one. This
 * is what the path compiler takes.
 *
 * @param class_index  below rp_scenario_class_count()
 * @return borrows everything from `scenario`; do not free it
 */
struct rp_scenario rp_scenario_of_class(const struct rp_scenario *scenario,
                                        size_t class_index);

/** Harmless on a zeroed or freed scenario. */
void rp_scenario_free(struct rp_scenario *scenario);

#endif
