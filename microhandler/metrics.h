/**
 * Metrics: what the server has done, counted while it does it.
 *
 * Counters are increased where the thing really happens (a thread was started,
 * a loop made, a job handed over), not where a program says that it should.
 * They are atomic and lie in memory that all processes of the server share, so
 * that each of them can print them all, as Prometheus' text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_METRICS_H
#define RP_MICROHANDLER_METRICS_H

#include "model/error.h"
#include "model/program.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

/* Counters: name and labels as Prometheus prints them. Rows of one name stand
 * together. */
#define RP_COUNT_LIST(X)                                                       \
    X(RP_COUNT_CONNECTIONS, "connections_total", "", "connections accepted")   \
    X(RP_COUNT_REFUSED, "connections_refused_total", "",                       \
      "connections answered with 503 because there were too many")             \
    X(RP_COUNT_TIMED_OUT, "timeouts_total", "{of=\"header\"}",                 \
      "clients that were too slow")                                            \
    X(RP_COUNT_TIMED_OUT_IDLE, "timeouts_total", "{of=\"idle\"}", "")          \
    X(RP_COUNT_S2A_SENSITIVE, "handoffs_total",                                \
      "{crossing=\"sync_to_async\",place=\"sensitive\"}",                      \
      "calls handed over to another place")                                    \
    X(RP_COUNT_S2A_CONTEXT, "handoffs_total",                                  \
      "{crossing=\"sync_to_async\",place=\"context\"}", "")                    \
    X(RP_COUNT_S2A_POOL, "handoffs_total",                                     \
      "{crossing=\"sync_to_async\",place=\"pool\"}", "")                       \
    X(RP_COUNT_S2A_CALLER, "handoffs_total",                                   \
      "{crossing=\"sync_to_async\",place=\"caller\"}", "")                     \
    X(RP_COUNT_A2S_NEW, "handoffs_total",                                      \
      "{crossing=\"async_to_sync\",place=\"inner loop\"}", "")                 \
    X(RP_COUNT_A2S_LOOP, "handoffs_total",                                     \
      "{crossing=\"async_to_sync\",place=\"loop\"}", "")                       \
    X(RP_COUNT_A2S_OUTER, "handoffs_total",                                    \
      "{crossing=\"async_to_sync\",place=\"outer loop\"}", "")                 \
    X(RP_COUNT_LOOPS, "loops_created_total", "",                               \
      "event loops made within requests")                                      \
    X(RP_COUNT_THREADS, "threads_created_total", "",                           \
      "threads started within requests")                                       \
    X(RP_COUNT_AFTER, "after_total", "",                                       \
      "answers that were followed by work (mechanism after)")

#define RP_COUNT_AS_ENUM(count, name, labels, meaning) count,
enum rp_count { RP_COUNT_LIST(RP_COUNT_AS_ENUM) RP_COUNT_COUNT };
#undef RP_COUNT_AS_ENUM

/* Statuses that the server answers with. */
#define RP_STATUS_LIST(X)                                                      \
    X(200, "OK")                                                               \
    X(400, "Bad Request")                                                      \
    X(404, "Not Found")                                                        \
    X(405, "Method Not Allowed")                                               \
    X(408, "Request Timeout")                                                  \
    X(413, "Content Too Large")                                                \
    X(414, "URI Too Long")                                                     \
    X(431, "Request Header Fields Too Large")                                  \
    X(500, "Internal Server Error")                                            \
    X(503, "Service Unavailable")                                              \
    X(505, "HTTP Version Not Supported")

#define RP_STATUS_AS_ENUM(status, words) RP_STATUS_##status,
enum rp_status_index { RP_STATUS_LIST(RP_STATUS_AS_ENUM) RP_STATUS_COUNT };
#undef RP_STATUS_AS_ENUM

/** "Not Found"; "Unknown" where the status is not in the list. */
const char *rp_status_words(unsigned status);

enum { RP_METRICS_BUCKETS = 16, RP_METRICS_STEPS = RP_STEP_GIVE + 1 };

/** Upper ends of the latency histogram, in seconds; the last is infinite. */
extern const double rp_metrics_bounds_s[RP_METRICS_BUCKETS - 1];

struct rp_metrics {
    _Atomic uint64_t counts[RP_COUNT_COUNT];
    _Atomic uint64_t answers[RP_STATUS_COUNT];
    _Atomic uint64_t buckets[RP_METRICS_BUCKETS]; /* of walked requests */
    _Atomic uint64_t duration_ns;                 /* of them, added up */
    _Atomic uint64_t steps[RP_METRICS_STEPS];     /* by rp_op */
    _Atomic uint64_t step_ns[RP_METRICS_STEPS];
    _Atomic uint64_t gil_ns;
    _Atomic uint64_t after_ns;     /* burned when the answer had been sent */
    _Atomic uint64_t next_request; /* numbers that were given */
    _Atomic int64_t in_flight;     /* requests that are being walked,
                                      answered or not */
    _Atomic int64_t open;          /* connections */
};

/** Zeroed, in memory that forked processes share; NULL where there is none. */
struct rp_metrics *rp_metrics_new(void);

/** NULL is harmless. */
void rp_metrics_free(struct rp_metrics *metrics);

void rp_metrics_add(struct rp_metrics *metrics, enum rp_count count,
                    uint64_t amount);

/** A response was given. */
void rp_metrics_answer(struct rp_metrics *metrics, unsigned status);

/** A request was walked in so long. */
void rp_metrics_walked(struct rp_metrics *metrics, uint64_t duration_ns);

/** Everything, as Prometheus reads it. */
void rp_metrics_print(const struct rp_metrics *metrics, FILE *out);

#endif
