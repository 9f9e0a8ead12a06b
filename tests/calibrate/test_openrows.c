/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/openrows.h"

#include "peertext.h"

#include <stdlib.h>

#define HEAD "planned_us,late_us,elapsed_us,status,bytes,end\n"

/* Planned at 1, 2, 3, 4 ms; answered at 3, 4, 5, 8 ms. */
#define FOUR                                                                   \
    HEAD "1000,0,2000,200,9,answered\n"                                        \
         "2000,100,2000,200,9,answered\n"                                      \
         "3000,0,2000,200,9,answered\n"                                        \
         "4000,300,4000,200,9,answered\n"

static struct rp_open_summary sum_up(const char *text)
{
    struct rp_open_rows rows = {0};
    struct rp_open_summary s;
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_open_rows_parse(text, strlen(text), "r", &rows, &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(
        eq(int, rp_open_rows_sum_up(rows.rows, rows.count, &s, &error), RP_OK));
    rp_open_rows_free(&rows);
    rp_open_rows_free(&rows);
    return s;
}

Test(openrows, four_requests_are_what_is_worked_out_by_hand)
{
    const struct rp_open_summary s = sum_up(FOUR);

    cr_expect(eq(sz, s.requests, 4));
    cr_expect(eq(sz, s.ends[RP_OPEN_ANSWERED], 4));
    cr_expect(epsilon_eq(dbl, s.rate_per_s, 1000.0, 1e-9), "4 in 4 ms");
    cr_expect(epsilon_eq(dbl, s.rps, 500.0, 1e-9), "4 in 8 ms");
    cr_expect(epsilon_eq(dbl, s.latency_ms, 2.5, 1e-12), "of 2, 2, 2, 4 ms");
    cr_expect(epsilon_eq(dbl, s.longest_ms, 4.0, 1e-12));
    cr_expect(epsilon_eq(dbl, s.service_ms, 2.4, 1e-12), "0.1 ms less");
    cr_expect(epsilon_eq(dbl, s.late_ms, 0.1, 1e-12), "0.4 ms by 4");
    cr_expect(epsilon_eq(dbl, s.latest_ms, 0.3, 1e-12));
    /* sent at 1, 2.1, 3 (one has just ended), 4.3 (and another) */
    cr_expect(eq(sz, s.most_in_flight, 2));
    cr_expect(eq(sz, s.due_at_half, 2), "at 2 ms both");
    cr_expect(eq(sz, s.due_at_end, 2), "at 4 ms the last two");
    cr_expect(not(rp_open_fell_behind(&s)));
    cr_expect(not(rp_open_client_late(&s)));
}

Test(openrows, what_failed_is_counted_by_its_reason_and_is_in_no_latency)
{
    static const char text[] = HEAD "1000,0,2000,200,9,answered\n"
                                    "2000,0,10,0,0,connect\n"
                                    "3000,0,10,0,4,broken\n"
                                    "4000,0,9000,0,0,timeout\n"
                                    "5000,0,9000,0,0,timeout\n"
                                    "6000,0,2000,503,9,answered\n";
    const struct rp_open_summary s = sum_up(text);
    const struct rp_peer p = peer_of_text(rp_open_rows_read_text, text);

    cr_expect(eq(sz, s.ends[RP_OPEN_CONNECT], 1));
    cr_expect(eq(sz, s.ends[RP_OPEN_BROKEN], 1));
    cr_expect(eq(sz, s.ends[RP_OPEN_TIMEOUT], 2));
    cr_expect(eq(sz, s.ends[RP_OPEN_ANSWERED], 2));
    cr_expect(eq(sz, s.not_2xx, 1));
    cr_expect(epsilon_eq(dbl, s.latency_ms, 2.0, 1e-12));
    cr_expect(
        eq(str, (char *)p.useless, "1 of 6 requests found no connection"));
    cr_expect(eq(str,
                 (char *)peer_of_text(rp_open_rows_read_text,
                                      HEAD "1000,0,2000,404,9,answered\n")
                     .useless,
                 "1 of 1 requests were not answered with 2xx"));
    cr_expect(eq(str,
                 (char *)peer_of_text(rp_open_rows_read_text, HEAD).useless,
                 "there is no request in it"));
}

/* 100 requests a ms apart, answered 2 ms apart: when 50 were due 25 had been
 * answered, and 50 when all were. */
Test(openrows, a_server_that_falls_behind_is_seen)
{
    struct rp_open_row rows[100];
    struct rp_open_summary s;
    struct rp_peer p;

    for (size_t i = 0; i < 100; i++)
        rows[i] =
            (struct rp_open_row){.planned_us = 1000.0 * (double)i,
                                 .elapsed_us = 1000.0 * (double)(2 * i + 2 - i),
                                 .status = 200};
    cr_assert(eq(int, rp_open_rows_sum_up(rows, 100, &s, NULL), RP_OK));
    cr_expect(eq(sz, s.due_at_half, 26), "49 ms: 24 have ended of 50");
    cr_expect(eq(sz, s.due_at_end, 51), "99 ms: 49 of 100");
    cr_expect(rp_open_fell_behind(&s));
    cr_assert(eq(int, rp_open_rows_judge(rows, 100, &p, NULL), RP_OK));
    cr_expect(eq(str, (char *)p.useless, ""), "it was measured all the same");
    cr_expect(eq(str, (char *)p.lacks,
                 "the server fell behind: it had 26 requests to do when half "
                 "of them had come, 51 when all had; the rate is above what it "
                 "can serve, and latencies say how long the run was"));
}

Test(openrows, a_client_that_is_late_is_the_bottleneck_and_said_to_be)
{
    const struct rp_peer p =
        peer_of_text(rp_open_rows_read_text, HEAD "1000,500,1500,200,9,"
                                                  "answered\n");

    cr_expect(eq(str, (char *)p.lacks,
                 "the client was late, by 0.500 ms in the mean, where answers "
                 "took 1.000 ms: it is the bottleneck; give it a CPU of its "
                 "own, or lower the rate"));
    cr_expect(
        eq(str, (char *)peer_of_text(rp_open_rows_read_text, FOUR).lacks, ""));
}

Test(openrows, what_is_written_is_read_back)
{
    static const struct rp_open_row rows[] = {
        {1.5, 0.25, 7.125, 204, 12, RP_OPEN_ANSWERED},
        {2.5, 0.5, 8.0, 0, 3, RP_OPEN_TIMEOUT}};
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    struct rp_open_rows back = {0};

    rp_open_rows_write(rows, 2, out);
    cr_assert(eq(int, fclose(out), 0));
    cr_assert(
        eq(int, rp_open_rows_parse(text, length, "r", &back, NULL), RP_OK));
    cr_assert(eq(sz, back.count, 2));
    for (size_t i = 0; i < 2; i++) {
        cr_expect(eq(dbl, back.rows[i].planned_us, rows[i].planned_us));
        cr_expect(eq(dbl, back.rows[i].late_us, rows[i].late_us));
        cr_expect(eq(dbl, back.rows[i].elapsed_us, rows[i].elapsed_us));
        cr_expect(eq(uint, back.rows[i].status, rows[i].status));
        cr_expect(eq(u64, back.rows[i].bytes, rows[i].bytes));
        cr_expect(eq(int, (int)back.rows[i].end, (int)rows[i].end));
    }
    rp_open_rows_free(&back);
    free(text);
}

Test(openrows, every_mistake_is_named_with_its_place)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"planned_us,late_us,elapsed_us,status,bytes\n",
         "r:1: the column \"end\" is missing"},
        {HEAD "-1,0,1,200,1,answered\n",
         "r:2:1: planned_us: found \"-1\", expected a number that is not "
         "negative"},
        {HEAD "1,0,1,1000,1,answered\n",
         "r:2:7: status: found \"1000\", expected a status of HTTP, 0 where "
         "there was no answer"},
        {HEAD "1,0,1,200,1.5,answered\n",
         "r:2:11: bytes: found \"1.5\", expected a whole number"},
        {HEAD "1,0,1,200,1,lost\n",
         "r:2:13: end: found \"lost\", expected answered, connect, broken or "
         "timeout"},
        {HEAD "1,0,1,200,1,timeout\n",
         "r:2:13: end: found \"timeout\", expected answered where there is a "
         "status, and nowhere else"},
        {HEAD "1,2,1,200,1,answered\n",
         "r:2:5: elapsed_us: found \"1\", expected late_us or more, for it "
         "counts from the same moment"},
        {HEAD "2,0,1,200,1,answered\n1,0,1,200,1,answered\n",
         "r:3:1: planned_us: found \"1\", expected no moment before that of "
         "the row above"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_open_rows rows = {.count = 77};
        struct rp_error error = {0};

        cr_expect(ne(int,
                     rp_open_rows_parse(cases[i].text, strlen(cases[i].text),
                                        "r", &rows, &error),
                     RP_OK));
        cr_expect(eq(int,
                     strncmp(error.text, cases[i].sentence,
                             i == 0 ? 4 : strlen(cases[i].sentence) + 1),
                     0),
                  "%s", error.text);
        cr_expect(eq(sz, rows.count, 77), "untouched on failure");
    }
}
