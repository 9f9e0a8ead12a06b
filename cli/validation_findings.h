/**
 * What a validation found besides the error of each figure: which
 * configurations are worst and why, whether the runs obey the operational laws,
 * how the shapes of latency lie beside each other, and whether the tiers of
 * validity tell where to trust.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_VALIDATION_FINDINGS_H
#define RP_CLI_VALIDATION_FINDINGS_H

#include "calibrate/validation.h"
#include "report/table.h"

enum { RP_FINDINGS_WORST = 5 };

/** The tables, in the order in which they are shown. */
enum rp_findings_table {
    RP_FINDINGS_WORST_CONFIGS,
    RP_FINDINGS_LAWS,
    RP_FINDINGS_SHAPES,
    RP_FINDINGS_TIERS,
    RP_FINDINGS_COUNT
};

struct rp_findings {
    struct rp_table *tables[RP_FINDINGS_COUNT]; /* owned */
    struct rp_table *validity; /* owned: a row for each configuration */
    struct rp_table *qq; /* owned: a row for each configuration and level */
};

/** The key of a table in JSON: "worst", "laws", "shapes", "tiers". */
const char *rp_findings_key(enum rp_findings_table table);

/**
 * Make the tables.
 *
 * @param profile   what the worst configurations are simulated with
 * @param for_people  names of metrics are those that people read
 * @param findings  zeroed; rp_findings_free(), also after a failure
 */
RP_CHECKED enum rp_code rp_findings_make(const struct rp_validation *validation,
                                         const struct rp_measured *measured,
                                         const struct rp_profile *profile,
                                         bool for_people,
                                         struct rp_findings *findings,
                                         struct rp_error *error);

/** The table `qq` for JSON, an object for each configuration with a list for
 * each of its last three columns: ten times shorter than its rows. NULL: memory
 * is short. */
json_t *rp_findings_quantiles(const struct rp_findings *findings);

/** Harmless on zeroed or freed findings. */
void rp_findings_free(struct rp_findings *findings);

#endif
