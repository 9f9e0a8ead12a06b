/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/csv.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static enum rp_code read_text(const char *text, struct rp_csv *csv,
                              struct rp_error *error)
{
    return rp_csv_read_text(text, strlen(text), "x.csv", csv, error);
}

static struct rp_csv read_good(const char *text)
{
    struct rp_csv csv = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, read_text(text, &csv, &error), RP_OK), "%s", error.text);
    return csv;
}

Test(csv, cells_are_found_by_the_name_of_their_column)
{
    struct rp_csv csv = read_good("mode,stack,view\n"
                                  "wsgi,,sync\n"
                                  "asgi,S A,async\n");
    struct rp_error error = {0};
    size_t stack = 99;

    cr_expect(eq(sz, csv.row_count, 2));
    cr_expect(eq(sz, csv.column_count, 3));
    cr_assert(eq(int, rp_csv_need(&csv, "stack", &stack, &error), RP_OK));
    cr_expect(eq(str, (char *)rp_csv_text(&csv, 0, stack), ""));
    cr_expect(eq(str, (char *)rp_csv_text(&csv, 1, stack), "S A"));
    cr_expect(eq(sz, rp_csv_find(&csv, "view"), 2));
    cr_expect(eq(sz, rp_csv_find(&csv, "outcome"), RP_CSV_NONE));
    rp_csv_free(&csv);
}

Test(csv, line_ends_blank_lines_quotes_and_a_byte_order_mark_are_read)
{
    struct rp_csv csv = read_good("\xEF\xBB\xBF\r\na,b\r\n\r\n"
                                  "\"x, \"\"y\"\"\",\"two\nlines\"\r\n"
                                  "\n"
                                  "\"\",caf\xC3\xA9");

    cr_expect(eq(sz, csv.row_count, 2));
    cr_expect(eq(str, (char *)rp_csv_text(&csv, 0, 0), "x, \"y\""));
    cr_expect(eq(str, (char *)rp_csv_text(&csv, 0, 1), "two\nlines"));
    cr_expect(eq(str, (char *)rp_csv_text(&csv, 1, 0), ""));
    cr_expect(eq(str, (char *)rp_csv_text(&csv, 1, 1), "caf\xC3\xA9"));
    cr_expect(eq(sz, rp_csv_cell(&csv, 0, 1)->line, 4));
    cr_expect(eq(sz, rp_csv_cell(&csv, 0, 1)->column, 12));
    cr_expect(eq(sz, rp_csv_cell(&csv, 1, 1)->line, 7));
    rp_csv_free(&csv);
}

Test(csv, columns_count_characters_not_bytes)
{
    struct rp_csv csv = read_good("a,b\ncaf\xC3\xA9,x\n");

    cr_expect(eq(sz, rp_csv_cell(&csv, 0, 1)->column, 6));
    rp_csv_free(&csv);
}

Test(csv, names_alone_are_a_file_without_rows)
{
    struct rp_csv csv = read_good("a,b");

    cr_expect(eq(sz, csv.row_count, 0));
    cr_expect(eq(sz, csv.column_count, 2));
    rp_csv_free(&csv);
}

Test(csv, what_is_no_csv_is_refused_at_its_place)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"", "x.csv: found nothing, expected a line that names the columns, "
             "and rows below it"},
        {"\n\n", "x.csv: found nothing, expected a line that names the "
                 "columns, and rows below it"},
        {"a,b\n1,2\n1\n", "x.csv:3:1: found 1 cell in this row, expected 2, "
                          "as many as the first line names"},
        {"a,b\n1,2,34,5\n", "x.csv:2:5: found 4 cells in this row, expected "
                            "2, as many as the first line names"},
        {"a,,b\n", "x.csv:1:3: found a column without a name; the first line "
                   "names the columns"},
        {"a,b,a\n", "x.csv:1:5: the column \"a\" is there twice"},
        {"a\n\"x\n", "x.csv:2:1: found a quote that is never closed; a quote "
                     "inside a cell is written twice"},
        {"a\n\"x\"y\n", "x.csv:2:4: found something behind a closing quote, "
                        "expected a comma or the end of the line; a quote "
                        "inside a cell is written twice"},
        {"a\nx\"y\"\n", "x.csv:2:2: found a quote inside a cell; put the "
                        "whole cell in quotes and write this one twice"},
        {"a\n\xff\n", "x.csv:2:1: found the byte 0xFF, which is not UTF-8; "
                      "save the file as UTF-8 text"},
        {"PK\x03\x04", "x.csv:1:3: found the control character 0x03, expected "
                       "text; is this a text file?"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_csv csv = {.row_count = 7};
        struct rp_error error = {0};

        cr_expect(
            eq(int, read_text(cases[i].text, &csv, &error), RP_ERR_SYNTAX));
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        cr_expect(eq(sz, csv.row_count, 7), "untouched on failure");
    }
}

Test(csv, a_missing_column_names_the_nearest)
{
    struct rp_csv csv = read_good("mode,stak\n");
    struct rp_error error = {0};
    size_t column = 99;

    cr_expect(
        eq(int, rp_csv_need(&csv, "stack", &column, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "x.csv:1: no column is called \"stack\", but one is called "
                 "\"stak\"; the first line names the columns"));
    cr_expect(
        eq(int, rp_csv_need(&csv, "view", &column, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "x.csv:1: no column is called \"view\"; the first line names "
                 "the columns"));
    cr_expect(eq(sz, column, 99), "untouched on failure");
    rp_csv_free(&csv);
}

Test(csv, too_many_columns_are_refused)
{
    static char text[8 * RP_CSV_COLUMNS_MAX];
    struct rp_csv csv = {0};
    struct rp_error error = {0};
    size_t used = 0;

    for (int i = 0; i <= RP_CSV_COLUMNS_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%sc%d",
                                 i ? "," : "", i);
    cr_expect(eq(int, read_text(text, &csv, &error), RP_ERR_SYNTAX));
    cr_expect(eq(str, error.text,
                 "x.csv:1:1: found 257 columns, at most 256 are read"));
}

Test(csv, a_cell_can_be_complained_about)
{
    struct rp_csv csv = read_good("a,b\n1,bad\n");
    struct rp_error error = {0};

    cr_expect(eq(int,
                 rp_csv_fail(&csv, 0, 1, &error, RP_ERR_VALUE, "found \"%s\"",
                             rp_csv_text(&csv, 0, 1)),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text, "x.csv:2:3: found \"bad\""));
    rp_csv_free(&csv);
}

Test(csv, a_file_that_is_not_there_is_said)
{
    struct rp_csv csv = {0};
    struct rp_error error = {0};

    cr_expect(
        eq(int, rp_csv_read("/nonexistent.csv", &csv, &error), RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "/nonexistent.csv: cannot be opened: No such file or "
                 "directory"));
    cr_expect(eq(int, rp_csv_read("/", &csv, &error), RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "/: found a directory, expected a CSV file; name one of the "
                 "files in it"));
}

Test(csv, freeing_nothing_is_harmless)
{
    struct rp_csv csv = {0};

    rp_csv_free(&csv);
    rp_csv_free(&csv);
}
