/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/heyreport.h"

#include "peertext.h"

Test(heyreport, figures_are_those_that_hey_printed)
{
    const struct rp_peer p = peer_of_file(rp_hey_read_text, "hey.txt");

    cr_expect(eq(str, (char *)p.useless, ""));
    cr_expect(eq(ulong, p.requests, 200));
    cr_expect(eq(ulong, p.concurrency, 0), "hey does not say it");
    cr_expect(epsilon_eq(dbl, p.rps, 186.4381, 1e-9));
    cr_expect(epsilon_eq(dbl, p.latency_ms, 14.9, 1e-9));
    cr_expect(epsilon_eq(dbl, p.longest_ms, 1031.8, 1e-9));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P50], 4.0, 1e-9));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P90], 9.0, 1e-9));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P95], 11.9, 1e-9));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P99], 1019.5, 1e-9));
    cr_expect(eq(str, (char *)p.lacks, "hey rounds times to 0.1 ms"));
}

#define REPORT(rps, levels, status)                                            \
    "\nSummary:\n  Total:\t1.0000 secs\n  Slowest:\t0.0520 secs\n"             \
    "  Average:\t0.0400 secs\n  Requests/sec:\t" rps "\n"                      \
    "Latency distribution:\n" levels "Details (average, fastest, slowest):\n"  \
    "Status code distribution:\n" status

Test(heyreport, percentiles_that_hey_has_not_stay_empty)
{
    const struct rp_peer p =
        peer_of_text(rp_hey_read_text,
                     REPORT("20.0000",
                            "  50% in 0.0440 secs\n"
                            "  0% in 0.0000 secs\n",
                            "  [200]\t15 responses\n  [201]\t5 responses"));

    cr_expect(eq(str, (char *)p.useless, ""));
    cr_expect(eq(ulong, p.requests, 20));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P50], 44.0, 1e-9));
    cr_expect(isnan(p.percent_ms[RP_METRIC_P99]));
    cr_expect(strstr(p.lacks, "20 requests are too few") != NULL);
}

Test(heyreport, a_run_that_failed_is_useless)
{
    cr_expect(eq(str,
                 (char *)peer_of_file(rp_hey_read_text, "hey-404.txt").useless,
                 "20 of 20 answers were not 2xx"));
    cr_expect(eq(
        str, (char *)peer_of_file(rp_hey_read_text, "hey-refused.txt").useless,
        "4 requests failed"));
    cr_expect(eq(
        str,
        (char *)peer_of_text(rp_hey_read_text,
                             REPORT("21.0000", "", "  [200]\t20 responses\n"))
            .useless,
        "20 answers in 1 s are not 21.0000 a second: the report was changed, "
        "or joined from two"));
}

Test(heyreport, what_is_no_report_is_refused)
{
    peer_refused(rp_hey_read_text, "hello\n", RP_ERR_SYNTAX,
                 "x: expected a report of hey, which begins with \"Summary:\"");
    peer_refused(rp_hey_read_text, "Summary:\n  Total:\t1.0 secs\n",
                 RP_ERR_SYNTAX,
                 "x: the report of hey is cut: expected its total, "
                 "Requests/sec and status codes");
    peer_refused(rp_hey_read_text, "Summary:\nSummary:\n", RP_ERR_SYNTAX,
                 "x: found 2 reports of hey, expected one");
}
