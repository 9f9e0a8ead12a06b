/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/h2log.h"

#include "peertext.h"

/* From the first line's beginning to the last's end are 396,283 us; of the 20
 * times, sorted, number 10 (from 0) is 43,964 and number 18 is 44,023 us. */
Test(h2log, lines_are_requests)
{
    const struct rp_peer p = peer_of_file(rp_h2_log_read_text, "h2load.tsv");

    cr_expect(eq(str, (char *)p.useless, ""));
    cr_expect(eq(ulong, p.requests, 20));
    cr_expect(epsilon_eq(dbl, p.rps, 20.0 / 0.396283, 1e-6));
    cr_expect(epsilon_eq(dbl, p.longest_ms, 44.032, 1e-9));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P50], 43.964, 1e-9));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P90], 44.023, 1e-9));
    cr_expect(isnan(p.latency_ms), "it leaves out connecting");
}

Test(h2log, failed_requests_are_failures)
{
    cr_expect(
        eq(str,
           (char *)peer_of_text(rp_h2_log_read_text, "1\t-1\t5\n2\t200\t5\n")
               .useless,
           "1 of 2 requests were not answered with 2xx"));
}

Test(h2log, another_line_is_refused_with_its_place)
{
    peer_refused(rp_h2_log_read_text, "1\t200\t5\n1\t200\n", RP_ERR_SYNTAX,
                 "x:2:1: found \"1 200\", expected three numbers of h2load "
                 "--log-file: when it was sent, its status, how long it took");
}
