/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/timestamps.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static enum rp_code read(const char *text, struct rp_timestamps *t,
                         struct rp_error *error)
{
    return rp_timestamps_read_text(text, strlen(text), "t.csv", t, error);
}

enum { MOST = 6 };

/* Times are whole nanoseconds from the first. */
Test(timestamps, every_form_is_read_to_the_nanosecond)
{
    static const struct {
        const char *text;
        size_t count;
        uint64_t at_ns[MOST];
    } cases[] = {
        {"1.5\n2\n2.000000001\n", 3, {0, 500000000, 500000001}},
        {"time\n1764062100.25\n1764062101\n", 2, {0, 750000000}},
        {"id,timestamp,x\r\na,0,1\r\nb,3,1\r\n", 2, {0, 3000000000}},
        {"start_us\n100\n100\n1750.5\n", 3, {0, 0, 1650500}},
        {"\xEF\xBB\xBFtime\n\"7\"\n7.1234567891\n", 2, {0, 123456789}},
        {"time\n2026-11-25T09:30:00.25Z\n2026-11-25T09:30:01Z\n",
         2,
         {0, 750000000}},
        {"time\n2026-11-25 09:30:00\n2026-11-25T10:30:01+01:00\n",
         2,
         {0, 1000000000}},
        {"2024-02-28T23:59:59Z\n2024-02-29T00:00:00Z\n2024-03-01T00:00:00Z\n",
         3,
         {0, 1000000000, 86401000000000}},
        {"2100-02-28T00:00:00Z\n2100-03-01T00:00:00Z\n", /* no leap year */
         2,
         {0, 86400000000000}},
        /* five in one second: a fifth of it each; the lines are mixed */
        {"::1 - - [10/Oct/2000:13:55:37 -0700] \"GET / HTTP/1.0\" 200 5\n"
         "a - b c [10/Oct/2000:13:55:36 -0700] \"GET /\\\"[ HTTP/1.0\" 200 -\n"
         "\n"
         "a - - [10/Oct/2000:20:55:36 +0000] \"-\" 400 0 \"-\" \"curl/7\"\r\n"
         "a - - [10/Oct/2000:20:55:36 +0000] \"\" 400 0 \"-\" \"x\" 0.05 "
         "\"y\"\n"
         "a - - [10/Oct/2000:20:55:36 +0000] \"\\x16\\x03\" 400 0 \"-\"\n"
         "a - - [10/Oct/2000:20:55:36 +0000] \"GET / HTTP/2.0\" 304 0",
         6,
         {0, 200000000, 400000000, 600000000, 800000000, 1000000000}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_timestamps t = {0};
        struct rp_error error = {0};

        cr_assert(eq(int, read(cases[i].text, &t, &error), RP_OK), "%s\n%s",
                  cases[i].text, error.text);
        cr_assert(eq(sz, t.count, cases[i].count), "%s", cases[i].text);
        for (size_t k = 0; k < t.count; k++)
            cr_expect(eq(u64, t.at_ns[k], cases[i].at_ns[k]), "%s: %zu",
                      cases[i].text, k);
        rp_timestamps_free(&t);
        rp_timestamps_free(&t);
    }
}

Test(timestamps, every_mistake_is_named_with_its_line)
{
    static const struct {
        const char *text;
        enum rp_code code;
        const char *sentence;
    } cases[] = {
        {"time\n", RP_ERR_VALUE,
         "t.csv: found 0 of two requests or more that a replay needs"},
        {"5\n", RP_ERR_VALUE,
         "t.csv: found 1 of two requests or more that a replay needs"},
        {"5\n5\n5\n", RP_ERR_VALUE,
         "t.csv: all 3 requests have the same time; a trace needs two times or "
         "more"},
        {"when\n5\n6\n", RP_ERR_VALUE,
         "t.csv:1: no column is called time, timestamp or start_us, and this "
         "is no line of an access log; name the column of the times so"},
        {"id,time\na,5\nb,soon\n", RP_ERR_VALUE,
         "t.csv:3:3: found \"soon\", expected a time: seconds, like 12.5, or "
         "2026-11-25T09:30:00.25Z"},
        {"time\n5\n\n-6\n", RP_ERR_VALUE,
         "t.csv:4:1: found \"-6\", expected a time: seconds, like 12.5, or "
         "2026-11-25T09:30:00.25Z"},
        {"time\n5\n9223372036\n", RP_ERR_VALUE,
         "t.csv:3:1: found \"9223372036\", expected a time: seconds, like "
         "12.5, or 2026-11-25T09:30:00.25Z"},
        {"time\n5.\n6\n", RP_ERR_VALUE,
         "t.csv:2:1: found \"5.\", expected a time: seconds, like 12.5, or "
         "2026-11-25T09:30:00.25Z"},
        {"time\n2026-02-29T00:00:00Z\n", RP_ERR_VALUE,
         "t.csv:2:1: found \"2026-02-29T00:00:00Z\", expected a time: seconds, "
         "like 12.5, or 2026-11-25T09:30:00.25Z"},
        {"time\n2026-01-01T00:00:00 UTC\n", RP_ERR_VALUE,
         "t.csv:2:1: found \"2026-01-01T00:00:00 UTC\", expected a time: "
         "seconds, like 12.5, or 2026-11-25T09:30:00.25Z"},
        {"start_us\n5\n2026-02-28T00:00:00Z\n", RP_ERR_VALUE,
         "t.csv:3:1: found \"2026-02-28T00:00:00Z\", expected microseconds, "
         "like 12500"},
        {"time\n5\n4.9\n", RP_ERR_VALUE,
         "t.csv:3:1: found \"4.9\", which is earlier than the line before; "
         "sort the file by its times"},
        {"a - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 5\nnext\n",
         RP_ERR_SYNTAX,
         "t.csv:2: this is no line of an access log, expected HOST - USER "
         "[10/Oct/2000:13:55:36 -0700] \"REQUEST\" STATUS SIZE; take it out"},
        {"a - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0 200 5\n",
         RP_ERR_SYNTAX,
         "t.csv:1: this is no line of an access log, expected HOST - USER "
         "[10/Oct/2000:13:55:36 -0700] \"REQUEST\" STATUS SIZE; take it out"},
        {"a - - [10/Oct/2000:13:55:36 -0700] \"GET\" 200 5k\n", RP_ERR_SYNTAX,
         "t.csv:1: this is no line of an access log, expected HOST - USER "
         "[10/Oct/2000:13:55:36 -0700] \"REQUEST\" STATUS SIZE; take it out"},
        {"a - - [10/Oct/2000:13:55:36 -0700] \"GET\" 200 5\n"
         "a - - [31/Nov/2000:13:55:36 -0700] \"GET\" 200 5\n",
         RP_ERR_SYNTAX,
         "t.csv:2: this is no line of an access log, expected HOST - USER "
         "[10/Oct/2000:13:55:36 -0700] \"REQUEST\" STATUS SIZE; take it out"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_timestamps t = {.count = 77};
        struct rp_error error = {0};

        cr_expect(eq(int, read(cases[i].text, &t, &error), (int)cases[i].code),
                  "%s", cases[i].text);
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        cr_expect(eq(sz, t.count, 77), "untouched on failure");
    }
}

Test(timestamps, the_rate_is_that_of_the_gaps)
{
    struct rp_timestamps t = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_timestamps_read(RP_SOURCE_DIR "/tests/data/traces/four.csv",
                                    &t, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(eq(dbl, rp_timestamps_rate(&t), 3.0 / 1.75));
    rp_timestamps_free(&t);
    cr_expect(
        eq(int, rp_timestamps_read("/nowhere.csv", &t, &error), RP_ERR_IO));
}
