/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/slo.h"

#include "model/excerpt.h"
#include "model/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *rp_limit_word(enum rp_limit level)
{
#define RP_LIMIT_AS_WORD(level, word, metric) word,
    static const char *const words[] = {RP_LIMIT_LIST(RP_LIMIT_AS_WORD)};
#undef RP_LIMIT_AS_WORD

    return words[level];
}

enum rp_metric rp_limit_metric(enum rp_limit level)
{
#define RP_LIMIT_AS_METRIC(level, word, metric) metric,
    static const enum rp_metric metrics[] = {RP_LIMIT_LIST(RP_LIMIT_AS_METRIC)};
#undef RP_LIMIT_AS_METRIC

    return metrics[level];
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

static enum rp_code refuse(const char *text, struct rp_error *error,
                           const char *what)
{
    char excerpt[RP_EXCERPT_SIZE];

    return rp_fail(error, RP_ERR_VALUE,
                   "service level \"%s\": %s: write METRIC<=LIMIT, such as "
                   "p99<=50ms or errors<=0.1%%",
                   rp_excerpt(text, excerpt), what);
}

/* The metric that `text` begins with; `rest` is what follows. */
static enum rp_code parse_level(const char *text, enum rp_limit *level,
                                const char **rest, struct rp_error *error)
{
    const char *const start = skip_blanks(text);
    const size_t length = strcspn(start, " \t<>=,");
    const char *words[RP_LIMIT_COUNT];
    char word[RP_EXCERPT_SIZE];
    struct rp_error inner = {0};

    for (unsigned i = 0; i < RP_LIMIT_COUNT; i++) {
        words[i] = rp_limit_word((enum rp_limit)i);
        if (strlen(words[i]) == length &&
            strncmp(words[i], start, length) == 0) {
            *level = (enum rp_limit)i;
            *rest = skip_blanks(start + length);
            return RP_OK;
        }
    }
    if (length == 0)
        return refuse(text, error, "it names no metric");
    (void)snprintf(word, sizeof word, "%.*s",
                   (int)(length < sizeof word ? length : sizeof word - 1),
                   start);
    (void)rp_fail_word(&inner, word, words, RP_LIMIT_COUNT);
    return refuse(text, error, inner.text);
}

static enum rp_code parse_limit(const char *text, const char *limit,
                                enum rp_limit level, double *value,
                                struct rp_error *error)
{
    struct rp_error inner = {0};
    const enum rp_code code = level == RP_LIMIT_ERRORS
                                  ? rp_share_parse(limit, value, &inner)
                                  : rp_duration_parse(limit, value, &inner);

    if (code)
        return refuse(text, error, inner.text);
    if (level != RP_LIMIT_ERRORS && *value <= 0.0)
        return refuse(text, error, "no request takes no time at all");
    return RP_OK;
}

static enum rp_code parse_one(const char *text, enum rp_limit *level,
                              double *limit, struct rp_error *error)
{
    const char *rest = text;
    enum rp_code code = parse_level(text, level, &rest, error);

    if (code)
        return code;
    if (rest[0] == '>')
        return refuse(text, error,
                      "a service level is an upper limit, not a lower one");
    if (rest[0] != '<')
        return refuse(text, error, "\"<=\" is missing behind the metric");
    rest += rest[1] == '=' ? 2 : 1;
    return parse_limit(text, skip_blanks(rest), *level, limit, error);
}

enum rp_code rp_slos_add(struct rp_slos *slos, const char *text,
                         struct rp_error *error)
{
    struct rp_slos all = *slos;
    const char *at = text;

    for (;;) {
        const size_t length = strcspn(at, ",");
        char one[256];
        enum rp_limit level = RP_LIMIT_MEAN;
        double limit = 0.0;
        enum rp_code code;

        if (length >= sizeof one)
            return refuse(text, error, "it is too long");
        memcpy(one, at, length);
        one[length] = '\0';
        code = parse_one(one, &level, &limit, error);
        if (code)
            return code;
        if (!all.wanted[level] || limit < all.limit[level])
            all.limit[level] = limit;
        all.wanted[level] = true;
        if (at[length] == '\0')
            break;
        at += length + 1;
    }
    *slos = all;
    return RP_OK;
}

size_t rp_slos_count(const struct rp_slos *slos)
{
    size_t count = 0;

    for (unsigned i = 0; i < RP_LIMIT_COUNT; i++)
        count += slos->wanted[i];
    return count;
}

const char *rp_limit_text(enum rp_limit level, double value, char text[32])
{
    char number[RP_NUMBER_TEXT_SIZE];

    if (level != RP_LIMIT_ERRORS)
        return rp_duration_format(value, text);
    if (!isfinite(value))
        return strcpy(text, "-");
    (void)snprintf(text, 32, "%.20s%%",
                   rp_number_format(100.0 * value, 3, number));
    return text;
}

const char *rp_slos_text(const struct rp_slos *slos,
                         char text[RP_SLOS_TEXT_SIZE])
{
    size_t used = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < RP_LIMIT_COUNT; i++) {
        char limit[32];

        if (!slos->wanted[i])
            continue;
        used += (size_t)snprintf(
            text + used, RP_SLOS_TEXT_SIZE - used, "%s%s<=%s", used ? ", " : "",
            rp_limit_word((enum rp_limit)i),
            rp_limit_text((enum rp_limit)i, slos->limit[i], limit));
    }
    return text;
}

const char *rp_slos_notes(const struct rp_slos *slos,
                          char text[RP_SLOS_TEXT_SIZE])
{
    size_t used = 0;

    text[0] = '\0';
    for (unsigned i = RP_LIMIT_P50; i < RP_LIMIT_P99; i++)
        for (unsigned k = i + 1; k <= RP_LIMIT_P99; k++) {
            char a[32], b[32];

            if (!slos->wanted[i] || !slos->wanted[k] ||
                slos->limit[k] > slos->limit[i])
                continue;
            used += (size_t)snprintf(
                text + used, RP_SLOS_TEXT_SIZE - used,
                "%s%s<=%s says nothing beside %s<=%s", used ? "\n" : "",
                rp_limit_word((enum rp_limit)i),
                rp_limit_text((enum rp_limit)i, slos->limit[i], a),
                rp_limit_word((enum rp_limit)k),
                rp_limit_text((enum rp_limit)k, slos->limit[k], b));
            break;
        }
    return text;
}
