/**
 * Solutions for people and programs: what `reqpath solve` prints.
 *
 * One solution is shown with everything that was found: by which method and
 * what it is worth, the figures between their bounds, every place, every class.
 * Several solutions become one table, a row each.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_SOLVING_H
#define RP_REPORT_SOLVING_H

#include "model/solution.h"
#include "report/table.h"

#include <stdio.h>

/** A row for each solution; rp_table_free(); NULL when memory is short.
 *
 * @param for_people  fewer columns
 */
struct rp_table *rp_solving_rows(const struct rp_solution *solutions,
                                 size_t count, bool for_people);

/** Throughput and response between their bounds; NULL when memory is short. */
struct rp_table *rp_solving_metrics(const struct rp_solution *solution);

/** Its places, a row each; NULL when memory is short. */
struct rp_table *rp_solving_places(const struct rp_solution *solution);

/** Its classes of requests, a row each; NULL when memory is short. */
struct rp_table *rp_solving_classes(const struct rp_solution *solution);

/**
 * One solution in full, as text or Markdown.
 *
 * @param width  of the terminal, 0 where there is none; see report/table.h
 * @return RP_ERR_MEMORY, RP_ERR_IO
 */
RP_CHECKED enum rp_code rp_solving_print(const struct rp_solution *solution,
                                         enum rp_format format, int width,
                                         FILE *out, struct rp_error *error);

/** What the rows leave out, for JSON: an array with an object for each
 * solution; caller owns it; NULL when memory is short. */
json_t *rp_solving_json(const struct rp_solution *solutions, size_t count);

#endif
