/**
 * Columns: which unit costs a set of runs can be asked for.
 *
 * Each cost item that some run pays is a column of the design, but not every
 * column is a cost. Items that always come together are one joint cost; a
 * family of items that predicts better as one is one (families.h decides); and
 * where a combination of costs cannot be seen at all, one of them is given up
 * and its name is said.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_COLUMNS_H
#define RP_CALIBRATE_COLUMNS_H

#include "model/error.h"
#include "model/item.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>

/** A column of the design: one cost and the items that it pays for. */
struct rp_fitted_cost {
    char name[RP_COST_NAME_SIZE];
    bool items[RP_ITEM_COUNT];
    double mean_ns, se_ns;
    unsigned runs; /* rows in which it is paid */
    bool at_zero;  /* the best value was negative: held at 0 */
};

struct rp_columns {
    size_t count;
    struct rp_fitted_cost costs[RP_ITEM_COUNT];
};

/** What was measured of one configuration, as the columns need it. */
struct rp_case {
    const double *amounts; /* borrowed: RP_ITEM_COUNT, that a request pays */
    const char *stack;     /* borrowed: its letters */
    double framework_ns;   /* the mean without gap and own time, at the usual
                              speed; > 0 */
    double total_ns;       /* with both; errors are relative to it; > 0 */
    size_t runs;           /* that it stands for */
};

/** How often `cost` is paid: the sum of its items' amounts. */
double rp_fitted_cost_amount(const struct rp_fitted_cost *cost,
                             const double amounts[RP_ITEM_COUNT]);

/**
 * The columns that `cases` pay.
 *
 * @param one  families that are one column, by each of their items
 */
void rp_columns_make(const struct rp_case *cases, size_t case_count,
                     const bool one[RP_ITEM_COUNT], struct rp_columns *columns);

/** Join columns that never vary apart over the cases; the joint one is named
 * after all of them, "a+b". */
void rp_columns_join(const struct rp_case *cases, size_t case_count,
                     struct rp_columns *columns);

/** Words about a column that was given up. */
#define RP_COLUMNS_TEXT_SIZE 512

/**
 * Give up one column, if a combination of them cannot be seen: of those that
 * take part in it, the one that the fewest runs pay, and no server's base if
 * there is another.
 *
 * @param condition  condition number of the scaled and normalised columns,
 *                   >= 1; meaningful when nothing was given up
 * @param text       RP_COLUMNS_TEXT_SIZE bytes: which costs cannot be told
 *                   apart, and which was given up; "" where none was. Call it
 *                   again until it is ""
 * @return RP_ERR_UNUSABLE: fewer cases than columns cannot be helped so, for
 *         no column is left; RP_ERR_NUMERIC, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_columns_give_up(const struct rp_case *cases,
                                           size_t case_count,
                                           struct rp_columns *columns,
                                           double *condition, char *text,
                                           struct rp_error *error);

#endif
