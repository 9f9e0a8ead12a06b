/**
 * Filters: which variants are worth being shown.
 *
 *     p99_ms<50   rps_ratio>=1.1   utilisation<0.8   late<=0.01
 *
 * A name, a comparison, and a number in the unit of the name. Names are the
 * metrics, each also as p99_difference_ms or p99_ratio against the baseline,
 * and the other numbers of a point. What is not known passes no filter.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_FILTER_H
#define RP_PLAN_FILTER_H

#include "model/error.h"
#include "plan/point.h"

#include <stdbool.h>

enum rp_filter_part { RP_FILTER_VALUE, RP_FILTER_DIFFERENCE, RP_FILTER_RATIO };

enum rp_filter_test {
    RP_FILTER_LESS,
    RP_FILTER_AT_MOST,
    RP_FILTER_MORE,
    RP_FILTER_AT_LEAST
};

struct rp_filter {
    unsigned of; /* enum rp_metric, or RP_METRIC_COUNT + another number */
    enum rp_filter_part part;
    enum rp_filter_test test;
    double limit;
};

/** Read what stands after --where. RP_ERR_VALUE: "--where ...". */
RP_CHECKED enum rp_code rp_filter_parse(const char *text,
                                        struct rp_filter *filter,
                                        struct rp_error *error);

bool rp_filter_passes(const struct rp_filter *filter,
                      const struct rp_point *point,
                      const struct rp_point *baseline);

#endif
