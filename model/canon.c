/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/canon.h"

#include "model/keys.h"
#include "model/units.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_SIZE = 64, INDENT = 2 };

/* ---- Values ---- */

static void put_number(FILE *out, double number, const char *unit)
{
    char text[RP_NUMBER_TEXT_SIZE];

    (void)fprintf(out, "%s%s", rp_number_format(number, 17, text), unit);
}

static void put_quoted(FILE *out, const char *text)
{
    (void)putc('\'', out);
    for (; *text; text++) {
        if (*text == '\'')
            (void)putc('\'', out);
        (void)putc(*text, out);
    }
    (void)putc('\'', out);
}

static void put_version(FILE *out, const char *text)
{
    char buffer[RP_VERSION_TEXT_SIZE];
    struct rp_version version = {0};

    if (rp_version_parse(text, &version))
        text = rp_version_format(version, buffer);
    (void)fputs(text, out);
}

static void put_share(FILE *out, const char *text)
{
    double number = 0.0;

    (void)rp_number_scan(text, NULL, &number);
    put_number(out, number, "%");
}

/* A number as it is written anywhere: 007 and 7 are one. */
static void put_plain_number(FILE *out, const char *text)
{
    double number = 0.0;

    if (strspn(text, "0123456789") == strlen(text))
        (void)fprintf(out, "%" PRIu64, (uint64_t)strtoull(text, NULL, 10));
    else if (rp_number_scan(text, NULL, &number))
        put_number(out, number, "");
    else
        (void)fputs(text, out);
}

/* The text of a value that is one word or number; it is known to be good. */
static void put_scalar(FILE *out, const struct rp_key *key, const char *text)
{
    double value = 0.0;

    switch (key->type) {
    case RP_KEY_TEXT:
    case RP_KEY_RESOURCE:
        put_quoted(out, text);
        return;
    case RP_KEY_VERSION:
        put_version(out, text);
        return;
    case RP_KEY_TIME:
    case RP_KEY_DURATION:
        if (!rp_duration_parse(text, &value, NULL))
            put_number(out, value, "ns");
        return;
    case RP_KEY_RATE:
    case RP_KEY_RATE_OR_NONE:
        if (!rp_rate_parse(text, &value, NULL))
            put_number(out, value, "/s");
        return;
    case RP_KEY_SHARE:
        put_share(out, text);
        return;
    case RP_KEY_WHOLE:
    case RP_KEY_NUMBER:
    case RP_KEY_WARM_UP:
        put_plain_number(out, text);
        return;
    case RP_KEY_WORD:
    case RP_KEY_BOOL:
    case RP_KEY_MAP:
    case RP_KEY_LIST:
    case RP_KEY_WORDS:
        (void)fputs(text, out);
        return;
    }
}

/* Words in the order of their list, as the order says nothing. */
static void put_words(FILE *out, const struct rp_key *key,
                      const struct rp_node *list)
{
    const char *before = "";

    (void)putc('[', out);
    for (size_t i = 0; i < key->word_count; i++)
        for (const struct rp_node *c = list->first; c; c = c->next)
            if (strcmp(c->text, key->words[i].word) == 0) {
                (void)fprintf(out, "%s%s", before, key->words[i].word);
                before = ", ";
            }
    (void)putc(']', out);
}

/* ---- Defaults ---- */

/* Written scalars are compared; NULL: no memory, then nothing is left out. */
static char *scalar_text(const struct rp_key *key, const char *text)
{
    char *written = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&written, &size);

    if (!out)
        return NULL;
    put_scalar(out, key, text);
    if (fclose(out) == 0)
        return written;
    free(written);
    return NULL;
}

/* Defaults that depend on another key, and keys without which others are
 * refused. */
static bool stays(const struct rp_key *key)
{
    static const char *const paths[] = {"framework.asgiref", "server.threads",
                                        "server.app_built_in_loop", "seed"};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (strcmp(key->path, paths[i]) == 0)
            return true;
    return strcmp(key->name, "wait") == 0 ||
           strncmp(key->parent, "(duration)", 10) == 0;
}

static bool is_default(const struct rp_key *key, const struct rp_node *node)
{
    char *its, *usual;
    bool same;

    if (node->kind != RP_NODE_SCALAR || stays(key) || !key->fallback ||
        !key->fallback[0])
        return false;
    its = scalar_text(key, node->text);
    usual = scalar_text(key, key->fallback);
    same = its && usual && strcmp(its, usual) == 0;
    free(its);
    free(usual);
    return same;
}

/* ---- Mappings and lists ---- */

static bool put_map(FILE *out, const struct rp_node *map, const char *parent,
                    int indent);

/* The lines of a mapping, in memory of their own; NULL: no memory. */
static char *map_text(const struct rp_node *map, const char *parent, int indent)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    bool good;

    if (!out)
        return NULL;
    good = put_map(out, map, parent, indent);
    if (fclose(out) == 0 && good)
        return text;
    free(text);
    return NULL;
}

/* A mapping in which all is as usual is not written. */
static bool put_below(FILE *out, const struct rp_key *key,
                      const struct rp_node *map, const char *parent, int indent)
{
    char *const text = map_text(map, parent, indent + INDENT);

    if (!text)
        return false;
    if (text[0])
        (void)fprintf(out, "%*s%s:\n%s", indent, "", key->name, text);
    free(text);
    return true;
}

static bool put_list(FILE *out, const struct rp_key *key,
                     const struct rp_node *list, int indent)
{
    char parent[128];

    if (!list->first)
        return true;
    (void)snprintf(parent, sizeof parent, "%s[]", key->path);
    (void)fprintf(out, "%*s%s:\n", indent, "", key->name);
    for (const struct rp_node *c = list->first; c; c = c->next) {
        char *const text = map_text(c, parent, indent + 2 * INDENT);

        if (!text)
            return false;
        if (text[0])
            text[indent + INDENT] = '-';
        (void)fputs(text, out);
        free(text);
    }
    return true;
}

static bool put_key(FILE *out, const struct rp_key *key,
                    const struct rp_node *node, int indent)
{
    if (node->kind == RP_NODE_MAPPING)
        return put_below(
            out, key, node,
            key->type == RP_KEY_DURATION ? "(duration)" : key->path, indent);
    if (key->type == RP_KEY_LIST)
        return put_list(out, key, node, indent);
    if (is_default(key, node))
        return true;
    (void)fprintf(out, "%*s%s: ", indent, "", key->name);
    if (key->type == RP_KEY_WORDS)
        put_words(out, key, node);
    else
        put_scalar(out, key, node->text);
    (void)putc('\n', out);
    return true;
}

static bool put_map(FILE *out, const struct rp_node *map, const char *parent,
                    int indent)
{
    size_t count = 0;
    const struct rp_key *const keys = rp_keys(&count);

    for (size_t i = 0; i < count; i++) {
        const struct rp_node *const node = strcmp(keys[i].parent, parent) == 0
                                               ? rp_node_get(map, keys[i].name)
                                               : NULL;

        if (node && !put_key(out, &keys[i], node, indent))
            return false;
    }
    return true;
}

/* ---- All ---- */

/* FNV-1a over the bytes of the times, the lowest first. */
static uint64_t sum_of(const struct rp_timestamps *trace)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < trace->count; i++)
        for (unsigned shift = 0; shift < 64; shift += 8) {
            sum ^= (trace->at_ns[i] >> shift) & 0xff;
            sum *= UINT64_C(0x100000001b3);
        }
    return sum;
}

enum rp_code rp_canon_text(const struct rp_node *root,
                           const struct rp_timestamps *trace, char **text,
                           struct rp_error *error)
{
    char *written = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&written, &size);
    bool good = out != NULL;

    if (good) {
        good = put_map(out, root, "", 0);
        if (!rp_node_get(root, "seed"))
            (void)fputs("seed: 1\n", out);
        if (trace->count > 0)
            (void)fprintf(out, "# trace: %zu requests, %016" PRIx64 "\n",
                          trace->count, sum_of(trace));
        good = fclose(out) == 0 && good;
    }
    if (!good) {
        free(written);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a scenario");
    }
    *text = written;
    return RP_OK;
}
