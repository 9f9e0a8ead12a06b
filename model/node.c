/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/node.h"

#include "model/excerpt.h"
#include "model/units.h"
#include "model/utf8.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool rp_node_is_nothing(const struct rp_node *node)
{
    return node->kind == RP_NODE_SCALAR && node->plain && !node->text[0];
}

/* ---- Finding ---- */

static const struct rp_node *get(const struct rp_node *map, const char *key,
                                 size_t key_length)
{
    if (!map || map->kind != RP_NODE_MAPPING)
        return NULL;
    for (const struct rp_node *c = map->first; c; c = c->next)
        if (strncmp(c->key, key, key_length) == 0 && !c->key[key_length])
            return c;
    return NULL;
}

const struct rp_node *rp_node_get(const struct rp_node *map, const char *key)
{
    return get(map, key, strlen(key));
}

enum rp_code rp_node_need(const struct rp_node *map, const char *key,
                          const struct rp_node **child, struct rp_error *error)
{
    const struct rp_node *const found = rp_node_get(map, key);

    if (!found)
        return rp_node_fail(map, error, RP_ERR_VALUE,
                            "the key \"%s\" is missing here; write \"%s: ...\"",
                            key, key);
    *child = found;
    return RP_OK;
}

static const struct rp_node *nth(const struct rp_node *list, size_t index)
{
    const struct rp_node *c = list->first;

    while (c && index-- > 0)
        c = c->next;
    return c;
}

const struct rp_node *rp_node_find(const struct rp_node *root, const char *path)
{
    const struct rp_node *found = root;

    while (found && *path) {
        const struct rp_node *next;

        if (*path == '[') {
            char *end;
            next = nth(found, (size_t)strtoul(path + 1, &end, 10));
            path = *end == ']' ? end + 1 : end;
        } else {
            const size_t length = strcspn(path, ".[");
            next = get(found, path, length);
            path += length;
        }
        path += *path == '.';
        if (!next)
            break;
        found = next;
    }
    return found;
}

/* ---- Sentences ---- */

enum rp_code rp_node_fail(const struct rp_node *node, struct rp_error *error,
                          enum rp_code code, const char *format, ...)
{
    char sentence[RP_ERROR_TEXT_SIZE];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    return rp_fail_at(error, code, node->file, node->line, node->column, "%s",
                      sentence);
}

enum { FOUND_SIZE = RP_EXCERPT_SIZE + 2 };

/* What a node is, for "found ...". */
static const char *found(const struct rp_node *node, char buffer[FOUND_SIZE])
{
    char text[RP_EXCERPT_SIZE];

    if (node->kind == RP_NODE_SEQUENCE)
        return "a list";
    if (node->kind == RP_NODE_MAPPING)
        return "a mapping";
    if (rp_node_is_nothing(node))
        return "nothing";
    (void)snprintf(buffer, FOUND_SIZE, "\"%s\"", rp_excerpt(node->text, text));
    return buffer;
}

/* "key: " in front of a sentence, where the node has a key. */
static const char *label(const struct rp_node *node, char buffer[FOUND_SIZE])
{
    char text[RP_EXCERPT_SIZE];

    if (!node->key)
        return "";
    (void)snprintf(buffer, FOUND_SIZE, "%s: ", rp_excerpt(node->key, text));
    return buffer;
}

static enum rp_code fail_expected(const struct rp_node *node,
                                  struct rp_error *error, const char *expected)
{
    char what[FOUND_SIZE], key[FOUND_SIZE];

    return rp_node_fail(node, error, RP_ERR_VALUE, "%sfound %s, expected %s",
                        label(node, key), found(node, what), expected);
}

enum rp_code rp_node_expect(const struct rp_node *node, enum rp_node_kind kind,
                            struct rp_error *error)
{
    static const char *const expected[] = {
        [RP_NODE_SCALAR] = "one value",
        [RP_NODE_SEQUENCE] = "a list: [a, b], or lines that begin with \"- \"",
        [RP_NODE_MAPPING] =
            ("a mapping: {key: value}, or indented \"key: value\" lines"),
    };

    return node->kind == kind ? RP_OK
                              : fail_expected(node, error, expected[kind]);
}

/* "a, b or c"; cut where it does not fit. */
static const char *join(const char *const *words, size_t count, char *buffer,
                        size_t size)
{
    size_t used = 0;

    buffer[0] = '\0';
    for (size_t i = 0; i < count && used < size; i++) {
        const char *const before = i == 0 ? "" : i + 1 < count ? ", " : " or ";
        const int n =
            snprintf(buffer + used, size - used, "%s%s", before, words[i]);
        used += n < 0 ? size : (size_t)n;
    }
    return buffer;
}

static enum rp_code unknown_key(const struct rp_node *node,
                                const char *const *known, size_t count,
                                const char *hint, struct rp_error *error)
{
    const char *const near = rp_near_miss(node->key, known, count);
    char word[RP_EXCERPT_SIZE], list[512];

    return rp_fail_at(error, RP_ERR_VALUE, node->file, node->key_line,
                      node->key_column, "unknown key \"%s\"%s%s%s (%s%s)",
                      rp_excerpt(node->key, word),
                      near ? "; did you mean \"" : "", near ? near : "",
                      near ? "\"?" : "", hint ? "" : "keys are ",
                      hint ? hint : join(known, count, list, sizeof list));
}

enum rp_code rp_node_only_keys(const struct rp_node *map,
                               const char *const *known, size_t count,
                               const char *hint, struct rp_error *error)
{
    enum rp_code code;

    if (!map)
        return RP_OK;
    code = rp_node_expect(map, RP_NODE_MAPPING, error);
    if (code)
        return code;
    for (const struct rp_node *c = map->first; c; c = c->next) {
        size_t i = 0;
        while (i < count && strcmp(c->key, known[i]) != 0)
            i++;
        if (i == count)
            return unknown_key(c, known, count, hint, error);
    }
    return RP_OK;
}

/* ---- Typed values ---- */

enum rp_code rp_node_text(const struct rp_node *node, const char **text,
                          struct rp_error *error)
{
    if (!node)
        return RP_OK;
    if (node->kind != RP_NODE_SCALAR || !node->text[0] ||
        !rp_utf8_is_line(node->text))
        return fail_expected(node, error, "text on one line");
    *text = node->text;
    return RP_OK;
}

enum rp_code rp_node_copy_text(const struct rp_node *node, char **text,
                               struct rp_error *error)
{
    const char *value = "";
    const enum rp_code code = rp_node_text(node, &value, error);
    char *copy;

    if (code || !node)
        return code;
    assert(value);
    copy = strdup(value);
    if (!copy)
        return rp_node_fail(node, error, RP_ERR_MEMORY, "out of memory");
    free(*text);
    *text = copy;
    return RP_OK;
}

/* Digits only; false also where they are too many for 64 bits. */
static bool scan_digits(const char *text, uint64_t *number)
{
    uint64_t n = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        const unsigned digit = (unsigned)(*text - '0');
        if (*text < '0' || *text > '9' || n > (UINT64_MAX - digit) / 10)
            return false;
        n = 10 * n + digit;
    }
    *number = n;
    return true;
}

enum rp_code rp_node_integer(const struct rp_node *node, uint64_t low,
                             uint64_t high, uint64_t *number,
                             struct rp_error *error)
{
    uint64_t n = 0;
    char expected[96];

    if (!node)
        return RP_OK;
    if (node->kind == RP_NODE_SCALAR && scan_digits(node->text, &n) &&
        n >= low && n <= high) {
        *number = n;
        return RP_OK;
    }
    (void)snprintf(expected, sizeof expected,
                   "a whole number from %llu to %llu", (unsigned long long)low,
                   (unsigned long long)high);
    return fail_expected(node, error, expected);
}

enum rp_code rp_node_number(const struct rp_node *node, double low, double high,
                            double *number, struct rp_error *error)
{
    const char *end = "";
    char expected[96];
    double n = 0.0;

    if (!node)
        return RP_OK;
    if (node->kind == RP_NODE_SCALAR && rp_number_scan(node->text, &end, &n) &&
        !*end && isfinite(n) && n >= low && n <= high) {
        *number = n;
        return RP_OK;
    }
    if (high < HUGE_VAL)
        (void)snprintf(expected, sizeof expected, "a number from %g to %g", low,
                       high);
    else if (low > -HUGE_VAL)
        (void)snprintf(expected, sizeof expected, "a number from %g on", low);
    else
        (void)snprintf(expected, sizeof expected, "a number");
    return fail_expected(node, error, expected);
}

enum rp_code rp_node_bool(const struct rp_node *node, bool *truth,
                          struct rp_error *error)
{
    if (!node)
        return RP_OK;
    if (node->kind != RP_NODE_SCALAR ||
        (strcmp(node->text, "true") != 0 && strcmp(node->text, "false") != 0))
        return fail_expected(node, error, "true or false");
    *truth = node->text[0] == 't';
    return RP_OK;
}

/* Durations and rates: the parser's own sentence with the place in front. */
static enum rp_code
with_unit(const struct rp_node *node,
          enum rp_code parse(const char *, double *, struct rp_error *),
          const char *expected, double *value, struct rp_error *error)
{
    struct rp_error inner = {0};
    char key[FOUND_SIZE];
    enum rp_code code;

    if (!node)
        return RP_OK;
    if (node->kind != RP_NODE_SCALAR || rp_node_is_nothing(node))
        return fail_expected(node, error, expected);
    code = parse(node->text, value, &inner);
    if (code)
        return rp_node_fail(node, error, code, "%s%s", label(node, key),
                            inner.text);
    return RP_OK;
}

enum rp_code rp_node_duration(const struct rp_node *node, double *duration_ns,
                              struct rp_error *error)
{
    return with_unit(node, rp_duration_parse, "a duration, like 12ms or 3.5us",
                     duration_ns, error);
}

enum rp_code rp_node_rate(const struct rp_node *node, double *rate_per_s,
                          struct rp_error *error)
{
    return with_unit(node, rp_rate_parse, "a rate, like 900/s or 5000/min",
                     rate_per_s, error);
}

enum rp_code rp_node_word(const struct rp_node *node, const char *const *words,
                          size_t count, size_t *index, struct rp_error *error)
{
    char list[512], key[FOUND_SIZE], what[FOUND_SIZE];
    const char *near;

    if (!node)
        return RP_OK;
    (void)join(words, count, list, sizeof list);
    if (node->kind != RP_NODE_SCALAR || rp_node_is_nothing(node))
        return fail_expected(node, error, list);
    for (size_t i = 0; i < count; i++)
        if (strcmp(node->text, words[i]) == 0) {
            *index = i;
            return RP_OK;
        }
    near = rp_near_miss(node->text, words, count);
    if (!near)
        return fail_expected(node, error, list);
    return rp_node_fail(node, error, RP_ERR_VALUE,
                        "%sfound %s; did you mean \"%s\"? (expected %s)",
                        label(node, key), found(node, what), near, list);
}
