/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/whatif_table.h"

#include "cli/whatif_stream.h"
#include "report/readable.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REASONS_MAX = 5, PLACE_SIZE = 80, COLUMNS_MAX = 64 };

/* What is shown of a variant. */
struct kept {
    size_t index;
    double metrics[RP_METRIC_COUNT];
    double half; /* of the interval of the metric */
    struct rp_paired paired;
    double utilisation;
    char bottleneck[PLACE_SIZE];
    enum rp_tier validity;
    bool saturated;
};

/* Sorted, from the one that is wanted most. */
struct ranking {
    size_t count;
    struct kept *kept; /* owned; `top` and one more */
};

struct rp_whatif_table {
    struct rp_whatif_table_how how;
    struct ranking best, worst;
    size_t rows, warned;
    double *map; /* owned; of each point; NULL: there is none */
    size_t reason_count;
    char *reasons[REASONS_MAX]; /* owned */
};

/* ---- Keeping ---- */

/* The last key goes across, all others go down. */
static size_t map_columns(const struct rp_grid *grid)
{
    return grid->varies[grid->vary_count - 1].count;
}

static bool has_map(const struct rp_grid *grid)
{
    const size_t columns = map_columns(grid);
    const size_t rows = grid->all / columns;

    return grid->vary_count > 1 && !grid->sampled && rows > 1 && columns > 1 &&
           rows <= RP_WHATIF_MAP_ROWS && columns <= RP_WHATIF_MAP_COLUMNS;
}

struct rp_whatif_table *
rp_whatif_table_new(const struct rp_whatif_table_how *how)
{
    struct rp_whatif_table *const t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    t->how = *how;
    t->best.kept = calloc(how->top + 1, sizeof *t->best.kept);
    t->worst.kept = calloc(how->top + 1, sizeof *t->worst.kept);
    t->map =
        has_map(how->grid) ? calloc(how->grid->count, sizeof *t->map) : NULL;
    if (!t->best.kept || !t->worst.kept || (has_map(how->grid) && !t->map)) {
        rp_whatif_table_free(t);
        return NULL;
    }
    for (size_t i = 0; t->map && i < how->grid->count; i++)
        t->map[i] = NAN;
    return t;
}

void rp_whatif_table_free(struct rp_whatif_table *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->reason_count; i++)
        free(t->reasons[i]);
    free(t->best.kept);
    free(t->worst.kept);
    free(t->map);
    free(t);
}

static struct kept keep(const struct rp_whatif_table *t, size_t index,
                        const struct rp_point *point,
                        const struct rp_paired *paired)
{
    const struct rp_point_metric *const m = &point->metrics[t->how.metric];
    struct kept k = {.index = index,
                     .half = 0.5 * (m->high - m->low),
                     .utilisation = point->utilisation,
                     .validity = point->validity,
                     .saturated = point->saturated};

    for (unsigned i = 0; i < RP_METRIC_COUNT; i++)
        k.metrics[i] = point->metrics[i].value;
    if (paired)
        k.paired = *paired;
    (void)snprintf(k.bottleneck, sizeof k.bottleneck, "%s", point->bottleneck);
    return k;
}

/* Alike ones stay in the order of the grid; from the worst on that is the other
 * way round, so that the two lists meet where all are shown. */
static void rank(const struct rp_whatif_table *t, struct ranking *ranking,
                 const struct kept *k, bool from_the_best)
{
    const enum rp_metric metric = t->how.metric;
    const double value = k->metrics[metric];
    size_t at = ranking->count;

    while (at > 0) {
        const double other = ranking->kept[at - 1].metrics[metric];

        if (from_the_best ? !rp_metric_is_better(metric, value, other)
                          : rp_metric_is_better(metric, value, other))
            break;
        ranking->kept[at] = ranking->kept[at - 1];
        at--;
    }
    ranking->kept[at] = *k;
    if (ranking->count < t->how.top)
        ranking->count++;
}

static enum rp_code keep_reason(struct rp_whatif_table *t,
                                const struct rp_whatif_row *row,
                                struct rp_error *error)
{
    char *const variant = rp_whatif_variant(row->edits);
    const size_t size =
        variant ? strlen(variant) + strlen(row->reason) + 16 : 1;
    char *const text = malloc(size);

    if (!variant || !text) {
        free(variant);
        free(text);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a reason");
    }
    (void)snprintf(text, size, "cannot be: %s: %s", variant, row->reason);
    t->reasons[t->reason_count++] = text;
    free(variant);
    return RP_OK;
}

enum rp_code rp_whatif_table_row(struct rp_whatif_table *t,
                                 const struct rp_whatif_row *row,
                                 struct rp_error *error)
{
    struct kept k;

    if (!row->point)
        return t->reason_count < REASONS_MAX ? keep_reason(t, row, error)
                                             : RP_OK;
    k = keep(t, row->index, row->point, &row->paired[t->how.metric]);
    t->rows++;
    t->warned += row->point->warnings[0] &&
                 strcmp(row->point->warnings, t->how.baseline->warnings) != 0;
    rank(t, &t->best, &k, true);
    rank(t, &t->worst, &k, false);
    if (t->map)
        t->map[row->index] = k.metrics[t->how.metric];
    return RP_OK;
}

/* ---- The ranked rows ---- */

/* Columns that are always there, after one a key. */
enum { VALUE, DIFFERENCE, TIMES, METRIC_PART };

static const char *heading_of(enum rp_metric metric)
{
    static const char *const headings[] = {"requests/s", "mean, ms", "p50, ms",
                                           "p90, ms",    "p95, ms",  "p99, ms"};

    return headings[metric];
}

/* The other metrics that a row shows. */
static size_t others_of(enum rp_metric metric, enum rp_metric others[2])
{
    static const enum rp_metric shown[] = {RP_METRIC_RPS, RP_METRIC_MEAN,
                                           RP_METRIC_P99};
    size_t count = 0;

    for (size_t i = 0; i < sizeof shown / sizeof *shown && count < 2; i++)
        if (shown[i] != metric)
            others[count++] = shown[i];
    return count;
}

static size_t columns_of(const struct rp_whatif_table *t,
                         struct rp_column columns[COLUMNS_MAX])
{
    const enum rp_metric metric = t->how.metric;
    enum rp_metric others[2];
    size_t n = 0;

    for (size_t k = 0; k < t->how.grid->vary_count; k++)
        columns[n++] = (struct rp_column){t->how.grid->varies[k].key, NULL,
                                          RP_COLUMN_TEXT, 0};
    columns[n++] = (struct rp_column){"value", rp_metric_heading(metric),
                                      RP_COLUMN_FIGURE, 0};
    columns[n++] = (struct rp_column){"difference", NULL, RP_COLUMN_FIGURE, 0};
    columns[n++] = (struct rp_column){"times", NULL, RP_COLUMN_FIXED, 3};
    for (size_t i = 0; i < others_of(metric, others); i++)
        columns[n++] =
            (struct rp_column){rp_metric_key(others[i]), heading_of(others[i]),
                               RP_COLUMN_NUMBER, 0};
    columns[n++] = (struct rp_column){"busiest", NULL, RP_COLUMN_TEXT, 0};
    columns[n++] = (struct rp_column){"in_use", "in use %", RP_COLUMN_FIXED, 1};
    columns[n++] = (struct rp_column){"validity", NULL, RP_COLUMN_TEXT, 0};
    assert(n <= COLUMNS_MAX);
    return n;
}

/* Points are in ms; what is read, in the unit that suits. */
static const char *in_words(enum rp_metric metric, double value, double half,
                            bool is_difference, char text[RP_READABLE_SIZE])
{
    const bool is_rate = metric == RP_METRIC_RPS;
    const double unit = is_rate ? 1.0 : 1e6;

    return rp_readable(is_rate ? RP_READABLE_RATE : RP_READABLE_TIME,
                       unit * value, unit * half, is_difference, text);
}

static void put_row(const struct rp_whatif_table *t, struct rp_table *table,
                    const struct kept *k, const struct rp_grid_edits *edits)
{
    const size_t keys = t->how.grid->vary_count;
    const bool simulated = t->how.reader == RP_READER_SIM;
    enum rp_metric others[2];
    char text[RP_READABLE_SIZE];
    size_t at = keys + METRIC_PART;

    rp_table_row(table);
    for (size_t i = 0; i < keys; i++)
        rp_table_text(table, i,
                      edits   ? edits->edits[i].value
                      : i > 0 ? ""
                              : "(as it is)");
    rp_table_text(table, keys + VALUE,
                  in_words(t->how.metric, k->metrics[t->how.metric],
                           simulated ? k->half : (double)NAN, false, text));
    if (edits) {
        rp_table_text(table, keys + DIFFERENCE,
                      in_words(t->how.metric, k->paired.difference,
                               0.5 * (k->paired.high - k->paired.low), true,
                               text));
        rp_table_number(table, keys + TIMES, k->paired.ratio);
    }
    for (size_t i = 0; i < others_of(t->how.metric, others); i++)
        rp_table_number(table, at++, k->metrics[others[i]]);
    rp_table_text(table, at++, k->bottleneck);
    rp_table_number(table, at++, 100.0 * k->utilisation);
    rp_table_text(table, at, rp_tier_word(k->validity));
}

static void put_variant(const struct rp_whatif_table *t, struct rp_table *table,
                        const struct kept *k)
{
    struct rp_grid_edits edits;

    rp_grid_edits(t->how.grid, k->index, &edits);
    put_row(t, table, k, &edits);
}

/* The best, then the worst of those that are not among them, the very worst
 * last. */
static void put_ranked(const struct rp_whatif_table *t, struct rp_table *table)
{
    const size_t left = t->rows - t->best.count;
    const size_t worst = t->worst.count < left ? t->worst.count : left;

    for (size_t i = 0; i < t->best.count; i++)
        put_variant(t, table, &t->best.kept[i]);
    if (left > worst) {
        rp_table_row(table);
        rp_table_text(table, 0, "...");
    }
    for (size_t i = worst; i-- > 0;)
        put_variant(t, table, &t->worst.kept[i]);
}

static void put_notes(const struct rp_whatif_table *t, struct rp_table *table,
                      const struct rp_whatif_tally *tally)
{
    const size_t reasons = tally->refused - t->reason_count;

    if (t->how.reader == RP_READER_SIM)
        rp_table_note(table,
                      "+/-: 95 %%, of the simulation; of a difference from the "
                      "scenario as it is by pairs of replications with common "
                      "random numbers");
    else
        rp_table_note(table, "by formula: reqpath solve says which, and what "
                             "each is worth");
    if (t->rows > 2 * t->how.top)
        rp_table_note(table,
                      "%zu variants, of which the best and the worst "
                      "are shown",
                      t->rows);
    if (tally->filtered > 0)
        rp_table_note(table, "variants that do not pass --where: %zu",
                      tally->filtered);
    if (tally->pruned > 0)
        rp_table_note(
            table,
            "variants that were not simulated: %zu by a bound that no "
            "queue can leave, %zu by the solver's approximation, "
            "which puts them more than %.0f %% behind",
            tally->pruned_by_bound, tally->pruned_by_approximation,
            100.0 * RP_PRUNING_MARGIN);
    if (t->warned > 0)
        rp_table_note(table,
                      "variants with warnings that the scenario as it is has "
                      "not: %zu; csv and json have them",
                      t->warned);
    for (size_t i = 0; i < t->reason_count; i++)
        rp_table_note(table, "%s", t->reasons[i]);
    if (reasons > 0)
        rp_table_note(table, "more combinations that cannot be: %zu", reasons);
    rp_table_note(table, "seed %llu", t->how.seed);
}

static enum rp_code print_ranked(const struct rp_whatif_table *t,
                                 const struct rp_whatif_tally *tally,
                                 enum rp_format format, int width, FILE *out,
                                 struct rp_error *error)
{
    struct rp_column columns[COLUMNS_MAX];
    const size_t count = columns_of(t, columns);
    struct rp_table *const table = rp_table_new(columns, count);
    const struct kept baseline = keep(t, 0, t->how.baseline, NULL);
    enum rp_code code;

    if (!table)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a table");
    rp_table_heading(table, "%s: what if? By %s, the best first",
                     t->how.scenario, heading_of(t->how.metric));
    put_row(t, table, &baseline, NULL);
    put_ranked(t, table);
    put_notes(t, table, tally);
    code = rp_table_print(table, format, "reqpath.whatif/1", NULL, width, out,
                          error);
    rp_table_free(table);
    return code;
}

/* ---- The map ---- */

/* Its headings are the values of the last key. */
static struct rp_table *
new_map(const struct rp_grid *grid,
        char values[RP_WHATIF_MAP_COLUMNS][RP_VARY_VALUE_SIZE])
{
    const size_t down = grid->vary_count - 1;
    const struct rp_vary *const across = &grid->varies[down];
    struct rp_column columns[COLUMNS_MAX];

    for (size_t k = 0; k < down; k++)
        columns[k] =
            (struct rp_column){grid->varies[k].key, NULL, RP_COLUMN_TEXT, 0};
    for (size_t i = 0; i < across->count; i++)
        columns[down + i] = (struct rp_column){
            rp_vary_value(across, i, values[i]), NULL, RP_COLUMN_NUMBER, 0};
    return rp_table_new(columns, down + across->count);
}

static enum rp_code print_map(const struct rp_whatif_table *t,
                              enum rp_format format, int width, FILE *out,
                              struct rp_error *error)
{
    const struct rp_grid *const grid = t->how.grid;
    const size_t down = grid->vary_count - 1, columns = map_columns(grid);
    char values[RP_WHATIF_MAP_COLUMNS][RP_VARY_VALUE_SIZE];
    struct rp_table *const table = new_map(grid, values);
    enum rp_code code;

    if (!table)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a table");
    rp_table_heading(table, "%s by %s (across)", heading_of(t->how.metric),
                     grid->varies[down].key);
    for (size_t i = 0; i < grid->count; i++) {
        struct rp_grid_edits edits;

        rp_grid_edits(grid, i, &edits);
        if (i % columns == 0)
            rp_table_row(table);
        for (size_t k = 0; i % columns == 0 && k < down; k++)
            rp_table_text(table, k, edits.edits[k].value);
        rp_table_number(table, down + i % columns, t->map[i]);
    }
    code = rp_table_print(table, format, "reqpath.whatif/1", NULL, width, out,
                          error);
    rp_table_free(table);
    return code;
}

enum rp_code rp_whatif_table_print(struct rp_whatif_table *t,
                                   const struct rp_whatif_tally *tally,
                                   enum rp_format format, int width, FILE *out,
                                   struct rp_error *error)
{
    enum rp_code code = RP_OK;

    if (t->map) {
        code = print_map(t, format, width, out, error);
        (void)putc('\n', out);
    }
    return code ? code : print_ranked(t, tally, format, width, out, error);
}
