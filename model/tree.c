/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tree.h"

#include "model/excerpt.h"
#include "model/file.h"
#include "model/utf8.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* ---- Memory: nodes and texts are never freed one by one ---- */

enum { BLOCK_BYTES = 16384 };

struct rp_node_block {
    struct rp_node_block *next;
    size_t used, size;
    max_align_t bytes[];
};

void *rp_tree_take(struct rp_tree *tree, size_t size)
{
    const size_t unit = sizeof(max_align_t);
    const size_t units = (size + unit - 1) / unit;
    struct rp_node_block *block = tree->blocks;

    if (!block || block->size - block->used < units) {
        const size_t room =
            units > BLOCK_BYTES / unit ? units : BLOCK_BYTES / unit;
        block = malloc(sizeof *block + room * unit);
        if (!block)
            return NULL;
        *block = (struct rp_node_block){.next = tree->blocks, .size = room};
        tree->blocks = block;
    }
    block->used += units;
    return block->bytes + (block->used - units);
}

static char *keep_text(struct rp_tree *tree, const char *text, size_t length)
{
    char *const copy = rp_tree_take(tree, length + 1);

    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

void rp_tree_free(struct rp_tree *tree)
{
    struct rp_node_block *block = tree->blocks;

    while (block) {
        struct rp_node_block *const next = block->next;
        free(block);
        block = next;
    }
    *tree = (struct rp_tree){0};
}

/* ---- libyaml's events to nodes ---- */

/* A sequence or mapping that is not closed yet. */
struct open_node {
    struct rp_node *node, *last;
    const char *key; /* waits for its value; NULL: a key comes next */
    yaml_mark_t key_mark;
};

struct reader {
    yaml_parser_t parser;
    struct rp_tree tree;
    const char *file;
    const char *text;
    size_t length;
    size_t depth, document_count;
    struct open_node open[RP_TREE_DEPTH_MAX];
    struct rp_error *error;
};

static enum rp_code fail_at_mark(struct reader *r, yaml_mark_t mark,
                                 const char *sentence)
{
    return rp_fail_at(r->error, RP_ERR_SYNTAX, r->file, mark.line + 1,
                      mark.column + 1, "%s", sentence);
}

static enum rp_code no_memory(struct reader *r)
{
    return rp_fail_at(r->error, RP_ERR_MEMORY, r->file, 0, 0, "out of memory");
}

/* libyaml's problems in the words of somebody who wrote a file. */
static const char *plain_words(const char *problem)
{
    static const char *const words[][2] = {
        {"found a tab character that violates indentation",
         "found a tab; indent with spaces"},
        {"found a tab character where an indentation space is expected",
         "found a tab; indent with spaces"},
        {"mapping values are not allowed in this context",
         "found \":\" where none was expected; put a value with \": \" in "
         "quotes, and check the indent of this line and the colon of the one "
         "before"},
        {"found unknown escape character",
         "found an unknown escape after \"\\\"; use single quotes, in which "
         "it is only a character"},
        {"found incompatible YAML document",
         "found an unknown version of YAML; leave the %YAML line out"},
        {"did not find expected key",
         "expected a key here; check the indent of this line and the quotes "
         "before it"},
        {"could not find expected ':'",
         "the line before is no \"key: value\"; a key needs a colon and a "
         "blank after it"},
        {"did not find expected '-' indicator",
         "expected \"- \" of the list above; check the indent of this line"},
        {"did not find expected ',' or ']'",
         "expected \",\" or \"]\" of the list that was opened with \"[\""},
        {"did not find expected ',' or '}'",
         "expected \",\" or \"}\" of the mapping that was opened with \"{\""},
        {"block sequence entries are not allowed in this context",
         "a list cannot begin here; put \"- \" on a line of its own"},
        {"did not find expected node content",
         "expected a value here, found none"},
        {"found unexpected end of stream",
         "the file ends inside a quoted text; close the quote"},
        {"did not find expected <document start>",
         "expected the end of the file here; check the indent of this line"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(problem, words[i][0]) == 0)
            return words[i][1];
    return problem;
}

/* libyaml has one sentence for whatever begins no token; the usual one is a
 * tab, which looks like the blanks around it. */
static enum rp_code fail_at_character(struct reader *r, yaml_mark_t mark)
{
    size_t size = 0;
    const char *const at = rp_utf8_nth(r->text, r->length, mark.index, &size);

    if (size == 1 && *at == '\t')
        return fail_at_mark(r, mark, "found a tab; indent with spaces");
    return rp_fail_at(
        r->error, RP_ERR_SYNTAX, r->file, mark.line + 1, mark.column + 1,
        "a value cannot begin with \"%.*s\"; put it in quotes", (int)size, at);
}

/* What yaml_parser_parse() could not go on with. */
static enum rp_code fail_to_parse(struct reader *r)
{
    const yaml_parser_t *const p = &r->parser;
    const char *const problem =
        p->problem ? p->problem : "this is not readable as YAML";
    const bool opened =
        p->context && p->context_mark.line != p->problem_mark.line;

    if (p->error == YAML_MEMORY_ERROR)
        return no_memory(r);
    if (p->error != YAML_SCANNER_ERROR && p->error != YAML_PARSER_ERROR)
        return rp_fail_at(r->error, RP_ERR_SYNTAX, r->file, 0, 0, "%s",
                          problem);
    if (strcmp(problem, "found character that cannot start any token") == 0)
        return fail_at_character(r, p->problem_mark);
    if (opened)
        return rp_fail_at(r->error, RP_ERR_SYNTAX, r->file,
                          p->problem_mark.line + 1, p->problem_mark.column + 1,
                          "%s (it belongs to what begins in line %zu)",
                          plain_words(problem), p->context_mark.line + 1);
    return fail_at_mark(r, p->problem_mark, plain_words(problem));
}

static struct open_node *innermost(struct reader *r)
{
    return r->depth > 0 ? &r->open[r->depth - 1] : NULL;
}

/* Hang a new node into the innermost open one. */
static enum rp_code add_node(struct reader *r, enum rp_node_kind kind,
                             yaml_mark_t mark, struct rp_node **added)
{
    struct open_node *const parent = innermost(r);
    struct rp_node *const node = rp_tree_take(&r->tree, sizeof *node);

    if (!node)
        return no_memory(r);
    *node = (struct rp_node){.kind = kind,
                             .line = mark.line + 1,
                             .column = mark.column + 1,
                             .file = r->file,
                             .text = ""};
    *added = node;
    if (!parent) {
        r->tree.root = node;
        return RP_OK;
    }
    if (parent->key) {
        node->key = parent->key;
        node->key_line = parent->key_mark.line + 1;
        node->key_column = parent->key_mark.column + 1;
        parent->key = NULL;
    }
    if (parent->last)
        parent->last->next = node;
    else
        parent->node->first = node;
    parent->last = node;
    parent->node->count++;
    return RP_OK;
}

static bool expects_key(struct reader *r)
{
    const struct open_node *const parent = innermost(r);

    return parent && parent->node->kind == RP_NODE_MAPPING && !parent->key;
}

static enum rp_code take_scalar(struct reader *r, const yaml_event_t *event)
{
    const char *const value = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    struct rp_node *node = NULL;
    enum rp_code code;
    char *text;

    if (event->data.scalar.tag)
        return fail_at_mark(r, event->start_mark,
                            "found a tag (\"!\"), which has no meaning here; "
                            "leave it out, or put the value in quotes");
    if (memchr(value, '\0', length))
        return fail_at_mark(r, event->start_mark,
                            "found a zero byte (\"\\0\") in a quoted text; "
                            "leave it out");
    text = keep_text(&r->tree, value, length);
    if (!text)
        return no_memory(r);
    if (expects_key(r)) {
        innermost(r)->key = text;
        innermost(r)->key_mark = event->start_mark;
        return RP_OK;
    }
    code = add_node(r, RP_NODE_SCALAR, event->start_mark, &node);
    if (code)
        return code;
    assert(node);
    node->text = text;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return RP_OK;
}

static enum rp_code open_node(struct reader *r, const yaml_event_t *event)
{
    const bool mapping = event->type == YAML_MAPPING_START_EVENT;
    struct rp_node *node;
    enum rp_code code;

    if (mapping ? event->data.mapping_start.tag
                : event->data.sequence_start.tag)
        return fail_at_mark(r, event->start_mark,
                            "found a tag (\"!\"), which has no meaning here; "
                            "leave it out");
    if (expects_key(r))
        return fail_at_mark(r, event->start_mark,
                            mapping ? "found a mapping where a key was "
                                      "expected; a key is one word"
                                    : "found a list where a key was expected; "
                                      "a key is one word");
    if (r->depth == RP_TREE_DEPTH_MAX)
        return rp_fail_at(r->error, RP_ERR_SYNTAX, r->file,
                          event->start_mark.line + 1,
                          event->start_mark.column + 1,
                          "nested deeper than %d levels", RP_TREE_DEPTH_MAX);
    code = add_node(r, mapping ? RP_NODE_MAPPING : RP_NODE_SEQUENCE,
                    event->start_mark, &node);
    if (!code)
        r->open[r->depth++] = (struct open_node){.node = node};
    return code;
}

static bool comes_before(const struct rp_node *a, const struct rp_node *b)
{
    return a->key_line != b->key_line ? a->key_line < b->key_line
                                      : a->key_column < b->key_column;
}

static int by_key(const void *a, const void *b)
{
    const struct rp_node *const x = *(const struct rp_node *const *)a;
    const struct rp_node *const y = *(const struct rp_node *const *)b;
    const int order = strcmp(x->key, y->key);

    return order ? order : comes_before(x, y) ? -1 : 1;
}

/* The first key of a mapping that was there before; sorted, because a file
 * with a million keys is small enough to be read. */
static enum rp_code refuse_repeated_keys(struct reader *r,
                                         const struct rp_node *map)
{
    const struct rp_node **sorted, *again = NULL, *first = NULL;
    char word[RP_EXCERPT_SIZE];
    size_t n = 0;

    if (map->count < 2)
        return RP_OK;
    sorted = malloc(map->count * sizeof *sorted);
    if (!sorted)
        return no_memory(r);
    for (const struct rp_node *c = map->first; c; c = c->next)
        sorted[n++] = c;
    qsort(sorted, n, sizeof *sorted, by_key);
    for (size_t i = 1; i < n; i++)
        if (strcmp(sorted[i - 1]->key, sorted[i]->key) == 0 &&
            (!again || comes_before(sorted[i], again))) {
            first = sorted[i - 1];
            again = sorted[i];
        }
    free(sorted);
    if (!again)
        return RP_OK;
    return rp_fail_at(
        r->error, RP_ERR_SYNTAX, r->file, again->key_line, again->key_column,
        "the key \"%s\" was given already in line %zu, column "
        "%zu; keep one of the two",
        rp_excerpt(again->key, word), first->key_line, first->key_column);
}

static enum rp_code close_node(struct reader *r)
{
    const struct open_node *const closed = innermost(r);

    assert(closed && !closed->key);
    r->depth--;
    return closed->node->kind == RP_NODE_MAPPING
               ? refuse_repeated_keys(r, closed->node)
               : RP_OK;
}

static enum rp_code start_document(struct reader *r, yaml_mark_t mark)
{
    if (r->document_count++ > 0)
        return fail_at_mark(r, mark,
                            "a second document (\"---\") begins here; one "
                            "file holds one document");
    return RP_OK;
}

/* An anchor is refused with its alias: without one it does nothing. */
static const yaml_char_t *anchor_of(const yaml_event_t *event)
{
    if (event->type == YAML_SCALAR_EVENT)
        return event->data.scalar.anchor;
    if (event->type == YAML_SEQUENCE_START_EVENT)
        return event->data.sequence_start.anchor;
    if (event->type == YAML_MAPPING_START_EVENT)
        return event->data.mapping_start.anchor;
    return NULL;
}

static enum rp_code take_event(struct reader *r, const yaml_event_t *event)
{
    if (event->type == YAML_ALIAS_EVENT || anchor_of(event))
        return fail_at_mark(r, event->start_mark,
                            "anchors (\"&\") and aliases (\"*\") are not read "
                            "here; write the value out, or put it in quotes");
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return start_document(r, event->start_mark);
    case YAML_SCALAR_EVENT:
        return take_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return open_node(r, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_node(r);
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_ALIAS_EVENT:
        return RP_OK;
    }
    return RP_OK;
}

static enum rp_code take_events(struct reader *r)
{
    enum rp_code code = RP_OK;
    bool more = true;

    while (more && !code) {
        yaml_event_t event;

        if (!yaml_parser_parse(&r->parser, &event))
            return fail_to_parse(r);
        code = take_event(r, &event);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return code;
}

static enum rp_code read_events(struct reader *r, const char *text,
                                size_t length)
{
    enum rp_code code;

    if (!yaml_parser_initialize(&r->parser))
        return no_memory(r);
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    r->text = text;
    r->length = length;
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)text,
                                 length);
    code = take_events(r);
    yaml_parser_delete(&r->parser);
    if (!code && (!r->tree.root || rp_node_is_nothing(r->tree.root)))
        return rp_fail_at(r->error, RP_ERR_SYNTAX, r->file, 0, 0,
                          "found nothing but blanks and comments, expected "
                          "\"key: value\" lines");
    return code;
}

static enum rp_code fail_too_large(const char *file, struct rp_error *error)
{
    return rp_fail_at(error, RP_ERR_IO, file, 0, 0,
                      "larger than %zu MiB, which no file written by hand is; "
                      "is this the right file?",
                      RP_TREE_BYTES_MAX / ((size_t)1024 * 1024));
}

enum rp_code rp_tree_read_text(const char *text, size_t length,
                               const char *file_name, struct rp_tree *tree,
                               struct rp_error *error)
{
    static const char mark[] = {'\xEF', '\xBB', '\xBF'}; /* some editors' */
    struct reader r = {.error = error};
    enum rp_code code;

    if (length > RP_TREE_BYTES_MAX)
        return fail_too_large(file_name, error);
    if (length >= sizeof mark && memcmp(text, mark, sizeof mark) == 0) {
        text += sizeof mark;
        length -= sizeof mark;
    }
    code = rp_utf8_check(text, length, file_name, error);
    if (code)
        return code;
    r.file = keep_text(&r.tree, file_name, strlen(file_name));
    if (!r.file)
        return rp_fail(error, RP_ERR_MEMORY, "%s: out of memory", file_name);
    code = read_events(&r, text, length);
    if (code) {
        rp_tree_free(&r.tree);
        return code;
    }
    *tree = r.tree;
    return RP_OK;
}

/* ---- Files ---- */

enum rp_code rp_tree_read(const char *path, struct rp_tree *tree,
                          struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = rp_file_read(path, RP_TREE_BYTES_MAX, "a YAML file",
                                     &bytes, &length, error);

    if (!code)
        code =
            rp_tree_read_text(bytes, length, rp_file_name(path), tree, error);
    free(bytes);
    return code;
}
