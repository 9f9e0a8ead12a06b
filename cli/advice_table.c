/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/advice_table.h"

#include "report/fold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHANGE,
    FRONT,
    EFFORT,
    GAIN,
    CROSSINGS_TO_SYNC,
    CROSSINGS_TO_ASYNC,
    LOOPS,
    THREADS,
    ALONE,
    ALONE_SE,
    CAPACITY,
    METRICS,
    PER_METRIC = 4,
    COLUMN_COUNT = METRICS + PER_METRIC * RP_METRIC_COUNT
};

static void
name_columns(struct rp_column columns[COLUMN_COUNT],
             char keys[RP_METRIC_COUNT * PER_METRIC][RP_METRIC_KEY_SIZE])
{
    static const char *const endings[PER_METRIC] = {
        "difference", "difference_low", "difference_high", "ratio"};
    static const struct rp_column first[METRICS] = {
        [CHANGE] = {"change", NULL, RP_COLUMN_TEXT, 0},
        [FRONT] = {"front", NULL, RP_COLUMN_TEXT, 0},
        [EFFORT] = {"effort", NULL, RP_COLUMN_NUMBER, 0},
        [GAIN] = {"gain_percent", "gain %", RP_COLUMN_FIXED, 1},
        [CROSSINGS_TO_SYNC] = {"sync_to_async", NULL, RP_COLUMN_NUMBER, 0},
        [CROSSINGS_TO_ASYNC] = {"async_to_sync", NULL, RP_COLUMN_NUMBER, 0},
        [LOOPS] = {"loops_created", "loops", RP_COLUMN_NUMBER, 0},
        [THREADS] = {"threads_created", "threads", RP_COLUMN_NUMBER, 0},
        [ALONE] = {"alone_us", "alone us", RP_COLUMN_NUMBER, 0},
        [ALONE_SE] = {"alone_se_us", "se us", RP_COLUMN_NUMBER, 0},
        [CAPACITY] = {"capacity_ratio", NULL, RP_COLUMN_NUMBER, 0}};

    memcpy(columns, first, sizeof first);
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        for (unsigned e = 0; e < PER_METRIC; e++) {
            char *const key = keys[m * PER_METRIC + e];

            (void)rp_metric_key_with(rp_metric_key((enum rp_metric)m),
                                     endings[e], key);
            columns[METRICS + m * PER_METRIC + e] =
                (struct rp_column){key, NULL, RP_COLUMN_NUMBER, 0};
        }
    }
}

/* All moves of a row, as the sentence begins. */
static char *change_of(const struct rp_advice *advice,
                       const struct rp_advice_row *row)
{
    size_t size = 1;
    char *text;

    for (size_t i = 0; i < row->move_count; i++)
        size += strlen(advice->moves.moves[row->moves[i]].text) + 2;
    text = calloc(size, 1);
    for (size_t i = 0; text && i < row->move_count; i++) {
        (void)strcat(text, i ? "; " : "");
        (void)strcat(text, advice->moves.moves[row->moves[i]].text);
    }
    return text;
}

static void put_row(struct rp_table *table, const struct rp_advice *advice,
                    const struct rp_advice_row *row)
{
    const struct rp_advice_counts *const c = &row->counts;
    char *const change = change_of(advice, row);

    rp_table_row(table);
    rp_table_text(table, CHANGE, change);
    free(change);
    rp_table_text(table, FRONT, row->on_front ? "yes" : "no");
    rp_table_number(table, EFFORT, row->effort);
    rp_table_number(table, GAIN, 100.0 * row->gain);
    rp_table_number(table, CROSSINGS_TO_SYNC, c->sync_to_async);
    rp_table_number(table, CROSSINGS_TO_ASYNC, c->async_to_sync);
    rp_table_number(table, LOOPS, c->loops);
    rp_table_number(table, THREADS, c->threads);
    rp_table_number(table, ALONE, c->alone_ns / 1e3);
    rp_table_number(table, ALONE_SE, c->alone_se_ns / 1e3);
    rp_table_number(table, CAPACITY, row->capacity_ratio);
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const size_t at = METRICS + m * PER_METRIC;

        rp_table_number(table, at, row->paired[m].difference);
        rp_table_number(table, at + 1, row->paired[m].low);
        rp_table_number(table, at + 2, row->paired[m].high);
        rp_table_number(table, at + 3, row->paired[m].ratio);
    }
}

struct rp_table *rp_advice_table(const struct rp_advice *advice,
                                 enum rp_metric metric)
{
    /* Keys are borrowed by the table, and the same for all. */
    static char keys[RP_METRIC_COUNT * PER_METRIC][RP_METRIC_KEY_SIZE];
    struct rp_column columns[COLUMN_COUNT];
    struct rp_table *table;

    name_columns(columns, keys);
    table = rp_table_new(columns, COLUMN_COUNT);
    if (!table)
        return NULL;
    for (size_t i = 0; i < advice->row_count; i++)
        put_row(table, advice, &advice->rows[i]);
    rp_table_note(table,
                  "gain_percent is of %s; differences are against the "
                  "scenario as it is",
                  rp_metric_key(metric));
    return table;
}

/* ---- For people ---- */

static void put_figures(const struct rp_point *p, FILE *out)
{
    if (p->saturated) {
        (void)fprintf(out, "as it is: more arrives than can be served, %.4g/s",
                      p->capacity_per_s);
    } else {
        (void)fprintf(
            out, "as it is: %.4g requests/s, mean %.4g ms, p99 %.4g ms",
            p->metrics[RP_METRIC_RPS].value, p->metrics[RP_METRIC_MEAN].value,
            p->metrics[RP_METRIC_P99].value);
    }
    (void)fprintf(out, "; busiest: %s, %.1f %%\n", p->bottleneck,
                  100.0 * p->utilisation);
}

/* A line whose continuations stand under its sentence; `width` of 0: one line.
 */
static enum rp_code put_line(const struct rp_advice_row *row,
                             const char *sentence, int width, FILE *out)
{
    enum { INDENT = 18 };
    char *folded = NULL;
    size_t size = 0;
    FILE *const memory = open_memstream(&folded, &size);

    if (!memory)
        return RP_ERR_MEMORY;
    rp_fold(sentence, INDENT, width > 0 ? (size_t)width : 0, memory);
    if (fclose(memory) != 0) {
        free(folded);
        return RP_ERR_MEMORY;
    }
    if (row->gain >= 1.0)
        (void)fprintf(out, "%6.3g %9.3gx  %s", row->effort, 1.0 + row->gain,
                      folded + INDENT);
    else
        (void)fprintf(out, "%6.3g %8.1f %%  %s", row->effort, 100.0 * row->gain,
                      folded + INDENT);
    free(folded);
    return RP_OK;
}

static enum rp_code put_rows(const struct rp_advice *advice, bool front,
                             int width, FILE *out, struct rp_error *error)
{
    for (size_t i = 0; i < advice->row_count; i++) {
        const struct rp_advice_row *const row = &advice->rows[i];
        char *sentence;
        enum rp_code code;

        if (row->on_front != front)
            continue;
        sentence = rp_advice_sentence(advice, row);
        code = sentence ? put_line(row, sentence, width, out) : RP_ERR_MEMORY;
        free(sentence);
        if (code)
            return rp_fail(error, code, "out of memory for advice");
    }
    return RP_OK;
}

static size_t count_rows(const struct rp_advice *advice, bool front)
{
    size_t count = 0;

    for (size_t i = 0; i < advice->row_count; i++)
        count += advice->rows[i].on_front == front;
    return count;
}

enum rp_code rp_advice_print(const struct rp_advice *advice,
                             enum rp_metric metric, const char *scenario,
                             int width, FILE *out, struct rp_error *error)
{
    enum rp_code code = RP_OK;

    (void)fprintf(out, "%s\n\n", scenario);
    put_figures(&advice->baseline, out);
    if (advice->hazards[0])
        (void)fprintf(out, "\n%s", advice->hazards);
    if (count_rows(advice, true) == 0) {
        (void)fprintf(out, "\nnothing of %zu changes buys anything\n",
                      advice->looked_at - advice->refused);
        return RP_OK;
    }
    (void)fprintf(out,
                  "\nno other change is both less effort and more gain of %s:\n"
                  "\neffort       gain  change\n",
                  rp_metric_heading(metric));
    code = put_rows(advice, true, width, out, error);
    if (!code && count_rows(advice, false) > 0) {
        (void)fprintf(out, "\nothers, one change at a time:\n"
                           "\neffort       gain  change\n");
        code = put_rows(advice, false, width, out, error);
    }
    (void)fprintf(out,
                  "\n%zu sets of %zu changes looked at by the solver, %zu of "
                  "them cannot be; %zu simulated, with the same random numbers "
                  "as the scenario\n+/-: 95 %%, of a request that is alone by "
                  "the unit costs, of mean and p99 by pairs of replications\n",
                  advice->looked_at, advice->moves.count, advice->refused,
                  advice->row_count);
    return code;
}
