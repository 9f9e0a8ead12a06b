/**
 * What `reqpath plan` prints: plans, what rejected candidates lack, months.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_PLAN_TABLE_H
#define RP_CLI_PLAN_TABLE_H

#include "plan/planning.h"
#include "report/table.h"

#include <stdio.h>

/** Every candidate with everything about it, for CSV and JSON; NULL when memory
 * is short. */
struct rp_table *rp_plan_rows(const struct rp_planning *planning);

/** What rows leave out, for JSON: question, periods and fleets by period. The
 * caller owns it; NULL when memory is short. */
json_t *rp_plan_json(const struct rp_planning_question *question,
                     const struct rp_planning *planning);

/**
 * For people: plans, what they do, months, and who was rejected why.
 *
 * @param width  of the terminal; 0: 100 columns are taken for it
 * @return RP_ERR_MEMORY, RP_ERR_IO
 */
RP_CHECKED enum rp_code
rp_plan_print(const struct rp_planning_question *question,
              const struct rp_planning *planning, enum rp_format format,
              int width, FILE *out, struct rp_error *error);

/** What comes closest, where nothing meets everything: one sentence. Returns
 * `text`. */
const char *rp_plan_closest(const struct rp_planning_question *question,
                            const struct rp_planning *planning, char *text,
                            size_t size);

#endif
