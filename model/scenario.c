/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/scenario.h"

#include "model/check.h"
#include "model/excerpt.h"
#include "model/framework.h"
#include "model/keys.h"
#include "model/loadkeys.h"
#include "model/tree.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Words ---- */

#define TWO_AS_WORD(value, word)                                               \
    case value:                                                                \
        return word;
#define SERVER_AS_WORD(server, word, asgi, in_loop)                            \
    case server:                                                               \
        return word;

const char *rp_server_word(enum rp_server_kind kind)
{
    switch (kind) {
        RP_SERVER_LIST(SERVER_AS_WORD)
    }
    return "unknown server";
}

const char *rp_path_word(enum rp_path path)
{
    switch (path) {
        RP_PATH_LIST(TWO_AS_WORD)
    }
    return "unknown path";
}

const char *rp_layer_word(enum rp_layer_kind kind)
{
    switch (kind) {
        RP_LAYER_LIST(TWO_AS_WORD)
    }
    return "unknown layer";
}

const char *rp_outcome_word(enum rp_outcome outcome)
{
    switch (outcome) {
        RP_OUTCOME_LIST(TWO_AS_WORD)
    }
    return "unknown outcome";
}

const char *rp_shape_word(enum rp_shape shape)
{
    switch (shape) {
        RP_SHAPE_LIST(TWO_AS_WORD)
    }
    return "unknown shape";
}

const char *rp_client_word(enum rp_client_kind client)
{
    switch (client) {
        RP_CLIENT_LIST(TWO_AS_WORD)
    }
    return "unknown client";
}

const char *rp_queue_word(enum rp_queue_order queue)
{
    switch (queue) {
        RP_QUEUE_LIST(TWO_AS_WORD)
    }
    return "unknown order";
}

const char *rp_scheduling_word(enum rp_scheduling scheduling)
{
    switch (scheduling) {
        RP_SCHEDULING_LIST(TWO_AS_WORD)
    }
    return "unknown scheduling";
}

#undef TWO_AS_WORD
#undef SERVER_AS_WORD

#define PROCESS_AS_WORD(process, word, shape)                                  \
    case process:                                                              \
        return word;
#define PROCESS_AS_SHAPE(process, word, shape)                                 \
    case process:                                                              \
        return shape;

const char *rp_process_word(enum rp_process process)
{
    switch (process) {
        RP_PROCESS_LIST(PROCESS_AS_WORD)
    }
    return "unknown process";
}

enum rp_shape rp_process_shape(enum rp_process process)
{
    switch (process) {
        RP_PROCESS_LIST(PROCESS_AS_SHAPE)
    }
    return RP_SHAPE_EXPONENTIAL;
}

#undef PROCESS_AS_WORD
#undef PROCESS_AS_SHAPE

bool rp_load_is_steady(const struct rp_load *load)
{
    return load->kind == RP_LOAD_CLOSED ||
           (!load->trace && load->curve.kind == RP_CURVE_FLAT);
}

#define IF_WORD(value, text)                                                   \
    if (strcmp(word, text) == 0) {                                             \
        *found = value;                                                        \
        return true;                                                           \
    }
#define IF_SERVER(server, text, asgi, in_loop) IF_WORD(server, text)

bool rp_server_parse(const char *word, enum rp_server_kind *found)
{
    RP_SERVER_LIST(IF_SERVER)
    return false;
}

bool rp_path_parse(const char *word, enum rp_path *found)
{
    RP_PATH_LIST(IF_WORD)
    return false;
}

bool rp_outcome_parse(const char *word, enum rp_outcome *found)
{
    RP_OUTCOME_LIST(IF_WORD)
    return false;
}

#undef IF_WORD
#undef IF_SERVER

#define SERVER_AS_ASGI(server, word, asgi, in_loop)                            \
    case server:                                                               \
        return asgi;
#define SERVER_AS_IN_LOOP(server, word, asgi, in_loop)                         \
    case server:                                                               \
        return in_loop;

bool rp_server_is_asgi(enum rp_server_kind kind)
{
    switch (kind) {
        RP_SERVER_LIST(SERVER_AS_ASGI)
    }
    return false;
}

bool rp_server_builds_in_loop(enum rp_server_kind kind)
{
    switch (kind) {
        RP_SERVER_LIST(SERVER_AS_IN_LOOP)
    }
    return false;
}

#undef SERVER_AS_ASGI
#undef SERVER_AS_IN_LOOP

/* gthread's default is 4 in its users' habit; runserver starts a thread for
 * every request, which so many stand for. */
static unsigned default_threads(enum rp_server_kind kind)
{
    switch (kind) {
    case RP_SERVER_GTHREAD:
        return 4;
    case RP_SERVER_RUNSERVER:
        return 100;
    case RP_SERVER_GUNICORN:
    case RP_SERVER_DAPHNE:
    case RP_SERVER_UVICORN:
        return 1;
    }
    return 1;
}

/* ---- Making and freeing ---- */

static struct rp_work no_work(void)
{
    return (struct rp_work){.calls = 1, .resource = RP_NO_RESOURCE};
}

unsigned rp_scenario_cpus(const struct rp_scenario *scenario)
{
    return scenario->cpus > scenario->cores ? scenario->cpus : scenario->cores;
}

unsigned rp_scenario_pool_threads(const struct rp_scenario *scenario)
{
    const unsigned cpus = rp_scenario_cpus(scenario);

    return cpus < 28 ? cpus + 4 : 32;
}

uint64_t rp_scenario_slice_ns(const struct rp_scenario *scenario)
{
    const unsigned cpus = rp_scenario_cpus(scenario);
    uint64_t slice_ns = 750000;

    for (unsigned n = 2; n <= 8 && n <= cpus; n *= 2)
        slice_ns += 750000;
    return slice_ns;
}

enum rp_code rp_scenario_init(struct rp_scenario *scenario,
                              struct rp_error *error)
{
    *scenario = (struct rp_scenario){
        .file = strdup(""),
        .name = strdup(""),
        .framework = {.name = strdup("django"),
                      .version = {3, 2, 25},
                      .asgiref_version = {3, 6, 0}},
        .server = {.processes = 1, .threads = 1, .gil = true},
        .mechanisms = rp_mechanisms_default(),
        .cores = 1,
        .cpus = 2,
        .quantum_ns = 4e6,
        .view = no_work(),
        .load = {.kind = RP_LOAD_CLOSED,
                 .clients = 1,
                 .gap = {.shape = RP_SHAPE_EXPONENTIAL, .cv = 1.0},
                 .trace_speed = 1.0,
                 .backoff = {.shape = RP_SHAPE_CONSTANT, .mean_ns = 100e6}},
        .run = {.requests = 20000,
                .warm_up_auto = true,
                .replications = 5,
                .precision_of = RP_METRIC_MEAN,
                .max_replications = 100},
        .seed = 1,
    };
    if (!scenario->file || !scenario->name || !scenario->framework.name) {
        rp_scenario_free(scenario);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a scenario");
    }
    return RP_OK;
}

static void free_layers(struct rp_layer *layers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(layers[i].name);
    free(layers);
}

void rp_scenario_free(struct rp_scenario *scenario)
{
    free_layers(scenario->layers, scenario->layer_count);
    for (size_t i = 0; i < scenario->resource_count; i++)
        free(scenario->resources[i].name);
    free(scenario->resources);
    for (size_t i = 0; i < scenario->rule_count; i++) {
        free(scenario->rules[i].layer);
        free(scenario->rules[i].after);
        free(scenario->rules[i].before);
    }
    free(scenario->rules);
    free(scenario->load.trace);
    rp_timestamps_free(&scenario->load.timestamps);
    for (size_t i = 0; i < scenario->class_count; i++)
        free(scenario->classes[i].name);
    free(scenario->classes);
    free(scenario->framework.name);
    free(scenario->name);
    free(scenario->file);
    *scenario = (struct rp_scenario){0};
}

enum rp_code rp_scenario_check(const struct rp_scenario *scenario,
                               struct rp_error *error)
{
    return rp_check_scenario(scenario, NULL, error);
}

/* ---- Classes ---- */

size_t rp_scenario_class_count(const struct rp_scenario *scenario)
{
    return scenario->class_count > 0 ? scenario->class_count : 1;
}

const char *rp_scenario_class_name(const struct rp_scenario *scenario,
                                   size_t class_index)
{
    return scenario->class_count > 0 ? scenario->classes[class_index].name : "";
}

/* The view of a class becomes the scenario's. */
static void show_class(struct rp_scenario *scenario,
                       const struct rp_request_class *class)
{
    scenario->view_async = class->view_async;
    scenario->outcome = class->outcome;
    scenario->view = class->view;
}

struct rp_scenario rp_scenario_of_class(const struct rp_scenario *scenario,
                                        size_t class_index)
{
    struct rp_scenario seen = *scenario;

    assert(class_index < rp_scenario_class_count(scenario));
    if (scenario->class_count > 0)
        show_class(&seen, &scenario->classes[class_index]);
    return seen;
}

/* ---- Reading ---- */

/* An array for the children of a list. */
static enum rp_code make_array(const struct rp_node *list, size_t most,
                               size_t size, void **array,
                               struct rp_error *error)
{
    const enum rp_code code = rp_node_expect(list, RP_NODE_SEQUENCE, error);

    if (code)
        return code;
    if (list->count > most)
        return rp_node_fail(list, error, RP_ERR_VALUE,
                            "%s: found %zu entries, at most %zu are read",
                            list->key, list->count, most);
    *array = calloc(list->count + 1, size);
    if (!*array)
        return rp_node_fail(list, error, RP_ERR_MEMORY, "out of memory");
    return RP_OK;
}

static enum rp_code read_resources(const struct rp_node *list,
                                   struct rp_scenario *s,
                                   struct rp_error *error)
{
    void *array = NULL;
    enum rp_code code;

    if (!list)
        return RP_OK;
    code =
        make_array(list, RP_RESOURCES_MAX, sizeof *s->resources, &array, error);
    s->resources = array;
    if (!s->resources)
        return code;
    for (const struct rp_node *c = list->first; c && !code; c = c->next) {
        struct rp_resource *const r = &s->resources[s->resource_count++];
        code = rp_keys_read(c, "resources[]", r, error);
    }
    return code;
}

static enum rp_code read_rules(const struct rp_node *list,
                               struct rp_scenario *s, struct rp_error *error)
{
    void *array = NULL;
    enum rp_code code;

    if (!list)
        return RP_OK;
    code = make_array(list, RP_RULES_MAX, sizeof *s->rules, &array, error);
    s->rules = array;
    if (!s->rules)
        return code;
    for (const struct rp_node *c = list->first; c && !code; c = c->next)
        code = rp_keys_read(c, "order[]", &s->rules[s->rule_count++], error);
    return code;
}

static enum rp_code undeclared(const struct rp_node *uses,
                               const struct rp_scenario *s,
                               struct rp_error *error)
{
    const char **const names = calloc(s->resource_count + 1, sizeof *names);
    char found[RP_EXCERPT_SIZE], meant[RP_EXCERPT_SIZE];
    const char *near = NULL;

    for (size_t i = 0; names && i < s->resource_count; i++)
        names[i] = s->resources[i].name;
    if (names)
        near = rp_near_miss(uses->text, names, s->resource_count);
    free(names);
    (void)rp_excerpt(uses->text, found);
    if (near)
        return rp_node_fail(uses, error, RP_ERR_VALUE,
                            "uses: no resource is called \"%s\"; did you mean "
                            "\"%s\"?",
                            found, rp_excerpt(near, meant));
    return rp_node_fail(uses, error, RP_ERR_VALUE,
                        "uses: no resource is called \"%s\"; declare it: "
                        "resources: [{name: %s, capacity: 10}]",
                        found, found);
}

/* `uses` needs the resources, which stand elsewhere in the file. What says
 * how a wait goes, but not how long it takes, would do nothing. */
static enum rp_code read_use(const struct rp_node *map,
                             const struct rp_scenario *s, struct rp_work *work,
                             struct rp_error *error)
{
    const struct rp_node *const uses = rp_node_get(map, "uses");
    const struct rp_node *const calls = rp_node_get(map, "calls");
    const struct rp_node *const idle = uses ? uses : calls;
    const char *name = NULL;
    enum rp_code code;
    size_t i = 0;

    if (idle && !rp_node_get(map, "wait"))
        return rp_node_fail(idle, error, RP_ERR_VALUE,
                            "%s: there is no wait that it could belong to; "
                            "write wait: 5ms beside it, or leave it out",
                            idle->key);
    code = rp_node_text(uses, &name, error);
    if (code || !uses)
        return code;
    while (i < s->resource_count && strcmp(s->resources[i].name, name) != 0)
        i++;
    if (i == s->resource_count)
        return undeclared(uses, s, error);
    work->resource = i;
    return RP_OK;
}

static enum rp_code read_work(const struct rp_node *map, const char *parent,
                              const struct rp_scenario *s, struct rp_work *work,
                              struct rp_error *error)
{
    enum rp_code code;

    if (!map)
        return RP_OK;
    code = rp_keys_read(map, parent, work, error);
    return code ? code : read_use(map, s, work, error);
}

static enum rp_code read_layer(const struct rp_node *map,
                               const struct rp_scenario *s,
                               struct rp_layer *layer, struct rp_error *error)
{
    enum rp_code code;

    assert(layer);
    layer->before = no_work();
    layer->after = no_work();
    code = rp_keys_read(map, "middleware[]", layer, error);
    if (code)
        return code;
    if (layer->kind == RP_LAYER_MIXIN && !rp_node_get(map, "hooks"))
        layer->hooks = RP_HOOK_REQUEST | RP_HOOK_RESPONSE;
    code = read_work(rp_node_get(map, "before"), "middleware[].before", s,
                     &layer->before, error);
    if (code)
        return code;
    return read_work(rp_node_get(map, "after"), "middleware[].after", s,
                     &layer->after, error);
}

static enum rp_code read_layers(const struct rp_node *list,
                                struct rp_scenario *s, struct rp_error *error)
{
    void *array = NULL;
    enum rp_code code;

    if (!list)
        return RP_OK;
    code = make_array(list, RP_LAYERS_MAX, sizeof *s->layers, &array, error);
    s->layers = array;
    if (!s->layers)
        return code;
    for (const struct rp_node *c = list->first; c && !code; c = c->next)
        code = read_layer(c, s, &s->layers[s->layer_count++], error);
    return code;
}

static enum rp_code read_class(const struct rp_node *map,
                               const struct rp_scenario *s,
                               struct rp_request_class *class,
                               struct rp_error *error)
{
    const struct rp_node *const view = rp_node_get(map, "view");
    enum rp_code code;

    class->share = 1.0;
    class->view = no_work();
    code = rp_keys_read(map, "requests[]", class, error);
    if (!code)
        code = rp_keys_read(view, "requests[].view", class, error);
    return code || !view ? code : read_use(view, s, &class->view, error);
}

/* The first class is also the scenario's view, for those who look at one. */
static enum rp_code read_classes(const struct rp_node *list,
                                 struct rp_scenario *s, struct rp_error *error)
{
    void *array = NULL;
    enum rp_code code;

    code = make_array(list, RP_CLASSES_MAX, sizeof *s->classes, &array, error);
    s->classes = array;
    if (!s->classes)
        return code;
    if (list->count == 0)
        return rp_node_fail(list, error, RP_ERR_VALUE,
                            "requests: the list is empty; name a class, or "
                            "leave it out and write view");
    for (const struct rp_node *c = list->first; c && !code; c = c->next)
        code = read_class(c, s, &s->classes[s->class_count++], error);
    if (code)
        return code;
    show_class(s, &s->classes[0]);
    return RP_OK;
}

static enum rp_code read_views(const struct rp_node *root,
                               struct rp_scenario *s, struct rp_error *error)
{
    const struct rp_node *const list = rp_node_get(root, "requests");
    const struct rp_node *const view = rp_node_get(root, "view");
    enum rp_code code;

    if (list && view)
        return rp_node_fail(view, error, RP_ERR_VALUE,
                            "view: each of the requests has its own view; move "
                            "it into them, or leave requests out");
    if (list)
        return read_classes(list, s, error);
    code = rp_keys_read(view, "view", s, error);
    return code ? code : read_use(view, s, &s->view, error);
}

static enum rp_code read_host(const struct rp_node *map, struct rp_scenario *s,
                              struct rp_error *error)
{
    const struct rp_node *const quantum = rp_node_get(map, "quantum");
    const enum rp_code code = rp_keys_read(map, "host", s, error);

    if (code || !quantum || s->scheduling == RP_SCHEDULING_QUANTUM)
        return code;
    return rp_node_fail(quantum, error, RP_ERR_VALUE,
                        "quantum: nobody takes turns under scheduling %s; "
                        "leave it out, or write scheduling: quantum",
                        rp_scheduling_word(s->scheduling));
}

static enum rp_code read_server(const struct rp_node *map, struct rp_server *s,
                                struct rp_error *error)
{
    const enum rp_code code = rp_keys_read(map, "server", s, error);

    if (code)
        return code;
    if (!rp_node_get(map, "threads"))
        s->threads = default_threads(s->kind);
    if (!rp_node_get(map, "app_built_in_loop"))
        s->app_built_in_loop = rp_server_builds_in_loop(s->kind);
    return RP_OK;
}

/* Keys that mean something only beside run.precision. */
static enum rp_code refuse_without_precision(const struct rp_node *map,
                                             struct rp_error *error)
{
    static const char *const keys[] = {"precision_of", "max_replications"};

    if (rp_node_get(map, "precision"))
        return RP_OK;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct rp_node *const node = rp_node_get(map, keys[i]);
        if (node)
            return rp_node_fail(node, error, RP_ERR_VALUE,
                                "%s: says nothing without the key "
                                "\"precision\"; add precision: 2%%, or leave "
                                "it out",
                                keys[i]);
    }
    return RP_OK;
}

static enum rp_code read_run(const struct rp_node *map, struct rp_run *run,
                             struct rp_error *error)
{
    const struct rp_node *const duration = rp_node_get(map, "duration");
    enum rp_code code = rp_keys_read(map, "run", run, error);

    if (!code)
        code = refuse_without_precision(map, error);
    if (code || !duration)
        return code;
    if (rp_node_get(map, "requests"))
        return rp_node_fail(duration, error, RP_ERR_VALUE,
                            "duration: the run has \"requests\" already; the "
                            "length is one or the other, leave one out");
    run->requests = 0;
    return RP_OK;
}

static enum rp_code read_all(const struct rp_node *root, struct rp_scenario *s,
                             struct rp_error *error)
{
    enum rp_code code = rp_keys_read(root, "", s, error);

    if (!code)
        code = rp_keys_read(rp_node_get(root, "framework"), "framework",
                            &s->framework, error);
    if (!rp_node_get(rp_node_get(root, "framework"), "asgiref"))
        s->framework.asgiref_version = rp_default_asgiref(s->framework.version);
    if (!code)
        code = read_server(rp_node_get(root, "server"), &s->server, error);
    if (!code)
        code = read_host(rp_node_get(root, "host"), s, error);
    if (!code)
        code = read_resources(rp_node_get(root, "resources"), s, error);
    if (!code)
        code = read_layers(rp_node_get(root, "middleware"), s, error);
    if (!code)
        code = read_rules(rp_node_get(root, "order"), s, error);
    if (!code)
        code = read_views(root, s, error);
    if (!code)
        code = rp_keys_read(rp_node_get(root, "mechanisms"), "mechanisms",
                            &s->mechanisms, error);
    if (!code)
        code = rp_loadkeys_read(rp_node_get(root, "load"), &s->load, error);
    if (!code)
        code = read_run(rp_node_get(root, "run"), &s->run, error);
    return code ? code : rp_check_scenario(s, root, error);
}

enum rp_code rp_scenario_read_node(const struct rp_node *root,
                                   struct rp_scenario *scenario,
                                   struct rp_error *error)
{
    struct rp_scenario fresh;
    char *const file = strdup(root->file);
    enum rp_code code = rp_scenario_init(&fresh, error);

    if (!code && !file)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a scenario");
    if (!code)
        code = read_all(root, &fresh, error);
    if (code) {
        free(file);
        rp_scenario_free(&fresh);
        return code;
    }
    free(fresh.file);
    fresh.file = file;
    *scenario = fresh;
    return RP_OK;
}

enum rp_code rp_scenario_read(const char *path, struct rp_scenario *scenario,
                              struct rp_error *error)
{
    struct rp_tree tree = {0};
    enum rp_code code = rp_tree_read(path, &tree, error);

    if (!code)
        code = rp_scenario_read_node(tree.root, scenario, error);
    rp_tree_free(&tree);
    return code;
}

enum rp_code rp_scenario_read_text(const char *text, size_t length,
                                   const char *file_name,
                                   struct rp_scenario *scenario,
                                   struct rp_error *error)
{
    struct rp_tree tree = {0};
    enum rp_code code =
        rp_tree_read_text(text, length, file_name, &tree, error);

    if (!code)
        code = rp_scenario_read_node(tree.root, scenario, error);
    rp_tree_free(&tree);
    return code;
}

/* ---- Letters ---- */

struct letter {
    char letter;
    enum rp_layer_kind kind;
    unsigned hooks;
    bool handles_exceptions;
};

static const struct letter letters_known[] = {
    {'S', RP_LAYER_SYNC, 0, false},
    {'A', RP_LAYER_ASYNC, 0, false},
    {'H', RP_LAYER_HYBRID, 0, false},
    {'M', RP_LAYER_MIXIN, RP_HOOK_REQUEST | RP_HOOK_RESPONSE, false},
    {'R', RP_LAYER_MIXIN, RP_HOOK_REQUEST, false},
    {'P', RP_LAYER_MIXIN, RP_HOOK_RESPONSE, false},
    {'V', RP_LAYER_HYBRID, RP_HOOK_VIEW, false},
    {'v', RP_LAYER_HYBRID, RP_HOOK_VIEW_ASYNC, false},
    {'T', RP_LAYER_HYBRID, RP_HOOK_TEMPLATE, false},
    {'t', RP_LAYER_HYBRID, RP_HOOK_TEMPLATE_ASYNC, false},
    {'X', RP_LAYER_HYBRID, RP_HOOK_EXCEPTION, false},
    {'x', RP_LAYER_HYBRID, RP_HOOK_EXCEPTION_ASYNC, false},
    {'Y', RP_LAYER_HYBRID, RP_HOOK_EXCEPTION, true},
    {'y', RP_LAYER_HYBRID, RP_HOOK_EXCEPTION_ASYNC, true},
};

static const struct letter *find_letter(char letter)
{
    for (size_t i = 0; i < sizeof letters_known / sizeof *letters_known; i++)
        if (letters_known[i].letter == letter)
            return &letters_known[i];
    return NULL;
}

char rp_layer_letter(const struct rp_layer *layer)
{
    for (size_t i = 0; i < sizeof letters_known / sizeof *letters_known; i++) {
        const struct letter *const l = &letters_known[i];

        if (l->kind == layer->kind && l->hooks == layer->hooks &&
            l->handles_exceptions == layer->handles_exceptions &&
            !layer->handles_with_error)
            return l->letter;
    }
    return '\0';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Layers are called by letter and place, "S1", so that names are unique. */
static bool name_layer(struct rp_layer *layer, char letter, size_t place)
{
    char name[32];

    (void)snprintf(name, sizeof name, "%c%zu", letter, place);
    layer->name = strdup(name);
    return layer->name != NULL;
}

static enum rp_code fill_layers(const char *letters, struct rp_layer *layers,
                                size_t *count, struct rp_error *error)
{
    for (const char *at = letters; *at; at++) {
        const struct letter *const l = find_letter(*at);
        char found[RP_EXCERPT_SIZE];

        if (is_blank(*at))
            continue;
        if (!l)
            return rp_fail(error, RP_ERR_VALUE,
                           "unknown letter \"%.1s\" in the stack \"%s\"; "
                           "letters are S A H M R P V v T t X x Y y, or none",
                           (*at & 0x80) || *at < ' ' ? "?" : at,
                           rp_excerpt(letters, found));
        layers[*count] =
            (struct rp_layer){.kind = l->kind,
                              .hooks = l->hooks,
                              .handles_exceptions = l->handles_exceptions,
                              .before = no_work(),
                              .after = no_work()};
        if (!name_layer(&layers[*count], l->letter, *count + 1))
            return rp_fail(error, RP_ERR_MEMORY, "out of memory for a stack");
        (*count)++;
    }
    return RP_OK;
}

enum rp_code rp_scenario_set_letters(struct rp_scenario *scenario,
                                     const char *letters,
                                     struct rp_error *error)
{
    struct rp_layer *layers;
    enum rp_code code;
    size_t count = 0;

    if (strcmp(letters, "none") == 0)
        letters = "";
    layers = calloc(strlen(letters) + 1, sizeof *layers);
    if (!layers)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a stack");
    code = fill_layers(letters, layers, &count, error);
    if (code) {
        free_layers(layers, count);
        return code;
    }
    free_layers(scenario->layers, scenario->layer_count);
    scenario->layers = layers;
    scenario->layer_count = count;
    return RP_OK;
}
