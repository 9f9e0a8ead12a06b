/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/keyslist.h"

#include "model/excerpt.h"
#include "model/keyrange.h"
#include "report/fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_meant(const struct rp_key *key, const char *word)
{
    const size_t length = strlen(word);

    if (strcmp(key->name, word) == 0)
        return true;
    return strncmp(key->path, word, length) == 0 &&
           strchr(".[", key->path[length]) != NULL;
}

static enum rp_code no_key(const char *word, struct rp_error *error)
{
    const char *near = NULL;
    char found[RP_EXCERPT_SIZE];
    size_t count;
    const struct rp_key *const keys = rp_keys(&count);
    const char **const words = calloc(2 * count, sizeof *words);

    if (!words)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
        words[2 * i] = keys[i].path;
        words[2 * i + 1] = keys[i].name;
    }
    near = rp_near_miss(word, words, 2 * count);
    free(words);
    return rp_fail(error, RP_ERR_VALUE,
                   "no key is called \"%s\"%s%s%s (reqpath keys lists all)",
                   rp_excerpt(word, found), near ? "; did you mean \"" : "",
                   near ? near : "", near ? "\"?" : "");
}

enum rp_code rp_keyslist_find(const char *word, const struct rp_key **found,
                              size_t *count, struct rp_error *error)
{
    size_t key_count, n = 0;
    const struct rp_key *const keys = rp_keys(&key_count);

    for (size_t i = 0; i < key_count; i++)
        if (!word || is_meant(&keys[i], word))
            found[n++] = &keys[i];
    if (n == 0)
        return no_key(word, error);
    *count = n;
    return RP_OK;
}

/* ---- Table ---- */

enum { KEY, TYPE, UNIT, RANGE, DEFAULT, NEEDED, MEANING, COLUMN_COUNT };

static const struct rp_column columns[COLUMN_COUNT] = {
    [KEY] = {"key", NULL, RP_COLUMN_TEXT, 0},
    [TYPE] = {"type", NULL, RP_COLUMN_TEXT, 0},
    [UNIT] = {"unit", NULL, RP_COLUMN_TEXT, 0},
    [RANGE] = {"range", NULL, RP_COLUMN_TEXT, 0},
    [DEFAULT] = {"default", NULL, RP_COLUMN_TEXT, 0},
    [NEEDED] = {"needed", NULL, RP_COLUMN_TEXT, 0},
    [MEANING] = {"meaning", NULL, RP_COLUMN_TEXT, 0},
};

/* Empty cells where there is nothing to say. */
static void set(struct rp_table *table, size_t column, const char *text)
{
    rp_table_text(table, column, text && text[0] ? text : NULL);
}

struct rp_table *rp_keyslist_table(const struct rp_key *const *keys,
                                   size_t count)
{
    struct rp_table *const table = rp_table_new(columns, COLUMN_COUNT);
    char range[RP_KEY_RANGE_SIZE];

    for (size_t i = 0; i < count && table; i++) {
        rp_table_row(table);
        set(table, KEY, keys[i]->path);
        set(table, TYPE, rp_key_type_word(keys[i]->type));
        set(table, UNIT, keys[i]->unit);
        set(table, RANGE, rp_key_range(keys[i], range));
        set(table, DEFAULT, keys[i]->fallback);
        set(table, NEEDED, keys[i]->fallback ? "no" : "yes");
        set(table, MEANING, keys[i]->meaning);
    }
    return table;
}

/* ---- List ---- */

enum { INDENT = 4, FACTS_SIZE = 512 };

/* How a type and its range are one phrase; a unit that is the type's own word
 * ("time") is in the range already. */
static void type_phrase(const struct rp_key *key, char buffer[FACTS_SIZE])
{
    const char *const type = rp_key_type_word(key->type);
    char range[RP_KEY_RANGE_SIZE];

    (void)rp_key_range(key, range);
    if (key->type == RP_KEY_WORD)
        (void)snprintf(buffer, FACTS_SIZE, "one of %s", range);
    else if (key->type == RP_KEY_WORDS)
        (void)snprintf(buffer, FACTS_SIZE, "a list of some of %s", range);
    else if (!range[0] || key->type == RP_KEY_BOOL)
        (void)snprintf(buffer, FACTS_SIZE, "%s", type);
    else if (strcmp(key->unit, "time") == 0 || strcmp(key->unit, "rate") == 0)
        (void)snprintf(buffer, FACTS_SIZE, "%s, %s", type, range);
    else
        (void)snprintf(buffer, FACTS_SIZE, "%s, %s %s", type, range, key->unit);
}

/* "whole number, 1 .. 4096 cores; default 1" */
static void write_facts(const struct rp_key *key, size_t width, FILE *out)
{
    char phrase[FACTS_SIZE], facts[2 * FACTS_SIZE];

    type_phrase(key, phrase);
    if (!key->fallback)
        (void)snprintf(facts, sizeof facts, "%s; must be there", phrase);
    else if (key->fallback[0])
        (void)snprintf(facts, sizeof facts, "%s; default %s", phrase,
                       key->fallback);
    else
        (void)snprintf(facts, sizeof facts, "%s", phrase);
    rp_fold(facts, INDENT, width, out);
}

void rp_keyslist_print(const struct rp_key *const *keys, size_t count,
                       size_t width, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "%s%s\n", i ? "\n" : "", keys[i]->path);
        rp_fold(keys[i]->meaning, INDENT, width, out);
        write_facts(keys[i], width, out);
    }
}
