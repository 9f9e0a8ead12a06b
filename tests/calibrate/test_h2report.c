/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/h2report.h"

#include "peertext.h"

#define REPORT(requests, codes, header, times)                                 \
    "starting benchmark...\n"                                                  \
    "spawning thread #0: 5 total client(s). 100 total requests\n"              \
    "spawning thread #1: 3 total client(s). 100 total requests\n"              \
    "finished in 1.05s, 190.36 req/s, 12.10KB/s\n"                             \
    "requests: 200 total, 200 started, 200 done, " requests "\n"               \
    "status codes: " codes "\n" header "\ntime for request: " times "\n"

#define GOOD  "200 succeeded, 0 failed, 0 errored, 0 timeout"
#define CODES "200 2xx, 0 3xx, 0 4xx, 0 5xx"

Test(h2report, figures_are_those_that_h2load_printed)
{
    const struct rp_peer p = peer_of_file(rp_h2_read_text, "h2load.txt");

    cr_expect(eq(str, (char *)p.useless, ""));
    cr_expect(eq(ulong, p.requests, 200));
    cr_expect(eq(ulong, p.concurrency, 8));
    cr_expect(epsilon_eq(dbl, p.rps, 190.36, 1e-9));
    cr_expect(epsilon_eq(dbl, p.longest_ms, 12.16, 1e-9));
    cr_expect(isnan(p.latency_ms), "it leaves out connecting");
    cr_expect(isnan(p.percent_ms[RP_METRIC_P50]));
    cr_expect(strstr(p.lacks, "--log-file") != NULL);
}

Test(h2report, columns_are_found_by_their_names)
{
    const struct rp_peer p = peer_of_text(
        rp_h2_read_text,
        REPORT(GOOD, CODES, "  min  max  median  p95  p99  mean  sd  +/- sd",
               "168us 12.16ms 2.50ms 9.00ms 11.00ms 2.97ms 2.75ms 80.50%"));

    cr_expect(eq(ulong, p.concurrency, 8), "of two threads");
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P50], 2.5, 1e-9));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P95], 9.0, 1e-9));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P99], 11.0, 1e-9));
    cr_expect(isnan(p.percent_ms[RP_METRIC_P90]));
}

Test(h2report, a_run_that_failed_is_useless)
{
    cr_expect(eq(str,
                 (char *)peer_of_text(
                     rp_h2_read_text,
                     REPORT("190 succeeded, 10 failed, 7 errored, 3 timeout",
                            CODES, "", ""))
                     .useless,
                 "13 requests failed, 3 of them by time-out"));
    cr_expect(eq(str,
                 (char *)peer_of_text(
                     rp_h2_read_text,
                     REPORT(GOOD, "190 2xx, 4 3xx, 5 4xx, 1 5xx", "", ""))
                     .useless,
                 "10 of 200 answers were not 2xx"));
}

Test(h2report, what_is_no_report_is_refused)
{
    peer_refused(rp_h2_read_text, "hello\n", RP_ERR_SYNTAX,
                 "x: expected a report of h2load, which begins with \"starting "
                 "benchmark...\"");
    peer_refused(rp_h2_read_text, "starting benchmark...\n", RP_ERR_SYNTAX,
                 "x: the report of h2load is cut: expected \"finished in\", "
                 "requests and status codes");
}
