/**
 * Metrics: what a run of a server is summed up by, in one list.
 *
 * Measured runs, forecasts, profiles' accuracies and scenarios name them by the
 * same words. Rates are per second, times nanoseconds inside and ms outside.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_METRIC_H
#define RP_MODEL_METRIC_H

#define RP_METRIC_LIST(X)                                                      \
    X(RP_METRIC_RPS, "rps", "requests/s")                                      \
    X(RP_METRIC_MEAN, "mean_ms", "mean")                                       \
    X(RP_METRIC_P50, "p50_ms", "p50")                                          \
    X(RP_METRIC_P90, "p90_ms", "p90")                                          \
    X(RP_METRIC_P95, "p95_ms", "p95")                                          \
    X(RP_METRIC_P99, "p99_ms", "p99")

#define RP_METRIC_AS_ENUM(metric, key, heading) metric,
enum rp_metric { RP_METRIC_LIST(RP_METRIC_AS_ENUM) RP_METRIC_COUNT };
#undef RP_METRIC_AS_ENUM

/** Words of the list; static storage. */
const char *rp_metric_key(enum rp_metric metric);

enum { RP_METRIC_KEY_SIZE = 64 };

/**
 * The key of something that is told of a number: the unit, where the number's
 * key ends in one, stays last. "p99_ms" and "low": "p99_low_ms"; a "ratio" has
 * no unit: "p99_ratio".
 *
 * @return `text`
 */
const char *rp_metric_key_with(const char *key, const char *part,
                               char text[RP_METRIC_KEY_SIZE]);
const char *rp_metric_heading(enum rp_metric metric);

/** The share of requests below a metric that is a percentile, 0 .. 1; NAN for
 * the others. */
double rp_metric_level(enum rp_metric metric);

#endif
