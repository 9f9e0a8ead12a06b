/**
 * Unit costs for people and programs: what `reqpath calibrate` prints.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_UNITCOSTS_H
#define RP_REPORT_UNITCOSTS_H

#include "model/profile.h"
#include "report/table.h"

/**
 * The unit costs of a profile, a row each, with their standard errors and the
 * 95 % interval; what they were made from stands below.
 *
 * @param notes       `note_count` sentences, kept below the table too
 * @param for_people  one figure for all three, in a unit for reading
 * @return rp_table_free(); NULL when memory is short
 */
struct rp_table *rp_unitcosts_table(const struct rp_profile *profile,
                                    const char *const *notes, size_t note_count,
                                    bool for_people);

/**
 * How the errors of each two costs go together: a row for each of both orders,
 * and 1 for a cost with itself. Near 1 or -1 the runs cannot tell the two
 * apart. A cost without an error has none.
 *
 * @return rp_table_free(); NULL when memory is short
 */
struct rp_table *rp_unitcosts_correlations(const struct rp_profile *profile);

/**
 * What prediction intervals are made of, in percent: how much one run differs
 * from the typical one, and by how much the fit misses a configuration beyond
 * that. A row for each way of asking and each metric that is known.
 *
 * @return rp_table_free(); NULL when memory is short
 */
struct rp_table *rp_unitcosts_accuracy(const struct rp_profile *profile);

#endif
