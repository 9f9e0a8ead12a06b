/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "bench/journal.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/reqpath-journal-XXXXXX";
static struct rp_plan plan;
static const struct rp_surroundings around = {.today = "2026-01-02"};

static const char text[] =
    "name: n\ncampaign: k\nframework_version: 3.2.25\n"
    "asgiref_version: 3.6.0\nrounds: 3\ntargets:\n"
    "- {name: g, kind: url, url: 'http://h/', server: gthread, threads: 4}\n"
    "runs:\n- {stack: SSA, view: async, io_ms: 2.5, cpu_us: 500, "
    "concurrency: 2, requests: 40}\n- {requests: 40}\n";

static int remove_one(const char *path, const struct stat *info, int kind,
                      struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static void begin(void)
{
    struct rp_error error = {0};

    rp_init();
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(rp_plan_read_text(text, strlen(text), "p", &plan, &error) ==
                  RP_OK,
              "%s", error.text);
}

static void end(void)
{
    rp_plan_free(&plan);
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

TestSuite(journal, .init = begin, .fini = end);

static struct rp_journal open_it(void)
{
    struct rp_journal journal = {0};
    struct rp_error error = {0};

    cr_assert(rp_journal_open(folder, NULL, &plan, &around, "", &journal,
                              &error) == RP_OK,
              "%s", error.text);
    return journal;
}

/* What the client would have left. */
static void write_parts(const struct rp_journal *journal, const char *file)
{
    static const char *const parts[] = {RP_JOURNAL_REPORT_PART,
                                        RP_JOURNAL_CURVE_PART};

    for (size_t i = 0; i < 2; i++) {
        char *const path = rp_journal_path(journal, file, parts[i]);
        FILE *const out = fopen(path, "w");

        cr_assert(out != NULL);
        (void)fputs(parts[i], out);
        (void)fclose(out);
        free(path);
    }
}

static void keep(struct rp_journal *journal, size_t run, unsigned round)
{
    char file[RP_JOURNAL_FILE_SIZE];
    struct rp_error error = {0};

    (void)rp_journal_file(&plan, &plan.runs[run], round, file);
    write_parts(journal, file);
    cr_assert(rp_journal_keep(journal, &plan.runs[run], round, file,
                              plan.runs[run].requests, &error) == RP_OK,
              "%s", error.text);
}

static void expect_file(const char *name, const char *wanted)
{
    char path[256], found[1024] = "";
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "r");
    cr_assert(file != NULL, "%s", path);
    (void)!fread(found, 1, sizeof found - 1, file);
    (void)fclose(file);
    cr_expect(eq(str, found, (char *)wanted));
}

#define COLUMNS                                                                \
    "file,round,server,threads,path,stack,view,io_ms,cpu_us,concurrency,"      \
    "requests\n"
#define FIRST "round-01/g_SSA_async_io2.5_cpu500_c2_r01.txt"
#define ROW   FIRST ",1,gthread,4,dual,SSA,async,2.5,500,2,40\n"

Test(journal, a_run_that_is_kept_has_two_files_and_a_row)
{
    struct rp_journal j = open_it();

    expect_file("runs.csv", COLUMNS);
    keep(&j, 0, 1);
    expect_file("runs.csv", COLUMNS ROW);
    expect_file(FIRST, RP_JOURNAL_REPORT_PART);
    expect_file("round-01/g_SSA_async_io2.5_cpu500_c2_r01.csv",
                RP_JOURNAL_CURVE_PART);
    cr_expect(eq(sz, j.row_count, 1));
    rp_journal_close(&j);
    rp_journal_close(&j);
}

Test(journal, who_opens_it_again_finds_what_was_kept)
{
    struct rp_journal j = open_it();

    keep(&j, 1, 2);
    keep(&j, 0, 1);
    rp_journal_close(&j);
    j = open_it();
    cr_expect(eq(sz, j.there_count, 2));
    cr_expect(eq(int, rp_journal_has(&j, FIRST), 1));
    cr_expect(
        eq(int, rp_journal_has(&j, "round-02/g_none_sync_c1_r02.txt"), 1));
    cr_expect(
        eq(int, rp_journal_has(&j, "round-01/g_none_sync_c1_r01.txt"), 0));
    rp_journal_close(&j);
}

Test(journal, a_row_that_was_cut_is_taken_away)
{
    struct rp_journal j = open_it();
    char path[256];
    FILE *file;

    keep(&j, 0, 1);
    rp_journal_close(&j);
    (void)snprintf(path, sizeof path, "%s/runs.csv", folder);
    file = fopen(path, "a");
    cr_assert(file != NULL);
    (void)fputs("round-02/g_none_sync_c1_r02.txt,2,gth", file);
    (void)fclose(file);
    j = open_it();
    cr_expect(eq(sz, j.there_count, 1));
    expect_file("runs.csv", COLUMNS ROW);
    rp_journal_close(&j);
}

Test(journal, a_run_without_its_files_gets_no_row)
{
    struct rp_journal j = open_it();
    struct rp_error error = {0};

    cr_expect(eq(int,
                 rp_journal_keep(&j, &plan.runs[0], 1, FIRST, 40, &error) ==
                     RP_ERR_IO,
                 1));
    expect_file("runs.csv", COLUMNS);
    rp_journal_close(&j);
}

/* reqpath import adds columns behind, in the order in which it needs them. */
Test(journal, columns_that_came_later_get_their_cells)
{
    struct rp_journal j = open_it();

    keep(&j, 0, 1);
    rp_journal_close(&j);
    {
        char command[512];

        (void)snprintf(command, sizeof command,
                       "sed -i -e '1s/$/,keepalive,tool/' -e '2s/$/,,ab/' "
                       "%s/runs.csv",
                       folder);
        cr_assert(eq(int, system(command), 0));
    }
    plan.runs[1].keepalive = true;
    j = open_it();
    keep(&j, 1, 2);
    expect_file("runs.csv",
                "file,round,server,threads,path,stack,view,io_ms,cpu_us,"
                "concurrency,requests,keepalive,tool\n" FIRST
                ",1,gthread,4,dual,SSA,async,2.5,500,2,40,,ab\n"
                "round-02/g_none_sync_c1_k_r02.txt,2,gthread,4,dual,,sync,0,0,"
                "1,40,true,ab\n");
    rp_journal_close(&j);
}
