/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/stacks.h"

#include "model/program.h"

#include <string.h>

/* ---- Columns ---- */

/* The columns of the answer that are counts, in order. */
#define COUNT_LIST(X)                                                          \
    X(sync_to_async)                                                           \
    X(async_to_sync)                                                           \
    X(loops_created)                                                           \
    X(threads_created)

#define EXECUTOR_LIST(X)                                                       \
    X(s2a_caller)                                                              \
    X(s2a_sensitive)                                                           \
    X(s2a_context)                                                             \
    X(s2a_pool)

/* Where the file has its columns. */
struct columns {
    size_t mode, stack, view;
    size_t outcome; /* RP_CSV_NONE: every row is ok */
};

static enum rp_code find_columns(const struct rp_csv *csv,
                                 struct columns *columns,
                                 struct rp_error *error)
{
    enum rp_code code = rp_csv_need(csv, "mode", &columns->mode, error);

    if (!code)
        code = rp_csv_need(csv, "stack", &columns->stack, error);
    if (!code)
        code = rp_csv_need(csv, "view", &columns->view, error);
    columns->outcome = rp_csv_find(csv, "outcome");
    return code;
}

static struct rp_table *new_table(const struct columns *columns, bool executors)
{
#define AS_COLUMN(key) {#key, NULL, RP_COLUMN_COUNT, 0},
    static const struct rp_column words[] = {
        {"mode", NULL, RP_COLUMN_TEXT, 0},
        {"stack", NULL, RP_COLUMN_TEXT, 0},
        {"view", NULL, RP_COLUMN_TEXT, 0},
        {"outcome", NULL, RP_COLUMN_TEXT, 0},
    };
    static const struct rp_column counts[] = {COUNT_LIST(AS_COLUMN)
                                                  EXECUTOR_LIST(AS_COLUMN)};
#undef AS_COLUMN
    struct rp_column all[12];
    const size_t word_count = columns->outcome == RP_CSV_NONE ? 3 : 4;
    const size_t count_count = executors ? 8 : 4;

    memcpy(all, words, word_count * sizeof *words);
    memcpy(all + word_count, counts, count_count * sizeof *counts);
    return rp_table_new(all, word_count + count_count);
}

/* ---- A row ---- */

/* The word of a cell: which of `words` it is. */
static enum rp_code find_word(const struct rp_csv *csv, size_t row,
                              size_t column, const char *const *words,
                              size_t count, size_t *index,
                              struct rp_error *error)
{
    const char *const text = rp_csv_text(csv, row, column);
    struct rp_error inner = {0};

    for (size_t i = 0; i < count; i++)
        if (strcmp(text, words[i]) == 0) {
            *index = i;
            return RP_OK;
        }
    (void)rp_fail_word(&inner, text, words, count);
    return rp_csv_fail(csv, row, column, error, inner.code, "%s: %s",
                       csv->head[column].text, inner.text);
}

/* The server of a row: the scenario's own where it speaks the row's mode. */
static void set_server(const struct rp_server *shared, bool asgi,
                       struct rp_server *server)
{
    *server = *shared;
    if (rp_server_is_asgi(shared->kind) != asgi)
        server->kind = asgi ? RP_SERVER_DAPHNE : RP_SERVER_GUNICORN;
    if (!asgi)
        server->app_built_in_loop = false;
}

static enum rp_code set_scenario(const struct rp_csv *csv, size_t row,
                                 const struct columns *columns,
                                 const struct rp_server *shared,
                                 struct rp_scenario *scenario,
                                 struct rp_error *error)
{
    static const char *const modes[] = {"wsgi", "asgi"};
    static const char *const views[] = {"sync", "async"};
#define AS_WORD(outcome, word) word,
    static const char *const outcomes[] = {RP_OUTCOME_LIST(AS_WORD)};
#undef AS_WORD
    struct rp_error inner = {0};
    size_t mode = 0, view = 0, outcome = RP_OUTCOME_OK;
    enum rp_code code =
        find_word(csv, row, columns->mode, modes, 2, &mode, error);

    if (!code)
        code = find_word(csv, row, columns->view, views, 2, &view, error);
    if (!code && columns->outcome != RP_CSV_NONE)
        code = find_word(csv, row, columns->outcome, outcomes,
                         sizeof outcomes / sizeof *outcomes, &outcome, error);
    if (code)
        return code;
    code = rp_scenario_set_letters(
        scenario, rp_csv_text(csv, row, columns->stack), &inner);
    if (code)
        return rp_csv_fail(csv, row, columns->stack, error, code, "stack: %s",
                           inner.text);
    set_server(shared, mode == 1, &scenario->server);
    scenario->view_async = view == 1;
    scenario->outcome = (enum rp_outcome)outcome;
    return RP_OK;
}

static void add_row(const struct rp_csv *csv, size_t row,
                    const struct columns *columns,
                    const struct rp_counts *counts, bool executors,
                    struct rp_table *table)
{
    size_t column = 0;

    rp_table_row(table);
    rp_table_text(table, column++, rp_csv_text(csv, row, columns->mode));
    rp_table_text(table, column++, rp_csv_text(csv, row, columns->stack));
    rp_table_text(table, column++, rp_csv_text(csv, row, columns->view));
    if (columns->outcome != RP_CSV_NONE)
        rp_table_text(table, column++, rp_csv_text(csv, row, columns->outcome));
#define AS_CELL(key) rp_table_number(table, column++, counts->key);
    COUNT_LIST(AS_CELL)
    if (executors) {
        EXECUTOR_LIST(AS_CELL)
    }
#undef AS_CELL
}

static enum rp_code count_row(const struct rp_scenario *scenario,
                              struct rp_counts *counts, struct rp_error *error)
{
    struct rp_program program = {0};
    const enum rp_code code = rp_program_compile(&program, scenario, error);

    if (!code)
        *counts = rp_program_count(&program);
    rp_program_free(&program);
    return code;
}

enum rp_code rp_stacks_count(const struct rp_csv *csv,
                             struct rp_scenario *scenario, bool executors,
                             struct rp_table **table, struct rp_error *error)
{
    const struct rp_server shared = scenario->server;
    struct rp_table *fresh = NULL;
    struct columns columns = {0};
    enum rp_code code = find_columns(csv, &columns, error);

    if (!code) {
        fresh = new_table(&columns, executors);
        if (!fresh)
            code = rp_fail(error, RP_ERR_MEMORY, "out of memory");
    }
    for (size_t row = 0; row < csv->row_count && !code; row++) {
        struct rp_counts counts = {0};

        code = set_scenario(csv, row, &columns, &shared, scenario, error);
        if (!code)
            code = count_row(scenario, &counts, error);
        if (!code)
            add_row(csv, row, &columns, &counts, executors, fresh);
    }
    scenario->server = shared;
    if (code) {
        rp_table_free(fresh);
        return code;
    }
    *table = fresh;
    return RP_OK;
}
