/**
 * Tables: what every command prints, in every format.
 *
 * A command fills a table cell by cell, with numbers as numbers and in one
 * unit a column (milliseconds, requests/s). Only printing decides how they
 * look: text is aligned and rounded for people, CSV and JSON carry 15
 * significant digits and the unit in the key. So no command has a format of
 * its own, and no number is ever parsed back out of a text. The point is the
 * decimal point whatever the locale.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_TABLE_H
#define RP_REPORT_TABLE_H

#include "model/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The formats of --format, in one list. */
#define RP_FORMAT_LIST(X)                                                      \
    X(RP_FORMAT_TEXT, "text")                                                  \
    X(RP_FORMAT_JSON, "json")                                                  \
    X(RP_FORMAT_CSV, "csv")                                                    \
    X(RP_FORMAT_MARKDOWN, "md")

#define RP_FORMAT_AS_ENUM(format, name) format,
enum rp_format { RP_FORMAT_LIST(RP_FORMAT_AS_ENUM) };
#undef RP_FORMAT_AS_ENUM

/** "text", "json", "csv" or "md" to a format; RP_ERR_VALUE names the four. */
RP_CHECKED enum rp_code rp_format_parse(const char *name,
                                        enum rp_format *format,
                                        struct rp_error *error);

/** How a column's numbers are written for people. */
enum rp_column_kind {
    RP_COLUMN_TEXT,   /* left-aligned words */
    RP_COLUMN_FIGURE, /* the same of report/readable.h: one that is not folded
                         and does not say what a row is */
    RP_COLUMN_COUNT,  /* whole numbers */
    RP_COLUMN_NUMBER, /* 4 significant digits */
    RP_COLUMN_FIXED,  /* `digits` digits after the point */
    RP_COLUMN_MS,     /* times in ms; people read them in the unit that suits
                         them, which then ends the heading. Columns of times
                         that stand beside each other have the same unit */
};

struct rp_column {
    const char *key;     /* "mean_ms": CSV header and JSON key, unit last */
    const char *heading; /* "mean ms": for people; NULL: the key itself */
    enum rp_column_kind kind;
    int digits; /* RP_COLUMN_FIXED only, 0..9 */
};

struct rp_table; /* columns and cells; see below */

/**
 * A new table without rows.
 *
 * @param columns  `column_count` (1..64) of them; copied, their strings are
 *                 borrowed and must outlive the table (literals do)
 * @return NULL when memory is short; release with rp_table_free()
 */
struct rp_table *rp_table_new(const struct rp_column *columns,
                              size_t column_count);

/** Harmless on NULL. */
void rp_table_free(struct rp_table *table);

/** Append an empty row; the cells below go into the last row. When memory is
 * short here or below, the table remembers it and printing reports it. */
void rp_table_row(struct rp_table *table);

/** Set a cell of the last row. Text is copied; NULL is an empty cell; bytes
 * that are not UTF-8, and control characters, become "?". A number that is not
 * finite becomes an empty cell (JSON: null). */
void rp_table_text(struct rp_table *table, size_t column, const char *text);
void rp_table_number(struct rp_table *table, size_t column, double number);

/** "yes" or "no" for people, true or false for machines; of a column of
 * texts. */
void rp_table_flag(struct rp_table *table, size_t column, bool flag);

/** Sentences printed above the table for people, and nowhere else: what it is
 * a table of. Copied. */
void rp_table_heading(struct rp_table *table, const char *format, ...)
    RP_PRINTF(2, 3);

/** Sentences printed under the table for people, kept under "notes" in JSON,
 * and left out of CSV. Copied. */
void rp_table_note(struct rp_table *table, const char *format, ...)
    RP_PRINTF(2, 3);

size_t rp_table_row_count(const struct rp_table *table);

/** The rows as a new JSON array of objects (caller owns); NULL: no memory. */
json_t *rp_table_to_json(const struct rp_table *table);

/**
 * Write the table.
 *
 * JSON is an object {"schema": schema, "rows": [...], "notes": [...]} followed
 * by the members of `extra`.
 *
 * @param schema  "reqpath.COMMAND/1"; JSON only
 * @param extra   further members for JSON, borrowed; may be NULL
 * @param width   columns of the terminal, 0 where there is none: text is made
 *                to fit (report/layout.h), and sentences are folded to it
 * @return RP_ERR_MEMORY, RP_ERR_IO (the stream failed)
 */
RP_CHECKED enum rp_code rp_table_print(const struct rp_table *table,
                                       enum rp_format format,
                                       const char *schema, json_t *extra,
                                       int width, FILE *out,
                                       struct rp_error *error);

#endif
