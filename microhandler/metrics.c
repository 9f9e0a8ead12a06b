/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE

#include "microhandler/metrics.h"

#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

const double rp_metrics_bounds_s[RP_METRICS_BUCKETS - 1] = {
    0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
    0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  10.0};

static const struct {
    unsigned status;
    const char *words;
} statuses[] = {
#define RP_STATUS_AS_ROW(status, words) {status, words},
    RP_STATUS_LIST(RP_STATUS_AS_ROW)
#undef RP_STATUS_AS_ROW
};

const char *rp_status_words(unsigned status)
{
    for (size_t i = 0; i < RP_STATUS_COUNT; i++)
        if (statuses[i].status == status)
            return statuses[i].words;
    return "Unknown";
}

struct rp_metrics *rp_metrics_new(void)
{
    void *const shared =
        mmap(NULL, sizeof(struct rp_metrics), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return shared == MAP_FAILED ? NULL : shared;
}

void rp_metrics_free(struct rp_metrics *metrics)
{
    if (metrics)
        (void)munmap(metrics, sizeof *metrics);
}

void rp_metrics_add(struct rp_metrics *metrics, enum rp_count count,
                    uint64_t amount)
{
    atomic_fetch_add_explicit(&metrics->counts[count], amount,
                              memory_order_relaxed);
}

void rp_metrics_answer(struct rp_metrics *metrics, unsigned status)
{
    for (size_t i = 0; i < RP_STATUS_COUNT; i++)
        if (statuses[i].status == status)
            atomic_fetch_add_explicit(&metrics->answers[i], 1,
                                      memory_order_relaxed);
}

void rp_metrics_walked(struct rp_metrics *metrics, uint64_t duration_ns)
{
    const double duration_s = (double)duration_ns * 1e-9;
    size_t i = 0;

    while (i < RP_METRICS_BUCKETS - 1 && duration_s > rp_metrics_bounds_s[i])
        i++;
    atomic_fetch_add_explicit(&metrics->buckets[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->duration_ns, duration_ns,
                              memory_order_relaxed);
}

/* ---- Printing ---- */

static uint64_t value_of(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void print_head(FILE *out, const char *name, const char *kind,
                       const char *meaning)
{
    (void)fprintf(out, "# HELP reqpath_%s %s\n# TYPE reqpath_%s %s\n", name,
                  meaning, name, kind);
}

static void print_counts(const struct rp_metrics *m, FILE *out)
{
    static const struct {
        const char *name, *labels, *meaning;
    } rows[] = {
#define RP_COUNT_AS_ROW(count, name, labels, meaning) {name, labels, meaning},
        RP_COUNT_LIST(RP_COUNT_AS_ROW)
#undef RP_COUNT_AS_ROW
    };

    for (size_t i = 0; i < RP_COUNT_COUNT; i++) {
        if (i == 0 || strcmp(rows[i].name, rows[i - 1].name) != 0)
            print_head(out, rows[i].name, "counter", rows[i].meaning);
        (void)fprintf(out, "reqpath_%s%s %" PRIu64 "\n", rows[i].name,
                      rows[i].labels, value_of(&m->counts[i]));
    }
}

static void print_answers(const struct rp_metrics *m, FILE *out)
{
    print_head(out, "requests_total", "counter", "responses, by status");
    for (size_t i = 0; i < RP_STATUS_COUNT; i++)
        (void)fprintf(out, "reqpath_requests_total{code=\"%u\"} %" PRIu64 "\n",
                      statuses[i].status, value_of(&m->answers[i]));
}

static void print_gauges(const struct rp_metrics *m, FILE *out)
{
    print_head(out, "in_flight", "gauge",
               "requests that are being walked, answered or not");
    (void)fprintf(out, "reqpath_in_flight %" PRId64 "\n",
                  atomic_load_explicit(&m->in_flight, memory_order_relaxed));
    print_head(out, "connections_open", "gauge", "connections that are open");
    (void)fprintf(out, "reqpath_connections_open %" PRId64 "\n",
                  atomic_load_explicit(&m->open, memory_order_relaxed));
}

static void print_steps(const struct rp_metrics *m, FILE *out)
{
    print_head(out, "steps_total", "counter", "steps that were walked");
    for (unsigned i = 0; i < RP_METRICS_STEPS; i++)
        (void)fprintf(out, "reqpath_steps_total{step=\"%s\"} %" PRIu64 "\n",
                      rp_op_name((enum rp_op)i), value_of(&m->steps[i]));
    print_head(out, "step_seconds_total", "counter",
               "time in steps, the wait for the GIL apart");
    for (unsigned i = 0; i < RP_METRICS_STEPS; i++)
        (void)fprintf(out, "reqpath_step_seconds_total{step=\"%s\"} %.6f\n",
                      rp_op_name((enum rp_op)i),
                      (double)value_of(&m->step_ns[i]) * 1e-9);
    (void)fprintf(out, "reqpath_step_seconds_total{step=\"gil\"} %.6f\n",
                  (double)value_of(&m->gil_ns) * 1e-9);
    print_head(out, "after_seconds_total", "counter",
               "CPU time after answers; no step, and in no Server-Timing");
    (void)fprintf(out, "reqpath_after_seconds_total %.6f\n",
                  (double)value_of(&m->after_ns) * 1e-9);
}

static void print_latency(const struct rp_metrics *m, FILE *out)
{
    uint64_t count = 0;

    print_head(out, "request_duration_seconds", "histogram",
               "from the request's last byte to its response's first");
    for (size_t i = 0; i < RP_METRICS_BUCKETS - 1; i++) {
        count += value_of(&m->buckets[i]);
        (void)fprintf(out,
                      "reqpath_request_duration_seconds_bucket{le=\"%g\"} "
                      "%" PRIu64 "\n",
                      rp_metrics_bounds_s[i], count);
    }
    count += value_of(&m->buckets[RP_METRICS_BUCKETS - 1]);
    (void)fprintf(out,
                  "reqpath_request_duration_seconds_bucket{le=\"+Inf\"} "
                  "%" PRIu64 "\n"
                  "reqpath_request_duration_seconds_sum %.6f\n"
                  "reqpath_request_duration_seconds_count %" PRIu64 "\n",
                  count, (double)value_of(&m->duration_ns) * 1e-9, count);
}

void rp_metrics_print(const struct rp_metrics *metrics, FILE *out)
{
    print_answers(metrics, out);
    print_gauges(metrics, out);
    print_counts(metrics, out);
    print_steps(metrics, out);
    print_latency(metrics, out);
}
