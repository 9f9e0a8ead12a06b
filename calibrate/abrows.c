/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/abrows.h"

#include "calibrate/abscan.h"
#include "model/excerpt.h"
#include "model/file.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A line is never longer: a date, and five numbers. */
enum { LINE_MAX_BYTES = 160 };

struct table {
    const char *file;
    struct rp_ab_rows rows;
    size_t room;
};

/* "\t" and a whole number. */
static bool scan_field(const char **at, unsigned long most,
                       unsigned long *number)
{
    return *(*at)++ == '\t' && rp_ab_scan_count(*at, at, number) &&
           *number <= most;
}

/* A date that nobody reads, then the numbers. */
static bool scan_row(const char *line, struct rp_ab_row *row)
{
    /* ab 2.0 writes microseconds; as seconds they are 30,000 years away. */
    static const unsigned long seconds_max = 1000000000000, million = 1000000;
    const char *at = strchr(line, '\t');
    unsigned long start, c, d, t, w;

    if (!at || at == line || !scan_field(&at, ULONG_MAX, &start) ||
        !scan_field(&at, UINT_MAX, &c) || !scan_field(&at, UINT_MAX, &d) ||
        !scan_field(&at, UINT_MAX, &t) || !scan_field(&at, UINT_MAX, &w) || *at)
        return false;
    *row = (struct rp_ab_row){
        .start_s = start > seconds_max ? start / million : start,
        .connect_ms = (unsigned)c,
        .processing_ms = (unsigned)d,
        .total_ms = (unsigned)t,
        .waiting_ms = (unsigned)w,
    };
    return true;
}

static bool is_odd(const struct rp_ab_row *row)
{
    const double sum = (double)row->connect_ms + (double)row->processing_ms;
    const double off = (double)row->total_ms - sum;

    return off < -1.0 || off > 1.0;
}

static bool make_room(struct table *table)
{
    const size_t room = table->room ? 2 * table->room : 256;
    struct rp_ab_row *more;

    if (table->rows.count < table->room)
        return true;
    more = realloc(table->rows.rows, room * sizeof *more);
    if (!more)
        return false;
    table->rows.rows = more;
    table->room = room;
    return true;
}

static enum rp_code read_row(struct table *table, const char *line,
                             size_t length, size_t number, bool ended,
                             struct rp_error *error)
{
    struct rp_ab_rows *const rows = &table->rows;
    char copy[LINE_MAX_BYTES], found[RP_EXCERPT_SIZE];
    struct rp_ab_row row;

    if (!rp_ab_copy_line(line, length, copy, sizeof copy) ||
        !scan_row(copy, &row))
        return rp_fail_at(error, RP_ERR_SYNTAX, table->file, number, 0,
                          "found \"%s\", expected a row of ab -g: a date and "
                          "five whole numbers, with tabs between them",
                          rp_excerpt(copy, found));
    if (!ended)
        return rp_fail_at(error, RP_ERR_SYNTAX, table->file, number, 0,
                          "the last row has no line end: the file was cut, or "
                          "an editor took the line end away");
    if (!make_room(table))
        return rp_fail_at(error, RP_ERR_MEMORY, table->file, number, 0,
                          "out of memory");
    rows->odd_count += is_odd(&row);
    if (rows->count > 0 && rows->rows[rows->count - 1].total_ms > row.total_ms)
        rows->was_sorted = false;
    rows->rows[rows->count++] = row;
    return RP_OK;
}

static enum rp_code read_table(const char *text, size_t length,
                               struct table *table, struct rp_error *error)
{
    const char *const limit = text + length;
    size_t number = 1, line_length = 0;
    bool ended = true;
    enum rp_code code = rp_ab_check_header(&text, limit, table->file,
                                           RP_AB_ROWS_HEADER, "-g", error);
    const char *line;

    while (!code &&
           (line = rp_ab_next_line(&text, limit, &line_length, &ended))) {
        number++;
        if (line_length > 0)
            code = read_row(table, line, line_length, number, ended, error);
    }
    if (!code && table->rows.count == 0)
        code = rp_fail_at(error, RP_ERR_SYNTAX, table->file, number, 0,
                          "no row behind the heading; did the run fail?");
    return code;
}

static int by_total(const void *a, const void *b)
{
    const struct rp_ab_row *const x = a, *const y = b;

    return (x->total_ms > y->total_ms) - (x->total_ms < y->total_ms);
}

enum rp_code rp_ab_rows_read_text(const char *text, size_t length,
                                  const char *file_name,
                                  struct rp_ab_rows *rows,
                                  struct rp_error *error)
{
    struct table table = {.file = file_name, .rows.was_sorted = true};
    enum rp_code code = rp_ab_check_length(length, file_name, error);

    if (!code)
        code = read_table(text, length, &table, error);
    if (code) {
        rp_ab_rows_free(&table.rows);
        return code;
    }
    if (!table.rows.was_sorted)
        qsort(table.rows.rows, table.rows.count, sizeof *table.rows.rows,
              by_total);
    *rows = table.rows;
    return RP_OK;
}

enum rp_code rp_ab_rows_read(const char *path, struct rp_ab_rows *rows,
                             struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = rp_file_read(path, RP_AB_BYTES_MAX, "a file of ab -g",
                                     &bytes, &length, error);

    if (!code)
        code = rp_ab_rows_read_text(bytes, length, rp_file_name(path), rows,
                                    error);
    free(bytes);
    return code;
}

void rp_ab_rows_free(struct rp_ab_rows *rows)
{
    free(rows->rows);
    *rows = (struct rp_ab_rows){0};
}

unsigned rp_ab_rows_percentile(const struct rp_ab_rows *rows, unsigned percent)
{
    size_t index = rows->count * percent / 100;

    assert(percent <= 100 && rows->count > 0);
    if (index >= rows->count)
        index = rows->count - 1;
    return rows->rows[index].total_ms;
}

double rp_ab_rows_mean(const struct rp_ab_rows *rows)
{
    double sum = 0.0;

    assert(rows->count > 0);
    for (size_t i = 0; i < rows->count; i++)
        sum += rows->rows[i].total_ms;
    return sum / (double)rows->count;
}
