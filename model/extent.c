/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/extent.h"

#include "model/excerpt.h"
#include "model/units.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The highest number of anything that is counted. */
enum { MOST = 1000000 };

/* ---- Adding and asking ---- */

unsigned rp_setting_cores(unsigned cores, unsigned processes)
{
    return cores < processes ? cores : processes;
}

void rp_extent_crossings(const double amounts[RP_ITEM_COUNT],
                         unsigned *sync_to_async, unsigned *async_to_sync)
{
    double s2a = 0.0, a2s = 0.0;

    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const char *const name = rp_item_name((enum rp_item)i);

        if (strncmp(name, "s2a.", 4) == 0)
            s2a += amounts[i];
        if (strncmp(name, "a2s.", 4) == 0)
            a2s += amounts[i];
    }
    /* shares of a half add up to whole crossings */
    *sync_to_async = (unsigned)lround(s2a);
    *async_to_sync = (unsigned)lround(a2s);
}

/* To the digits that a profile keeps. */
static bool same_time(double a_ns, double b_ns)
{
    return fabs(a_ns - b_ns) <= 1e-6 * fmax(a_ns, b_ns);
}

static bool same_setting(const struct rp_setting *a, const struct rp_setting *b)
{
    return a->path == b->path && a->view_async == b->view_async &&
           a->app_in_loop == b->app_in_loop &&
           a->free_threaded == b->free_threaded && a->threads == b->threads &&
           a->processes == b->processes && a->cores == b->cores &&
           a->concurrency == b->concurrency &&
           same_time(a->wait_ns, b->wait_ns) && same_time(a->cpu_ns, b->cpu_ns);
}

const struct rp_covered_server *rp_extent_server(const struct rp_extent *extent,
                                                 enum rp_server_kind kind)
{
    for (size_t i = 0; i < extent->server_count; i++)
        if (extent->servers[i].kind == kind)
            return &extent->servers[i];
    return NULL;
}

static bool has_stack(const struct rp_covered_point *point, const char *stack)
{
    for (size_t i = 0; i < point->stack_count; i++)
        if (strcmp(point->stacks[i], stack) == 0)
            return true;
    return false;
}

bool rp_extent_has(const struct rp_covered_server *server,
                   const struct rp_setting *setting, const char *stack)
{
    for (size_t i = 0; i < server->point_count; i++)
        if (same_setting(&server->points[i].setting, setting) &&
            has_stack(&server->points[i], stack))
            return true;
    return false;
}

/* One more element at the end of an owned array; NULL: no memory, and the
 * array stays as it was. */
static void *grow(void *array, size_t count, size_t size)
{
    return realloc(array, (count + 1) * size);
}

static struct rp_covered_server *add_server(struct rp_extent *extent,
                                            enum rp_server_kind kind)
{
    struct rp_covered_server *const longer =
        grow(extent->servers, extent->server_count, sizeof *extent->servers);

    if (!longer)
        return NULL;
    extent->servers = longer;
    longer[extent->server_count] = (struct rp_covered_server){.kind = kind};
    return &longer[extent->server_count++];
}

static struct rp_covered_point *add_point(struct rp_covered_server *server,
                                          const struct rp_setting *setting)
{
    struct rp_covered_point *const longer =
        grow(server->points, server->point_count, sizeof *server->points);

    if (!longer)
        return NULL;
    server->points = longer;
    longer[server->point_count] =
        (struct rp_covered_point){.setting = *setting};
    return &longer[server->point_count++];
}

static bool add_stack(struct rp_covered_point *point, const char *stack)
{
    char(*const longer)[RP_EXTENT_STACK_SIZE] =
        grow(point->stacks, point->stack_count, sizeof *point->stacks);

    if (!longer)
        return false;
    point->stacks = longer;
    (void)snprintf(longer[point->stack_count++], RP_EXTENT_STACK_SIZE, "%s",
                   stack);
    return true;
}

static void widen(struct rp_span *span, unsigned value, bool first)
{
    if (first || value < span->least)
        span->least = value;
    if (first || value > span->most)
        span->most = value;
}

/* The first point is written first, with its spans. */
static void widen_all(struct rp_covered_server *server, const char *stack,
                      const double amounts[RP_ITEM_COUNT])
{
    const bool first =
        server->point_count == 1 && server->points[0].stack_count == 1;
    unsigned s2a, a2s;

    rp_extent_crossings(amounts, &s2a, &a2s);
    widen(&server->layers, (unsigned)strlen(stack), first);
    widen(&server->sync_to_async, s2a, first);
    widen(&server->async_to_sync, a2s, first);
}

enum rp_code rp_extent_add(struct rp_extent *extent, enum rp_server_kind kind,
                           const struct rp_setting *setting, const char *stack,
                           const double amounts[RP_ITEM_COUNT],
                           struct rp_error *error)
{
    struct rp_covered_server *server = NULL;
    struct rp_covered_point *point = NULL;

    for (size_t i = 0; i < extent->server_count && !server; i++)
        if (extent->servers[i].kind == kind)
            server = &extent->servers[i];
    if (!server)
        server = add_server(extent, kind);
    for (size_t i = 0; server && i < server->point_count && !point; i++)
        if (same_setting(&server->points[i].setting, setting))
            point = &server->points[i];
    if (server && !point)
        point = add_point(server, setting);
    if (!point || (!has_stack(point, stack) && !add_stack(point, stack)))
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a profile");
    widen_all(server, stack, amounts);
    return RP_OK;
}

void rp_extent_free(struct rp_extent *extent)
{
    for (size_t i = 0; i < extent->server_count; i++) {
        struct rp_covered_server *const s = &extent->servers[i];

        for (size_t k = 0; k < s->point_count; k++)
            free(s->points[k].stacks);
        free(s->points);
    }
    free(extent->servers);
    *extent = (struct rp_extent){0};
}

/* ---- Reading ---- */

static enum rp_code need(const struct rp_node *map, const char *key,
                         enum rp_node_kind kind, const struct rp_node **node,
                         struct rp_error *error)
{
    const enum rp_code code = rp_node_need(map, key, node, error);

    return code ? code : rp_node_expect(*node, kind, error);
}

static enum rp_code read_count(const struct rp_node *map, const char *key,
                               unsigned least, unsigned *count,
                               struct rp_error *error)
{
    const struct rp_node *node = NULL;
    uint64_t number = 0;
    enum rp_code code = need(map, key, RP_NODE_SCALAR, &node, error);

    if (!code)
        code = rp_node_integer(node, least, MOST, &number, error);
    if (!code)
        *count = (unsigned)number;
    return code;
}

static enum rp_code read_time(const struct rp_node *map, const char *key,
                              double *time_ns, struct rp_error *error)
{
    const struct rp_node *node = NULL;
    const enum rp_code code = need(map, key, RP_NODE_SCALAR, &node, error);

    return code ? code : rp_node_duration(node, time_ns, error);
}

static enum rp_code read_flag(const struct rp_node *map, const char *key,
                              bool *flag, struct rp_error *error)
{
    const struct rp_node *node = NULL;
    const enum rp_code code = need(map, key, RP_NODE_SCALAR, &node, error);

    return code ? code : rp_node_bool(node, flag, error);
}

static enum rp_code read_word(const struct rp_node *map, const char *key,
                              const char *const *words, size_t count,
                              size_t *index, struct rp_error *error)
{
    const struct rp_node *node = NULL;
    const enum rp_code code = need(map, key, RP_NODE_SCALAR, &node, error);

    return code ? code : rp_node_word(node, words, count, index, error);
}

/* "[0, 4]" */
static enum rp_code read_span(const struct rp_node *map, const char *key,
                              struct rp_span *span, struct rp_error *error)
{
    const struct rp_node *list = NULL;
    uint64_t least = 0, most = 0;
    enum rp_code code = need(map, key, RP_NODE_SEQUENCE, &list, error);

    if (!code && list->count != 2)
        return rp_node_fail(list, error, RP_ERR_VALUE,
                            "%s: found %zu numbers, expected two, the least "
                            "and the most: [0, 4]",
                            key, list->count);
    if (!code)
        code = rp_node_integer(list->first, 0, MOST, &least, error);
    if (!code)
        code = rp_node_integer(list->first->next, least, MOST, &most, error);
    *span = (struct rp_span){(unsigned)least, (unsigned)most};
    return code;
}

static enum rp_code read_stack(const struct rp_node *node,
                               struct rp_covered_point *point,
                               struct rp_error *error)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *text = "";
    char found[RP_EXCERPT_SIZE];
    const enum rp_code code = rp_node_text(node, &text, error);

    if (code)
        return code;
    if (strspn(text, letters) != strlen(text) ||
        strlen(text) >= RP_EXTENT_STACK_SIZE)
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "stacks: found \"%s\", expected the letters of a "
                            "stack, at most %d, or none",
                            rp_excerpt(text, found), RP_EXTENT_STACK_SIZE - 1);
    return add_stack(point, strcmp(text, "none") == 0 ? "" : text)
               ? RP_OK
               : rp_node_fail(node, error, RP_ERR_MEMORY, "out of memory");
}

static enum rp_code read_words(const struct rp_node *map, struct rp_setting *s,
                               struct rp_error *error)
{
#define AS_WORD(path_, word_) word_,
    static const char *const paths[] = {RP_PATH_LIST(AS_WORD)};
#undef AS_WORD
    static const char *const views[] = {"sync", "async"};
    size_t path = 0, view = 0;
    enum rp_code code =
        read_word(map, "path", paths, COUNT(paths), &path, error);

    if (!code)
        code = read_word(map, "view", views, COUNT(views), &view, error);
    s->path = (enum rp_path)path;
    s->view_async = view == 1;
    return code ? code : read_flag(map, "app_in_loop", &s->app_in_loop, error);
}

static enum rp_code read_setting(const struct rp_node *map,
                                 struct rp_setting *s, struct rp_error *error)
{
    static const char *const known[] = {
        "path",      "view",   "app_in_loop",  "threads",
        "processes", "cores",  "concurrency",  "wait",
        "cpu",       "stacks", "free_threaded"};
    enum rp_code code = rp_node_expect(map, RP_NODE_MAPPING, error);

    if (!code)
        code = rp_node_only_keys(map, known, COUNT(known), NULL, error);
    if (!code)
        code = read_words(map, s, error);
    if (!code)
        code = read_count(map, "threads", 1, &s->threads, error);
    if (!code)
        code = read_count(map, "processes", 1, &s->processes, error);
    if (!code)
        code = read_count(map, "cores", 1, &s->cores, error);
    if (!code)
        code = read_count(map, "concurrency", 1, &s->concurrency, error);
    if (!code)
        code = read_time(map, "wait", &s->wait_ns, error);
    if (!code)
        code = read_time(map, "cpu", &s->cpu_ns, error);
    return code ? code
                : rp_node_bool(rp_node_get(map, "free_threaded"),
                               &s->free_threaded, error);
}

static enum rp_code read_point(const struct rp_node *map,
                               struct rp_covered_server *server,
                               struct rp_error *error)
{
    struct rp_setting setting = {.threads = 1};
    const struct rp_node *stacks = NULL;
    struct rp_covered_point *point;
    enum rp_code code = read_setting(map, &setting, error);

    if (!code)
        code = need(map, "stacks", RP_NODE_SEQUENCE, &stacks, error);
    if (code)
        return code;
    point = add_point(server, &setting);
    if (!point)
        return rp_node_fail(map, error, RP_ERR_MEMORY, "out of memory");
    for (const struct rp_node *n = stacks->first; n && !code; n = n->next)
        code = read_stack(n, point, error);
    return code;
}

static enum rp_code read_server(const struct rp_node *map,
                                struct rp_extent *extent,
                                struct rp_error *error)
{
#define AS_WORD(server_, word_, asgi, in_loop) word_,
    static const char *const words[] = {RP_SERVER_LIST(AS_WORD)};
#undef AS_WORD
    static const char *const known[] = {"server", "layers", "sync_to_async",
                                        "async_to_sync", "points"};
    const struct rp_node *points = NULL;
    struct rp_covered_server *server;
    size_t kind = 0;
    enum rp_code code = rp_node_expect(map, RP_NODE_MAPPING, error);

    if (!code)
        code = rp_node_only_keys(map, known, COUNT(known), NULL, error);
    if (!code)
        code = read_word(map, "server", words, COUNT(words), &kind, error);
    if (code)
        return code;
    if (rp_extent_server(extent, (enum rp_server_kind)kind))
        return rp_node_fail(map, error, RP_ERR_VALUE,
                            "range: %s is there twice; put its points into "
                            "one entry",
                            words[kind]);
    server = add_server(extent, (enum rp_server_kind)kind);
    if (!server)
        return rp_node_fail(map, error, RP_ERR_MEMORY, "out of memory");
    code = read_span(map, "layers", &server->layers, error);
    if (!code)
        code = read_span(map, "sync_to_async", &server->sync_to_async, error);
    if (!code)
        code = read_span(map, "async_to_sync", &server->async_to_sync, error);
    if (!code)
        code = need(map, "points", RP_NODE_SEQUENCE, &points, error);
    for (const struct rp_node *n = points ? points->first : NULL; n && !code;
         n = n->next)
        code = read_point(n, server, error);
    return code;
}

enum rp_code rp_extent_read(const struct rp_node *list,
                            struct rp_extent *extent, struct rp_error *error)
{
    enum rp_code code =
        list ? rp_node_expect(list, RP_NODE_SEQUENCE, error) : RP_OK;

    for (const struct rp_node *n = list ? list->first : NULL; n && !code;
         n = n->next)
        code = read_server(n, extent, error);
    return code;
}

/* ---- Writing ---- */

/* In us, like all times of a profile; seven digits are read back alike. */
static void write_time(FILE *out, const char *before, double time_ns)
{
    char text[RP_NUMBER_TEXT_SIZE];
    const double us = time_ns < 1e-9 ? 0.0 : time_ns / 1e3;

    (void)fprintf(out, "%s%sus", before, rp_number_format(us, 7, text));
}

static void write_span(FILE *out, const char *key, struct rp_span span)
{
    (void)fprintf(out, "    %s: [%u, %u]\n", key, span.least, span.most);
}

static void write_point(FILE *out, const struct rp_covered_point *point)
{
    const struct rp_setting *const s = &point->setting;

    (void)fprintf(out,
                  "      - {path: %s, view: %s, app_in_loop: %s, threads: %u, "
                  "processes: %u, cores: %u, concurrency: %u",
                  rp_path_word(s->path), s->view_async ? "async" : "sync",
                  s->app_in_loop ? "true" : "false", s->threads, s->processes,
                  s->cores, s->concurrency);
    write_time(out, ", wait: ", s->wait_ns);
    write_time(out, ", cpu: ", s->cpu_ns);
    (void)fprintf(out, "%s, stacks: [",
                  s->free_threaded ? ", free_threaded: true" : "");
    for (size_t i = 0; i < point->stack_count; i++)
        (void)fprintf(out, "%s%s", i == 0 ? "" : ", ",
                      point->stacks[i][0] ? point->stacks[i] : "none");
    (void)fputs("]}\n", out);
}

void rp_extent_write(const struct rp_extent *extent, FILE *out)
{
    if (extent->server_count == 0)
        return;
    (void)fputs("range: # what the costs were calibrated on: [least, most] of "
                "a request, and the stacks of each setting\n",
                out);
    for (size_t i = 0; i < extent->server_count; i++) {
        const struct rp_covered_server *const s = &extent->servers[i];

        (void)fprintf(out, "  - server: %s\n", rp_server_word(s->kind));
        write_span(out, "layers", s->layers);
        write_span(out, "sync_to_async", s->sync_to_async);
        write_span(out, "async_to_sync", s->async_to_sync);
        /* a list of none must be said, or it is no list */
        (void)fputs(s->point_count > 0 ? "    points:\n" : "    points: []\n",
                    out);
        for (size_t k = 0; k < s->point_count; k++)
            write_point(out, &s->points[k]);
    }
}
