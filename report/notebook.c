/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/notebook.h"

#include "report/printable.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct rp_notebook {
    json_t *cells; /* array; NULL when memory is short */
    json_t *last;  /* borrowed from it: the last cell */
};

/* ---- Texts ---- */

/* A line of `length` bytes, with its line end if it has one. */
static json_t *line_to_json(const char *line, size_t length, bool ends)
{
    char *const text = strndup(line, length);
    json_t *json = NULL;

    if (text) {
        rp_make_printable(text);
        json = json_sprintf("%s%s", text, ends ? "\n" : "");
    }
    free(text);
    return json;
}

/* nbformat keeps texts as lists of lines, so that a diff shows lines. */
static json_t *lines_to_json(const char *text)
{
    json_t *const lines = json_array();

    while (*text) {
        const size_t length = strcspn(text, "\n");
        const bool ends = text[length] == '\n';

        if (json_array_append_new(lines, line_to_json(text, length, ends)) !=
            0) {
            json_decref(lines);
            return NULL;
        }
        text += length + ends;
    }
    return lines;
}

/* ---- Cells ---- */

static void fail(struct rp_notebook *notebook)
{
    json_decref(notebook->cells);
    notebook->cells = NULL;
    notebook->last = NULL;
}

/* Takes `cell` over. */
static void append(struct rp_notebook *notebook, json_t *cell)
{
    if (notebook->cells && json_array_append_new(notebook->cells, cell) == 0)
        notebook->last = cell;
    else if (notebook->cells)
        fail(notebook);
    else
        json_decref(cell);
}

/* Ids are unique in the notebook, and the same every time. */
static json_t *new_id(const struct rp_notebook *notebook)
{
    return json_sprintf("cell-%04zu", json_array_size(notebook->cells) + 1);
}

static void append_markdown(struct rp_notebook *notebook, const char *text)
{
    append(notebook, json_pack("{s:s, s:o, s:{}, s:o}", "cell_type", "markdown",
                               "id", new_id(notebook), "metadata", "source",
                               lines_to_json(text)));
}

struct rp_notebook *rp_notebook_new(const char *title)
{
    struct rp_notebook *const notebook = calloc(1, sizeof *notebook);

    if (!notebook)
        return NULL;
    notebook->cells = json_array();
    rp_notebook_markdown(notebook, "# %s", title);
    return notebook;
}

void rp_notebook_free(struct rp_notebook *notebook)
{
    if (!notebook)
        return;
    json_decref(notebook->cells);
    free(notebook);
}

void rp_notebook_markdown(struct rp_notebook *notebook, const char *format, ...)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const stream = open_memstream(&text, &size);
    va_list args;

    if (!stream) {
        fail(notebook);
        return;
    }
    va_start(args, format);
    (void)vfprintf(stream, format, args);
    va_end(args);
    if (fclose(stream) == 0)
        append_markdown(notebook, text);
    else
        fail(notebook);
    free(text);
}

void rp_notebook_code(struct rp_notebook *notebook, const char *source)
{
    append(notebook,
           json_pack("{s:s, s:n, s:o, s:{}, s:[], s:o}", "cell_type", "code",
                     "execution_count", "id", new_id(notebook), "metadata",
                     "outputs", "source", lines_to_json(source)));
}

/* ---- Tables ---- */

/* What a table prints, a text that the caller frees; NULL: no memory. */
static char *printed(const struct rp_table *table, enum rp_format format)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const stream = open_memstream(&text, &size);
    bool good;

    if (!stream)
        return NULL;
    good = rp_table_print(table, format, "", NULL, 0, stream, NULL) == RP_OK;
    if (fclose(stream) == 0 && good)
        return text;
    free(text);
    return NULL;
}

/* The outputs of the last cell; NULL where it has none: it is no code. */
static json_t *outputs(const struct rp_notebook *notebook)
{
    return json_object_get(notebook->last, "outputs");
}

void rp_notebook_table(struct rp_notebook *notebook,
                       const struct rp_table *table)
{
    char *const markdown = printed(table, RP_FORMAT_MARKDOWN);
    char *const plain = printed(table, RP_FORMAT_TEXT);

    if (!markdown || !plain)
        fail(notebook);
    else if (!outputs(notebook))
        append_markdown(notebook, markdown);
    else if (json_array_append_new(
                 outputs(notebook),
                 json_pack("{s:{s:o, s:o}, s:{}, s:s}", "data", "text/markdown",
                           lines_to_json(markdown), "text/plain",
                           lines_to_json(plain), "metadata", "output_type",
                           "display_data")) != 0)
        fail(notebook);
    free(markdown);
    free(plain);
}

/* ---- Pictures ---- */

void rp_notebook_picture(struct rp_notebook *notebook, const char *svg,
                         const char *text)
{
    /* A notebook that failed has no last cell, and no outputs. */
    if (notebook->cells &&
        json_array_append_new(
            outputs(notebook),
            json_pack("{s:{s:o, s:o}, s:{}, s:s}", "data", "image/svg+xml",
                      lines_to_json(svg), "text/plain", lines_to_json(text),
                      "metadata", "output_type", "display_data")) != 0)
        fail(notebook);
}

/* ---- Writing ---- */

static json_t *notebook_to_json(const struct rp_notebook *notebook)
{
    return json_pack("{s:O, s:{s:{s:s, s:s, s:s}, s:{s:s}}, s:i, s:i}", "cells",
                     notebook->cells, "metadata", "kernelspec", "display_name",
                     "Python 3", "language", "python", "name", "python3",
                     "language_info", "name", "python", "nbformat", 4,
                     "nbformat_minor", 5);
}

enum rp_code rp_notebook_write(const struct rp_notebook *notebook, FILE *out,
                               struct rp_error *error)
{
    json_t *const all = notebook->cells ? notebook_to_json(notebook) : NULL;
    bool good;

    if (!all)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a notebook");
    /* Sorted and by one blank, as nbformat's own writer does it. */
    good = json_dumpf(all, out, JSON_SORT_KEYS | JSON_INDENT(1)) == 0 &&
           fputc('\n', out) != EOF;
    json_decref(all);
    if (good)
        return RP_OK;
    return rp_fail(error, RP_ERR_IO, "the notebook cannot be written: %s",
                   strerror(errno));
}
