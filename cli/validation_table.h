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
 * Read data sets, and say on standard error what was left out of each and how
 * many of its runs deserve a warning.
 *
 * @param measured  zeroed; release it with rp_measured_free(), also after a
 *                  failure
 */
RP_CHECKED enum rp_code rp_datasets_read(const char *command,
                                         char *const *folders, size_t count,
                                         struct rp_measured *measured,
                                         struct rp_error *error);

/** One row for each configuration and metric; NULL when memory is short. */
struct rp_table *rp_validation_rows(const struct rp_validation *validation,
                                    const struct rp_measured *measured);

/** The rows of the mean alone, for people: a row for each configuration. */
struct rp_table *rp_validation_residuals(const struct rp_validation *validation,
                                         const struct rp_measured *measured);

/** Errors, coverage and noise: by data set, server and metric, and over all;
 * NULL when memory is short. */
struct rp_table *rp_validation_summaries(const struct rp_validation *validation,
                                         const struct rp_measured *measured);

/** Print `validation`'s warnings to standard error, and how many
 * configurations had no prediction. */
void rp_validation_print_warnings(const char *command,
                                  const struct rp_validation *validation);

#endif
