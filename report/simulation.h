/**
 * Simulations for people and programs: what `reqpath simulate` prints.
 *
 * One result is shown with everything that was found: the metrics with their
 * intervals, who was how busy, where the time went. Several results become one
 * table, a row each: a forecast.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_SIMULATION_H
#define RP_REPORT_SIMULATION_H

#include "model/result.h"
#include "report/table.h"

#include <stdio.h>

/**
 * A row for each result: metrics with their 95 % prediction intervals.
 *
 * @param for_people  intervals are written beside their value, in one cell;
 * else each number has a column, whose key ends in its unit
 * @return rp_table_free(); NULL when memory is short
 */
struct rp_table *rp_simulation_forecast(const struct rp_result *results,
                                        size_t count, bool for_people);

/** The metrics of one result, a row each; NULL when memory is short. */
struct rp_table *rp_simulation_metrics(const struct rp_result *result);

/** Its places, a row each; NULL when memory is short. */
struct rp_table *rp_simulation_places(const struct rp_result *result);

/** Where the mean request's time went, longest first; NULL when memory is
 * short. */
struct rp_table *rp_simulation_kinds(const struct rp_result *result);

/** Its classes of requests, a row each; NULL when memory is short. */
struct rp_table *rp_simulation_classes(const struct rp_result *result);

/** What became of its requests, a row for each class and one for all; NULL when
 * memory is short. */
struct rp_table *rp_simulation_fates(const struct rp_result *result);

/**
 * One result in full, as text or Markdown: a heading and the tables, those of
 * classes and fates where there is something to tell.
 *
 * @param width  of the terminal, 0 where there is none; see report/table.h
 * @return RP_ERR_MEMORY, RP_ERR_IO
 */
RP_CHECKED enum rp_code rp_simulation_print(const struct rp_result *result,
                                            enum rp_format format, int width,
                                            FILE *out, struct rp_error *error);

/** What the forecast's rows leave out, for JSON: an array with an object for
 * each result; caller owns it; NULL when memory is short. */
json_t *rp_simulation_json(const struct rp_result *results, size_t count);

#endif
