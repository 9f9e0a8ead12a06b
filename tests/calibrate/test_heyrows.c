/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/heyrows.h"

#include "peertext.h"

/* Of the 20 rows of hey.csv, sorted: 1.6 .. 6.6 ms, number 10 (from 0) is 3.3,
 * number 18 is 6.5, number 20 is not there; they sum to 72.6. The first began
 * at 0.1 ms, the last ended at 19.1 ms. */
Test(heyrows, rows_are_requests)
{
    const struct rp_peer p = peer_of_file(rp_hey_rows_read_text, "hey.csv");

    cr_expect(eq(ulong, p.requests, 20));
    cr_expect(epsilon_eq(dbl, p.rps, 20.0 / 0.019, 1e-6));
    cr_expect(epsilon_eq(dbl, p.latency_ms, 3.63, 1e-9));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P50], 3.3, 1e-9));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P90], 6.5, 1e-9));
    cr_expect(isnan(p.percent_ms[RP_METRIC_P99]));
    cr_expect(eq(str, (char *)p.lacks,
                 "hey rounds times to 0.1 ms\nrequests without an answer are "
                 "not in hey's CSV"));
}

Test(heyrows, cells_that_are_no_numbers_are_refused)
{
    peer_refused(rp_hey_rows_read_text,
                 "response-time,status-code,offset\n0.1,200,NaN\n",
                 RP_ERR_VALUE,
                 "x:2:9: offset: found \"NaN\", expected a number that is not "
                 "negative");
}

Test(heyrows, a_status_that_is_no_2xx_is_a_failure)
{
    cr_expect(eq(str,
                 (char *)peer_of_text(rp_hey_rows_read_text,
                                      "response-time,status-code,offset\n"
                                      "0.1,500,0\n")
                     .useless,
                 "1 of 1 requests were not answered with 2xx"));
}
