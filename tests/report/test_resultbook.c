/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/resultbook.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char plan[] =
    "{\"schema\": \"reqpath.plan/1\", \"slo\": \"p99<=1ms\", \"notes\": "
    "[\"A note.\"], \"rows\": [{\"configuration\": \"a \\\"b\\\" \\\\ c\", "
    "\"verdict\": \"%s\", \"max_rps\": 12.5}]}";

/* The cells of a notebook of as many plans; the caller releases it. */
static json_t *cells_of(const char *words, size_t count)
{
    struct rp_resultfile files[2] = {{.name = NULL}, {.name = NULL}};
    struct rp_error error = {0};
    char text[512], *written = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&written, &size);
    json_t *book, *cells;

    (void)snprintf(text, sizeof text, plan, "yes");
    for (size_t i = 0; i < count; i++)
        cr_assert(eq(int,
                     rp_resultfile_parse(text, strlen(text), "r.json",
                                         &files[i], &error),
                     RP_OK));
    cr_assert(eq(int,
                 rp_resultbook_write("T", words, files, count, out, &error),
                 RP_OK));
    cr_assert(eq(int, fclose(out), 0));
    for (size_t i = 0; i < count; i++)
        rp_resultfile_free(&files[i]);
    book = json_loads(written, 0, NULL);
    cr_assert(ne(ptr, book, NULL));
    cells = json_incref(json_object_get(book, "cells"));
    json_decref(book);
    free(written);
    return cells;
}

/* The lines of a member, joined. */
static const char *joined(const json_t *lines, char text[8192])
{
    size_t i, length = 0;
    json_t *line;

    text[0] = '\0';
    json_array_foreach(lines, i, line) length += (size_t)snprintf(
        text + length, 8192 - length, "%s", json_string_value(line));
    return text;
}

/* The place of the first cell from `from` on whose source has `part`. */
static size_t place_of(const json_t *cells, size_t from, const char *part)
{
    char text[8192];

    for (size_t i = from; i < json_array_size(cells); i++)
        if (strstr(joined(json_object_get(json_array_get(cells, i), "source"),
                          text),
                   part))
            return i;
    cr_assert(false, "no cell from %zu on has \"%s\"", from, part);
    return 0;
}

Test(resultbook, words_stand_before_between_and_after_the_results)
{
    json_t *const cells = cells_of("Before.\n---\nBetween.\n---\nAfter.\n", 2);
    const size_t before = place_of(cells, 0, "Before.");
    const size_t first = place_of(cells, before, "points = read(");
    const size_t between = place_of(cells, first, "Between.");
    const size_t second = place_of(cells, between, "points = read(");

    cr_expect(
        eq(sz, place_of(cells, second, "After."), json_array_size(cells) - 1));
    (void)place_of(cells, 0, "> A note.");
    json_decref(cells);
}

Test(resultbook, the_picture_is_there_and_has_the_number_of_the_result)
{
    json_t *const cells = cells_of(NULL, 1);
    const json_t *const cell =
        json_array_get(cells, place_of(cells, 0, "plt.show()"));
    const json_t *const data = json_object_get(
        json_array_get(json_object_get(cell, "outputs"), 0), "data");
    char text[8192];

    (void)joined(json_object_get(data, "image/svg+xml"), text);
    cr_expect(ne(ptr, strstr(text, "data-value=\"12.5\""), NULL));
    json_decref(cells);
}

/* With a backslash in it the CSV cannot stand in a plain string. */
Test(resultbook, data_with_backslashes_and_quotes_is_an_escaped_string)
{
    json_t *const cells = cells_of(NULL, 1);
    char text[8192];

    (void)joined(
        json_object_get(
            json_array_get(cells, place_of(cells, 1, "points = read(")),
            "source"),
        text);
    cr_expect(ne(ptr, strstr(text, "\\\"a \\\"\\\"b\\\"\\\" \\\\ c\\\""), NULL),
              "%s", text);
    json_decref(cells);
}
