/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/vary.h"

#include "model/excerpt.h"
#include "model/units.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNIT_SIZE = 16, DIGITS = 12 };

/* ---- Sentences ---- */

struct reading {
    struct rp_vary vary;
    struct rp_error *error;
};

static enum rp_code refuse(const struct reading *r, const char *format, ...)
    RP_PRINTF(2, 3);

static enum rp_code refuse(const struct reading *r, const char *format, ...)
{
    char sentence[RP_ERROR_TEXT_SIZE], key[RP_EXCERPT_SIZE];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    return rp_fail(r->error, RP_ERR_VALUE, "--vary %s: %s",
                   rp_excerpt(r->vary.key, key), sentence);
}

static enum rp_code no_memory(const struct reading *r)
{
    return rp_fail(r->error, RP_ERR_MEMORY, "out of memory for values");
}

/* ---- Sweeps ---- */

/* What is counted, and how large its unit is. */
enum kind { PLAIN, SHARE, TIME, RATE, NO_KIND };

static enum kind kind_of(const char *unit, double *scale)
{
    char text[UNIT_SIZE + 2];

    (void)snprintf(text, sizeof text, "1%s", unit);
    *scale = 1.0;
    if (!unit[0])
        return PLAIN;
    if (strcmp(unit, "%") == 0)
        return SHARE;
    if (!rp_duration_parse(text, scale, NULL))
        return TIME;
    return rp_rate_parse(text, scale, NULL) ? NO_KIND : RATE;
}

struct quantity {
    double number;
    char unit[UNIT_SIZE];
};

/* A number and its unit, up to one of `ends`; NULL: there is none. */
static const char *scan_quantity(const char *text, const char *ends,
                                 struct quantity *q)
{
    const char *at = text + strspn(text, " ");
    size_t length;

    if (!rp_number_scan(at, &at, &q->number) || !isfinite(q->number))
        return NULL;
    at += strspn(at, " ");
    length = strcspn(at, ends);
    if (!at[length] || length >= UNIT_SIZE)
        return NULL;
    memcpy(q->unit, at, length);
    at += length;
    while (length > 0 && q->unit[length - 1] == ' ')
        length--;
    q->unit[length] = '\0';
    return at;
}

/* "[100/s:" begins a sweep, "[a, b]" a list. */
static bool is_sweep(const char *text)
{
    struct quantity from;
    const char *const at =
        text[0] == '[' ? scan_quantity(text + 1, ":,]", &from) : NULL;

    return at && *at == ':';
}

/* In the unit of where the sweep begins. */
static bool convert(struct quantity *q, const struct quantity *to)
{
    double its, theirs;
    const enum kind kind = kind_of(q->unit, &its);

    if (kind == NO_KIND || kind != kind_of(to->unit, &theirs))
        return false;
    if (strcmp(q->unit, to->unit) != 0)
        q->number *= its / theirs;
    return true;
}

static enum rp_code malformed(const struct reading *r, const char *text)
{
    char found[RP_EXCERPT_SIZE];

    return refuse(r,
                  "found \"%s\", expected a sweep [FROM:TO,STEP], like "
                  "[100/s:900/s,100/s], or by a factor, [1ms:64ms,x2]",
                  rp_excerpt(text, found));
}

/* How many values there are; the last may be missed by rounding alone. */
static enum rp_code count_sweep(const struct reading *r, const char *text,
                                double to, struct rp_vary_item *item)
{
    const double slack = 1e-9;
    char found[RP_EXCERPT_SIZE];
    double steps;

    if (item->by_factor ? item->step <= 1.0 || item->from <= 0.0
                        : item->step <= 0.0)
        return refuse(r,
                      "the sweep %s does not get on: a step is more than 0, a "
                      "factor more than 1 from more than 0 on",
                      rp_excerpt(text, found));
    if (to < item->from)
        return refuse(r,
                      "the sweep %s is empty, for it ends before it begins; "
                      "write the smaller value first",
                      rp_excerpt(text, found));
    steps = item->by_factor ? log(to / item->from) / log(item->step)
                            : (to - item->from) / item->step;
    if (!(steps < (double)RP_VARY_COUNT_MAX))
        return refuse(r, "the sweep %s has more than %zu values",
                      rp_excerpt(text, found), RP_VARY_COUNT_MAX);
    item->count = (size_t)floor(steps + slack) + 1;
    return RP_OK;
}

static enum rp_code read_sweep(const struct reading *r, const char *text,
                               struct rp_vary_item *item)
{
    struct quantity from, to, step = {0};
    const char *at = scan_quantity(text + 1, ":", &from);

    assert(at);
    at = scan_quantity(at + 1, ",]", &to);
    if (!at || *at != ',')
        return malformed(r, text);
    at += 1 + strspn(at + 1, " ");
    item->by_factor = *at == 'x' || *at == '*';
    at = scan_quantity(at + item->by_factor, "]", &step);
    if (!at || at[1])
        return malformed(r, text);
    if (!convert(&to, &from) ||
        (item->by_factor ? step.unit[0] != '\0' : !convert(&step, &from)))
        return refuse(r,
                      "\"%s\": its parts have different units, or unknown ones "
                      "(each carries its own: [10ms:50ms,10ms])",
                      text);
    item->is_sweep = true;
    item->from = from.number;
    item->step = step.number;
    item->text = strdup(from.unit);
    return item->text ? count_sweep(r, text, to.number, item) : no_memory(r);
}

/* ---- Lists ---- */

/* The end of the value that begins at `text`: a comma outside of brackets and
 * quotes, or the end; NULL: something is not closed. */
static const char *end_of_value(const char *text)
{
    unsigned depth = 0;
    char quote = '\0';

    for (; *text; text++) {
        if (quote) {
            quote = *text == quote ? '\0' : quote;
        } else if (*text == '"' || *text == '\'') {
            quote = *text;
        } else if (*text == '[' || *text == '{') {
            depth++;
        } else if ((*text == ']' || *text == '}') && depth > 0) {
            depth--;
        } else if (*text == ',' && depth == 0) {
            return text;
        }
    }
    return depth == 0 && !quote ? text : NULL;
}

static char *trimmed(const char *text, size_t length)
{
    while (length > 0 && *text == ' ') {
        text++;
        length--;
    }
    while (length > 0 && text[length - 1] == ' ')
        length--;
    return strndup(text, length);
}

static enum rp_code read_item(struct reading *r, const char *begin,
                              size_t length)
{
    struct rp_vary *const vary = &r->vary;
    char *const text = trimmed(begin, length);
    struct rp_vary_item *const items =
        realloc(vary->items, (vary->item_count + 1) * sizeof *items);
    struct rp_vary_item item = {.count = 1};
    enum rp_code code = RP_OK;

    if (items)
        vary->items = items;
    if (!text || !items) {
        free(text);
        return no_memory(r);
    }
    if (!text[0])
        code = refuse(r, "value %zu is empty; leave a comma out",
                      vary->item_count + 1);
    else if (is_sweep(text))
        code = read_sweep(r, text, &item);
    else
        item.text = strdup(text);
    if (!code && !item.text)
        code = no_memory(r);
    free(text);
    if (code) {
        free(item.text);
        return code;
    }
    vary->items[vary->item_count++] = item;
    vary->count += item.count;
    return vary->count <= RP_VARY_COUNT_MAX
               ? RP_OK
               : refuse(r, "there are more than %zu values", RP_VARY_COUNT_MAX);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum rp_code refuse_repeated(const struct reading *r)
{
    const struct rp_vary *const vary = &r->vary;
    const char **const words = calloc(vary->item_count, sizeof *words);
    char found[RP_EXCERPT_SIZE];
    enum rp_code code = RP_OK;
    size_t count = 0;

    if (!words)
        return no_memory(r);
    for (size_t i = 0; i < vary->item_count; i++)
        if (!vary->items[i].is_sweep)
            words[count++] = vary->items[i].text;
    qsort(words, count, sizeof *words, by_text);
    for (size_t i = 1; i < count && !code; i++)
        if (strcmp(words[i - 1], words[i]) == 0)
            code = refuse(r, "the value \"%s\" is there twice; leave one out",
                          rp_excerpt(words[i], found));
    free(words);
    return code;
}

static enum rp_code read_values(struct reading *r, const char *text)
{
    enum rp_code code = RP_OK;

    if (!text[strspn(text, " ")])
        return refuse(r,
                      "there is no value after \"=\"; write %s=A,B or a "
                      "sweep [FROM:TO,STEP]",
                      r->vary.key);
    for (;;) {
        const char *const end = end_of_value(text);

        if (!end)
            return refuse(r, "a bracket or a quote is not closed in \"%s\"",
                          text);
        code = read_item(r, text, (size_t)(end - text));
        if (code || !*end)
            break;
        text = end + 1;
    }
    return code ? code : refuse_repeated(r);
}

enum rp_code rp_vary_parse(const char *text, struct rp_vary *vary,
                           struct rp_error *error)
{
    const char *const equals = strchr(text, '=');
    struct reading r = {.error = error};
    char found[RP_EXCERPT_SIZE];
    enum rp_code code;

    if (!equals || equals == text)
        return rp_fail(error, RP_ERR_SYNTAX,
                       "--vary: found \"%s\", expected KEY=VALUES, like "
                       "server.threads=2,4,8 or "
                       "load.rate=[100/s:900/s,100/s]",
                       rp_excerpt(text, found));
    r.vary.key = trimmed(text, (size_t)(equals - text));
    code = r.vary.key ? read_values(&r, equals + 1) : no_memory(&r);
    if (code)
        rp_vary_free(&r.vary);
    else
        *vary = r.vary;
    return code;
}

void rp_vary_free(struct rp_vary *vary)
{
    for (size_t i = 0; i < vary->item_count; i++)
        free(vary->items[i].text);
    free(vary->items);
    free(vary->key);
    *vary = (struct rp_vary){0};
}

/* ---- Values ---- */

static const char *value_of(const struct rp_vary_item *item, size_t index,
                            char buffer[RP_VARY_VALUE_SIZE])
{
    const double i = (double)index;
    char number[RP_NUMBER_TEXT_SIZE];

    if (!item->is_sweep)
        return item->text;
    (void)snprintf(buffer, RP_VARY_VALUE_SIZE, "%s%s",
                   rp_number_format(item->by_factor
                                        ? item->from * pow(item->step, i)
                                        : item->from + i * item->step,
                                    DIGITS, number),
                   item->text);
    return buffer;
}

const char *rp_vary_value(const struct rp_vary *vary, size_t index,
                          char buffer[RP_VARY_VALUE_SIZE])
{
    size_t item = 0;

    assert(index < vary->count);
    while (index >= vary->items[item].count)
        index -= vary->items[item++].count;
    return value_of(&vary->items[item], index, buffer);
}

enum rp_code rp_vary_check(const struct rp_vary *vary,
                           const struct rp_draft *draft, struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < vary->item_count && !code; i++) {
        const struct rp_vary_item *const item = &vary->items[i];
        char buffer[RP_VARY_VALUE_SIZE];
        struct rp_edit edit = {vary->key, value_of(item, 0, buffer)};

        code = rp_draft_check(draft, &edit, error);
        if (!code && item->count > 1) {
            edit.value = value_of(item, item->count - 1, buffer);
            code = rp_draft_check(draft, &edit, error);
        }
    }
    return code;
}
