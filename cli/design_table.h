/**
 * Designs as tables: the runs, and what is known now and with them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_DESIGN_TABLE_H
#define RP_CLI_DESIGN_TABLE_H

#include "calibrate/nextruns.h"
#include "report/table.h"

/** What is printed. */
struct rp_design_of {
    const struct rp_next *next; /* borrowed */
    unsigned rounds;
    enum rp_metric metric; /* of the forecast, if there is one */
    bool is_alone;         /* costs alone */
    size_t asked;          /* layers of the longest stack */
};

/** Print all tables to standard output; CSV is that of the runs. */
RP_CHECKED enum rp_code rp_design_print(const struct rp_design_of *of,
                                        enum rp_format format,
                                        struct rp_error *error);

#endif
