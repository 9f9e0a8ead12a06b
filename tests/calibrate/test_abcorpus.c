/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reports that people published, as they published them. They are not ours to
 * copy, so this runs only where they are. */
#include "abexpect.h"
#include "calibrate/abcurve.h"
#include "calibrate/abrows.h"

#define FOLDER RP_SHARED_DIR "/ab/corpus"

static bool is_report(const struct abindex *row)
{
    const char *const status = abindex_cell(row, "status");

    return strcmp(status, "csv") != 0 && strcmp(status, "tsv") != 0;
}

static void expect_report(const struct abindex *row,
                          const struct rp_ab_report *report)
{
    expect_text(row, "ab_version", report->version);
    expect_text(row, "status", rp_ab_status_word(report->status));
    expect_figures(row, report);
    expect_figure(row, "across_ms", report->across_ms);
    expect_figure(row, "p100", report->percent_ms[RP_AB_P100]);
    expect_figure(row, "keepalive",
                  count_or_nan(report, RP_AB_KEEPALIVE, report->keepalive));
    expect_figure(
        row, "write_errors",
        count_or_nan(report, RP_AB_WRITE_ERRORS, report->write_errors));
    expect_figure(row, "completed_before_abort",
                  report->aborted ? (double)report->aborted_requests : NAN);
    expect_text(row, "error", report->error);
}

Test(abcorpus, every_report_comes_out_as_the_index_says)
{
    struct abindex row = {0};
    struct rp_ab_file file = {0};
    char last[256] = "";
    size_t row_count = 0, reports_seen = 0;

    if (!abindex_open(&row, FOLDER)) {
        printf("SKIPPED: no published reports in %s\n", FOLDER);
        return;
    }
    while (abindex_next(&row)) {
        const char *const name = abindex_cell(&row, "file");
        const size_t number =
            (size_t)strtoul(abindex_cell(&row, "report"), NULL, 10);
        struct rp_error error = {0};
        char path[1024];

        if (!is_report(&row))
            continue;
        if (strcmp(name, last) != 0) {
            cr_expect(eq(sz, file.report_count, reports_seen), "%s", last);
            rp_ab_free(&file);
            (void)snprintf(last, sizeof last, "%s", name);
            (void)snprintf(path, sizeof path, FOLDER "/%s", name);
            cr_expect(eq(int, rp_ab_read(path, &file, &error), RP_OK), "%s",
                      error.text);
            reports_seen = 0;
        }
        reports_seen++;
        row_count++;
        cr_expect(eq(sz, reports_seen, number), "%s", name);
        if (number >= 1 && number <= file.report_count)
            expect_report(&row, &file.reports[number - 1]);
    }
    cr_expect(eq(sz, file.report_count, reports_seen), "%s", last);
    cr_expect(eq(sz, row_count, 166));
    rp_ab_free(&file);
}

/* The index names the number of rows only for -g. */
static void expect_rows(const struct abindex *row, const char *path)
{
    const char *const note = abindex_cell(row, "note");
    const char *const mean = strstr(note, "mean_ttime=");
    struct rp_ab_rows rows = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_ab_rows_read(path, &rows, &error), RP_OK), "%s",
              error.text);
    expect_figure(row, "requests", (double)rows.count);
    expect_figure(row, "p50", rp_ab_rows_percentile(&rows, 50));
    expect_figure(row, "p95", rp_ab_rows_percentile(&rows, 95));
    expect_figure(row, "p99", rp_ab_rows_percentile(&rows, 99));
    expect_figure(row, "p100", rp_ab_rows_percentile(&rows, 100));
    cr_expect(eq(int, rows.was_sorted, strstr(note, "rows sorted") != NULL));
    cr_assert(mean != NULL);
    cr_expect(epsilon_eq(dbl, rp_ab_rows_mean(&rows),
                         strtod(mean + strlen("mean_ttime="), NULL), 5.1e-4));
    rp_ab_rows_free(&rows);
}

static void expect_curve(const struct abindex *row, const char *path)
{
    struct rp_ab_curve curve = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_ab_curve_read(path, 0, &curve, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(sz, curve.count, 101));
    expect_figure(row, "p50", rp_ab_curve_at(&curve, 0.5));
    expect_figure(row, "p95", rp_ab_curve_at(&curve, 0.95));
    expect_figure(row, "p99", rp_ab_curve_at(&curve, 0.99));
    expect_figure(row, "p100", rp_ab_curve_at(&curve, 1.0));
}

Test(abcorpus, every_table_comes_out_as_the_index_says)
{
    struct abindex row = {0};
    size_t row_count = 0;

    if (!abindex_open(&row, FOLDER)) {
        printf("SKIPPED: no published tables in %s\n", FOLDER);
        return;
    }
    while (abindex_next(&row)) {
        const bool is_curve = strcmp(abindex_cell(&row, "status"), "csv") == 0;
        char path[1024];

        if (is_report(&row))
            continue;
        (void)snprintf(path, sizeof path, FOLDER "/%s",
                       abindex_cell(&row, "file"));
        if (is_curve)
            expect_curve(&row, path);
        else
            expect_rows(&row, path);
        row_count++;
    }
    cr_expect(eq(sz, row_count, 13));
}
