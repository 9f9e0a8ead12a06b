/**
 * Lists of counts: how many processes or threads to try, "2,4,8" or "[2:8,2]".
 *
 * A count may be by core ("1/core", "2/core"), as people size processes: it is
 * then multiplied by the cores of each instance type.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_COUNTLIST_H
#define RP_PLAN_COUNTLIST_H

#include "model/error.h"

#include <stdbool.h>
#include <stddef.h>

/** The most counts of a list, and the highest. */
enum { RP_COUNTS_MAX = 256, RP_COUNT_HIGHEST = 10000 };

struct rp_count {
    unsigned number;
    bool by_core;
};

struct rp_count_list {
    size_t count;
    struct rp_count all[RP_COUNTS_MAX]; /* all different */
};

/**
 * Read a list: items with commas between them, each a whole number, a number
 * "/core", or a sweep [lowest:highest,step].
 *
 * @param what    for the sentence: "processes"
 * @param counts  written on success
 * @return RP_ERR_VALUE: empty, no number, 0, too high, too many
 */
RP_CHECKED enum rp_code rp_counts_parse(const char *text, const char *what,
                                        struct rp_count_list *counts,
                                        struct rp_error *error);

/** What a count is on a host of so many cores. */
unsigned rp_count_on(const struct rp_count *count, unsigned cores);

#endif
