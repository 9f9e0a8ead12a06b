/**
 * Differences between two data sets as tables: what `reqpath diff` prints.
 *
 * People get a line that says it all, then rows; machines get a row for each
 * configuration and metric. Markdown is for the comment under a pull request:
 * what changed is seen at once, the rest is folded away.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_DIFFERENCE_TABLE_H
#define RP_CLI_DIFFERENCE_TABLE_H

#include "calibrate/difference.h"
#include "report/table.h"

/** What is shown; all borrowed. */
struct rp_difference_view {
    const struct rp_measured *measured; /* data set 0 is base, 1 candidate */
    const struct rp_difference_options *options;
    const struct rp_differences *differences;
};

/**
 * Print.
 *
 * @param width  columns of the terminal, 0 where there is none
 * @return RP_ERR_MEMORY, RP_ERR_IO (the stream failed)
 */
RP_CHECKED enum rp_code
rp_difference_print(const struct rp_difference_view *view,
                    enum rp_format format, int width, FILE *out,
                    struct rp_error *error);

#endif
