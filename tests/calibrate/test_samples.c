/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/samples.h"

#include "peertext.h"

#define HEAD "start_us,elapsed_us,status,bytes\n"

/* Four requests from 0 to 10 ms: 400 a second. Sorted: 1, 2, 2.5, 5 ms. The
 * percentile of a level is number floor(0.5 + 4 level) of 0 .. 3. */
Test(samples, four_requests_are_what_is_worked_out_by_hand)
{
    const struct rp_peer p = peer_of_file(rp_samples_read_text, "requests.csv");

    cr_expect(eq(str, (char *)p.useless, ""));
    cr_expect(eq(ulong, p.requests, 4));
    cr_expect(eq(ulong, p.concurrency, 0));
    cr_expect(epsilon_eq(dbl, p.rps, 400.0, 1e-9));
    cr_expect(epsilon_eq(dbl, p.latency_ms, 2.625, 1e-12));
    cr_expect(epsilon_eq(dbl, p.longest_ms, 5.0, 1e-12));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P50], 2.5, 1e-12));
    cr_expect(isnan(p.percent_ms[RP_METRIC_P90]), "number 4 is not there");
    cr_expect(isnan(p.percent_ms[RP_METRIC_RPS]));
    cr_expect(epsilon_eq(dbl, p.level_ms[0], 1.0, 1e-12));
    cr_expect(epsilon_eq(dbl, p.level_ms[3], 2.0, 1e-12), "level .25: 1.5");
}

/* 1 .. 1000 us: number floor(0.5 + 1000 level), counted from 0. */
Test(samples, levels_are_those_of_ab)
{
    struct rp_samples samples = {0};
    struct rp_error error = {0};
    struct rp_peer p;

    for (int i = 1000; i >= 1; i--)
        cr_assert(eq(int, rp_samples_add(&samples, 0.0, i, 200, &error), 0));
    rp_samples_sum_up(&samples, &p);
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P50], 0.501, 1e-12));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P95], 0.951, 1e-12));
    cr_expect(epsilon_eq(dbl, p.percent_ms[RP_METRIC_P99], 0.991, 1e-12));
    rp_samples_free(&samples);
    rp_samples_free(&samples);
}

Test(samples, failures_make_a_run_useless)
{
    const struct rp_peer p = peer_of_text(rp_samples_read_text, HEAD
                                          "0,10,200,1\n0,10,404,1\n0,10,0,0\n");

    cr_expect(eq(str, (char *)p.useless,
                 "2 of 3 requests were not answered with 2xx"));
    cr_expect(eq(str, (char *)peer_of_text(rp_samples_read_text, HEAD).useless,
                 "there is no request in it"));
    cr_expect(eq(
        str,
        (char *)peer_of_text(rp_samples_read_text, HEAD "5,0,200,1\n").useless,
        "all of its requests took no time"));
}

Test(samples, bytes_may_be_missing_and_other_columns_may_not_be_there)
{
    (void)peer_of_text(rp_samples_read_text,
                       "elapsed_us,status,start_us\n10.5,200,0\n");
    peer_refused(rp_samples_read_text, "start_us,elapsed_us,status,url\n",
                 RP_ERR_VALUE,
                 "x:1:28: unknown column \"url\"; requests have start_us, "
                 "elapsed_us, status and bytes");
    peer_refused(rp_samples_read_text, HEAD "0,-1,200,1\n", RP_ERR_VALUE,
                 "x:2:3: elapsed_us: found \"-1\", expected a number that is "
                 "not negative");
    peer_refused(rp_samples_read_text, HEAD "0,1,2e3,1\n", RP_ERR_VALUE,
                 "x:2:5: status: found \"2e3\", expected a status of HTTP, 0 "
                 "where there was no answer");
}
