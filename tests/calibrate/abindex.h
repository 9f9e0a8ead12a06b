/**
 * Expected values of ab files: an INDEX.tsv, walked row by row.
 *
 * Its first line names the columns; an empty cell says nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_CALIBRATE_ABINDEX_H
#define RP_TESTS_CALIBRATE_ABINDEX_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ABINDEX_COLUMNS = 24, ABINDEX_LINE = 4096 };

struct abindex {
    FILE *stream;
    char names_line[ABINDEX_LINE], line[ABINDEX_LINE];
    char *names[ABINDEX_COLUMNS], *cells[ABINDEX_COLUMNS];
};

static void abindex_split(char *line, char *cells[ABINDEX_COLUMNS])
{
    static char none[] = "";
    size_t n = 0;

    line[strcspn(line, "\r\n")] = '\0';
    for (size_t i = 0; i < ABINDEX_COLUMNS; i++)
        cells[i] = none;
    cells[n++] = line;
    for (char *at = line; *at && n < ABINDEX_COLUMNS; at++)
        if (*at == '\t') {
            *at = '\0';
            cells[n++] = at + 1;
        }
}

static inline bool abindex_open(struct abindex *index, const char *folder)
{
    char path[1024];

    (void)snprintf(path, sizeof path, "%s/INDEX.tsv", folder);
    index->stream = fopen(path, "r");
    if (!index->stream)
        return false;
    if (!fgets(index->names_line, ABINDEX_LINE, index->stream)) {
        (void)fclose(index->stream);
        return false;
    }
    abindex_split(index->names_line, index->names);
    return true;
}

/** The next row; closes the file behind the last. */
static inline bool abindex_next(struct abindex *index)
{
    if (fgets(index->line, ABINDEX_LINE, index->stream)) {
        abindex_split(index->line, index->cells);
        return true;
    }
    (void)fclose(index->stream);
    return false;
}

/** A cell by its column's name; "" where there is no such column. */
static inline const char *abindex_cell(const struct abindex *index,
                                       const char *name)
{
    for (size_t i = 0; i < ABINDEX_COLUMNS; i++)
        if (strcmp(index->names[i], name) == 0)
            return index->cells[i];
    return "";
}

/** What two files hold, one behind the other; a missing one is empty. The
 * caller frees it. */
static inline char *abindex_load(const char *first, const char *second,
                                 size_t *length)
{
    enum { MOST = 1 << 20 };
    const char *const paths[] = {first, second};
    char *const bytes = malloc(MOST);

    *length = 0;
    for (size_t i = 0; bytes && i < 2; i++) {
        FILE *const stream = paths[i] ? fopen(paths[i], "rb") : NULL;
        if (!stream)
            continue;
        *length += fread(bytes + *length, 1, MOST - *length, stream);
        (void)fclose(stream);
    }
    return bytes;
}

#endif
