/**
 * Validations as tables, for the commands that make them: `validate`, and
 * `calibrate`, which leaves out every stack to say how well it predicts.
 *
 * They are made here and not in report/, which knows no measured runs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_VALIDATION_TABLE_H
#define RP_CLI_VALIDATION_TABLE_H

#include "calibrate/validation.h"
#include "report/table.h"

/**
 * Read data sets for costs (rp_dataset_read_for_costs()), and say on standard
 * error what was left out of each and how many of its runs deserve a warning.
 *
 * @param measured  zeroed; release it with rp_measured_free(), also after a
 *                  failure
 */
RP_CHECKED enum rp_code rp_datasets_read(const char *command,
                                         char *const *folders, size_t count,
                                         struct rp_measured *measured,
                                         struct rp_error *error);

/** The same with all runs, for those who compare like with like. */
RP_CHECKED enum rp_code rp_datasets_read_all(const char *command,
                                             char *const *folders, size_t count,
                                             struct rp_measured *measured,
                                             struct rp_error *error);

/** The columns of what a run is of, as an initialiser. */
#define RP_RUN_COLUMNS                                                         \
    {"server", NULL, RP_COLUMN_TEXT, 0},                                       \
        {"threads", NULL, RP_COLUMN_COUNT, 0},                                 \
        {"path", NULL, RP_COLUMN_TEXT, 0}, {"stack", NULL, RP_COLUMN_TEXT, 0}, \
        {"view", NULL, RP_COLUMN_TEXT, 0},                                     \
        {"io_ms", "io ms", RP_COLUMN_NUMBER, 0},                               \
        {"cpu_us", "cpu us", RP_COLUMN_NUMBER, 0},                             \
    {                                                                          \
        "concurrency", "c", RP_COLUMN_COUNT, 0                                 \
    }
enum { RP_RUN_COLUMN_COUNT = 8 };

/** The first columns of a table about configurations: their data set, and that.
 */
#define RP_CONFIG_COLUMNS {"dataset", NULL, RP_COLUMN_TEXT, 0}, RP_RUN_COLUMNS
enum { RP_CONFIG_COLUMN_COUNT = 1 + RP_RUN_COLUMN_COUNT };

/** And those of an open load, which stand last, and not at all where no
 * configuration has one. */
#define RP_OPEN_COLUMNS                                                        \
    {"rate_per_s", "rate/s", RP_COLUMN_NUMBER, 0},                             \
        {"process", NULL, RP_COLUMN_TEXT, 0},                                  \
    {                                                                          \
        "cv", NULL, RP_COLUMN_NUMBER, 0                                        \
    }
enum { RP_OPEN_COLUMN_COUNT = 3 };

/** How many of `all` columns a table has whose last are those of an open load.
 */
size_t rp_open_column_count(const struct rp_measured *measured, size_t all);

/** Fill RP_RUN_COLUMNS of the last row, from column `from` on. */
void rp_run_cells(struct rp_table *table, size_t from,
                  const struct rp_config *config);

/** Fill RP_CONFIG_COLUMNS of the last row, and those of an open load, which are
 * from `open_from` on. */
void rp_config_cells(struct rp_table *table, const struct rp_measured *measured,
                     size_t config, size_t open_from);

/** Begin a row for people: the configuration's data set, then what it is, in
 * words. */
void rp_config_row(struct rp_table *table, const struct rp_measured *measured,
                   size_t config);

/** One row for each configuration and metric; NULL when memory is short. For
 * people a figure has the unit that is read best, and its interval. */
struct rp_table *rp_validation_rows(const struct rp_validation *validation,
                                    const struct rp_measured *measured,
                                    bool for_people);

/** A metric's name: its key, or its heading for people. */
const char *rp_validation_metric(enum rp_metric metric, bool for_people);

/** The rows of the mean alone, for people: a row for each configuration. */
struct rp_table *rp_validation_residuals(const struct rp_validation *validation,
                                         const struct rp_measured *measured);

/** The columns of a summary of errors, as an initialiser. */
#define RP_SUMMARY_COLUMNS                                                     \
    {"rows", NULL, RP_COLUMN_COUNT, 0},                                        \
        {"median_error_percent", "median error %", RP_COLUMN_FIXED, 1},        \
        {"mean_error_percent", "mean error %", RP_COLUMN_FIXED, 1},            \
        {"worst_error_percent", "worst error %", RP_COLUMN_FIXED, 1},          \
        {"bias_percent", "bias %", RP_COLUMN_FIXED, 1},                        \
        {"covered_percent", "covered %", RP_COLUMN_FIXED, 1},                  \
    {                                                                          \
        "noise_percent", "noise %", RP_COLUMN_FIXED, 1                         \
    }

/** Fill these columns of the last row, from column `from` on. */
void rp_summary_cells(struct rp_table *table, size_t from,
                      const struct rp_validation_summary *summary);

/** Errors, coverage and noise: by data set, server and metric, and over all;
 * NULL when memory is short. */
struct rp_table *rp_validation_summaries(const struct rp_validation *validation,
                                         const struct rp_measured *measured,
                                         bool for_people);

/** Print `validation`'s warnings to standard error, and how many
 * configurations had no prediction. */
void rp_validation_print_warnings(const char *command,
                                  const struct rp_validation *validation);

#endif
