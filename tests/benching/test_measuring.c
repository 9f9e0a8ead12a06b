/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "bench/child.h"
#include "bench/measuring.h"
#include "calibrate/dataset.h"
#include "sim/init.h"
#include "tests/benching/freeport.h"

#include <criterion/new/assert.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A folder for everything, a server that a plan starts, a client that asks
 * nobody (fakeab.sh). */
static char folder[] = "/tmp/reqpath-bench-XXXXXX";
static char said[16384];

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
    rp_init();
    said[0] = '\0';
    cr_assert(mkdtemp(folder) != NULL);
}

static void end(void)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

TestSuite(measuring, .init = begin, .fini = end, .timeout = 120);

static const char *in_folder(const char *name)
{
    static char paths[8][256];
    static unsigned at;
    char *const path = paths[at++ % 8];

    (void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void write_text(const char *name, const char *format, ...)
    RP_PRINTF(2, 3);

static void write_text(const char *name, const char *format, ...)
{
    FILE *const file = fopen(in_folder(name), "w");
    va_list values;

    cr_assert(file != NULL);
    va_start(values, format);
    (void)vfprintf(file, format, values);
    va_end(values);
    (void)fclose(file);
}

/* "" where there is none. */
static char *read_text(const char *path)
{
    FILE *const file = fopen(path, "r");
    char *const text = calloc(1, 65536);

    cr_assert(text != NULL);
    if (file) {
        (void)!fread(text, 1, 65535, file);
        (void)fclose(file);
    }
    return text;
}

#define HEAD                                                                   \
    "name: n\ncampaign: k\nframework_version: 3.2.25\n"                        \
    "asgiref_version: 3.6.0\nrounds: 3\nseed: 5\n"                             \
    "client: {program: " RP_SOURCE_DIR "/tests/benching/fakeab.sh}\n"

static void write_plan(const char *name, const char *path)
{
    const unsigned port = free_port();

    write_text(name,
               HEAD "targets:\n"
                    "- {name: g, kind: command, command: '%s %u', url: "
                    "'http://127.0.0.1:%u/%s/{stack}', server: gunicorn}\n"
                    "runs:\n"
                    "- {stack: [none, S], view: [sync, async], "
                    "concurrency: [1, 2], requests: 40}\n",
               RP_ANSWERER, port, port, path);
}

static void remember(void *user, const char *sentence)
{
    (void)user;
    (void)strncat(said, sentence, sizeof said - strlen(said) - 2);
    (void)strcat(said, "\n");
}

static void ignore(void *user, const struct rp_bench_progress *progress)
{
    (void)user;
    cr_expect(progress->done < progress->total);
}

static enum rp_code bench(const char *plan_name, const char *output,
                          struct rp_bench_result *result,
                          struct rp_error *error)
{
    const char *const plan_path = in_folder(plan_name);
    const struct rp_bench_options options = {.output = in_folder(output),
                                             .plan_path = plan_path,
                                             .self = "/bin/false",
                                             .say = remember,
                                             .progress = ignore};
    struct rp_plan plan = {0};
    enum rp_code code = rp_plan_read(plan_path, &plan, error);

    cr_assert(eq(int, code, RP_OK), "%s", error->text);
    code = rp_bench_measure(&plan, &options, result, error);
    rp_plan_free(&plan);
    return code;
}

static struct rp_bench_result bench_well(const char *plan, const char *output)
{
    struct rp_bench_result result = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, bench(plan, output, &result, &error), RP_OK), "%s",
              error.text);
    return result;
}

static void write_wrk_plan(const char *path)
{
    const unsigned port = free_port();

    write_text("plan.yaml",
               "name: n\ncampaign: k\nframework_version: 3.2.25\n"
               "asgiref_version: 3.6.0\nrounds: 2\nwarm_up: 1s\nclient: {tool: "
               "wrk, program: " RP_SOURCE_DIR "/tests/benching/fakewrk.sh}\n"
               "targets:\n- {name: g, kind: command, command: '%s %u', url: "
               "'http://127.0.0.1:%u/%s/{stack}', server: gunicorn}\n"
               "runs:\n- {stack: [none, S], concurrency: [1, 2], duration: "
               "2s}\n",
               RP_ANSWERER, port, port, path);
}

Test(measuring, wrk_measures_too)
{
    struct rp_measured m = {0};
    struct rp_error error = {0};
    struct rp_bench_result r;
    char *text;

    write_wrk_plan("quick");
    r = bench_well("plan.yaml", "out");
    cr_expect(eq(sz, r.measured, 8));
    cr_expect(eq(sz, r.missing, 0));
    cr_expect(eq(str, said, ""));
    cr_assert(eq(int, rp_dataset_read(in_folder("out"), &m, &error), RP_OK),
              "%s", error.text);
    cr_expect(eq(sz, m.run_count, 8));
    cr_expect(eq(sz, m.datasets[0].kept, 0), "it closes connections");
    for (size_t i = 0; i < m.run_count; i++) {
        const unsigned c = m.configs[m.runs[i].config].concurrency;

        cr_expect(eq(uint, m.runs[i].requests, 1000 * c));
        cr_expect(epsilon_eq(dbl, m.runs[i].mean_ns, 2e6, 1.0));
        cr_expect(epsilon_eq(dbl, m.runs[i].value[RP_METRIC_P50], 2.0, 1e-9));
    }
    rp_measured_free(&m);
    text = read_text(in_folder("out/dataset.yaml"));
    cr_expect(strstr(text, "client: {tool: wrk, keepalive: false, version: "
                           "\"debian/4.1.0-3+b2\"}") != NULL);
    cr_expect(strstr(text, "warm_up: 1s") != NULL);
    free(text);
}

static void edit_plan(const char *expression)
{
    char command[512];

    (void)snprintf(command, sizeof command, "sed -i '%s' %s", expression,
                   in_folder("plan.yaml"));
    cr_assert(eq(int, system(command), 0));
}

Test(measuring, wrk_keeps_connections_where_it_is_asked_to)
{
    struct rp_measured m = {0};
    struct rp_error error = {0};
    struct rp_bench_result r;

    write_wrk_plan("kept");
    edit_plan("s/fakewrk.sh/&, keepalive: true/");
    r = bench_well("plan.yaml", "out");
    cr_expect(eq(sz, r.measured, 8), "%s", said);
    cr_expect(eq(int, rp_dataset_read_for_costs(in_folder("out"), &m, &error),
                 RP_ERR_UNUSABLE));
    cr_expect(strstr(error.text,
                     "8 of its 8 runs kept their connections and no other can "
                     "be used: costs are of requests with a connection of "
                     "their own; measure without keepalive, or leave this data "
                     "set out") != NULL,
              "%s", error.text);
}

/* fakeab.sh prints what ab prints with -k; the reader compares it with what the
 * row says. */
Test(measuring, runs_with_and_without_keep_alive_are_other_configurations)
{
    struct rp_measured m = {0}, costs = {0};
    struct rp_error error = {0};
    struct rp_bench_result r;
    char *text;

    write_plan("plan.yaml", "quick");
    edit_plan("s/stack: .none, S., view: .sync, async./keepalive: [false, "
              "true]/");
    r = bench_well("plan.yaml", "out");
    cr_expect(eq(str, said, ""));
    cr_assert(eq(int, rp_dataset_read(in_folder("out"), &m, &error), RP_OK),
              "%s", error.text);
    cr_expect(eq(sz, m.config_count, 4), "1 and 2 clients, with and without");
    cr_expect(eq(sz, m.run_count, r.measured));
    for (size_t i = 0; i < m.run_count; i++)
        cr_expect(eq(int, strstr(m.runs[i].file, "_k_r0") != NULL,
                     m.configs[m.runs[i].config].keepalive));
    cr_assert(eq(int,
                 rp_dataset_read_for_costs(in_folder("out"), &costs, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(eq(sz, costs.config_count, 2));
    cr_expect(eq(sz, costs.run_count, m.run_count / 2));
    cr_expect(eq(sz, costs.datasets[0].kept, m.run_count / 2));
    rp_measured_free(&costs);
    rp_measured_free(&m);
    text = read_text(in_folder("out/runs.csv"));
    cr_expect(strstr(text, "concurrency,requests,keepalive\n") != NULL);
    free(text);
    text = read_text(in_folder("out/dataset.yaml"));
    cr_expect(strstr(text, "client: {tool: ab, keepalive: false, ") != NULL);
    free(text);
}

Test(measuring, what_wrk_did_not_get_is_not_kept)
{
    struct rp_bench_result r;

    write_wrk_plan("broken");
    r = bench_well("plan.yaml", "out");
    cr_expect(eq(sz, r.measured, 0));
    cr_expect(strstr(said, "not kept: 7 of 1000 answers were neither 2xx nor "
                           "3xx") != NULL);
}

Test(measuring, a_plan_becomes_a_data_set)
{
    struct rp_measured m = {0};
    struct rp_error error = {0};
    struct rp_bench_result r;

    write_plan("plan.yaml", "quick");
    r = bench_well("plan.yaml", "out");
    cr_expect(eq(sz, r.measured, 24));
    cr_expect(eq(sz, r.missing, 0));
    cr_expect(eq(str, said, ""));
    cr_assert(eq(int, rp_dataset_read(in_folder("out"), &m, &error), RP_OK),
              "%s", error.text);
    cr_expect(eq(sz, m.run_count, 24));
    cr_expect(eq(sz, m.config_count, 8));
    cr_expect(eq(sz, m.block_count, 3));
    cr_expect(eq(sz, m.datasets[0].bare, 0), "all have percentiles");
    for (size_t i = 0; i < m.run_count; i++)
        cr_expect(epsilon_eq(dbl, m.runs[i].value[RP_METRIC_P50], 2.0, 1e-9));
    rp_measured_free(&m);
    r = bench_well("plan.yaml", "out");
    cr_expect(eq(sz, r.measured, 0));
    cr_expect(eq(sz, r.there, 24), "nothing is measured twice");
}

static size_t rows_of(const char *path)
{
    char *const text = read_text(path);
    size_t rows = 0;

    for (const char *c = text; *c; c++)
        rows += *c == '\n';
    free(text);
    return rows;
}

/* Kill a bench as soon as it has so many rows. */
static void bench_and_kill(const char *plan, const char *output, size_t rows)
{
    const char *const runs = in_folder("killed/runs.csv");
    const pid_t pid = fork();

    if (pid == 0) {
        struct rp_bench_result result;
        struct rp_error error;

        (void)!bench(plan, output, &result, &error);
        _exit(0);
    }
    while (rows_of(runs) < rows && waitpid(pid, NULL, WNOHANG) == 0)
        rp_pause(0.005);
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

static void expect_same_file(const char *a, const char *b)
{
    char *const x = read_text(a), *const y = read_text(b);

    cr_expect(strlen(x) > 0, "%s", a);
    cr_expect(eq(str, x, y), "%s", b);
    free(x);
    free(y);
}

Test(measuring, who_is_killed_goes_on_and_loses_nothing)
{
    struct rp_measured m = {0};
    struct rp_error error = {0};
    struct rp_bench_result r;
    char whole[512], killed[512];
    size_t rows;

    write_plan("plan.yaml", "slow");
    (void)bench_well("plan.yaml", "whole");
    bench_and_kill("plan.yaml", "killed", 6);
    rows = rows_of(in_folder("killed/runs.csv"));
    cr_assert(rows >= 6 && rows < 25, "%zu rows with the head", rows);
    { /* and a row is cut in the middle, as by a full disk */
        FILE *const file = fopen(in_folder("killed/runs.csv"), "a");

        cr_assert(file != NULL);
        (void)fputs("round-03/g_no", file);
        (void)fclose(file);
    }
    rp_pause(0.2); /* the killed server's port is free */
    r = bench_well("plan.yaml", "killed");
    cr_expect(eq(sz, r.there, rows - 1));
    cr_expect(eq(sz, r.measured, 24 - (rows - 1)));
    expect_same_file(in_folder("whole/runs.csv"), in_folder("killed/runs.csv"));
    cr_assert(eq(int, rp_dataset_read(in_folder("whole"), &m, &error), RP_OK),
              "%s", error.text);
    for (size_t i = 0; i < m.run_count; i++) {
        (void)snprintf(whole, sizeof whole, "%s/whole/%s", folder,
                       m.runs[i].file);
        (void)snprintf(killed, sizeof killed, "%s/killed/%s", folder,
                       m.runs[i].file);
        expect_same_file(whole, killed);
    }
    rp_measured_free(&m);
}

Test(measuring, a_target_that_fails_is_said_and_the_rest_goes_on)
{
    const unsigned port = free_port();
    struct rp_bench_result r;

    write_text("s.yaml", "framework: {name: django, version: 3.2.25, asgiref: "
                         "3.6.0}\nserver: {kind: uvicorn}\n"
                         "view: {kind: sync}\n");
    write_text("plan.yaml",
               HEAD "targets:\n"
                    "- {name: good, kind: command, command: '%s %u', url: "
                    "'http://127.0.0.1:%u/', server: gunicorn}\n"
                    "- {name: bad, kind: command, command: 'echo no module "
                    ">&2; exit 3', url: 'http://127.0.0.1:1/', server: "
                    "daphne}\n"
                    "- {name: micro, kind: microhandler, scenario: %s/s.yaml, "
                    "profile: p.yaml, server: uvicorn, set: micro}\n"
                    "runs:\n- {requests: 40}\n",
               RP_ANSWERER, port, port, folder);
    r = bench_well("plan.yaml", "out");
    cr_expect(eq(sz, r.measured, 3));
    cr_expect(eq(sz, r.missing, 6));
    cr_expect(strstr(said, "target bad: it ended by itself, exit code 3: \"no "
                           "module\"") != NULL,
              "%s", said);
    cr_expect(strstr(said, "target micro: this reqpath has no command serve, "
                           "which microhandlers need; use another kind of "
                           "target; its runs are left out") != NULL,
              "%s", said);
}

Test(measuring, a_report_that_is_no_good_is_not_kept)
{
    struct rp_bench_result r;

    write_plan("plan.yaml", "broken");
    r = bench_well("plan.yaml", "out");
    cr_expect(eq(sz, r.measured, 0));
    cr_expect(eq(sz, r.missing, 24));
    cr_expect(eq(sz, rows_of(in_folder("out/runs.csv")), 1));
    cr_expect(strstr(said, "not kept: ") != NULL, "%s", said);
    cr_expect(strstr(said, "target g: several runs in a row failed; its runs "
                           "are left out") != NULL,
              "%s", said);
}

Test(measuring, a_client_that_fails_is_said_in_its_own_words)
{
    struct rp_bench_result r;

    write_plan("plan.yaml", "fail");
    r = bench_well("plan.yaml", "out");
    cr_expect(eq(sz, r.missing, 24));
    cr_expect(strstr(said, "ended with exit code 22: \"apr_socket_recv: "
                           "Connection refused (111)\"") != NULL,
              "%s", said);
}

Test(measuring, where_a_client_is_not_there_its_package_is_named)
{
    static const char common[] =
        "name: n\ncampaign: k\nframework_version: 3.2.25\nasgiref_version: "
        "3.6.0\nrounds: 1\ntargets:\n- {name: g, kind: url, url: "
        "'http://127.0.0.1:1/', server: gunicorn}\n%s\n";
    struct rp_bench_result result = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, setenv("PATH", "/nowhere", 1), 0));
    write_text("ab.yaml", common, "runs:\n- {requests: 40}");
    cr_expect(eq(int, bench("ab.yaml", "ab", &result, &error), RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "ab: cannot be started: No such file or directory; ab "
                 "measures this plan: install Debian's package apache2-utils, "
                 "or name the program by client: {program: PATH}"));
    write_text("wrk.yaml", common,
               "warm_up: 1s\nclient: {tool: wrk}\nruns:\n- {duration: 2s}");
    cr_expect(eq(int, bench("wrk.yaml", "wrk", &result, &error), RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "wrk: cannot be started: No such file or directory; wrk "
                 "measures this plan: install Debian's package wrk, or name "
                 "the program by client: {tool: wrk, program: PATH}"));
}

Test(measuring, another_plan_needs_another_folder)
{
    struct rp_bench_result result = {.there = 77};
    struct rp_error error = {0};

    write_plan("plan.yaml", "quick");
    (void)bench_well("plan.yaml", "out");
    write_plan("other.yaml", "slow");
    cr_expect(
        eq(int, bench("other.yaml", "out", &result, &error), RP_ERR_VALUE));
    cr_expect(strstr(error.text, "the folder was begun with another plan") !=
                  NULL,
              "%s", error.text);
    cr_expect(eq(sz, result.there, 77), "untouched on failure");
}

Test(measuring, who_answers_already_is_not_measured_in_its_place)
{
    char program[] = RP_ANSWERER, port_text[16];
    char *const arguments[] = {program, port_text, NULL};
    const unsigned port = free_port();
    const struct rp_child_start start = {.arguments = arguments,
                                         .output = "/dev/null"};
    struct rp_child child = {0};
    struct rp_bench_result result;
    struct rp_error error = {0};

    (void)snprintf(port_text, sizeof port_text, "%u", port);
    cr_assert(eq(int, rp_child_begin(&start, &child, &error), RP_OK));
    rp_pause(0.3);
    write_text("plan.yaml",
               HEAD "targets:\n- {name: g, kind: command, command: 'sleep 9', "
                    "url: 'http://127.0.0.1:%u/', server: gunicorn}\n"
                    "runs:\n- {requests: 40}\n",
               port);
    cr_expect(
        eq(int, bench("plan.yaml", "out", &result, &error), RP_ERR_UNUSABLE));
    cr_expect(strstr(error.text, "something answers at ") != NULL, "%s",
              error.text);
    rp_child_stop(&child, 1.0);
}

Test(measuring, sets_are_data_sets_of_the_same_rounds)
{
    const unsigned before = free_port(), after = free_port();
    struct rp_measured m = {0};
    struct rp_error error = {0};

    write_text("plan.yaml",
               HEAD "targets:\n"
                    "- {name: a, set: before, kind: command, command: '%s %u', "
                    "url: 'http://127.0.0.1:%u/', server: gunicorn}\n"
                    "- {name: b, set: after, kind: command, command: '%s %u', "
                    "url: 'http://127.0.0.1:%u/', server: gunicorn}\n"
                    "runs:\n- {requests: 40}\n",
               RP_ANSWERER, before, before, RP_ANSWERER, after, after);
    (void)bench_well("plan.yaml", "out");
    cr_assert(
        eq(int, rp_dataset_read(in_folder("out/before"), &m, &error), RP_OK),
        "%s", error.text);
    cr_assert(
        eq(int, rp_dataset_read(in_folder("out/after"), &m, &error), RP_OK),
        "%s", error.text);
    cr_expect(eq(sz, m.run_count, 6));
    cr_expect(eq(sz, m.block_count, 3), "shared by both");
    rp_measured_free(&m);
}
