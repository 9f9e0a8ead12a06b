/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/benchplan.h"

#include "bench/benchload.h"
#include "bench/cpus.h"
#include "bench/targetset.h"
#include "model/excerpt.h"
#include "model/file.h"
#include "model/tree.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum {
    ROUNDS_MAX = 10000,
    CLIENTS_MAX = 20000,
    REQUESTS_MAX = 100000000,
    NAME_MAX_BYTES = 64,
};

static enum rp_code no_memory(struct rp_error *error)
{
    (void)rp_fail(error, RP_ERR_MEMORY, "out of memory for a plan");
    return RP_ERR_MEMORY;
}

static enum rp_code copy(const char *text, char **to, struct rp_error *error)
{
    char *const fresh = strdup(text);

    if (!fresh)
        return no_memory(error);
    free(*to);
    *to = fresh;
    return RP_OK;
}

/* ---- Words ---- */

/* A name becomes part of file names. */
static enum rp_code read_name(const struct rp_node *node, char **to,
                              struct rp_error *error)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    char *name = NULL;
    char found[RP_EXCERPT_SIZE];
    const enum rp_code code = rp_node_copy_text(node, &name, error);

    if (code || !name)
        return code;
    if (name[strspn(name, allowed)] || name[0] == '.' ||
        strlen(name) > NAME_MAX_BYTES) {
        (void)rp_node_fail(node, error, RP_ERR_VALUE,
                           "%s: found \"%s\", expected at most %d letters, "
                           "digits, \"-\", \"_\" and \".\": it becomes part of "
                           "file names",
                           node->key, rp_excerpt(name, found), NAME_MAX_BYTES);
        free(name);
        return RP_ERR_VALUE;
    }
    free(*to);
    *to = name;
    return RP_OK;
}

static enum rp_code read_version(const struct rp_node *root, const char *key,
                                 char **to, struct rp_error *error)
{
    const struct rp_node *const node = rp_node_get(root, key);
    const enum rp_code code = rp_node_copy_text(node, to, error);

    return code || !node ? code : rp_platform_check(node, error);
}

static enum rp_code read_cpus(const struct rp_node *node, char **to,
                              struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE];
    const enum rp_code code = rp_node_copy_text(node, to, error);

    if (code || !node || rp_cpus_count(*to) > 0)
        return code;
    return rp_node_fail(node, error, RP_ERR_VALUE,
                        "cpus: found \"%s\", expected numbers of CPUs, like "
                        "\"0\", \"0-3\" or \"0,2\"",
                        rp_excerpt(*to, found));
}

static enum rp_code check_letters(const struct rp_node *node, const char *text,
                                  char stack[RP_STACK_SIZE],
                                  struct rp_error *error)
{
    struct rp_scenario scenario;
    struct rp_error inner = {.code = RP_OK};
    enum rp_code code = rp_scenario_init(&scenario, error);

    if (code)
        return code;
    if (strlen(text) >= RP_STACK_SIZE)
        code = rp_node_fail(node, error, RP_ERR_VALUE,
                            "stack: found more than %d letters",
                            RP_STACK_SIZE - 1);
    (void)snprintf(stack, RP_STACK_SIZE, "%.*s", RP_STACK_SIZE - 1,
                   strcmp(text, "none") == 0 ? "" : text);
    if (!code) {
        code = rp_scenario_set_letters(&scenario, stack, &inner);
        if (code)
            (void)rp_node_fail(node, error, code, "stack: %s", inner.text);
    }
    rp_scenario_free(&scenario);
    return code;
}

/* ---- Targets ---- */

static enum rp_code read_env(const struct rp_node *map, struct rp_target *t,
                             struct rp_error *error)
{
    if (!map)
        return RP_OK;
    if (rp_node_expect(map, RP_NODE_MAPPING, error))
        return RP_ERR_VALUE;
    t->env = calloc(map->count + 1, sizeof *t->env);
    if (!t->env)
        return no_memory(error);
    for (const struct rp_node *n = map->first; n; n = n->next) {
        const size_t size = strlen(n->key) + strlen(n->text) + 2;

        if (rp_node_expect(n, RP_NODE_SCALAR, error))
            return RP_ERR_VALUE;
        t->env[t->env_count] = malloc(size);
        if (!t->env[t->env_count])
            return no_memory(error);
        (void)snprintf(t->env[t->env_count++], size, "%s=%s", n->key, n->text);
    }
    return RP_OK;
}

static enum rp_code read_url(const struct rp_node *map, struct rp_target *t,
                             struct rp_error *error)
{
    static const char scheme[] = "http://";
    const struct rp_node *node = rp_node_get(map, "url");
    char found[RP_EXCERPT_SIZE];
    enum rp_code code = RP_OK;

    if (t->kind != RP_TARGET_MICROHANDLER)
        code = rp_node_need(map, "url", &node, error);
    if (!code)
        code = rp_node_copy_text(node, &t->url, error);
    if (code || !node)
        return code;
    if (t->kind == RP_TARGET_MICROHANDLER)
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "url: a microhandler says itself where it listens; "
                            "leave it out");
    if (strncmp(t->url, scheme, strlen(scheme)) != 0 ||
        !strchr(t->url + strlen(scheme), '/'))
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "url: found \"%s\", expected one like "
                            "http://127.0.0.1:8000/",
                            rp_excerpt(t->url, found));
    return RP_OK;
}

/* A key that one kind of target needs and the others have no use for. */
static enum rp_code read_own(const struct rp_node *map, const char *key,
                             bool wanted, bool needed, char **to,
                             struct rp_error *error)
{
    const struct rp_node *node = rp_node_get(map, key);

    if (node && !wanted)
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "%s: a target of this kind has none; leave it out "
                            "or change its kind",
                            key);
    if (needed && rp_node_need(map, key, &node, error))
        return RP_ERR_VALUE;
    return rp_node_copy_text(node, to, error);
}

static enum rp_code read_kind(const struct rp_node *map, struct rp_target *t,
                              struct rp_error *error)
{
#define RP_TARGET_AS_WORD(kind, word) word,
    static const char *const kinds[] = {RP_TARGET_LIST(RP_TARGET_AS_WORD)};
#undef RP_TARGET_AS_WORD
    const struct rp_node *node = NULL;
    size_t kind = 0;
    bool command, micro;
    enum rp_code code = rp_node_need(map, "kind", &node, error);

    if (!code)
        code = rp_node_word(node, kinds, COUNT(kinds), &kind, error);
    t->kind = (enum rp_target_kind)kind;
    command = t->kind == RP_TARGET_COMMAND;
    micro = t->kind == RP_TARGET_MICROHANDLER;
    if (!code)
        code = read_own(map, "command", command, command, &t->command, error);
    if (!code)
        code = read_own(map, "stop", command, false, &t->stop, error);
    if (!code)
        code = read_own(map, "scenario", micro, micro, &t->scenario, error);
    if (!code)
        code = read_own(map, "profile", micro, micro, &t->profile, error);
    if (!code)
        code = read_own(map, "health", !micro, false, &t->health, error);
    if (!code && t->health && t->health[0] != '/')
        code = rp_node_fail(rp_node_get(map, "health"), error, RP_ERR_VALUE,
                            "health: expected a path that begins with \"/\"");
    return code ? code : read_url(map, t, error);
}

static enum rp_code read_server(const struct rp_node *map, struct rp_target *t,
                                struct rp_error *error)
{
#define RP_SERVER_AS_WORD(server, word, asgi, in_loop) word,
    static const char *const servers[] = {RP_SERVER_LIST(RP_SERVER_AS_WORD)};
#undef RP_SERVER_AS_WORD
#define RP_PATH_AS_WORD(path, word) word,
    static const char *const paths[] = {RP_PATH_LIST(RP_PATH_AS_WORD)};
#undef RP_PATH_AS_WORD
    const struct rp_node *node = NULL;
    uint64_t threads = 1, processes = 1;
    size_t server = 0, path = RP_PATH_DUAL;
    bool gil = true;
    enum rp_code code = rp_node_need(map, "server", &node, error);

    if (!code)
        code = rp_node_word(node, servers, COUNT(servers), &server, error);
    if (!code)
        code = rp_node_word(rp_node_get(map, "path"), paths, COUNT(paths),
                            &path, error);
    if (!code)
        code = rp_node_integer(rp_node_get(map, "threads"), 1, CLIENTS_MAX,
                               &threads, error);
    if (!code)
        code = rp_node_integer(rp_node_get(map, "processes"), 1, 10000,
                               &processes, error);
    t->server = (enum rp_server_kind)server;
    t->path = (enum rp_path)path;
    t->threads = (unsigned)threads;
    t->processes = (unsigned)processes;
    t->in_loop = rp_server_builds_in_loop(t->server);
    if (!code)
        code = rp_node_bool(rp_node_get(map, "app_built_in_loop"), &t->in_loop,
                            error);
    if (!code)
        code = rp_node_bool(rp_node_get(map, "gil"), &gil, error);
    t->free_threaded = !gil;
    if (!code && t->in_loop && !rp_server_is_asgi(t->server))
        code = rp_node_fail(rp_node_get(map, "app_built_in_loop"), error,
                            RP_ERR_VALUE, "app_built_in_loop: %s has no loop",
                            rp_server_word(t->server));
    return code;
}

static enum rp_code read_stack_of(const struct rp_node *node,
                                  struct rp_target *t, struct rp_error *error)
{
    char stack[RP_STACK_SIZE];
    enum rp_code code;

    if (!node)
        return RP_OK;
    code = rp_node_expect(node, RP_NODE_SCALAR, error);
    if (!code)
        code = check_letters(node, node->text, stack, error);
    return code ? code : copy(stack, &t->stack, error);
}

/* `revision`: one of several, or NULL. */
static enum rp_code read_target(const struct rp_node *map, const char *revision,
                                const struct rp_plan *plan, struct rp_target *t,
                                struct rp_error *error)
{
    const struct rp_platform usual = {plan->framework, plan->framework_version,
                                      plan->asgiref_version,
                                      plan->python_version};
    static const char *const known[] = {
        "name",          "kind",    "set",
        "command",       "stop",    "url",
        "health",        "env",     "cpus",
        "scenario",      "profile", "server",
        "version",       "stack",   "threads",
        "processes",     "path",    "app_built_in_loop",
        "start_timeout", "gil",     "git",
        "revision",      "build",   "revisions",
        RP_PLATFORM_KEYS};
    const struct rp_node *node = NULL;
    enum rp_code code =
        rp_node_only_keys(map, known, COUNT(known), NULL, error);

    t->start_ns = 30e9;
    if (!code)
        code = rp_node_need(map, "name", &node, error);
    if (!code)
        code = read_name(node, &t->name, error);
    if (!code)
        code = read_name(rp_node_get(map, "set"), &t->set, error);
    if (!code)
        code = read_kind(map, t, error);
    if (!code)
        code = read_env(rp_node_get(map, "env"), t, error);
    if (!code)
        code = read_cpus(rp_node_get(map, "cpus"), &t->cpus, error);
    if (!code)
        code =
            rp_node_copy_text(rp_node_get(map, "version"), &t->version, error);
    if (!code)
        code = read_stack_of(rp_node_get(map, "stack"), t, error);
    if (!code)
        code = rp_node_duration(rp_node_get(map, "start_timeout"), &t->start_ns,
                                error);
    if (!code)
        code = rp_platform_read(map, &usual, &t->platform, error);
    if (!code)
        code = rp_target_read_revision(map, revision, t, error);
    return code ? code : read_server(map, t, error);
}

static enum rp_code add_target(const struct rp_node *map, const char *revision,
                               struct rp_plan *plan, struct rp_error *error)
{
    struct rp_target *const grown =
        realloc(plan->targets, (plan->target_count + 1) * sizeof *grown);
    struct rp_target *t;
    enum rp_code code;

    if (!grown)
        return no_memory(error);
    plan->targets = grown;
    t = &grown[plan->target_count++];
    *t = (struct rp_target){.kind = RP_TARGET_COMMAND};
    code = read_target(map, revision, plan, t, error);
    for (size_t i = 0; i + 1 < plan->target_count && !code; i++)
        code = rp_target_check_beside(map, t, &plan->targets[i], error);
    return code;
}

/* A target, or one for each of its revisions. */
static enum rp_code read_one(const struct rp_node *map, struct rp_plan *plan,
                             struct rp_error *error)
{
    const struct rp_node *const list = rp_node_get(map, "revisions");
    enum rp_code code = RP_OK;

    if (plan->named_count > 0 && rp_node_get(map, "git")) {
        for (size_t i = 0; i < plan->named_count && !code; i++)
            code = add_target(map, plan->named[i], plan, error);
        return code;
    }
    if (!list)
        return add_target(map, NULL, plan, error);
    code = rp_node_expect(list, RP_NODE_SEQUENCE, error);
    if (!code && list->count == 0)
        code = rp_node_fail(list, error, RP_ERR_VALUE,
                            "revisions: found none, expected at least one");
    for (const struct rp_node *n = code ? NULL : list->first; n && !code;
         n = n->next) {
        code = rp_node_expect(n, RP_NODE_SCALAR, error);
        if (!code)
            code = add_target(map, n->text, plan, error);
    }
    return code;
}

static enum rp_code read_targets(const struct rp_node *root,
                                 struct rp_plan *plan, struct rp_error *error)
{
    const struct rp_node *list = NULL;
    enum rp_code code = rp_node_need(root, "targets", &list, error);

    if (!code)
        code = rp_node_expect(list, RP_NODE_SEQUENCE, error);
    if (!code && list->count == 0)
        code = rp_node_fail(list, error, RP_ERR_VALUE,
                            "targets: found none, expected at least one");
    if (code)
        return code;
    for (const struct rp_node *n = list->first; n && !code; n = n->next)
        code = read_one(n, plan, error);
    return code;
}

/* ---- Runs ---- */

/* One row of `runs`: a list of values for each key. A single value is a list
 * of one. */
/* clang-format off */
enum axis { TARGET, STACK, VIEW, IO, CPU, CONCURRENCY, REQUESTS, DURATION, RATE,
            PROCESS, CV, KEEPALIVE, AXES };
/* clang-format on */
static const char *const axis_keys[AXES] = {
    "target",   "stack",    "view", "io_ms",   "cpu_us", "concurrency",
    "requests", "duration", "rate", "process", "cv",     "keepalive"};

struct grid {
    enum rp_tool tool;
    const struct rp_node *row;
    const struct rp_node *axis[AXES]; /* NULL: not given */
    const struct rp_node *at[AXES];   /* the value in turn */
};

static const struct rp_node *first_of(const struct rp_node *axis)
{
    return axis && axis->kind == RP_NODE_SEQUENCE ? axis->first : axis;
}

static const struct rp_node *next_of(const struct rp_node *axis,
                                     const struct rp_node *at)
{
    return axis && axis->kind == RP_NODE_SEQUENCE ? at->next : NULL;
}

static bool advance(struct grid *grid)
{
    for (size_t a = 0; a < AXES; a++) {
        grid->at[a] = next_of(grid->axis[a], grid->at[a]);
        if (grid->at[a])
            return true;
        grid->at[a] = first_of(grid->axis[a]);
    }
    return false;
}

static bool is_named(const struct rp_target *t, const char *name)
{
    return strcmp(t->name, name) == 0 || (t->group && !strcmp(t->group, name));
}

static enum rp_code find_target(const struct rp_plan *plan,
                                const struct rp_node *node, size_t *target,
                                struct rp_error *error)
{
    const char *names[64];
    const char *near;
    char found[RP_EXCERPT_SIZE];
    size_t n = 0;

    for (*target = 0; *target < plan->target_count; ++*target)
        if (is_named(&plan->targets[*target], node->text))
            return RP_OK;
    for (; n < plan->target_count && n < COUNT(names); n++)
        names[n] = plan->targets[n].name;
    near = rp_near_miss(node->text, names, n);
    return rp_node_fail(node, error, RP_ERR_VALUE,
                        "target: found \"%s\", expected the name of a target"
                        "%s%s%s",
                        rp_excerpt(node->text, found),
                        near ? "; did you mean \"" : "", near ? near : "",
                        near ? "\"?" : "");
}

static enum rp_code read_view(const struct rp_node *node, bool *is_async,
                              struct rp_error *error)
{
    static const char *const views[] = {"sync", "async"};
    size_t view = 0;
    const enum rp_code code =
        rp_node_word(node, views, COUNT(views), &view, error);

    *is_async = view == 1;
    return code;
}

static enum rp_code read_run(const struct grid *g, struct rp_plan_run *run,
                             struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t a = 0; a < AXES && !code; a++)
        if (g->at[a])
            code = rp_node_expect(g->at[a], RP_NODE_SCALAR, error);
    if (!code)
        code = check_letters(g->at[STACK] ? g->at[STACK] : g->row,
                             g->at[STACK] ? g->at[STACK]->text : "", run->stack,
                             error);
    if (!code)
        code = read_view(g->at[VIEW], &run->view_async, error);
    if (!code)
        code = rp_node_number(g->at[IO], 0.0, 1e6, &run->io_ms, error);
    if (!code)
        code = rp_node_number(g->at[CPU], 0.0, 1e9, &run->cpu_us, error);
    if (!code)
        code = rp_node_bool(g->at[KEEPALIVE], &run->keepalive, error);
    return code ? code
                : rp_benchload_read(
                      &(struct rp_benchload_nodes){.row = g->row,
                                                   .concurrency =
                                                       g->at[CONCURRENCY],
                                                   .requests = g->at[REQUESTS],
                                                   .duration = g->at[DURATION],
                                                   .rate = g->at[RATE],
                                                   .process = g->at[PROCESS],
                                                   .cv = g->at[CV]},
                      g->tool, run, error);
}

static bool same_run(const struct rp_plan_run *a, const struct rp_plan_run *b)
{
    char x[RP_RUN_NAME_SIZE], y[RP_RUN_NAME_SIZE];
    const struct rp_plan none = {0};

    /* names round to six digits, so they have the last word */
    return a->target == b->target && a->view_async == b->view_async &&
           a->concurrency == b->concurrency && a->keepalive == b->keepalive &&
           rp_openload_compare(&a->open, &b->open) == 0 &&
           strcmp(a->stack, b->stack) == 0 &&
           strcmp(rp_plan_run_name(&none, a, x),
                  rp_plan_run_name(&none, b, y)) == 0;
}

/* The run, for a target that serves its stack. */
static enum rp_code add_run(const struct grid *g, struct rp_plan *plan,
                            const struct rp_plan_run *run,
                            struct rp_error *error)
{
    const char *const only = plan->targets[run->target].stack;

    if (only && strcmp(only, run->stack) != 0)
        return RP_OK;
    for (size_t i = 0; i < plan->run_count; i++)
        if (same_run(&plan->runs[i], run)) {
            char name[RP_RUN_NAME_SIZE];

            return rp_node_fail(g->row, error, RP_ERR_VALUE,
                                "the run %s is there twice; a round visits "
                                "each run once",
                                rp_plan_run_name(plan, run, name));
        }
    if (plan->run_count == RP_PLAN_RUNS_MAX)
        return rp_node_fail(g->row, error, RP_ERR_VALUE,
                            "found more than %d runs in a round",
                            RP_PLAN_RUNS_MAX);
    plan->runs[plan->run_count++] = *run;
    return RP_OK;
}

static enum rp_code add_for_targets(const struct grid *g, struct rp_plan *plan,
                                    struct rp_plan_run *run,
                                    struct rp_error *error)
{
    const struct rp_node *const name = g->at[TARGET];
    enum rp_code code = RP_OK;

    if (name)
        code = find_target(plan, name, &run->target, error);
    for (size_t t = 0; t < plan->target_count && !code; t++) {
        if (name && !is_named(&plan->targets[t], name->text))
            continue;
        run->target = t;
        code = add_run(g, plan, run, error);
    }
    return code;
}

static enum rp_code read_row(const struct rp_node *row, struct rp_plan *plan,
                             struct rp_error *error)
{
    struct grid g = {.tool = plan->tool, .row = row};
    double combinations = 1.0;
    enum rp_code code = rp_node_only_keys(row, axis_keys, AXES, NULL, error);

    for (size_t a = 0; a < AXES && !code; a++) {
        g.axis[a] = rp_node_get(row, axis_keys[a]);
        g.at[a] = first_of(g.axis[a]);
        if (g.axis[a] && !g.at[a])
            code = rp_node_fail(g.axis[a], error, RP_ERR_VALUE,
                                "%s: found an empty list, expected a value or "
                                "several",
                                axis_keys[a]);
        if (g.axis[a] && g.axis[a]->kind == RP_NODE_SEQUENCE)
            combinations *= (double)g.axis[a]->count;
    }
    if (!code && combinations > 100.0 * RP_PLAN_RUNS_MAX)
        code = rp_node_fail(row, error, RP_ERR_VALUE,
                            "found a grid of %g combinations; a round has at "
                            "most %d runs",
                            combinations, RP_PLAN_RUNS_MAX);
    if (code)
        return code;
    do {
        struct rp_plan_run run = {.keepalive = plan->keepalive};

        code = read_run(&g, &run, error);
        if (!code)
            code = add_for_targets(&g, plan, &run, error);
    } while (!code && advance(&g));
    return code;
}

static enum rp_code read_runs(const struct rp_node *root, struct rp_plan *plan,
                              struct rp_error *error)
{
    const struct rp_node *list = NULL;
    enum rp_code code = rp_node_need(root, "runs", &list, error);

    if (!code)
        code = rp_node_expect(list, RP_NODE_SEQUENCE, error);
    if (code)
        return code;
    plan->runs = calloc(RP_PLAN_RUNS_MAX, sizeof *plan->runs);
    if (!plan->runs)
        return no_memory(error);
    for (const struct rp_node *n = list->first; n && !code; n = n->next)
        code = read_row(n, plan, error);
    if (!code && plan->run_count == 0)
        code = rp_node_fail(list, error, RP_ERR_VALUE,
                            "runs: found none that a target serves, expected "
                            "at least one");
    return code;
}

/* ---- The whole ---- */

static enum rp_code read_client(const struct rp_node *map, struct rp_plan *plan,
                                struct rp_error *error)
{
    static const char *const known[] = {"tool", "program", "keepalive", "cpus",
                                        "timeout"};
    static const char *const tools[] = {"ab", "wrk", "open"};
    static const enum rp_tool tool_of[] = {RP_TOOL_AB, RP_TOOL_WRK,
                                           RP_TOOL_OPEN};
    const struct rp_node *const program = rp_node_get(map, "program");
    size_t tool = 0;
    enum rp_code code = RP_OK;

    if (!code)
        code = rp_node_only_keys(map, known, COUNT(known), NULL, error);
    if (!code)
        code = rp_node_word(rp_node_get(map, "tool"), tools, COUNT(tools),
                            &tool, error);
    plan->tool = tool_of[tool];
    if (!code)
        code = copy(tools[tool], &plan->program, error);
    if (!code)
        code = rp_node_copy_text(program, &plan->program, error);
    if (!code && program && plan->tool == RP_TOOL_OPEN)
        code = rp_node_fail(program, error, RP_ERR_VALUE,
                            "program: the client of an open load is reqpath "
                            "itself; leave it out");
    if (!code)
        code = rp_node_duration(rp_node_get(map, "timeout"), &plan->timeout_ns,
                                error);
    if (!code && !(plan->timeout_ns >= 1e6 && plan->timeout_ns <= 3600e9))
        code = rp_node_fail(rp_node_get(map, "timeout"), error, RP_ERR_VALUE,
                            "timeout: expected 1ms .. 1h");
    if (!code)
        code = rp_node_bool(rp_node_get(map, "keepalive"), &plan->keepalive,
                            error);
    return code
               ? code
               : read_cpus(rp_node_get(map, "cpus"), &plan->client_cpus, error);
}

static enum rp_code read_numbers(const struct rp_node *root,
                                 struct rp_plan *plan, struct rp_error *error)
{
    const struct rp_node *node = NULL;
    uint64_t rounds = 0, warm_up = 20;
    double seconds = 1.0;
    enum rp_code code = rp_node_need(root, "rounds", &node, error);

    if (!code)
        code = rp_node_integer(node, 1, ROUNDS_MAX, &rounds, error);
    if (!code)
        code = rp_node_integer(rp_node_get(root, "seed"), 0, UINT64_MAX,
                               &plan->seed, error);
    if (!code && plan->tool == RP_TOOL_WRK)
        code =
            rp_benchload_seconds(rp_node_get(root, "warm_up"), &seconds, error);
    else if (!code)
        code = rp_node_integer(rp_node_get(root, "warm_up"), 0, REQUESTS_MAX,
                               &warm_up, error);
    if (!code)
        code = rp_node_share(rp_node_get(root, "effect"), &plan->effect, error);
    plan->rounds = (unsigned)rounds;
    plan->warm_up =
        plan->tool == RP_TOOL_WRK ? (unsigned)seconds : (unsigned)warm_up;
    return code;
}

static enum rp_code read_texts(const struct rp_node *root, struct rp_plan *plan,
                               struct rp_error *error)
{
    const struct rp_node *name = NULL, *campaign = NULL;
    enum rp_code code = rp_node_need(root, "name", &name, error);

    if (!code)
        code = rp_node_copy_text(name, &plan->name, error);
    if (!code)
        code = rp_node_need(root, "campaign", &campaign, error);
    if (!code)
        code = rp_node_copy_text(campaign, &plan->campaign, error);
    if (!code)
        code = copy("django", &plan->framework, error);
    if (!code)
        code = rp_node_copy_text(rp_node_get(root, "framework"),
                                 &plan->framework, error);
    if (!code)
        code = read_version(root, "framework_version", &plan->framework_version,
                            error);
    if (!code)
        code = read_version(root, "asgiref_version", &plan->asgiref_version,
                            error);
    return code ? code
                : rp_node_copy_text(rp_node_get(root, "python_version"),
                                    &plan->python_version, error);
}

static enum rp_code read_root(const struct rp_node *root, struct rp_plan *plan,
                              struct rp_error *error)
{
    static const char *const known[] = {"name",
                                        "campaign",
                                        "framework",
                                        "framework_version",
                                        "asgiref_version",
                                        "python_version",
                                        "rounds",
                                        "seed",
                                        "warm_up",
                                        "effect",
                                        "client",
                                        "targets",
                                        "runs"};
    enum rp_code code = rp_node_expect(root, RP_NODE_MAPPING, error);

    if (!code)
        code = rp_node_only_keys(root, known, COUNT(known), NULL, error);
    if (!code)
        code = read_texts(root, plan, error);
    if (!code)
        code = read_client(rp_node_get(root, "client"), plan, error);
    if (!code)
        code = read_numbers(root, plan, error);
    if (!code)
        code = read_targets(root, plan, error);
    return code ? code : read_runs(root, plan, error);
}

static enum rp_code read_text(const char *text, size_t length,
                              const char *file_name, const char *const *named,
                              size_t named_count, struct rp_plan *plan,
                              struct rp_error *error)
{
    struct rp_plan fresh = {.seed = 1,
                            .effect = 0.05,
                            .timeout_ns = 30e9,
                            .named = named,
                            .named_count = named_count};
    struct rp_tree tree = {0};
    enum rp_code code =
        rp_tree_read_text(text, length, file_name, &tree, error);

    if (!code)
        code = read_root(tree.root, &fresh, error);
    rp_tree_free(&tree);
    fresh.named = NULL;
    fresh.named_count = 0;
    if (code)
        rp_plan_free(&fresh);
    else
        *plan = fresh;
    return code;
}

enum rp_code rp_plan_read_text(const char *text, size_t length,
                               const char *file_name, struct rp_plan *plan,
                               struct rp_error *error)
{
    return read_text(text, length, file_name, NULL, 0, plan, error);
}

enum rp_code rp_plan_read_named(const char *path, const char *const *named,
                                size_t named_count, struct rp_plan *plan,
                                struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code =
        rp_file_read(path, RP_TREE_BYTES_MAX, "a plan", &bytes, &length, error);

    if (!code)
        code = read_text(bytes, length, rp_file_name(path), named, named_count,
                         plan, error);
    free(bytes);
    return code;
}

enum rp_code rp_plan_read(const char *path, struct rp_plan *plan,
                          struct rp_error *error)
{
    return rp_plan_read_named(path, NULL, 0, plan, error);
}

static void free_target(struct rp_target *t)
{
    char *const texts[] = {t->name,  t->set,    t->command,  t->stop,
                           t->url,   t->health, t->scenario, t->profile,
                           t->stack, t->cpus,   t->version,  t->group};

    for (size_t i = 0; i < COUNT(texts); i++)
        free(texts[i]);
    for (size_t i = 0; i < t->env_count; i++)
        free(t->env[i]);
    free(t->env);
    rp_revision_free(&t->from);
    rp_platform_free(&t->platform);
}

void rp_plan_free(struct rp_plan *plan)
{
    char *const texts[] = {plan->name,
                           plan->campaign,
                           plan->framework,
                           plan->framework_version,
                           plan->asgiref_version,
                           plan->python_version,
                           plan->program,
                           plan->client_cpus};

    for (size_t i = 0; i < COUNT(texts); i++)
        free(texts[i]);
    for (size_t i = 0; i < plan->target_count; i++)
        free_target(&plan->targets[i]);
    free(plan->targets);
    free(plan->runs);
    *plan = (struct rp_plan){0};
}
