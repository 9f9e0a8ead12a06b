/**
 * Notebooks of results: what `reqpath export notebook` writes.
 *
 * For each result: a sentence on what is seen, its table, the points of its
 * figure as CSV in a cell, and a cell that draws them with matplotlib. The
 * picture is there already, drawn by figuresvg.h, so the notebook shows it
 * without being run; running it needs pandas and matplotlib, not reqpath.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_RESULTBOOK_H
#define RP_REPORT_RESULTBOOK_H

#include "report/resultfile.h"

#include <stdio.h>

/**
 * Write a notebook of `count` results, one at least.
 *
 * @param text  Markdown between the results, or NULL: its parts are divided by
 *              lines "---"; part i stands before result i, what is left after
 *              the last
 * @return RP_ERR_VALUE (a result with nothing to draw), RP_ERR_MEMORY,
 * RP_ERR_IO
 */
RP_CHECKED enum rp_code rp_resultbook_write(const char *title, const char *text,
                                            const struct rp_resultfile *files,
                                            size_t count, FILE *out,
                                            struct rp_error *error);

#endif
