/**
 * Stacks: what each of many middleware stacks crosses, counted.
 *
 * A list of stacks is a CSV file with the columns mode (wsgi, asgi), stack
 * (letters, outermost first), view (sync, async) and, if it likes, outcome
 * (ok, template, raise, 404). Each row is compiled like a scenario, and its
 * counts are written beside it: the fast way to compare stacks, and to hold
 * the path compiler to counts of the real code. Further columns of the file
 * are left alone and not copied: lists of counts come with counts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_STACKS_H
#define RP_REPORT_STACKS_H

#include "model/csv.h"
#include "model/scenario.h"
#include "report/table.h"

/**
 * Compile and count every row.
 *
 * @param scenario   what all rows share: framework, versions, path, and the
 *                   server of the rows whose mode is its own; the other rows
 *                   have gunicorn or daphne. Its stack, view and outcome are
 *                   replaced; app_built_in_loop is for ASGI rows
 * @param executors  further columns: where each sync_to_async ran
 * @param table      a new table, the caller's; untouched on failure
 * @return RP_ERR_VALUE: a column that is missing, a word or letter that is
 *         unknown, a version without rules; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_stacks_count(const struct rp_csv *csv,
                                        struct rp_scenario *scenario,
                                        bool executors, struct rp_table **table,
                                        struct rp_error *error);

#endif
