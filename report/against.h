/**
 * One path against another: what `reqpath explain --against` prints.
 *
 * The same scenario is compiled twice, and what both pay stands side by side,
 * item by item, with the ratio of their totals and its interval.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_AGAINST_H
#define RP_REPORT_AGAINST_H

#include "model/ratio.h"
#include "model/validity.h"
#include "report/table.h"

/** One of the two; all borrowed. */
struct rp_against_side {
    const struct rp_scenario *scenario; /* whose path it is */
    const struct rp_prices *prices;
    const struct rp_validity *validity;
};

struct rp_against {
    const struct rp_profile *profile;
    struct rp_against_side base, other;
};

/** A row for each item, then own time and total; the ratio and both validities
 * are notes. NULL when memory is short. */
struct rp_table *rp_against_table(const struct rp_against *what);

/** The members of the JSON beside the rows; NULL when memory is short; the
 * caller owns it. */
json_t *rp_against_json(const struct rp_against *what);

#endif
