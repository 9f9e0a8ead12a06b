/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/check.h"

#include "model/excerpt.h"
#include "model/framework.h"
#include "model/units.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The same checks serve a file and a scenario made in memory: `root` gives
 * the place in the file, and is NULL where there is none. */
struct checker {
    const struct rp_scenario *scenario;
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
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof path, "%s.%s", parent, name);
    if (!(d->mean_ns >= 0.0 && d->mean_ns <= RP_DURATION_MAX_NS))
        return refuse(c, path, "the mean must be 0ms .. 1000h");
    if (!(d->cv >= 0.0 && d->cv <= 20.0))
        return refuse(c, path, "the cv must be 0 .. 20");
    switch (d->shape) {
    case RP_SHAPE_CONSTANT:
        return d->cv == 0.0 ? RP_OK
                            : refuse(c, path,
                                     "a constant has no cv, found %g; leave "
                                     "the cv out, or choose another shape",
                                     d->cv);
    case RP_SHAPE_EXPONENTIAL:
        return d->cv == 1.0
                   ? RP_OK
                   : refuse(c, path,
                            "the cv of an exponential is 1, found %g; leave "
                            "it out, or choose gamma or lognormal",
                            d->cv);
    case RP_SHAPE_GAMMA:
    case RP_SHAPE_LOGNORMAL:
        return d->cv > 0.0 ? RP_OK
                           : refuse(c, path,
                                    "%s needs a cv of more than 0; without "
                                    "one it is constant",
                                    rp_shape_word(d->shape));
    case RP_SHAPE_HYPEREXPONENTIAL:
        return d->cv > 1.0 ? RP_OK
                           : refuse(c, path,
                                    "a hyperexponential has a cv of more than "
                                    "1, found %g; choose gamma for less",
                                    d->cv);
    }
    return refuse(c, path, "the shape is not one of those known");
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

static bool has_worker_threads(enum rp_server_kind kind)
{
    return kind == RP_SERVER_GTHREAD || kind == RP_SERVER_RUNSERVER;
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
    if (c->scenario->cores < 1)
        return refuse(c, "host.cores", "there must be 1 or more");
    return RP_OK;
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
    (void)snprintf(path, sizeof path, "middleware[%zu].before", i);
    code = check_work(c, path, &layer->before);
    if (code)
        return code;
    (void)snprintf(path, sizeof path, "middleware[%zu].after", i);
    return check_work(c, path, &layer->after);
}

/* The index of an earlier name that is the same; `i` where there is none. */
static size_t same_layer(const struct rp_scenario *s, size_t i)
{
    size_t k = 0;

    while (k < i && strcmp(s->layers[k].name, s->layers[i].name) != 0)
        k++;
    return k;
}

static enum rp_code check_layers(const struct checker *c)
{
    const struct rp_scenario *const s = c->scenario;
    enum rp_code code = RP_OK;
    char path[PATH_SIZE], name[RP_EXCERPT_SIZE];

    if (s->layer_count > RP_LAYERS_MAX)
        return refuse(c, "middleware", "found %zu layers, at most %d are read",
                      s->layer_count, RP_LAYERS_MAX);
    for (size_t i = 0; i < s->layer_count && !code; i++) {
        (void)snprintf(path, sizeof path, "middleware[%zu].name", i);
        if (!s->layers[i].name)
            return refuse(c, path, "the name is missing");
        if (same_layer(s, i) < i)
            return refuse(c, path,
                          "\"%s\" is the name of layer %zu already; each name "
                          "stands once",
                          rp_excerpt(s->layers[i].name, name),
                          same_layer(s, i) + 1);
        code = check_layer(c, i);
    }
    return code;
}

static enum rp_code check_resources(const struct checker *c)
{
    const struct rp_scenario *const s = c->scenario;
    char path[PATH_SIZE], name[RP_EXCERPT_SIZE];

    if (s->resource_count > RP_RESOURCES_MAX)
        return refuse(c, "resources", "found %zu, at most %d are read",
                      s->resource_count, RP_RESOURCES_MAX);
    for (size_t i = 0; i < s->resource_count; i++) {
        const struct rp_resource *const r = &s->resources[i];

        (void)snprintf(path, sizeof path, "resources[%zu].name", i);
        if (!r->name)
            return refuse(c, path, "the name is missing");
        for (size_t k = 0; k < i; k++)
            if (strcmp(s->resources[k].name, r->name) == 0)
                return refuse(c, path,
                              "\"%s\" is the name of resource %zu already; "
                              "each name stands once",
                              rp_excerpt(r->name, name), k + 1);
        (void)snprintf(path, sizeof path, "resources[%zu].capacity", i);
        if (r->capacity < 1)
            return refuse(c, path, "there must be 1 or more");
    }
    return RP_OK;
}

static enum rp_code check_arrivals(const struct checker *c)
{
    const struct rp_load *const l = &c->scenario->load;

    if (!(l->rate_per_s > 0.0 && l->rate_per_s <= RP_RATE_MAX_PER_S))
        return refuse(c, "load.rate",
                      "an open load needs a rate of more than 0/s");
    if (!(fabs(l->gap.mean_ns * l->rate_per_s - 1e9) <= 1.0))
        return refuse(c, "load.rate",
                      "the mean gap is not 1/rate: set both, or read them "
                      "from a file");
    if (l->gap.shape == RP_SHAPE_LOGNORMAL)
        return refuse(c, "load.process",
                      "arrivals are poisson, deterministic, gamma or "
                      "hyperexponential");
    return check_duration(c, "load", "cv", &l->gap);
}

static enum rp_code check_load(const struct checker *c)
{
    const struct rp_load *const l = &c->scenario->load;

    switch (l->kind) {
    case RP_LOAD_CLOSED:
        if (l->clients < 1)
            return refuse(c, "load.clients", "there must be 1 or more");
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
    if (r->replications < 2)
        return refuse(c, "run.replications",
                      "there must be 2 or more, or no interval can be given");
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
        code = check_work(&c, "view", &scenario->view);
    if (!code)
        code = check_load(&c);
    return code ? code : check_run(&c);
}
