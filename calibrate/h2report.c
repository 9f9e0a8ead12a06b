/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/h2report.h"

#include "model/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct report {
    size_t begun; /* lines "starting benchmark..." */
    unsigned long clients, done, succeeded, failed, errored, timeout;
    unsigned long redirected, refused, broken; /* 3xx, 4xx, 5xx */
    bool has_requests, has_statuses;
    double rps;
    char columns[RP_PEER_LINE_SIZE]; /* "min max mean sd +/- sd" */
    double longest_ms, median_ms, p95_ms, p99_ms;
};

static bool begins(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

/* "N word" in "N total, M started, ..." */
static bool count_before(const char *line, const char *word,
                         unsigned long *count)
{
    const char *at = strstr(line, word);

    while (at && at > line &&
           (at[-1] == ' ' || (at[-1] >= '0' && at[-1] <= '9')))
        at--;
    return at && rp_peer_count(at, "", count);
}

/* The times of a row stand under the names of the columns. */
static void read_times(const char *at, struct report *r)
{
    static const char blanks[] = " ";
    const char *name = r->columns;

    for (;;) {
        const size_t n = strcspn(name, blanks);
        double ms;

        if (n == 0)
            return;
        ms = rp_peer_time_ms(at, &at, NULL);
        if (isnan(ms))
            return;
        if (n == 3 && begins(name, "max"))
            r->longest_ms = ms;
        else if (n == 6 && begins(name, "median"))
            r->median_ms = ms;
        else if (n == 3 && begins(name, "p95"))
            r->p95_ms = ms;
        else if (n == 3 && begins(name, "p99"))
            r->p99_ms = ms;
        name += n + strspn(name + n, blanks);
    }
}

static void read_line(const char *line, struct report *r)
{
    unsigned long clients = 0;

    if (begins(line, "starting benchmark"))
        r->begun++;
    else if (begins(line, "spawning thread #")) {
        if (count_before(line, " total client(s)", &clients))
            r->clients += clients;
    } else if (begins(line, "finished in ")) {
        const char *const comma = strchr(line, ',');

        if (!comma ||
            !rp_number_scan(comma + 1 + strspn(comma + 1, " "), NULL, &r->rps))
            r->rps = NAN;
    } else if (begins(line, "requests:")) {
        r->has_requests = count_before(line, " done", &r->done) &&
                          count_before(line, " succeeded", &r->succeeded) &&
                          count_before(line, " failed", &r->failed) &&
                          count_before(line, " errored", &r->errored) &&
                          count_before(line, " timeout", &r->timeout);
    } else if (begins(line, "status codes:")) {
        r->has_statuses = count_before(line, " 3xx", &r->redirected) &&
                          count_before(line, " 4xx", &r->refused) &&
                          count_before(line, " 5xx", &r->broken);
    } else if (begins(line, "min "))
        (void)snprintf(r->columns, sizeof r->columns, "%s", line);
    else if (begins(line, "time for request:"))
        read_times(line + strlen("time for request:"), r);
}

static void take(const struct report *r, struct rp_peer *peer)
{
    const unsigned long bad = r->redirected + r->refused + r->broken;

    rp_peer_init(peer);
    if (r->failed + r->errored + r->timeout > 0)
        rp_peer_useless(peer, "%lu requests failed, %lu of them by time-out",
                        r->failed + r->timeout, r->timeout);
    if (r->succeeded == 0)
        rp_peer_useless(peer, "no request was answered");
    if (bad > 0)
        rp_peer_useless(peer, "%lu of %lu answers were not 2xx", bad, r->done);
    if (peer->useless[0])
        return;
    peer->requests = r->done;
    peer->concurrency = r->clients;
    peer->rps = r->rps;
    peer->longest_ms = r->longest_ms;
    peer->percent_ms[RP_METRIC_P50] = r->median_ms;
    peer->percent_ms[RP_METRIC_P95] = r->p95_ms;
    peer->percent_ms[RP_METRIC_P99] = r->p99_ms;
    rp_peer_lacks(peer, "h2load's times begin with the request, not with its "
                        "connection; the mean is that of the throughput");
    if (isnan(r->median_ms))
        rp_peer_lacks(peer, "percentiles are not in it: run h2load with "
                            "--log-file and take that file");
}

enum rp_code rp_h2_read_text(const char *text, size_t length,
                             const char *file_name, struct rp_peer *peer,
                             struct rp_error *error)
{
    struct report r = {.rps = NAN,
                       .longest_ms = NAN,
                       .median_ms = NAN,
                       .p95_ms = NAN,
                       .p99_ms = NAN};
    const char *at = text, *const end = text + length;
    char line[RP_PEER_LINE_SIZE];

    while (rp_peer_line(&at, end, line))
        read_line(line, &r);
    if (r.begun == 0)
        return rp_fail_at(error, RP_ERR_SYNTAX, file_name, 0, 0,
                          "expected a report of h2load, which begins with "
                          "\"starting benchmark...\"");
    if (r.begun > 1)
        return rp_fail_at(error, RP_ERR_SYNTAX, file_name, 0, 0,
                          "found %zu reports of h2load, expected one", r.begun);
    if (!(r.rps >= 0.0) || !r.has_requests || !r.has_statuses)
        return rp_fail_at(error, RP_ERR_SYNTAX, file_name, 0, 0,
                          "the report of h2load is cut: expected \"finished "
                          "in\", requests and status codes");
    take(&r, peer);
    return RP_OK;
}
