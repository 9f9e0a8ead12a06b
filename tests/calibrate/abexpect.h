/**
 * One report against its row of an INDEX.tsv.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_CALIBRATE_ABEXPECT_H
#define RP_TESTS_CALIBRATE_ABEXPECT_H

#include "abindex.h"
#include "calibrate/abreport.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* A figure that was printed, or was not: then the cell is empty. */
static void expect_figure(const struct abindex *row, const char *column,
                          double figure)
{
    const char *const cell = abindex_cell(row, column);
    const char *const file = abindex_cell(row, "file");

    if (cell[0])
        cr_expect(figure == strtod(cell, NULL), "%s: %s is %s, read as %.9g",
                  file, column, cell, figure);
    else
        cr_expect(isnan(figure), "%s: there is no %s, read as %.9g", file,
                  column, figure);
}

static double count_or_nan(const struct rp_ab_report *report,
                           enum rp_ab_key key, unsigned long count)
{
    return rp_ab_printed(report, key) ? (double)count : NAN;
}

static void expect_text(const struct abindex *row, const char *column,
                        const char *text)
{
    const char *const cell = abindex_cell(row, column);

    cr_expect(strcmp(cell, text) == 0, "%s: %s is \"%s\", read as \"%s\"",
              abindex_cell(row, "file"), column, cell, text);
}

/* The columns that both INDEX files have. */
static inline void expect_figures(const struct abindex *row,
                                  const struct rp_ab_report *report)
{
    const bool failed = report->status == RP_AB_FAILURE;

    expect_figure(row, "requests",
                  count_or_nan(report, RP_AB_REQUESTS, report->requests));
    expect_figure(row, "failed",
                  count_or_nan(report, RP_AB_FAILED, report->failed));
    expect_figure(row, "non2xx", failed ? NAN : (double)report->non2xx);
    expect_figure(row, "concurrency",
                  count_or_nan(report, RP_AB_CONCURRENCY, report->concurrency));
    expect_figure(row, "seconds", report->seconds);
    expect_figure(row, "rps", report->rps);
    expect_figure(row, "mean_ms", report->mean_ms);
    expect_figure(row, "p50", report->percent_ms[RP_AB_P50]);
    expect_figure(row, "p95", report->percent_ms[RP_AB_P95]);
    expect_figure(row, "p99", report->percent_ms[RP_AB_P99]);
}

#endif
