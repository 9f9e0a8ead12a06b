/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/filter.h"

#include "model/excerpt.h"
#include "model/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The names, metrics first. */
#define METRIC_NAME(metric, key, heading) key,
static const char *const names[] = {RP_METRIC_LIST(METRIC_NAME) "in_flight",
                                    "utilisation", "capacity_per_s",
                                    "turned_away", "late"};
#undef METRIC_NAME

enum {
    NAME_COUNT = sizeof names / sizeof *names,
    IN_FLIGHT = RP_METRIC_COUNT,
    UTILISATION,
    CAPACITY,
    TURNED_AWAY,
    LATE,
    NAME_SIZE = 64
};

static enum rp_code unknown_name(const char *name, struct rp_error *error)
{
    struct rp_error inner = {0};

    (void)rp_fail_word(&inner, name, names, NAME_COUNT);
    return rp_fail(
        error, RP_ERR_VALUE,
        "--where: %s (metrics also as p99_difference_ms or p99_ratio)",
        inner.text);
}

/* "p99_difference_ms" or "p99_ratio". */
static bool is_part(const char *name, struct rp_filter *f)
{
    char key[RP_METRIC_KEY_SIZE];

    for (f->of = 0; f->of < RP_METRIC_COUNT; f->of++) {
        f->part = RP_FILTER_DIFFERENCE;
        if (strcmp(rp_metric_key_with(names[f->of], "difference", key), name) ==
            0)
            return true;
        f->part = RP_FILTER_RATIO;
        if (strcmp(rp_metric_key_with(names[f->of], "ratio", key), name) == 0)
            return true;
    }
    return false;
}

static enum rp_code read_name(const char *text, size_t length,
                              struct rp_filter *f, struct rp_error *error)
{
    char name[NAME_SIZE];

    while (length > 0 && text[length - 1] == ' ')
        length--;
    (void)snprintf(name, sizeof name, "%.*s",
                   length < NAME_SIZE ? (int)length : NAME_SIZE - 1, text);
    if (is_part(name, f))
        return RP_OK;
    f->part = RP_FILTER_VALUE;
    for (f->of = 0; f->of < NAME_COUNT; f->of++)
        if (strcmp(names[f->of], name) == 0)
            return RP_OK;
    return unknown_name(name, error);
}

enum rp_code rp_filter_parse(const char *text, struct rp_filter *filter,
                             struct rp_error *error)
{
    const char *const sign = text + strcspn(text, "<>");
    const bool less = *sign == '<', equal = *sign && sign[1] == '=';
    const char *at = sign + (*sign ? 1 + equal : 0);
    char found[RP_EXCERPT_SIZE];
    struct rp_filter f = {0};
    enum rp_code code;

    at += strspn(at, " ");
    if (!*sign || !rp_number_scan(at, &at, &f.limit) || *at ||
        !isfinite(f.limit))
        return rp_fail(error, RP_ERR_VALUE,
                       "--where: found \"%s\", expected a name, <, <=, > or "
                       ">=, and a number in the unit of the name, like "
                       "p99_ms<50",
                       rp_excerpt(text, found));
    f.test = less ? (equal ? RP_FILTER_AT_MOST : RP_FILTER_LESS)
                  : (equal ? RP_FILTER_AT_LEAST : RP_FILTER_MORE);
    code = read_name(text, (size_t)(sign - text), &f, error);
    if (!code)
        *filter = f;
    return code;
}

static double value_of(const struct rp_filter *f, const struct rp_point *point,
                       const struct rp_point *baseline)
{
    const double a =
        f->of < RP_METRIC_COUNT ? point->metrics[f->of].value : (double)NAN;
    const double b =
        f->of < RP_METRIC_COUNT ? baseline->metrics[f->of].value : (double)NAN;

    switch (f->of) {
    case IN_FLIGHT:
        return point->in_flight;
    case UTILISATION:
        return point->utilisation;
    case CAPACITY:
        return point->capacity_per_s;
    case TURNED_AWAY:
        return point->turned_away;
    case LATE:
        return point->late;
    default:
        break;
    }
    if (f->part == RP_FILTER_DIFFERENCE)
        return a - b;
    return f->part == RP_FILTER_RATIO ? a / b : a;
}

bool rp_filter_passes(const struct rp_filter *filter,
                      const struct rp_point *point,
                      const struct rp_point *baseline)
{
    const double value = value_of(filter, point, baseline);

    switch (filter->test) {
    case RP_FILTER_LESS:
        return value < filter->limit;
    case RP_FILTER_AT_MOST:
        return value <= filter->limit;
    case RP_FILTER_MORE:
        return value > filter->limit;
    case RP_FILTER_AT_LEAST:
        return value >= filter->limit;
    }
    return false;
}
