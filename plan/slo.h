/**
 * Service levels: what responses are allowed to take, "p99<=50ms".
 *
 * A service level is an upper limit of one metric: a percentile or the mean of
 * the response time, or the share of requests that get no answer in time
 * ("errors": turned away, given up, or answered late). Several hold at once.
 * Limits that say nothing beside others (p50<=20ms beside p99<=10ms) are kept
 * and noted; what cannot be meant is refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_SLO_H
#define RP_PLAN_SLO_H

#include "model/error.h"
#include "model/metric.h"

#include <stdbool.h>
#include <stddef.h>

/* What can be limited: enum, word, the metric behind it, RP_METRIC_COUNT where
 * it is none. In the order of the values that a percentile can have. */
#define RP_LIMIT_LIST(X)                                                       \
    X(RP_LIMIT_MEAN, "mean", RP_METRIC_MEAN)                                   \
    X(RP_LIMIT_P50, "p50", RP_METRIC_P50)                                      \
    X(RP_LIMIT_P90, "p90", RP_METRIC_P90)                                      \
    X(RP_LIMIT_P95, "p95", RP_METRIC_P95)                                      \
    X(RP_LIMIT_P99, "p99", RP_METRIC_P99)                                      \
    X(RP_LIMIT_ERRORS, "errors", RP_METRIC_COUNT)

#define RP_LIMIT_AS_ENUM(level, word, metric) level,
enum rp_limit { RP_LIMIT_LIST(RP_LIMIT_AS_ENUM) RP_LIMIT_COUNT };
#undef RP_LIMIT_AS_ENUM

/** Its word; static storage. */
const char *rp_limit_word(enum rp_limit level);

/** The metric behind it; RP_METRIC_COUNT for errors. */
enum rp_metric rp_limit_metric(enum rp_limit level);

/** One limit at most for each. */
struct rp_slos {
    bool wanted[RP_LIMIT_COUNT];
    double limit[RP_LIMIT_COUNT]; /* ns; errors: a share, 0 .. 1 */
};

/**
 * Add what a text asks for: one or several, with commas between them.
 *
 * Of two limits of one metric the tighter holds.
 *
 * @param slos  zeroed, or with those before
 * @return RP_ERR_VALUE: no such metric, no "<=", no unit, a limit of nothing;
 *         `slos` is then untouched
 */
RP_CHECKED enum rp_code rp_slos_add(struct rp_slos *slos, const char *text,
                                    struct rp_error *error);

/** How many limits there are. */
size_t rp_slos_count(const struct rp_slos *slos);

/** Bytes that the next two need. */
enum { RP_SLOS_TEXT_SIZE = 512 };

/** "p99<=50ms, errors<=0.1%"; returns `text`. */
const char *rp_slos_text(const struct rp_slos *slos,
                         char text[RP_SLOS_TEXT_SIZE]);

/** Sentences about limits that say nothing beside the others, one a line; ""
 * where there are none. Returns `text`. */
const char *rp_slos_notes(const struct rp_slos *slos,
                          char text[RP_SLOS_TEXT_SIZE]);

/** A value of that metric for people: "12.5ms", "0.1%"; returns `text`. */
const char *rp_limit_text(enum rp_limit level, double value, char text[32]);

#endif
