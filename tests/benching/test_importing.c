/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/importing.h"

#include "calibrate/dataset.h"
#include "model/file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PEERS RP_SOURCE_DIR "/tests/data/peers/"

static char folder[] = "/tmp/importing-XXXXXX";
static char output[64];

static void make_folder(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    (void)snprintf(output, sizeof output, "%s/set", folder);
}

static void remove_folder(void)
{
    char command[128];

    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_expect(eq(int, system(command), 0));
}

TestSuite(importing, .init = make_folder, .fini = remove_folder);

static struct rp_import usual(void)
{
    return (struct rp_import){.output = output,
                              .config = {.server = RP_SERVER_UVICORN,
                                         .threads = 1,
                                         .path = RP_PATH_DUAL,
                                         .stack = "SMA",
                                         .view_async = true},
                              .framework_version = "3.2.25",
                              .asgiref_version = "3.6.0",
                              .measured_on = "2026-11-22",
                              .processes = 1};
}

static void take(const struct rp_import *import, const char *source)
{
    char *sources[] = {strdup(source)};
    struct rp_imported imported;
    struct rp_error error = {0};

    cr_assert(
        eq(int, rp_import_files(import, sources, 1, &imported, &error), RP_OK),
        "%s", error.text);
    free(sources[0]);
}

static void refused(const struct rp_import *import, const char *source,
                    enum rp_code code, const char *end)
{
    char *sources[] = {strdup(source)};
    struct rp_imported imported;
    struct rp_error error = {0};
    size_t length;

    cr_expect(
        eq(int, rp_import_files(import, sources, 1, &imported, &error), code));
    length = strlen(error.text);
    cr_assert(ge(sz, length, strlen(end)), "%s", error.text);
    cr_expect(eq(str, error.text + length - strlen(end), (char *)end));
    free(sources[0]);
}

static char *read_runs(void)
{
    char path[128];
    char *bytes = NULL;
    size_t length = 0;
    struct rp_error error = {0};

    (void)snprintf(path, sizeof path, "%s/runs.csv", output);
    cr_assert(eq(int, rp_file_read(path, 1 << 20, "x", &bytes, &length, &error),
                 RP_OK),
              "%s", error.text);
    return bytes;
}

Test(importing, what_was_imported_is_read_as_a_data_set)
{
    struct rp_import import = usual();
    struct rp_measured m = {0};
    struct rp_error error = {0};

    take(&import, PEERS "wrk-stalls.txt");
    import.config.concurrency = 4;
    import.config.stack[1] = '\0';
    take(&import, PEERS "hey.csv");
    take(&import, PEERS "hey.csv");
    cr_assert(eq(int, rp_dataset_read(output, &m, &error), RP_OK), "%s",
              error.text);
    cr_assert(eq(sz, m.run_count, 3));
    cr_expect(eq(sz, m.config_count, 2));
    cr_expect(eq(sz, m.block_count, 2), "two rounds");
    cr_expect(eq(sz, m.datasets[0].blind, 1), "wrk's");
    cr_expect(m.configs[0].keepalive && m.configs[1].keepalive,
              "wrk and hey do unless they are told not to");
    cr_expect(eq(sz, m.datasets[0].bare, 0));
    for (size_t i = 0; i < m.run_count; i++) {
        const struct rp_measured_run *const run = &m.runs[i];

        if (m.configs[run->config].tool == RP_TOOL_WRK) {
            cr_expect(eq(uint, m.configs[run->config].concurrency, 8));
            cr_expect(epsilon_eq(dbl, run->mean_ns, 8e9 / 1320.57, 1.0));
            cr_expect(isnan(run->curve_mean_ns));
            cr_expect(isnan(run->value[RP_METRIC_P50]));
        } else {
            cr_expect(epsilon_eq(dbl, run->curve_mean_ns, 3.63e6, 1.0));
            cr_expect(epsilon_eq(dbl, run->value[RP_METRIC_P90], 6.5, 1e-9));
        }
    }
    rp_measured_free(&m);
}

Test(importing, rows_that_were_there_keep_their_cells)
{
    static const char before[] =
        "requests,file,round,server,threads,path,stack,view,io_ms,cpu_us,"
        "concurrency\n400,\"a, \"\"b\"\".txt\",07,uvicorn,1,dual,none,sync,0,"
        "0.50,1\n";
    char command[512];
    struct rp_import import = usual();
    char *runs;

    (void)snprintf(command, sizeof command,
                   "mkdir %s && cp %s/tests/data/dataset-small/dataset.yaml %s",
                   output, RP_SOURCE_DIR, output);
    cr_assert(eq(int, system(command), 0));
    (void)snprintf(command, sizeof command, "%s/runs.csv", output);
    {
        FILE *const file = fopen(command, "w");

        cr_assert(file != NULL);
        (void)fputs(before, file);
        (void)fclose(file);
    }
    take(&import, PEERS "wrk-stalls.txt");
    runs = read_runs();
    cr_expect(
        eq(str, runs,
           "requests,file,round,server,threads,path,stack,view,io_ms,"
           "cpu_us,concurrency,tool\n400,\"a, \"\"b\"\".txt\",07,uvicorn,"
           "1,dual,none,sync,0,0.50,1,ab\n2651,imported/uvicorn1_dual_SMA_"
           "async_c8_r01.txt,1,uvicorn,1,dual,SMA,async,0,0,8,wrk\n"));
    free(runs);
}

Test(importing, nothing_is_written_where_one_file_is_no_good)
{
    const struct rp_import import = usual();
    char good[] = PEERS "wrk-stalls.txt", bad[] = PEERS "wrk-404.txt";
    char *const sources[] = {good, bad};
    struct rp_imported imported[2];
    struct rp_error error = {0};

    cr_expect(eq(int, rp_import_files(&import, sources, 2, imported, &error),
                 RP_ERR_UNUSABLE));
    cr_expect(ne(int, access(output, F_OK), 0));
}

Test(importing, a_file_that_was_left_there_is_not_written_over)
{
    const struct rp_import import = usual();
    char command[512];
    char *runs;

    take(&import, PEERS "wrk-stalls.txt");
    (void)snprintf(command, sizeof command, "rm %s/runs.csv", output);
    cr_assert(eq(int, system(command), 0));
    take(&import, PEERS "wrk-stalls.txt");
    runs = read_runs();
    cr_expect(strstr(runs, "async_c8_k_r01-2.txt,1,") != NULL);
    free(runs);
}

Test(importing, what_does_not_fit_is_said)
{
    struct rp_import import = usual();

    refused(&import, PEERS "hey.csv", RP_ERR_VALUE,
            "hey does not say how many clients there were; say --concurrency");
    refused(
        &import, PEERS "README.md", RP_ERR_SYNTAX,
        "one of ab, wrk, hey, hey-csv, h2load, h2load-log, open or samples");
    import.config.concurrency = 4;
    refused(&import, PEERS "wrk-stalls.txt", RP_ERR_VALUE,
            "the report has 8 clients, but --concurrency is 4");
    take(&import, PEERS "hey.csv");
    refused(&import, PEERS "h2load.tsv", RP_ERR_VALUE,
            "has runs of this configuration by hey; those of h2load belong "
            "into a data set of their own");
    import.config.server = RP_SERVER_GUNICORN;
    refused(&import, PEERS "hey.csv", RP_ERR_VALUE,
            "the data set does not describe gunicorn; add it under servers");
    import = usual();
    import.asgiref_version = NULL;
    (void)snprintf(output, sizeof output, "%s/other", folder);
    refused(&import, PEERS "wrk-stalls.txt", RP_ERR_VALUE,
            "the data set is new, and has to say what was measured: "
            "--asgiref-version is missing");
}

#define ROW_OF_AB "1,uvicorn,1,dual,SMA,async,0,0,"

/* tests/data/ab/ka.out is of ab -k, basic.out is not. */
Test(importing, reports_of_ab_say_whether_connections_were_kept)
{
    struct rp_import import = usual();
    struct rp_measured m = {0}, costs = {0};
    struct rp_error error = {0};
    char *runs;

    take(&import, RP_SOURCE_DIR "/tests/data/ab/basic.out");
    runs = read_runs();
    cr_expect(strstr(runs, "requests,tool\nimported/uvicorn1_dual_SMA_async_"
                           "c4_r01.txt," ROW_OF_AB "4,200,ab\n") != NULL,
              "no column: %s", runs);
    free(runs);
    take(&import, RP_SOURCE_DIR "/tests/data/ab/ka.out");
    runs = read_runs();
    cr_expect(strstr(runs, ",keepalive\n") != NULL, "%s", runs);
    cr_expect(strstr(runs, "_k_r01.txt," ROW_OF_AB) != NULL, "%s", runs);
    cr_expect(strstr(runs, ",true\n") != NULL, "%s", runs);
    free(runs);
    cr_assert(eq(int, rp_dataset_read(output, &m, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(sz, m.config_count, 2));
    cr_expect(eq(sz, m.datasets[0].kept, 0), "none is left out");
    cr_assert(eq(int, rp_dataset_read_for_costs(output, &costs, &error), RP_OK),
              "%s", error.text);
    cr_expect(eq(sz, costs.run_count, 1));
    cr_expect(eq(sz, costs.datasets[0].kept, 1));
    cr_expect(eq(sz, costs.datasets[0].assumed, 0), "the row says it");
    rp_measured_free(&costs);
    rp_measured_free(&m);
    import.closes = true;
    refused(&import, RP_SOURCE_DIR "/tests/data/ab/ka.out", RP_ERR_VALUE,
            "the report is of ab -k, but --closed says that every request had "
            "a connection of its own");
}

Test(importing, who_says_closed_says_it_of_rows_too)
{
    struct rp_import import = usual();
    struct rp_measured m = {0};
    struct rp_error error = {0};

    take(&import, PEERS "wrk-stalls.txt");
    import.closes = true;
    take(&import, PEERS "wrk-stalls.txt");
    cr_assert(eq(int, rp_dataset_read_for_costs(output, &m, &error), RP_OK),
              "%s", error.text);
    cr_expect(eq(sz, m.run_count, 1));
    cr_expect(eq(sz, m.datasets[0].kept, 1));
    cr_expect(eq(sz, m.datasets[0].assumed, 1), "the first");
    rp_measured_free(&m);
}
