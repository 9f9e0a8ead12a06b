/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/ablint.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---- Sentences, one a line ---- */

struct sentences {
    char *text;
    size_t size, used;
    unsigned count;
};

static struct sentences begin(char *text, size_t size)
{
    assert(text || size == 0);
    if (size > 0)
        text[0] = '\0';
    return (struct sentences){.text = text, .size = size};
}

static void say(struct sentences *to, const char *format, ...) RP_PRINTF(2, 3);

static void say(struct sentences *to, const char *format, ...)
{
    va_list args;
    int n;

    if (to->count++ > 0 && to->used + 1 < to->size) {
        to->text[to->used++] = '\n';
        to->text[to->used] = '\0';
    }
    if (to->used >= to->size)
        return;
    va_start(args, format);
    n = vsnprintf(to->text + to->used, to->size - to->used, format, args);
    va_end(args);
    if (n > 0)
        to->used += (size_t)n;
    if (to->used >= to->size)
        to->used = to->size - 1;
}

/* ---- What rounding leaves open ---- */

struct interval {
    double low, high;
};

/* Some versions of ab compute in single precision before they print. */
static const double single = 2e-7;

static double half_unit(const struct rp_ab_report *report, enum rp_ab_key key)
{
    return 0.5 * pow(10.0, -(double)report->digits[key]);
}

static struct interval printed_as(const struct rp_ab_report *report,
                                  enum rp_ab_key key, double value)
{
    const double half = half_unit(report, key) + single * value;

    return (struct interval){fmax(value - half, 0.0), value + half};
}

static struct interval quotient(double above, struct interval below)
{
    return (struct interval){above / below.high,
                             below.low > 0.0 ? above / below.low : HUGE_VAL};
}

static bool meet(struct interval a, struct interval b)
{
    return a.low <= b.high && b.low <= a.high;
}

static struct interval common(struct interval a, struct interval b)
{
    return (struct interval){fmax(a.low, b.low), fmin(a.high, b.high)};
}

/* ---- The seconds of ab 2.0 ---- */

static double with_zeros(const struct rp_ab_report *report)
{
    const double whole = floor(report->seconds);
    const double units = pow(10.0, (double)report->digits[RP_AB_SECONDS]);

    return whole + round((report->seconds - whole) * units) * 1e-6;
}

static bool agrees_with_rps(const struct rp_ab_report *report, double seconds,
                            double half)
{
    const struct interval run = {fmax(seconds - half, 0.0), seconds + half};
    const double requests = (double)report->requests;

    return meet(printed_as(report, RP_AB_RPS, report->rps),
                quotient(requests, run));
}

double rp_ab_mended_seconds(const struct rp_ab_report *report)
{
    const bool is_old = strncmp(report->version, "2.0", 3) == 0;
    const unsigned digits = report->digits[RP_AB_SECONDS];

    if (!rp_ab_printed(report, RP_AB_SECONDS))
        return NAN;
    if (!rp_ab_printed(report, RP_AB_RPS) || digits < 3 || digits > 6)
        return report->seconds;
    if (!is_old && agrees_with_rps(report, report->seconds,
                                   half_unit(report, RP_AB_SECONDS)))
        return report->seconds;
    if (agrees_with_rps(report, with_zeros(report), 1e-6))
        return with_zeros(report);
    return report->seconds;
}

static bool is_mended(const struct rp_ab_report *report)
{
    return fabs(report->run_seconds - report->seconds) > 1e-9;
}

/* ---- Throughput ---- */

/* What a figure says about the throughput, and how a sentence calls it. */
struct witness {
    const char *words;
    double rps;
    struct interval interval;
};

enum { WITNESS_MAX = 4 };

static size_t find_witnesses(const struct rp_ab_report *report,
                             struct witness found[WITNESS_MAX])
{
    const double c = (double)report->concurrency;
    const double n = (double)report->requests;
    struct interval run;
    size_t count = 0;

    if (rp_ab_printed(report, RP_AB_RPS))
        found[count++] =
            (struct witness){"requests per second", report->rps,
                             printed_as(report, RP_AB_RPS, report->rps)};
    if (rp_ab_printed(report, RP_AB_MEAN) && c > 0.0 && report->mean_ms > 0.0)
        found[count++] = (struct witness){
            "concurrency / time per request", 1000.0 * c / report->mean_ms,
            quotient(1000.0 * c,
                     printed_as(report, RP_AB_MEAN, report->mean_ms))};
    if (rp_ab_printed(report, RP_AB_ACROSS) && report->across_ms > 0.0)
        found[count++] = (struct witness){
            "1 / time per request across all", 1000.0 / report->across_ms,
            quotient(1000.0,
                     printed_as(report, RP_AB_ACROSS, report->across_ms))};
    if (report->run_seconds > 0.0 && n > 0.0) {
        run = printed_as(report, RP_AB_SECONDS, report->run_seconds);
        if (is_mended(report))
            run = (struct interval){report->run_seconds - 1e-6,
                                    report->run_seconds + 1e-6};
        found[count++] =
            (struct witness){"complete requests / time taken",
                             n / report->run_seconds, quotient(n, run)};
    }
    return count;
}

double rp_ab_throughput(const struct rp_ab_report *report, double *half_width)
{
    struct interval all = {0.0, HUGE_VAL};
    struct witness witnesses[WITNESS_MAX];
    const size_t count = find_witnesses(report, witnesses);
    double middle = NAN, half = NAN;

    for (size_t i = 0; i < count; i++)
        all = common(all, witnesses[i].interval);
    if (all.low <= all.high && isfinite(all.high)) {
        middle = (all.low + all.high) / 2.0;
        half = (all.high - all.low) / 2.0;
    }
    if (half_width)
        *half_width = half;
    return middle;
}

/* ---- Contradictions ---- */

static void check_rates(const struct rp_ab_report *report, struct sentences *to)
{
    struct witness w[WITNESS_MAX];
    const size_t count = find_witnesses(report, w);

    for (size_t i = 1; i < count; i++)
        if (!meet(w[0].interval, w[i].interval))
            say(to, "%s is %.6g/s, but %s is %.6g/s", w[0].words, w[0].rps,
                w[i].words, w[i].rps);
}

static void check_counts(const struct rp_ab_report *report,
                         struct sentences *to)
{
    const unsigned long sum = report->failed_connect + report->failed_receive +
                              report->failed_length + report->failed_exceptions;
    const bool counted = rp_ab_printed(report, RP_AB_REQUESTS);

    if (rp_ab_printed(report, RP_AB_CONCURRENCY) && report->concurrency == 0)
        say(to, "the concurrency level is 0");
    if (report->has_breakdown && sum != report->failed)
        say(to, "%lu failed requests, but those in parentheses are %lu",
            report->failed, sum);
    if (counted && report->finished &&
        report->finished_requests != report->requests)
        say(to, "%lu complete requests, but \"Finished %lu requests\"",
            report->requests, report->finished_requests);
    if (counted && report->progress_requests > report->requests)
        say(to, "%lu complete requests, but \"Completed %lu requests\"",
            report->requests, report->progress_requests);
}

static void check_percentiles(const struct rp_ab_report *report,
                              struct sentences *to)
{
    const double longest = report->percent_ms[RP_AB_P100];
    size_t last = 0;

    for (size_t i = 1; i < RP_AB_PERCENT_COUNT; i++) {
        if (isnan(report->percent_ms[i]))
            continue;
        if (report->percent_ms[i] < report->percent_ms[last])
            say(to,
                "%u %% of the requests took up to %g ms, but %u %% up to "
                "%g ms",
                rp_ab_percent_of((enum rp_ab_percent)last),
                report->percent_ms[last],
                rp_ab_percent_of((enum rp_ab_percent)i), report->percent_ms[i]);
        last = i;
    }
    if (report->percent_ms[0] < 0.0 || report->total_min_ms < 0.0)
        say(to, "a time is negative: the clock was set while ab ran");
    if (fabs(report->total_max_ms - longest) > 0.0)
        say(to,
            "the longest request is %g ms in one table, but %g ms in the "
            "other",
            report->total_max_ms, longest);
    if (report->total_min_ms > report->total_mean_ms ||
        report->total_mean_ms > report->total_max_ms ||
        report->total_min_ms > report->total_median_ms ||
        report->total_median_ms > report->total_max_ms)
        say(to, "the total times are not in order: min %g, mean %g, max %g ms",
            report->total_min_ms, report->total_mean_ms, report->total_max_ms);
}

unsigned rp_ab_lint(const struct rp_ab_report *report, char *text, size_t size)
{
    struct sentences to = begin(text, size);

    check_rates(report, &to);
    check_counts(report, &to);
    check_percentiles(report, &to);
    return to.count;
}

/* ---- Use ---- */

static enum rp_code explain_failure(const struct rp_ab_report *report,
                                    const char *file_name,
                                    struct rp_error *error)
{
    char reason[RP_AB_TEXT_SIZE + 64] = "";

    if (report->error[0])
        (void)snprintf(reason, sizeof reason, "\"%s\"", report->error);
    else if (report->send_failures > 0)
        (void)snprintf(reason, sizeof reason, "\"Send request failed!\" (%lu)",
                       report->send_failures);
    else if (report->tls_failures > 0)
        (void)snprintf(reason, sizeof reason, "a failure of TLS (%lu)",
                       report->tls_failures);
    if (report->aborted)
        return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, report->line, 0,
                          "ab gave up after %lu requests%s%s and printed no "
                          "report; measure again",
                          report->aborted_requests, reason[0] ? " with " : "",
                          reason);
    if (reason[0])
        return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, report->line, 0,
                          "ab ended with %s and printed no report; measure "
                          "again",
                          reason);
    return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, report->line, 0,
                      "ab stopped before its report, and the reason is not in "
                      "this file (ab writes it to standard error); measure "
                      "again");
}

/* The first thing that a whole report has and this one has not. */
static const char *missing_part(const struct rp_ab_report *report)
{
    static const struct {
        enum rp_ab_key key;
        const char *words;
    } parts[] = {
        {RP_AB_CONCURRENCY, "\"Concurrency Level\""},
        {RP_AB_SECONDS, "\"Time taken for tests\""},
        {RP_AB_REQUESTS, "\"Complete requests\""},
        {RP_AB_FAILED, "\"Failed requests\""},
        {RP_AB_RPS, "\"Requests per second\""},
        {RP_AB_MEAN, "\"Time per request\""},
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!rp_ab_printed(report, parts[i].key))
            return parts[i].words;
    return isnan(report->percent_ms[0]) ? "the table of percentiles"
                                        : "a part of the percentiles";
}

static enum rp_code explain_malformed(const struct rp_ab_report *report,
                                      const char *file_name,
                                      struct rp_error *error)
{
    char first[RP_AB_SENTENCES_SIZE];

    if (report->flaw[0])
        return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, report->flaw_line,
                          0, "%s; was the report edited?", report->flaw);
    (void)rp_ab_lint(report, first, sizeof first);
    first[strcspn(first, "\n")] = '\0';
    return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, report->line, 0,
                      "the figures contradict each other: %s; was the report "
                      "edited?",
                      first);
}

static enum rp_code explain_failed(const struct rp_ab_report *report,
                                   const char *file_name,
                                   struct rp_error *error)
{
    if (report->has_breakdown && report->failed_length == report->failed)
        return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, report->line, 0,
                          "%lu of %lu answers had another length than the "
                          "first, which ab counts as failed; if lengths may "
                          "vary, measure with ab -l",
                          report->failed, report->requests);
    return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, report->line, 0,
                      "%lu failed requests among %lu; a failed request does "
                      "not cost what a served one does: find out why, and "
                      "measure again",
                      report->failed, report->requests);
}

enum rp_code rp_ab_usable(const struct rp_ab_report *report,
                          const char *file_name, struct rp_error *error)
{
    const size_t line = report->line;

    switch (report->status) {
    case RP_AB_FAILURE:
        return explain_failure(report, file_name, error);
    case RP_AB_MALFORMED:
        return explain_malformed(report, file_name, error);
    case RP_AB_PARTIAL:
    case RP_AB_OK:
        break;
    }
    if (report->failed > 0)
        return explain_failed(report, file_name, error);
    if (report->non2xx > 0)
        return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, line, 0,
                          "%lu of %lu answers were not 2xx; ab follows no "
                          "redirects and sends no login: check the URL",
                          report->non2xx, report->requests);
    if (report->write_errors > 0)
        return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, line, 0,
                          "%lu write errors; measure again",
                          report->write_errors);
    if (report->status == RP_AB_PARTIAL)
        return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, line, 0,
                          "the report is not whole: %s is missing; was it "
                          "cut, or made with -d or -w?",
                          missing_part(report));
    if (report->interrupted)
        return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, line, 0,
                          "ab was interrupted: it showed its progress, but "
                          "not that it finished; measure again");
    if (report->requests == 0)
        return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, line, 0,
                          "no request was completed; measure again");
    if (!(rp_ab_throughput(report, NULL) > 0.0))
        return rp_fail_at(error, RP_ERR_UNUSABLE, file_name, line, 0,
                          "the run took %g s by its clock, which gives no "
                          "throughput; raise ab -n",
                          report->seconds);
    return RP_OK;
}

/* ---- Warnings ---- */

/* Requests in flight on the average, by Little's law, over the clients. */
static double busy_clients(const struct rp_ab_report *report)
{
    return rp_ab_throughput(report, NULL) * report->total_mean_ms / 1000.0 /
           (double)report->concurrency;
}

static void warn_of_keepalive(const struct rp_ab_report *report,
                              struct sentences *to)
{
    if (!rp_ab_printed(report, RP_AB_KEEPALIVE))
        return;
    if (report->keepalive == 0 && report->requests > 0)
        say(to, "the server refused keep-alive (ab asks for it by HTTP/1.0): "
                "every request connects");
    /* 40 ms is the kernel's delay of acknowledgements; a server that writes
     * head and body apart waits for one, and ab's first byte does not. */
    if (report->keepalive > 0 && report->waiting_median_ms <= 2.0 &&
        report->processing_median_ms >= 39.0 &&
        report->processing_median_ms <= 45.0)
        say(to, "about 40 ms between the first byte and the last are delayed "
                "acknowledgements, not the server's work");
}

unsigned rp_ab_warnings(const struct rp_ab_report *report, char *text,
                        size_t size)
{
    /* In published reports the clients were busy in 179 of 195 cases from 20
     * requests a client on, and in 17 of 65 below. */
    static const unsigned long requests_a_client = 20;
    /* Below 20 ms the rounding of the mean hides what is looked for. */
    static const double mean_min_ms = 20.0, busy_min = 0.95;
    struct sentences to = begin(text, size);

    if (report->requests < requests_a_client * report->concurrency)
        say(&to,
            "only %lu of the %lu requests that concurrency %lu calls for: "
            "start and end of the run count much; raise ab -n",
            report->requests, requests_a_client * report->concurrency,
            report->concurrency);
    if (report->many_asked && report->requests <= RP_AB_MANY)
        say(&to,
            "only %lu requests, though more than %d were asked for: the time "
            "limit of ab -t ended the run, or somebody did",
            report->requests, RP_AB_MANY);
    if (report->concurrency > 1 && report->total_mean_ms >= mean_min_ms &&
        busy_clients(report) < busy_min)
        say(&to,
            "only %.3g of %lu clients were busy on the average: ab's time "
            "per request is %g ms, but the latencies' mean is %g ms",
            busy_clients(report) * (double)report->concurrency,
            report->concurrency, report->mean_ms, report->total_mean_ms);
    warn_of_keepalive(report, &to);
    if (is_mended(report))
        say(&to, "ab 2.0 printed %.9g s for a run of %.9g s", report->seconds,
            report->run_seconds);
    return to.count;
}
