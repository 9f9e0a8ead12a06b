/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/check.h"

#include "model/duration.h"
#include "model/excerpt.h"
#include "model/framework.h"
#include "model/ordering.h"
#include "model/units.h"
#include "model/utf8.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The same checks serve a file and what was made in memory: `root` gives
 * the place in the file, and is NULL where there is none. */
struct checker {
    const struct rp_scenario
        *scenario; /* one of these two; NULL is the other */
    const struct rp_profile *profile;
    const struct rp_node *root;
    struct rp_error *error;
};

static enum rp_code refuse(const struct checker *c, const char *path,
                           const char *format, ...) RP_PRINTF(3, 4);

static enum rp_code refuse(const struct checker *c, const char *path,
                           const char *format, ...)
{
    char sentence[RP_ERROR_TEXT_SIZE];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    if (c->root)
        return rp_node_fail(rp_node_find(c->root, path), c->error, RP_ERR_VALUE,
                            "%s: %s", path, sentence);
    return rp_fail(c->error, RP_ERR_VALUE, "%s: %s", path, sentence);
}

enum { PATH_SIZE = 96 };

static enum rp_code check_duration(const struct checker *c, const char *parent,
                                   const char *name,
                                   const struct rp_duration *d)
{
    char path[PATH_SIZE], sentence[RP_ERROR_TEXT_SIZE];

    (void)snprintf(path, sizeof path, "%s.%s", parent, name);
    return rp_duration_fault(d, sentence) ? refuse(c, path, "%s", sentence)
                                          : RP_OK;
}

static enum rp_code check_work(const struct checker *c, const char *parent,
                               const struct rp_work *work)
{
    enum rp_code code = check_duration(c, parent, "cpu", &work->cpu);

    if (!code)
        code = check_duration(c, parent, "wait", &work->wait);
    if (code)
        return code;
    if (work->calls < 1)
        return refuse(c, parent, "calls must be 1 or more");
    if (work->resource != RP_NO_RESOURCE &&
        work->resource >= c->scenario->resource_count)
        return refuse(c, parent, "the resource is not one of the %zu declared",
                      c->scenario->resource_count);
    return RP_OK;
}

static unsigned long waits_of(const struct rp_work *work)
{
    return work->wait.mean_ns > 0.0 ? work->calls : 0;
}

static enum rp_code check_waits(const struct checker *c)
{
    const struct rp_scenario *const s = c->scenario;
    unsigned long waits = 0;

    for (size_t i = 0; i < s->layer_count; i++)
        waits += waits_of(&s->layers[i].before) + waits_of(&s->layers[i].after);
    waits *= rp_scenario_class_count(s);
    for (size_t i = 0; i < s->class_count; i++)
        waits += waits_of(&s->classes[i].view);
    if (s->class_count == 0)
        waits += waits_of(&s->view);
    if (waits > RP_CALLS_MAX)
        return refuse(c,
                      s->layer_count > 0   ? "middleware"
                      : s->class_count > 0 ? "requests"
                                           : "view",
                      "found %lu calls in all layers and the view, at most %d "
                      "are compiled; lower the largest",
                      waits, RP_CALLS_MAX);
    return RP_OK;
}

static bool has_worker_threads(enum rp_server_kind kind)
{
    return kind == RP_SERVER_GTHREAD || kind == RP_SERVER_RUNSERVER;
}

static enum rp_code check_host(const struct checker *c)
{
    const struct rp_scenario *const s = c->scenario;

    if (s->cores < 1)
        return refuse(c, "host.cores", "there must be 1 or more");
    switch (s->scheduling) {
    case RP_SCHEDULING_COMPLETION:
    case RP_SCHEDULING_SHARING:
        return RP_OK;
    case RP_SCHEDULING_QUANTUM:
        return s->quantum_ns >= 1.0 && s->quantum_ns <= RP_DURATION_MAX_NS
                   ? RP_OK
                   : refuse(c, "host.quantum",
                            "a turn takes 1ns or more, to 1000h");
    }
    return refuse(c, "host.scheduling", "the scheduling is not one known");
}

static enum rp_code check_server(const struct checker *c)
{
    const struct rp_server *const s = &c->scenario->server;
    const char *const word = rp_server_word(s->kind);

    if (s->processes < 1)
        return refuse(c, "server.processes", "there must be 1 or more");
    if (s->threads < 1)
        return refuse(c, "server.threads", "there must be 1 or more");
    if (s->threads > 1 && !has_worker_threads(s->kind))
        return refuse(c, "server.threads",
                      "found %u, but %s has no worker threads%s; leave threads "
                      "out, or choose gthread or runserver",
                      s->threads, word,
                      rp_server_is_asgi(s->kind) ? ": it serves from its loop"
                                                 : "");
    if (s->app_built_in_loop && !rp_server_is_asgi(s->kind))
        return refuse(c, "server.app_built_in_loop",
                      "found true, but %s speaks WSGI and has no loop; leave "
                      "it out, or choose daphne or uvicorn",
                      word);
    if (s->queue != RP_QUEUE_FIFO && s->queue != RP_QUEUE_PRIORITY)
        return refuse(c, "server.queue", "the order is not fifo or priority");
    return check_host(c);
}

static enum rp_code check_framework(const struct checker *c)
{
    const struct rp_framework *const f = &c->scenario->framework;
    struct rp_error inner = {0};
    struct rp_rules rules;

    if (!f->name)
        return refuse(c, "framework.name", "the name is missing");
    if (rp_rules_find(f, &rules, &inner))
        return refuse(c, "framework", "%s", inner.text);
    return RP_OK;
}

static enum rp_code check_hooks(const struct checker *c, const char *path,
                                const struct rp_layer *layer)
{
    static const struct {
        unsigned both;
        const char *word;
    } twice[] = {
        {RP_HOOK_VIEW | RP_HOOK_VIEW_ASYNC, "process_view"},
        {RP_HOOK_TEMPLATE | RP_HOOK_TEMPLATE_ASYNC,
         "process_template_response"},
        {RP_HOOK_EXCEPTION | RP_HOOK_EXCEPTION_ASYNC, "process_exception"},
    };
    const unsigned mixins = RP_HOOK_REQUEST | RP_HOOK_RESPONSE;

    if (layer->kind != RP_LAYER_MIXIN && (layer->hooks & mixins))
        return refuse(c, path,
                      "%s belongs to MiddlewareMixin, but the layer is %s; "
                      "write kind: mixin, or leave the hook out",
                      layer->hooks & RP_HOOK_REQUEST ? "process_request"
                                                     : "process_response",
                      rp_layer_word(layer->kind));
    if (layer->kind == RP_LAYER_MIXIN && layer->hooks == 0)
        return refuse(c, path,
                      "a mixin without hooks does nothing; name one, or leave "
                      "hooks out for process_request and process_response");
    for (size_t i = 0; i < sizeof twice / sizeof *twice; i++)
        if ((layer->hooks & twice[i].both) == twice[i].both)
            return refuse(c, path,
                          "a class has one %s, sync or async; leave one out",
                          twice[i].word);
    return RP_OK;
}

/* ---- Names in a list ---- */

typedef const char *name_of(const struct rp_scenario *scenario, size_t i);

static const char *name_of_layer(const struct rp_scenario *s, size_t i)
{
    return s->layers[i].name;
}

static const char *name_of_resource(const struct rp_scenario *s, size_t i)
{
    return s->resources[i].name;
}

static const char *name_of_class(const struct rp_scenario *s, size_t i)
{
    return s->classes[i].name;
}

static enum rp_code check_name(const struct checker *c, const char *list,
                               name_of *name_at, size_t i)
{
    const char *const name = name_at(c->scenario, i);
    char path[PATH_SIZE], text[RP_EXCERPT_SIZE];

    (void)snprintf(path, sizeof path, "%s[%zu].name", list, i);
    if (!name)
        return refuse(c, path, "the name is missing");
    for (size_t k = 0; k < i; k++)
        if (strcmp(name_at(c->scenario, k), name) == 0)
            return refuse(c, path,
                          "\"%s\" is the name of %s[%zu] already; each name "
                          "stands once",
                          rp_excerpt(name, text), list, k);
    return RP_OK;
}

static enum rp_code check_layer(const struct checker *c, size_t i)
{
    const struct rp_layer *const layer = &c->scenario->layers[i];
    const unsigned exception = RP_HOOK_EXCEPTION | RP_HOOK_EXCEPTION_ASYNC;
    char path[PATH_SIZE];
    enum rp_code code;

    (void)snprintf(path, sizeof path, "middleware[%zu].hooks", i);
    code = check_hooks(c, path, layer);
    if (code)
        return code;
    (void)snprintf(path, sizeof path, "middleware[%zu].handles_exceptions", i);
    if (layer->handles_exceptions && !(layer->hooks & exception))
        return refuse(c, path,
                      "found true, but the layer has no process_exception; add "
                      "it to hooks, or leave this out");
    (void)snprintf(path, sizeof path, "middleware[%zu].handles_with_error", i);
    if (layer->handles_with_error && !layer->handles_exceptions)
        return refuse(c, path,
                      "found true, but the layer answers no exception; add "
                      "handles_exceptions: true, or leave this out");
    (void)snprintf(path, sizeof path, "middleware[%zu].before", i);
    code = check_work(c, path, &layer->before);
    if (code)
        return code;
    (void)snprintf(path, sizeof path, "middleware[%zu].after", i);
    return check_work(c, path, &layer->after);
}

static enum rp_code check_layers(const struct checker *c)
{
    const struct rp_scenario *const s = c->scenario;
    enum rp_code code = RP_OK;

    if (s->layer_count > RP_LAYERS_MAX)
        return refuse(c, "middleware", "found %zu layers, at most %d are read",
                      s->layer_count, RP_LAYERS_MAX);
    for (size_t i = 0; i < s->layer_count && !code; i++) {
        code = check_name(c, "middleware", name_of_layer, i);
        if (!code)
            code = check_layer(c, i);
    }
    return code;
}

/* Where a name of a rule is one of a layer. */
static enum rp_code check_rule_name(const struct checker *c, size_t i,
                                    const char *key, const char *name)
{
    const struct rp_scenario *const s = c->scenario;
    const char *names[RP_LAYERS_MAX], *near;
    char path[PATH_SIZE], found[RP_EXCERPT_SIZE], meant[RP_EXCERPT_SIZE];

    if (!name || rp_ordering_find(s, name) < s->layer_count)
        return RP_OK;
    for (size_t k = 0; k < s->layer_count; k++)
        names[k] = s->layers[k].name;
    near = rp_near_miss(name, names, s->layer_count);
    (void)snprintf(path, sizeof path, "order[%zu].%s", i, key);
    return refuse(c, path, "no layer is called \"%s\"%s%s%s",
                  rp_excerpt(name, found), near ? "; did you mean \"" : "",
                  near ? rp_excerpt(near, meant) : "", near ? "\"?" : "");
}

/* That `outer` stands before `inner`; either may be absent. */
static enum rp_code check_pair(const struct checker *c, size_t i,
                               const char *outer, const char *inner)
{
    char path[PATH_SIZE], first[RP_EXCERPT_SIZE], second[RP_EXCERPT_SIZE];

    if (!outer || !inner ||
        rp_ordering_find(c->scenario, outer) <
            rp_ordering_find(c->scenario, inner))
        return RP_OK;
    (void)snprintf(path, sizeof path, "order[%zu]", i);
    return refuse(c, path,
                  "\"%s\" is to come before \"%s\", and does not: move it, or "
                  "leave the rule out",
                  rp_excerpt(outer, first), rp_excerpt(inner, second));
}

static enum rp_code check_rules(const struct checker *c)
{
    const struct rp_scenario *const s = c->scenario;
    enum rp_code code = RP_OK;
    char path[PATH_SIZE];

    for (size_t i = 0; i < s->rule_count && !code; i++) {
        const struct rp_order_rule *const rule = &s->rules[i];

        (void)snprintf(path, sizeof path, "order[%zu]", i);
        if (!rule->after && !rule->before)
            return refuse(c, path,
                          "nothing is said: add after or before, with "
                          "the name of a layer");
        code = check_rule_name(c, i, "layer", rule->layer);
        if (!code)
            code = check_rule_name(c, i, "after", rule->after);
        if (!code)
            code = check_rule_name(c, i, "before", rule->before);
        if (!code)
            code = check_pair(c, i, rule->after, rule->layer);
        if (!code)
            code = check_pair(c, i, rule->layer, rule->before);
    }
    return code;
}

static enum rp_code check_resources(const struct checker *c)
{
    const struct rp_scenario *const s = c->scenario;
    enum rp_code code = RP_OK;
    char path[PATH_SIZE];

    if (s->resource_count > RP_RESOURCES_MAX)
        return refuse(c, "resources", "found %zu, at most %d are read",
                      s->resource_count, RP_RESOURCES_MAX);
    for (size_t i = 0; i < s->resource_count && !code; i++) {
        code = check_name(c, "resources", name_of_resource, i);
        (void)snprintf(path, sizeof path, "resources[%zu].capacity", i);
        if (!code && s->resources[i].capacity < 1)
            code = refuse(c, path, "there must be 1 or more");
    }
    return code;
}

static enum rp_code check_class(const struct checker *c, size_t i)
{
    const struct rp_request_class *const class = &c->scenario->classes[i];
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof path, "requests[%zu].share", i);
    if (!(class->share >= 0.0 && isfinite(class->share)))
        return refuse(c, path, "found %g, expected 0 or more", class->share);
    (void)snprintf(path, sizeof path, "requests[%zu].priority", i);
    if (class->priority > RP_PRIORITY_MAX)
        return refuse(c, path, "found %u, expected 0 .. %d", class->priority,
                      RP_PRIORITY_MAX);
    if (class->priority > 0 && c->scenario->server.queue == RP_QUEUE_FIFO)
        return refuse(
            c, path,
            "found %u, but nobody looks at priorities in a queue that "
            "is fifo; write server: {queue: priority}, or leave it "
            "out",
            class->priority);
    (void)snprintf(path, sizeof path, "requests[%zu].view", i);
    return check_work(c, path, &class->view);
}

static enum rp_code check_classes(const struct checker *c)
{
    const struct rp_scenario *const s = c->scenario;
    enum rp_code code = RP_OK;
    double sum = 0.0;

    if (s->class_count > RP_CLASSES_MAX)
        return refuse(c, "requests", "found %zu classes, at most %d are read",
                      s->class_count, RP_CLASSES_MAX);
    for (size_t i = 0; i < s->class_count && !code; i++) {
        code = check_name(c, "requests", name_of_class, i);
        if (!code)
            code = check_class(c, i);
        sum += s->classes[i].share;
    }
    if (!code && s->class_count > 0 && !(sum > 0.0))
        return refuse(c, "requests",
                      "all shares are 0, so nothing is ever asked for; give "
                      "one of them a share of more than 0");
    return code;
}

static enum rp_code check_queue(const struct checker *c)
{
    if (c->scenario->server.queue == RP_QUEUE_FIFO ||
        c->scenario->class_count > 1)
        return RP_OK;
    return refuse(c, "server.queue",
                  "found priority, but there is one class of requests only; "
                  "name several under requests, or leave queue out");
}

static enum rp_code check_trace(const struct checker *c)
{
    const struct rp_load *const l = &c->scenario->load;

    if (l->curve.kind != RP_CURVE_FLAT || l->process != RP_PROCESS_POISSON)
        return refuse(c, "load.trace",
                      "a trace has its own times: leave process and curve out");
    if (l->timestamps.count < 2 || !l->timestamps.at_ns)
        return refuse(c, "load.trace", "there must be two requests or more");
    if (!(l->trace_speed > 0.0 && l->trace_speed <= 1000.0))
        return refuse(c, "load.trace_speed", "must be more than 0, to 1000");
    return RP_OK;
}

static enum rp_code check_pattern(const struct checker *c)
{
    const struct rp_load *const l = &c->scenario->load;
    struct rp_curve curve = l->curve;
    const char *key = "", *fault = NULL;
    char path[PATH_SIZE];

    if (l->trace)
        return check_trace(c);
    if (curve.kind != RP_CURVE_FLAT && l->process != RP_PROCESS_POISSON)
        return refuse(c, "load.curve",
                      "a curve has Poisson arrivals at any moment, but the "
                      "process is %s; leave one of the two out",
                      rp_process_word(l->process));
    curve.rate_per_s = l->rate_per_s;
    if (l->process == RP_PROCESS_MMPP)
        fault = rp_mmpp_fault(&l->mmpp, &key);
    if (!fault)
        fault = rp_curve_fault(&curve, &key);
    (void)snprintf(path, sizeof path, "load.%s", key);
    return fault ? refuse(c, path, "%s", fault) : RP_OK;
}

static enum rp_code check_arrivals(const struct checker *c)
{
    const struct rp_load *const l = &c->scenario->load;
    enum rp_code code;

    if (!(l->rate_per_s > 0.0 && l->rate_per_s <= RP_RATE_MAX_PER_S))
        return refuse(c, "load.rate",
                      "an open load needs a rate of more than 0/s");
    if (!(1e9 / l->rate_per_s <= RP_DURATION_MAX_NS))
        return refuse(c, "load.rate",
                      "found less than one request in 1000h; write a higher "
                      "rate");
    if (!(fabs(l->gap.mean_ns * l->rate_per_s - 1e9) <= 1.0))
        return refuse(c, "load.rate",
                      "the mean gap is not 1/rate: set both, or read them "
                      "from a file");
    if (l->gap.shape != rp_process_shape(l->process))
        return refuse(c, "load.process",
                      "the gaps are %s, which those of %s are not: set both, "
                      "or read them from a file",
                      rp_shape_word(l->gap.shape), rp_process_word(l->process));
    code = check_duration(c, "load", "cv", &l->gap);
    return code ? code : check_pattern(c);
}

/* Who finds the door closed and has nothing to wait for knocks again at once,
 * and so on for ever: time would stand still. */
static bool knocks_for_ever(const struct rp_scenario *s)
{
    const struct rp_load *const l = &s->load;

    return l->kind == RP_LOAD_CLOSED && s->server.backlog > 0 &&
           l->clients > s->server.backlog && !(l->think.mean_ns > 0.0) &&
           l->retries == 0;
}

static enum rp_code check_patience(const struct checker *c)
{
    const struct rp_load *const l = &c->scenario->load;

    if (!(l->timeout_ns >= 0.0 && l->timeout_ns <= RP_DURATION_MAX_NS))
        return refuse(c, "load.timeout", "must be 0ms .. 1000h");
    if (l->retries > RP_LOAD_RETRIES_MAX)
        return refuse(c, "load.retries", "found %u, expected 0 .. %d",
                      l->retries, RP_LOAD_RETRIES_MAX);
    if (l->retries > 0 && !(l->timeout_ns > 0.0) &&
        c->scenario->server.backlog == 0)
        return refuse(c, "load.retries",
                      "found %u, but nobody leaves or is turned away who could "
                      "try again; give load.timeout or server.backlog, or "
                      "leave retries out",
                      l->retries);
    if (l->retries > 0 && !(l->backoff.mean_ns > 0.0))
        return refuse(c, "load.backoff",
                      "who tries again at once finds what was there before; "
                      "write backoff: 100ms");
    if (knocks_for_ever(c->scenario))
        return refuse(c, "server.backlog",
                      "%u clients that are turned away would ask again at the "
                      "same instant, without end; give load.think or "
                      "load.retries, or leave backlog out",
                      l->clients);
    return check_duration(c, "load", "backoff", &l->backoff);
}

static enum rp_code check_load(const struct checker *c)
{
    const struct rp_load *const l = &c->scenario->load;

    switch (l->kind) {
    case RP_LOAD_CLOSED:
        if (l->clients < 1)
            return refuse(c, "load.clients", "there must be 1 or more");
        if (l->client != RP_CLIENT_IDEAL && l->client != RP_CLIENT_AB)
            return refuse(c, "load.client", "the client is not ideal or ab");
        return check_duration(c, "load", "think", &l->think);
    case RP_LOAD_OPEN:
        return check_arrivals(c);
    }
    return refuse(c, "load.kind", "the kind is not closed or open");
}

static enum rp_code check_run(const struct checker *c)
{
    const struct rp_run *const r = &c->scenario->run;
    const bool by_time = r->duration_ns > 0.0;

    if (!(r->duration_ns >= 0.0 && r->duration_ns <= RP_DURATION_MAX_NS))
        return refuse(c, "run.duration", "must be 0ms .. 1000h");
    if (by_time == (r->requests > 0))
        return refuse(c, "run",
                      "the length is either so many requests or a duration; "
                      "give one of the two");
    if (r->replications < 1)
        return refuse(c, "run.replications", "there must be 1 or more");
    if (!(r->precision >= 0.0 && r->precision <= 0.5))
        return refuse(c, "run.precision", "must be 0.01%% .. 50%%");
    if (r->precision > 0.0 && r->max_replications < r->replications)
        return refuse(c, "run.replications",
                      "%u are more than run.max_replications, %u; raise that",
                      r->replications, r->max_replications);
    return RP_OK;
}

enum rp_code rp_check_scenario(const struct rp_scenario *scenario,
                               const struct rp_node *root,
                               struct rp_error *error)
{
    const struct checker c = {
        .scenario = scenario, .root = root, .error = error};
    enum rp_code code = check_framework(&c);

    if (!code)
        code = check_server(&c);
    if (!code)
        code = check_resources(&c);
    if (!code)
        code = check_layers(&c);
    if (!code)
        code = check_rules(&c);
    if (!code)
        code = check_classes(&c);
    if (!code)
        code = check_queue(&c);
    if (!code && scenario->class_count == 0)
        code = check_work(&c, "view", &scenario->view);
    if (!code)
        code = check_waits(&c);
    if (!code)
        code = check_load(&c);
    if (!code)
        code = check_patience(&c);
    return code ? code : check_run(&c);
}

/* ---- Profiles ---- */

#define NO_LINE "expected UTF-8 text on one line"

/* Whether a text is one, on one line; NULL and "" are "not known". */
static enum rp_code check_texts(const struct checker *c)
{
    const struct rp_profile *const p = c->profile;
    const struct {
        const char *path, *text;
    } texts[] = {
        {"provenance.made_by", p->made_by},
        {"provenance.made_on", p->made_on},
        {"platform.framework", p->framework},
        {"platform.framework_version", p->framework_version},
        {"platform.asgiref_version", p->asgiref_version},
        {"platform.python_version", p->python_version},
        {"platform.cpu", p->cpu},
        {"platform.measured_on", p->measured_on},
    };
    char path[PATH_SIZE];

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text && !rp_utf8_is_line(texts[i].text))
            return refuse(c, texts[i].path, NO_LINE);
    for (size_t i = 0; i < p->source_count; i++)
        if (!p->sources[i] || !p->sources[i][0] ||
            !rp_utf8_is_line(p->sources[i])) {
            (void)snprintf(path, sizeof path, "provenance.sources[%zu]", i);
            return refuse(c, path, NO_LINE);
        }
    return RP_OK;
}

static enum rp_code check_provenance(const struct checker *c)
{
    const struct rp_profile *const p = c->profile;
    const char *missing = NULL;

    if (p->runs == 0)
        missing = "provenance.runs";
    if (p->source_count == 0)
        missing = "provenance.sources";
    if (!p->made_on || !p->made_on[0])
        missing = "provenance.made_on";
    if (!p->made_by || !p->made_by[0])
        missing = "provenance.made_by";
    if (missing)
        return refuse(c, missing,
                      "is missing, and costs of unknown origin are worth "
                      "nothing: a profile says who made it, when, and from "
                      "which runs; make it with reqpath calibrate");
    return check_texts(c);
}

static enum rp_code check_rounds(const struct checker *c)
{
    const struct rp_profile *const p = c->profile;

    for (size_t i = 0; i < p->round_count; i++) {
        const struct rp_round *const r = &p->rounds[i];

        if (!r->campaign || !r->campaign[0] || !rp_utf8_is_line(r->campaign))
            return refuse(c, "rounds", NO_LINE);
        if (!(r->speed > 0.0 && isfinite(r->speed)))
            return refuse(c, "rounds", "a speed is more than 0");
        for (size_t k = 0; k < i; k++)
            if (p->rounds[k].number == r->number &&
                strcmp(p->rounds[k].campaign, r->campaign) == 0)
                return refuse(c, "rounds", "round %u of %s is there twice",
                              r->number, r->campaign);
    }
    return RP_OK;
}

static enum rp_code check_spread(const struct checker *c, const char *path,
                                 const struct rp_spread *spread)
{
    /* What is written must be readable after rounding to its digits. */
    const double near = c->root ? 2e-3 : 1e-3;
    double mean;

    if (!rp_spread_valid(spread))
        return refuse(c, path,
                      "p0 .. p99 are multiples of the mean, 0 or more, that "
                      "do not fall, and the tail is 0 or more");
    mean = rp_spread_mean(spread);
    if (!(fabs(mean - 1.0) <= near))
        return refuse(c, path,
                      "the mean of a spread is 1, that of these multiples is "
                      "%g; divide them by it",
                      mean);
    return RP_OK;
}

static bool is_time(double ns)
{
    return ns >= 0.0 && ns <= RP_DURATION_MAX_NS;
}

static bool same_spread(const struct rp_spread *a, const struct rp_spread *b)
{
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        if (!(a->multiple[i] == b->multiple[i]))
            return false;
    return a->tail == b->tail;
}

static size_t items_of(const struct rp_profile *profile, size_t cost)
{
    size_t count = 0;

    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        count += profile->cost_of_item[i] == (int)cost;
    return count;
}

/* A name is text of its own within the array's bounds. */
static enum rp_code check_cost_name(const struct checker *c, size_t i)
{
    const struct rp_profile *const p = c->profile;
    const char *const name = p->costs[i].name;
    char path[PATH_SIZE], text[RP_EXCERPT_SIZE];

    (void)snprintf(path, sizeof path, "costs[%zu].name", i);
    if (!memchr(name, '\0', RP_COST_NAME_SIZE) || !name[0] ||
        !rp_utf8_is_line(name))
        return refuse(c, path, NO_LINE);
    for (size_t k = 0; k < i; k++)
        if (strcmp(p->costs[k].name, name) == 0)
            return refuse(c, path,
                          "\"%s\" is the name of costs[%zu] already; each "
                          "name stands once",
                          rp_excerpt(name, text), k);
    return RP_OK;
}

static enum rp_code check_cost(const struct checker *c, size_t i)
{
    const struct rp_profile *const p = c->profile;
    const struct rp_cost *const cost = &p->costs[i];
    char path[PATH_SIZE];
    enum rp_code code = check_cost_name(c, i);

    if (code)
        return code;
    (void)snprintf(path, sizeof path, "costs[%zu]", i);
    if (items_of(p, i) == 0)
        return refuse(c, path, "the cost prices no item; name one, or drop it");
    if (!is_time(cost->mean_ns) || !is_time(cost->se_ns))
        return refuse(c, path, "mean and se must be 0ms .. 1000h");
    (void)snprintf(path, sizeof path, "costs[%zu].spread", i);
    if (cost->spread_pooled && !same_spread(&cost->spread, &p->request_spread))
        return refuse(c, path,
                      "a pooled spread is that of the average request, and "
                      "this one is another");
    return check_spread(c, path, &cost->spread);
}

static enum rp_code check_costs(const struct checker *c)
{
    const struct rp_profile *const p = c->profile;
    enum rp_code code = RP_OK;

    if (p->cost_count == 0)
        return refuse(c, "costs", "there is none, so nothing can be priced");
    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        if (p->cost_of_item[i] < -1 || p->cost_of_item[i] >= (int)p->cost_count)
            return refuse(c, "costs", "the cost of %s is not one of the %zu",
                          rp_item_name((enum rp_item)i), p->cost_count);
    for (size_t i = 0; i < p->cost_count && !code; i++)
        code = check_cost(c, i);
    return code;
}

/* Rounding makes a correlation a little more than 1. */
static const double rounding = 1e-6;

static double cell(const struct rp_profile *p, size_t i, size_t j)
{
    return p->covariance_ns2[i * p->cost_count + j];
}

static enum rp_code check_covariance(const struct checker *c)
{
    const struct rp_profile *const p = c->profile;

    for (size_t i = 0; i < p->cost_count; i++) {
        const char *const name = p->costs[i].name;
        const double variance = p->costs[i].se_ns * p->costs[i].se_ns;

        if (!(fabs(cell(p, i, i) - variance) <= rounding * variance))
            return refuse(c, "costs",
                          "the variance of \"%s\" is not its standard error "
                          "squared",
                          name);
        for (size_t j = 0; j < i; j++) {
            const double most = p->costs[i].se_ns * p->costs[j].se_ns;

            if (!(fabs(cell(p, i, j)) <= (1.0 + rounding) * most))
                return refuse(c, "costs",
                              "\"%s\" and \"%s\" have no correlation from -1 "
                              "to 1",
                              p->costs[j].name, name);
            if (!(fabs(cell(p, i, j) - cell(p, j, i)) <= rounding * most))
                return refuse(c, "costs",
                              "the covariance of \"%s\" and \"%s\" is not "
                              "symmetric",
                              p->costs[j].name, name);
        }
    }
    return RP_OK;
}

static bool is_relative(double sd)
{
    return sd >= 0.0 && sd <= RP_RELATIVE_MAX;
}

static enum rp_code check_fit(const struct checker *c)
{
    const struct rp_profile *const p = c->profile;
    char path[PATH_SIZE];

    if (!(p->condition_number >= 1.0 && isfinite(p->condition_number)))
        return refuse(c, "condition_number", "expected 1 or more");
    for (unsigned k = 0; k < RP_SITUATION_COUNT; k++)
        for (unsigned i = 0; i < RP_METRIC_COUNT; i++) {
            const struct rp_accuracy *const a = &p->accuracy[k][i];

            if (is_relative(a->run_sd) && is_relative(a->misfit_sd))
                continue;
            (void)snprintf(path, sizeof path, "%s.%s",
                           rp_situation_key((enum rp_situation)k),
                           rp_metric_key((enum rp_metric)i));
            return refuse(c, path, "expected 0%% .. 1000%%");
        }
    return RP_OK;
}

enum rp_code rp_check_profile(const struct rp_profile *profile,
                              const struct rp_node *root,
                              struct rp_error *error)
{
    const struct checker c = {.profile = profile, .root = root, .error = error};
    enum rp_code code = check_provenance(&c);

    if (!code)
        code = check_fit(&c);
    if (!code)
        code = check_rounds(&c);
    if (!code)
        code = check_spread(&c, "request_spread", &profile->request_spread);
    if (!code)
        code = check_costs(&c);
    return code ? code : check_covariance(&c);
}
