/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/table.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct rp_column columns[] = {
    {"name", NULL, RP_COLUMN_TEXT, 0},
    {"runs", NULL, RP_COLUMN_COUNT, 0},
    {"mean_ms", "mean ms", RP_COLUMN_NUMBER, 0},
    {"share_percent", "share %", RP_COLUMN_FIXED, 1},
};

static struct rp_table *new_table(void)
{
    struct rp_table *const table = rp_table_new(columns, 4);

    cr_assert(ne(ptr, table, NULL));
    return table;
}

static void add_row(struct rp_table *table, const char *name, double runs,
                    double mean, double share)
{
    rp_table_row(table);
    rp_table_text(table, 0, name);
    rp_table_number(table, 1, runs);
    rp_table_number(table, 2, mean);
    rp_table_number(table, 3, share);
}

/* What a table prints; the caller frees it. */
static char *printed(const struct rp_table *table, enum rp_format format,
                     int width)
{
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(ne(ptr, out, NULL));
    cr_assert(eq(int,
                 rp_table_print(table, format, "reqpath.test/1", NULL, width,
                                out, &error),
                 RP_OK),
              "%s", error.text);
    (void)fclose(out);
    return text;
}

static void expect(const struct rp_table *table, enum rp_format format,
                   int width, const char *expected)
{
    char *const text = printed(table, format, width);

    cr_expect(eq(str, text, (char *)expected));
    free(text);
}

Test(table, text_is_aligned_and_rounded_and_has_no_blanks_at_line_ends)
{
    struct rp_table *const table = new_table();

    add_row(table, "gunicorn", 12, 0.30123456, 99.96);
    add_row(table, "", 3, 12345.678, 0.04);
    add_row(table, NULL, NAN, INFINITY, -0.04);
    add_row(table, "caf\xC3\xA9", 1e6, 1.5e-7, 5);
    expect(table, RP_FORMAT_TEXT, 0,
           "name         runs  mean ms  share %\n"
           "--------  -------  -------  -------\n"
           "gunicorn       12   0.3012    100.0\n"
           "                3    12346      0.0\n"
           "                -        -      0.0\n"
           "caf\xC3\xA9      1000000  1.5e-07      5.0\n");
    rp_table_free(table);
}

Test(table, a_flag_is_a_word_for_people_and_no_text_in_json)
{
    static const struct rp_column flags[] = {
        {"after", NULL, RP_COLUMN_TEXT, 0}};
    struct rp_table *const table = rp_table_new(flags, 1);
    json_t *rows;

    for (int i = 0; i < 2; i++) {
        rp_table_row(table);
        rp_table_flag(table, 0, i == 1);
    }
    expect(table, RP_FORMAT_TEXT, 0, "after\n-----\nno\nyes\n");
    expect(table, RP_FORMAT_CSV, 0, "after\nfalse\ntrue\n");
    rows = rp_table_to_json(table);
    cr_expect(eq(int,
                 json_typeof(json_object_get(json_array_get(rows, 0), "after")),
                 JSON_FALSE));
    cr_expect(eq(int,
                 json_typeof(json_object_get(json_array_get(rows, 1), "after")),
                 JSON_TRUE));
    json_decref(rows);
    rp_table_free(table);
}

static struct rp_table *new_times(const double *p50_ms, const double *p99_ms,
                                  size_t count)
{
    static const struct rp_column times[] = {
        {"p50_ms", "p50", RP_COLUMN_MS, 0},
        {"p99_ms", "p99", RP_COLUMN_MS, 0},
        {"runs", NULL, RP_COLUMN_COUNT, 0},
        {"worst_ms", "worst", RP_COLUMN_MS, 0},
    };
    struct rp_table *const table = rp_table_new(times, 4);

    cr_assert(ne(ptr, table, NULL));
    for (size_t i = 0; i < count; i++) {
        rp_table_row(table);
        rp_table_number(table, 0, p50_ms[i]);
        rp_table_number(table, 1, p99_ms[i]);
        rp_table_number(table, 2, (double)i);
        rp_table_number(table, 3, 5000.0);
    }
    return table;
}

Test(table, times_beside_each_other_have_one_unit_that_suits_them)
{
    /* geometric means: 0.2 ms, 2 ms, none */
    static const double p50_ms[][2] = {{0.1, 0.2}, {0.5, 2.0}, {NAN, 0.0}};
    static const double p99_ms[][2] = {{0.2, 0.4}, {2.0, 8.0}, {NAN, NAN}};
    static const char *const expected[] = {"p50 us  p99 us  runs  worst s\n"
                                           "------  ------  ----  -------\n"
                                           "   100     200     0        5\n"
                                           "   200     400     1        5\n",
                                           "p50 ms  p99 ms  runs  worst s\n"
                                           "------  ------  ----  -------\n"
                                           "   0.5       2     0        5\n"
                                           "     2       8     1        5\n",
                                           "p50 ms  p99 ms  runs  worst s\n"
                                           "------  ------  ----  -------\n"
                                           "     -       -     0        5\n"
                                           "     0       -     1        5\n"};

    for (size_t i = 0; i < 3; i++) {
        struct rp_table *const table = new_times(p50_ms[i], p99_ms[i], 2);

        expect(table, RP_FORMAT_TEXT, 0, expected[i]);
        rp_table_free(table);
    }
}

Test(table, for_programs_times_are_milliseconds)
{
    static const double p50_ms[] = {0.125}, p99_ms[] = {0.25};
    struct rp_table *const table = new_times(p50_ms, p99_ms, 1);

    expect(table, RP_FORMAT_CSV, 0,
           "p50_ms,p99_ms,runs,worst_ms\n0.125,0.25,0,5000\n");
    expect(table, RP_FORMAT_MARKDOWN, 0,
           "| p50 us | p99 us | runs | worst s |\n"
           "|--:|--:|--:|--:|\n"
           "| 125 | 250 | 0 | 5 |\n");
    rp_table_free(table);
}

Test(table, a_table_without_rows_is_its_head)
{
    struct rp_table *const table = new_table();

    expect(table, RP_FORMAT_CSV, 0, "name,runs,mean_ms,share_percent\n");
    expect(table, RP_FORMAT_TEXT, 0,
           "name  runs  mean ms  share %\n"
           "----  ----  -------  -------\n");
    cr_expect(eq(sz, rp_table_row_count(table), 0));
    rp_table_free(table);
}

Test(table, csv_keeps_the_digits_and_quotes_what_needs_it)
{
    struct rp_table *const table = new_table();

    add_row(table, "a,b \"c\"", 12, 0.1, 100.0 / 3.0);
    add_row(table, NULL, NAN, 1e15, -0.0);
    rp_table_note(table, "not in CSV");
    expect(table, RP_FORMAT_CSV, 0,
           "name,runs,mean_ms,share_percent\n"
           "\"a,b \"\"c\"\"\",12,0.1,33.3333333333333\n"
           ",,1e+15,0\n");
    rp_table_free(table);
}

Test(table, json_has_schema_rows_notes_and_what_the_command_adds)
{
    struct rp_table *const table = new_table();
    json_t *const extra = json_pack("{s:i}", "seed", 7);
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    add_row(table, "x", 12, 0.1, NAN);
    rp_table_note(table, "%s is %d", "one", 1);
    cr_assert(eq(int,
                 rp_table_print(table, RP_FORMAT_JSON, "reqpath.test/1", extra,
                                0, out, &error),
                 RP_OK));
    (void)fclose(out);
    cr_expect(eq(str, text,
                 "{\n"
                 "  \"schema\": \"reqpath.test/1\",\n"
                 "  \"rows\": [\n"
                 "    {\n"
                 "      \"name\": \"x\",\n"
                 "      \"runs\": 12,\n"
                 "      \"mean_ms\": 0.1,\n"
                 "      \"share_percent\": null\n"
                 "    }\n"
                 "  ],\n"
                 "  \"notes\": [\n"
                 "    \"one is 1\"\n"
                 "  ],\n"
                 "  \"seed\": 7\n"
                 "}\n"));
    free(text);
    json_decref(extra);
    rp_table_free(table);
}

Test(table, markdown_escapes_its_own_markup)
{
    struct rp_table *const table = new_table();

    add_row(table, "a|b_c _d_ *e*", 1, 2, 3);
    rp_table_note(table, "see <x>");
    expect(table, RP_FORMAT_MARKDOWN, 0,
           "| name | runs | mean ms | share % |\n"
           "|:--|--:|--:|--:|\n"
           "| a\\|b_c \\_d\\_ \\*e\\* | 1 | 2 | 3.0 |\n"
           "\nsee \\<x>\n");
    rp_table_free(table);
}

Test(table, headings_stand_above_for_people_and_nowhere_else)
{
    struct rp_table *const table = new_table();

    rp_table_heading(table, "of %s", "what");
    expect(table, RP_FORMAT_TEXT, 0,
           "of what\n"
           "\n"
           "name  runs  mean ms  share %\n"
           "----  ----  -------  -------\n");
    expect(table, RP_FORMAT_MARKDOWN, 0,
           "of what\n"
           "\n"
           "| name | runs | mean ms | share % |\n"
           "|:--|--:|--:|--:|\n");
    expect(table, RP_FORMAT_CSV, 0, "name,runs,mean_ms,share_percent\n");
    rp_table_free(table);
}

Test(table, notes_are_folded_to_the_terminal_between_words)
{
    struct rp_table *const table = new_table();

    rp_table_note(table, "one two three four five six seven "
                         "averyveryverylongwordthatnobodywouldsay four");
    rp_table_note(table, "five");
    expect(table, RP_FORMAT_TEXT, 28,
           "name  runs  mean ms  share %\n"
           "----  ----  -------  -------\n"
           "\n"
           "one two three four five six\n"
           "seven\n"
           "averyveryverylongwordthatnobodywouldsay\n"
           "four\n"
           "five\n");
    rp_table_free(table);
}

Test(table, no_cell_can_break_a_line_or_a_terminal)
{
    struct rp_table *const table = new_table();

    add_row(table, "a\nb\x1b[31m", 1, 1, 1);
    add_row(table, "not utf-8: \xff\xc3", 1, 1, 1);
    expect(table, RP_FORMAT_CSV, 0,
           "name,runs,mean_ms,share_percent\n"
           "a b?[31m,1,1,1\n"
           "not utf-8: ??,1,1,1\n");
    rp_table_free(table);
}

Test(table, a_cell_that_is_set_again_has_its_last_value)
{
    struct rp_table *const table = new_table();

    add_row(table, "first", 1, 1, 1);
    rp_table_text(table, 0, "second");
    rp_table_number(table, 1, NAN);
    expect(table, RP_FORMAT_CSV, 0,
           "name,runs,mean_ms,share_percent\nsecond,,1,1\n");
    rp_table_free(table);
}

Test(table, many_rows_stay_in_order)
{
    struct rp_table *const table = new_table();
    json_t *rows;

    for (int i = 0; i < 1000; i++)
        add_row(table, "r", i, i, i);
    rows = rp_table_to_json(table);
    cr_assert(eq(sz, json_array_size(rows), 1000));
    for (size_t i = 0; i < 1000; i++)
        cr_expect(eq(int,
                     (int)json_integer_value(
                         json_object_get(json_array_get(rows, i), "runs")),
                     (int)i));
    json_decref(rows);
    rp_table_free(table);
}

Test(table, a_full_disk_is_an_error)
{
    struct rp_table *const table = new_table();
    struct rp_error error = {0};
    FILE *const out = fopen("/dev/full", "w");

    cr_assert(ne(ptr, out, NULL));
    (void)setvbuf(out, NULL, _IONBF, 0);
    cr_expect(
        eq(int, rp_table_print(table, RP_FORMAT_CSV, "x", NULL, 0, out, &error),
           RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "the table cannot be written: No space left on device"));
    (void)fclose(out);
    rp_table_free(table);
}

Test(table, a_format_is_one_of_four_words)
{
    static const struct {
        const char *word;
        enum rp_format format;
    } good[] = {{"text", RP_FORMAT_TEXT},
                {"json", RP_FORMAT_JSON},
                {"csv", RP_FORMAT_CSV},
                {"md", RP_FORMAT_MARKDOWN}};
    struct rp_error error = {0};
    enum rp_format format = RP_FORMAT_TEXT;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_expect(
            eq(int, rp_format_parse(good[i].word, &format, &error), RP_OK));
        cr_expect(eq(int, format, good[i].format));
    }
    cr_expect(eq(int, rp_format_parse("jsn", &format, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "found \"jsn\", expected text, json, csv or md; did you mean "
                 "\"json\"?"));
    cr_expect(eq(int, rp_format_parse("", &format, &error), RP_ERR_VALUE));
    cr_expect(eq(int, format, RP_FORMAT_MARKDOWN), "untouched on failure");
}

Test(table, freeing_nothing_is_harmless)
{
    rp_table_free(NULL);
}

Test(table, on_a_terminal_words_are_folded)
{
    struct rp_table *const table = new_table();

    add_row(table, "a name of several words, of which none is long", 3, 1.5,
            50);
    add_row(table, "short", 4, 2.5, 25);
    expect(table, RP_FORMAT_TEXT, 48,
           "name                      runs  mean ms  share %\n"
           "------------------------  ----  -------  -------\n"
           "a name of several words,     3      1.5     50.0\n"
           "of which none is long\n"
           "short                        4      2.5     25.0\n");
    rp_table_free(table);
}

Test(table, on_a_narrow_terminal_there_are_panels)
{
    struct rp_table *const table = new_table();

    add_row(table, "first", 3, 1.5, 50);
    add_row(table, "second", 4, 2.5, 25);
    expect(table, RP_FORMAT_TEXT, 22,
           "name    runs  mean ms\n"
           "------  ----  -------\n"
           "first      3      1.5\n"
           "second     4      2.5\n"
           "\n"
           "name    share %\n"
           "------  -------\n"
           "first      50.0\n"
           "second     25.0\n");
    rp_table_free(table);
}
