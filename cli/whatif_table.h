/**
 * What-ifs for people: the best and the worst variants, and a map of all keys
 * but the last, which goes across.
 *
 * Of any number of rows only those that will be shown are kept.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_WHATIF_TABLE_H
#define RP_CLI_WHATIF_TABLE_H

#include "plan/whatif.h"
#include "report/table.h"

#include <stdio.h>

/** The most rows and columns of a map. */
enum { RP_WHATIF_MAP_ROWS = 64, RP_WHATIF_MAP_COLUMNS = 16 };

struct rp_whatif_table; /* the rows that are kept */

struct rp_whatif_table_how {
    const struct rp_grid *grid;
    const struct rp_point *baseline;
    const char *scenario;
    unsigned long long seed;
    enum rp_metric metric; /* rows are ordered by it */
    enum rp_reader reader;
    size_t top; /* so many of the best, and of the worst */
};

/** NULL: no memory. `how` is copied, what it points to is borrowed. */
struct rp_whatif_table *
rp_whatif_table_new(const struct rp_whatif_table_how *how);

/** Harmless on NULL. */
void rp_whatif_table_free(struct rp_whatif_table *table);

/** RP_ERR_MEMORY. */
RP_CHECKED enum rp_code rp_whatif_table_row(struct rp_whatif_table *table,
                                            const struct rp_whatif_row *row,
                                            struct rp_error *error);

/** Print text or Markdown. RP_ERR_MEMORY, RP_ERR_IO. */
RP_CHECKED enum rp_code rp_whatif_table_print(
    struct rp_whatif_table *table, const struct rp_whatif_tally *tally,
    enum rp_format format, int width, FILE *out, struct rp_error *error);

#endif
