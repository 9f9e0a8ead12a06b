/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs of ab that were made for this purpose, of every version and kind, in
 * tests/data/ab; the expected values were not made by this library. */
#include "abexpect.h"

#define FOLDER RP_SOURCE_DIR "/tests/data/ab"

/* Standard output and standard error of a run, as a log has them. */
static char *load_run(const char *out, size_t *length)
{
    char first[1024], second[1024];

    (void)snprintf(first, sizeof first, FOLDER "/%s", out);
    (void)snprintf(second, sizeof second, "%.*s.err",
                   (int)(strlen(first) - strlen(".out")), first);
    return abindex_load(first, second, length);
}

static bool is_empty_row(const struct abindex *row)
{
    return !abindex_cell(row, "version")[0] && !abindex_cell(row, "shape")[0];
}

static bool has_no_report(const struct abindex *row)
{
    return strncmp(abindex_cell(row, "shape"), "exit 22", 7) == 0;
}

Test(ablocal, every_run_comes_out_as_the_index_says)
{
    struct abindex row = {0};
    size_t row_count = 0;

    cr_assert(abindex_open(&row, FOLDER));
    while (abindex_next(&row)) {
        const char *const name = abindex_cell(&row, "file");
        struct rp_ab_file file = {0};
        struct rp_error error = {0};
        size_t length;
        char *text;

        if (is_empty_row(&row))
            continue; /* a run that was not kept */
        text = load_run(name, &length);
        if (has_no_report(&row)) {
            cr_expect(eq(int,
                         rp_ab_read_text(text, length, name, &file, &error),
                         RP_ERR_SYNTAX));
        } else {
            cr_assert(eq(int,
                         rp_ab_read_text(text, length, name, &file, &error),
                         RP_OK),
                      "%s", error.text);
            cr_assert(eq(sz, file.report_count, 1), "%s", name);
            expect_figures(&row, file.reports);
            expect_text(&row, "version", file.reports->version);
            expect_text(&row, "error(stderr)", file.reports->error);
        }
        rp_ab_free(&file);
        free(text);
        row_count++;
    }
    cr_expect(eq(sz, row_count, 42));
}

Test(ablocal, a_run_is_read_alike_without_its_standard_error)
{
    struct abindex row = {0};

    cr_assert(abindex_open(&row, FOLDER));
    while (abindex_next(&row)) {
        struct rp_ab_file file = {0};
        struct rp_error error = {0};
        char path[1024];

        if (!abindex_cell(&row, "rps")[0])
            continue;
        (void)snprintf(path, sizeof path, FOLDER "/%s",
                       abindex_cell(&row, "file"));
        cr_assert(eq(int, rp_ab_read(path, &file, &error), RP_OK), "%s",
                  error.text);
        cr_expect(eq(sz, file.report_count, 1));
        expect_figures(&row, file.reports);
        rp_ab_free(&file);
    }
}
