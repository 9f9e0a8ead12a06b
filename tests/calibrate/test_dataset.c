/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/dataset.h"
#include "calibrate/runs.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SMALL RP_SOURCE_DIR "/tests/data/dataset-small"

static const char description[] =
    "name: a\n"
    "campaign: c\n"
    "framework: django\n"
    "framework_version: 3.2.25\n"
    "asgiref_version: 3.6.0\n"
    "servers:\n"
    "  gunicorn: {processes: 2}\n"
    "  daphne: {interface: asgi, app_built_in_loop: true}\n"
    "host: {cpu: fast, cores: 8, server_cpus: \"0-2,5\"}\n"
    "client: {tool: ab, keepalive: false}\n"
    "measured_on: 2026-11-22\n";

static struct rp_dataset read_good(void)
{
    struct rp_dataset dataset = {.cores = 0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_dataset_read_text(description, strlen(description), "d",
                                      &dataset, &error),
                 RP_OK),
              "%s", error.text);
    return dataset;
}

Test(dataset, what_it_says_is_read)
{
    struct rp_dataset d = read_good();

    cr_expect(eq(str, d.name, "a"));
    cr_expect(eq(str, d.campaign, "c"));
    cr_expect(eq(str, d.framework_version, "3.2.25"));
    cr_expect(eq(str, d.python_version, ""), "not said");
    cr_expect(eq(str, d.cpu, "fast"));
    cr_expect(eq(uint, d.cores, 4), "0, 1, 2 and 5");
    cr_expect(eq(uint, d.cpus, 8));
    cr_expect(d.servers[RP_SERVER_GUNICORN].said);
    cr_expect(not(d.servers[RP_SERVER_UVICORN].said));
    cr_expect(eq(uint, d.servers[RP_SERVER_GUNICORN].processes, 2));
    cr_expect(d.servers[RP_SERVER_DAPHNE].in_loop, "said, not the default");
    rp_dataset_free(&d);
    rp_dataset_free(&d);
}

static const struct mistake {
    const char *from, *to, *sentence;
} mistakes[] = {
    {"campaign: c\n", "",
     "d:1:1: the key \"campaign\" is missing here; write \"campaign: ...\""},
    {"measured_on", "mesured_on",
     "d:11:1: unknown key \"mesured_on\"; did you mean \"measured_on\"? (keys "
     "are name, campaign, framework, framework_version, asgiref_version, "
     "python_version, servers, mechanisms, host, client, measured_on, "
     "revision, commit, "
     "design, app, seed, rounds or warm_up)"},
    {"3.6.0", "new",
     "d:5:18: asgiref_version: found \"new\", expected a version like 3.2.25"},
    {"  gunicorn:", "  gunicron:",
     "d:7:3: servers: found \"gunicron\", expected gunicorn, gthread, "
     "runserver, daphne or uvicorn"},
    {"interface: asgi", "interface: wsgi",
     "d:8:23: interface: daphne speaks asgi"},
    {"{processes: 2}", "{app_built_in_loop: true}",
     "d:7:33: app_built_in_loop: gunicorn has no loop"},
    {"\"0-2,5\"", "\"5-2\"",
     "d:9:42: server_cpus: found \"5-2\", expected numbers of CPUs, like "
     "\"0\", \"0-3\" or \"0,2\""},
    {"tool: ab", "tool: siege",
     "d:10:16: tool: found \"siege\", expected ab, wrk, hey, hey-csv, h2load, "
     "h2load-log, open or samples"},
    {"keepalive: false", "keepalive: no",
     "d:10:31: keepalive: found \"no\", expected true or false"},
};

/* `description` with one change; the caller frees it. */
static char *changed(const char *from, const char *to)
{
    const char *const at = strstr(description, from);
    const size_t size = strlen(description) + strlen(to) + 1;
    char *const text = calloc(1, size);

    cr_assert(at && text, "%s", from);
    (void)snprintf(text, size, "%.*s%s%s", (int)(at - description), description,
                   to, at + strlen(from));
    return text;
}

Test(dataset, a_server_that_is_not_cpython_says_what_it_lacks)
{
    char *const with = changed("host:", "mechanisms: {cold: false, order: "
                                        "true}\nhost:");
    struct rp_dataset d = {.cores = 0};
    struct rp_config config = {
        .server = RP_SERVER_GUNICORN, .threads = 1, .concurrency = 1};
    struct rp_scenario s = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_dataset_read_text(with, strlen(with), "d", &d, &error),
                 RP_OK),
              "%s", error.text);
    d.servers[RP_SERVER_GUNICORN].free_threaded = true;
    cr_assert(eq(int, rp_dataset_scenario(&d, &config, &s, &error), RP_OK));
    cr_expect(not(s.mechanisms.cold));
    cr_expect(s.mechanisms.order, "said to be at work");
    cr_expect(s.mechanisms.slack, "all that is not said is");
    cr_expect(not(s.server.gil));
    cr_expect(rp_config_setting(&d, &config).free_threaded);
    rp_scenario_free(&s);
    rp_dataset_free(&d);
    free(with);
}

Test(dataset, whether_a_server_has_a_gil_is_read)
{
    char *const without = changed("{processes: 2}", "{gil: false}");
    struct rp_dataset d = {.cores = 0};

    cr_assert(eq(int,
                 rp_dataset_read_text(without, strlen(without), "d", &d, NULL),
                 RP_OK));
    cr_expect(d.servers[RP_SERVER_GUNICORN].free_threaded);
    cr_expect(not(d.servers[RP_SERVER_DAPHNE].free_threaded), "not said");
    rp_dataset_free(&d);
    free(without);
}

Test(dataset, every_mistake_is_named_with_its_place)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char *const text = changed(mistakes[i].from, mistakes[i].to);
        struct rp_dataset d = {.cores = 77};
        struct rp_error error = {0};

        cr_expect(eq(int,
                     rp_dataset_read_text(text, strlen(text), "d", &d, &error),
                     RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)mistakes[i].sentence));
        cr_expect(eq(uint, d.cores, 77), "untouched on failure");
        free(text);
    }
}

/* ---- Rows ---- */

static const char header[] =
    "requests,concurrency,cpu_us,io_ms,view,stack,path,threads,server,round,"
    "file\n";

static enum rp_code read_row(const char *row, struct rp_run_row *out,
                             struct rp_error *error)
{
    struct rp_dataset d = read_good();
    struct rp_run_columns columns;
    struct rp_csv csv = {0};
    char text[512];
    enum rp_code code;

    (void)snprintf(text, sizeof text, "%s%s\n", header, row);
    code = rp_csv_read_text(text, strlen(text), "r", &csv, error);
    if (!code)
        code = rp_run_columns_find(&csv, &columns, error);
    if (!code)
        code = rp_run_row_read(&csv, &columns, 0, &d, out, error);
    if (!code)
        out->file = NULL; /* borrowed from what is freed now */
    rp_csv_free(&csv);
    rp_dataset_free(&d);
    return code;
}

/* A row of `tool` with `cell` for keepalive, where dataset.yaml says `client`.
 */
static enum rp_code read_kept(const char *client, const char *tool,
                              const char *cell, struct rp_run_row *out,
                              struct rp_error *error)
{
    char *const yaml = changed("{tool: ab, keepalive: false}", client);
    struct rp_dataset d = {.cores = 0};
    struct rp_run_columns columns;
    struct rp_csv csv = {0};
    char text[512];
    enum rp_code code;

    (void)snprintf(text, sizeof text,
                   "file,round,server,threads,path,stack,view,io_ms,cpu_us,"
                   "concurrency,requests,tool,keepalive\n"
                   "x.txt,1,gunicorn,1,dual,none,sync,0,0,1,20,%s,%s\n",
                   tool, cell);
    cr_assert(rp_dataset_read_text(yaml, strlen(yaml), "d", &d, error) == RP_OK,
              "%s", error->text);
    code = rp_csv_read_text(text, strlen(text), "r", &csv, error);
    if (!code)
        code = rp_run_columns_find(&csv, &columns, error);
    if (!code)
        code = rp_run_row_read(&csv, &columns, 0, &d, out, error);
    rp_csv_free(&csv);
    rp_dataset_free(&d);
    free(yaml);
    return code;
}

Test(dataset, the_row_says_whether_connections_were_kept_then_the_data_set)
{
    static const struct {
        const char *client, *tool, *cell;
        bool kept, assumed;
    } cases[] = {
        {"{tool: ab}", "ab", "", false, false},
        {"{tool: ab}", "ab", "true", true, false},
        {"{tool: ab, keepalive: true}", "ab", "", true, false},
        {"{tool: ab, keepalive: true}", "ab", "false", false, false},
        {"{tool: ab, keepalive: false}", "wrk", "", false, false},
        {"{tool: ab, keepalive: false}", "wrk", "true", true, false},
        /* what these do unless they are told not to */
        {"{tool: ab}", "wrk", "", true, true},
        {"{tool: ab}", "hey", "", true, true},
        {"{tool: ab}", "h2load", "", true, true},
        {"{tool: ab}", "wrk", "false", false, false},
        {"{tool: ab}", "samples", "", false, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_run_row row;
        struct rp_error error = {0};

        cr_assert(eq(int,
                     read_kept(cases[i].client, cases[i].tool, cases[i].cell,
                               &row, &error),
                     RP_OK),
                  "%s", error.text);
        cr_expect(eq(int, row.config.keepalive, cases[i].kept), "%zu", i);
        cr_expect(eq(int, row.keepalive_assumed, cases[i].assumed), "%zu", i);
    }
}

Test(dataset, a_cell_that_says_neither_is_named)
{
    struct rp_run_row row;
    struct rp_error error = {0};

    cr_expect(eq(int, read_kept("{tool: ab}", "ab", "yes", &row, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "r:2:47: keepalive: found \"yes\", expected true or false "
                 "(nothing where it is as dataset.yaml says)"));
}

Test(dataset, columns_are_found_by_name_in_any_order)
{
    struct rp_run_row row;
    struct rp_error error = {0};

    cr_assert(eq(int,
                 read_row("400,8,2.5,20,async,SAM,unified,4,gunicorn,3,x.txt",
                          &row, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(eq(uint, row.round, 3));
    cr_expect(eq(uint, row.requests, 400));
    cr_expect(eq(int, (int)row.config.server, RP_SERVER_GUNICORN));
    cr_expect(eq(uint, row.config.threads, 4));
    cr_expect(eq(int, (int)row.config.path, RP_PATH_UNIFIED));
    cr_expect(eq(str, row.config.stack, "SAM"));
    cr_expect(row.config.view_async);
    cr_expect(eq(dbl, row.config.io_ns, 20e6));
    cr_expect(eq(dbl, row.config.cpu_ns, 2500.0));
    cr_expect(eq(uint, row.config.concurrency, 8));
    cr_assert(
        eq(int,
           read_row("400,1,0,0,sync,none,dual,1,daphne,1,x.txt", &row, &error),
           RP_OK));
    cr_expect(eq(str, row.config.stack, ""), "none is no layer");
}

Test(dataset, a_cell_that_cannot_be_is_named_with_its_place)
{
    static const struct {
        const char *row, *sentence;
    } cases[] = {
        {"0,1,0,0,sync,S,dual,1,daphne,1,x",
         "r:2:1: requests: found \"0\", expected a whole number, 1 .. "
         "1000000000"},
        {"4e2,1,0,0,sync,S,dual,1,daphne,1,x",
         "r:2:1: requests: found \"4e2\", expected a whole number, 1 .. "
         "1000000000"},
        {"400,99999,0,0,sync,S,dual,1,daphne,1,x",
         "r:2:5: concurrency: found \"99999\", expected a whole number, 1 .. "
         "20000"},
        {"400,1,-1,0,sync,S,dual,1,daphne,1,x",
         "r:2:7: cpu_us: found \"-1\", expected a number that is not negative, "
         "without a unit (0 where the view does none)"},
        {"400,1,0,5ms,sync,S,dual,1,daphne,1,x",
         "r:2:9: io_ms: found \"5ms\", expected a number that is not negative, "
         "without a unit (0 where the view does none)"},
        {"400,1,0,0,both,S,dual,1,daphne,1,x",
         "r:2:11: view: found \"both\", expected sync or async"},
        {"400,1,0,0,sync,S,duel,1,daphne,1,x",
         "r:2:18: path: found \"duel\", expected dual, unified or single"},
        {"400,1,0,0,sync,S,dual,,daphne,1,x",
         "r:2:23: threads: found \"\", expected a whole number, 1 .. 20000"},
        {"400,1,0,0,sync,S,dual,1,apache,1,x",
         "r:2:25: server: found \"apache\", expected gunicorn, gthread, "
         "runserver, daphne or uvicorn"},
        {"400,1,0,0,sync,S,dual,1,uvicorn,1,x",
         "r:2:25: server: dataset.yaml does not describe uvicorn; add it under "
         "servers"},
        {"400,1,0,0,sync,S,dual,1,daphne,first,x",
         "r:2:32: round: found \"first\", expected a whole number, 1 .. "
         "1000000000"},
        {"400,1,0,0,sync,S,dual,1,daphne,1,",
         "r:2:34: file: found \"\", expected the name of a report"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_run_row row = {.round = 77};
        struct rp_error error = {0};

        cr_expect(eq(int, read_row(cases[i].row, &row, &error), RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        cr_expect(eq(uint, row.round, 77), "untouched on failure");
    }
}

/* The same with the columns of open loads, and an empty concurrency. */
static enum rp_code read_open_row(const char *row, struct rp_run_row *out,
                                  struct rp_error *error)
{
    static const char head[] = "requests,concurrency,cpu_us,io_ms,view,stack,"
                               "path,threads,server,round,file,tool,rate_per_s,"
                               "process,cv\n";
    struct rp_dataset d = read_good();
    struct rp_run_columns columns;
    struct rp_csv csv = {0};
    char text[512];
    enum rp_code code;

    (void)snprintf(text, sizeof text, "%s%s\n", head, row);
    code = rp_csv_read_text(text, strlen(text), "r", &csv, error);
    if (!code)
        code = rp_run_columns_find(&csv, &columns, error);
    if (!code)
        code = rp_run_row_read(&csv, &columns, 0, &d, out, error);
    if (!code)
        out->file = NULL;
    rp_csv_free(&csv);
    rp_dataset_free(&d);
    return code;
}

#define OPEN_ROW "400,,0,20,sync,S,dual,1,daphne,1,x,open,"

Test(dataset, a_row_with_a_rate_is_an_open_load)
{
    struct rp_dataset d = read_good();
    struct rp_scenario s = {0};
    struct rp_run_row row;
    struct rp_error error = {0};

    cr_assert(
        eq(int, read_open_row(OPEN_ROW "62.5,gamma,2", &row, &error), RP_OK),
        "%s", error.text);
    cr_expect(rp_config_is_open(&row.config));
    cr_expect(eq(uint, row.config.concurrency, 0));
    cr_assert(eq(int, rp_dataset_scenario(&d, &row.config, &s, &error), RP_OK));
    cr_expect(eq(int, (int)s.load.kind, (int)RP_LOAD_OPEN));
    cr_expect(eq(dbl, s.load.gap.mean_ns, 16e6), "62.5 a second");
    cr_expect(eq(dbl, s.load.gap.cv, 2.0));
    cr_expect(eq(int, rp_scenario_check(&s, &error), RP_OK));
    rp_scenario_free(&s);
    rp_dataset_free(&d);
    cr_assert(eq(int,
                 read_open_row("400,8,0,20,sync,S,dual,1,daphne,1,x,ab,,,",
                               &row, &error),
                 RP_OK),
              "one beside it is closed");
    cr_expect(not(rp_config_is_open(&row.config)));
}

Test(dataset, a_load_that_is_neither_or_both_is_named_with_its_place)
{
    static const struct {
        const char *row, *sentence;
    } cases[] = {
        {"400,8,0,20,sync,S,dual,1,daphne,1,x,open,5,,",
         "r:2:5: concurrency: found \"8\", expected nothing, for the row has a "
         "rate_per_s: an open load has no clients that wait for answers"},
        {"400,,0,20,sync,S,dual,1,daphne,1,x,ab,,,",
         "r:2:5: concurrency: found \"\", expected a whole number, 1 .. 20000"},
        {"400,8,0,20,sync,S,dual,1,daphne,1,x,ab,,gamma,",
         "r:2:41: process: found \"gamma\", expected nothing, for the row has "
         "no rate_per_s"},
        {OPEN_ROW "0,,",
         "r:2:41: rate_per_s: found \"0\", expected a number above 0, without "
         "a unit (nothing where there were clients)"},
        {OPEN_ROW "5,mmpp,",
         "r:2:43: process: found \"mmpp\", expected poisson, deterministic, "
         "gamma or hyperexponential"},
        {OPEN_ROW "5,poisson,2",
         "r:2:51: cv: the gaps of a poisson process have a cv of 1; leave it "
         "out, or write process: gamma"},
        {"400,,0,20,sync,S,dual,1,daphne,1,x,ab,5,,",
         "r:2:36: tool: this run has a rate_per_s, and ab keeps so many "
         "clients "
         "asking; the tool of an open load is open"},
        {"400,8,0,20,sync,S,dual,1,daphne,1,x,open,,,",
         "r:2:37: tool: this run has no rate_per_s, and open sends at one; add "
         "the column"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_run_row row = {.round = 77};
        struct rp_error error = {0};

        cr_expect(
            eq(int, read_open_row(cases[i].row, &row, &error), RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        cr_expect(eq(uint, row.round, 77), "untouched on failure");
    }
}

/* ---- Folders ---- */

static struct rp_measured read_small(void)
{
    struct rp_measured m = {0};
    struct rp_error error = {0};

    rp_init();
    cr_assert(eq(int, rp_dataset_read(SMALL, &m, &error), RP_OK), "%s",
              error.text);
    return m;
}

Test(dataset, a_folder_becomes_runs_configurations_and_blocks)
{
    struct rp_measured m = read_small();
    const struct rp_measured_run *run = NULL;

    cr_assert(eq(sz, m.dataset_count, 1));
    cr_assert(eq(sz, m.run_count, 48));
    cr_assert(eq(sz, m.config_count, 16), "2 servers, 4 stacks, 2 views");
    cr_assert(eq(sz, m.block_count, 3));
    cr_expect(eq(sz, m.datasets[0].runs, 48));
    cr_expect(eq(sz, m.datasets[0].unusable, 0));
    cr_expect(eq(uint, m.datasets[0].cores, 1), "pinned to CPU 0");
    cr_expect(eq(str, m.campaigns[0], "small-1"));
    /* sorted, whatever the order of the rows */
    cr_expect(eq(int, (int)m.configs[0].server, RP_SERVER_GUNICORN));
    cr_expect(eq(str, m.configs[0].stack, ""));
    cr_expect(eq(str, m.configs[15].stack, "SA"));
    cr_expect(m.configs[15].view_async);
    /* the report says: 400 requests, 1368.45 requests/s; p50 0.597 ms */
    for (size_t i = 0; i < m.run_count; i++)
        if (strcmp(m.runs[i].file, "round-01/gunicorn_A_async_c1_r01.txt") == 0)
            run = &m.runs[i];
    cr_assert(run != NULL);
    cr_expect(eq(uint, run->requests, 400));
    cr_expect(
        epsilon_eq(dbl, run->mean_ns, 1e9 / run->value[RP_METRIC_RPS], 1e-3));
    cr_expect(eq(str, m.configs[run->config].stack, "A"));
    cr_expect(eq(uint, m.blocks[run->block].round, 1));
    cr_expect(lt(dbl, run->curve_mean_ns, run->mean_ns), "the gap is apart");
    cr_expect(eq(dbl, run->level_ns[4], run->value[RP_METRIC_P50] * 1e6));
    rp_measured_free(&m);
    rp_measured_free(&m);
}

Test(dataset, what_a_request_pays_is_that_of_its_compiled_path)
{
    struct rp_measured m = read_small();

    for (size_t i = 0; i < m.config_count; i++) {
        const struct rp_config *const c = &m.configs[i];
        const bool is_gunicorn = c->server == RP_SERVER_GUNICORN;

        cr_expect(eq(dbl, c->amounts[rp_item_base(c->server)], 1.0));
        /* max(g, va) loops under WSGI with g = 1, none under uvicorn; the
         * async view reuses the loop that is there */
        if (strcmp(c->stack, "SA") == 0)
            cr_expect(eq(dbl, c->amounts[RP_ITEM_A2S_NEW], is_gunicorn));
        if (strcmp(c->stack, "SA") == 0)
            cr_expect(eq(dbl, c->amounts[RP_ITEM_A2S_REUSE],
                         !is_gunicorn || c->view_async));
        if (strcmp(c->stack, "") == 0 && !is_gunicorn)
            cr_expect(eq(dbl, c->amounts[RP_ITEM_S2A_SENSITIVE],
                         c->view_async ? 2.0 : 3.0));
    }
    rp_measured_free(&m);
}

Test(dataset, the_scenario_of_a_configuration_is_what_was_measured)
{
    struct rp_dataset d = read_good();
    const struct rp_config config = {.server = RP_SERVER_DAPHNE,
                                     .threads = 1,
                                     .stack = "SM",
                                     .view_async = true,
                                     .io_ns = 5e6,
                                     .cpu_ns = 1e3,
                                     .concurrency = 8};
    struct rp_scenario s;
    struct rp_error error = {0};

    cr_assert(eq(int, rp_dataset_scenario(&d, &config, &s, &error), RP_OK),
              "%s", error.text);
    cr_expect(eq(int, rp_scenario_check(&s, &error), RP_OK), "%s", error.text);
    cr_expect(eq(str, s.framework.name, "django"));
    cr_expect(eq(uint, s.framework.version.patch, 25));
    cr_expect(eq(int, (int)s.server.kind, RP_SERVER_DAPHNE));
    cr_expect(s.server.app_built_in_loop);
    cr_expect(eq(uint, s.cores, 4));
    cr_expect(eq(uint, s.cpus, 8));
    cr_assert(eq(sz, s.layer_count, 2));
    cr_expect(eq(int, (int)s.layers[1].kind, RP_LAYER_MIXIN));
    cr_expect(s.view_async);
    cr_expect(eq(dbl, s.view.wait.mean_ns, 5e6));
    cr_expect(eq(dbl, s.view.cpu.mean_ns, 1e3));
    cr_expect(eq(uint, s.load.clients, 8));
    cr_expect(eq(int, (int)s.load.client, RP_CLIENT_AB));
    rp_scenario_free(&s);
    rp_dataset_free(&d);
}

Test(dataset, a_failure_leaves_the_runs_before_as_they_were)
{
    struct rp_measured m = read_small();
    struct rp_error error = {0};

    cr_expect(eq(int, rp_dataset_read(SMALL, &m, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 SMALL ": the data set is named twice; its runs would count "
                       "twice"));
    cr_expect(eq(int, rp_dataset_read("/no/such", &m, &error), RP_ERR_IO));
    cr_expect(eq(sz, m.run_count, 48));
    cr_expect(eq(sz, m.dataset_count, 1));
    rp_measured_free(&m);
}

/* The same folder by another name: one campaign, so the same rounds. */
Test(dataset, data_sets_of_one_campaign_share_their_rounds)
{
    struct rp_measured m = read_small();
    struct rp_error error = {0};

    cr_assert(eq(int, rp_dataset_read(SMALL "/", &m, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(sz, m.dataset_count, 2));
    cr_expect(eq(sz, m.campaign_count, 1));
    cr_expect(eq(sz, m.block_count, 3));
    cr_expect(eq(sz, m.config_count, 32), "each data set has its own");
    cr_expect(eq(sz, m.run_count, 96));
    cr_expect(eq(sz, m.configs[m.runs[95].config].dataset, 1));
    rp_measured_free(&m);
}

/* A data set of one report, with what its files say; /tmp/... is returned. */
static const char *one_report(const char *report, const char *keepalive)
{
    static char folder[] = "/tmp/reqpath-dataset-XXXXXX";
    char command[1024];

    (void)strcpy(folder, "/tmp/reqpath-dataset-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    (void)snprintf(command, sizeof command,
                   "cd %s && cp " RP_SOURCE_DIR "/tests/data/ab/%s r.txt && "
                   "printf 'name: a\ncampaign: c\nframework: django\n"
                   "framework_version: 3.2.25\nasgiref_version: 3.6.0\n"
                   "servers: {gunicorn: {}}\nmeasured_on: 2026-11-22\n"
                   "client: {tool: ab%s}\n' >dataset.yaml && printf "
                   "'file,round,server,threads,path,stack,view,io_ms,cpu_us,"
                   "concurrency,requests\nr.txt,1,gunicorn,1,dual,none,sync,0,0"
                   ",%%s,%%s\n' $(sed -n 's/^Concurrency Level: *//p' r.txt) "
                   "$(sed -n 's/^Complete requests: *//p' r.txt) >runs.csv",
                   folder, report, keepalive);
    cr_assert(eq(int, system(command), 0));
    return folder;
}

static void expect_report(const char *report, const char *keepalive,
                          const char *sentence)
{
    const char *const folder = one_report(report, keepalive);
    struct rp_measured m = {0};
    struct rp_error error = {0};
    char command[128];

    cr_expect(eq(int, rp_dataset_read(folder, &m, &error),
                 sentence[0] ? RP_ERR_VALUE : RP_OK),
              "%s", error.text);
    if (sentence[0])
        cr_expect(eq(str, error.text + strlen(folder), (char *)sentence));
    rp_measured_free(&m);
    (void)snprintf(command, sizeof command, "/bin/rm -r %s", folder);
    cr_expect(eq(int, system(command), 0));
}

Test(dataset, a_report_of_ab_shows_whether_connections_were_kept)
{
    rp_init();
    expect_report("basic.out", "", "");
    expect_report("basic.out", ", keepalive: false", "");
    expect_report("ka.out", ", keepalive: true", "");
    expect_report("ka.out", "",
                  "/runs.csv:2:1: keepalive: the report r.txt is of ab with "
                  "-k; say keepalive: true under client in dataset.yaml, or "
                  "true in a column keepalive here");
    expect_report("basic.out", ", keepalive: true",
                  "/runs.csv:2:1: keepalive: the report r.txt is of ab without "
                  "-k; say keepalive: false under client in dataset.yaml, or "
                  "false in a column keepalive here");
}
