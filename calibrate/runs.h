/**
 * runs.csv: the rows of a data set, with the reports that they name.
 *
 * The columns are found by name: file, round, server, threads, path, stack,
 * view, io_ms, cpu_us, concurrency, requests, and, where not all runs are of
 * the tool that dataset.yaml names, tool, and where not all are as it says,
 * keepalive. Where requests came at a rate, runs have rate_per_s, process and
 * cv, as scenario files call them, and no concurrency. There are no others, for
 * a column that nobody reads is a difference between runs that nobody sees.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_RUNS_H
#define RP_CALIBRATE_RUNS_H

#include "calibrate/measured.h"
#include "model/csv.h"

/** A row, checked. */
struct rp_run_row {
    const char *file; /* borrowed from the table */
    unsigned round;
    struct rp_config config; /* its amounts and data set are not set */
    unsigned requests;
    bool keepalive_assumed; /* that of its config: neither row nor data set says
                               it */
};

/** The columns, by their order above. */
enum { RP_RUN_COLUMN_COUNT = 16 };

struct rp_run_columns {
    size_t at[RP_RUN_COLUMN_COUNT]; /* RP_CSV_NONE: it has no tool, or no rate,
                                       process, cv and keepalive */
};

/** Find the columns: RP_ERR_VALUE where one is missing or unknown. */
RP_CHECKED enum rp_code rp_run_columns_find(const struct rp_csv *csv,
                                            struct rp_run_columns *columns,
                                            struct rp_error *error);

/**
 * Read a row.
 *
 * @param dataset  whose servers it may name
 * @return RP_ERR_VALUE with the place of the cell
 */
RP_CHECKED enum rp_code
rp_run_row_read(const struct rp_csv *csv, const struct rp_run_columns *columns,
                size_t row, const struct rp_dataset *dataset,
                struct rp_run_row *out, struct rp_error *error);

/**
 * Read the report and the percentiles of a row.
 *
 * @param folder  of the data set
 * @param run     file, requests, means, values and levels are written; NAN
 *                where there are no percentiles
 * @param usable  false: the report cannot serve; `error` then says why, and
 *                the result is RP_OK
 * @param warned  the report can serve, and deserves a warning
 * @return RP_ERR_IO (no such report), RP_ERR_SYNTAX (no report), RP_ERR_VALUE
 *         (of another run), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code
rp_run_report_read(const struct rp_csv *csv,
                   const struct rp_run_columns *columns, size_t row,
                   const struct rp_run_row *is, const char *folder,
                   struct rp_measured_run *run, bool *usable, bool *warned,
                   struct rp_error *error);

/** What a peer says, as a run of that many clients (0: of an open load); its
 * file, configuration and block are left as they are. */
void rp_run_take_peer(const struct rp_peer *peer, unsigned concurrency,
                      struct rp_measured_run *run);

#endif
