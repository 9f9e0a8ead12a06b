/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/validation_table.h"

#include "calibrate/dataset.h"
#include "cli/command.h"
#include "report/readable.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

static void say_kept(const char *command, const struct rp_dataset *d)
{
    char assumed[256] = "";

    if (d->kept == 0)
        return;
    if (d->assumed > 0)
        (void)snprintf(assumed, sizeof assumed,
                       " (%zu by tools that keep connections unless told not "
                       "to: say keepalive: false under client in dataset.yaml "
                       "where they were told)",
                       d->assumed);
    rp_command_remark(command,
                      "%s: %zu of %zu runs kept their connections and are left "
                      "out%s: costs are of requests with one of their own",
                      d->folder, d->kept, d->runs, assumed);
}

static enum rp_code read_datasets(const char *command, bool for_costs,
                                  char *const *folders, size_t count,
                                  struct rp_measured *measured,
                                  struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < count && !code; i++)
        code = for_costs
                   ? rp_dataset_read_for_costs(folders[i], measured, error)
                   : rp_dataset_read(folders[i], measured, error);
    for (size_t i = 0; i < measured->dataset_count && !code; i++) {
        const struct rp_dataset *const d = &measured->datasets[i];

        if (d->unusable > 0)
            rp_command_remark(command,
                              "%s: %zu of %zu reports cannot be used "
                              "and are left out; the first: %s",
                              d->folder, d->unusable, d->runs,
                              d->first_unusable);
        if (d->bare > 0)
            rp_command_remark(
                command,
                "%s: %zu of %zu runs have no percentiles "
                "of ab -e beside them (REPORT.csv for REPORT.txt): "
                "ab's own time cannot be told from the server's, nor "
                "what one request differs from the next",
                d->folder, d->bare, d->runs);
        if (d->blind > 0)
            rp_command_remark(command,
                              "%s: %zu of %zu runs are of tools whose "
                              "latencies do not begin with the connection: the "
                              "client's own time cannot be told by them",
                              d->folder, d->blind, d->runs);
        say_kept(command, d);
        if (d->warned > 0)
            rp_command_remark(command,
                              "%s: %zu of %zu runs deserve a warning "
                              "and are used (reqpath ab says which)",
                              d->folder, d->warned, d->runs);
    }
    return code;
}

enum rp_code rp_datasets_read(const char *command, char *const *folders,
                              size_t count, struct rp_measured *measured,
                              struct rp_error *error)
{
    return read_datasets(command, true, folders, count, measured, error);
}

enum rp_code rp_datasets_read_all(const char *command, char *const *folders,
                                  size_t count, struct rp_measured *measured,
                                  struct rp_error *error)
{
    return read_datasets(command, false, folders, count, measured, error);
}

/* ---- Rows ---- */

enum {
    METRIC = RP_CONFIG_COLUMN_COUNT,
    MEASURED,
    MEASURED_LOW,
    MEASURED_HIGH,
    PREDICTED,
    PREDICTED_LOW,
    PREDICTED_HIGH,
    ERROR_PERCENT,
    OPEN,
};

size_t rp_open_column_count(const struct rp_measured *measured, size_t all)
{
    for (size_t i = 0; i < measured->config_count; i++)
        if (rp_config_is_open(&measured->configs[i]))
            return all;
    return all - RP_OPEN_COLUMN_COUNT;
}

void rp_run_cells(struct rp_table *table, size_t from,
                  const struct rp_config *c)
{
    rp_table_text(table, from, rp_server_word(c->server));
    rp_table_number(table, from + 1, (double)c->threads);
    rp_table_text(table, from + 2, rp_path_word(c->path));
    rp_table_text(table, from + 3, c->stack);
    rp_table_text(table, from + 4, c->view_async ? "async" : "sync");
    rp_table_number(table, from + 5, c->io_ns / 1e6);
    rp_table_number(table, from + 6, c->cpu_ns / 1e3);
    rp_table_number(table, from + 7,
                    rp_config_is_open(c) ? (double)NAN
                                         : (double)c->concurrency);
}

void rp_config_cells(struct rp_table *table, const struct rp_measured *measured,
                     size_t config, size_t open_from)
{
    const struct rp_config *const c = &measured->configs[config];

    rp_table_text(table, 0, measured->datasets[c->dataset].name);
    rp_run_cells(table, 1, c);
    if (!rp_config_is_open(c))
        return;
    rp_table_number(table, open_from, c->open.rate_per_s);
    rp_table_text(table, open_from + 1, rp_process_word(c->open.process));
    rp_table_number(table, open_from + 2, c->open.cv);
}

void rp_config_row(struct rp_table *table, const struct rp_measured *measured,
                   size_t config)
{
    const struct rp_config *const c = &measured->configs[config];
    char what[160];

    rp_config_describe(c, what, sizeof what);
    rp_table_row(table);
    rp_table_text(table, 0, measured->datasets[c->dataset].name);
    rp_table_text(table, 1, what);
}

static struct rp_table *
rows_for_programs(const struct rp_validation *validation,
                  const struct rp_measured *measured)
{
    static const struct rp_column columns[] = {
        RP_CONFIG_COLUMNS,
        [METRIC] = {"metric", NULL, RP_COLUMN_TEXT, 0},
        [MEASURED] = {"measured", NULL, RP_COLUMN_NUMBER, 0},
        [MEASURED_LOW] = {"measured_low", "from", RP_COLUMN_NUMBER, 0},
        [MEASURED_HIGH] = {"measured_high", "to", RP_COLUMN_NUMBER, 0},
        [PREDICTED] = {"predicted", NULL, RP_COLUMN_NUMBER, 0},
        [PREDICTED_LOW] = {"predicted_low", "from", RP_COLUMN_NUMBER, 0},
        [PREDICTED_HIGH] = {"predicted_high", "to", RP_COLUMN_NUMBER, 0},
        [ERROR_PERCENT] = {"error_percent", "error %", RP_COLUMN_FIXED, 1},
        [OPEN] = RP_OPEN_COLUMNS,
    };
    struct rp_table *const table = rp_table_new(
        columns,
        rp_open_column_count(measured, sizeof columns / sizeof *columns));

    for (size_t i = 0; table && i < validation->row_count; i++) {
        const struct rp_validation_row *const r = &validation->rows[i];

        rp_table_row(table);
        rp_config_cells(table, measured, r->config, OPEN);
        rp_table_text(table, METRIC, rp_metric_key(r->metric));
        rp_table_number(table, MEASURED, r->measured);
        rp_table_number(table, MEASURED_LOW, r->measured_low);
        rp_table_number(table, MEASURED_HIGH, r->measured_high);
        rp_table_number(table, PREDICTED, r->predicted);
        rp_table_number(table, PREDICTED_LOW, r->predicted_low);
        rp_table_number(table, PREDICTED_HIGH, r->predicted_high);
        rp_table_number(table, ERROR_PERCENT, 100.0 * r->error);
    }
    return table;
}

static void put_readable(struct rp_table *table, size_t column,
                         enum rp_metric metric, const double values[3])
{
    const bool is_rate = metric == RP_METRIC_RPS;
    const enum rp_readable_kind kind =
        is_rate ? RP_READABLE_RATE : RP_READABLE_TIME;
    const double unit = is_rate ? 1.0 : 1e6;
    char text[RP_READABLE_SIZE];

    rp_table_text(table, column,
                  rp_readable(kind, unit * values[0], NAN, false, text));
    rp_table_text(table, column + 1,
                  rp_readable_range(kind, unit * values[1], unit * values[2],
                                    unit * values[0], text));
}

static struct rp_table *rows_for_people(const struct rp_validation *validation,
                                        const struct rp_measured *measured)
{
    static const struct rp_column columns[] = {
        {"dataset", NULL, RP_COLUMN_TEXT, 0},
        {"configuration", NULL, RP_COLUMN_TEXT, 0},
        {"metric", NULL, RP_COLUMN_TEXT, 0},
        {"measured", NULL, RP_COLUMN_FIGURE, 0},
        {"measured_range", "95 %", RP_COLUMN_FIGURE, 0},
        {"predicted", NULL, RP_COLUMN_FIGURE, 0},
        {"predicted_range", "95 %", RP_COLUMN_FIGURE, 0},
        {"error_percent", "error %", RP_COLUMN_FIXED, 1},
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < validation->row_count; i++) {
        const struct rp_validation_row *const r = &validation->rows[i];

        rp_config_row(table, measured, r->config);
        rp_table_text(table, 2, rp_metric_heading(r->metric));
        put_readable(
            table, 3, r->metric,
            (double[]){r->measured, r->measured_low, r->measured_high});
        put_readable(
            table, 5, r->metric,
            (double[]){r->predicted, r->predicted_low, r->predicted_high});
        rp_table_number(table, 7, 100.0 * r->error);
    }
    return table;
}

struct rp_table *rp_validation_rows(const struct rp_validation *validation,
                                    const struct rp_measured *measured,
                                    bool for_people)
{
    return for_people ? rows_for_people(validation, measured)
                      : rows_for_programs(validation, measured);
}

const char *rp_validation_metric(enum rp_metric metric, bool for_people)
{
    return for_people ? rp_metric_heading(metric) : rp_metric_key(metric);
}

struct rp_table *rp_validation_residuals(const struct rp_validation *validation,
                                         const struct rp_measured *measured)
{
    static const struct rp_column columns[] = {
        {"dataset", NULL, RP_COLUMN_TEXT, 0},
        {"configuration", NULL, RP_COLUMN_TEXT, 0},
        {"measured_mean_ms", "measured", RP_COLUMN_MS, 0},
        {"fitted_mean_ms", "fitted", RP_COLUMN_MS, 0},
        {"residual_percent", "residual %", RP_COLUMN_FIXED, 1},
        {"noise_percent", "noise %", RP_COLUMN_FIXED, 1},
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < validation->row_count; i++) {
        const struct rp_validation_row *const r = &validation->rows[i];

        if (r->metric != RP_METRIC_MEAN)
            continue;
        rp_config_row(table, measured, r->config);
        rp_table_number(table, 2, r->measured);
        rp_table_number(table, 3, r->predicted);
        rp_table_number(table, 4, 100.0 * r->error);
        rp_table_number(table, 5, 100.0 * r->noise);
    }
    return table;
}

/* ---- Summaries ---- */

static const struct rp_column summary_columns[] = {
    {"dataset", NULL, RP_COLUMN_TEXT, 0},
    {"server", NULL, RP_COLUMN_TEXT, 0},
    {"metric", NULL, RP_COLUMN_TEXT, 0},
    RP_SUMMARY_COLUMNS,
};

void rp_summary_cells(struct rp_table *table, size_t from,
                      const struct rp_validation_summary *summary)
{
    rp_table_number(table, from, (double)summary->rows);
    rp_table_number(table, from + 1, 100.0 * summary->median_error);
    rp_table_number(table, from + 2, 100.0 * summary->mean_error);
    rp_table_number(table, from + 3, 100.0 * summary->worst_error);
    rp_table_number(table, from + 4, 100.0 * summary->bias);
    rp_table_number(table, from + 5, 100.0 * summary->covered);
    rp_table_number(table, from + 6, 100.0 * summary->noise);
}

struct summing {
    struct rp_table *table;
    const struct rp_validation *validation;
    const struct rp_measured *measured;
    bool for_people, short_of_memory;
};

/* Nothing is written of a group without rows. */
static void add_summary(struct summing *s, size_t dataset,
                        const enum rp_server_kind *server,
                        enum rp_metric metric)
{
    struct rp_validation_summary sum;
    struct rp_error error = {0};

    if (rp_validation_sum_up(s->validation, s->measured, dataset, server,
                             metric, &sum, &error)) {
        s->short_of_memory = true;
        return;
    }
    if (sum.rows == 0)
        return;
    rp_table_row(s->table);
    rp_table_text(s->table, 0,
                  dataset == SIZE_MAX ? "all"
                                      : s->measured->datasets[dataset].name);
    rp_table_text(s->table, 1, server ? rp_server_word(*server) : "all");
    rp_table_text(s->table, 2, rp_validation_metric(metric, s->for_people));
    rp_summary_cells(s->table, 3, &sum);
}

static void add_dataset(struct summing *s, size_t dataset)
{
    for (size_t m = 0; m < RP_VALIDATION_METRICS; m++)
        add_summary(s, dataset, NULL, rp_validation_metrics[m]);
    for (unsigned k = 0; k < RP_SERVER_COUNT; k++) {
        const enum rp_server_kind server = (enum rp_server_kind)k;

        for (size_t m = 0; m < RP_VALIDATION_METRICS; m++)
            add_summary(s, dataset, &server, rp_validation_metrics[m]);
    }
}

struct rp_table *rp_validation_summaries(const struct rp_validation *validation,
                                         const struct rp_measured *measured,
                                         bool for_people)
{
    struct summing s = {
        .table = rp_table_new(summary_columns,
                              sizeof summary_columns / sizeof *summary_columns),
        .validation = validation,
        .measured = measured,
        .for_people = for_people};

    if (!s.table)
        return NULL;
    for (size_t i = 0; i < measured->dataset_count; i++)
        add_dataset(&s, i);
    if (measured->dataset_count > 1)
        for (size_t m = 0; m < RP_VALIDATION_METRICS; m++)
            add_summary(&s, SIZE_MAX, NULL, rp_validation_metrics[m]);
    rp_table_note(s.table,
                  "errors are |predicted / measured - 1| over configurations; "
                  "covered: the 95 %% interval holds what was measured; noise: "
                  "the median of odd rounds as a predictor of that of even "
                  "ones, median over configurations");
    if (s.short_of_memory) {
        rp_table_free(s.table);
        return NULL;
    }
    return s.table;
}

void rp_validation_print_warnings(const char *command,
                                  const struct rp_validation *validation)
{
    if (validation->warnings)
        rp_command_warn(command, validation->warnings);
    if (validation->unpredicted > 0)
        rp_command_remark(
            command, "%zu configurations have no prediction%s; the first: %s",
            validation->unpredicted,
            validation->folds > 0
                ? ", for the runs that are left without them (or "
                  "their stack) do not tell their costs"
                : "",
            validation->first_unpredicted);
}
