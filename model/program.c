/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/program.h"

#include "model/check.h"
#include "model/framework.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- The chain that load_middleware() builds, once, at start-up ---- */

/* How the callable inside a layer is adapted to the layer's mode. */
enum adapter { PLAIN, TO_ASYNC, TO_SYNC };

struct link {
    bool runs_async;      /* the mode of the layer */
    enum adapter outside; /* around the layer */
    enum adapter inside;  /* around what the layer calls */
};

/* Everything that emitting steps needs to know. */
struct compiler {
    const struct rp_scenario *scenario;
    struct rp_program *program;
    struct rp_rules rules;
    struct link *links; /* one a layer, outermost first */
    bool chain_async;   /* the mode of _get_response and of the hooks */
    enum rp_code code;  /* the first failure; later steps are dropped */
    enum rp_place here; /* where the next step runs */
    unsigned depth;
    unsigned a2s_depth;  /* enclosing async_to_sync calls: > 0 gives
                            sync_to_async the blocked caller's thread */
    enum rp_place outer; /* the loop that made the innermost enclosing
                            sync_to_async call, where there is one */
    bool inside_s2a;
    bool context_thread_runs; /* the request's own thread was started */
};

static bool can_run_sync(enum rp_layer_kind kind)
{
    return kind != RP_LAYER_ASYNC;
}

static bool can_run_async(enum rp_layer_kind kind)
{
    return kind != RP_LAYER_SYNC;
}

static enum adapter adapt(bool to_async, bool is_async)
{
    if (to_async == is_async)
        return PLAIN;
    return to_async ? TO_ASYNC : TO_SYNC;
}

/* Two parallel paths: a layer runs in the mode of what is inside it where it
 * can, so that crossings are rare. */
static void link_layers(struct compiler *c)
{
    const struct rp_scenario *s = c->scenario;
    bool mode = c->chain_async;

    for (size_t i = s->layer_count; i-- > 0;) {
        const enum rp_layer_kind kind = s->layers[i].kind;
        const bool sync = !mode && can_run_sync(kind);
        const bool wanted = sync ? false : can_run_async(kind);

        c->links[i].runs_async = wanted;
        c->links[i].inside = adapt(wanted, mode);
        mode = wanted;
    }
    if (s->layer_count > 0)
        c->links[0].outside = adapt(c->chain_async, mode);
}

/* The single path of 2019: everything is awaited, so each sync layer is
 * wrapped on both sides. Hybrids came later; there, a mixin is a sync layer
 * and a hybrid function runs async. */
static void link_single(struct compiler *c)
{
    const struct rp_scenario *s = c->scenario;

    for (size_t i = 0; i < s->layer_count; i++) {
        const enum rp_layer_kind kind = s->layers[i].kind;

        c->links[i].runs_async =
            kind == RP_LAYER_ASYNC || kind == RP_LAYER_HYBRID;
        c->links[i].outside = adapt(true, c->links[i].runs_async);
        c->links[i].inside = adapt(c->links[i].runs_async, true);
    }
}

/* ---- Steps ---- */

static void grow(struct compiler *c)
{
    struct rp_program *p = c->program;
    const size_t wanted = p->capacity ? 2 * p->capacity : 64;
    struct rp_step *const steps = realloc(p->steps, wanted * sizeof *steps);

    if (!steps) {
        c->code = RP_ERR_MEMORY;
        return;
    }
    p->steps = steps;
    p->capacity = wanted;
}

static void emit(struct compiler *c, struct rp_step step)
{
    if (!c->code && c->program->step_count == c->program->capacity)
        grow(c);
    if (c->code)
        return;
    step.depth = c->depth;
    c->program->steps[c->program->step_count++] = step;
}

static void emit_item(struct compiler *c, enum rp_item item, int origin,
                      const char *what)
{
    emit(c, (struct rp_step){.op = RP_STEP_CPU,
                             .place = c->here,
                             .item = item,
                             .share = 1.0,
                             .origin = origin,
                             .what = what});
}

static void emit_own(struct compiler *c, enum rp_op op,
                     struct rp_duration duration, int origin, const char *what)
{
    emit(c, (struct rp_step){.op = op,
                             .place = c->here,
                             .item = RP_ITEM_NONE,
                             .own = duration,
                             .origin = origin,
                             .what = what});
}

static void emit_resource(struct compiler *c, enum rp_op op, size_t resource,
                          int origin)
{
    emit(c, (struct rp_step){.op = op,
                             .place = c->here,
                             .item = RP_ITEM_NONE,
                             .resource = resource,
                             .origin = origin,
                             .what = op == RP_STEP_TAKE ? "take" : "give"});
}

/* What the scenario says that a layer or view does itself. */
static void emit_work(struct compiler *c, const struct rp_work *work,
                      int origin)
{
    if (work->cpu.mean_ns > 0.0)
        emit_own(c, RP_STEP_CPU, work->cpu, origin, "own CPU");
    if (work->wait.mean_ns <= 0.0)
        return;
    for (unsigned i = 0; i < work->calls; i++) {
        if (work->resource != RP_NO_RESOURCE)
            emit_resource(c, RP_STEP_TAKE, work->resource, origin);
        emit_own(c, RP_STEP_WAIT, work->wait, origin, "own wait");
        if (work->resource != RP_NO_RESOURCE)
            emit_resource(c, RP_STEP_GIVE, work->resource, origin);
    }
}

/* ---- Crossings ---- */

/* What a crossing changes, to be put back by leave(). */
struct bracket {
    enum rp_crossing cross;
    enum rp_place place; /* where it went */
    enum rp_item item;
    int origin;
    const char *what;
    enum rp_place here, outer;
    bool inside_s2a;
};

static struct bracket enter(struct compiler *c, enum rp_crossing cross,
                            enum rp_place place, enum rp_item item, int origin,
                            const char *what)
{
    const struct bracket b = {cross, place,   item,     origin,
                              what,  c->here, c->outer, c->inside_s2a};

    emit(c, (struct rp_step){.op = RP_STEP_ENTER,
                             .place = place,
                             .cross = cross,
                             .item = item,
                             .share = 0.5,
                             .origin = origin,
                             .what = what});
    c->depth++;
    if (cross == RP_CROSS_S2A) {
        c->outer = c->here;
        c->inside_s2a = true;
    } else {
        c->a2s_depth++;
        c->inside_s2a = false;
    }
    c->here = place;
    return b;
}

static void leave(struct compiler *c, const struct bracket *b)
{
    c->depth--;
    emit(c, (struct rp_step){.op = RP_STEP_LEAVE,
                             .place = b->place,
                             .cross = b->cross,
                             .item = b->item,
                             .share = 0.5,
                             .origin = b->origin,
                             .what = b->what});
    if (b->cross == RP_CROSS_A2S)
        c->a2s_depth--;
    c->here = b->here;
    c->outer = b->outer;
    c->inside_s2a = b->inside_s2a;
}

/* The request's own thread is started by the first call that needs it. */
static void start_context_thread(struct compiler *c)
{
    if (!c->context_thread_runs)
        emit_item(c, RP_ITEM_THREAD_CONTEXT, RP_ORIGIN_HANDLER,
                  "ThreadSensitiveContext");
    c->context_thread_runs = true;
}

/* sync_to_async: the first of these that applies. */
static struct bracket enter_s2a(struct compiler *c, bool sensitive, int origin,
                                const char *what)
{
    enum rp_place place = RP_PLACE_SENSITIVE;
    enum rp_item item = RP_ITEM_S2A_SENSITIVE;

    if (!sensitive) {
        place = RP_PLACE_POOL;
        item = RP_ITEM_S2A_POOL;
    } else if (c->a2s_depth > 0) {
        place = RP_PLACE_CALLER;
        item = RP_ITEM_S2A_CALLER;
    } else if (c->rules.context_thread) {
        place = RP_PLACE_CONTEXT;
        item = RP_ITEM_S2A_CONTEXT;
        start_context_thread(c);
    }
    return enter(c, RP_CROSS_S2A, place, item, origin, what);
}

/* Does async_to_sync find a loop that runs? `built_at_start` is true for the
 * chain and its hooks, false for an object made in the request. */
static bool finds_loop(const struct compiler *c, bool built_at_start,
                       enum rp_place *loop)
{
    const bool asgi = rp_server_is_asgi(c->scenario->server.kind);

    *loop = c->outer;
    if (built_at_start && c->rules.lookup == RP_LOOKUP_AT_BUILD) {
        *loop = RP_PLACE_LOOP;
        return asgi && c->scenario->server.app_built_in_loop;
    }
    /* Under WSGI a chain object keeps the loop of the first request, which is
     * closed by the second: a steady request makes new ones. */
    if (built_at_start && c->rules.lookup == RP_LOOKUP_CACHED && !asgi)
        return false;
    return c->inside_s2a;
}

static struct bracket enter_a2s(struct compiler *c, bool built_at_start,
                                int origin, const char *what)
{
    /* Measured under gunicorn, the second new loop of a request costs 40 % less
     * than the first; under daphne as much. */
    const bool nested =
        c->a2s_depth > 0 && !rp_server_is_asgi(c->scenario->server.kind);
    enum rp_place loop;

    if (!finds_loop(c, built_at_start, &loop))
        return enter(c, RP_CROSS_A2S, RP_PLACE_INNER_LOOP,
                     nested ? RP_ITEM_A2S_NESTED : RP_ITEM_A2S_NEW, origin,
                     what);
    if (loop != RP_PLACE_LOOP)
        loop = RP_PLACE_OUTER_LOOP;
    return enter(c, RP_CROSS_A2S, loop, RP_ITEM_A2S_REUSE, origin, what);
}

/* An adapter of the chain: enters where it crosses. */
static bool enter_adapter(struct compiler *c, enum adapter adapter, int origin,
                          const char *what, struct bracket *bracket)
{
    switch (adapter) {
    case PLAIN:
        return false;
    case TO_ASYNC:
        *bracket = enter_s2a(c, true, origin, what);
        return true;
    case TO_SYNC:
        *bracket = enter_a2s(c, true, origin, what);
        return true;
    }
    return false;
}

/* A call of no cost of its own but its crossing: a hook, a signal. */
static void cross_only(struct compiler *c, enum adapter adapter, int origin,
                       const char *what)
{
    struct bracket b;

    if (enter_adapter(c, adapter, origin, what, &b))
        leave(c, &b);
}

/* ---- What a request does ---- */

static bool has(const struct rp_layer *layer, unsigned hooks)
{
    return (layer->hooks & hooks) != 0;
}

/* process_view runs outermost first, process_template_response innermost
 * first; both are adapted to the chain's mode. */
static void hook(struct compiler *c, size_t layer, unsigned sync_hook,
                 unsigned async_hook, const char *what)
{
    const struct rp_layer *l = &c->scenario->layers[layer];

    if (has(l, sync_hook))
        cross_only(c, adapt(c->chain_async, false), (int)layer, what);
    if (has(l, async_hook))
        cross_only(c, adapt(c->chain_async, true), (int)layer, what);
}

/* How the hooks of an exception end. */
enum handling { UNHANDLED, HANDLED, HANDLED_WITH_ERROR };

/* process_exception hooks are adapted to sync, and run innermost first until
 * one answers. */
static enum handling exception_hooks(struct compiler *c)
{
    for (size_t i = c->scenario->layer_count; i-- > 0;) {
        const struct rp_layer *l = &c->scenario->layers[i];

        if (!has(l, RP_HOOK_EXCEPTION | RP_HOOK_EXCEPTION_ASYNC))
            continue;
        if (has(l, RP_HOOK_EXCEPTION_ASYNC))
            cross_only(c, TO_SYNC, (int)i, "process_exception");
        if (l->handles_exceptions)
            return l->handles_with_error ? HANDLED_WITH_ERROR : HANDLED;
    }
    return UNHANDLED;
}

/* The view raised: is there a response? Under an async chain the hooks run
 * through one crossing, as a unit. */
static enum handling handle_exception(struct compiler *c)
{
    struct bracket b;
    enum handling handled;

    if (!c->chain_async)
        return exception_hooks(c);
    b = enter_s2a(c, true, RP_ORIGIN_HANDLER, "process_exception hooks");
    handled = exception_hooks(c);
    leave(c, &b);
    return handled;
}

/* response_for_exception: on the pool where the chain is async. */
static void error_response(struct compiler *c)
{
    if (c->chain_async) {
        const struct bracket b =
            enter_s2a(c, false, RP_ORIGIN_HANDLER, "response_for_exception");
        emit_item(c, RP_ITEM_ERROR_RESPONSE, RP_ORIGIN_HANDLER,
                  "response_for_exception");
        leave(c, &b);
    } else {
        emit_item(c, RP_ITEM_ERROR_RESPONSE, RP_ORIGIN_HANDLER,
                  "response_for_exception");
    }
}

static void call_view(struct compiler *c)
{
    const struct rp_scenario *s = c->scenario;
    struct bracket b;
    const bool crosses = s->view_async != c->chain_async;

    if (crosses)
        b = s->view_async ? enter_a2s(c, false, RP_ORIGIN_VIEW, "async view")
                          : enter_s2a(c, true, RP_ORIGIN_VIEW, "sync view");
    emit_work(c, &s->view, RP_ORIGIN_VIEW);
    if (crosses)
        leave(c, &b);
}

static void render(struct compiler *c)
{
    struct bracket b = {0};

    for (size_t i = c->scenario->layer_count; i-- > 0;)
        hook(c, i, RP_HOOK_TEMPLATE, RP_HOOK_TEMPLATE_ASYNC,
             "process_template_response");
    if (c->chain_async)
        b = enter_s2a(c, true, RP_ORIGIN_VIEW, "render");
    emit_item(c, RP_ITEM_RENDER, RP_ORIGIN_VIEW, "render");
    if (c->chain_async)
        leave(c, &b);
}

/* Returns true where the response is an error. */
static bool raised(struct compiler *c)
{
    const enum handling handled = handle_exception(c);

    if (handled == UNHANDLED)
        error_response(c);
    return handled != HANDLED;
}

/* _get_response or _get_response_async, the innermost of the chain.
 * Returns true where the response is an error. */
static bool get_response(struct compiler *c)
{
    const struct rp_scenario *s = c->scenario;

    if (s->outcome == RP_OUTCOME_404) { /* nothing to call was found */
        error_response(c);
        return true;
    }
    for (size_t i = 0; i < s->layer_count; i++)
        hook(c, i, RP_HOOK_VIEW, RP_HOOK_VIEW_ASYNC, "process_view");
    call_view(c);
    if (s->outcome == RP_OUTCOME_TEMPLATE)
        render(c);
    return s->outcome == RP_OUTCOME_RAISE && raised(c);
}

/* A mixin that runs async crosses for each of its two methods. */
static void mixin_method(struct compiler *c, size_t layer, unsigned which,
                         const char *what)
{
    const struct rp_layer *l = &c->scenario->layers[layer];

    if (l->kind == RP_LAYER_MIXIN && c->links[layer].runs_async &&
        has(l, which)) {
        const struct bracket b =
            enter_s2a(c, c->rules.sensitive_default, (int)layer, what);
        leave(c, &b);
    }
}

/* The layers from the i-th on, and what is inside them. Returns true where
 * the response is an error. The recursion is as deep as the stack of layers,
 * which RP_LAYERS_MAX bounds. */
static bool call_layers(struct compiler *c, size_t i)
{
    const struct rp_scenario *s = c->scenario;
    struct bracket outside, inside;

    if (i == s->layer_count)
        return get_response(c);

    const struct rp_layer *const l = &s->layers[i];
    const struct link *const link = &c->links[i];
    const int next = i + 1 < s->layer_count ? (int)(i + 1) : RP_ORIGIN_HANDLER;
    const bool crossed =
        enter_adapter(c, link->outside, (int)i, "layer", &outside);

    emit_item(c, rp_item_layer(l->kind, link->runs_async), (int)i,
              link->runs_async ? "async layer" : "sync layer");
    mixin_method(c, i, RP_HOOK_REQUEST, "process_request");
    emit_work(c, &l->before, (int)i);

    const bool crossed_inside = enter_adapter(
        c, link->inside, next, next < 0 ? "get_response" : "layer", &inside);
    const bool failed = call_layers(c, i + 1);

    if (crossed_inside)
        leave(c, &inside);
    emit_work(c, &l->after, (int)i);
    mixin_method(c, i, RP_HOOK_RESPONSE, "process_response");
    if (crossed)
        leave(c, &outside);
    return failed;
}

/* The handler's get_response: the chain, and the log of an error. */
static void call_chain(struct compiler *c)
{
    struct bracket b;

    if (!call_layers(c, 0) || !c->chain_async)
        return;
    b = enter_s2a(c, false, RP_ORIGIN_HANDLER, "log_response");
    leave(c, &b);
}

/* A signal or close(): through sync_to_async, by that version's default. */
static void signal_crossing(struct compiler *c, const char *what)
{
    const struct bracket b =
        enter_s2a(c, c->rules.sensitive_default, RP_ORIGIN_HANDLER, what);

    leave(c, &b);
}

static void asgi_request(struct compiler *c)
{
    const struct rp_framework *f = &c->scenario->framework;

    emit_item(c, rp_item_base(c->scenario->server.kind), RP_ORIGIN_SERVER,
              "ASGI handler");
    if (!f->signals_async_aware)
        signal_crossing(c, "request_started");
    call_chain(c);
    /* the handler sends the response, and closes it then (Django,
     * core/handlers/asgi.py, send_response) */
    c->program->answer_step = c->program->step_count;
    if (!f->close_async_aware && f->path != RP_PATH_SINGLE)
        signal_crossing(c, "response.close");
    if (c->rules.joining_thread && c->context_thread_runs)
        emit_item(c, RP_ITEM_THREAD_JOIN, RP_ORIGIN_HANDLER,
                  "ThreadSensitiveContext ends");
}

static void wsgi_request(struct compiler *c)
{
    struct bracket b;

    emit_item(c, rp_item_base(c->scenario->server.kind), RP_ORIGIN_SERVER,
              "WSGI handler");
    if (!c->chain_async) {
        call_chain(c);
        return;
    }
    b = enter_a2s(c, true, RP_ORIGIN_HANDLER, "async chain");
    call_chain(c);
    leave(c, &b);
}

/* The 2019 branch knew no per-request thread, whatever the version asked for,
 * and its chain was built before any loop ran. */
static void rules_of_2019(struct rp_rules *rules)
{
    rules->lookup = RP_LOOKUP_AT_BUILD;
    rules->context_thread = false;
    rules->joining_thread = false;
}

static void compile(struct compiler *c)
{
    const bool asgi = rp_server_is_asgi(c->scenario->server.kind);
    const bool single = c->scenario->framework.path == RP_PATH_SINGLE;

    if (single)
        rules_of_2019(&c->rules);
    c->chain_async = asgi || c->scenario->framework.path != RP_PATH_DUAL;
    c->here = asgi ? RP_PLACE_LOOP : RP_PLACE_WORKER;
    c->program->start = c->here;
    c->program->beyond_known = c->rules.beyond_known;
    if (single)
        link_single(c);
    else
        link_layers(c);
    if (asgi) {
        asgi_request(c);
    } else {
        wsgi_request(c);
        c->program->answer_step = c->program->step_count;
    }
}

enum rp_code rp_program_compile(struct rp_program *program,
                                const struct rp_scenario *scenario,
                                struct rp_error *error)
{
    struct rp_program fresh = {0};
    struct compiler c = {.scenario = scenario, .program = &fresh};

    *program = fresh;
    if (scenario->layer_count > RP_LAYERS_MAX)
        return rp_fail(error, RP_ERR_VALUE,
                       "%zu layers of middleware: at most %d can be compiled",
                       scenario->layer_count, RP_LAYERS_MAX);
    c.code = rp_rules_find(&scenario->framework, &c.rules, error);
    if (c.code)
        return c.code;
    c.links = calloc(scenario->layer_count + 1, sizeof *c.links);
    if (c.links)
        compile(&c);
    free(c.links);
    if (!c.links || c.code) {
        rp_program_free(&fresh);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for the program");
    }
    *program = fresh;
    return RP_OK;
}

void rp_program_free(struct rp_program *program)
{
    free(program->steps);
    *program = (struct rp_program){0};
}

/* ---- What a program holds ---- */

static void count_s2a(struct rp_counts *counts, enum rp_place place)
{
    counts->sync_to_async++;
    counts->s2a_caller += place == RP_PLACE_CALLER;
    counts->s2a_sensitive += place == RP_PLACE_SENSITIVE;
    counts->s2a_context += place == RP_PLACE_CONTEXT;
    counts->s2a_pool += place == RP_PLACE_POOL;
}

/* The ENTER of the loop that was made around step `i`; `i` itself: it runs in
 * the server's loop, or in none. */
static size_t made_loop(const struct rp_program *p, size_t i)
{
    unsigned depth = p->steps[i].depth;

    for (size_t k = i; k-- > 0;) {
        const struct rp_step *const s = &p->steps[k];

        if (s->op != RP_STEP_ENTER || s->depth >= depth)
            continue;
        depth = s->depth;
        if (s->place == RP_PLACE_LOOP)
            return i;
        if (s->place == RP_PLACE_INNER_LOOP)
            return k;
    }
    return i;
}

/* The first call that a loop's pool gets starts a thread, which takes the later
 * ones: they come one after the other. */
static bool starts_pool_thread(const struct rp_program *p, size_t i)
{
    const size_t loop = made_loop(p, i);

    if (p->steps[i].op != RP_STEP_ENTER || p->steps[i].place != RP_PLACE_POOL ||
        loop == i)
        return false;
    for (size_t k = loop + 1; k < i; k++)
        if (p->steps[k].op == RP_STEP_ENTER &&
            p->steps[k].place == RP_PLACE_POOL && made_loop(p, k) == loop)
            return false;
    return true;
}

struct rp_counts rp_program_count(const struct rp_program *program)
{
    struct rp_counts counts = {0};

    for (size_t i = 0; i < program->step_count; i++) {
        const struct rp_step *s = &program->steps[i];
        const bool enters = s->op == RP_STEP_ENTER;

        if (enters && s->cross == RP_CROSS_S2A)
            count_s2a(&counts, s->place);
        if (enters && s->cross == RP_CROSS_A2S)
            counts.async_to_sync++;
        if (enters && s->place == RP_PLACE_INNER_LOOP) {
            counts.loops_created++;
            counts.threads_created++;
        }
        counts.pool_threads += starts_pool_thread(program, i);
        counts.threads_created +=
            s->item == RP_ITEM_THREAD_CONTEXT || s->item == RP_ITEM_THREAD_JOIN;
    }
    counts.threads_created += counts.pool_threads;
    return counts;
}

void rp_program_items(const struct rp_program *program,
                      double amounts[RP_ITEM_COUNT])
{
    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        amounts[i] = 0.0;
    for (size_t i = 0; i < program->step_count; i++)
        if (program->steps[i].item != RP_ITEM_NONE)
            amounts[program->steps[i].item] += program->steps[i].share;
}

const char *rp_op_name(enum rp_op op)
{
#define RP_STEP_AS_NAME(op_, name, meaning)                                    \
    case op_:                                                                  \
        return name;
    switch (op) {
        RP_STEP_LIST(RP_STEP_AS_NAME)
    }
#undef RP_STEP_AS_NAME
    return "unknown step";
}

const char *rp_place_name(enum rp_place place)
{
#define RP_PLACE_AS_NAME(place_, name, meaning)                                \
    case place_:                                                               \
        return name;
    switch (place) {
        RP_PLACE_LIST(RP_PLACE_AS_NAME)
    }
#undef RP_PLACE_AS_NAME
    return "unknown place";
}

const char *rp_place_meaning(enum rp_place place)
{
#define RP_PLACE_AS_MEANING(place_, name, meaning)                             \
    case place_:                                                               \
        return meaning;
    switch (place) {
        RP_PLACE_LIST(RP_PLACE_AS_MEANING)
    }
#undef RP_PLACE_AS_MEANING
    return "unknown place";
}

const char *rp_crossing_name(enum rp_crossing crossing)
{
    switch (crossing) {
    case RP_CROSS_NONE:
        return NULL;
    case RP_CROSS_S2A:
        return "sync_to_async";
    case RP_CROSS_A2S:
        return "async_to_sync";
    }
    return NULL;
}

const char *rp_step_origin(const struct rp_step *step,
                           const struct rp_scenario *scenario)
{
    if (step->origin >= 0)
        return scenario->layers[step->origin].name;
    if (step->origin == RP_ORIGIN_VIEW)
        return "view";
    return step->origin == RP_ORIGIN_HANDLER ? "handler" : "server";
}
