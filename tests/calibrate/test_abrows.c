/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/abrows.h"

#include "abindex.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define FOLDER RP_SOURCE_DIR "/tests/data/ab"
#define HEADER "starttime\tseconds\tctime\tdtime\tttime\twait\n"
#define DATE   "Sun Nov 22 14:31:25 2026\t"

static struct rp_ab_rows read_text(const char *text)
{
    struct rp_ab_rows rows = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int,
           rp_ab_rows_read_text(text, strlen(text), "x.tsv", &rows, &error),
           RP_OK),
        "%s", error.text);
    return rows;
}

Test(abrows, every_request_is_a_row)
{
    struct rp_ab_rows rows =
        read_text(HEADER DATE "1795357885\t3\t40\t43\t39\n" DATE
                              "1795357886\t1\t50\t52\t49\n");

    cr_assert(eq(sz, rows.count, 2));
    cr_expect(eq(ulong, rows.rows[1].start_s, 1795357886));
    cr_expect(eq(uint, rows.rows[1].connect_ms, 1));
    cr_expect(eq(uint, rows.rows[1].processing_ms, 50));
    cr_expect(eq(uint, rows.rows[1].total_ms, 52));
    cr_expect(eq(uint, rows.rows[1].waiting_ms, 49));
    cr_expect(rows.was_sorted);
    cr_expect(eq(sz, rows.odd_count, 0), "1 ms off is rounding");
    rp_ab_rows_free(&rows);
    rp_ab_rows_free(&rows);
}

Test(abrows, rows_in_order_of_arrival_are_sorted)
{
    struct rp_ab_rows rows =
        read_text(HEADER DATE "1795359793690987\t0\t9\t9\t0\n" DATE
                              "1795359793691413\t0\t2\t5\t1\n" DATE
                              "1795359793691413\t1\t6\t8\t1\n" DATE
                              "1795359793691413\t1\t4\t7\t1\n");

    cr_expect(eq(int, rows.was_sorted, 0));
    cr_expect(eq(uint, rows.rows[0].total_ms, 5));
    cr_expect(eq(uint, rows.rows[3].total_ms, 9));
    cr_expect(eq(ulong, rows.rows[3].start_s, 1795359793),
              "2.0 has microseconds there");
    cr_expect(eq(sz, rows.odd_count, 2), "by 3 ms and by 2 ms");
    cr_expect(eq(dbl, rp_ab_rows_mean(&rows), 7.25));
    cr_expect(eq(uint, rp_ab_rows_percentile(&rows, 49), 7));
    cr_expect(eq(uint, rp_ab_rows_percentile(&rows, 50), 8));
    rp_ab_rows_free(&rows);
}

/* The percentiles of the text report of the same run, which ab computed. */
Test(abrows, percentiles_are_those_of_the_report)
{
    static const struct {
        const char *file;
        size_t count;
        unsigned p50, p95, p99, p100;
    } cases[] = {
        {"basic.tsv", 200, 4, 16, 16, 17}, {"ka.tsv", 500, 44, 44, 47, 48},
        {"slow.tsv", 400, 37, 51, 54, 58}, {"small.tsv", 10, 1, 1, 1, 1},
        {"v20.tsv", 200, 1, 2, 2, 3},      {"v22.tsv", 200, 1, 2, 3, 3},
        {"trunk.tsv", 200, 2, 2, 3, 3},    {"one.tsv", 1, 1, 1, 1, 1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_ab_rows rows = {0};
        struct rp_error error = {0};
        char path[1024];

        (void)snprintf(path, sizeof path, FOLDER "/%s", cases[i].file);
        cr_assert(eq(int, rp_ab_rows_read(path, &rows, &error), RP_OK), "%s",
                  error.text);
        cr_expect(eq(sz, rows.count, cases[i].count), "%s", path);
        cr_expect(eq(uint, rp_ab_rows_percentile(&rows, 50), cases[i].p50),
                  "%s", path);
        cr_expect(eq(uint, rp_ab_rows_percentile(&rows, 95), cases[i].p95),
                  "%s", path);
        cr_expect(eq(uint, rp_ab_rows_percentile(&rows, 99), cases[i].p99),
                  "%s", path);
        cr_expect(eq(uint, rp_ab_rows_percentile(&rows, 100), cases[i].p100),
                  "%s", path);
        rp_ab_rows_free(&rows);
    }
}

Test(abrows, what_is_no_such_file_is_refused_with_a_sentence)
{
#define EXPECTED                                                               \
    "expected a row of ab -g: a date and five whole numbers, with tabs "       \
    "between them"
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"", "x.tsv: empty, expected a file of ab -g"},
        {"starttime,seconds\n",
         "x.tsv:1: found \"starttime,seconds\", expected a file of ab -g"},
        {HEADER, "x.tsv:1: no row behind the heading; did the run fail?"},
        {HEADER DATE "1\t2\t3\t5\n",
         "x.tsv:2: found \"Sun Nov 22 14:31:25 2026?1?2?3?5\", " EXPECTED},
        {HEADER DATE "1\t2\t3\t5\t1\t9\n",
         "x.tsv:2: found \"Sun Nov 22 14:31:25 2026?1?2?3?5?1?9\", " EXPECTED},
        {HEADER DATE "1\t2\t-3\t5\t1\n",
         "x.tsv:2: found \"Sun Nov 22 14:31:25 2026?1?2?-3?5?1\", " EXPECTED},
        {HEADER DATE "1\t2\t3.5\t5\t1\n",
         "x.tsv:2: found \"Sun Nov 22 14:31:25 2026?1?2?3.5?5?1\", " EXPECTED},
        {HEADER DATE "1\t2\t99999999999\t5\t1\n",
         "x.tsv:2: found \"Sun Nov 22 14:31:25 "
         "2026?1?2?99999999999?5?1\", " EXPECTED},
        {HEADER "\t1\t2\t3\t5\t1\n",
         "x.tsv:2: found \"?1?2?3?5?1\", " EXPECTED},
        {HEADER DATE "1\t2\t3\t5\t1",
         "x.tsv:2: the last row has no line end: the file was cut, or an "
         "editor took the line end away"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_ab_rows rows = {.count = 7};
        struct rp_error error = {0};

        cr_expect(eq(int,
                     rp_ab_rows_read_text(cases[i].text, strlen(cases[i].text),
                                          "x.tsv", &rows, &error),
                     RP_ERR_SYNTAX));
        cr_expect(
            eq(str, (char *)error.text, (char *)(size_t)cases[i].sentence));
        cr_expect(eq(sz, rows.count, 7), "untouched on failure");
    }
}
