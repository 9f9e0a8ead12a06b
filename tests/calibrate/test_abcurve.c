/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/abcurve.h"

#include "abindex.h"
#include "calibrate/abreport.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#define FOLDER RP_SOURCE_DIR "/tests/data/ab"

static struct rp_ab_curve read_file(const char *name, unsigned long requests)
{
    struct rp_ab_curve curve = {0};
    struct rp_error error = {0};
    char path[1024];

    (void)snprintf(path, sizeof path, FOLDER "/%s", name);
    cr_assert(eq(int, rp_ab_curve_read(path, requests, &curve, &error), RP_OK),
              "%s", error.text);
    return curve;
}

/* A file of rows 0 .. last whose times a function gives. */
static void write_rows(char *text, size_t size, size_t last,
                       double (*ms)(size_t percent))
{
    size_t used =
        (size_t)snprintf(text, size, "Percentage served,Time in ms\n");

    for (size_t i = 0; i <= last; i++)
        used +=
            (size_t)snprintf(text + used, size - used, "%zu,%.3f\n", i, ms(i));
}

static double line(size_t percent)
{
    return 1.0 + (double)percent;
}

Test(abcurve, a_file_has_a_row_for_every_percent)
{
    const struct rp_ab_curve curve = read_file("basic.csv", 200);

    cr_expect(eq(sz, curve.count, 101));
    cr_expect(eq(sz, curve.dropped, 0));
    cr_expect(eq(ulong, curve.requests, 200));
    cr_expect(eq(dbl, curve.level[0], 0.0));
    cr_expect(eq(dbl, curve.level[95], 0.95));
    cr_expect(eq(dbl, curve.ms[95], 16.007));
    cr_expect(eq(dbl, curve.level[100], 1.0));
    cr_expect(eq(dbl, curve.ms[100], 17.007));
}

Test(abcurve, rows_from_behind_the_array_are_dropped)
{
    static const struct {
        const char *file;
        unsigned long requests;
        size_t first_dropped; /* hand-computed: 100 - 50 / n, rounded up */
    } cases[] = {
        {"small.csv", 10, 95},
        {"two.csv", 2, 75},
        {"one.csv", 1, 50},
        {"s20.csv", 20, 98},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_ab_curve curve =
            read_file(cases[i].file, cases[i].requests);

        cr_expect(eq(sz, curve.dropped, 100 - cases[i].first_dropped), "%s",
                  cases[i].file);
        cr_expect(eq(sz, curve.count, cases[i].first_dropped + 1));
        cr_expect(eq(dbl, curve.level[curve.count - 1], 1.0));
        cr_expect(eq(dbl, curve.level[curve.count - 2],
                     (double)(cases[i].first_dropped - 1) / 100.0));
    }
}

Test(abcurve, the_last_row_in_doubt_is_that_of_50_requests)
{
    char text[4096];
    struct rp_ab_curve curve;

    write_rows(text, sizeof text, 100, line);
    cr_assert(eq(
        int, rp_ab_curve_read_text(text, strlen(text), "x", 50, &curve, NULL),
        RP_OK));
    cr_expect(eq(sz, curve.dropped, 1));
    cr_assert(eq(
        int, rp_ab_curve_read_text(text, strlen(text), "x", 51, &curve, NULL),
        RP_OK));
    cr_expect(eq(sz, curve.dropped, 0));
}

Test(abcurve, without_their_number_requests_must_be_monotone)
{
    struct rp_ab_curve curve = {.count = 7};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_ab_curve_read(FOLDER "/small.csv", 0, &curve, &error),
                 RP_ERR_UNUSABLE));
    cr_expect(ne(ptr,
                 strstr(error.text,
                        "small.csv:97: row 95 is 0.257 ms, below the 1.132 ms "
                        "before it; in runs of up to 50 requests ab reads the "
                        "last rows from behind its array: say how many "
                        "requests there were"),
                 NULL),
              "%s", error.text);
    cr_expect(eq(int,
                 rp_ab_curve_read(FOLDER "/small.csv", 400, &curve, &error),
                 RP_ERR_UNUSABLE));
    cr_expect(ne(ptr, strstr(error.text, "is it of another run?"), NULL));
    cr_expect(eq(sz, curve.count, 7), "untouched on failure");
}

Test(abcurve, levels_between_rows_are_on_a_straight_line)
{
    struct rp_ab_curve curve;
    char text[4096];

    write_rows(text, sizeof text, 100, line);
    cr_assert(
        eq(int, rp_ab_curve_read_text(text, strlen(text), "x", 0, &curve, NULL),
           RP_OK));
    cr_expect(epsilon_eq(dbl, rp_ab_curve_at(&curve, 0.0), 1.0, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_ab_curve_at(&curve, 0.5), 51.0, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_ab_curve_at(&curve, 0.505), 51.5, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_ab_curve_at(&curve, 1.0), 101.0, 1e-9));
    cr_expect(isnan(rp_ab_curve_at(&curve, -0.01)));
    cr_expect(isnan(rp_ab_curve_at(&curve, 1.01)));
    cr_expect(isnan(rp_ab_curve_at(&curve, NAN)));
    cr_expect(isnan(rp_ab_curve_at(&(struct rp_ab_curve){0}, 0.5)));
}

Test(abcurve, up_to_100_requests_the_mean_is_exact)
{
    const struct rp_ab_curve ten = read_file("small.csv", 10);
    const struct rp_ab_curve two = read_file("two.csv", 2);
    const struct rp_ab_curve one = read_file("one.csv", 1);

    /* 0.367 0.399 0.444 0.461 0.557 0.572 0.601 0.645 0.829 1.132 */
    cr_expect(epsilon_eq(dbl, rp_ab_curve_mean(&ten), 0.6007, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_ab_curve_mean(&two), 4.8095, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_ab_curve_mean(&one), 0.833, 1e-9));
}

/* ab's own mean, in whole ms, is a figure that we did not compute. */
Test(abcurve, the_mean_is_that_of_the_report)
{
    static const struct {
        const char *name;
        double slack_ms;
    } runs[] = {
        {"basic", 0.6},
        {"ka", 0.6},
        {"slow", 0.6},
        {"tls", 0.6},
        /* Between 8 ms and 1001 ms in the rows 95 and 96 is one request
         * of 200, which may be either. */
        {"heavy", 0.6 + 993.0 / 200.0 / 2.0},
    };

    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        struct rp_ab_file file = {0};
        struct rp_ab_curve curve;
        char name[64], path[1024];

        (void)snprintf(name, sizeof name, "%s.csv", runs[i].name);
        (void)snprintf(path, sizeof path, FOLDER "/%s.out", runs[i].name);
        cr_assert(eq(int, rp_ab_read(path, &file, NULL), RP_OK));
        curve = read_file(name, file.reports[0].requests);
        cr_expect(epsilon_eq(dbl, rp_ab_curve_mean(&curve),
                             file.reports[0].total_mean_ms, runs[i].slack_ms),
                  "%s", name);
        rp_ab_free(&file);
    }
}

/* Expected order statistics of n = 10000 exponential variates of mean 1000 ms:
 * number k from 0 is at 1000 (1/n + 1/(n-1) + .. + 1/(n-k)). */
static double exponential(size_t percent)
{
    enum { N = 10000 };
    const size_t k = percent < 100 ? N * percent / 100 : N - 1;
    double sum = 0.0;

    for (size_t i = 0; i <= k; i++)
        sum += 1000.0 / (double)(N - i);
    return sum;
}

Test(abcurve, the_mean_of_an_exponential_tail_is_right)
{
    struct rp_ab_curve curve;
    char text[4096];

    write_rows(text, sizeof text, 100, exponential);
    cr_assert(
        eq(int,
           rp_ab_curve_read_text(text, strlen(text), "x", 10000, &curve, NULL),
           RP_OK));
    cr_expect(epsilon_eq(dbl, rp_ab_curve_mean(&curve), 1000.0, 1.0));
    curve.requests = 0;
    cr_expect(epsilon_eq(dbl, rp_ab_curve_mean(&curve), 1000.0, 1.5));
}

static double short_tail(size_t percent)
{
    return percent < 99 ? 1.0 : percent == 99 ? 1.693 : 100.0;
}

/* Of 400 requests row 98 is number 392, row 99 number 396, row 100 number 399.
 * The two between the last rows are at scale / 3 and scale (1 / 3 + 1 / 2). */
Test(abcurve, the_mean_of_a_tail_is_that_by_hand)
{
    const double scale = 0.693 / log(2.0);
    const double sum = 393.0 * 1.0 + 3.0 * 1.3465 + 3.0 * 1.693 + scale / 3.0 +
                       scale * 5.0 / 6.0 + 100.0;
    struct rp_ab_curve curve;
    char text[4096];

    write_rows(text, sizeof text, 100, short_tail);
    cr_assert(eq(
        int, rp_ab_curve_read_text(text, strlen(text), "x", 400, &curve, NULL),
        RP_OK));
    cr_expect(epsilon_eq(dbl, rp_ab_curve_mean(&curve), sum / 400.0, 1e-9));
}

static double straggler(size_t percent)
{
    return percent == 100 ? 5000.0 : 1.0;
}

/* 399 requests of 1 ms and one of 5 s. */
Test(abcurve, one_straggler_counts_once)
{
    struct rp_ab_curve curve;
    char text[4096];

    write_rows(text, sizeof text, 100, straggler);
    cr_assert(eq(
        int, rp_ab_curve_read_text(text, strlen(text), "x", 400, &curve, NULL),
        RP_OK));
    cr_expect(epsilon_eq(dbl, rp_ab_curve_mean(&curve),
                         (399.0 * 1.0 + 5000.0) / 400.0, 1e-9));
}

/* Before 2.4.16 there was no row 100; 2.0 wrote exponents. */
Test(abcurve, files_of_old_versions_are_read)
{
    const struct rp_ab_curve v20 = read_file("v20.csv", 200);
    const struct rp_ab_curve v22 = read_file("v22.csv", 200);

    cr_expect(eq(sz, v20.count, 100));
    cr_expect(eq(dbl, v20.ms[99], 2.0));
    cr_expect(eq(sz, v22.count, 100));
    cr_expect(isnan(rp_ab_curve_mean(&v22)));
    cr_expect(isnan(rp_ab_curve_at(&v22, 1.0)));
}

Test(abcurve, what_is_no_such_file_is_refused_with_a_sentence)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"", "x.csv: empty, expected a file of ab -e"},
        {"a,b\n", "x.csv:1: found \"a,b\", expected a file of ab -e"},
        {"Percentage served,Time in ms\n",
         "x.csv:1: 0 rows, expected 0 to 100; the file was cut"},
        {"Percentage served,Time in ms\n0,1.0\n1,2.0\n",
         "x.csv:3: 2 rows, expected 0 to 100; the file was cut"},
        {"Percentage served,Time in ms\n0,1.0\n2,2.0\n",
         "x.csv:3: found \"2,2.0\", expected row 1 of ab -e, like "
         "\"1,12.345\""},
        {"Percentage served,Time in ms\n0,1.0\n0,2.0\n",
         "x.csv:3: found \"0,2.0\", expected row 1 of ab -e, like "
         "\"1,12.345\""},
        {"Percentage served,Time in ms\n0,nan\n",
         "x.csv:2: found \"0,nan\", expected row 0 of ab -e, like "
         "\"0,12.345\""},
        {"Percentage served,Time in ms\n0,1e999\n",
         "x.csv:2: found \"0,1e999\", expected row 0 of ab -e, like "
         "\"0,12.345\""},
        {"Percentage served,Time in ms\n0,1,5\n",
         "x.csv:2: found \"0,1,5\", expected row 0 of ab -e, like "
         "\"0,12.345\""},
        {"Percentage served,Time in ms\n0;1.5\n",
         "x.csv:2: found \"0;1.5\", expected row 0 of ab -e, like "
         "\"0,12.345\""},
        {"Percentage served,Time in ms\n0,-1.5\n",
         "x.csv:2: found the time \"-1.5\" ms; a time cannot be negative"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_ab_curve curve = {.count = 7};
        struct rp_error error = {0};

        cr_expect(eq(int,
                     rp_ab_curve_read_text(cases[i].text, strlen(cases[i].text),
                                           "x.csv", 0, &curve, &error),
                     RP_ERR_SYNTAX));
        cr_expect(
            eq(str, (char *)error.text, (char *)(size_t)cases[i].sentence));
        cr_expect(eq(sz, curve.count, 7), "untouched on failure");
    }
}

Test(abcurve, a_cut_file_is_refused_or_says_the_same)
{
    struct rp_ab_curve whole, curve;
    char text[4096];
    size_t accepted = 0;

    write_rows(text, sizeof text, 100, line);
    cr_assert(
        eq(int, rp_ab_curve_read_text(text, strlen(text), "x", 0, &whole, NULL),
           RP_OK));
    for (size_t n = 0; n < strlen(text); n++) {
        if (rp_ab_curve_read_text(text, n, "x", 0, &curve, NULL))
            continue;
        accepted++;
        for (size_t i = 0; i < curve.count; i++)
            cr_expect(eq(dbl, curve.ms[i], whole.ms[i]), "cut to %zu", n);
    }
    /* Without its last line end, and as a file of before 2.4.16 with and
     * without that. */
    cr_expect(eq(sz, accepted, 3));
}

Test(abcurve, line_ends_and_marks_of_other_systems_change_nothing)
{
    char text[8192] = "\xEF\xBB\xBFPercentage served,Time in ms\r\n";
    struct rp_ab_curve curve;
    size_t used = strlen(text);

    for (size_t i = 0; i <= 100; i++)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "%zu,%.3f\r\n\r\n", i, line(i));
    cr_assert(eq(int, rp_ab_curve_read_text(text, used, "x", 0, &curve, NULL),
                 RP_OK));
    cr_expect(eq(dbl, curve.ms[100], 101.0));
}

Test(abcurve, zero_bytes_and_endless_lines_are_no_rows)
{
    static const char header[] = "Percentage served,Time in ms\n";
    enum { BYTES = 200000 };
    char *const text = malloc(BYTES);
    struct rp_ab_curve curve;

    for (int fill = 0; fill < 2; fill++) {
        memset(text, fill ? '1' : '\0', BYTES);
        memcpy(text, header, strlen(header));
        cr_expect(eq(int,
                     rp_ab_curve_read_text(text, BYTES, "x", 0, &curve, NULL),
                     RP_ERR_SYNTAX));
    }
    free(text);
}
