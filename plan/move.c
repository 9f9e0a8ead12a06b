/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/move.h"

#include "model/framework.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *rp_move_word(enum rp_move_kind kind)
{
    static const char *const words[] = {
#define RP_MOVE_AS_WORD(kind, word, effort) [kind] = word,
        RP_MOVE_LIST(RP_MOVE_AS_WORD)
#undef RP_MOVE_AS_WORD
    };

    return words[kind];
}

enum rp_move_kind rp_move_parse(const char *word)
{
    unsigned kind = 0;

    while (kind < RP_MOVE_COUNT &&
           strcmp(rp_move_word((enum rp_move_kind)kind), word) != 0)
        kind++;
    return (enum rp_move_kind)kind;
}

struct rp_move_efforts rp_move_efforts_default(void)
{
    return (struct rp_move_efforts){.of_kind = {
#define RP_MOVE_AS_EFFORT(kind, word, effort) [kind] = effort,
                                        RP_MOVE_LIST(RP_MOVE_AS_EFFORT)
#undef RP_MOVE_AS_EFFORT
                                    }};
}

static void free_move(struct rp_move *move)
{
    free(move->text);
    for (size_t i = 0; i < 2 * RP_MOVE_EDITS_MAX; i++)
        free(move->memory[i]);
}

void rp_moves_free(struct rp_moves *moves)
{
    for (size_t i = 0; i < moves->count; i++)
        free_move(&moves->moves[i]);
    free(moves->moves);
    *moves = (struct rp_moves){0};
}

/* ---- Making one ---- */

struct making {
    const struct rp_scenario *scenario;
    const struct rp_move_efforts *efforts;
    struct rp_moves made;
    size_t room;
    bool failed; /* memory was short */
};

static char *RP_PRINTF(2, 0)
    text_of(struct making *m, const char *format, va_list args)
{
    va_list again;
    char *text;
    int length;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (text)
        (void)vsnprintf(text, (size_t)length + 1, format, args);
    else
        m->failed = true;
    return text;
}

/* A kind that is ruled out is so for every layer. */
static double effort_of(const struct making *m, enum rp_move_kind kind,
                        size_t layer)
{
    const struct rp_move_efforts *const e = m->efforts;

    for (size_t i = 0; layer < m->scenario->layer_count && i < e->layer_count &&
                       e->of_kind[kind] >= 0.0;
         i++)
        if (strcmp(e->layers[i], m->scenario->layers[layer].name) == 0)
            return e->of_layer[i];
    return e->of_kind[kind];
}

/* A new move; NULL: its effort rules it out, or memory was short. */
static struct rp_move *RP_PRINTF(4, 5)
    begin(struct making *m, enum rp_move_kind kind, size_t layer,
          const char *format, ...)
{
    const double effort = effort_of(m, kind, layer);
    struct rp_move *move, *grown;
    va_list args;

    if (effort < 0.0 || m->failed)
        return NULL;
    if (m->made.count == m->room) {
        m->room = 2 * m->room + 16;
        grown = realloc(m->made.moves, m->room * sizeof *grown);
        if (!grown) {
            m->failed = true;
            return NULL;
        }
        m->made.moves = grown;
    }
    move = &m->made.moves[m->made.count++];
    *move = (struct rp_move){.kind = kind, .layer = layer, .effort = effort};
    va_start(args, format);
    move->text = text_of(m, format, args);
    va_end(args);
    return move;
}

/* An edit of it: the value, then the key's format. */
static void RP_PRINTF(4, 5) edit(struct making *m, struct rp_move *move,
                                 const char *value, const char *key, ...)
{
    const size_t at = move->edit_count;
    va_list args;

    va_start(args, key);
    move->memory[2 * at] = text_of(m, key, args);
    va_end(args);
    move->memory[2 * at + 1] = strdup(value);
    if (!move->memory[2 * at] || !move->memory[2 * at + 1]) {
        m->failed = true;
        return;
    }
    move->edits[at] =
        (struct rp_edit){move->memory[2 * at], move->memory[2 * at + 1]};
    move->edit_count++;
}

/* ---- Layers ---- */

/* Hooks that any kind may have, as a value; "drop" where there are none. */
static void list_hooks(unsigned hooks, char list[256])
{
    static const struct {
        unsigned bit;
        const char *word;
    } known[] = {
#define RP_HOOK_AS_ROW(hook, bit, word) {bit, word},
        RP_HOOK_LIST(RP_HOOK_AS_ROW)
#undef RP_HOOK_AS_ROW
    };
    size_t length = 0;

    hooks &= ~((unsigned)RP_HOOK_REQUEST | (unsigned)RP_HOOK_RESPONSE);
    (void)snprintf(list, 256, "drop");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (hooks & known[i].bit)
            length += (size_t)snprintf(list + length, 256 - length, "%s%s",
                                       length ? ", " : "[", known[i].word);
    if (length > 0)
        (void)snprintf(list + length, 256 - length, "]");
}

static void convert(struct making *m, size_t i, enum rp_move_kind kind)
{
    const struct rp_layer *const layer = &m->scenario->layers[i];
    const char *const word = rp_move_word(kind);
    struct rp_move *const move =
        begin(m, kind, i, "make \"%s\" %s", layer->name, word);
    char hooks[256];

    if (!move)
        return;
    edit(m, move, word, "middleware.%s.kind", layer->name);
    if (layer->kind != RP_LAYER_MIXIN)
        return;
    list_hooks(layer->hooks, hooks);
    edit(m, move, hooks, "middleware.%s.hooks", layer->name);
}

static void change_layers(struct making *m)
{
    for (size_t i = 0; i < m->scenario->layer_count; i++) {
        const struct rp_layer *const layer = &m->scenario->layers[i];
        struct rp_move *move;

        if (layer->kind != RP_LAYER_HYBRID)
            convert(m, i, RP_MOVE_HYBRID);
        if (layer->kind == RP_LAYER_SYNC || layer->kind == RP_LAYER_MIXIN)
            convert(m, i, RP_MOVE_ASYNC);
        if (layer->kind == RP_LAYER_ASYNC)
            convert(m, i, RP_MOVE_SYNC);
        move = begin(m, RP_MOVE_DROP, i, "drop \"%s\"", layer->name);
        if (move)
            edit(m, move, "drop", "middleware.%s", layer->name);
    }
}

/* Names between quotes of YAML, as a list; NULL: no memory. */
static char *list_names(const struct rp_scenario *s, const size_t *order)
{
    char *list = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&list, &size);

    if (!out)
        return NULL;
    for (size_t i = 0; i < s->layer_count; i++) {
        (void)fputs(i ? ", '" : "['", out);
        for (const char *at = s->layers[order[i]].name; *at; at++)
            (void)fputs(*at == '\'' ? "''" : (char[]){*at, '\0'}, out);
        (void)putc('\'', out);
    }
    (void)putc(']', out);
    if (fclose(out) == 0)
        return list;
    free(list);
    return NULL;
}

/* What moved in an order: the layer without which both are the same. */
static size_t moved(const size_t *order, size_t count)
{
    for (size_t out = 0; out < count; out++) {
        size_t expected = 0, i = 0;

        for (; i < count; i++) {
            if (order[i] == out)
                continue;
            if (expected == out)
                expected++;
            if (order[i] != expected)
                break;
            expected++;
        }
        if (i == count)
            return out;
    }
    return count;
}

static void reorder(struct making *m, const size_t *order)
{
    const struct rp_scenario *const s = m->scenario;
    const size_t n = s->layer_count, one = moved(order, n);
    const char *const name = one < n ? s->layers[one].name : "";
    size_t at = 0;
    struct rp_move *move;
    char *list;

    while (one < n && order[at] != one)
        at++;
    if (one == n)
        move = begin(m, RP_MOVE_REORDER, n, "reorder the stack");
    else if (at == 0)
        move = begin(m, RP_MOVE_REORDER, n, "move \"%s\" to the outside", name);
    else
        move = begin(m, RP_MOVE_REORDER, n, "move \"%s\" inside of \"%s\"",
                     name, s->layers[order[at - 1]].name);
    if (!move)
        return;
    list = list_names(s, order);
    m->failed |= !list;
    if (list)
        edit(m, move, list, "middleware.order");
    free(list);
}

/* ---- The rest ---- */

static void change_view(struct making *m)
{
    const struct rp_scenario *const s = m->scenario;
    const char *const word = s->view_async ? "sync" : "async";
    struct rp_move *move;

    if (s->class_count == 0) {
        move = begin(m, RP_MOVE_VIEW, s->layer_count, "make the view %s", word);
        if (move)
            edit(m, move, word, "view.kind");
        return;
    }
    for (size_t i = 0; i < s->class_count; i++) {
        const char *const name = s->classes[i].name;
        const char *const to = s->classes[i].view_async ? "sync" : "async";

        move = begin(m, RP_MOVE_VIEW, s->layer_count,
                     "make the view of \"%s\" "
                     "%s",
                     name, to);
        if (move)
            edit(m, move, to, "requests.%s.view.kind", name);
    }
}

static void change_server(struct making *m)
{
    static const enum rp_server_kind servers[] = {
        RP_SERVER_GUNICORN, RP_SERVER_GTHREAD, RP_SERVER_DAPHNE,
        RP_SERVER_UVICORN};
    const struct rp_scenario *const s = m->scenario;

    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        const char *const word = rp_server_word(servers[i]);
        struct rp_move *move;

        if (servers[i] == s->server.kind)
            continue;
        move =
            begin(m, RP_MOVE_SERVER, s->layer_count, "serve it with %s", word);
        if (!move)
            continue;
        edit(m, move, word, "server.kind");
        edit(m, move, "drop", "server.threads");
        edit(m, move, "drop", "server.app_built_in_loop");
    }
}

static void multiply(struct making *m, enum rp_move_kind kind, unsigned now)
{
    for (unsigned times = 2; times <= 4; times *= 2) {
        struct rp_move *const move =
            begin(m, kind, m->scenario->layer_count, "%u %s instead of %u",
                  times * now, rp_move_word(kind), now);
        char value[16];

        if (!move)
            return;
        (void)snprintf(value, sizeof value, "%u", times * now);
        edit(m, move, value, "server.%s", rp_move_word(kind));
    }
}

/* True where a request of both frameworks takes the same path. */
static bool is_alike(const struct rp_framework *a, const struct rp_framework *b)
{
    struct rp_rules of_a = {0}, of_b = {0};

    return !rp_rules_find(a, &of_a, NULL) && !rp_rules_find(b, &of_b, NULL) &&
           of_a.lookup == of_b.lookup &&
           of_a.sensitive_default == of_b.sensitive_default &&
           of_a.context_thread == of_b.context_thread &&
           of_a.joining_thread == of_b.joining_thread;
}

/* Releases with long support, each with the asgiref that it has by default;
 * those after which requests take another path (model/framework.h). */
static void raise_version(struct making *m)
{
    static const char *const versions[] = {"4.2", "5.2"};
    struct rp_framework last = m->scenario->framework;

    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct rp_framework next = last;
        struct rp_move *move;

        if (!rp_version_parse(versions[i], &next.version) ||
            rp_version_compare(next.version, last.version) <= 0)
            continue;
        if (rp_version_compare(rp_default_asgiref(next.version),
                               next.asgiref_version) > 0)
            next.asgiref_version = rp_default_asgiref(next.version);
        if (is_alike(&last, &next))
            continue;
        last = next;
        move = begin(m, RP_MOVE_VERSION, m->scenario->layer_count,
                     "run Django %s", versions[i]);
        if (move)
            edit(m, move, versions[i], "framework.version");
    }
}

enum rp_code rp_moves_of(const struct rp_scenario *scenario,
                         const struct rp_move_efforts *efforts,
                         const size_t *orders, size_t order_count,
                         struct rp_moves *moves, struct rp_error *error)
{
    struct making m = {.scenario = scenario, .efforts = efforts};

    change_layers(&m);
    for (size_t i = 0; i < order_count; i++)
        reorder(&m, orders + i * scenario->layer_count);
    change_view(&m);
    change_server(&m);
    if (scenario->server.kind == RP_SERVER_GTHREAD)
        multiply(&m, RP_MOVE_THREADS, scenario->server.threads);
    if (scenario->server.processes < scenario->cores)
        multiply(&m, RP_MOVE_PROCESSES, scenario->server.processes);
    raise_version(&m);
    if (m.failed) {
        rp_moves_free(&m.made);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for moves");
    }
    *moves = m.made;
    return RP_OK;
}

bool rp_moves_go_together(const struct rp_move *a, const struct rp_move *b,
                          const struct rp_scenario *scenario)
{
    const size_t none = scenario->layer_count;

    if (a->layer < none && b->layer < none)
        return a->layer != b->layer;
    if (a->layer < none || b->layer < none)
        return true; /* an order may name what was dropped before */
    return a->kind != b->kind &&
           !(a->kind == RP_MOVE_SERVER && b->kind == RP_MOVE_THREADS) &&
           !(b->kind == RP_MOVE_SERVER && a->kind == RP_MOVE_THREADS);
}
