/**
 * Unit costs for people and programs: what `reqpath calibrate` prints, and
 * its report as a notebook.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_UNITCOSTS_H
#define RP_REPORT_UNITCOSTS_H

#include "model/profile.h"
#include "report/table.h"

#include <stdio.h>

/**
 * The unit costs of a profile, a row each, with their standard errors and the
 * 95 % interval; what they were made from stands below.
 *
 * @param notes  `note_count` sentences, kept below the table too
 * @return rp_table_free(); NULL when memory is short
 */
struct rp_table *rp_unitcosts_table(const struct rp_profile *profile,
                                    const char *const *notes,
                                    size_t note_count);

/** What a report shows besides the profile; all borrowed. */
struct rp_unitcosts_report {
    const char *command;              /* that makes it again */
    const struct rp_table *costs;     /* of rp_unitcosts_table() */
    const struct rp_table *left_out;  /* errors on stacks that were left out */
    const struct rp_table *residuals; /* by configuration */
    const struct rp_table *loaded;    /* of rp_loadcosts_table(); NULL: none */
};

/**
 * Write the report as a Jupyter notebook.
 *
 * @return RP_ERR_MEMORY, RP_ERR_IO (the stream failed)
 */
RP_CHECKED enum rp_code
rp_unitcosts_report_write(const struct rp_profile *profile,
                          const struct rp_unitcosts_report *report, FILE *out,
                          struct rp_error *error);

#endif
