/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/timestamps.h"

#include "model/csv.h"
#include "model/excerpt.h"
#include "model/file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS UINT64_C(1000000000)

/* 2^63 ns after any zero, in whole seconds. */
#define SECONDS_MAX UINT64_C(9223372036)

/* ---- Dates ---- */

struct date {
    unsigned year, month, day, hour, minute, second;
    int zone_minutes; /* east of UTC */
};

static bool is_leap(unsigned year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned days_before(unsigned year, unsigned month)
{
    static const unsigned days[] = {0,   31,  59,  90,  120, 151, 181,
                                    212, 243, 273, 304, 334, 365};

    return days[month - 1] + (month > 2 && is_leap(year));
}

static bool is_date(const struct date *d)
{
    return d->year >= 1970 && d->year <= 2261 && d->month >= 1 &&
           d->month <= 12 && d->day >= 1 &&
           d->day <= days_before(d->year, d->month + 1) -
                         days_before(d->year, d->month) &&
           d->hour < 24 && d->minute < 60 && d->second <= 60;
}

/* Seconds since 1970 began in UTC; false where there is no such time. */
static bool seconds_of(const struct date *d, uint64_t *seconds)
{
    int64_t days, total;

    if (!is_date(d))
        return false;
    days = 365 * ((int64_t)d->year - 1970) + days_before(d->year, d->month) +
           d->day - 1;
    for (unsigned y = 1972; y < d->year; y += 4)
        days += is_leap(y);
    total = days * 86400 + d->hour * 3600 + d->minute * 60 + d->second -
            (int64_t)d->zone_minutes * 60;
    if (total < 0)
        return false;
    *seconds = (uint64_t)total;
    return true;
}

/* ---- Scanning ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A number of exactly so many digits. */
static bool scan_number(const char **at, unsigned digits, unsigned *number)
{
    unsigned n = 0;

    for (unsigned i = 0; i < digits; i++) {
        if (!is_digit((*at)[i]))
            return false;
        n = 10 * n + (unsigned)((*at)[i] - '0');
    }
    *at += digits;
    *number = n;
    return true;
}

static bool scan_char(const char **at, char c)
{
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

/* "+0100", "+01:00". */
static bool scan_zone(const char **at, int *minutes)
{
    const bool west = **at == '-';
    unsigned h, m;

    if (!west && **at != '+')
        return false;
    (*at)++;
    if (!scan_number(at, 2, &h))
        return false;
    (void)scan_char(at, ':');
    if (!scan_number(at, 2, &m) || h > 14 || m > 59)
        return false;
    *minutes = (int)(60 * h + m) * (west ? -1 : 1);
    return true;
}

/* What stands behind a point, in billionths; digits beyond the ninth are passed
 * over. Nothing, where there is no point. */
static bool scan_fraction(const char **at, uint64_t *billionths)
{
    uint64_t unit = SECOND_NS / 10;

    *billionths = 0;
    if (!scan_char(at, '.'))
        return true;
    if (!is_digit(**at))
        return false;
    for (; is_digit(**at); (*at)++, unit /= 10)
        *billionths += unit * (uint64_t)(**at - '0');
    return true;
}

/* "2026-11-25T09:30:00.25Z", with a blank for T, a zone or none (UTC). */
static bool scan_iso(const char *at, uint64_t *ns)
{
    struct date d = {.zone_minutes = 0};
    uint64_t seconds, fraction;

    if (!scan_number(&at, 4, &d.year) || !scan_char(&at, '-') ||
        !scan_number(&at, 2, &d.month) || !scan_char(&at, '-') ||
        !scan_number(&at, 2, &d.day) ||
        !(scan_char(&at, 'T') || scan_char(&at, ' ')) ||
        !scan_number(&at, 2, &d.hour) || !scan_char(&at, ':') ||
        !scan_number(&at, 2, &d.minute) || !scan_char(&at, ':') ||
        !scan_number(&at, 2, &d.second) || !scan_fraction(&at, &fraction))
        return false;
    if (*at && !scan_char(&at, 'Z') && !scan_zone(&at, &d.zone_minutes))
        return false;
    if (*at || !seconds_of(&d, &seconds))
        return false;
    *ns = seconds * SECOND_NS + fraction;
    return true;
}

/* A decimal number of `unit_ns`, which divides a second. */
static bool scan_decimal(const char *at, uint64_t unit_ns, uint64_t *ns)
{
    const uint64_t most = SECONDS_MAX * (SECOND_NS / unit_ns);
    uint64_t n = 0, fraction;

    if (!is_digit(*at))
        return false;
    for (; is_digit(*at); at++) {
        n = 10 * n + (uint64_t)(*at - '0');
        if (n >= most)
            return false;
    }
    if (!scan_fraction(&at, &fraction) || *at)
        return false;
    *ns = n * unit_ns + fraction / (SECOND_NS / unit_ns);
    return true;
}

static bool scan_time(const char *text, uint64_t unit_ns, uint64_t *ns)
{
    return scan_decimal(text, unit_ns, ns) ||
           (unit_ns == SECOND_NS && scan_iso(text, ns));
}

/* ---- What all forms have in common ---- */

static enum rp_code make_room(const char *file, size_t count,
                              struct rp_timestamps *t, struct rp_error *error)
{
    t->count = 0;
    t->at_ns = calloc(count + 1, sizeof *t->at_ns);
    return t->at_ns ? RP_OK
                    : rp_fail_at(error, RP_ERR_MEMORY, file, 0, 0,
                                 "out of memory for %zu requests", count);
}

/* The first is the zero of all others. */
static enum rp_code finish(const char *file, struct rp_timestamps *t,
                           struct rp_error *error)
{
    const uint64_t zero = t->count > 0 ? t->at_ns[0] : 0;

    if (t->count < 2)
        return rp_fail_at(
            error, RP_ERR_VALUE, file, 0, 0,
            "found %zu of two requests or more that a replay needs", t->count);
    if (t->at_ns[t->count - 1] == zero)
        return rp_fail_at(error, RP_ERR_VALUE, file, 0, 0,
                          "all %zu requests have the same time; a trace needs "
                          "two times or more",
                          t->count);
    for (size_t i = 0; i < t->count; i++)
        t->at_ns[i] -= zero;
    return RP_OK;
}

/* ---- CSV ---- */

/* Columns that hold times, by their names. */
static const struct {
    const char *name;
    uint64_t unit_ns;
} columns[] = {{"time", SECOND_NS},
               {"timestamp", SECOND_NS},
               {"start_us", UINT64_C(1000)}};

enum { COLUMN_COUNT = sizeof columns / sizeof *columns };

/* The cells that hold the times: a column, from a cell of `csv->head` on. */
struct column {
    size_t first, index;
    uint64_t unit_ns;
};

static enum rp_code find_column(const struct rp_csv *csv, struct column *c,
                                struct rp_error *error)
{
    uint64_t ns;

    *c = (struct column){.first = 0, .unit_ns = SECOND_NS};
    if (csv->column_count == 1 && scan_time(csv->head->text, SECOND_NS, &ns))
        return RP_OK; /* there are no names */
    c->first = csv->column_count;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        c->index = rp_csv_find(csv, columns[i].name);
        c->unit_ns = columns[i].unit_ns;
        if (c->index != RP_CSV_NONE)
            return RP_OK;
    }
    return rp_fail_at(error, RP_ERR_VALUE, csv->file, csv->head->line, 0,
                      "no column is called time, timestamp or start_us, and "
                      "this is no line of an access log; name the column of "
                      "the times so");
}

static enum rp_code read_cell(const struct rp_csv *csv,
                              const struct rp_csv_cell *cell, uint64_t unit_ns,
                              struct rp_timestamps *t, struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE];
    uint64_t ns;

    if (!scan_time(cell->text, unit_ns, &ns))
        return rp_fail_at(error, RP_ERR_VALUE, csv->file, cell->line,
                          cell->column,
                          unit_ns == SECOND_NS
                              ? "found \"%s\", expected a time: seconds, like "
                                "12.5, or 2026-11-25T09:30:00.25Z"
                              : "found \"%s\", expected microseconds, like "
                                "12500",
                          rp_excerpt(cell->text, found));
    if (t->count > 0 && ns < t->at_ns[t->count - 1])
        return rp_fail_at(error, RP_ERR_VALUE, csv->file, cell->line,
                          cell->column,
                          "found \"%s\", which is earlier than the line "
                          "before; sort the file by its times",
                          rp_excerpt(cell->text, found));
    t->at_ns[t->count++] = ns;
    return RP_OK;
}

static enum rp_code read_rows(const struct rp_csv *csv, struct rp_timestamps *t,
                              struct rp_error *error)
{
    const size_t cells = (csv->row_count + 1) * csv->column_count;
    struct column c;
    enum rp_code code = find_column(csv, &c, error);

    if (!code)
        code = make_room(csv->file, csv->row_count + 1, t, error);
    for (size_t i = c.first + c.index; i < cells && !code;
         i += csv->column_count)
        code = read_cell(csv, &csv->head[i], c.unit_ns, t, error);
    return code;
}

static enum rp_code read_csv(const char *text, size_t length, const char *file,
                             struct rp_timestamps *t, struct rp_error *error)
{
    struct rp_csv csv = {0};
    enum rp_code code = rp_csv_read_text(text, length, file, &csv, error);

    if (!code)
        code = read_rows(&csv, t, error);
    rp_csv_free(&csv);
    return code;
}

/* ---- Access logs ---- */

/* A line without its end. */
struct line {
    const char *at, *end;
};

/* The next line that is not blank; false where there is none. `number` counts
 * all lines that were passed. */
static bool next_line(const char **at, const char *end, struct line *line,
                      size_t *number)
{
    while (*at < end) {
        const char *const stop = memchr(*at, '\n', (size_t)(end - *at));

        *line = (struct line){*at, stop ? stop : end};
        *at = stop ? stop + 1 : end;
        ++*number;
        if (line->end > line->at && line->end[-1] == '\r')
            line->end--;
        if (line->end > line->at)
            return true;
    }
    return false;
}

static bool scan_month(const char **at, unsigned *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (unsigned i = 0; i < 12; i++)
        if (strncmp(*at, names + 3 * (size_t)i, 3) == 0) {
            *at += 3;
            *month = i + 1;
            return true;
        }
    return false;
}

/* "10/Oct/2000:13:55:36 -0700]". */
static bool scan_log_time(const char **at, uint64_t *seconds)
{
    struct date d;

    return scan_number(at, 2, &d.day) && scan_char(at, '/') &&
           scan_month(at, &d.month) && scan_char(at, '/') &&
           scan_number(at, 4, &d.year) && scan_char(at, ':') &&
           scan_number(at, 2, &d.hour) && scan_char(at, ':') &&
           scan_number(at, 2, &d.minute) && scan_char(at, ':') &&
           scan_number(at, 2, &d.second) && scan_char(at, ' ') &&
           scan_zone(at, &d.zone_minutes) && scan_char(at, ']') &&
           seconds_of(&d, seconds);
}

/* The time of a line: what stands in its first brackets. */
static bool find_time(const struct line *line, const char **behind,
                      uint64_t *seconds)
{
    *behind = memchr(line->at, '[', (size_t)(line->end - line->at));
    if (!*behind || *behind == line->at || (*behind)[-1] != ' ')
        return false;
    (*behind)++;
    return scan_log_time(behind, seconds);
}

/* A text in double quotes, in which a backslash hides the next letter. */
static bool skip_quoted(const char **at, const char *end)
{
    if (!scan_char(at, '"'))
        return false;
    for (; *at < end; (*at)++) {
        if (**at == '"') {
            (*at)++;
            return true;
        }
        if (**at == '\\' && *at + 1 < end)
            (*at)++;
    }
    return false;
}

/* HOST IDENT USER [TIME] "REQUEST" STATUS SIZE, and whatever follows. No scan
 * goes beyond the line: its end, and the zero behind the text, are in no
 * field. */
static bool scan_log_line(const struct line *line, uint64_t *seconds)
{
    const char *at;
    unsigned status;

    if (!find_time(line, &at, seconds) || !scan_char(&at, ' ') ||
        !skip_quoted(&at, line->end) || !scan_char(&at, ' ') ||
        !scan_number(&at, 3, &status) || !scan_char(&at, ' '))
        return false;
    if (!scan_char(&at, '-')) {
        if (!is_digit(*at))
            return false;
        while (is_digit(*at))
            at++;
    }
    return at == line->end || *at == ' ';
}

static bool is_access_log(const char *text, size_t length)
{
    const char *at = text, *behind;
    struct line line;
    size_t number = 0;
    uint64_t seconds;

    return next_line(&at, text + length, &line, &number) &&
           find_time(&line, &behind, &seconds);
}

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* k requests of one second are 1/k s apart. */
static void spread(struct rp_timestamps *t)
{
    for (size_t i = 0, next; i < t->count; i = next) {
        const uint64_t second = t->at_ns[i];

        for (next = i; next < t->count && t->at_ns[next] == second; next++)
            ;
        for (size_t k = i; k < next; k++)
            t->at_ns[k] = second * SECOND_NS + (k - i) * SECOND_NS / (next - i);
    }
}

static enum rp_code read_log(const char *text, size_t length, const char *file,
                             struct rp_timestamps *t, struct rp_error *error)
{
    const char *at = text;
    size_t lines = 1, number = 0;
    struct line line;
    enum rp_code code;

    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    code = make_room(file, lines, t, error);
    if (code)
        return code;
    while (next_line(&at, text + length, &line, &number))
        if (!scan_log_line(&line, &t->at_ns[t->count++]))
            return rp_fail_at(
                error, RP_ERR_SYNTAX, file, number, 0,
                "this is no line of an access log, expected HOST - USER "
                "[10/Oct/2000:13:55:36 -0700] \"REQUEST\" STATUS SIZE; take it "
                "out");
    qsort(t->at_ns, t->count, sizeof *t->at_ns, ascending);
    spread(t);
    return RP_OK;
}

/* ---- All ---- */

/* `text` has a zero behind its last byte, where the scans of a log stop. */
static enum rp_code read_any(const char *text, size_t length,
                             const char *file_name,
                             struct rp_timestamps *timestamps,
                             struct rp_error *error)
{
    struct rp_timestamps fresh = {0};
    enum rp_code code;

    if (length > RP_CSV_BYTES_MAX)
        return rp_fail_at(error, RP_ERR_SYNTAX, file_name, 0, 0,
                          "the file is larger than 256 MiB; replay a part of "
                          "it");
    code = is_access_log(text, length)
               ? read_log(text, length, file_name, &fresh, error)
               : read_csv(text, length, file_name, &fresh, error);
    if (!code)
        code = finish(file_name, &fresh, error);
    if (code)
        rp_timestamps_free(&fresh);
    else
        *timestamps = fresh;
    return code;
}

enum rp_code rp_timestamps_read_text(const char *text, size_t length,
                                     const char *file_name,
                                     struct rp_timestamps *timestamps,
                                     struct rp_error *error)
{
    char *const copy = malloc(length + 1);
    enum rp_code code;

    if (!copy)
        return rp_fail_at(error, RP_ERR_MEMORY, file_name, 0, 0,
                          "out of memory");
    if (length > 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    code = read_any(copy, length, file_name, timestamps, error);
    free(copy);
    return code;
}

enum rp_code rp_timestamps_read(const char *path,
                                struct rp_timestamps *timestamps,
                                struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code =
        rp_file_read(path, RP_CSV_BYTES_MAX, "a CSV file or an access log",
                     &bytes, &length, error);

    if (!code)
        code = read_any(bytes, length, rp_file_name(path), timestamps, error);
    free(bytes);
    return code;
}

double rp_timestamps_rate(const struct rp_timestamps *t)
{
    return 1e9 * (double)(t->count - 1) / (double)t->at_ns[t->count - 1];
}

void rp_timestamps_free(struct rp_timestamps *t)
{
    free(t->at_ns);
    *t = (struct rp_timestamps){0};
}
