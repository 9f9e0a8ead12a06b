/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/wrkreport.h"

#include "model/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the lines say; NAN, 0 and false where they do not. */
struct report {
    size_t begun; /* lines "Running ..." */
    bool refused, is_wrk2;
    unsigned long threads, connections, requests, bad;
    unsigned long connect, read, write, timeout;
    bool has_requests;
    double seconds, seconds_half; /* of its last digit */
    double rps, max_ms, max_half_ms;
    bool has_levels;
    double p50, p90, p99; /* ms */
    char first[RP_PEER_LINE_SIZE];
};

static bool begins(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

static void read_latency(const char *line, struct report *r)
{
    const char *at = line + strlen("Latency");
    const double mean_ms = rp_peer_time_ms(at, &at, NULL);
    const double deviation_ms = rp_peer_time_ms(at, &at, NULL);

    if (isnan(mean_ms) || isnan(deviation_ms))
        return;
    r->max_ms = rp_peer_time_ms(at, &at, &r->max_half_ms);
}

static void read_level(const char *line, struct report *r)
{
    const char *end;
    double level;

    if (!rp_number_scan(line, &end, &level) || *end != '%')
        return;
    if (fabs(level - 50.0) < 1e-9)
        r->p50 = rp_peer_time_ms(end + 1, NULL, NULL);
    else if (fabs(level - 90.0) < 1e-9)
        r->p90 = rp_peer_time_ms(end + 1, NULL, NULL);
    else if (fabs(level - 99.0) < 1e-9)
        r->p99 = rp_peer_time_ms(end + 1, NULL, NULL);
}

static void read_requests(const char *line, const char *in, struct report *r)
{
    double half_ms = 0.0;

    r->has_requests = rp_peer_count(line, "", &r->requests);
    r->seconds =
        rp_peer_time_ms(in + strlen(" requests in "), NULL, &half_ms) / 1e3;
    r->seconds_half = half_ms / 1e3;
}

static void read_line(const char *line, struct report *r)
{
    const char *const in = strstr(line, " requests in ");

    if (begins(line, "Running "))
        r->begun++;
    else if (begins(line, "unable to connect to "))
        r->refused = true;
    else if (strstr(line, " threads and ")) {
        (void)rp_peer_count(line, "", &r->threads);
        (void)rp_peer_count(line, " threads and ", &r->connections);
    } else if (begins(line, "Latency Distribution")) {
        r->has_levels = true;
        r->is_wrk2 |= strstr(line, "HdrHistogram") != NULL;
    } else if (begins(line, "Latency"))
        read_latency(line, r);
    else if (in)
        read_requests(line, in, r);
    else if (begins(line, "Socket errors:")) {
        (void)rp_peer_count(line, "connect ", &r->connect);
        (void)rp_peer_count(line, "read ", &r->read);
        (void)rp_peer_count(line, "write ", &r->write);
        (void)rp_peer_count(line, "timeout ", &r->timeout);
    } else if (begins(line, "Non-2xx or 3xx responses:"))
        (void)rp_peer_count(line, "responses:", &r->bad);
    else if (begins(line, "Requests/sec:")) {
        if (!rp_number_scan(line + strcspn(line, "0123456789"), NULL, &r->rps))
            r->rps = NAN;
    } else if (r->has_levels && line[0] >= '0' && line[0] <= '9')
        read_level(line, r);
}

/* ---- What may be believed ---- */

/* The throughput is printed besides what it was divided from. */
static bool agrees(const struct report *r)
{
    const double n = (double)r->requests;
    const double low = n / (r->seconds + r->seconds_half) - 0.005;
    const double high = n / fmax(1e-9, r->seconds - r->seconds_half) + 0.005;

    return r->rps >= low * (1.0 - 1e-9) && r->rps <= high * (1.0 + 1e-9);
}

static void judge(const struct report *r, struct rp_peer *peer)
{
    if (r->refused)
        rp_peer_useless(peer, "wrk could not connect: \"%.200s\"", r->first);
    if (r->is_wrk2)
        rp_peer_useless(peer,
                        "this is a report of wrk2, whose requests come at a "
                        "rate; the runs of a data set are of clients that wait "
                        "for their answer");
    if (r->requests == 0)
        rp_peer_useless(peer, "no request was answered");
    if (r->connect + r->read + r->write > 0)
        rp_peer_useless(peer, "socket errors: connect %lu, read %lu, write %lu",
                        r->connect, r->read, r->write);
    if (r->bad > 0)
        rp_peer_useless(peer, "%lu of %lu answers were neither 2xx nor 3xx",
                        r->bad, r->requests);
    if (!r->refused && !r->is_wrk2 && r->requests > 0 && !agrees(r))
        rp_peer_useless(peer,
                        "%lu requests in %g s are not %.2f a second: the "
                        "report was changed, or joined from two",
                        r->requests, r->seconds, r->rps);
}

/* How far wrk's own additions reach; see the header. */
static void take_levels(const struct report *r, struct rp_peer *peer)
{
    const unsigned long turns = r->requests / r->connections;
    const double twice_ms =
        turns == 0 ? (double)INFINITY
                   : 2e3 * (r->seconds - r->seconds_half) / (double)turns;

    if (!r->has_levels) {
        rp_peer_lacks(peer, "percentiles are not in it: run wrk with "
                            "--latency");
        return;
    }
    if (r->timeout > 0) {
        rp_peer_lacks(peer,
                      "%lu answers took longer than wrk's --timeout and are in "
                      "none of its latencies: percentiles are left out",
                      r->timeout);
        return;
    }
    if (isnan(r->max_ms) || isnan(r->p99))
        return;
    if (r->max_ms + r->max_half_ms < twice_ms) {
        peer->percent_ms[RP_METRIC_P99] = r->p99;
        peer->longest_ms = r->max_ms;
    } else if (r->p99 < twice_ms)
        rp_peer_lacks(peer, "p99 and the longest request are left out: wrk "
                            "adds requests that it did not send, here up to "
                            "two of 100 latencies");
    else {
        rp_peer_lacks(peer,
                      "percentiles are left out: wrk adds requests that it did "
                      "not send to latencies above twice the interval of %.3g "
                      "ms, here to more than one of 100",
                      twice_ms / 2.0);
        return;
    }
    peer->percent_ms[RP_METRIC_P50] = r->p50;
    peer->percent_ms[RP_METRIC_P90] = r->p90;
    rp_peer_lacks(peer, "wrk has no p95");
}

static void take(const struct report *r, struct rp_peer *peer)
{
    rp_peer_init(peer);
    judge(r, peer);
    if (peer->useless[0])
        return;
    peer->requests = r->requests;
    peer->rps = r->rps;
    peer->concurrency = r->connections / r->threads * r->threads;
    if (peer->concurrency != r->connections)
        rp_peer_lacks(peer,
                      "wrk's %lu threads share out %lu connections evenly: "
                      "there were %lu",
                      r->threads, r->connections, peer->concurrency);
    take_levels(r, peer);
    rp_peer_lacks(peer, "wrk's latencies begin with the request, not with its "
                        "connection; the mean is that of the throughput");
}

enum rp_code rp_wrk_read_text(const char *text, size_t length,
                              const char *file_name, struct rp_peer *peer,
                              struct rp_error *error)
{
    struct report r = {.seconds = NAN,
                       .rps = NAN,
                       .max_ms = NAN,
                       .p50 = NAN,
                       .p90 = NAN,
                       .p99 = NAN};
    const char *at = text, *const end = text + length;
    char line[RP_PEER_LINE_SIZE];

    while (rp_peer_line(&at, end, line)) {
        if (!r.first[0])
            (void)snprintf(r.first, sizeof r.first, "%s", line);
        read_line(line, &r);
    }
    if (r.begun == 0 && !r.refused)
        return rp_fail_at(error, RP_ERR_SYNTAX, file_name, 0, 0,
                          "expected a report of wrk, which begins with "
                          "\"Running\"");
    if (r.begun > 1)
        return rp_fail_at(error, RP_ERR_SYNTAX, file_name, 0, 0,
                          "found %zu reports of wrk, expected one", r.begun);
    if (!r.refused && (r.threads == 0 || r.connections < r.threads ||
                       !r.has_requests || !(r.seconds > 0.0) || isnan(r.rps)))
        return rp_fail_at(error, RP_ERR_SYNTAX, file_name, 0, 0,
                          "the report of wrk is cut: expected its threads, "
                          "connections, requests and Requests/sec");
    take(&r, peer);
    return RP_OK;
}
