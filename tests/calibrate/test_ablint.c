/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/ablint.h"

#include "abindex.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#define FOLDER RP_SOURCE_DIR "/tests/data/ab"

static struct rp_ab_report read_text(const char *text)
{
    struct rp_ab_file file = {0};
    struct rp_error error = {0};
    struct rp_ab_report report;

    cr_assert(eq(int,
                 rp_ab_read_text(text, strlen(text), "x.txt", &file, &error),
                 RP_OK),
              "%s in: %s", error.text, text);
    cr_assert(eq(sz, file.report_count, 1));
    report = file.reports[0];
    rp_ab_free(&file);
    return report;
}

/* One of our runs, with one passage replaced. */
static struct rp_ab_report read_edited(const char *name, const char *from,
                                       const char *to)
{
    struct rp_ab_report report;
    char path[1024], copy[16384];
    size_t length;
    char *text;

    (void)snprintf(path, sizeof path, FOLDER "/%s", name);
    text = abindex_load(path, NULL, &length);
    text[length] = '\0';
    const char *const at = strstr(text, from);
    cr_assert(at != NULL, "no \"%s\" in %s", from, path);
    (void)snprintf(copy, sizeof copy, "%.*s%s%s", (int)(at - text), text, to,
                   at + strlen(from));
    report = read_text(copy);
    free(text);
    return report;
}

static void expect_sentences(unsigned count, const char *found,
                             const char *expected)
{
    unsigned lines = expected[0] != '\0';

    for (const char *c = expected; *c; c++)
        lines += *c == '\n';
    cr_expect(eq(str, (char *)(size_t)found, (char *)(size_t)expected));
    cr_expect(eq(uint, count, lines));
}

/* Each case is a small edit that a person could make; 0.01 more requests/s
 * are enough. */
Test(ablint, figures_that_contradict_each_other_are_found)
{
    static const struct {
        const char *file, *from, *to, *sentences;
    } cases[] = {
        {"basic.out", "x", "x", ""},
        {"basic.out", "641.90", "641.92",
         "requests per second is 641.92/s, but concurrency / time per request "
         "is 641.849/s"},
        {"basic.out", "6.232", "6.233",
         "requests per second is 641.9/s, but concurrency / time per request "
         "is 641.746/s"},
        {"basic.out", "1.558", "1.556",
         "requests per second is 641.9/s, but 1 / time per request across all "
         "is 642.674/s"},
        {"basic.out", "0.312 seconds", "0.313 seconds",
         "requests per second is 641.9/s, but complete requests / time taken "
         "is 638.978/s"},
        {"basic.out", "Concurrency Level:      4", "Concurrency Level:      5",
         "requests per second is 641.9/s, but concurrency / time per request "
         "is 802.311/s"},
        {"basic.out", "Concurrency Level:      4", "Concurrency Level:      0",
         "the concurrency level is 0"},
        {"basic.out", "  95%     16", "  95%     18",
         "95 % of the requests took up to 18 ms, but 98 % up to 16 ms"},
        {"basic.out", " 100%     17", " 100%     18",
         "the longest request is 17 ms in one table, but 18 ms in the other"},
        {"basic.out", "Total:          1    6   5.8      4      17",
         "Total:          7    6   5.8      4      17",
         "the total times are not in order: min 7, mean 6, max 17 ms"},
        {"basic.out", "Total:          1    6", "Total:         -1    6",
         "a time is negative: the clock was set while ab ran"},
        {"combined.out", "Finished 500", "Finished 501",
         "500 complete requests, but \"Finished 501 requests\""},
        {"combined.out", "Completed 500", "Completed 600",
         "500 complete requests, but \"Completed 600 requests\""},
        {"varlen.out", "Length: 287", "Length: 286",
         "287 failed requests, but those in parentheses are 286"},
        {"varlen.out", "Failed requests:        287",
         "Failed requests:        288",
         "288 failed requests, but those in parentheses are 287"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_ab_report r =
            read_edited(cases[i].file, cases[i].from, cases[i].to);
        char text[RP_AB_SENTENCES_SIZE];

        expect_sentences(rp_ab_lint(&r, text, sizeof text), text,
                         cases[i].sentences);
        cr_expect(eq(int, r.status,
                     cases[i].sentences[0] ? RP_AB_MALFORMED : RP_AB_OK));
        cr_expect(
            eq(uint, rp_ab_lint(&r, NULL, 0), cases[i].sentences[0] != '\0'));
    }
}

Test(ablint, what_cannot_serve_says_why)
{
    static const struct {
        const char *file, *sentence;
    } cases[] = {
        {"drop_r.out",
         "x.txt:1: 30 failed requests among 50; a failed request does not "
         "cost what a served one does: find out why, and measure again"},
        {"varlen.out",
         "x.txt:1: 287 of 300 answers had another length than the first, "
         "which ab counts as failed; if lengths may vary, measure with ab -l"},
        {"n404.out", "x.txt:1: 200 of 200 answers were not 2xx; ab follows no "
                     "redirects and sends no login: check the URL"},
        {"mix503.out", "x.txt:1: 50 of 200 answers were not 2xx; ab follows "
                       "no redirects and sends no login: check the URL"},
        {"nopct.out", "x.txt:1: the report is not whole: the table of "
                      "percentiles is missing; was it cut, or made with -d or "
                      "-w?"},
        {"html.out", "x.txt:2: the report is not whole: \"Time per request\" "
                     "is missing; was it cut, or made with -d or -w?"},
        {"refused.err",
         "x.txt:1: ab ended with \"apr_socket_recv: Connection refused (111)\" "
         "and printed no report; measure again"},
        {"drop.out", "x.txt:1: ab stopped before its report, and the reason is "
                     "not in this file (ab writes it to standard error); "
                     "measure again"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_ab_report r = read_edited(cases[i].file, "a", "a");
        struct rp_error error = {0};

        cr_expect(eq(int, rp_ab_usable(&r, "x.txt", &error), RP_ERR_UNUSABLE),
                  "%s", cases[i].file);
        cr_expect(
            eq(str, (char *)error.text, (char *)(size_t)cases[i].sentence));
    }
}

Test(ablint, an_edit_makes_a_good_report_unusable)
{
    static const struct {
        const char *file, *from, *to, *sentence;
    } cases[] = {
        {"basic.out", "641.90", "641.92",
         "x.txt:1: the figures contradict each other: requests per second is "
         "641.92/s, but concurrency / time per request is 641.849/s; was the "
         "report edited?"},
        {"basic.out", "641.90", "fast",
         "x.txt:21: expected a number after \"Requests per second\", found "
         "\"fast [#/sec] (mean)\"; was the report edited?"},
        {"basic.out", "Requests per second", "Speed",
         "x.txt:1: the report is not whole: \"Requests per second\" is "
         "missing; was it cut, or made with -d or -w?"},
        {"basic.out", "Total transferred",
         "Write errors:           3\nTotal transferred",
         "x.txt:1: 3 write errors; measure again"},
        {"combined.out", "Finished 500 requests\n", "",
         "x.txt:1: ab was interrupted: it showed its progress, but not that "
         "it finished; measure again"},
        {"quiet.out", "..done", "",
         "x.txt:1: ab was interrupted: it showed its progress, but not that "
         "it finished; measure again"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_ab_report r =
            read_edited(cases[i].file, cases[i].from, cases[i].to);
        struct rp_error error = {0};

        cr_expect(eq(int, rp_ab_usable(&r, "x.txt", &error), RP_ERR_UNUSABLE),
                  "%s", cases[i].to);
        cr_expect(
            eq(str, (char *)error.text, (char *)(size_t)cases[i].sentence));
    }
}

Test(ablint, a_run_that_took_no_time_has_no_throughput)
{
    const struct rp_ab_report r =
        read_text("Concurrency Level: 1\nTime taken for tests: 0.000 seconds\n"
                  "Complete requests: 1\nFailed requests: 0\n");
    struct rp_error error = {0};

    cr_expect(eq(int, r.status, RP_AB_OK));
    cr_expect(eq(int, rp_ab_usable(&r, "x.txt", &error), RP_ERR_UNUSABLE));
    cr_expect(eq(str, (char *)error.text,
                 "x.txt:1: the run took 0 s by its clock, which gives no "
                 "throughput; raise ab -n"));
}

Test(ablint, good_runs_are_usable)
{
    static const char *const files[] = {
        "basic.out", "combined.out", "heavy.out", "ka.out",    "noconf.out",
        "one.out",   "quiet.out",    "slow.out",  "small.out", "tlim.out",
        "trunk.out", "v20.out",      "v20_t.out", "v22.out",   "varlen_l.out"};

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct rp_ab_report r = read_edited(files[i], "a", "a");
        struct rp_error error = {0};

        cr_expect(eq(int, rp_ab_usable(&r, "x.txt", &error), RP_OK), "%s",
                  error.text);
    }
}

Test(ablint, runs_that_are_used_may_deserve_a_warning)
{
    static const struct {
        const char *file, *from, *to, *sentences;
    } cases[] = {
        {"basic.out", "a", "a", ""},
        {"small.out", "a", "a",
         "only 10 of the 40 requests that concurrency 2 calls for: start and "
         "end of the run count much; raise ab -n"},
        /* 49.98/s x 38 ms = 1.90 of 4 clients, and 50 requests < 20 x 4 */
        {"trunk_t.out", "a", "a",
         "only 50 of the 80 requests that concurrency 4 calls for: start and "
         "end of the run count much; raise ab -n\n"
         "only 50 requests, though more than 150 were asked for: the time "
         "limit of ab -t ended the run, or somebody did\n"
         "only 1.9 of 4 clients were busy on the average: ab's time per "
         "request is 80.031 ms, but the latencies' mean is 38 ms"},
        /* 405.40/s x 37 ms = 15.0 of 16 clients: 0.9375 */
        {"slow.out", "a", "a",
         "only 15 of 16 clients were busy on the average: ab's time per "
         "request is 39.467 ms, but the latencies' mean is 37 ms"},
        /* 405.40/s x 38 ms = 15.4 of 16 clients: 0.9628 */
        {"slow.out", "Total:         21   37", "Total:         21   38", ""},
        {"ka.out", "a", "a",
         "about 40 ms between the first byte and the last are delayed "
         "acknowledgements, not the server's work"},
        {"ka.out", "Keep-Alive requests:    500", "Keep-Alive requests:    0",
         "the server refused keep-alive (ab asks for it by HTTP/1.0): every "
         "request connects"},
        {"interrupted.out", "a", "a",
         "only 76 requests, though more than 150 were asked for: the time "
         "limit of ab -t ended the run, or somebody did"},
        {"v20.out", "a", "a",
         "ab 2.0 printed 0.72417 s for a run of 0.072417 s"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_ab_report r =
            read_edited(cases[i].file, cases[i].from, cases[i].to);
        char text[RP_AB_SENTENCES_SIZE];

        expect_sentences(rp_ab_warnings(&r, text, sizeof text), text,
                         cases[i].sentences);
    }
}

Test(ablint, the_lost_zeros_of_ab_2_are_put_back)
{
    static const struct {
        const char *version, *seconds, *rps;
        unsigned requests;
        double run_seconds;
    } cases[] = {
        /* Our own runs, and two that were published. */
        {"2.0.41-dev", "0.72417", "2761.78", 200, 0.072417},
        {"2.0.41-dev", "1.15661", "53.17", 54, 1.015661},
        {"2.0.40-dev", "30.27095", "34.24", 1028, 30.027095},
        {"2.0.40-dev", "4.51029", "1234.25", 5000, 4.051029},
        /* nothing from six digits, */
        {"2.0.40-dev", "5.263089", "95.00", 500, 5.263089},
        /* much is lost where the requests/s would not tell, */
        {"2.0.40-dev", "702.298", "14.25", 10005, 702.000298},
        /* nothing by other versions, */
        {"2.3", "5.123", "97.60", 500, 5.123},
        /* and where it does not explain the requests/s, it is not done. */
        {"2.0.40-dev", "5.26309", "95.00", 500, 5.26309},
        {"", "4.51029", "1234.25", 5000, 4.051029},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_ab_report r;
        char text[512];

        (void)snprintf(text, sizeof text,
                       "%s%s\nTime taken for tests: %s seconds\n"
                       "Complete requests: %u\nRequests per second: %s\n",
                       cases[i].version[0] ? "This is ApacheBench, Version "
                                           : "",
                       cases[i].version, cases[i].seconds, cases[i].requests,
                       cases[i].rps);
        r = read_text(text);
        cr_expect(epsilon_eq(dbl, r.run_seconds, cases[i].run_seconds, 1e-9),
                  "%s", text);
        cr_expect(eq(dbl, r.seconds, strtod(cases[i].seconds, NULL)));
        cr_expect(eq(uint, rp_ab_lint(&r, NULL, 0), 0), "%s", text);
    }
}

Test(ablint, throughput_is_what_all_figures_allow)
{
    const struct rp_ab_report r = read_edited("basic.out", "a", "a");
    double half;

    /* 641.90 +- 0.005 allows 641.895 .. 641.905, 4000 / (6.232 +- 0.0005)
     * allows 641.7970 .. 641.9000, 1000 / (1.558 +- 0.0005) and
     * 200 / (0.312 +- 0.0005) allow more. */
    cr_expect(epsilon_eq(dbl, rp_ab_throughput(&r, &half), 641.89752, 2e-4));
    cr_expect(epsilon_eq(dbl, half, 0.00252, 2e-4));
}

/* 14.24 requests/s is known to 0.035 %; its time per request says more. */
Test(ablint, slow_runs_gain_digits)
{
    const struct rp_ab_report r = read_text(
        "Concurrency Level: 1\nTime taken for tests: 702.298 seconds\n"
        "Complete requests: 10000\nFailed requests: 0\n"
        "Requests per second: 14.24 [#/sec] (mean)\n"
        "Time per request: 70.230 [ms] (mean)\n");
    double half;

    cr_expect(
        epsilon_eq(dbl, rp_ab_throughput(&r, &half), 10000.0 / 702.298, 1e-5));
    cr_expect(lt(dbl, half, 2e-5));
}

Test(ablint, without_figures_or_with_a_contradiction_there_is_no_throughput)
{
    const struct rp_ab_report none = read_text("Failed requests: 0\n");
    const struct rp_ab_report wrong =
        read_edited("basic.out", "641.90", "741.90");
    double half = 0.0;

    cr_expect(isnan(rp_ab_throughput(&none, &half)));
    cr_expect(isnan(half));
    cr_expect(isnan(rp_ab_throughput(&wrong, NULL)));
}

Test(ablint, sentences_that_do_not_fit_are_cut)
{
    const struct rp_ab_report r = read_edited("trunk_t.out", "a", "a");
    char whole[RP_AB_SENTENCES_SIZE], cut[RP_AB_SENTENCES_SIZE];
    const unsigned count = rp_ab_warnings(&r, whole, sizeof whole);

    cr_expect(eq(uint, count, 3));
    for (size_t size = 1; size < strlen(whole) + 1; size++) {
        memset(cut, '!', sizeof cut);
        cr_expect(eq(uint, rp_ab_warnings(&r, cut, size), count));
        cr_expect(eq(sz, strlen(cut), size - 1));
        cr_expect(eq(int, strncmp(cut, whole, size - 1), 0));
    }
}
