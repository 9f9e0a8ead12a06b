/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/countlist.h"

#include "model/excerpt.h"

#include <string.h>

struct reader {
    const char *text; /* the whole, for sentences */
    const char *what;
    const char *at;
    struct rp_error *error;
};

static enum rp_code refuse(const struct reader *r, const char *what)
{
    char excerpt[RP_EXCERPT_SIZE];

    return rp_fail(r->error, RP_ERR_VALUE,
                   "%s \"%s\": %s: write a list such as 2,4,8, a sweep such as "
                   "[2:8,2], or 1/core",
                   r->what, rp_excerpt(r->text, excerpt), what);
}

static bool skip(struct reader *r, const char *word)
{
    const size_t length = strlen(word);

    r->at += strspn(r->at, " \t");
    if (strncmp(r->at, word, length) != 0)
        return false;
    r->at += length;
    return true;
}

static enum rp_code read_number(struct reader *r, unsigned *number)
{
    unsigned n = 0;

    r->at += strspn(r->at, " \t");
    if (*r->at < '0' || *r->at > '9')
        return refuse(r, "a whole number is missing");
    for (; *r->at >= '0' && *r->at <= '9'; r->at++) {
        n = 10 * n + (unsigned)(*r->at - '0');
        if (n > RP_COUNT_HIGHEST)
            return refuse(r, "more than 10000 are too many");
    }
    if (n == 0)
        return refuse(r, "0 of them can serve nobody");
    *number = n;
    return RP_OK;
}

static enum rp_code add(struct reader *r, struct rp_count_list *counts,
                        struct rp_count count)
{
    for (size_t i = 0; i < counts->count; i++)
        if (counts->all[i].number == count.number &&
            counts->all[i].by_core == count.by_core)
            return RP_OK;
    if (counts->count == RP_COUNTS_MAX)
        return refuse(r, "more than 256 counts are too many");
    counts->all[counts->count++] = count;
    return RP_OK;
}

static enum rp_code read_sweep(struct reader *r, struct rp_count_list *counts)
{
    unsigned low = 0, high = 0, step = 1;
    enum rp_code code = read_number(r, &low);

    if (!code && !skip(r, ":"))
        code = refuse(r, "\":\" is missing in the sweep");
    if (!code)
        code = read_number(r, &high);
    if (!code && skip(r, ","))
        code = read_number(r, &step);
    if (!code && !skip(r, "]"))
        code = refuse(r, "\"]\" is missing behind the sweep");
    if (!code && high < low)
        code = refuse(r, "the sweep ends below where it begins");
    for (unsigned n = low; n <= high && !code; n += step)
        code = add(r, counts, (struct rp_count){.number = n});
    return code;
}

static enum rp_code read_item(struct reader *r, struct rp_count_list *counts)
{
    struct rp_count count = {0};
    enum rp_code code;

    if (skip(r, "["))
        return read_sweep(r, counts);
    code = read_number(r, &count.number);
    if (code)
        return code;
    count.by_core = skip(r, "/core");
    return add(r, counts, count);
}

enum rp_code rp_counts_parse(const char *text, const char *what,
                             struct rp_count_list *counts,
                             struct rp_error *error)
{
    struct reader reader = {
        .text = text, .what = what, .at = text, .error = error};
    struct rp_count_list all = {0};
    enum rp_code code = read_item(&reader, &all);

    while (!code && skip(&reader, ","))
        code = read_item(&reader, &all);
    reader.at += strspn(reader.at, " \t");
    if (!code && *reader.at != '\0')
        code = refuse(&reader, "something stands behind the number");
    if (!code)
        *counts = all;
    return code;
}

unsigned rp_count_on(const struct rp_count *count, unsigned cores)
{
    return count->by_core ? count->number * cores : count->number;
}
