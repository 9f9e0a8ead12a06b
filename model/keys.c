/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/keys.h"

#include "model/duration.h"
#include "model/excerpt.h"
#include "model/keyrange.h"
#include "model/slips.h"
#include "model/units.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Words ---- */

#define PATH_WORD(value, word)             {word, value},
#define SERVER_WORD(value, word, asgi, in) {word, value},
#define HOOK_WORD(hook, bit, word)         {word, bit},
#define PROCESS_WORD(value, word, shape)   {word, value},

static const struct rp_key_word path_words[] = {RP_PATH_LIST(PATH_WORD)};
static const struct rp_key_word server_words[] = {RP_SERVER_LIST(SERVER_WORD)};
static const struct rp_key_word layer_words[] = {RP_LAYER_LIST(PATH_WORD)};
static const struct rp_key_word hook_words[] = {RP_HOOK_LIST(HOOK_WORD)};
static const struct rp_key_word outcome_words[] = {RP_OUTCOME_LIST(PATH_WORD)};
static const struct rp_key_word shape_words[] = {RP_SHAPE_LIST(PATH_WORD)};
static const struct rp_key_word client_words[] = {RP_CLIENT_LIST(PATH_WORD)};
#define METRIC_WORD(value, word, heading) {word, value},
static const struct rp_key_word metric_words[] = {RP_METRIC_LIST(METRIC_WORD)};
#undef METRIC_WORD
static const struct rp_key_word queue_words[] = {RP_QUEUE_LIST(PATH_WORD)};
static const struct rp_key_word scheduling_words[] = {
    RP_SCHEDULING_LIST(PATH_WORD)};
static const struct rp_key_word view_words[] = {{"sync", 0}, {"async", 1}};
static const struct rp_key_word load_words[] = {{"closed", RP_LOAD_CLOSED},
                                                {"open", RP_LOAD_OPEN}};
static const struct rp_key_word process_words[] = {
    RP_PROCESS_LIST(PROCESS_WORD)};
static const struct rp_key_word curve_words[] = {RP_CURVE_LIST(PATH_WORD)};

#undef PATH_WORD
#undef SERVER_WORD
#undef HOOK_WORD
#undef PROCESS_WORD

/* ---- The table ---- */

#define HOUR_NS UINT64_C(3600000000000)

#define FIELD(type, member) offsetof(type, member), sizeof(((type *)0)->member)
#define NOWHERE             0, 0
#define NO_WORDS            NULL, 0
#define WORDS(list)         list, sizeof(list) / sizeof *(list)

/* The rest of a row, after its names: words and field are two members each,
 * which is why they come as the variable part. */
#define KEY(parent, name, type, unit, low, high, fallback, meaning, ...)       \
    {parent "." name, parent,  name,       type, unit, low, high,              \
     fallback,        meaning, __VA_ARGS__},
#define TOP(name, type, unit, low, high, fallback, meaning, ...)               \
    {name, "", name, type, unit, low, high, fallback, meaning, __VA_ARGS__},

#define TEXT_AT_TOP(name, meaning, ...)                                        \
    TOP(name, RP_KEY_TEXT, "", 0, 0, "", meaning, NO_WORDS, __VA_ARGS__)
#define MAP(name, meaning, ...)                                                \
    TOP(name, RP_KEY_MAP, "", 0, 0, "", meaning, NO_WORDS, __VA_ARGS__)
#define LIST_OF_MAPS(name, unit, meaning, ...)                                 \
    TOP(name, RP_KEY_LIST, unit, 0, 1000, "", meaning, NO_WORDS, __VA_ARGS__)
#define FLAG(parent, name, fallback, meaning, ...)                             \
    KEY(parent, name, RP_KEY_BOOL, "", 0, 0, fallback, meaning, NO_WORDS,      \
        __VA_ARGS__)
#define TEXT(parent, name, fallback, meaning, ...)                             \
    KEY(parent, name, RP_KEY_TEXT, "", 0, 0, fallback, meaning, NO_WORDS,      \
        __VA_ARGS__)
#define VERSION(name, fallback, meaning, ...)                                  \
    KEY("framework", name, RP_KEY_VERSION, "", 0, 0, fallback, meaning,        \
        NO_WORDS, __VA_ARGS__)
#define NUMBER(parent, name, meaning, ...)                                     \
    KEY(parent, name, RP_KEY_NUMBER, "", 0, 20, "", meaning, NO_WORDS,         \
        __VA_ARGS__)
#define LENGTH_OR(parent, name, high, fallback, meaning, ...)                  \
    KEY(parent, name, RP_KEY_DURATION, "time", 0, high, fallback, meaning,     \
        NO_WORDS, __VA_ARGS__)
#define LENGTH(parent, name, high, meaning, ...)                               \
    LENGTH_OR(parent, name, high, "0ms", meaning, __VA_ARGS__)
#define WHOLE(parent, name, unit, low, high, fallback, meaning, ...)           \
    KEY(parent, name, RP_KEY_WHOLE, unit, low, high, fallback, meaning,        \
        NO_WORDS, __VA_ARGS__)
#define ONE_OF(parent, name, list, fallback, meaning, ...)                     \
    KEY(parent, name, RP_KEY_WORD, "", 0, 0, fallback, meaning, WORDS(list),   \
        __VA_ARGS__)

#define MECHANISM(member, is_on, meaning)                                      \
    FLAG("mechanisms", #member, #is_on, meaning,                               \
         FIELD(struct rp_mechanisms, member))

/* What a layer does on each way, and what the view does: the members of
 * `type` below `prefix`. */
#define WORK(parent, type, prefix)                                             \
    LENGTH(parent, "cpu", HOUR_NS, "CPU that its own code burns, once",        \
           FIELD(type, prefix cpu))                                            \
    LENGTH(parent, "wait", HOUR_NS,                                            \
           "then it waits, for a database or another service, so long a call", \
           FIELD(type, prefix wait))                                           \
    WHOLE(parent, "calls", "calls", 1, 10000, "1",                             \
          "waits, one after the other", FIELD(type, prefix calls))             \
    KEY(parent, "uses", RP_KEY_RESOURCE, "", 0, 0, "",                         \
        "the resource of which one unit is held during each call", NO_WORDS,   \
        FIELD(type, prefix resource))

static const struct rp_key keys[] = {
    /* clang-format off */
    TEXT_AT_TOP("name", "what reports call the scenario",
        FIELD(struct rp_scenario, name))

    MAP("framework",
        "the web framework, whose version decides what a request crosses",
        FIELD(struct rp_scenario, framework))
    TEXT("framework", "name", "django",
        "which framework; request paths are known of django",
        FIELD(struct rp_framework, name))
    VERSION("version", "3.2.25", "its version, like 4.2 or 4.2.11, or main",
        FIELD(struct rp_framework, version))
    VERSION("asgiref", "3.6.0",
        "the version of asgiref, which makes the crossings (from Django 5.0 on:"
        " default the least that it needs)",
        FIELD(struct rp_framework, asgiref_version))
    ONE_OF("framework", "path", path_words, "dual",
        "dual is what is released; unified (one async chain for all) and"
        " single (the branch of 2019) are for comparison",
        FIELD(struct rp_framework, path))
    FLAG("framework", "signals_async_aware", "false",
        "what if the request_started signal needed no crossing",
        FIELD(struct rp_framework, signals_async_aware))
    FLAG("framework", "close_async_aware", "false",
        "what if response.close() needed no crossing",
        FIELD(struct rp_framework, close_async_aware))

    MAP("server", "what accepts requests and calls the framework",
        FIELD(struct rp_scenario, server))
    ONE_OF("server", "kind", server_words, "gunicorn",
        "WSGI: gunicorn (sync workers), gthread (gunicorn's threads),"
        " runserver; ASGI: daphne, uvicorn",
        FIELD(struct rp_server, kind))
    WHOLE("server", "processes", "processes", 1, 10000, "1",
        "worker processes, each with an interpreter of its own",
        FIELD(struct rp_server, processes))
    WHOLE("server", "threads", "threads", 1, 10000, "1",
        "worker threads in each process (gthread: default 4; runserver:"
        " default 100; the others have one)",
        FIELD(struct rp_server, threads))
    FLAG("server", "app_built_in_loop", "false",
        "ASGI only: middleware is loaded inside the event loop (uvicorn:"
        " default true)",
        FIELD(struct rp_server, app_built_in_loop))
    FLAG("server", "gil", "true",
        "one thread of a process runs Python at a time",
        FIELD(struct rp_server, gil))
    WHOLE("server", "backlog", "requests", 1, 1000000, "",
        "requests that can wait to be let in (for a worker thread, or for their"
        " first turn of the loop), of all processes together; one more is"
        " turned away; without it any number can",
        FIELD(struct rp_server, backlog))
    ONE_OF("server", "queue", queue_words, "fifo",
        "who of those that wait gets a thread of the server (worker thread,"
        " thread-sensitive thread, default pool): the first, or the one of the"
        " lowest priority number",
        FIELD(struct rp_server, queue))

    MAP("host", "the machine that the server runs on", NOWHERE)
    WHOLE("host", "cores", "cores", 1, 4096, "1",
        "cores that the server may use", FIELD(struct rp_scenario, cores))
    WHOLE("host", "cpus", "CPUs", 1, 4096, "2",
        "CPUs of the machine, no fewer than cores: the more, the longer the"
        " kernel's time slice and the larger CPython's default pool of threads",
        FIELD(struct rp_scenario, cpus))
    ONE_OF("host", "scheduling", scheduling_words, "run-to-completion",
        "how code shares the cores: one keeps its core until it waits; all at"
        " once, each at an equal part of them; in turn, each for a quantum",
        FIELD(struct rp_scenario, scheduling))
    KEY("host", "quantum", RP_KEY_TIME, "time", 10000, UINT64_C(60000000000),
        "4ms", "scheduling quantum: the length of a turn",
        NO_WORDS, FIELD(struct rp_scenario, quantum_ns))

    LIST_OF_MAPS("middleware", "layers",
        "the layers around the view, outermost first",
        FIELD(struct rp_scenario, layers))
    TEXT("middleware[]", "name", NULL,
        "what reports call the layer; each name once",
        FIELD(struct rp_layer, name))
    ONE_OF("middleware[]", "kind", layer_words, NULL,
        "sync or async only, hybrid (runs in either mode), or mixin (a class"
        " on MiddlewareMixin)",
        FIELD(struct rp_layer, kind))
    KEY("middleware[]", "hooks", RP_KEY_WORDS, "", 0, 0, "",
        "the methods that it has; a mixin that says nothing has"
        " process_request and process_response",
        WORDS(hook_words), FIELD(struct rp_layer, hooks))
    FLAG("middleware[]", "handles_exceptions", "false",
        "its process_exception answers, so that no layer further out is asked",
        FIELD(struct rp_layer, handles_exceptions))
    FLAG("middleware[]", "handles_with_error", "false",
        "what its process_exception answers has a status of 400 or more, which"
        " Django logs",
        FIELD(struct rp_layer, handles_with_error))
    KEY("middleware[]", "before", RP_KEY_MAP, "", 0, 0, "",
        "what the layer itself does on the way in",
        NO_WORDS, FIELD(struct rp_layer, before))
    WORK("middleware[].before", struct rp_work, )
    KEY("middleware[]", "after", RP_KEY_MAP, "", 0, 0, "",
        "what the layer itself does on the way out",
        NO_WORDS, FIELD(struct rp_layer, after))
    WORK("middleware[].after", struct rp_work, )

    LIST_OF_MAPS("order", "rules",
        "rules of the stack's order, which reqpath advise keeps besides those of"
        " Django's own layers",
        FIELD(struct rp_scenario, rules))
    TEXT("order[]", "layer", NULL, "the name of a layer",
        FIELD(struct rp_order_rule, layer))
    TEXT("order[]", "after", "",
        "it comes after this one in the list: stays inside of it",
        FIELD(struct rp_order_rule, after))
    TEXT("order[]", "before", "",
        "it comes before this one in the list: stays outside of it",
        FIELD(struct rp_order_rule, before))

    MAP("view", "the view: what answers the request", NOWHERE)
    ONE_OF("view", "kind", view_words, "sync", "def or async def",
        FIELD(struct rp_scenario, view_async))
    ONE_OF("view", "outcome", outcome_words, "ok",
        "answers; answers with a template that is rendered later; raises; is"
        " never found",
        FIELD(struct rp_scenario, outcome))
    WORK("view", struct rp_scenario, view.)

    LIST_OF_MAPS("requests", "classes",
        "classes of requests, instead of a view: each has its own, behind the"
        " same middleware",
        FIELD(struct rp_scenario, classes))
    TEXT("requests[]", "name", NULL,
        "what reports call the class; each name once",
        FIELD(struct rp_request_class, name))
    KEY("requests[]", "share", RP_KEY_NUMBER, "", 0, 100000, "1",
        "how often it is asked for, by the sum of all shares",
        NO_WORDS, FIELD(struct rp_request_class, share))
    WHOLE("requests[]", "priority", "", 0, RP_PRIORITY_MAX, "0",
        "server.queue priority: the lowest number is served first",
        FIELD(struct rp_request_class, priority))
    KEY("requests[]", "view", RP_KEY_MAP, "", 0, 0, "",
        "the view that answers it", NO_WORDS, NOWHERE)
    ONE_OF("requests[].view", "kind", view_words, "sync", "def or async def",
        FIELD(struct rp_request_class, view_async))
    ONE_OF("requests[].view", "outcome", outcome_words, "ok",
        "as that of a view",
        FIELD(struct rp_request_class, outcome))
    WORK("requests[].view", struct rp_request_class, view.)

    LIST_OF_MAPS("resources", "resources",
        "what requests of a process compete for: connection pools, locks",
        FIELD(struct rp_scenario, resources))
    TEXT("resources[]", "name", NULL,
        "the name that \"uses\" refers to; each name once",
        FIELD(struct rp_resource, name))
    WHOLE("resources[]", "capacity", "units", 1, 1000000, NULL,
        "units in each process; 1 is a lock",
        FIELD(struct rp_resource, capacity))

    MAP("mechanisms",
        "what happens under load, as far as the profile knows what it costs;"
        " switch one off to see what it does",
        FIELD(struct rp_scenario, mechanisms))
    RP_MECHANISM_LIST(MECHANISM)

    MAP("load", "who asks, and how often", FIELD(struct rp_scenario, load))
    ONE_OF("load", "kind", load_words, "closed",
        "closed: so many clients, each waits for its answer; open: requests"
        " arrive whether or not others are answered",
        FIELD(struct rp_load, kind))
    WHOLE("load", "clients", "clients", 1, 100000, "1",
        "closed: how many ask at the same time",
        FIELD(struct rp_load, clients))
    ONE_OF("load", "client", client_words, "ideal",
        "closed: ideal clients take no time of their own; ab is one thread"
        " that takes the profile's client.gap between an answer and its next"
        " request",
        FIELD(struct rp_load, client))
    LENGTH("load", "think", 24 * HOUR_NS,
        "closed: pause of a client between an answer and its next request",
        FIELD(struct rp_load, think))
    KEY("load", "rate", RP_KEY_RATE, "rate", 0, UINT64_C(10000000), "",
        "open, where it must be there: requests that arrive, on average (of a"
        " spike: outside of it); mmpp, points and a trace have their own",
        NO_WORDS, FIELD(struct rp_load, rate_per_s))
    ONE_OF("load", "process", process_words, "poisson",
        "open: how arrivals are spaced; mmpp switches between a busy and a"
        " quiet phase",
        FIELD(struct rp_load, process))
    NUMBER("load", "cv",
        "open, gamma and hyperexponential, where it must be there: standard"
        " deviation of the gaps by their mean (more than 1 is bursty)",
        FIELD(struct rp_load, gap.cv))
    KEY("load", "on_rate", RP_KEY_RATE, "rate", 0, UINT64_C(10000000), "",
        "mmpp, where it must be there: requests that arrive while it is busy",
        NO_WORDS, FIELD(struct rp_load, mmpp.on_per_s))
    KEY("load", "off_rate", RP_KEY_RATE_OR_NONE, "rate", 0, UINT64_C(10000000),
        "0/s", "mmpp: requests that arrive while it is quiet",
        NO_WORDS, FIELD(struct rp_load, mmpp.off_per_s))
    KEY("load", "on_for", RP_KEY_TIME, "time", 1, 1000 * HOUR_NS, "",
        "mmpp, where it must be there: how long it is busy, on average"
        " (exponential)",
        NO_WORDS, FIELD(struct rp_load, mmpp.on_ns))
    KEY("load", "off_for", RP_KEY_TIME, "time", 1, 1000 * HOUR_NS, "",
        "mmpp, where it must be there: how long it is quiet, on average"
        " (exponential)",
        NO_WORDS, FIELD(struct rp_load, mmpp.off_ns))
    ONE_OF("load", "curve", curve_words, "flat",
        "open, poisson: how the rate changes with time: diurnal (a wave that"
        " begins at its lowest), spike, or points (where they are given)",
        FIELD(struct rp_load, curve.kind))
    KEY("load", "amplitude", RP_KEY_NUMBER, "", 0, 1, "",
        "diurnal, where it must be there: how far the rate goes up and down,"
        " by the mean",
        NO_WORDS, FIELD(struct rp_load, curve.amplitude))
    KEY("load", "period", RP_KEY_TIME, "time", 1, 1000 * HOUR_NS, "",
        "diurnal: one wave, 24h where it is not given; spike: it comes again"
        " after so long, once where it is not given",
        NO_WORDS, FIELD(struct rp_load, curve.period_ns))
    KEY("load", "from", RP_KEY_TIME, "time", 0, 1000 * HOUR_NS, "",
        "spike, where it must be there: when it begins",
        NO_WORDS, FIELD(struct rp_load, curve.from_ns))
    KEY("load", "for", RP_KEY_TIME, "time", 1, 1000 * HOUR_NS, "",
        "spike, where it must be there: how long it lasts",
        NO_WORDS, FIELD(struct rp_load, curve.for_ns))
    KEY("load", "times", RP_KEY_NUMBER, "", 0, 1000, "",
        "spike, where it must be there: the rate in it, by the rate outside",
        NO_WORDS, FIELD(struct rp_load, curve.times))
    KEY("load", "points", RP_KEY_LIST, "points", 2, RP_CURVE_POINTS_MAX, "",
        "open, poisson: rates at times, linear between them; where the last"
        " is, the first comes again",
        NO_WORDS, FIELD(struct rp_load, curve.points))
    KEY("load.points[]", "at", RP_KEY_TIME, "time", 0, 1000 * HOUR_NS, NULL,
        "when; the first at 0s",
        NO_WORDS, FIELD(struct rp_curve_point, at_ns))
    KEY("load.points[]", "rate", RP_KEY_RATE_OR_NONE, "rate", 0,
        UINT64_C(10000000), NULL, "requests that arrive then",
        NO_WORDS, FIELD(struct rp_curve_point, rate_per_s))
    KEY("load", "trace", RP_KEY_TEXT, "", 0, 0, "",
        "open: a file whose arrivals are replayed, then the run ends: CSV with"
        " a column time, timestamp (seconds or ISO 8601) or start_us, or an"
        " access log of nginx or Apache; its path begins where this file is",
        NO_WORDS, FIELD(struct rp_load, trace))
    KEY("load", "trace_speed", RP_KEY_NUMBER, "", 0, 1000, "1",
        "trace: so many times as fast, more than 0",
        NO_WORDS, FIELD(struct rp_load, trace_speed))
    KEY("load", "timeout", RP_KEY_TIME, "time", 0, HOUR_NS, "0ms",
        "a client leaves that was not let in after so long (0ms: never); the"
        " answer of one who was may be late",
        NO_WORDS, FIELD(struct rp_load, timeout_ns))
    WHOLE("load", "retries", "attempts", 0, RP_LOAD_RETRIES_MAX, "0",
        "more attempts of a request that was turned away or has left",
        FIELD(struct rp_load, retries))
    LENGTH_OR("load", "backoff", HOUR_NS, "100ms",
        "pause before the first retry; it doubles with each",
        FIELD(struct rp_load, backoff))

    MAP("run", "how long a simulation looks", FIELD(struct rp_scenario, run))
    WHOLE("run", "requests", "requests", 1, UINT64_C(1000000000), "20000",
        "requests that are measured in each replication",
        FIELD(struct rp_run, requests))
    KEY("run", "duration", RP_KEY_TIME, "time", 1, 1000 * HOUR_NS, "",
        "virtual time of each replication, instead of requests",
        NO_WORDS, FIELD(struct rp_run, duration_ns))
    KEY("run", "warm_up", RP_KEY_WARM_UP, "requests", 0,
        UINT64_C(1000000000), "auto",
        "requests at the beginning that are not measured; auto finds how many"
        " (none where the load is a curve or a trace)",
        NO_WORDS, FIELD(struct rp_run, warm_up_requests))
    WHOLE("run", "replications", "runs", 1, 10000, "5",
        "independent repetitions, from which intervals come; of fewer than 5"
        " they come from 20 to 39 batches of each run's answers",
        FIELD(struct rp_run, replications))
    KEY("run", "precision", RP_KEY_SHARE, "percent", 100, 500000, "",
        "add replications until the 95 % interval of a metric is at most so"
        " wide to either side, of its value",
        NO_WORDS, FIELD(struct rp_run, precision))
    ONE_OF("run", "precision_of", metric_words, "mean_ms",
        "the metric that precision is about",
        FIELD(struct rp_run, precision_of))
    WHOLE("run", "max_replications", "runs", 1, 10000, "100",
        "with precision: stop after so many, reached or not",
        FIELD(struct rp_run, max_replications))

    TOP("seed", RP_KEY_WHOLE, "", 0, UINT64_MAX, "1",
        "where the random numbers begin; the same seed gives the same result",
        NO_WORDS, FIELD(struct rp_scenario, seed))

    KEY("(duration)", "mean", RP_KEY_TIME, "time", 0, 1000 * HOUR_NS, "",
        "any duration may be {mean, cv, shape}: its mean, which must be there"
        " but for pareto and empirical, where it follows",
        NO_WORDS, FIELD(struct rp_duration, mean_ns))
    NUMBER("(duration)", "cv", "its standard deviation by its mean",
        FIELD(struct rp_duration, cv))
    ONE_OF("(duration)", "shape", shape_words, "constant",
        "its distribution (with a cv: default lognormal; with quantiles:"
        " empirical)",
        FIELD(struct rp_duration, shape))
    WHOLE("(duration)", "stages", "stages", 1, RP_STAGES_MAX, "",
        "erlang, where it must be there: the sum of so many exponential times"
        " (cv 1 by their root)",
        FIELD(struct rp_duration, stages))
    KEY("(duration)", "alpha", RP_KEY_NUMBER, "", 0, (uint64_t)RP_ALPHA_MAX, "",
        "pareto, where it must be there: the share beyond x falls as x^-alpha"
        " (1.1 to 2 is a heavy tail)",
        NO_WORDS, FIELD(struct rp_duration, alpha))
    KEY("(duration)", "low", RP_KEY_TIME, "time", 0, 1000 * HOUR_NS, "",
        "pareto, where it must be there: the shortest",
        NO_WORDS, FIELD(struct rp_duration, low_ns))
    KEY("(duration)", "high", RP_KEY_TIME, "time", 0, 1000 * HOUR_NS, "",
        "pareto, where it must be there: the longest",
        NO_WORDS, FIELD(struct rp_duration, high_ns))
    KEY("(duration)", "quantiles", RP_KEY_LIST, "quantiles", 2,
        RP_QUANTILES_MAX, "",
        "empirical, where they must be there: what was measured, from at: 0"
        " to at: 1, linear between",
        NO_WORDS, FIELD(struct rp_duration, quantiles))
    KEY("(duration).quantiles[]", "at", RP_KEY_NUMBER, "", 0, 1, NULL,
        "such a share of all is as long or shorter",
        NO_WORDS, FIELD(struct rp_quantile, at))
    KEY("(duration).quantiles[]", "value", RP_KEY_TIME, "time", 0,
        1000 * HOUR_NS, NULL, "as long as this",
        NO_WORDS, FIELD(struct rp_quantile, value_ns))
    /* clang-format on */
};

enum { KEY_COUNT = sizeof keys / sizeof *keys };

const struct rp_key *rp_keys(size_t *count)
{
    *count = KEY_COUNT;
    return keys;
}

const struct rp_key *rp_key_find(const char *path)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].path, path) == 0)
            return &keys[i];
    return NULL;
}

const char *rp_key_type_word(enum rp_key_type type)
{
#define RP_KEY_TYPE_AS_WORD(type_, word)                                       \
    case type_:                                                                \
        return word;
    switch (type) {
        RP_KEY_TYPE_LIST(RP_KEY_TYPE_AS_WORD)
    }
#undef RP_KEY_TYPE_AS_WORD
    return "unknown type";
}

/* ---- Unknown keys and words: what was meant? ---- */

enum { SIBLINGS_MAX = 40 };

static size_t siblings(const char *parent, const char *names[SIBLINGS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].parent, parent) == 0) {
            assert(count < SIBLINGS_MAX);
            names[count++] = keys[i].name;
        }
    return count;
}

/* A mapping, as a sentence calls it. */
static const char *place_of(const char *parent)
{
    if (!parent[0])
        return "the top of the file";
    if (strcmp(parent, "(duration).quantiles[]") == 0)
        return "quantiles";
    return strcmp(parent, "(duration)") == 0 ? "a duration" : parent;
}

/* The parents under which a key of that name would be known: "load", "view";
 * "" where there are none. */
static const char *other_parents(const char *name, char *buffer, size_t size)
{
    size_t used = 0;

    buffer[0] = '\0';
    for (size_t i = 0; i < KEY_COUNT && used < size; i++)
        if (strcmp(keys[i].name, name) == 0) {
            const int n =
                snprintf(buffer + used, size - used, "%s%s",
                         used > 0 ? ", or " : "", place_of(keys[i].parent));
            used += n < 0 ? size : (size_t)n;
        }
    return buffer;
}

static enum rp_code unknown_key(const struct rp_node *node, const char *parent,
                                const char *const *known, size_t count,
                                struct rp_error *error)
{
    const char *const near = rp_slip_meant(node->key, known, count);
    char word[RP_EXCERPT_SIZE], tail[288] = "", parents[256];
    const bool glued = strchr(node->key, ':') != NULL;

    if (glued)
        (void)snprintf(tail, sizeof tail, "; put a blank after the colon");
    else if (other_parents(node->key, parents, sizeof parents)[0])
        (void)snprintf(tail, sizeof tail, "; it belongs in %s", parents);
    else if (near)
        (void)snprintf(tail, sizeof tail, "; did you mean \"%s\"?", near);
    return rp_fail_at(error, RP_ERR_VALUE, node->file, node->key_line,
                      node->key_column,
                      "unknown key \"%s\"%s%s%s (reqpath keys lists all)",
                      rp_excerpt(node->key, word), parent[0] ? " in " : "",
                      parent[0] ? place_of(parent) : "", tail);
}

static enum rp_code only_known_keys(const struct rp_node *map,
                                    const char *parent, struct rp_error *error)
{
    const char *known[SIBLINGS_MAX];
    const size_t count = siblings(parent, known);

    for (const struct rp_node *c = map->first; c; c = c->next) {
        size_t i = 0;
        while (i < count && strcmp(known[i], c->key) != 0)
            i++;
        if (i == count)
            return unknown_key(c, parent, known, count, error);
    }
    return RP_OK;
}

/* ---- Values ---- */

/* One word of a key; `value` is written on success. */
static enum rp_code read_word(const struct rp_key *key,
                              const struct rp_node *node, unsigned *value,
                              struct rp_error *error)
{
    const char *words[SIBLINGS_MAX], *near;
    char found[RP_EXCERPT_SIZE];
    enum rp_code code;
    size_t index = 0;

    assert(key->word_count <= SIBLINGS_MAX);
    for (size_t i = 0; i < key->word_count; i++)
        words[i] = key->words[i].word;
    code = rp_node_word(node, words, key->word_count, &index, error);
    if (!code) {
        *value = key->words[index].value;
        return RP_OK;
    }
    near = node->kind == RP_NODE_SCALAR
               ? rp_slip_meant(node->text, words, key->word_count)
               : NULL;
    if (near) {
        char range[RP_KEY_RANGE_SIZE];
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "%s: found \"%s\"; did you mean \"%s\"? (one of "
                            "%s)",
                            key->name, rp_excerpt(node->text, found), near,
                            rp_key_range(key, range));
    }
    return code;
}

static enum rp_code read_words(const struct rp_key *key,
                               const struct rp_node *node, unsigned *bits,
                               struct rp_error *error)
{
    unsigned all = 0, bit = 0;
    enum rp_code code = rp_node_expect(node, RP_NODE_SEQUENCE, error);

    for (const struct rp_node *c = node->first; c && !code; c = c->next) {
        code = read_word(key, c, &bit, error);
        if (!code && (all & bit))
            code = rp_node_fail(c, error, RP_ERR_VALUE,
                                "%s: \"%s\" is there twice; leave one out",
                                key->name, c->text);
        all |= bit;
    }
    if (!code)
        *bits = all;
    return code;
}

static enum rp_code read_version(const struct rp_key *key,
                                 const struct rp_node *node,
                                 struct rp_version *version,
                                 struct rp_error *error)
{
    const char *text = "";
    char found[RP_EXCERPT_SIZE];
    const enum rp_code code = rp_node_text(node, &text, error);

    if (code)
        return code;
    if (!rp_version_parse(text, version))
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "%s: found \"%s\", expected a version, like 3.2 or "
                            "3.2.25, or main",
                            key->name, rp_excerpt(text, found));
    return RP_OK;
}

static enum rp_code out_of_range(const struct rp_key *key,
                                 const struct rp_node *node,
                                 struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE], range[RP_KEY_RANGE_SIZE];

    return rp_node_fail(
        node, error, RP_ERR_VALUE, "%s: found \"%s\", expected %s", key->name,
        rp_excerpt(node->text, found), rp_key_range(key, range));
}

static enum rp_code read_time(const struct rp_key *key,
                              const struct rp_node *node, double *ns,
                              struct rp_error *error)
{
    double value = 0.0;
    const enum rp_code code = rp_node_duration(node, &value, error);

    if (code)
        return code;
    if (value < (double)key->low || value > (double)key->high)
        return out_of_range(key, node, error);
    *ns = value;
    return RP_OK;
}

static enum rp_code read_rate(const struct rp_key *key,
                              const struct rp_node *node, double *per_s,
                              struct rp_error *error)
{
    double value = 0.0;
    const enum rp_code code = rp_node_rate(node, &value, error);

    if (code)
        return code;
    if (!(value > (double)key->low ||
          (value == (double)key->low && key->type == RP_KEY_RATE_OR_NONE)) ||
        value > (double)key->high)
        return out_of_range(key, node, error);
    *per_s = value;
    return RP_OK;
}

static enum rp_code read_share(const struct rp_key *key,
                               const struct rp_node *node, double *share,
                               struct rp_error *error)
{
    double value = 0.0;
    const enum rp_code code = rp_node_share(node, &value, error);

    if (code)
        return code;
    if (value < (double)key->low / 1e6 || value > (double)key->high / 1e6)
        return out_of_range(key, node, error);
    *share = value;
    return RP_OK;
}

/* A mean that followed from other keys stays below what the key allows. */
static enum rp_code check_mean(const struct rp_key *key,
                               const struct rp_node *map, double mean_ns,
                               struct rp_error *error)
{
    char mean[RP_DURATION_TEXT_SIZE], range[RP_KEY_RANGE_SIZE];

    if (mean_ns <= (double)key->high)
        return RP_OK;
    return rp_node_fail(
        map, error, RP_ERR_VALUE, "%s: its mean is %s, expected %s", key->name,
        rp_duration_format(mean_ns, mean), rp_key_range(key, range));
}

static enum rp_code read_mapping(const struct rp_key *key,
                                 const struct rp_node *map,
                                 struct rp_duration *duration,
                                 struct rp_error *error)
{
    const struct rp_node *const mean = rp_node_get(map, "mean");
    struct rp_duration value;
    enum rp_code code = rp_duration_read(map, &value, error);

    if (!code)
        code = mean ? read_time(key, mean, &value.mean_ns, error)
                    : check_mean(key, map, value.mean_ns, error);
    if (!code)
        *duration = value;
    return code;
}

static enum rp_code read_duration(const struct rp_key *key,
                                  const struct rp_node *node,
                                  struct rp_duration *duration,
                                  struct rp_error *error)
{
    struct rp_duration value = {.shape = RP_SHAPE_CONSTANT};
    enum rp_code code;

    if (node->kind == RP_NODE_MAPPING)
        return read_mapping(key, node, duration, error);
    code = read_time(key, node, &value.mean_ns, error);
    if (!code)
        *duration = value;
    return code;
}

/* Whole numbers go to fields of either width. */
static enum rp_code read_whole(const struct rp_key *key,
                               const struct rp_node *node, void *field,
                               struct rp_error *error)
{
    uint64_t wide = 0;
    unsigned narrow;
    const enum rp_code code =
        rp_node_integer(node, key->low, key->high, &wide, error);

    if (code)
        return code;
    narrow = (unsigned)wide;
    assert(key->size == sizeof wide || key->size == sizeof narrow);
    if (key->size == sizeof wide)
        memcpy(field, &wide, sizeof wide);
    else
        memcpy(field, &narrow, sizeof narrow);
    return RP_OK;
}

/* Enumerations are as wide as unsigned here; a choice of two is a bool. */
static enum rp_code store_word(const struct rp_key *key,
                               const struct rp_node *node, void *field,
                               struct rp_error *error)
{
    unsigned value = 0;
    const enum rp_code code = read_word(key, node, &value, error);
    const bool truth = value != 0;

    if (code)
        return code;
    assert(key->size == sizeof truth || key->size == sizeof value);
    if (key->size == sizeof truth)
        memcpy(field, &truth, sizeof truth);
    else
        memcpy(field, &value, sizeof value);
    return RP_OK;
}

static enum rp_code read_warm_up(const struct rp_key *key,
                                 const struct rp_node *node, struct rp_run *run,
                                 struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE], range[RP_KEY_RANGE_SIZE];

    if (node->kind == RP_NODE_SCALAR && strcmp(node->text, "auto") == 0) {
        run->warm_up_auto = true;
        run->warm_up_requests = 0;
        return RP_OK;
    }
    if (node->kind != RP_NODE_SCALAR)
        return rp_node_expect(node, RP_NODE_SCALAR, error);
    if (rp_node_integer(node, key->low, key->high, &run->warm_up_requests,
                        NULL))
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "warm_up: found \"%s\", expected auto, or so many "
                            "requests, %s",
                            rp_excerpt(node->text, found),
                            rp_key_range(key, range));
    run->warm_up_auto = false;
    return RP_OK;
}

static enum rp_code read_value(const struct rp_key *key,
                               const struct rp_node *node, void *base,
                               struct rp_error *error)
{
    void *const field = (char *)base + key->offset;

    switch (key->type) {
    case RP_KEY_MAP:
    case RP_KEY_LIST:
    case RP_KEY_RESOURCE:
        return RP_OK;
    case RP_KEY_TEXT:
        return rp_node_copy_text(node, field, error);
    case RP_KEY_WORD:
        return store_word(key, node, field, error);
    case RP_KEY_WORDS:
        return read_words(key, node, field, error);
    case RP_KEY_BOOL:
        return rp_node_bool(node, field, error);
    case RP_KEY_WHOLE:
        return read_whole(key, node, field, error);
    case RP_KEY_NUMBER:
        return rp_node_number(node, (double)key->low, (double)key->high, field,
                              error);
    case RP_KEY_VERSION:
        return read_version(key, node, field, error);
    case RP_KEY_TIME:
        return read_time(key, node, field, error);
    case RP_KEY_DURATION:
        return read_duration(key, node, field, error);
    case RP_KEY_RATE:
    case RP_KEY_RATE_OR_NONE:
        return read_rate(key, node, field, error);
    case RP_KEY_SHARE:
        return read_share(key, node, field, error);
    case RP_KEY_WARM_UP:
        return read_warm_up(key, node, base, error);
    }
    return RP_OK;
}

enum rp_code rp_keys_read(const struct rp_node *map, const char *parent,
                          void *base, struct rp_error *error)
{
    enum rp_code code;

    if (!map)
        return RP_OK;
    code = rp_node_expect(map, RP_NODE_MAPPING, error);
    if (!code)
        code = only_known_keys(map, parent, error);
    for (size_t i = 0; i < KEY_COUNT && !code; i++) {
        const struct rp_key *const key = &keys[i];
        const struct rp_node *node = NULL;

        if (strcmp(key->parent, parent) != 0)
            continue;
        node = rp_node_get(map, key->name);
        if (node)
            code = read_value(key, node, base, error);
        else if (!key->fallback)
            code = rp_node_need(map, key->name, &node, error);
    }
    return code;
}

enum rp_code rp_keys_check(const struct rp_key *key, const struct rp_node *node,
                           struct rp_error *error)
{
    /* Every field of the table is in one of these. */
    union {
        struct rp_scenario scenario;
        struct rp_load load;
        struct rp_layer layer;
    } *const scratch = calloc(1, sizeof *scratch);
    enum rp_code code;

    if (!scratch)
        return rp_node_fail(node, error, RP_ERR_MEMORY, "out of memory");
    assert(key->offset + key->size <= sizeof *scratch);
    code = read_value(key, node, scratch, error);
    if (!code && key->type == RP_KEY_TEXT) {
        char *text = NULL;

        memcpy(&text, (const char *)scratch + key->offset, sizeof text);
        free(text);
    }
    free(scratch);
    return code;
}

enum rp_code rp_keys_read_list(const struct rp_node *list, const char *parent,
                               size_t most, size_t size, void *array,
                               size_t *count, struct rp_error *error)
{
    enum rp_code code = rp_node_expect(list, RP_NODE_SEQUENCE, error);
    char *entry = array;

    if (!code && list->count > most)
        return rp_node_fail(list, error, RP_ERR_VALUE,
                            "%s: found %zu, at most %zu are read", list->key,
                            list->count, most);
    for (const struct rp_node *c = list->first; c && !code; c = c->next) {
        code = rp_keys_read(c, parent, entry, error);
        entry += size;
    }
    if (!code)
        *count = list->count;
    return code;
}
