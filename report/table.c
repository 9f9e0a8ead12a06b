/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/table.h"

#include "report/fold.h"
#include "report/layout.h"
#include "report/printable.h"
#include "report/readable.h"

#include <assert.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = RP_LAYOUT_COLUMNS_MAX, GAP = RP_LAYOUT_GAP };

/* Integers up to here are exact in a double, and so in every JSON reader. */
#define EXACT_MAX 9007199254740992.0

enum cell_kind { CELL_EMPTY, CELL_TEXT, CELL_NUMBER, CELL_FLAG };

struct cell {
    enum cell_kind kind;
    double number;
    bool flag;
    char *text; /* owned */
};

struct sentences {
    size_t count, capacity;
    char **texts; /* owned, each and all */
};

struct rp_table {
    size_t column_count, row_count, row_capacity;
    struct rp_column columns[COLUMNS_MAX];
    double factors[COLUMNS_MAX]; /* for people: into the unit of the heading */
    struct cell *cells;          /* row_count x column_count, row by row */
    struct sentences headings, notes;
    bool memory_short;
};

/* ---- Formats ---- */

static const struct {
    enum rp_format format;
    const char *name;
} formats[] = {
#define RP_FORMAT_AS_ROW(format, name) {format, name},
    RP_FORMAT_LIST(RP_FORMAT_AS_ROW)
#undef RP_FORMAT_AS_ROW
};

enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

enum rp_code rp_format_parse(const char *name, enum rp_format *format,
                             struct rp_error *error)
{
    const char *names[FORMAT_COUNT];

    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        names[i] = formats[i].name;
        if (strcmp(name, formats[i].name) == 0) {
            *format = formats[i].format;
            return RP_OK;
        }
    }
    return rp_fail_word(error, name, names, FORMAT_COUNT);
}

/* ---- Filling ---- */

struct rp_table *rp_table_new(const struct rp_column *columns,
                              size_t column_count)
{
    struct rp_table *const table = calloc(1, sizeof *table);

    assert(column_count >= 1 && column_count <= COLUMNS_MAX);
    if (!table)
        return NULL;
    table->column_count = column_count;
    memcpy(table->columns, columns, column_count * sizeof *columns);
    for (size_t i = 0; i < column_count; i++) {
        assert(columns[i].kind != RP_COLUMN_MS || columns[i].heading);
        table->factors[i] = 1.0;
    }
    return table;
}

static void free_sentences(struct sentences *sentences)
{
    for (size_t i = 0; i < sentences->count; i++)
        free(sentences->texts[i]);
    free(sentences->texts);
}

void rp_table_free(struct rp_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        free(table->cells[i].text);
    free_sentences(&table->headings);
    free_sentences(&table->notes);
    free(table->cells);
    free(table);
}

/* Room for one more of `size` bytes in an array; false: memory is short. */
static bool grow(void **array, size_t count, size_t *capacity, size_t size)
{
    const size_t wanted = *capacity ? 2 * *capacity : 16;
    void *larger;

    if (count < *capacity)
        return true;
    larger = realloc(*array, wanted * size);
    if (!larger)
        return false;
    *array = larger;
    *capacity = wanted;
    return true;
}

void rp_table_row(struct rp_table *table)
{
    const size_t row_size = table->column_count * sizeof *table->cells;
    void *cells = table->cells;

    if (!grow(&cells, table->row_count, &table->row_capacity, row_size)) {
        table->memory_short = true;
        return;
    }
    table->cells = cells;
    for (size_t i = 0; i < table->column_count; i++)
        table->cells[table->row_count * table->column_count + i] =
            (struct cell){.kind = CELL_EMPTY};
    table->row_count++;
}

/* The cell to set, emptied; NULL where its row could not be made. */
static struct cell *last_row_cell(struct rp_table *table, size_t column)
{
    struct cell *cell;

    assert(column < table->column_count);
    assert(table->row_count > 0 || table->memory_short);
    if (table->memory_short)
        return NULL;
    cell = &table->cells[(table->row_count - 1) * table->column_count + column];
    free(cell->text);
    *cell = (struct cell){.kind = CELL_EMPTY};
    return cell;
}

void rp_table_text(struct rp_table *table, size_t column, const char *text)
{
    struct cell *const cell = last_row_cell(table, column);

    if (!cell || !text)
        return;
    cell->text = strdup(text);
    if (!cell->text) {
        table->memory_short = true;
        return;
    }
    rp_make_printable(cell->text);
    cell->kind = CELL_TEXT;
}

void rp_table_number(struct rp_table *table, size_t column, double number)
{
    struct cell *const cell = last_row_cell(table, column);

    if (!cell || !isfinite(number))
        return;
    cell->kind = CELL_NUMBER;
    cell->number = number;
}

void rp_table_flag(struct rp_table *table, size_t column, bool flag)
{
    struct cell *const cell = last_row_cell(table, column);

    if (!cell)
        return;
    cell->kind = CELL_FLAG;
    cell->flag = flag;
}

static void add_sentence(struct rp_table *table, struct sentences *sentences,
                         const char *format, va_list args) RP_PRINTF(3, 0);

static void add_sentence(struct rp_table *table, struct sentences *sentences,
                         const char *format, va_list args)
{
    void *texts = sentences->texts;
    char *text = NULL;
    va_list again;
    int length;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length >= 0 && grow(&texts, sentences->count, &sentences->capacity,
                            sizeof *sentences->texts)) {
        sentences->texts = texts;
        text = malloc((size_t)length + 1);
    }
    if (!text) {
        table->memory_short = true;
        return;
    }
    (void)vsnprintf(text, (size_t)length + 1, format, args);
    rp_make_printable(text);
    sentences->texts[sentences->count++] = text;
}

void rp_table_heading(struct rp_table *table, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_sentence(table, &table->headings, format, args);
    va_end(args);
}

void rp_table_note(struct rp_table *table, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_sentence(table, &table->notes, format, args);
    va_end(args);
}

size_t rp_table_row_count(const struct rp_table *table)
{
    return table->row_count;
}

/* ---- Cells as text ---- */

enum { NUMBER_SIZE = 400 }; /* the largest double with 9 digits after it */

/* "-0.00" says nothing that "0.00" does not. */
static void drop_sign_of_zero(char *text)
{
    if (text[0] == '-' && !text[strspn(text, "-0.")])
        memmove(text, text + 1, strlen(text));
}

/* Rounded, for people. */
static void number_for_people(const struct rp_column *column, double number,
                              char text[NUMBER_SIZE])
{
    int digits = 0;

    switch (column->kind) {
    case RP_COLUMN_FIXED:
        digits = column->digits;
        break;
    case RP_COLUMN_COUNT:
        break;
    case RP_COLUMN_TEXT:
    case RP_COLUMN_FIGURE:
    case RP_COLUMN_NUMBER:
    case RP_COLUMN_MS:
        if (!(fabs(number) >= 999.95 && fabs(number) < 1e15)) {
            (void)snprintf(text, NUMBER_SIZE, "%.4g", number);
            drop_sign_of_zero(text);
            return;
        }
        break;
    }
    (void)snprintf(text, NUMBER_SIZE, "%.*f", digits, number);
    drop_sign_of_zero(text);
}

static void number_for_machines(const struct rp_column *column, double number,
                                char text[NUMBER_SIZE])
{
    if (column->kind == RP_COLUMN_COUNT)
        (void)snprintf(text, NUMBER_SIZE, "%.0f", number);
    else
        (void)snprintf(text, NUMBER_SIZE, "%.15g", number);
    drop_sign_of_zero(text);
}

static const struct cell *cell_at(const struct rp_table *table, size_t row,
                                  size_t column)
{
    return &table->cells[row * table->column_count + column];
}

static bool is_left(const struct rp_column *column)
{
    return column->kind == RP_COLUMN_TEXT || column->kind == RP_COLUMN_FIGURE;
}

/* What people read in a cell: borrowed, or written to `buffer`. */
static const char *cell_for_people(const struct rp_table *table, size_t row,
                                   size_t column, char buffer[NUMBER_SIZE])
{
    const struct rp_column *const c = &table->columns[column];
    const struct cell *const cell = cell_at(table, row, column);

    switch (cell->kind) {
    case CELL_EMPTY:
        return is_left(c) ? "" : "-";
    case CELL_TEXT:
        return cell->text;
    case CELL_NUMBER:
        number_for_people(c, table->factors[column] * cell->number, buffer);
        return buffer;
    case CELL_FLAG:
        return cell->flag ? "yes" : "no";
    }
    return "";
}

static const char *heading(const struct rp_column *column)
{
    return column->heading ? column->heading : column->key;
}

/* ---- Units for people ---- */

enum { HEADING_SIZE = 64 };

/* A table as people see it; its cells are those of the table itself. */
struct shown {
    struct rp_table table;
    char headings[COLUMNS_MAX][HEADING_SIZE];
};

/* One unit for columns `first` to before `end`: that of the geometric mean, for
 * a few large values do not make the others hard to read. */
static void choose_unit(struct shown *shown, size_t first, size_t end)
{
    struct rp_table *const table = &shown->table;
    const double ns_per_ms = 1e6;
    struct rp_readable_unit unit;
    double logs = 0.0;
    size_t count = 0;

    for (size_t row = 0; row < table->row_count; row++)
        for (size_t i = first; i < end; i++) {
            const struct cell *const cell = cell_at(table, row, i);

            if (cell->kind != CELL_NUMBER || cell->number == 0.0)
                continue;
            logs += log(fabs(cell->number));
            count++;
        }
    unit = rp_readable_unit(count > 0 ? exp(logs / (double)count) * ns_per_ms
                                      : ns_per_ms);
    for (size_t i = first; i < end; i++) {
        table->factors[i] = ns_per_ms / unit.ns;
        (void)snprintf(shown->headings[i], HEADING_SIZE, "%s %s",
                       heading(&table->columns[i]), unit.name);
        table->columns[i].heading = shown->headings[i];
    }
}

/* Returns the table that is written to `shown`. */
static const struct rp_table *with_units(const struct rp_table *table,
                                         struct shown *shown)
{
    size_t end;

    shown->table = *table;
    for (size_t i = 0; i < table->column_count; i = end + 1) {
        for (end = i; end < table->column_count &&
                      table->columns[end].kind == RP_COLUMN_MS;)
            end++;
        if (end > i)
            choose_unit(shown, i, end);
    }
    return &shown->table;
}

/* ---- Layout ---- */

/* The longest word of a text. */
static size_t word_width(const char *text)
{
    size_t longest = 0, bytes;

    while (*text) {
        const char *const rest = rp_fold_line(text, 0, &bytes);
        const size_t width = rp_fold_width(text) - rp_fold_width(text + bytes);

        longest = width > longest ? width : longest;
        text = rest;
    }
    return longest;
}

enum { LEAST_FOLDED = 16 }; /* narrower columns of words are hard to read */

/* How wide a column is, and how narrow it may become. */
static struct rp_layout_column column_to_lay_out(const struct rp_table *table,
                                                 size_t column)
{
    const struct rp_column *const c = &table->columns[column];
    struct rp_layout_column laid = {.width = rp_fold_width(heading(c)),
                                    .is_key = c->kind == RP_COLUMN_TEXT};
    size_t least = laid.width > LEAST_FOLDED ? laid.width : LEAST_FOLDED;
    char buffer[NUMBER_SIZE];

    for (size_t row = 0; row < table->row_count; row++) {
        const char *const text = cell_for_people(table, row, column, buffer);
        const size_t width = rp_fold_width(text), word = word_width(text);

        laid.width = width > laid.width ? width : laid.width;
        least = word > least ? word : least;
    }
    laid.least =
        c->kind == RP_COLUMN_TEXT && least < laid.width ? least : laid.width;
    return laid;
}

/* ---- Text ---- */

/* Columns of a table that stand beside each other. */
struct panel {
    size_t count;
    size_t columns[COLUMNS_MAX];
    const size_t *widths; /* borrowed: of all columns */
};

static void put_blanks(size_t count, FILE *out)
{
    (void)fprintf(out, "%*s", (int)count, "");
}

/* `*owed` blanks are written before the next word only, so that no line ends
 * in blanks. */
static void put_padded(const char *text, size_t bytes, size_t width, bool left,
                       size_t *owed, FILE *out)
{
    const size_t used = rp_fold_width(text) - rp_fold_width(text + bytes);
    const size_t pad = width > used ? width - used : 0;

    if (used == 0) {
        *owed += width + GAP;
        return;
    }
    put_blanks(*owed + (left ? 0 : pad), out);
    (void)fprintf(out, "%.*s", (int)bytes, text);
    *owed = (left ? pad : 0) + GAP;
}

static void put_text_head(const struct rp_table *table,
                          const struct panel *panel, FILE *out)
{
    size_t owed = 0;

    for (size_t i = 0; i < panel->count; i++) {
        const struct rp_column *const c = &table->columns[panel->columns[i]];

        put_padded(heading(c), strlen(heading(c)),
                   panel->widths[panel->columns[i]], is_left(c), &owed, out);
    }
    (void)fputc('\n', out);
    for (size_t i = 0; i < panel->count; i++) {
        put_blanks(i ? GAP : 0, out);
        for (size_t j = 0; j < panel->widths[panel->columns[i]]; j++)
            (void)fputc('-', out);
    }
    (void)fputc('\n', out);
}

/* One line of a row; true: there are more. `rest` has of each cell of words
 * what is not written yet; other cells stand in the first line. */
static bool put_text_line(const struct rp_table *table, size_t row,
                          const struct panel *panel, bool is_first,
                          const char **rest, FILE *out)
{
    char buffer[NUMBER_SIZE];
    size_t owed = 0;
    bool more = false;

    for (size_t i = 0; i < panel->count; i++) {
        const size_t column = panel->columns[i];
        const struct rp_column *const c = &table->columns[column];
        const bool left = is_left(c);
        const char *const text =
            is_first ? cell_for_people(table, row, column, buffer) : rest[i];
        size_t bytes = strlen(text);

        rest[i] = "";
        if (rp_fold_width(text) > panel->widths[column])
            rest[i] = rp_fold_line(text, panel->widths[column], &bytes);
        more = more || *rest[i];
        put_padded(text, bytes, panel->widths[column], left, &owed, out);
    }
    (void)fputc('\n', out);
    return more;
}

static void put_panel(const struct rp_table *table, const struct panel *panel,
                      FILE *out)
{
    const char *rest[COLUMNS_MAX];

    put_text_head(table, panel, out);
    for (size_t row = 0; row < table->row_count; row++)
        for (bool first = true;
             put_text_line(table, row, panel, first, rest, out);)
            first = false;
}

static void print_text(const struct rp_table *table, int width, FILE *out)
{
    const size_t fold = width > 0 ? (size_t)width : 0;
    struct rp_layout_column columns[COLUMNS_MAX];
    struct rp_layout layout;

    for (size_t i = 0; i < table->column_count; i++)
        columns[i] = column_to_lay_out(table, i);
    rp_layout_fit(columns, table->column_count, fold, &layout);
    for (size_t i = 0; i < table->headings.count; i++)
        rp_fold(table->headings.texts[i], 0, fold, out);
    if (table->headings.count > 0)
        (void)fputc('\n', out);
    for (size_t i = 0; i < layout.panel_count; i++) {
        struct panel panel = {.widths = layout.widths};

        panel.count = rp_layout_panel(&layout, i, panel.columns);
        if (i > 0)
            (void)fputc('\n', out);
        put_panel(table, &panel, out);
    }
    if (table->notes.count > 0)
        (void)fputc('\n', out);
    for (size_t i = 0; i < table->notes.count; i++)
        rp_fold(table->notes.texts[i], 0, fold, out);
}

/* ---- Markdown ---- */

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* What Markdown would take for markup in a cell; "<" for raw HTML. Inside a
 * word an underscore is only that. */
static void put_markdown(const char *text, FILE *out)
{
    for (const char *at = text; *at; at++) {
        const bool in_word = at > text && is_letter_or_digit(at[-1]) &&
                             is_letter_or_digit(at[1]);

        if (strchr("|\\`*<", *at) || (*at == '_' && !in_word))
            (void)fputc('\\', out);
        (void)fputc(*at, out);
    }
}

static void print_markdown(const struct rp_table *table, FILE *out)
{
    char buffer[NUMBER_SIZE];

    for (size_t i = 0; i < table->headings.count; i++) {
        put_markdown(table->headings.texts[i], out);
        (void)fputs("\n\n", out);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        (void)fputs("| ", out);
        put_markdown(heading(&table->columns[i]), out);
        (void)fputc(' ', out);
    }
    (void)fputs("|\n", out);
    for (size_t i = 0; i < table->column_count; i++)
        (void)fputs(is_left(&table->columns[i]) ? "|:--" : "|--:", out);
    (void)fputs("|\n", out);
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t i = 0; i < table->column_count; i++) {
            (void)fputs("| ", out);
            put_markdown(cell_for_people(table, row, i, buffer), out);
            (void)fputc(' ', out);
        }
        (void)fputs("|\n", out);
    }
    for (size_t i = 0; i < table->notes.count; i++) {
        (void)fputc('\n', out);
        put_markdown(table->notes.texts[i], out);
        (void)fputc('\n', out);
    }
}

/* ---- CSV ---- */

/* RFC 4180, with the line ends of the system. */
static void put_csv(const char *text, FILE *out)
{
    if (!strpbrk(text, ",\"\r\n")) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            (void)fputc('"', out);
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

static void print_csv(const struct rp_table *table, FILE *out)
{
    char buffer[NUMBER_SIZE];

    for (size_t i = 0; i < table->column_count; i++) {
        (void)fputs(i ? "," : "", out);
        put_csv(table->columns[i].key, out);
    }
    (void)fputc('\n', out);
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t i = 0; i < table->column_count; i++) {
            const struct cell *const cell = cell_at(table, row, i);

            (void)fputs(i ? "," : "", out);
            if (cell->kind == CELL_NUMBER) {
                number_for_machines(&table->columns[i], cell->number, buffer);
                (void)fputs(buffer, out);
            } else if (cell->kind == CELL_TEXT) {
                put_csv(cell->text, out);
            } else if (cell->kind == CELL_FLAG) {
                (void)fputs(cell->flag ? "true" : "false", out);
            }
        }
        (void)fputc('\n', out);
    }
}

/* ---- JSON ---- */

static json_t *cell_to_json(const struct rp_column *column,
                            const struct cell *cell)
{
    const bool whole =
        column->kind == RP_COLUMN_COUNT && fabs(cell->number) <= EXACT_MAX;

    switch (cell->kind) {
    case CELL_EMPTY:
        return json_null();
    case CELL_TEXT:
        return json_string(cell->text);
    case CELL_NUMBER:
        return whole ? json_integer((json_int_t)llround(cell->number))
                     : json_real(cell->number);
    case CELL_FLAG:
        return json_boolean(cell->flag);
    }
    return NULL;
}

json_t *rp_table_to_json(const struct rp_table *table)
{
    json_t *const rows = json_array();
    bool whole = rows != NULL && !table->memory_short;

    for (size_t r = 0; r < table->row_count && whole; r++) {
        json_t *const row = json_object();

        for (size_t i = 0; i < table->column_count && whole; i++)
            whole =
                json_object_set_new(row, table->columns[i].key,
                                    cell_to_json(&table->columns[i],
                                                 cell_at(table, r, i))) == 0;
        whole = json_array_append_new(rows, row) == 0 && whole;
    }
    if (whole)
        return rows;
    json_decref(rows);
    return NULL;
}

static json_t *notes_to_json(const struct rp_table *table)
{
    json_t *const notes = json_array();

    for (size_t i = 0; i < table->notes.count; i++)
        if (json_array_append_new(notes, json_string(table->notes.texts[i])) !=
            0) {
            json_decref(notes);
            return NULL;
        }
    return notes;
}

static enum rp_code print_json(const struct rp_table *table, const char *schema,
                               json_t *extra, FILE *out, struct rp_error *error)
{
    json_t *const all = json_object();
    enum rp_code code = RP_OK;

    /* The setters are safe on NULL, and fail on it. */
    if (json_object_set_new(all, "schema", json_string(schema)) != 0 ||
        json_object_set_new(all, "rows", rp_table_to_json(table)) != 0 ||
        json_object_set_new(all, "notes", notes_to_json(table)) != 0 ||
        (extra && json_object_update(all, extra) != 0))
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a table");
    else if (json_dumpf(all, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) !=
                 0 &&
             !ferror(out))
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a table");
    (void)fputc('\n', out);
    json_decref(all);
    return code;
}

/* ---- All of them ---- */

static enum rp_code print(const struct rp_table *table, enum rp_format format,
                          const char *schema, json_t *extra, int width,
                          FILE *out, struct rp_error *error)
{
    struct shown shown;

    switch (format) {
    case RP_FORMAT_TEXT:
        print_text(with_units(table, &shown), width, out);
        return RP_OK;
    case RP_FORMAT_JSON:
        return print_json(table, schema, extra, out, error);
    case RP_FORMAT_CSV:
        print_csv(table, out);
        return RP_OK;
    case RP_FORMAT_MARKDOWN:
        print_markdown(with_units(table, &shown), out);
        return RP_OK;
    }
    return RP_OK;
}

enum rp_code rp_table_print(const struct rp_table *table, enum rp_format format,
                            const char *schema, json_t *extra, int width,
                            FILE *out, struct rp_error *error)
{
    const locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before;
    enum rp_code code;

    if (table->memory_short || c == (locale_t)0) {
        if (c != (locale_t)0)
            freelocale(c);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a table");
    }
    before = uselocale(c);
    code = print(table, format, schema, extra, width, out, error);
    (void)uselocale(before);
    freelocale(c);
    if (!code && ferror(out))
        code = rp_fail(error, RP_ERR_IO, "the table cannot be written: %s",
                       strerror(errno));
    return code;
}
