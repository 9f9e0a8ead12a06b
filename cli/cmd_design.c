/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/planwriting.h"
#include "calibrate/costs.h"
#include "calibrate/dataset.h"
#include "calibrate/nextruns.h"
#include "cli/command.h"
#include "cli/validation_table.h"
#include "model/program.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_MAX = 200, ROUNDS_MAX = 1000, REQUESTS_MAX = 100000000 };

enum {
    KEY_RUNS = 'n',
    KEY_FOR = 256,
    KEY_ROUNDS,
    KEY_REQUESTS,
    KEY_PLAN,
    KEY_PROFILE,
    KEY_LETTERS,
    KEY_LONGEST,
};

struct options {
    char **folders; /* owned: room for all arguments */
    size_t folder_count;
    const char *scenario_path, *plan_path, *profile_path, *letters;
    size_t runs, longest;
    unsigned rounds, requests; /* 0: not given */
};

/* What a design is made of and becomes. */
struct design {
    const struct options *options;
    const char *output;
    struct rp_measured measured;
    struct rp_plan given; /* --plan */
    struct rp_next_target *targets;
    size_t target_count;
    char letters[64];
    double forecast[RP_ITEM_COUNT];
    struct rp_next next;
    struct rp_plan plan; /* borrows from `given` or owns, see make_plan() */
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const o = state->input;

    switch (key) {
    case KEY_RUNS:
        o->runs = rp_command_whole_number(state, "--runs", value, 1, RUNS_MAX);
        return 0;
    case KEY_ROUNDS:
        o->rounds = (unsigned)rp_command_whole_number(state, "--rounds", value,
                                                      1, ROUNDS_MAX);
        return 0;
    case KEY_REQUESTS:
        o->requests = (unsigned)rp_command_whole_number(
            state, "--requests", value, RP_PLAN_REQUESTS_A_CLIENT,
            REQUESTS_MAX);
        return 0;
    case KEY_LONGEST:
        o->longest = rp_command_whole_number(state, "--longest", value, 0,
                                             RP_NEXT_LONGEST);
        return 0;
    case KEY_FOR:
        o->scenario_path = value;
        return 0;
    case KEY_PLAN:
        o->plan_path = value;
        return 0;
    case KEY_PROFILE:
        o->profile_path = value;
        return 0;
    case KEY_LETTERS:
        o->letters = value;
        return 0;
    case ARGP_KEY_ARG:
        o->folders[o->folder_count++] = value;
        return 0;
    case ARGP_KEY_END:
        if (o->folder_count == 0)
            rp_command_usage(state, "no data set; name at least one");
        if ((o->plan_path == NULL) == (o->profile_path == NULL))
            rp_command_usage(state,
                             "what is to be measured is not said: --plan FILE "
                             "has targets, or --profile FILE prices "
                             "microhandlers");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static enum rp_code no_memory(struct rp_error *error)
{
    (void)rp_fail(error, RP_ERR_MEMORY, "out of memory for a design");
    return RP_ERR_MEMORY;
}

/* ---- What can be measured ---- */

/* Microhandlers can be any server that unit costs were measured of. */
static enum rp_code targets_of_data(struct design *d, struct rp_error *error)
{
    const struct rp_measured *const m = &d->measured;

    d->targets = calloc(m->config_count + 1, sizeof *d->targets);
    if (!d->targets)
        return no_memory(error);
    for (size_t k = 0; k < m->config_count; k++) {
        const struct rp_config *const c = &m->configs[k];
        bool known = !rp_costs_can_use(c);

        for (size_t t = 0; t < d->target_count && !known; t++)
            known = d->targets[t].server == c->server &&
                    d->targets[t].threads == c->threads &&
                    d->targets[t].path == c->path;
        if (!known)
            d->targets[d->target_count++] = (struct rp_next_target){
                .server = c->server, .threads = c->threads, .path = c->path};
    }
    return RP_OK;
}

static enum rp_code targets_of_plan(struct design *d, struct rp_error *error)
{
    const char *const path = d->options->plan_path;
    enum rp_code code = rp_plan_read(path, &d->given, error);

    if (!code && d->given.tool == RP_TOOL_OPEN)
        code = rp_fail_at(error, RP_ERR_VALUE, path, 0, 0,
                          "its client sends at a rate, and costs are of runs "
                          "with one client: write client: {tool: ab}");
    if (code)
        return code;
    d->targets = calloc(d->given.target_count + 1, sizeof *d->targets);
    if (!d->targets)
        return no_memory(error);
    for (size_t t = 0; t < d->given.target_count; t++) {
        const struct rp_target *const from = &d->given.targets[t];

        if (from->kind == RP_TARGET_MICROHANDLER)
            return rp_fail_at(error, RP_ERR_VALUE, path, 0, 0,
                              "the target %s is a microhandler, which serves "
                              "one scenario: leave --plan out, and name the "
                              "profile with --profile",
                              from->name);
        d->targets[d->target_count++] =
            (struct rp_next_target){.server = from->server,
                                    .threads = from->threads,
                                    .path = from->path,
                                    .only = from->stack};
    }
    return RP_OK;
}

/* The letters of the stacks that were measured. */
static void find_letters(struct design *d)
{
    size_t n = 0;

    if (d->options->letters) {
        (void)snprintf(d->letters, sizeof d->letters, "%s",
                       d->options->letters);
        return;
    }
    for (size_t k = 0; k < d->measured.config_count; k++)
        for (const char *at = d->measured.configs[k].stack; *at; at++)
            if (!strchr(d->letters, *at) && n + 1 < sizeof d->letters)
                d->letters[n++] = *at;
}

static enum rp_code read_forecast(struct design *d, struct rp_error *error)
{
    const char *const path = d->options->scenario_path;
    struct rp_scenario scenario = {0};
    struct rp_program program = {0};
    enum rp_code code;

    if (!path)
        return RP_OK;
    code = rp_scenario_read(path, &scenario, error);
    if (!code)
        code = rp_program_compile(&program, &scenario, error);
    if (!code)
        rp_program_items(&program, d->forecast);
    rp_program_free(&program);
    rp_scenario_free(&scenario);
    return code;
}

/* ---- The plan ---- */

static char *copied(const char *text)
{
    return text ? strdup(text) : NULL;
}

/* "out/next.yaml" and 3: "out/next-03.yaml"; new memory. */
static char *scenario_name(const char *output, size_t number)
{
    const size_t length = strlen(output);
    const bool is_yaml =
        length > 5 && strcmp(output + length - 5, ".yaml") == 0;
    const size_t kept = is_yaml ? length - 5 : length;
    char *const path = malloc(kept + 32);

    if (path)
        (void)snprintf(path, kept + 32, "%.*s-%02zu.yaml", (int)kept, output,
                       number);
    return path;
}

static enum rp_code add_microhandler(struct design *d, size_t run,
                                     struct rp_error *error)
{
    const struct rp_config *const c = &d->next.runs[run].config;
    const struct rp_dataset_server *const server =
        &d->measured.datasets[0].servers[c->server];
    struct rp_target *const t = &d->plan.targets[d->plan.target_count++];
    char name[96];

    (void)snprintf(name, sizeof name, "%s%u-%s-%s-%s",
                   rp_server_word(c->server), c->threads, rp_path_word(c->path),
                   c->stack[0] ? c->stack : "none",
                   c->view_async ? "async" : "sync");
    *t = (struct rp_target){.kind = RP_TARGET_MICROHANDLER,
                            .name = strdup(name),
                            .scenario = scenario_name(d->output, run + 1),
                            .profile = strdup(d->options->profile_path),
                            .server = c->server,
                            .threads = c->threads,
                            .processes = server->said ? server->processes : 1,
                            .path = c->path,
                            .in_loop = server->in_loop,
                            .start_ns = 30e9};
    return t->name && t->scenario && t->profile ? RP_OK : no_memory(error);
}

static void add_run(struct design *d, size_t run, size_t target)
{
    const struct rp_config *const c = &d->next.runs[run].config;
    struct rp_plan_run *const to = &d->plan.runs[d->plan.run_count++];

    *to = (struct rp_plan_run){
        .target = target,
        .view_async = c->view_async,
        .concurrency = 1,
        .requests = d->options->requests ? d->options->requests : 400,
        .seconds = 10};
    (void)snprintf(to->stack, sizeof to->stack, "%s", c->stack);
    for (size_t r = d->given.run_count; !d->options->requests && r-- > 0;)
        if (d->given.runs[r].concurrency > 0) { /* the first with clients */
            to->requests = d->given.runs[r].requests;
            to->seconds = d->given.runs[r].seconds;
        }
}

/* A campaign of its own: its speed is another. */
static char *next_campaign(const struct design *d)
{
    const struct rp_measured *const m = &d->measured;
    const size_t size = strlen(m->campaigns[0]) + 32;
    char *const text = malloc(size);

    for (unsigned n = 1; text; n++) {
        bool taken = false;

        (void)snprintf(text, size, "%s, next %u", m->campaigns[0], n);
        for (size_t i = 0; i < m->campaign_count; i++)
            taken |= strcmp(m->campaigns[i], text) == 0;
        if (!taken)
            break;
    }
    return text;
}

/* The targets of --plan move into the new plan; the rest of it is copied. */
static enum rp_code make_plan(struct design *d, struct rp_error *error)
{
    const struct rp_dataset *const data = &d->measured.datasets[0];
    const bool has_plan = d->options->plan_path != NULL;
    struct rp_plan *const p = &d->plan;
    enum rp_code code = RP_OK;

    *p = d->given;
    d->given.target_count = 0;
    d->given.targets = NULL;
    p->runs = calloc(d->next.run_count + 1, sizeof *p->runs);
    p->run_count = 0;
    p->name = strdup("next runs");
    p->campaign = next_campaign(d);
    p->framework = copied(data->framework);
    p->framework_version = copied(data->framework_version);
    p->asgiref_version = copied(data->asgiref_version);
    p->python_version =
        copied(data->python_version[0] ? data->python_version : NULL);
    p->program = copied(has_plan ? d->given.program : "ab");
    p->client_cpus = copied(d->given.client_cpus);
    if (!has_plan) {
        p->seed = 1;
        p->warm_up = 20;
        p->effect = 0.05;
        p->targets = calloc(d->next.run_count + 1, sizeof *p->targets);
    }
    p->rounds = d->options->rounds;
    if (!p->runs || !p->name || !p->campaign || !p->framework ||
        !p->framework_version || !p->asgiref_version || !p->program ||
        !p->targets)
        return no_memory(error);
    for (size_t r = 0; r < d->next.run_count && !code; r++) {
        if (!has_plan)
            code = add_microhandler(d, r, error);
        add_run(d, r, has_plan ? d->next.runs[r].target : r);
    }
    return code;
}

/* ---- Writing ---- */

static void put_scenario(FILE *out, const struct rp_dataset *data,
                         const struct rp_target *t, const struct rp_scenario *s)
{
    static const char *const kinds[] = {"sync", "async", "hybrid", "mixin"};

    (void)fprintf(out,
                  "# Written by reqpath design.\nname: %s\nframework:\n"
                  "  name: %s\n  version: %s\n  asgiref: %s\n  path: %s\n"
                  "server:\n  kind: %s\n  threads: %u\n  processes: %u\n",
                  t->name, data->framework, data->framework_version,
                  data->asgiref_version, rp_path_word(t->path),
                  rp_server_word(t->server), t->threads, t->processes);
    if (rp_server_is_asgi(t->server))
        (void)fprintf(out, "  app_built_in_loop: %s\n",
                      t->in_loop ? "true" : "false");
    if (s->layer_count > 0)
        (void)fputs("middleware:\n", out);
    for (size_t i = 0; i < s->layer_count; i++)
        (void)fprintf(out, "  - {name: %s, kind: %s}\n", s->layers[i].name,
                      kinds[s->layers[i].kind]);
    (void)fprintf(out, "view:\n  kind: %s\n", s->view_async ? "async" : "sync");
    (void)fputs("load:\n  kind: closed\n  clients: 1\n  client: ab\n", out);
}

static enum rp_code write_scenario(const struct design *d, size_t run,
                                   struct rp_error *error)
{
    const struct rp_dataset *const data = &d->measured.datasets[0];
    const struct rp_target *const t = &d->plan.targets[run];
    struct rp_scenario scenario = {0};
    struct rp_output output;
    enum rp_code code =
        rp_dataset_scenario(data, &d->next.runs[run].config, &scenario, error);

    if (!code)
        code = rp_output_open(&output, t->scenario, error);
    if (!code) {
        put_scenario(output.stream, data, t, &scenario);
        code = rp_output_close(&output, true, error);
    }
    rp_scenario_free(&scenario);
    return code;
}

/* The plan comes last: where it is, its scenarios are. */
static enum rp_code write_plan(const struct design *d, struct rp_error *error)
{
    struct rp_output output;
    enum rp_code code = RP_OK;

    for (size_t r = 0; r < d->next.run_count && !d->options->plan_path && !code;
         r++)
        code = write_scenario(d, r, error);
    if (!code)
        code = rp_output_open(&output, d->output, error);
    if (code)
        return code;
    (void)fputs("# Written by reqpath design: the runs to make next.\n",
                output.stream);
    rp_plan_write(&d->plan, output.stream);
    return rp_output_close(&output, true, error);
}

/* ---- Tables ---- */

static struct rp_table *runs_table(const struct design *d)
{
    static const struct rp_column columns[] = {
        {"server", NULL, RP_COLUMN_TEXT, 0},
        {"threads", NULL, RP_COLUMN_COUNT, 0},
        {"path", NULL, RP_COLUMN_TEXT, 0},
        {"stack", NULL, RP_COLUMN_TEXT, 0},
        {"view", NULL, RP_COLUMN_TEXT, 0},
        {"tells", NULL, RP_COLUMN_TEXT, 0},
        {"without", "error without it", RP_COLUMN_FIXED, 2}};
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t r = 0; table && r < d->next.run_count; r++) {
        const struct rp_next_run *const run = &d->next.runs[r];

        rp_table_row(table);
        rp_table_text(table, 0, rp_server_word(run->config.server));
        rp_table_number(table, 1, run->config.threads);
        rp_table_text(table, 2, rp_path_word(run->config.path));
        rp_table_text(table, 3,
                      run->config.stack[0] ? run->config.stack : "none");
        rp_table_text(table, 4, run->config.view_async ? "async" : "sync");
        rp_table_text(table, 5, d->next.costs[run->tells].name);
        rp_table_number(table, 6, run->without);
    }
    if (table)
        rp_table_note(table,
                      "tells: the cost that would be known worst without the "
                      "run, and how many times its standard error would then "
                      "be what it is with it");
    return table;
}

static void cost_row(struct rp_table *table, const char *name, double mean_ns,
                     double calibrated_ns, double now_ns, double after_ns)
{
    rp_table_row(table);
    rp_table_text(table, 0, name);
    rp_table_number(table, 1, mean_ns / 1e3);
    rp_table_number(table, 2, calibrated_ns / 1e3);
    rp_table_number(table, 3, now_ns / 1e3);
    rp_table_number(table, 4, after_ns / 1e3);
}

static struct rp_table *costs_table(const struct design *d)
{
    static const struct rp_column columns[] = {
        {"cost", NULL, RP_COLUMN_TEXT, 0},
        {"mean_us", "us", RP_COLUMN_FIXED, 2},
        {"calibrated_us", "se calibrated", RP_COLUMN_FIXED, 2},
        {"now_us", "se now", RP_COLUMN_FIXED, 2},
        {"after_us", "se after", RP_COLUMN_FIXED, 2}};
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);
    const struct rp_next *const n = &d->next;

    for (size_t j = 0; table && j < n->cost_count; j++)
        cost_row(table, n->costs[j].name, n->costs[j].mean_ns,
                 n->costs[j].calibrated_ns, n->costs[j].now_ns,
                 n->costs[j].after_ns);
    if (table && d->options->scenario_path)
        cost_row(table, "forecast, request alone", n->forecast_ns, NAN,
                 n->forecast_now_ns, n->forecast_after_ns);
    if (table)
        rp_table_note(
            table,
            "standard errors, us, of a linear model with the noise of "
            "a run, %.1f %%, and the misfit of a configuration, "
            "%.1f %%, as they are in these runs: now, and with the "
            "new ones for %u rounds. Empty: no run tells it. Those "
            "that calibrate gives for the runs that are there are "
            "clustered by configuration, and uncertain themselves",
            100.0 * n->noise, 100.0 * n->misfit, d->plan.rounds);
    return table;
}

static enum rp_code print(const struct design *d, enum rp_format format,
                          struct rp_error *error)
{
    struct rp_table *const runs = runs_table(d), *const costs = costs_table(d);
    const int width = rp_terminal_width(stdout);
    json_t *const rows = costs ? rp_table_to_json(costs) : NULL;
    json_t *const extra = rows ? json_pack("{s:O}", "costs", rows) : NULL;
    enum rp_code code = RP_ERR_MEMORY;

    if (!runs || !costs || !rows || !extra)
        (void)no_memory(error);
    else
        code = rp_table_print(runs, format, "reqpath.design/1", extra, width,
                              stdout, error);
    if (!code && (format == RP_FORMAT_TEXT || format == RP_FORMAT_MARKDOWN)) {
        (void)fputc('\n', stdout);
        code = rp_table_print(costs, format, "", NULL, width, stdout, error);
    }
    json_decref(extra);
    json_decref(rows);
    rp_table_free(costs);
    rp_table_free(runs);
    return code;
}

/* ---- The command ---- */

static enum rp_code find(struct design *d, struct rp_error *error)
{
    const struct options *const o = d->options;
    struct rp_next_options options = {.longest = o->longest,
                                      .runs = o->runs,
                                      .rounds = o->rounds,
                                      .letters = d->letters};
    enum rp_code code = rp_datasets_read("design", o->folders, o->folder_count,
                                         &d->measured, error);

    if (!code)
        code = o->plan_path ? targets_of_plan(d, error)
                            : targets_of_data(d, error);
    if (!code)
        code = read_forecast(d, error);
    if (code)
        return code;
    find_letters(d);
    if (!o->plan_path && d->letters[strspn(d->letters, "SAHM")])
        return rp_fail(error, RP_ERR_VALUE,
                       "--letters: microhandlers are made of S, A, H and M; "
                       "found \"%s\"",
                       d->letters);
    options.targets = d->targets;
    options.target_count = d->target_count;
    options.forecast = o->scenario_path ? d->forecast : NULL;
    code = rp_next_find(&d->measured, &options, &d->next, error);
    return code ? code : make_plan(d, error);
}

static int design(const struct options *options, const struct rp_common *common)
{
    struct design *const d = calloc(1, sizeof *d);
    struct rp_error error = {0};
    enum rp_code code;

    if (!d)
        return rp_command_memory("design");
    d->options = options;
    d->output = common->output_path;
    code = find(d, &error);
    if (!code)
        code = write_plan(d, &error);
    if (!code)
        code = print(d, common->format, &error);
    rp_plan_free(&d->plan);
    rp_next_free(&d->next);
    free(d->targets);
    rp_plan_free(&d->given);
    rp_measured_free(&d->measured);
    free(d);
    return code ? rp_command_fail("design", &error) : RP_EXIT_OK;
}

static const struct argp_option known[] = {
    {.name = "for",
     .key = KEY_FOR,
     .arg = "SCENARIO",
     .doc = "make the mean of this scenario's request known best, instead of "
            "all unit costs together"},
    {.name = "runs",
     .key = KEY_RUNS,
     .arg = "N",
     .doc = "configurations of a round (8)"},
    {.name = "rounds", .key = KEY_ROUNDS, .arg = "N", .doc = "of the plan (6)"},
    {.name = "requests",
     .key = KEY_REQUESTS,
     .arg = "N",
     .doc = "of a run (400, or as the first run of --plan)"},
    {.name = "plan",
     .key = KEY_PLAN,
     .arg = "FILE",
     .doc = "take targets and client from this plan"},
    {.name = "profile",
     .key = KEY_PROFILE,
     .arg = "FILE",
     .doc = "targets are microhandlers with this profile; their scenarios are "
            "written beside the plan"},
    {.name = "letters",
     .key = KEY_LETTERS,
     .arg = "LETTERS",
     .doc = "of the stacks; else those of the data sets"},
    {.name = "longest",
     .key = KEY_LONGEST,
     .arg = "N",
     .doc = "layers of a stack, up to 6 (3)"},
    {0}};

int rp_cmd_design(int argc, char **argv)
{
    static const struct argp argp = {
        .options = known,
        .parser = parse,
        .args_doc = "DATASET...",
        .doc = "Which runs to make next, so that unit costs, or one forecast, "
               "are known better.\v"
               "Of all stacks over the letters, with both views, on every "
               "target, those are chosen that make the unit costs' joint "
               "uncertainty smallest (D-optimal), or that of the mean of one "
               "request of a scenario (c-optimal). -o FILE is a plan for "
               "reqpath bench."};
    struct options options = {
        .folders = calloc((size_t)argc + 1, sizeof *options.folders),
        .runs = 8,
        .rounds = 6,
        .longest = 3};
    struct rp_common common = {0};
    int status;

    if (!options.folders)
        return rp_command_memory("design");
    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv,
                     &options, &common);
    if (!common.output_path || strcmp(common.output_path, "-") == 0) {
        const struct rp_error error = {
            .code = RP_ERR_VALUE,
            .text = "the plan is missing: name its file with -o FILE"};

        status = rp_command_fail("design", &error);
    } else {
        status = design(&options, &common);
    }
    free(options.folders);
    return status;
}
