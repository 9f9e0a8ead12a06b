/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reports that people published, as they published them. They are not ours to
 * copy, so this runs only where they are. */
#include "abexpect.h"

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
