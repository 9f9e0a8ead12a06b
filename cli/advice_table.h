/**
 * Advice as a table, and as sentences for people.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_ADVICE_TABLE_H
#define RP_CLI_ADVICE_TABLE_H

#include "plan/advice.h"
#include "report/table.h"

/** A row for each set of moves; NULL: no memory. `scenario` is its name. */
struct rp_table *rp_advice_table(const struct rp_advice *advice,
                                 enum rp_metric metric);

/** The text: what was found, a numbered sentence for each set. */
RP_CHECKED enum rp_code rp_advice_print(const struct rp_advice *advice,
                                        enum rp_metric metric,
                                        const char *scenario, int width,
                                        FILE *out, struct rp_error *error);

#endif
