/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/notebook.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

/* What a notebook writes; the caller frees it. */
static char *written(const struct rp_notebook *notebook)
{
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(ne(ptr, out, NULL));
    cr_assert(eq(int, rp_notebook_write(notebook, out, &error), RP_OK), "%s",
              error.text);
    (void)fclose(out);
    return text;
}

static struct rp_table *new_table(void)
{
    static const struct rp_column columns[] = {
        {"name", NULL, RP_COLUMN_TEXT, 0},
        {"mean_ms", NULL, RP_COLUMN_NUMBER, 0},
    };
    struct rp_table *const table = rp_table_new(columns, 2);

    rp_table_row(table);
    rp_table_text(table, 0, "x");
    rp_table_number(table, 1, 0.5);
    return table;
}

/* One of everything. */
static struct rp_notebook *new_notebook(void)
{
    struct rp_notebook *const notebook = rp_notebook_new("A report");
    struct rp_table *const table = new_table();

    rp_notebook_markdown(notebook, "%d runs.\n\nOf *two* servers.", 12);
    rp_notebook_table(notebook, table);
    rp_notebook_code(notebook, "!reqpath keys\nprint(1)\n");
    rp_notebook_table(notebook, table);
    rp_notebook_table(notebook, table);
    rp_notebook_code(notebook, "");
    rp_table_free(table);
    return notebook;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* A text of nbformat as a list: each line but the last ends in a line end. */
static void expect_lines(const json_t *lines)
{
    cr_assert(eq(int, json_typeof(lines), JSON_ARRAY));
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const char *const line = json_string_value(json_array_get(lines, i));
        const char *const end = line ? strchr(line, '\n') : NULL;

        cr_assert(ne(ptr, (char *)line, NULL));
        if (i + 1 < json_array_size(lines))
            cr_expect(ne(ptr, (char *)end, NULL));
        if (end)
            cr_expect(eq(chr, end[1], '\0'), "one line end, at the end");
    }
}

static void expect_output(const json_t *output)
{
    const json_t *const data = json_object_get(output, "data");

    cr_expect(eq(str, (char *)text_of(output, "output_type"), "display_data"));
    cr_expect(eq(sz, json_object_size(json_object_get(output, "metadata")), 0));
    expect_lines(json_object_get(data, "text/markdown"));
    expect_lines(json_object_get(data, "text/plain"));
}

/* The members of a cell that its kind must have, and no other. */
static void expect_cell(const json_t *cell)
{
    const bool code = strcmp(text_of(cell, "cell_type"), "code") == 0;
    const char *const id = text_of(cell, "id");
    const json_t *const outputs = json_object_get(cell, "outputs");

    cr_expect(eq(sz, json_object_size(cell), code ? 6 : 4));
    cr_expect(eq(sz, json_object_size(json_object_get(cell, "metadata")), 0));
    expect_lines(json_object_get(cell, "source"));
    cr_assert(ne(ptr, (char *)id, NULL));
    cr_expect(gt(sz, strlen(id), 0));
    cr_expect(le(sz, strlen(id), 64));
    cr_expect(eq(sz, strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-"),
                 strlen(id)));
    if (!code) {
        cr_expect(eq(str, (char *)text_of(cell, "cell_type"), "markdown"));
        return;
    }
    cr_assert(eq(int, json_typeof(outputs), JSON_ARRAY));
    cr_expect(eq(ptr, json_object_get(cell, "execution_count"), json_null()));
    for (size_t i = 0; i < json_array_size(outputs); i++)
        expect_output(json_array_get(outputs, i));
}

/* The rules of nbformat 4.5 that concern what we write; its own validator
 * finds nothing either. */
Test(notebook, what_is_written_has_the_structure_of_nbformat_4_5)
{
    struct rp_notebook *const notebook = new_notebook();
    char *const text = written(notebook);
    json_t *const all = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    const json_t *const cells = json_object_get(all, "cells");
    const json_t *const metadata = json_object_get(all, "metadata");

    cr_assert(ne(ptr, all, NULL));
    cr_expect(eq(sz, json_object_size(all), 4));
    cr_expect(
        eq(int, (int)json_integer_value(json_object_get(all, "nbformat")), 4));
    cr_expect(
        eq(int, (int)json_integer_value(json_object_get(all, "nbformat_minor")),
           5));
    cr_expect(
        eq(str,
           (char *)text_of(json_object_get(metadata, "language_info"), "name"),
           "python"));
    cr_expect(eq(str,
                 (char *)text_of(json_object_get(metadata, "kernelspec"),
                                 "display_name"),
                 "Python 3"));
    cr_assert(eq(sz, json_array_size(cells), 5));
    for (size_t i = 0; i < json_array_size(cells); i++)
        expect_cell(json_array_get(cells, i));
    json_decref(all);
    free(text);
    rp_notebook_free(notebook);
}

Test(notebook, ids_are_unique)
{
    struct rp_notebook *const notebook = new_notebook();
    char *const text = written(notebook);
    json_t *const all = json_loads(text, 0, NULL);
    const json_t *const cells = json_object_get(all, "cells");

    for (size_t i = 0; i < json_array_size(cells); i++)
        for (size_t j = 0; j < i; j++)
            cr_expect(ne(str, (char *)text_of(json_array_get(cells, i), "id"),
                         (char *)text_of(json_array_get(cells, j), "id")));
    json_decref(all);
    free(text);
    rp_notebook_free(notebook);
}

Test(notebook, a_table_is_an_output_of_code_and_else_a_cell)
{
    struct rp_notebook *const notebook = new_notebook();
    char *const text = written(notebook);
    json_t *const all = json_loads(text, 0, NULL);
    const json_t *const cells = json_object_get(all, "cells");
    const json_t *const source =
        json_object_get(json_array_get(cells, 2), "source");

    cr_expect(eq(str, (char *)text_of(json_array_get(cells, 2), "cell_type"),
                 "markdown"));
    cr_expect(eq(str, (char *)json_string_value(json_array_get(source, 0)),
                 "| name | mean_ms |\n"));
    cr_expect(eq(
        sz,
        json_array_size(json_object_get(json_array_get(cells, 3), "outputs")),
        2));
    json_decref(all);
    free(text);
    rp_notebook_free(notebook);
}

Test(notebook, the_same_calls_make_the_same_bytes)
{
    struct rp_notebook *const one = new_notebook(), *const two = new_notebook();
    char *const first = written(one), *const second = written(two);

    cr_expect(eq(str, first, second));
    free(first);
    free(second);
    rp_notebook_free(one);
    rp_notebook_free(two);
}

Test(notebook, a_text_that_is_none_becomes_one)
{
    struct rp_notebook *const notebook = rp_notebook_new("x");
    char *text;

    rp_notebook_markdown(notebook, "a\xff"
                                   "b\x1b"
                                   "c\nd");
    text = written(notebook);
    cr_expect(ne(ptr, strstr(text, "\"a?b?c\\n\""), NULL), "%s", text);
    free(text);
    rp_notebook_free(notebook);
}

Test(notebook, a_full_disk_is_an_error)
{
    struct rp_notebook *const notebook = new_notebook();
    struct rp_error error = {0};
    FILE *const out = fopen("/dev/full", "w");

    cr_assert(ne(ptr, out, NULL));
    (void)setvbuf(out, NULL, _IONBF, 0);
    cr_expect(eq(int, rp_notebook_write(notebook, out, &error), RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "the notebook cannot be written: No space left on device"));
    (void)fclose(out);
    rp_notebook_free(notebook);
}

Test(notebook, freeing_nothing_is_harmless)
{
    rp_notebook_free(NULL);
}
