/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/abreport.h"

#include "abindex.h"
#include "calibrate/ablint.h"
#include "calibrate/abscan.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#define FOLDER RP_SOURCE_DIR "/tests/data/ab"

/* The report of one of our runs; the caller frees it. */
static char *load(const char *name, size_t *length)
{
    char path[1024];
    char *text;

    (void)snprintf(path, sizeof path, FOLDER "/%s", name);
    text = abindex_load(path, NULL, length);
    cr_assert(ne(sz, *length, 0), "%s", path);
    text[*length] = '\0';
    return text;
}

/* Read a text that holds exactly one report. */
static struct rp_ab_report read_one(const char *text)
{
    struct rp_ab_file file = {0};
    struct rp_error error = {0};
    struct rp_ab_report report;

    cr_assert(eq(int,
                 rp_ab_read_text(text, strlen(text), "x.txt", &file, &error),
                 RP_OK),
              "%s in: %s", error.text, text);
    cr_assert(eq(sz, file.report_count, 1), "%s", text);
    report = file.reports[0];
    rp_ab_free(&file);
    return report;
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b;
}

/* Whether two reports say the same of a run. */
static bool same_figures(const struct rp_ab_report *a,
                         const struct rp_ab_report *b)
{
    for (size_t i = 0; i < RP_AB_PERCENT_COUNT; i++)
        if (!same(a->percent_ms[i], b->percent_ms[i]))
            return false;
    return a->requests == b->requests && a->failed == b->failed &&
           a->non2xx == b->non2xx && a->concurrency == b->concurrency &&
           same(a->seconds, b->seconds) && same(a->rps, b->rps) &&
           same(a->mean_ms, b->mean_ms) && same(a->across_ms, b->across_ms) &&
           same(a->total_min_ms, b->total_min_ms) &&
           same(a->total_mean_ms, b->total_mean_ms) &&
           same(a->total_sd_ms, b->total_sd_ms) &&
           same(a->total_median_ms, b->total_median_ms) &&
           same(a->total_max_ms, b->total_max_ms);
}

Test(abreport, every_figure_of_a_report_is_kept)
{
    size_t length;
    char *const text = load("drop_r.out", &length);
    const struct rp_ab_report r = read_one(text);

    /* Read off the file by eye. */
    cr_expect(eq(sz, r.line, 1));
    cr_expect(eq(int, r.status, RP_AB_OK));
    cr_expect(eq(str, (char *)r.version, "2.3 <$Revision$>"));
    cr_expect(eq(str, (char *)r.software, "BaseHTTP/0.6"));
    cr_expect(eq(str, (char *)r.host, "127.0.0.1"));
    cr_expect(eq(ulong, r.port, 8765));
    cr_expect(eq(str, (char *)r.path, "/drop"));
    cr_expect(eq(dbl, r.document_bytes, 100.0));
    cr_expect(eq(ulong, r.concurrency, 2));
    cr_expect(eq(dbl, r.seconds, 0.105));
    cr_expect(eq(dbl, r.run_seconds, 0.105));
    cr_expect(eq(ulong, r.requests, 50));
    cr_expect(eq(ulong, r.failed, 30));
    cr_expect(r.has_breakdown);
    cr_expect(eq(ulong, r.failed_connect, 0));
    cr_expect(eq(ulong, r.failed_receive, 10));
    cr_expect(eq(ulong, r.failed_length, 10));
    cr_expect(eq(ulong, r.failed_exceptions, 10));
    cr_expect(eq(dbl, r.transferred_bytes, 8520.0));
    cr_expect(eq(dbl, r.html_bytes, 4000.0));
    cr_expect(eq(dbl, r.rps, 477.81));
    cr_expect(eq(dbl, r.mean_ms, 4.186));
    cr_expect(eq(dbl, r.across_ms, 2.093));
    cr_expect(eq(dbl, r.connect_max_ms, 0.0));
    cr_expect(eq(dbl, r.processing_sd_ms, 2.7));
    cr_expect(eq(dbl, r.waiting_mean_ms, 3.0));
    cr_expect(eq(dbl, r.total_min_ms, 1.0));
    cr_expect(eq(dbl, r.total_mean_ms, 4.0));
    cr_expect(eq(dbl, r.total_sd_ms, 2.7));
    cr_expect(eq(dbl, r.total_median_ms, 4.0));
    cr_expect(eq(dbl, r.total_max_ms, 9.0));
    cr_expect(eq(dbl, r.percent_ms[RP_AB_P80], 8.0));
    cr_expect(eq(int, r.interrupted, 0));
    free(text);
}

Test(abreport, the_kinds_of_ab_differ_in_their_lines)
{
    static const struct {
        const char *file;
        enum rp_ab_key key;
        double value;
    } cases[] = {
        {"ka.out", RP_AB_KEEPALIVE, 500.0},
        {"post.out", RP_AB_SENT, 7150.0},
        {"put.out", RP_AB_SENT, 7100.0},
        {"v22_post.out", RP_AB_SENT, 7150.0},
        {"varlen_l.out", RP_AB_LENGTH, NAN},
        {"v20.out", RP_AB_WRITE_ERRORS, 0.0},
        {"mix503.out", RP_AB_NON2XX, 50.0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length;
        char *const text = load(cases[i].file, &length);
        const struct rp_ab_report r = read_one(text);
        const double values[] = {
            [RP_AB_KEEPALIVE] = (double)r.keepalive,
            [RP_AB_SENT] = r.sent_bytes,
            [RP_AB_LENGTH] = r.document_bytes,
            [RP_AB_WRITE_ERRORS] = (double)r.write_errors,
            [RP_AB_NON2XX] = (double)r.non2xx,
        };

        cr_expect(rp_ab_printed(&r, cases[i].key), "%s", cases[i].file);
        cr_expect(same(values[cases[i].key], cases[i].value), "%s: %g",
                  cases[i].file, values[cases[i].key]);
        free(text);
    }
}

Test(abreport, without_confidence_there_are_neither_medians_nor_deviations)
{
    size_t length;
    char *const text = load("noconf.out", &length);
    const struct rp_ab_report r = read_one(text);

    cr_expect(eq(dbl, r.total_min_ms, 1.0));
    cr_expect(eq(dbl, r.total_mean_ms, 3.0));
    cr_expect(eq(dbl, r.total_max_ms, 9.0));
    cr_expect(isnan(r.total_sd_ms));
    cr_expect(isnan(r.total_median_ms));
    free(text);
}

/* Put `before` in front of every line and `after` behind it, `line_end` for
 * its end. The caller frees it. */
static char *decorate(const char *text, const char *before, const char *after,
                      const char *line_end)
{
    char *const made = calloc(1, 65536);
    size_t used = 0;

    while (*text) {
        const size_t n = strcspn(text, "\n");
        used += (size_t)snprintf(made + used, 65536 - used, "%s%.*s%s%s",
                                 before, (int)n, text, after, line_end);
        text += n + (text[n] == '\n');
    }
    return made;
}

Test(abreport, what_people_put_around_a_report_changes_nothing)
{
    static const struct {
        const char *before, *after, *line_end;
    } cases[] = {
        {"", "", "\r\n"},
        {"", "", "\r"},
        {"\t", "", "\n"},
        {"    ", "  ", "\n"},
        {"# ", "", "\n"},
        {"> ", "", "\n"},
        {"- ##### ", "", "\n"},
        {" * ", " */", "\n"},
        {"- **", "**", "\n"},
        {"| ", " |", "\n"},
        {"// ", "   // comment", "\n"},
        {"", "<br/>", "\n"},
        {"<strong>", "</strong><br>", "\n"},
        {"\x1B[32m", "\x1B[0m", "\n"},
        {"\xC2\xA0", "", "\n"},
        {"", "", " "},
        {"", "", "\\n"},
        {"12:01:07 ab[311]: ", "", "\n"},
    };
    static const char *const files[] = {
        "basic.out", "combined.out", "quiet.out", "tls.out",
        "v20.out",   "trunk.out",    "v22_S.out"};

    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        size_t length;
        char *const text = load(files[f], &length);
        const struct rp_ab_report plain = read_one(text);

        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            char *const made = decorate(text, cases[i].before, cases[i].after,
                                        cases[i].line_end);
            const struct rp_ab_report r = read_one(made);

            cr_expect(same_figures(&plain, &r), "%s, case %zu: %s", files[f], i,
                      made);
            cr_expect(eq(int, r.status, RP_AB_OK), "%s, case %zu", files[f], i);
            cr_expect(eq(str, (char *)r.version, (char *)plain.version));
            free(made);
        }
        free(text);
    }
}

/* A report may be cut anywhere. Whatever is left of it must not be taken for a
 * run with other figures, not even where a number was cut in its middle. */
Test(abreport, a_cut_report_is_unusable_or_says_the_same)
{
    static const char *const files[] = {
        "basic.out", "combined.out", "slow.out",   "v20.out",
        "v22.out",   "noconf.out",   "trunk_t.out"};
    size_t usable_count = 0;

    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        size_t length;
        char *const text = load(files[f], &length);
        const struct rp_ab_report whole = read_one(text);

        for (size_t n = 0; n < length; n++) {
            struct rp_ab_file file = {0};

            if (rp_ab_read_text(text, n, "x.txt", &file, NULL))
                continue;
            cr_assert(eq(sz, file.report_count, 1));
            if (rp_ab_usable(file.reports, "x.txt", NULL) == RP_OK) {
                usable_count++;
                cr_expect(same_figures(&whole, file.reports),
                          "%s, cut to %zu bytes", files[f], n);
                cr_expect(file.reports->status == RP_AB_OK);
            }
            rp_ab_free(&file);
        }
        free(text);
    }
    /* "(longest request)" and the line end may go. */
    cr_expect(gt(sz, usable_count, 0));
    cr_expect(le(sz, usable_count, 7 * 19));
}

/* Without the table of times nothing says that "17" was "1700" once, but that
 * the file ends there. */
Test(abreport, a_number_at_the_end_of_a_file_is_not_believed)
{
    static const char from[] = "Connection Times", to[] = "Percentage";
    size_t length;
    char *const text = load("basic.out", &length);
    char *const cut = strstr(text, from), *const rest = strstr(text, to);
    struct rp_ab_report whole;

    memmove(cut, rest, strlen(rest) + 1);
    memcpy(strstr(text, "100%     17"), "100%   1700", 11);
    whole = read_one(text);
    cr_assert(eq(int, rp_ab_usable(&whole, "x.txt", NULL), RP_OK));
    for (size_t n = strlen(text) - 60; n < strlen(text); n++) {
        struct rp_ab_file file = {0};

        cr_assert(
            eq(int, rp_ab_read_text(text, n, "x.txt", &file, NULL), RP_OK));
        if (rp_ab_usable(file.reports, "x.txt", NULL) == RP_OK)
            cr_expect(same_figures(&whole, file.reports), "cut to %zu", n);
        rp_ab_free(&file);
    }
    free(text);
}

/* A line may be lost to an editor. */
Test(abreport, a_lost_line_never_changes_another_figure)
{
    size_t length;
    char *const text = load("basic.out", &length);
    const struct rp_ab_report whole = read_one(text);

    for (char *line = text; *line; line += strcspn(line, "\n") + 1) {
        const size_t n = strcspn(line, "\n") + 1;
        struct rp_ab_file file = {0};
        char copy[8192];

        (void)snprintf(copy, sizeof copy, "%.*s%s", (int)(line - text), text,
                       line + n);
        if (rp_ab_read_text(copy, strlen(copy), "x.txt", &file, NULL))
            continue;
        if (rp_ab_usable(file.reports, "x.txt", NULL) == RP_OK &&
            strncmp(line, "Time per request", 16) != 0 &&
            strncmp(line, "Total:", 6) != 0 &&
            strncmp(line, "Connection Times", 16) != 0)
            cr_expect(same_figures(&whole, file.reports), "without %.*s",
                      (int)n, line);
        rp_ab_free(&file);
    }
    free(text);
}

/* Every pair of our runs in one file, as a log collects them. */
Test(abreport, reports_in_one_file_stay_apart)
{
    static const char *const files[] = {
        "basic.out", "refused.out", "combined.out", "one.out",
        "nopct.out", "html.out",    "v20.out",      "timeout.err",
        "drop.out",  "v2.out",      "trunk.out"};
    enum { COUNT = sizeof files / sizeof *files };

    for (size_t i = 0; i < COUNT * COUNT; i++) {
        size_t first_length, second_length;
        char *const first = load(files[i / COUNT], &first_length);
        char *const second = load(files[i % COUNT], &second_length);
        const struct rp_ab_report a = read_one(first), b = read_one(second);
        struct rp_ab_file file = {0};
        struct rp_error error = {0};
        char *both;

        /* A failure whose banner went elsewhere ends the run before it. */
        if (strstr(files[i % COUNT], ".err") && a.status == RP_AB_FAILURE) {
            free(first);
            free(second);
            continue;
        }
        both = realloc(first, first_length + second_length + 1);
        memcpy(both + first_length, second, second_length + 1);
        cr_assert(eq(int,
                     rp_ab_read_text(both, first_length + second_length,
                                     "x.txt", &file, &error),
                     RP_OK));
        cr_assert(eq(sz, file.report_count, 2), "%s, then %s", files[i / COUNT],
                  files[i % COUNT]);
        cr_expect(same_figures(&a, &file.reports[0]));
        cr_expect(same_figures(&b, &file.reports[1]));
        cr_expect(eq(int, a.status, file.reports[0].status));
        cr_expect(eq(int, b.status, file.reports[1].status));
        rp_ab_free(&file);
        free(both);
        free(second);
    }
}

Test(abreport, a_wrapped_line_is_told_by_its_order)
{
    const struct rp_ab_report r = read_one("Time per request: 6.232 [ms]\n"
                                           "(mean)\n"
                                           "Time per request: 1.558 [ms]\n"
                                           "(mean, across all)\n");

    cr_expect(eq(dbl, r.mean_ms, 6.232));
    cr_expect(eq(dbl, r.across_ms, 1.558));
}

Test(abreport, progress_belongs_to_the_report_behind_it)
{
    static const char text[] =
        "Completed 100 requests\nFinished 160 requests\n"
        "Complete requests: 160\nFailed requests: 0\n"
        "Completed 1000 requests\nFinished 1600 requests\n"
        "Complete requests: 1600\nFailed requests: 0\n";
    struct rp_ab_file file = {0};

    cr_assert(
        eq(int, rp_ab_read_text(text, strlen(text), "x", &file, NULL), RP_OK));
    cr_assert(eq(sz, file.report_count, 2));
    cr_expect(eq(ulong, file.reports[0].finished_requests, 160));
    cr_expect(eq(ulong, file.reports[1].finished_requests, 1600));
    cr_expect(eq(int, file.reports[0].status, RP_AB_PARTIAL));
    cr_expect(eq(int, file.reports[1].status, RP_AB_PARTIAL));
    rp_ab_free(&file);
}

Test(abreport, a_report_behind_a_failure_is_another_run)
{
    static const char text[] = "apr_socket_recv: Connection refused (111)\n"
                               "Total of 5 requests completed\n"
                               "Complete requests: 160\n"
                               "Failed requests: 0\n";
    struct rp_ab_file file = {0};

    cr_assert(
        eq(int, rp_ab_read_text(text, strlen(text), "x", &file, NULL), RP_OK));
    cr_assert(eq(sz, file.report_count, 2));
    cr_expect(eq(int, file.reports[0].status, RP_AB_FAILURE));
    cr_expect(eq(ulong, file.reports[0].aborted_requests, 5));
    cr_expect(eq(sz, file.reports[1].line, 3));
    cr_expect(eq(ulong, file.reports[1].requests, 160));
    rp_ab_free(&file);
}

Test(abreport, percentages_behind_the_table_are_prose)
{
    const struct rp_ab_report r =
        read_one("Complete requests: 160\n"
                 "Percentage of the requests served within a certain time\n"
                 " 50%   4\n 99%   9\n100%  10 (longest request)\n"
                 "Good: 98% 7 ms or less.\n");

    cr_expect(eq(dbl, r.percent_ms[RP_AB_P50], 4.0));
    cr_expect(isnan(r.percent_ms[RP_AB_P98]));
    cr_expect(eq(dbl, r.percent_ms[RP_AB_P100], 10.0));
}

Test(abreport, html_entities_are_blanks)
{
    const struct rp_ab_report r =
        read_one("<td>Complete&#32;requests:&nbsp;</td><td>&nbsp;7</td>\n"
                 "<td>Requests per second:</td><td>&nbsp;<b>2.50</b></td>\n");

    cr_expect(eq(dbl, r.rps, 2.5));
    cr_expect(eq(ulong, r.requests, 0), "the key itself is broken");
}

Test(abreport, lines_are_counted_whatever_ends_them)
{
    static const char *const ends[] = {"\n", "\r\n", "\r"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char text[128];

        (void)snprintf(text, sizeof text,
                       "Hello%s%sConcurrency Level: 1%sComplete requests: x%s",
                       ends[i], ends[i], ends[i], ends[i]);
        cr_expect(eq(sz, read_one(text).line, 3));
        cr_expect(eq(sz, read_one(text).flaw_line, 4));
    }
}

Test(abreport, a_line_that_is_there_already_begins_another_report)
{
    static const char two[] = "Requests per second: 100.00 [#/sec]\n"
                              "Requests per second: 100.00 [#/sec]\n"
                              "Requests per second: 200.00 [#/sec]\n";
    struct rp_ab_file file = {0};

    cr_assert(
        eq(int, rp_ab_read_text(two, strlen(two), "x", &file, NULL), RP_OK));
    cr_assert(eq(sz, file.report_count, 2));
    cr_expect(eq(dbl, file.reports[0].rps, 100.0));
    cr_expect(eq(sz, file.reports[0].line, 1));
    cr_expect(eq(dbl, file.reports[1].rps, 200.0));
    cr_expect(eq(sz, file.reports[1].line, 3));
    rp_ab_free(&file);
}

Test(abreport, a_value_that_is_no_number_makes_a_report_malformed)
{
    static const struct {
        const char *from, *to, *flaw;
    } cases[] = {
        {"Complete requests:      200", "Complete requests:      1,200",
         "expected a number after \"Complete requests\", found \"1,200\""},
        {"Complete requests:      200", "Complete requests:      -200",
         "expected a number after \"Complete requests\", found \"-200\""},
        {"Complete requests:      200", "Complete requests:      2e2",
         "expected a number after \"Complete requests\", found \"2e2\""},
        {"Complete requests:      200",
         "Complete requests:      99999999999999999999",
         "expected a number after \"Complete requests\", found "
         "\"99999999999999999999\""},
        {"Concurrency Level:      4", "Concurrency Level:      four",
         "expected a number after \"Concurrency Level\", found \"four\""},
        {"Requests per second:    641.90", "Requests per second:    641,90",
         "expected a number after \"Requests per second\", found "
         "\"641,90 [#/sec] (mean)\""},
        {"Requests per second:    641.90", "Requests per second:    nan",
         "expected a number after \"Requests per second\", found "
         "\"nan [#/sec] (mean)\""},
        {"Time taken for tests:   0.312", "Time taken for tests:   1e999",
         "expected a number after \"Time taken for tests\", found "
         "\"1e999 seconds\""},
        {"  95%     16", "  95%     ?",
         "expected a number after \"%\", found \"?\""},
        {"Total:          1    6   5.8      4      17\n",
         "Total:          1    6   5.8      4\n",
         "expected a number after \"Total\", found \"\""},
    };
    size_t length;
    char *const text = load("basic.out", &length);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const at = strstr(text, cases[i].from);
        struct rp_ab_report r;
        char copy[8192];

        cr_assert(at != NULL, "%s", cases[i].from);
        (void)snprintf(copy, sizeof copy, "%.*s%s%s", (int)(at - text), text,
                       cases[i].to, at + strlen(cases[i].from));
        r = read_one(copy);
        cr_expect(eq(int, r.status, RP_AB_MALFORMED), "%s", cases[i].to);
        cr_expect(eq(str, (char *)r.flaw, (char *)(size_t)cases[i].flaw));
    }
    free(text);
}

Test(abreport, a_run_that_was_interrupted_shows_it)
{
    static const char *const texts[] = {
        "Benchmarking h (be patient)...\nComplete requests: 5\n",
        ("Benchmarking h (be patient)\nCompleted 100 requests\n"
         "Complete requests: 150\n"),
        ("Benchmarking h (be patient)\nFinished 90 requests (interrupted)\n"
         "Complete requests: 90\n"),
        "Benchmarking h (be patient).....interrupted\nComplete requests: 90\n",
    };
    static const char *const whole[] = {
        "Benchmarking h (be patient).....done\nComplete requests: 5\n",
        ("Benchmarking h (be patient)\nCompleted 100 requests\n"
         "Finished 150 requests\nComplete requests: 150\n"),
        /* Progress went to another file. */
        "Benchmarking h (be patient)\nComplete requests: 150\n",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(read_one(texts[i]).interrupted, "%s", texts[i]);
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        cr_expect(eq(int, read_one(whole[i]).interrupted, 0), "%s", whole[i]);
}

Test(abreport, what_is_no_report_is_refused_with_a_sentence)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"", "x.txt: empty, expected a report of ab; did ab refuse its "
             "command line?"},
        {" \r\n\n", "x.txt: empty, expected a report of ab; did ab refuse its "
                    "command line?"},
        {"Percentage served,Time in ms\n0,1.000\n",
         "x.txt:1: found the percentiles of ab -e, expected the report that "
         "ab prints"},
        {"starttime\tseconds\tctime\tdtime\tttime\twait\n",
         "x.txt:1: found the requests of ab -g, expected the report that ab "
         "prints"},
        {"Running 10s test @ http://h/\n  Requests/sec: 12.5\n",
         "x.txt: no report of ab in it; expected lines like \"Requests per "
         "second: 641.90 [#/sec] (mean)\", and the file begins with \"Running "
         "10s test @ http://h/\""},
        {"Our server.\nServer Port: 80\nTotal: 5\n50% of us use it.\n",
         "x.txt: no report of ab in it; expected lines like \"Requests per "
         "second: 641.90 [#/sec] (mean)\", and the file begins with \"Our "
         "server.\""},
        {"ab: invalid URL\nUsage: ab [options] [http[s]://]h[:port]/path\n",
         "x.txt: no report: ab refused its command line with \"ab: invalid "
         "URL\""},
        {"This is ApacheBench, Version 2.3 <$Revision: 1 $>\n",
         "x.txt: no report of ab in it; expected lines like \"Requests per "
         "second: 641.90 [#/sec] (mean)\", and the file begins with \"This is "
         "ApacheBench, Version 2.3 <$Revision: 1 $>\""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_ab_file file = {.report_count = 7};
        struct rp_error error = {0};

        cr_expect(eq(int,
                     rp_ab_read_text(cases[i].text, strlen(cases[i].text),
                                     "x.txt", &file, &error),
                     RP_ERR_SYNTAX));
        cr_expect(
            eq(str, (char *)error.text, (char *)(size_t)cases[i].sentence));
        cr_expect(eq(sz, file.report_count, 7), "untouched on failure");
    }
}

Test(abreport, files_that_cannot_be_read_say_why)
{
    struct rp_ab_file file = {0};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_ab_read("no/such.txt", &file, &error), RP_ERR_IO));
    cr_expect(eq(str, (char *)error.text,
                 "no/such.txt: cannot be opened: No such file or directory"));
    cr_expect(eq(int, rp_ab_read(FOLDER, &file, &error), RP_ERR_IO));
    cr_expect(ne(ptr,
                 strstr(error.text, "found a directory, expected a report of "
                                    "ab; name one of the files in it"),
                 NULL));
    cr_expect(eq(sz, file.report_count, 0));
}

Test(abreport, hostile_texts_are_refused_or_read_but_never_believed)
{
    static const char *const pieces[] = {
        "Complete requests: ",
        "<",
        "\x1B[",
        "\\",
        "&",
        "1",
        "Benchmarking ",
        "apr_",
        "Connect:",
        "50%",
        "Server Software: ",
        "Time per request: 1 ",
        "Percentage of the requests 50% ",
        "Total of 99999999999999999999 requests completed",
    };
    enum { BYTES = 300000 };
    char *const text = malloc(BYTES + 1);

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        const size_t n = strlen(pieces[i]);
        struct rp_ab_file file = {0};
        size_t used = 0;

        while (used + n <= BYTES) {
            memcpy(text + used, pieces[i], n);
            used += n;
        }
        if (rp_ab_read_text(text, used, "x.txt", &file, NULL) == RP_OK)
            cr_expect(
                ne(int, rp_ab_usable(file.reports, "x.txt", NULL), RP_OK));
        rp_ab_free(&file);
    }
    free(text);
}

Test(abreport, zero_bytes_are_blanks)
{
    char text[] = "Complete requests:?5\nRequests per second:? 2.50 [#/sec]\n";
    struct rp_ab_file file = {0};

    for (size_t i = 0; i < sizeof text - 1; i++)
        if (text[i] == '?')
            text[i] = '\0';
    cr_assert(eq(int, rp_ab_read_text(text, sizeof text - 1, "x", &file, NULL),
                 RP_OK));
    cr_expect(eq(ulong, file.reports[0].requests, 5));
    cr_expect(eq(dbl, file.reports[0].rps, 2.5));
    rp_ab_free(&file);
}

Test(abreport, a_file_of_too_many_reports_is_refused)
{
    static const char line[] = "Concurrency Level: 1\n";
    const size_t n = strlen(line), count = RP_AB_REPORTS_MAX + 1;
    char *const text = malloc(n * count);
    struct rp_ab_file file = {0};
    struct rp_error error = {0};

    for (size_t i = 0; i < count; i++)
        memcpy(text + i * n, line, n);
    cr_expect(eq(int, rp_ab_read_text(text, n * count, "x", &file, &error),
                 RP_ERR_SYNTAX));
    cr_expect(eq(str, (char *)error.text,
                 "x: more than 10000 reports; split the file"));
    cr_expect(eq(int,
                 rp_ab_read_text(text, n * (count - 1), "x", &file, &error),
                 RP_OK));
    cr_expect(eq(sz, file.report_count, RP_AB_REPORTS_MAX));
    rp_ab_free(&file);
    rp_ab_free(&file);
    free(text);
}

Test(abreport, a_file_above_the_limit_is_not_looked_at)
{
    struct rp_error error = {0};
    struct rp_ab_file file = {0};

    cr_expect(eq(int,
                 rp_ab_read_text("x", RP_AB_BYTES_MAX + 1, "x", &file, &error),
                 RP_ERR_IO));
    cr_expect(eq(str, (char *)error.text,
                 "x: larger than 100 MiB, which no output of ab that can be "
                 "used is; is this the right file?"));
}
