/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/wrkreport.h"

#include "peertext.h"

/* 1000 requests of 4 connections in 2 s: a turn takes 2000 / 250 = 8 ms, and
 * wrk adds to latencies of 16 ms and more. */
#define REPORT(max, p99)                                                       \
    "Running 2s test @ http://127.0.0.1/\n"                                    \
    "  1 threads and 4 connections\n"                                          \
    "    Latency     8.00ms    1.00ms  " max "   84.51%\n"                     \
    "  Latency Distribution\n"                                                 \
    "     50%    7.50ms\n     75%    8.64ms\n     90%   10.26ms\n"             \
    "     99%   " p99 "\n"                                                     \
    "  1000 requests in 2.00s, 1.08MB read\n"

static const char good[] =
    REPORT("15.90ms", "14.00ms") "Requests/sec:    500.00\n";

Test(wrkreport, nothing_was_added_below_twice_the_interval)
{
    const struct rp_peer p = peer_of_text(rp_wrk_read_text, good);

    cr_expect(eq(str, (char *)p.useless, ""));
    cr_expect(eq(ulong, p.requests, 1000));
    cr_expect(eq(ulong, p.concurrency, 4));
    cr_expect(epsilon_eq(dbl, p.rps, 500.0, 1e-9));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P50], 7.5, 1e-12));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P90], 10.26, 1e-12));
    cr_expect(isnan(p.percent_ms[RP_METRIC_P95]), "wrk has none");
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P99], 14.0, 1e-12));
    cr_expect(epsilon_eq(dbl, p.longest_ms, 15.9, 1e-12));
    cr_expect(isnan(p.latency_ms), "the mean is that of the throughput");
    cr_expect(eq(str, (char *)p.lacks,
                 "wrk has no p95\nwrk's latencies begin with the request, not "
                 "with its connection; the mean is that of the throughput"));
}

Test(wrkreport, what_was_added_cannot_reach_below_p99)
{
    const struct rp_peer p =
        peer_of_text(rp_wrk_read_text,
                     REPORT("40.00ms", "15.00ms") "Requests/sec:    500.00\n");

    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P90], 10.26, 1e-12));
    cr_expect(isnan(p.percent_ms[RP_METRIC_P99]));
    cr_expect(isnan(p.longest_ms));
    cr_expect(strstr(p.lacks, "up to two of 100 latencies") != NULL);
}

Test(wrkreport, above_it_no_percentile_is_believed)
{
    const struct rp_peer p = peer_of_file(rp_wrk_read_text, "wrk-stalls.txt");

    cr_expect(eq(ulong, p.requests, 2651));
    cr_expect(eq(ulong, p.concurrency, 8));
    cr_expect(epsilon_eq(dbl, p.rps, 1320.57, 1e-9));
    for (size_t m = 0; m < RP_METRIC_COUNT; m++)
        cr_expect(isnan(p.percent_ms[m]));
    cr_expect(isnan(p.longest_ms));
    cr_expect(strstr(p.lacks, "the interval of 6.06 ms") != NULL,
              "2010 ms / (2651 / 8)");
}

Test(wrkreport, time_outs_are_in_no_latency)
{
    const struct rp_peer p = peer_of_file(rp_wrk_read_text, "wrk-timeouts.txt");

    cr_expect(eq(str, (char *)p.useless, ""));
    cr_expect(epsilon_eq(dbl, p.rps, 50.88, 1e-9));
    cr_expect(isnan(p.percent_ms[RP_METRIC_P50]));
    cr_expect(eq(int, strncmp(p.lacks, "6 answers took longer", 21), 0));
}

Test(wrkreport, without_latency_there_are_no_percentiles)
{
    const struct rp_peer p = peer_of_text(
        rp_wrk_read_text, "Running 2s test @ x\n  3 threads and 8 connections\n"
                          "    Latency     8.00ms    1.00ms  9.00ms   84%\n"
                          "  1000 requests in 2.00s, 1.08MB read\n"
                          "Requests/sec:    500.00\n");

    cr_expect(eq(ulong, p.concurrency, 6), "3 threads with 2 each");
    cr_expect(isnan(p.longest_ms));
    cr_expect(strstr(p.lacks, "run wrk with --latency") != NULL);
    cr_expect(strstr(p.lacks, "8 connections evenly: there were 6") != NULL);
}

struct useless_case {
    const char file[24], why[160];
};

ParameterizedTestParameters(wrkreport, a_run_that_failed_is_useless)
{
    static struct useless_case cases[] = {
        {"wrk-404.txt", "92 of 92 answers were neither 2xx nor 3xx"},
        {"wrk-errors.txt", "socket errors: connect 0, read 62, write 0"},
        {"wrk-silent.txt", "no request was answered"},
        {"wrk-refused.txt", "wrk could not connect: \"unable to connect to "
                            "127.0.0.1:1 Connection refused\""},
        {"wrk2.txt",
         "this is a report of wrk2, whose requests come at a rate; the runs of "
         "a data set are of clients that wait for their answer"}};

    return cr_make_param_array(struct useless_case, cases,
                               sizeof cases / sizeof *cases, NULL);
}

ParameterizedTest(struct useless_case *c, wrkreport,
                  a_run_that_failed_is_useless)
{
    cr_expect(eq(str, (char *)peer_of_file(rp_wrk_read_text, c->file).useless,
                 (char *)c->why));
}

Test(wrkreport, figures_that_contradict_each_other_are_not_believed)
{
    const struct rp_peer p =
        peer_of_text(rp_wrk_read_text,
                     REPORT("15.00ms", "14.00ms") "Requests/sec:    520.00\n");

    cr_expect(eq(str, (char *)p.useless,
                 "1000 requests in 2 s are not 520.00 a second: the report was "
                 "changed, or joined from two"));
}

Test(wrkreport, what_is_no_report_is_refused)
{
    char two[2048];

    peer_refused(rp_wrk_read_text, "Usage: wrk <options> <url>\n",
                 RP_ERR_SYNTAX,
                 "x: expected a report of wrk, which begins with \"Running\"");
    peer_refused(rp_wrk_read_text, REPORT("15.00ms", "14.00ms"), RP_ERR_SYNTAX,
                 "x: the report of wrk is cut: expected its threads, "
                 "connections, requests and Requests/sec");
    (void)snprintf(two, sizeof two, "%s%s", good, good);
    peer_refused(rp_wrk_read_text, two, RP_ERR_SYNTAX,
                 "x: found 2 reports of wrk, expected one");
}
