/**
 * Comparisons: what simulator, solver and measurement say of one scenario, side
 * by side.
 *
 * Whoever compares fills in numbers and their standard errors; here the
 * differences are taken, in percent and in standard errors, and shown. All
 * readers have one program, so a difference is about time, never about what a
 * request does.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_COMPARISON_H
#define RP_REPORT_COMPARISON_H

#include "model/solution.h"
#include "report/table.h"

/** The metrics that are compared, in the order of the rows. */
#define RP_COMPARISON_METRICS 5
extern const enum rp_metric rp_comparison_metrics[RP_COMPARISON_METRICS];

/** A value in 1/s or ms; NAN where there is none. */
struct rp_compared {
    double value;
    double se; /* standard error; NAN: unknown */
};

struct rp_comparison {
    const char *scenario; /* borrowed */
    enum rp_method method;
    struct rp_compared simulated[RP_METRIC_COUNT];
    struct rp_compared solved[RP_METRIC_COUNT]; /* se is 0 */
    struct rp_compared measured[RP_METRIC_COUNT];
    size_t runs;             /* measured; 0: none */
    const char *measured_in; /* data set, borrowed; NULL: none */
};

/** `a` over `b` minus 1, in percent; NAN where either is missing, or b is 0. */
double rp_comparison_percent(const struct rp_compared *a,
                             const struct rp_compared *b);

/** `a` minus `b` in standard errors of the difference, the two being
 * independent; NAN where either is missing or nothing varies. */
double rp_comparison_errors(const struct rp_compared *a,
                            const struct rp_compared *b);

/**
 * A row for each scenario and metric; rp_table_free(); NULL when memory is
 * short.
 *
 * @param with_measured  data sets were named: their columns are shown
 * @param for_people     figures with their 95 % intervals, in units for reading
 */
struct rp_table *rp_comparison_rows(const struct rp_comparison *comparisons,
                                    size_t count, bool with_measured,
                                    bool for_people);

#endif
