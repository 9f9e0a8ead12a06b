/**
 * CSV files: rows under a line of column names, with the place of every cell.
 *
 * What people keep in spreadsheets comes as RFC 4180: commas, double quotes
 * around what contains one, lines that end in LF or CRLF. A reader finds its
 * columns by name, whatever their order and whatever other columns there are,
 * and says line and column of a cell that it cannot use. Blank lines and a
 * byte order mark are passed over.
 *
 *     struct rp_csv csv = {0};
 *     size_t stack = 0;
 *
 *     code = rp_csv_read("stacks.csv", &csv, error);
 *     if (!code)
 *         code = rp_csv_need(&csv, "stack", &stack, error);
 *     for (size_t row = 0; row < csv.row_count && !code; row++)
 *         code = use(rp_csv_text(&csv, row, stack));
 *     rp_csv_free(&csv);
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_CSV_H
#define RP_MODEL_CSV_H

#include "model/error.h"

#include <stddef.h>
#include <stdint.h>

/** The largest file, bytes: 256 MiB; and the most columns. */
#define RP_CSV_BYTES_MAX ((size_t)256 * 1024 * 1024)
enum { RP_CSV_COLUMNS_MAX = 256 };

/** No such column. */
#define RP_CSV_NONE SIZE_MAX

/** A cell; its text is UTF-8 without its quotes. */
struct rp_csv_cell {
    const char *text;
    size_t line, column; /* where it begins, 1-based, in characters */
};

struct rp_csv {
    char *file;               /* owned: the name that sentences carry */
    size_t column_count;      /* >= 1 */
    size_t row_count;         /* the line of names apart */
    struct rp_csv_cell *head; /* owned: the names, then the rows' cells */
    char *bytes;              /* owned: where the texts are */
};

/**
 * Read a file.
 *
 * @param path  "-" is standard input
 * @param csv   written on success, untouched on failure; release it with
 *              rp_csv_free()
 * @return RP_ERR_IO (no such file, a directory, unreadable), RP_ERR_SYNTAX
 *         (too large, not UTF-8, no line of names, a name that is empty or
 *         there twice, a row with more or fewer cells than names, quotes that
 *         do not match), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_csv_read(const char *path, struct rp_csv *csv,
                                    struct rp_error *error);

/** The same from `length` bytes of memory, which are copied. */
RP_CHECKED enum rp_code rp_csv_read_text(const char *text, size_t length,
                                         const char *file_name,
                                         struct rp_csv *csv,
                                         struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_csv_free(struct rp_csv *csv);

/** The column of that name, from 0; RP_CSV_NONE. */
size_t rp_csv_find(const struct rp_csv *csv, const char *name);

/** The same where it must be there: RP_ERR_VALUE names the nearest one. */
RP_CHECKED enum rp_code rp_csv_need(const struct rp_csv *csv, const char *name,
                                    size_t *column, struct rp_error *error);

/** The cell of a row, from 0, and a column, from 0. */
const struct rp_csv_cell *rp_csv_cell(const struct rp_csv *csv, size_t row,
                                      size_t column);

/** Its text; borrowed, "" where it is empty. */
const char *rp_csv_text(const struct rp_csv *csv, size_t row, size_t column);

/** rp_fail_at() the place of a cell. */
enum rp_code rp_csv_fail(const struct rp_csv *csv, size_t row, size_t column,
                         struct rp_error *error, enum rp_code code,
                         const char *format, ...) RP_PRINTF(6, 7);

#endif
