/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/error.h"

#include "model/excerpt.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

RP_PRINTF(4, 0)
static void vfill(struct rp_error *error, enum rp_code code, const char *place,
                  const char *format, va_list args)
{
    size_t used = 0;

    if (!error)
        return;
    error->code = code;
    if (place[0]) {
        const int n = snprintf(error->text, sizeof error->text, "%s: ", place);
        used = n < 0 ? 0 : (size_t)n;
        if (used >= sizeof error->text)
            used = sizeof error->text - 1;
    }
    (void)vsnprintf(error->text + used, sizeof error->text - used, format,
                    args);
}

#undef rp_fail /* what analysers are told of it */
enum rp_code rp_fail(struct rp_error *error, enum rp_code code,
                     const char *format, ...)
{
    va_list args;

    assert(code != RP_OK);
    va_start(args, format);
    vfill(error, code, "", format, args);
    va_end(args);
    return code;
}

enum rp_code rp_fail_at(struct rp_error *error, enum rp_code code,
                        const char *file, size_t line, size_t column,
                        const char *format, ...)
{
    char place[512];
    va_list args;

    assert(code != RP_OK);
    assert(file);
    if (line && column)
        (void)snprintf(place, sizeof place, "%s:%zu:%zu", file, line, column);
    else if (line)
        (void)snprintf(place, sizeof place, "%s:%zu", file, line);
    else
        (void)snprintf(place, sizeof place, "%s", file);
    va_start(args, format);
    vfill(error, code, place, format, args);
    va_end(args);
    return code;
}

const char *rp_code_name(enum rp_code code)
{
#define RP_CODE_AS_NAME(code_, number, meaning)                                \
    case code_:                                                                \
        return #code_;
    switch (code) {
        RP_CODE_LIST(RP_CODE_AS_NAME)
    }
#undef RP_CODE_AS_NAME
    return "unknown code";
}

const char *rp_code_meaning(enum rp_code code)
{
#define RP_CODE_AS_MEANING(code_, number, meaning)                             \
    case code_:                                                                \
        return meaning;
    switch (code) {
        RP_CODE_LIST(RP_CODE_AS_MEANING)
    }
#undef RP_CODE_AS_MEANING
    return "unknown code";
}

enum { NEAR_MAX = 64 };

static size_t smallest(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insert, delete, replace, swap neighbours. Words
 * longer than NEAR_MAX are never a slip of the finger. */
static size_t distance(const char *a, const char *b)
{
    const size_t m = strlen(a), n = strlen(b);
    size_t d[3][NEAR_MAX + 1];
    size_t *before = d[0], *last = d[1], *now = d[2];

    if (m > NEAR_MAX || n > NEAR_MAX)
        return NEAR_MAX;
    for (size_t j = 0; j <= n; j++)
        last[j] = j;
    for (size_t i = 1; i <= m; i++) {
        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            const size_t change = last[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = smallest(change, smallest(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smallest(now[j], before[j - 2] + 1);
        }
        size_t *const spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[n];
}

const char *rp_near_miss(const char *word, const char *const *candidates,
                         size_t count)
{
    const size_t third = strlen(word) / 3;
    size_t best = (third > 1 ? third : 1) + 1;
    const char *found = NULL;

    for (size_t i = 0; i < count; i++) {
        if (!candidates[i])
            continue;
        const size_t d = distance(word, candidates[i]);
        if (d < best) {
            best = d;
            found = candidates[i];
        }
    }
    return found;
}

enum rp_code rp_fail_word(struct rp_error *error, const char *word,
                          const char *const *words, size_t count)
{
    const char *const near = rp_near_miss(word, words, count);
    char found[RP_EXCERPT_SIZE], list[RP_ERROR_TEXT_SIZE / 2] = "";
    size_t used = 0;

    for (size_t i = 0; i < count && used < sizeof list; i++) {
        const char *const before = i == 0 ? "" : i + 1 < count ? ", " : " or ";
        const int n =
            snprintf(list + used, sizeof list - used, "%s%s", before, words[i]);
        used += n < 0 ? sizeof list : (size_t)n;
    }
    return rp_fail(error, RP_ERR_VALUE, "found \"%s\", expected %s%s%s%s",
                   rp_excerpt(word, found), list,
                   near ? "; did you mean \"" : "", near ? near : "",
                   near ? "\"?" : "");
}
