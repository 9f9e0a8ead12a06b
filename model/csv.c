/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/csv.h"

#include "model/excerpt.h"
#include "model/file.h"
#include "model/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Scanning ---- */

/* Cells are cut out of the bytes in place: an unquoted text is never longer
 * than what it was read from. */
struct scanner {
    struct rp_csv *csv;
    size_t cell_count, capacity;
    char *at;            /* the next byte; a zero ends all */
    size_t line, column; /* its place */
    struct rp_error *error;
};

/* What ends a cell. */
enum stop { STOP_COMMA, STOP_LINE, STOP_END };

static enum rp_code fail_here(struct scanner *s, size_t line, size_t column,
                              const char *sentence)
{
    return rp_fail_at(s->error, RP_ERR_SYNTAX, s->csv->file, line, column, "%s",
                      sentence);
}

/* Bytes 10xxxxxx continue a character. */
static void step(struct scanner *s)
{
    if (*s->at == '\n') {
        s->line++;
        s->column = 1;
    } else if (((unsigned char)s->at[1] & 0xC0) != 0x80) {
        s->column++;
    }
    s->at++;
}

static bool at_line_end(const char *at)
{
    return *at == '\n' || (*at == '\r' && at[1] == '\n');
}

static bool at_cell_end(const char *at)
{
    return *at == '\0' || *at == ',' || at_line_end(at);
}

static void step_over_line_end(struct scanner *s)
{
    if (*s->at == '\r')
        step(s);
    step(s);
}

static enum rp_code add_cell(struct scanner *s, char **text)
{
    const size_t wanted = s->capacity ? 2 * s->capacity : 64;

    if (s->cell_count == s->capacity) {
        struct rp_csv_cell *const cells =
            realloc(s->csv->head, wanted * sizeof *cells);

        if (!cells)
            return rp_fail_at(s->error, RP_ERR_MEMORY, s->csv->file, 0, 0,
                              "out of memory");
        s->csv->head = cells;
        s->capacity = wanted;
    }
    *text = s->at;
    s->csv->head[s->cell_count++] = (struct rp_csv_cell){
        .text = s->at, .line = s->line, .column = s->column};
    return RP_OK;
}

/* A cell in quotes: two of them inside are one. `to` follows behind what is
 * read. */
static enum rp_code scan_quoted(struct scanner *s, char **end)
{
    const size_t line = s->line, column = s->column;
    char *to = s->at;

    step(s);
    for (; *s->at && !(*s->at == '"' && s->at[1] != '"'); step(s)) {
        if (*s->at == '"')
            step(s);
        *to++ = *s->at;
    }
    if (!*s->at)
        return fail_here(s, line, column,
                         "found a quote that is never closed; a quote inside "
                         "a cell is written twice");
    step(s);
    if (!at_cell_end(s->at))
        return fail_here(s, s->line, s->column,
                         "found something behind a closing quote, expected a "
                         "comma or the end of the line; a quote inside a cell "
                         "is written twice");
    *end = to;
    return RP_OK;
}

static enum rp_code scan_plain(struct scanner *s, char **end)
{
    while (!at_cell_end(s->at) && *s->at != '"')
        step(s);
    if (*s->at == '"')
        return fail_here(s, s->line, s->column,
                         "found a quote inside a cell; put the whole cell in "
                         "quotes and write this one twice");
    *end = s->at;
    return RP_OK;
}

static enum rp_code scan_cell(struct scanner *s, enum stop *stop)
{
    char *text = NULL, *end = NULL;
    enum rp_code code = add_cell(s, &text);

    if (!code)
        code = *s->at == '"' ? scan_quoted(s, &end) : scan_plain(s, &end);
    if (code)
        return code;
    *stop = *s->at == ',' ? STOP_COMMA : *s->at ? STOP_LINE : STOP_END;
    if (*stop == STOP_COMMA)
        step(s);
    if (*stop == STOP_LINE)
        step_over_line_end(s);
    *end = '\0'; /* behind the stop's own byte, or on it: it is read already */
    return RP_OK;
}

/* One line's cells; `count` is how many. */
static enum rp_code scan_row(struct scanner *s, size_t *count)
{
    enum stop stop = STOP_COMMA;
    enum rp_code code = RP_OK;

    for (*count = 0; stop == STOP_COMMA && !code; (*count)++)
        code = scan_cell(s, &stop);
    return code;
}

/* ---- Rows ---- */

static enum rp_code check_names(struct scanner *s, size_t count)
{
    const struct rp_csv_cell *const names = s->csv->head;
    char found[RP_EXCERPT_SIZE];

    if (count > RP_CSV_COLUMNS_MAX)
        return rp_fail_at(s->error, RP_ERR_SYNTAX, s->csv->file, names->line, 1,
                          "found %zu columns, at most %d are read", count,
                          RP_CSV_COLUMNS_MAX);
    for (size_t i = 0; i < count; i++) {
        if (!names[i].text[0])
            return fail_here(s, names[i].line, names[i].column,
                             "found a column without a name; the first line "
                             "names the columns");
        for (size_t j = 0; j < i; j++)
            if (strcmp(names[i].text, names[j].text) == 0)
                return rp_fail_at(s->error, RP_ERR_SYNTAX, s->csv->file,
                                  names[i].line, names[i].column,
                                  "the column \"%s\" is there twice",
                                  rp_excerpt(names[i].text, found));
    }
    return RP_OK;
}

static enum rp_code check_count(struct scanner *s, size_t count)
{
    const size_t wanted = s->csv->column_count;
    const struct rp_csv_cell *const row = &s->csv->head[s->cell_count - count];
    const struct rp_csv_cell *const cell =
        &row[count > wanted ? wanted : count - 1];

    if (count == wanted)
        return RP_OK;
    return rp_fail_at(s->error, RP_ERR_SYNTAX, s->csv->file, cell->line,
                      cell->column,
                      "found %zu cell%s in this row, expected %zu, as many as "
                      "the first line names",
                      count, count == 1 ? "" : "s", wanted);
}

static void skip_blank_lines(struct scanner *s)
{
    while (at_line_end(s->at))
        step_over_line_end(s);
}

static enum rp_code scan_all(struct scanner *s)
{
    size_t count = 0;
    enum rp_code code;

    skip_blank_lines(s);
    if (!*s->at)
        return rp_fail_at(s->error, RP_ERR_SYNTAX, s->csv->file, 0, 0,
                          "found nothing, expected a line that names the "
                          "columns, and rows below it");
    code = scan_row(s, &count);
    if (!code)
        code = check_names(s, count);
    s->csv->column_count = count;
    for (skip_blank_lines(s); *s->at && !code; skip_blank_lines(s)) {
        code = scan_row(s, &count);
        if (!code)
            code = check_count(s, count);
        s->csv->row_count++;
    }
    return code;
}

/* Takes the bytes over, also on failure. */
static enum rp_code scan(char *bytes, size_t length, const char *file,
                         struct rp_csv *csv, struct rp_error *error)
{
    struct rp_csv fresh = {.bytes = bytes, .file = strdup(file)};
    const size_t mark = strncmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    struct scanner s = {.csv = &fresh,
                        .at = bytes + mark,
                        .line = 1,
                        .column = 1,
                        .error = error};
    enum rp_code code;

    if (!fresh.file)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory");
    else if (length > RP_CSV_BYTES_MAX)
        code = rp_fail_at(error, RP_ERR_SYNTAX, file, 0, 0,
                          "found more than %zu MiB, which no list of ours is",
                          RP_CSV_BYTES_MAX >> 20);
    else
        code = rp_utf8_check(s.at, length - mark, file, error);
    if (!code)
        code = scan_all(&s);
    if (code) {
        rp_csv_free(&fresh);
        return code;
    }
    *csv = fresh;
    return RP_OK;
}

enum rp_code rp_csv_read(const char *path, struct rp_csv *csv,
                         struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    const enum rp_code code = rp_file_read(path, RP_CSV_BYTES_MAX, "a CSV file",
                                           &bytes, &length, error);

    return code ? code : scan(bytes, length, rp_file_name(path), csv, error);
}

enum rp_code rp_csv_read_text(const char *text, size_t length,
                              const char *file_name, struct rp_csv *csv,
                              struct rp_error *error)
{
    char *const bytes = malloc(length + 1);

    if (!bytes)
        return rp_fail_at(error, RP_ERR_MEMORY, file_name, 0, 0,
                          "out of memory");
    memcpy(bytes, text, length);
    bytes[length] = '\0';
    return scan(bytes, length, file_name, csv, error);
}

void rp_csv_free(struct rp_csv *csv)
{
    free(csv->file);
    free(csv->head);
    free(csv->bytes);
    *csv = (struct rp_csv){0};
}

/* ---- Reading ---- */

size_t rp_csv_find(const struct rp_csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->column_count; i++)
        if (strcmp(csv->head[i].text, name) == 0)
            return i;
    return RP_CSV_NONE;
}

enum rp_code rp_csv_need(const struct rp_csv *csv, const char *name,
                         size_t *column, struct rp_error *error)
{
    const size_t found = rp_csv_find(csv, name);
    const char *names[RP_CSV_COLUMNS_MAX], *near;
    char excerpt[RP_EXCERPT_SIZE];

    if (found != RP_CSV_NONE) {
        *column = found;
        return RP_OK;
    }
    for (size_t i = 0; i < csv->column_count; i++)
        names[i] = csv->head[i].text;
    near = rp_near_miss(name, names, csv->column_count);
    return rp_fail_at(error, RP_ERR_VALUE, csv->file, csv->head->line, 0,
                      "no column is called \"%s\"%s%s%s; the first line names "
                      "the columns",
                      name, near ? ", but one is called \"" : "",
                      near ? rp_excerpt(near, excerpt) : "", near ? "\"" : "");
}

const struct rp_csv_cell *rp_csv_cell(const struct rp_csv *csv, size_t row,
                                      size_t column)
{
    assert(row < csv->row_count);
    assert(column < csv->column_count);
    return &csv->head[(row + 1) * csv->column_count + column];
}

const char *rp_csv_text(const struct rp_csv *csv, size_t row, size_t column)
{
    return rp_csv_cell(csv, row, column)->text;
}

enum rp_code rp_csv_fail(const struct rp_csv *csv, size_t row, size_t column,
                         struct rp_error *error, enum rp_code code,
                         const char *format, ...)
{
    const struct rp_csv_cell *const cell = rp_csv_cell(csv, row, column);
    char sentence[RP_ERROR_TEXT_SIZE];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    return rp_fail_at(error, code, csv->file, cell->line, cell->column, "%s",
                      sentence);
}
