/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/abcurve.h"

#include "calibrate/abscan.h"
#include "model/excerpt.h"
#include "model/file.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_MAX = 101, LINE_MAX_BYTES = 64 };

/* A file before its rows are judged. */
struct table {
    const char *file;
    size_t count;
    double ms[ROW_MAX];    /* by percent */
    size_t lines[ROW_MAX]; /* where they stand */
    unsigned digits;       /* of the last row */
};

static enum rp_code not_a_row(const struct table *table, size_t line,
                              const char *text, struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE];

    return rp_fail_at(error, RP_ERR_SYNTAX, table->file, line, 0,
                      "found \"%s\", expected row %zu of ab -e, like "
                      "\"%zu,12.345\"",
                      rp_excerpt(text, found), table->count, table->count);
}

static enum rp_code read_row(struct table *table, size_t line, const char *text,
                             bool ended, struct rp_error *error)
{
    const char *at = text;
    unsigned long percent;
    unsigned digits;
    double ms;

    if (table->count == ROW_MAX)
        return rp_fail_at(error, RP_ERR_SYNTAX, table->file, line, 0,
                          "more than 101 rows, expected one file of ab -e");
    if (!rp_ab_scan_count(at, &at, &percent) || percent != table->count ||
        *at != ',' || !rp_ab_scan_decimal(at + 1, &at, &ms, &digits) || *at)
        return not_a_row(table, line, text, error);
    if (ms < 0.0)
        return rp_fail_at(error, RP_ERR_SYNTAX, table->file, line, 0,
                          "found the time \"%s\" ms; a time cannot be negative",
                          strchr(text, ',') + 1);
    /* ab writes all rows in one format, so a shorter one at the end of a file
     * without a line end is a piece of one. */
    if (!ended && table->count > 0 && digits != table->digits)
        return rp_fail_at(error, RP_ERR_SYNTAX, table->file, line, 0,
                          "the file ends inside of row %lu; it was cut",
                          percent);
    table->digits = digits;
    table->lines[table->count] = line;
    table->ms[table->count++] = ms;
    return RP_OK;
}

static enum rp_code read_table(const char *text, size_t length,
                               struct table *table, struct rp_error *error)
{
    const char *const limit = text + length;
    char copy[LINE_MAX_BYTES];
    size_t line_number = 1, line_length = 0;
    bool ended = true;
    enum rp_code code = rp_ab_check_header(&text, limit, table->file,
                                           RP_AB_CURVE_HEADER, "-e", error);
    const char *line;

    while (!code &&
           (line = rp_ab_next_line(&text, limit, &line_length, &ended))) {
        line_number++;
        if (line_length == 0)
            continue;
        if (rp_ab_copy_line(line, line_length, copy, sizeof copy))
            code = read_row(table, line_number, copy, ended, error);
        else
            code = not_a_row(table, line_number, copy, error);
    }
    /* Before 2.4.16 there was no row 100. */
    if (!code && table->count < ROW_MAX - 1)
        code = rp_fail_at(error, RP_ERR_SYNTAX, table->file, line_number, 0,
                          "%zu rows, expected 0 to 100; the file was cut",
                          table->count);
    return code;
}

/* The rank, from 0, of the request in row `percent`. */
static unsigned long rank_of(size_t percent, unsigned long requests)
{
    return percent < 100 ? (50 + requests * percent) / 100 : requests - 1;
}

static enum rp_code keep_rows(const struct table *table, unsigned long requests,
                              struct rp_ab_curve *curve, struct rp_error *error)
{
    struct rp_ab_curve kept = {.requests = requests};

    for (size_t i = 0; i < table->count; i++) {
        if (requests > 0 && rank_of(i, requests) >= requests) {
            kept.dropped++;
            continue;
        }
        if (kept.count > 0 && table->ms[i] < kept.ms[kept.count - 1])
            return rp_fail_at(
                error, RP_ERR_UNUSABLE, table->file, table->lines[i], 0,
                "row %zu is %g ms, below the %g ms before it; %s", i,
                table->ms[i], kept.ms[kept.count - 1],
                requests > 0 ? "is it of another run?"
                             : "in runs of up to 50 requests ab reads the last "
                               "rows from behind its array: say how many "
                               "requests there were");
        kept.level[kept.count] = (double)i / 100.0;
        kept.ms[kept.count++] = table->ms[i];
    }
    *curve = kept;
    return RP_OK;
}

enum rp_code rp_ab_curve_read_text(const char *text, size_t length,
                                   const char *file_name,
                                   unsigned long requests,
                                   struct rp_ab_curve *curve,
                                   struct rp_error *error)
{
    struct table table = {.file = file_name};
    enum rp_code code = rp_ab_check_length(length, file_name, error);

    if (!code)
        code = read_table(text, length, &table, error);
    if (!code)
        code = keep_rows(&table, requests, curve, error);
    return code;
}

enum rp_code rp_ab_curve_read(const char *path, unsigned long requests,
                              struct rp_ab_curve *curve, struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = rp_file_read(path, RP_AB_BYTES_MAX, "a file of ab -e",
                                     &bytes, &length, error);

    if (!code)
        code = rp_ab_curve_read_text(bytes, length, rp_file_name(path),
                                     requests, curve, error);
    free(bytes);
    return code;
}

double rp_ab_curve_at(const struct rp_ab_curve *curve, double level)
{
    const size_t last = curve->count - 1;
    size_t i = 0;

    if (curve->count == 0 || !(level >= curve->level[0]) ||
        !(level <= curve->level[last]))
        return NAN;
    while (i < last && curve->level[i + 1] < level)
        i++;
    if (i == last)
        return curve->ms[last];
    return curve->ms[i] + (curve->ms[i + 1] - curve->ms[i]) *
                              (level - curve->level[i]) /
                              (curve->level[i + 1] - curve->level[i]);
}

/*
 * The mean of the requests between row 99 and the maximum, which is `count`
 * ranks above it. In an exponential tail the request j ranks below the highest
 * is expected at scale (1 / (j + 1) + .. + 1 / count) above its beginning
 * (Renyi 1953); the scale is what rows 98 and 99 are apart, over ln 2.
 */
static double tail_mean(double row_98, double row_99, double most,
                        unsigned long count)
{
    enum { MANY = 1000 };
    const double scale = (row_99 - row_98) / log(2.0), room = most - row_99;
    double excess = 0.0, sum = 0.0;

    if (!(scale > 0.0) || count < 2)
        return row_99;
    if (count > MANY) /* the limit: the mean of min(excess, room) */
        return row_99 + scale * (1.0 - exp(-room / scale));
    for (unsigned long j = count; j > 1; j--) {
        excess += scale / (double)j;
        sum += fmin(excess, room);
    }
    return row_99 + sum / (double)(count - 1);
}

double rp_ab_curve_mean(const struct rp_ab_curve *curve)
{
    /* Unknown: so many that no row repeats another. */
    const unsigned long n = curve->requests ? curve->requests : 1000000000;
    const size_t last = curve->count - 1;
    double sum = 0.0;

    if (curve->count < 2 || curve->level[0] > 0.0 || curve->level[last] < 1.0)
        return NAN;
    for (size_t i = 0; i < last; i++) {
        const size_t percent = (size_t)lround(100.0 * curve->level[i]);
        const size_t next = (size_t)lround(100.0 * curve->level[i + 1]);
        const unsigned long count = rank_of(next, n) - rank_of(percent, n);
        double between = (curve->ms[i] + curve->ms[i + 1]) / 2.0;
        if (count == 0)
            continue; /* both rows are the same request */
        if (percent == 99)
            between = tail_mean(curve->ms[i - 1], curve->ms[i], curve->ms[last],
                                count);
        sum += curve->ms[i] + (double)(count - 1) * between;
    }
    return (sum + curve->ms[last]) / (double)n;
}
