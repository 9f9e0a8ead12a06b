/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/edit.h"

#include "model/canon.h"
#include "model/excerpt.h"
#include "model/keys.h"
#include "model/slips.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 256, NAMES_MAX = 1000 };

/* A variant on its way: what an edit touches is copied, all else is the
 * draft's. */
struct variant {
    const struct rp_draft *draft;
    struct rp_tree tree; /* the memory of the copies */
    const struct rp_edit *edit;
    const char *place;           /* "--vary KEY" */
    const struct rp_node *value; /* NULL: drop */
    struct rp_error *error;
};

enum rp_code rp_draft_read(const char *path, struct rp_draft *draft,
                           struct rp_error *error)
{
    struct rp_draft fresh = {.option = "--vary"};
    const enum rp_code code = rp_tree_read(path, &fresh.tree, error);

    if (!code)
        *draft = fresh;
    return code;
}

enum rp_code rp_draft_read_text(const char *text, size_t length,
                                const char *file_name, struct rp_draft *draft,
                                struct rp_error *error)
{
    struct rp_draft fresh = {.option = "--vary"};
    const enum rp_code code =
        rp_tree_read_text(text, length, file_name, &fresh.tree, error);

    if (!code)
        *draft = fresh;
    return code;
}

void rp_draft_free(struct rp_draft *draft)
{
    rp_tree_free(&draft->tree);
    *draft = (struct rp_draft){0};
}

/* ---- Nodes ---- */

static enum rp_code no_memory(const struct variant *v)
{
    return rp_fail(v->error, RP_ERR_MEMORY, "out of memory for a variant");
}

static const char *keep_text(struct variant *v, const char *text, size_t length)
{
    char *const copy = rp_tree_take(&v->tree, length + 1);

    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

/* A node like `like`, without its children; NULL: no memory. */
static struct rp_node *copy_node(struct variant *v, const struct rp_node *like)
{
    struct rp_node *const node = rp_tree_take(&v->tree, sizeof *node);

    if (node) {
        *node = *like;
        node->first = node->next = NULL;
        node->count = 0;
    }
    return node;
}

/* The children of a node that is being made. */
struct children {
    struct rp_node *parent, *last;
};

static void append(struct children *to, struct rp_node *node)
{
    if (to->last)
        to->last->next = node;
    else
        to->parent->first = node;
    to->last = node;
    to->parent->count++;
}

/* A child as it was: what is below it is shared. */
static bool append_as_it_is(struct variant *v, struct children *to,
                            const struct rp_node *child)
{
    struct rp_node *const node = copy_node(v, child);

    if (!node)
        return false;
    node->first = child->first;
    node->count = child->count;
    append(to, node);
    return true;
}

/* ---- The value of an edit ---- */

/* What was read from an option has no line. */
static struct rp_node *copy_value(struct variant *v, const struct rp_node *from)
{
    struct rp_node *const node = copy_node(v, from);
    struct children to = {.parent = node};

    if (!node)
        return NULL;
    node->file = v->place;
    node->line = node->column = node->key_line = node->key_column = 0;
    node->text = keep_text(v, from->text, strlen(from->text));
    if (from->key)
        node->key = keep_text(v, from->key, strlen(from->key));
    if (!node->text || (from->key && !node->key))
        return NULL;
    for (const struct rp_node *c = from->first; c; c = c->next) {
        struct rp_node *const child = copy_value(v, c);

        if (!child)
            return NULL;
        append(&to, child);
    }
    return node;
}

static enum rp_code read_yaml(struct variant *v)
{
    const char *const text = v->edit->value;
    struct rp_tree tree = {0};
    const enum rp_code code =
        rp_tree_read_text(text, strlen(text), v->place, &tree, v->error);

    if (code)
        return code;
    v->value = copy_value(v, tree.root);
    rp_tree_free(&tree);
    return v->value ? RP_OK : no_memory(v);
}

/* A list, a mapping or a quoted text is read as in a file; what is left is one
 * word. */
static enum rp_code read_value(struct variant *v)
{
    const struct rp_node plain = {.kind = RP_NODE_SCALAR,
                                  .plain = true,
                                  .text = v->edit->value,
                                  .file = v->place};

    v->value = NULL;
    if (strcmp(v->edit->value, "drop") == 0)
        return RP_OK;
    if (v->edit->value[0] && strchr("[{\"'", v->edit->value[0]))
        return read_yaml(v);
    v->value = copy_value(v, &plain);
    return v->value ? RP_OK : no_memory(v);
}

/* ---- Where an edit goes ---- */

/* The path in the table of keys of what is called `part` at `path`. */
static void step_down(const char *path, const char *part, size_t length,
                      char below[PATH_SIZE])
{
    const struct rp_key *const key = rp_key_find(path);

    if (key && key->type == RP_KEY_DURATION)
        path = "(duration)";
    (void)snprintf(below, PATH_SIZE, "%s%s%.*s", path, path[0] ? "." : "",
                   length < PATH_SIZE ? (int)length : PATH_SIZE, part);
}

/* A list whose entries have names: middleware, resources, requests. */
static bool is_named_list(const char *path)
{
    const struct rp_key *const key = rp_key_find(path);
    char name[PATH_SIZE];

    (void)snprintf(name, sizeof name, "%s[].name", path);
    return key && key->type == RP_KEY_LIST && rp_key_find(name);
}

/* Node, key and path of one step of the way. */
struct spot {
    const struct rp_node *old; /* NULL: there is none yet */
    const char *key;           /* in its mapping; NULL: in a list */
    const char *path;          /* in the table of keys */
    const char *rest;          /* of the edit's key */
};

static enum rp_code edit_at(struct variant *v, const struct spot *spot,
                            struct rp_node **made);

/* The value itself, under the key of the spot. */
static enum rp_code put_value(struct variant *v, const struct spot *spot,
                              struct rp_node **made)
{
    struct rp_node *node;

    *made = NULL;
    if (!v->value)
        return RP_OK;
    node = copy_node(v, v->value);
    if (!node)
        return no_memory(v);
    node->first = v->value->first;
    node->count = v->value->count;
    node->key = spot->key;
    *made = node;
    return RP_OK;
}

/* An empty mapping in place of what is there. A new one that a file could have
 * stands where the file begins; another is the edit's mistake. */
static struct rp_node *make_map(struct variant *v, const struct spot *spot)
{
    const struct rp_node *const root = v->draft->tree.root;
    const struct rp_key *const key = rp_key_find(spot->path);
    struct rp_node like = {.kind = RP_NODE_MAPPING,
                           .text = "",
                           .key = spot->key,
                           .file = v->place};

    if (spot->old && spot->old->kind == RP_NODE_MAPPING)
        like = *spot->old;
    else if (key && (key->type == RP_KEY_MAP || key->type == RP_KEY_DURATION)) {
        like.file = root->file;
        like.line = root->line;
        like.column = root->column;
    }
    return copy_node(v, &like);
}

/* `view.wait.cv` of `wait: 20ms` is that of {mean: 20ms}. */
static enum rp_code unfold_duration(struct variant *v, const struct spot *spot,
                                    const char *part, struct children *to)
{
    const struct rp_key *const key = rp_key_find(spot->path);
    struct rp_node *mean;

    if (!spot->old || spot->old->kind != RP_NODE_SCALAR || !key ||
        key->type != RP_KEY_DURATION || strcmp(part, "mean") == 0)
        return RP_OK;
    mean = copy_node(v, spot->old);
    if (!mean)
        return no_memory(v);
    mean->key = "mean";
    append(to, mean);
    return RP_OK;
}

static enum rp_code put_into_map(struct variant *v, struct children *to,
                                 const struct spot *below)
{
    struct rp_node *node = NULL;
    const enum rp_code code = edit_at(v, below, &node);

    if (!code && node)
        append(to, node);
    return code;
}

/* Nothing is there that could be dropped: a key that nobody knows has to be
 * complained about all the same, by whoever reads it. */
static enum rp_code drop_nothing(struct variant *v, struct children *to,
                                 const struct spot *below)
{
    const struct rp_node word = {.kind = RP_NODE_SCALAR,
                                 .text = "drop",
                                 .key = below->key,
                                 .file = v->place};
    struct rp_node *node;

    if (rp_key_find(below->path))
        return RP_OK;
    node = copy_node(v, &word);
    if (!node)
        return no_memory(v);
    append(to, node);
    return RP_OK;
}

static enum rp_code edit_map(struct variant *v, const struct spot *spot,
                             struct rp_node **made)
{
    const size_t length = strcspn(spot->rest, ".");
    const char *const after = spot->rest + length;
    const char *const part = keep_text(v, spot->rest, length);
    char path[PATH_SIZE];
    struct spot below = {
        .key = part, .path = path, .rest = after + (*after == '.')};
    struct children to = {.parent = make_map(v, spot)};
    enum rp_code code;
    bool found = false;

    if (!part || !to.parent)
        return no_memory(v);
    step_down(spot->path, spot->rest, length, path);
    code = unfold_duration(v, spot, part, &to);
    for (const struct rp_node *c = spot->old ? spot->old->first : NULL;
         c && !code; c = c->next) {
        if (c->key && strcmp(c->key, part) == 0) {
            found = true;
            below.old = c;
            code = put_into_map(v, &to, &below);
        } else if (!append_as_it_is(v, &to, c)) {
            code = no_memory(v);
        }
    }
    if (!code && !found)
        code = v->value ? put_into_map(v, &to, &below)
                        : drop_nothing(v, &to, &below);
    *made = to.parent;
    return code;
}

/* ---- Lists of what has names ---- */

static const char *name_of(const struct rp_node *entry)
{
    const struct rp_node *const name = rp_node_get(entry, "name");

    return name && name->kind == RP_NODE_SCALAR ? name->text : NULL;
}

/* How much of `rest` is the entry's name; 0: it is another one. */
static size_t name_length(const struct rp_node *entry, const char *rest)
{
    const char *const name = name_of(entry);
    const size_t length = name ? strlen(name) : 0;

    if (length == 0 || strncmp(name, rest, length) != 0)
        return 0;
    return rest[length] == '\0' || rest[length] == '.' ? length : 0;
}

static const struct rp_node *entry_of(const struct rp_node *list,
                                      const char *name)
{
    for (const struct rp_node *c = list ? list->first : NULL; c; c = c->next) {
        const char *const its = name_of(c);

        if (its && strcmp(its, name) == 0)
            return c;
    }
    return NULL;
}

static enum rp_code unknown_name(struct variant *v, const char *list_key,
                                 const struct rp_node *list, const char *word)
{
    const char *names[NAMES_MAX], *near;
    char found[RP_EXCERPT_SIZE], meant[RP_EXCERPT_SIZE];
    size_t count = 0;

    for (const struct rp_node *c = list->first; c && count < NAMES_MAX;
         c = c->next)
        names[count++] = name_of(c);
    near = rp_near_miss(word, names, count);
    return rp_fail_at(v->error, RP_ERR_VALUE, v->place, 0, 0,
                      "nothing in %s is called \"%s\"%s%s%s", list_key,
                      rp_excerpt(word, found), near ? "; did you mean \"" : "",
                      near ? rp_excerpt(near, meant) : "", near ? "\"?" : "");
}

/* "auht.kind" begins with the name "auht", as layers have a kind; names may
 * have points, too. */
static const char *name_in(struct variant *v, const char *path,
                           const char *rest)
{
    for (const char *dot = strchr(rest, '.'); dot; dot = strchr(dot + 1, '.')) {
        char key[PATH_SIZE];

        (void)snprintf(key, sizeof key, "%s[].%s", path, dot + 1);
        if (rp_key_find(key))
            return keep_text(v, rest, (size_t)(dot - rest));
    }
    return rest;
}

/* The entry that the key begins with; the longest, where names have points. */
static enum rp_code find_entry(struct variant *v, const struct spot *spot,
                               const struct rp_node **entry, size_t *length)
{
    const char *word;

    *length = 0;
    for (const struct rp_node *c = spot->old->first; c; c = c->next) {
        const size_t its = name_length(c, spot->rest);

        if (its > *length) {
            *entry = c;
            *length = its;
        }
    }
    if (*length > 0)
        return RP_OK;
    word = name_in(v, spot->path, spot->rest);
    return word ? unknown_name(v, spot->key, spot->old, word) : no_memory(v);
}

static enum rp_code check_order(struct variant *v, const struct spot *spot)
{
    const struct rp_node *const base =
        rp_node_get(v->draft->tree.root, spot->key);
    enum rp_code code =
        v->value ? rp_node_expect(v->value, RP_NODE_SEQUENCE, v->error)
                 : rp_fail_at(v->error, RP_ERR_VALUE, v->place, 0, 0,
                              "an order cannot be dropped; write keep, or all "
                              "names: [a, b]");

    for (const struct rp_node *c = v->value ? v->value->first : NULL;
         c && !code; c = c->next) {
        char found[RP_EXCERPT_SIZE];

        if (!entry_of(base, c->text) && !entry_of(spot->old, c->text))
            code = unknown_name(v, spot->key, spot->old, c->text);
        for (const struct rp_node *b = v->value->first; b != c && !code;
             b = b->next)
            if (strcmp(b->text, c->text) == 0)
                code = rp_fail_at(v->error, RP_ERR_VALUE, v->place, 0, 0,
                                  "\"%s\" is named twice; name each once",
                                  rp_excerpt(c->text, found));
    }
    return code;
}

static bool is_named(const struct rp_node *names, const char *name)
{
    for (const struct rp_node *c = names->first; c; c = c->next)
        if (name && strcmp(c->text, name) == 0)
            return true;
    return false;
}

static enum rp_code edit_order(struct variant *v, const struct spot *spot,
                               struct rp_node **made)
{
    struct children to = {.parent = copy_node(v, spot->old)};
    enum rp_code code = check_order(v, spot);
    char found[RP_EXCERPT_SIZE];

    if (!to.parent)
        return no_memory(v);
    for (const struct rp_node *c = spot->old->first; c && !code; c = c->next)
        if (!is_named(v->value, name_of(c)))
            code = rp_fail_at(
                v->error, RP_ERR_VALUE, v->place, 0, 0,
                "\"%s\" is left out of the order; name each of %s once",
                rp_excerpt(name_of(c) ? name_of(c) : "", found), spot->key);
    for (const struct rp_node *c = code ? NULL : v->value->first; c && !code;
         c = c->next) {
        const struct rp_node *const entry = entry_of(spot->old, c->text);

        if (entry && !append_as_it_is(v, &to, entry))
            code = no_memory(v);
    }
    *made = to.parent;
    return code;
}

/* Entries that are meant are edited, the others stay. */
static enum rp_code edit_entries(struct variant *v, const struct spot *spot,
                                 const struct rp_node *only, size_t length,
                                 struct rp_node **made)
{
    const char *const after = spot->rest + length;
    struct children to = {.parent = copy_node(v, spot->old)};
    enum rp_code code = RP_OK;
    char path[PATH_SIZE];

    if (!to.parent)
        return no_memory(v);
    (void)snprintf(path, sizeof path, "%s[]", spot->path);
    for (const struct rp_node *c = spot->old->first; c && !code; c = c->next) {
        const struct spot below = {
            .old = c, .path = path, .rest = after + (*after == '.')};
        struct rp_node *node = NULL;

        if (only && c != only) {
            code = append_as_it_is(v, &to, c) ? RP_OK : no_memory(v);
            continue;
        }
        code = edit_at(v, &below, &node);
        if (!code && node)
            append(&to, node);
    }
    *made = to.parent;
    return code;
}

static enum rp_code edit_list(struct variant *v, const struct spot *spot,
                              struct rp_node **made)
{
    const struct rp_node *entry = NULL;
    size_t length = 0;
    enum rp_code code;

    if (!spot->old || spot->old->kind != RP_NODE_SEQUENCE)
        return rp_fail_at(v->error, RP_ERR_VALUE, v->place, 0, 0,
                          "the scenario has no list \"%s\", of which an entry "
                          "could be changed",
                          spot->path);
    if (strcmp(spot->rest, "order") == 0 && !entry_of(spot->old, "order"))
        return edit_order(v, spot, made);
    if (spot->rest[0] == '*' && (!spot->rest[1] || spot->rest[1] == '.'))
        return edit_entries(v, spot, NULL, 1, made);
    code = find_entry(v, spot, &entry, &length);
    return code ? code : edit_entries(v, spot, entry, length, made);
}

static enum rp_code edit_at(struct variant *v, const struct spot *spot,
                            struct rp_node **made)
{
    if (!spot->rest[0])
        return put_value(v, spot, made);
    return is_named_list(spot->path) ? edit_list(v, spot, made)
                                     : edit_map(v, spot, made);
}

/* ---- Variants ---- */

static enum rp_code set_edit(struct variant *v, const struct rp_edit *edit)
{
    const size_t size = strlen(v->draft->option) + strlen(edit->key) + 2;
    char *const place = rp_tree_take(&v->tree, size);

    if (!place)
        return no_memory(v);
    (void)snprintf(place, size, "%s %s", v->draft->option, edit->key);
    v->edit = edit;
    v->place = place;
    if (edit->key[0] && edit->key[0] != '.')
        return read_value(v);
    return rp_fail_at(v->error, RP_ERR_VALUE, v->draft->option, 0, 0,
                      "found \"%s\", expected a key; reqpath keys lists all",
                      edit->key);
}

static bool is_about(const struct rp_node *rule, const char *name)
{
    static const char *const keys[] = {"layer", "after", "before"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct rp_node *const said = rp_node_get(rule, keys[i]);

        if (said && strcmp(said->text, name) == 0)
            return true;
    }
    return false;
}

/* A layer that was dropped takes the rules along that are about it. */
static enum rp_code forget_rules(struct variant *v, struct rp_node *root)
{
    static const char list[] = "middleware.";
    const char *const name = v->edit->key + sizeof list - 1;
    const struct rp_node *const old = rp_node_get(root, "order");
    struct children all = {.parent = root}, kept = {.parent = NULL};
    const struct rp_node *first;

    if (v->value || !old || strncmp(v->edit->key, list, sizeof list - 1) != 0 ||
        entry_of(rp_node_get(root, "middleware"), name))
        return RP_OK;
    first = root->first;
    root->first = NULL;
    root->count = 0;
    for (const struct rp_node *c = first; c; c = c->next) {
        if (!append_as_it_is(v, &all, c))
            return no_memory(v);
        if (c == old)
            kept.parent = all.last;
    }
    assert(kept.parent); /* `old` is one of them */
    kept.parent->first = NULL;
    kept.parent->count = 0;
    for (const struct rp_node *c = old->first; c; c = c->next)
        if (!is_about(c, name) && !append_as_it_is(v, &kept, c))
            return no_memory(v);
    return RP_OK;
}

static enum rp_code apply(struct variant *v, const struct rp_edit *edits,
                          size_t count)
{
    enum rp_code code = RP_OK;

    v->tree.root = v->draft->tree.root;
    for (size_t i = 0; i < count && !code; i++) {
        struct rp_node *root = NULL;
        struct spot top = {
            .old = v->tree.root, .path = "", .rest = edits[i].key};

        if (strcmp(edits[i].value, "keep") == 0)
            continue;
        code = set_edit(v, &edits[i]);
        if (!code)
            code = edit_at(v, &top, &root);
        assert(code || root); /* what has a key is in the whole, never it */
        if (!code)
            code = forget_rules(v, root);
        if (!code)
            v->tree.root = root;
    }
    return code;
}

enum rp_code rp_draft_scenario(const struct rp_draft *draft,
                               const struct rp_edit *edits, size_t count,
                               struct rp_scenario *scenario,
                               struct rp_error *error)
{
    struct variant v = {.draft = draft, .error = error};
    enum rp_code code = apply(&v, edits, count);

    if (!code)
        code = rp_scenario_read_node(v.tree.root, scenario, error);
    rp_tree_free(&v.tree);
    return code;
}

enum rp_code rp_draft_text(const struct rp_draft *draft,
                           const struct rp_edit *edits, size_t count,
                           char **text, struct rp_error *error)
{
    struct variant v = {.draft = draft, .error = error};
    struct rp_scenario scenario = {0};
    enum rp_code code = apply(&v, edits, count);

    if (!code)
        code = rp_scenario_read_node(v.tree.root, &scenario, error);
    if (!code)
        code =
            rp_canon_text(v.tree.root, &scenario.load.timestamps, text, error);
    rp_scenario_free(&scenario);
    rp_tree_free(&v.tree);
    return code;
}

/* ---- One edit by itself ---- */

/* The path of an edit's key in the table; "" where entries are meant whole. */
static enum rp_code table_path(struct variant *v, char path[PATH_SIZE])
{
    const char *rest = v->edit->key;

    path[0] = '\0';
    while (*rest) {
        const struct spot spot = {.old = rp_node_get(v->draft->tree.root, path),
                                  .key = path,
                                  .path = path,
                                  .rest = rest};
        const struct rp_node *entry = NULL;
        char below[PATH_SIZE];
        size_t length = strcspn(rest, ".");

        if (is_named_list(path) && strcmp(rest, "order") == 0) {
            path[0] = '\0';
            return RP_OK;
        }
        if (is_named_list(path) && spot.old) {
            if (rest[0] != '*') {
                const enum rp_code code = find_entry(v, &spot, &entry, &length);
                if (code)
                    return code;
            }
            (void)snprintf(below, sizeof below, "%s[]", path);
        } else {
            step_down(path, rest, length, below);
        }
        memcpy(path, below, sizeof below);
        rest += length;
        rest += *rest == '.';
    }
    return RP_OK;
}

enum rp_code rp_draft_check(const struct rp_draft *draft,
                            const struct rp_edit *edit, struct rp_error *error)
{
    struct variant v = {.draft = draft, .error = error};
    const struct rp_key *key = NULL;
    struct rp_node *root = NULL;
    char path[PATH_SIZE] = "";
    enum rp_code code = set_edit(&v, edit);

    if (!code) {
        const struct spot top = {
            .old = draft->tree.root, .path = "", .rest = edit->key};

        code = edit_at(&v, &top, &root);
    }
    if (!code)
        code = table_path(&v, path);
    if (!code && path[0] && path[strlen(path) - 1] != ']') {
        key = rp_key_find(path);
        if (!key) { /* the reader knows what to say */
            struct rp_scenario scenario = {0};

            code = rp_scenario_read_node(root, &scenario, error);
            rp_scenario_free(&scenario);
        }
    }
    if (!code && key && v.value && strcmp(edit->value, "keep") != 0) {
        struct rp_node *named = NULL;
        const struct spot there = {.key = key->name, .path = path, .rest = ""};

        code = put_value(&v, &there, &named);
        if (!code)
            code = rp_keys_check(key, named, error);
    }
    rp_tree_free(&v.tree);
    return code;
}
