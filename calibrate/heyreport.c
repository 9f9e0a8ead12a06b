/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/heyreport.h"

#include "model/units.h"

#include <math.h>
#include <string.h>

/* hey keeps so many latencies and forgets the others. */
static const unsigned long kept_max = 1000000;

struct report {
    size_t begun; /* lines "Summary:" */
    enum { ELSEWHERE, LEVELS, STATUSES, ERRORS } section;
    double total_s, slowest_s, average_s, rps;
    double percent_s[RP_METRIC_COUNT];
    unsigned long answers, bad, errors;
    bool has_statuses;
};

static bool read_number(const char *line, const char *word, double *value)
{
    const size_t n = strlen(word);

    return strncmp(line, word, n) == 0 &&
           rp_number_scan(line + n + strspn(line + n, " "), NULL, value);
}

/* "50% in 0.0040 secs"; what has no requests behind it has 0%. */
static void read_level(const char *line, struct report *r)
{
    static const char in[] = "% in ";
    const char *end;
    double percent, seconds;

    if (!rp_number_scan(line, &end, &percent) ||
        !read_number(end, in, &seconds))
        return;
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        if (fabs(rp_metric_level((enum rp_metric)m) - percent / 100.0) < 1e-9)
            r->percent_s[m] = seconds;
}

/* "[200]	200 responses" and "[4]	Get ...: refused" */
static void read_bracket(const char *line, struct report *r)
{
    const char *const close = strchr(line, ']');
    unsigned long number = 0, count = 0;

    if (line[0] != '[' || !close || !rp_peer_count(line, "[", &number))
        return;
    if (r->section == ERRORS)
        r->errors += number;
    else if (rp_peer_count(close, "]", &count)) {
        r->answers += count;
        r->bad += number < 200 || number > 299 ? count : 0;
    }
}

static void read_line(const char *line, struct report *r)
{
    if (strcmp(line, "Summary:") == 0)
        r->begun++;
    else if (strcmp(line, "Latency distribution:") == 0)
        r->section = LEVELS;
    else if (strcmp(line, "Status code distribution:") == 0) {
        r->section = STATUSES;
        r->has_statuses = true;
    } else if (strcmp(line, "Error distribution:") == 0)
        r->section = ERRORS;
    else if (strncmp(line, "Details ", 8) == 0)
        r->section = ELSEWHERE;
    else if (r->section == LEVELS)
        read_level(line, r);
    else if (r->section != ELSEWHERE)
        read_bracket(line, r);
    else if (!read_number(line, "Total:", &r->total_s) &&
             !read_number(line, "Slowest:", &r->slowest_s) &&
             !read_number(line, "Average:", &r->average_s))
        (void)read_number(line, "Requests/sec:", &r->rps);
}

/* Both figures have four digits behind the point. */
static bool agrees(const struct report *r)
{
    const double n = (double)r->answers;
    const double low = n / (r->total_s + 5e-5) - 5e-5;
    const double high = n / fmax(1e-9, r->total_s - 5e-5) + 5e-5;

    return r->rps >= low * (1.0 - 1e-9) && r->rps <= high * (1.0 + 1e-9);
}

static void take(const struct report *r, struct rp_peer *peer)
{
    rp_peer_init(peer);
    if (r->errors > 0)
        rp_peer_useless(peer, "%lu requests failed", r->errors);
    if (r->answers == 0)
        rp_peer_useless(peer, "no request was answered");
    if (r->bad > 0)
        rp_peer_useless(peer, "%lu of %lu answers were not 2xx", r->bad,
                        r->answers);
    if (!agrees(r))
        rp_peer_useless(peer,
                        "%lu answers in %g s are not %.4f a second: the report "
                        "was changed, or joined from two",
                        r->answers, r->total_s, r->rps);
    if (peer->useless[0])
        return;
    peer->requests = r->answers;
    peer->rps = r->rps;
    peer->latency_ms = r->average_s * 1e3;
    peer->longest_ms = r->slowest_s * 1e3;
    for (size_t m = 0; m < RP_METRIC_COUNT; m++)
        peer->percent_ms[m] = r->percent_s[m] * 1e3;
    rp_peer_lacks(peer, "hey rounds times to 0.1 ms");
    if (isnan(r->percent_s[RP_METRIC_P99]))
        rp_peer_lacks(peer,
                      "%lu requests are too few for all percentiles of "
                      "hey",
                      r->answers);
    if (r->answers > kept_max)
        rp_peer_lacks(peer, "percentiles are of the first million requests");
}

enum rp_code rp_hey_read_text(const char *text, size_t length,
                              const char *file_name, struct rp_peer *peer,
                              struct rp_error *error)
{
    struct report r = {
        .total_s = NAN, .slowest_s = NAN, .average_s = NAN, .rps = NAN};
    const char *at = text, *const end = text + length;
    char line[RP_PEER_LINE_SIZE];

    for (size_t m = 0; m < RP_METRIC_COUNT; m++)
        r.percent_s[m] = NAN;
    while (rp_peer_line(&at, end, line))
        read_line(line, &r);
    if (r.begun == 0)
        return rp_fail_at(error, RP_ERR_SYNTAX, file_name, 0, 0,
                          "expected a report of hey, which begins with "
                          "\"Summary:\"");
    if (r.begun > 1)
        return rp_fail_at(error, RP_ERR_SYNTAX, file_name, 0, 0,
                          "found %zu reports of hey, expected one", r.begun);
    if (!(r.total_s > 0.0) || isnan(r.rps) || !r.has_statuses)
        return rp_fail_at(error, RP_ERR_SYNTAX, file_name, 0, 0,
                          "the report of hey is cut: expected its total, "
                          "Requests/sec and status codes");
    take(&r, peer);
    return RP_OK;
}
