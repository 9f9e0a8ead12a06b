/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/importing.h"
#include "cli/command.h"
#include "model/units.h"

#include <stdlib.h>
#include <string.h>

enum { COUNT_MAX = 20000, ROUNDS_MAX = 10000 };

enum {
    KEY_SERVER = 's',
    KEY_CONCURRENCY = 'c',
    KEY_TOOL = 't',
    KEY_THREADS = 256,
    KEY_PROCESSES,
    KEY_PATH,
    KEY_STACK,
    KEY_VIEW,
    KEY_IO,
    KEY_CPU,
    KEY_ROUND,
    KEY_NAME,
    KEY_CAMPAIGN,
    KEY_FRAMEWORK,
    KEY_ASGIREF,
    KEY_PYTHON,
    KEY_MEASURED_ON,
    KEY_CLOSED,
};

struct options {
    struct rp_import import;
    char **sources; /* owned: room for all arguments */
    size_t source_count;
    bool server_set;
};

static double parse_time(const struct argp_state *state, const char *option,
                         const char *text)
{
    struct rp_error error = {0};
    double time_ns = 0.0;

    if (rp_duration_parse(text, &time_ns, &error))
        rp_command_usage(state, "%s: %s", option, error.text);
    return time_ns;
}

static void parse_stack(const struct argp_state *state, const char *text,
                        char stack[RP_STACK_SIZE])
{
    if (strlen(text) >= RP_STACK_SIZE)
        rp_command_usage(state, "--stack: found more than %d letters",
                         RP_STACK_SIZE - 1);
    (void)snprintf(stack, RP_STACK_SIZE, "%s",
                   strcmp(text, "none") == 0 ? "" : text);
}

static void parse_config(const struct argp_state *state, int key,
                         const char *value, struct options *options)
{
    struct rp_config *const c = &options->import.config;

    if (key == KEY_SERVER) {
        options->server_set = rp_server_parse(value, &c->server);
        if (!options->server_set)
            rp_command_usage(state,
                             "--server: found \"%s\", expected gunicorn, "
                             "gthread, runserver, daphne or uvicorn",
                             value);
    } else if (key == KEY_PATH) {
        if (!rp_path_parse(value, &c->path))
            rp_command_usage(state,
                             "--path: found \"%s\", expected dual, unified or "
                             "single",
                             value);
    } else if (key == KEY_VIEW) {
        c->view_async = strcmp(value, "async") == 0;
        if (!c->view_async && strcmp(value, "sync") != 0)
            rp_command_usage(
                state, "--view: found \"%s\", expected sync or async", value);
    } else if (key == KEY_STACK)
        parse_stack(state, value, c->stack);
    else if (key == KEY_IO)
        c->io_ns = parse_time(state, "--io", value);
    else
        c->cpu_ns = parse_time(state, "--cpu", value);
}

static bool parse_text(int key, const char *value, struct rp_import *import)
{
    switch (key) {
    case KEY_NAME:
        import->name = value;
        return true;
    case KEY_CAMPAIGN:
        import->campaign = value;
        return true;
    case KEY_FRAMEWORK:
        import->framework_version = value;
        return true;
    case KEY_ASGIREF:
        import->asgiref_version = value;
        return true;
    case KEY_PYTHON:
        import->python_version = value;
        return true;
    case KEY_MEASURED_ON:
        import->measured_on = value;
        return true;
    default:
        return false;
    }
}

static void parse_tool(const struct argp_state *state, const char *value,
                       struct rp_import *import)
{
    import->tool_set = rp_tool_parse(value, &import->config.tool);
    if (!import->tool_set)
        rp_command_usage(state, "--tool: found \"%s\", expected %s", value,
                         rp_tool_words());
}

static unsigned parse_count(const struct argp_state *state, const char *option,
                            const char *value, unsigned most)
{
    return (unsigned)rp_command_whole_number(state, option, value, 1, most);
}

static void check(const struct argp_state *state, const struct options *options)
{
    if (options->source_count == 0)
        rp_command_usage(state, "no file; name at least one report");
    if (!options->server_set)
        rp_command_usage(state,
                         "no report says what was measured: say --server, and "
                         "--stack, --view, --threads, --path, --io, --cpu "
                         "where they are not none, sync, 1, dual, 0, 0");
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;
    struct rp_import *const import = &options->import;

    switch (key) {
    case KEY_SERVER:
    case KEY_PATH:
    case KEY_VIEW:
    case KEY_STACK:
    case KEY_IO:
    case KEY_CPU:
        parse_config(state, key, value, options);
        return 0;
    case KEY_TOOL:
        parse_tool(state, value, import);
        return 0;
    case KEY_CONCURRENCY:
        import->config.concurrency =
            parse_count(state, "--concurrency", value, COUNT_MAX);
        return 0;
    case KEY_THREADS:
        import->config.threads =
            parse_count(state, "--threads", value, COUNT_MAX);
        return 0;
    case KEY_PROCESSES:
        import->processes =
            parse_count(state, "--processes", value, ROUNDS_MAX);
        return 0;
    case KEY_ROUND:
        import->round = parse_count(state, "--round", value, ROUNDS_MAX);
        return 0;
    case KEY_CLOSED:
        import->closes = true;
        return 0;
    case ARGP_KEY_ARG:
        options->sources[options->source_count++] = value;
        return 0;
    case ARGP_KEY_END:
        check(state, options);
        return 0;
    default:
        return parse_text(key, value, import) ? 0 : ARGP_ERR_UNKNOWN;
    }
}

/* ---- What was imported ---- */

static const struct rp_column columns[] = {
    {"file", NULL, RP_COLUMN_TEXT, 0},
    {"tool", NULL, RP_COLUMN_TEXT, 0},
    {"round", NULL, RP_COLUMN_COUNT, 0},
    {"concurrency", "c", RP_COLUMN_COUNT, 0},
    {"requests", NULL, RP_COLUMN_COUNT, 0},
    {"rps", "requests/s", RP_COLUMN_FIXED, 2},
    {"mean_ms", "mean ms", RP_COLUMN_FIXED, 3},
    {"p50_ms", "p50 ms", RP_COLUMN_FIXED, 3},
    {"p90_ms", "p90 ms", RP_COLUMN_FIXED, 3},
    {"p95_ms", "p95 ms", RP_COLUMN_FIXED, 3},
    {"p99_ms", "p99 ms", RP_COLUMN_FIXED, 3},
    {"max_ms", "max ms", RP_COLUMN_FIXED, 3}};

static int print(const struct rp_common *common,
                 const struct rp_imported *imported, size_t count)
{
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);
    int status;

    for (size_t i = 0; table && i < count; i++) {
        const struct rp_imported *const m = &imported[i];

        rp_table_row(table);
        rp_table_text(table, 0, m->file);
        rp_table_text(table, 1, rp_tool_word(m->config.tool));
        rp_table_number(table, 2, m->round);
        rp_table_number(table, 3, m->config.concurrency);
        rp_table_number(table, 4, m->run.requests);
        for (size_t metric = 0; metric < RP_METRIC_COUNT; metric++)
            rp_table_number(table, 5 + metric, m->run.value[metric]);
        rp_table_number(table, 5 + RP_METRIC_COUNT, m->run.longest_ms);
    }
    status =
        rp_command_table("import", common, table, "reqpath.import/1", NULL);
    rp_table_free(table);
    return status;
}

/* The sentences of a file, behind its name. */
static void say_lacks(const struct rp_imported *m)
{
    const char *at = m->lacks;

    while (*at) {
        const size_t n = strcspn(at, "\n");
        char line[RP_PEER_TEXT_SIZE];

        (void)snprintf(line, sizeof line, "%s: %.*s", m->source, (int)n, at);
        rp_command_warn("import", line);
        at += n + (at[n] == '\n');
    }
}

static int import_files(const struct options *options,
                        const struct rp_common *common)
{
    const size_t count = options->source_count;
    struct rp_imported *const imported = calloc(count, sizeof *imported);
    struct rp_common shown = *common;
    struct rp_error error = {0};
    enum rp_code code;
    bool keeps = false;
    int status;

    if (!imported)
        return rp_command_memory("import");
    code = rp_import_files(&options->import, options->sources, count, imported,
                           &error);
    for (size_t i = 0; i < count && !code; i++) {
        say_lacks(&imported[i]);
        keeps |= rp_tool_keeps(imported[i].config.tool);
    }
    if (!code && keeps && !options->import.closes)
        rp_command_warn("import",
                        "wrk, hey and h2load keep connections unless they are "
                        "told not to, and costs are of requests with one of "
                        "their own: measure with \"Connection: close\", and "
                        "say --closed");
    shown.output_path = NULL; /* the data set is not where the table goes */
    status = code ? rp_command_fail("import", &error)
                  : print(&shown, imported, count);
    free(imported);
    return status;
}

static const struct argp_option known[] = {
    {.name = "tool",
     .key = KEY_TOOL,
     .arg = "TOOL",
     .doc = "whose reports these are: ab, wrk, hey, hey-csv, h2load, "
            "h2load-log or samples; else each file tells"},
    {.name = "server",
     .key = KEY_SERVER,
     .arg = "SERVER",
     .doc = "gunicorn, gthread, runserver, daphne or uvicorn"},
    {.name = "threads",
     .key = KEY_THREADS,
     .arg = "N",
     .doc = "of each server process"},
    {.name = "processes",
     .key = KEY_PROCESSES,
     .arg = "N",
     .doc = "of the server, in a data set that is new"},
    {.name = "path",
     .key = KEY_PATH,
     .arg = "PATH",
     .doc = "dual, unified or single"},
    {.name = "stack",
     .key = KEY_STACK,
     .arg = "LETTERS",
     .doc = "of the middleware, outermost first; none"},
    {.name = "view", .key = KEY_VIEW, .arg = "VIEW", .doc = "sync or async"},
    {.name = "io",
     .key = KEY_IO,
     .arg = "TIME",
     .doc = "that the view waits, such as 20ms"},
    {.name = "cpu",
     .key = KEY_CPU,
     .arg = "TIME",
     .doc = "that the view computes, such as 500us"},
    {.name = "concurrency",
     .key = KEY_CONCURRENCY,
     .arg = "N",
     .doc = "clients, where the report does not say"},
    {.name = "round",
     .key = KEY_ROUND,
     .arg = "N",
     .doc = "of the first file; else the next one of its configuration"},
    {.name = "closed",
     .key = KEY_CLOSED,
     .doc = "every request had a connection of its own; a data set that is "
            "new says so, and rows do where it says something else. Else wrk, "
            "hey and h2load are taken to have kept theirs, and ab's reports "
            "tell"},
    {.name = "name",
     .key = KEY_NAME,
     .arg = "TEXT",
     .doc = "of a new data set; else that of its folder"},
    {.name = "campaign",
     .key = KEY_CAMPAIGN,
     .arg = "TEXT",
     .doc = "of a new data set; else its name"},
    {.name = "framework-version",
     .key = KEY_FRAMEWORK,
     .arg = "VERSION",
     .doc = "Django's, for a new data set"},
    {.name = "asgiref-version",
     .key = KEY_ASGIREF,
     .arg = "VERSION",
     .doc = "for a new data set"},
    {.name = "python-version",
     .key = KEY_PYTHON,
     .arg = "VERSION",
     .doc = "for a new data set"},
    {.name = "measured-on",
     .key = KEY_MEASURED_ON,
     .arg = "DATE",
     .doc = "such as 2026-11-22, for a new data set"},
    {0}};

int rp_cmd_import(int argc, char **argv)
{
    static const struct argp argp = {
        .options = known,
        .parser = parse,
        .args_doc = "FILE...",
        .doc =
            "Reports of wrk, hey, h2load or ab become runs of a data set.\v"
            "-o FOLDER is the data set, new or there already. Each FILE is one "
            "run of the configuration that the options say, one round after "
            "the other; it is copied into the data set as it is. Any tool can "
            "bring its requests as CSV: start_us,elapsed_us,status,bytes. What "
            "a tool does not have, or has wrongly, is said and stays empty. "
            "Nothing is written where one file cannot be used."};
    struct options options = {
        .import = {.config = {.threads = 1, .path = RP_PATH_DUAL},
                   .processes = 1},
        .sources = calloc((size_t)argc + 1, sizeof *options.sources)};
    struct rp_common common = {0};
    int status;

    if (!options.sources)
        return rp_command_memory("import");
    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv,
                     &options, &common);
    if (!common.output_path) {
        const struct rp_error error = {
            .code = RP_ERR_VALUE,
            .text = "the data set is missing: name its folder with -o FOLDER"};

        status = rp_command_fail("import", &error);
    } else {
        options.import.output = common.output_path;
        status = import_files(&options, &common);
    }
    free(options.sources);
    return status;
}
