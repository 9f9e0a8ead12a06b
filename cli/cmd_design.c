/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/planwriting.h"
#include "calibrate/dataset.h"
#include "calibrate/nextruns.h"
#include "cli/command.h"
#include "cli/design_table.h"
#include "cli/given.h"
#include "cli/progress.h"
#include "cli/validation_table.h"
#include "model/units.h"

#include <stdlib.h>
#include <string.h>

enum { RUNS_MAX = 200, ROUNDS_MAX = 1000, REQUESTS_MAX = 100000000 };

/* Values of a grid of loads, and the most of one list; more clients than 32
 * hardly show anything else. */
enum { LIST_MAX = 16, CLIENTS_MAX = 1000, USUAL_CLIENTS_MAX = 32 };
static const double longest_ns = 60e9;

enum {
    KEY_RUNS = 'n',
    KEY_FOR = 256,
    KEY_ROUNDS,
    KEY_REQUESTS,
    KEY_PLAN,
    KEY_PROFILE,
    KEY_LETTERS,
    KEY_LONGEST,
    KEY_ALONE,
    KEY_CLIENTS,
    KEY_WAITS,
    KEY_WORKS,
    KEY_CALIBRATED,
    KEY_METRIC,
};

/* A list that was given, or is the usual one. */
struct list {
    bool given;
    size_t count;
    double values[LIST_MAX];
};

struct options {
    char **folders; /* owned: room for all arguments */
    size_t folder_count;
    const char *scenario_path, *plan_path, *profile_path, *letters;
    const char *calibrated_path;
    size_t runs, longest;
    bool alone;
    struct list clients, waits, works; /* waits and works in ns */
    enum rp_metric metric;
    bool metric_given;
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
    struct list waits, works;
    unsigned clients[LIST_MAX];
    size_t client_count;
    struct rp_scenario forecast;  /* --for */
    struct rp_profile calibrated; /* --calibrated */
    struct rp_progress progress;
    struct rp_next next;
    size_t first_of[RUNS_MAX]; /* the first run of each target that is made */
    struct rp_plan plan; /* borrows from `given` or owns, see make_plan() */
};

/* ---- Options ---- */

/* "5ms,20ms", or "none". */
static void parse_times(const struct argp_state *state, const char *option,
                        char *text, struct list *list)
{
    struct rp_error error = {0};

    *list = (struct list){.given = true};
    if (strcmp(text, "none") == 0)
        return;
    for (char *part = strtok(text, ","); part; part = strtok(NULL, ",")) {
        double ns = 0.0;

        if (list->count == LIST_MAX)
            rp_command_usage(state, "%s has more than %d values", option,
                             LIST_MAX);
        if (rp_duration_parse(part, &ns, &error))
            rp_command_usage(state, "%s: %s", option, error.text);
        if (!(ns > 0.0) || ns > longest_ns)
            rp_command_usage(state,
                             "%s: %s is not above 0 and up to a minute: write "
                             "none for none",
                             option, part);
        list->values[list->count++] = ns;
    }
}

static void parse_clients(const struct argp_state *state, char *text,
                          struct list *list)
{
    *list = (struct list){.given = true};
    for (char *part = strtok(text, ","); part; part = strtok(NULL, ",")) {
        if (list->count == LIST_MAX)
            rp_command_usage(state, "--concurrency has more than %d values",
                             LIST_MAX);
        list->values[list->count++] = (double)rp_command_whole_number(
            state, "--concurrency", part, 1, CLIENTS_MAX);
    }
    if (list->count == 0)
        rp_command_usage(state, "--concurrency names no number of clients");
}

static error_t parse_load(int key, char *value, struct argp_state *state)
{
    struct options *const o = state->input;

    switch (key) {
    case KEY_ALONE:
        o->alone = true;
        return 0;
    case KEY_CLIENTS:
        parse_clients(state, value, &o->clients);
        return 0;
    case KEY_WAITS:
        parse_times(state, "--io", value, &o->waits);
        return 0;
    case KEY_WORKS:
        parse_times(state, "--cpu", value, &o->works);
        return 0;
    case KEY_CALIBRATED:
        o->calibrated_path = value;
        return 0;
    case KEY_METRIC:
        o->metric = rp_command_metric(state, value);
        o->metric_given = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void check_options(const struct argp_state *state,
                          const struct options *o)
{
    if (o->folder_count == 0)
        rp_command_usage(state, "no data set; name at least one");
    if ((o->plan_path == NULL) == (o->profile_path == NULL))
        rp_command_usage(state,
                         "what is to be measured is not said: --plan FILE "
                         "has targets, or --profile FILE prices "
                         "microhandlers");
    if (o->alone && (o->clients.given || o->waits.given || o->works.given ||
                     o->calibrated_path || o->metric_given))
        rp_command_usage(state,
                         "--alone leaves out what happens under load, so "
                         "--concurrency, --io, --cpu, --calibrated and "
                         "--metric say nothing");
    if (o->metric_given && !o->scenario_path)
        rp_command_usage(state, "--metric is of a forecast: name its scenario "
                                "with --for");
}

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
        check_options(state, o);
        return 0;
    default:
        return parse_load(key, value, state);
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
                .server = c->server,
                .threads = c->threads,
                .path = c->path,
                .waits = true,
                .burns = true,
                /* as bench writes of them */
                .lacking = {.collections = true, .slack = true}};
    }
    return RP_OK;
}

/* A server's view can wait or burn where one of the target's texts says how
 * long. */
static bool says(const struct rp_target *t, const char *word)
{
    bool found = (t->url && strstr(t->url, word)) ||
                 (t->command && strstr(t->command, word));

    for (size_t i = 0; i < t->env_count; i++)
        found |= strstr(t->env[i], word) != NULL;
    return found;
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
                                    .waits = says(from, "{io_ms}"),
                                    .burns = says(from, "{cpu_us}"),
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

static enum rp_code read_files(struct design *d, struct rp_error *error)
{
    const struct options *const o = d->options;
    enum rp_code code = RP_OK;

    if (o->scenario_path)
        code = rp_scenario_read(o->scenario_path, &d->forecast, error);
    if (!code && o->calibrated_path)
        code = rp_profile_read(o->calibrated_path, &d->calibrated, error);
    if (!code && o->calibrated_path &&
        !rp_parameters_any(&d->calibrated.under_load))
        code = rp_fail_at(error, RP_ERR_VALUE, o->calibrated_path, 0, 0,
                          "it says nothing of what happens under load: "
                          "calibrate without --alone, or leave --calibrated "
                          "out");
    return code;
}

/* ---- Loads ---- */

static void add_value(double *values, size_t *count, double value)
{
    for (size_t i = 0; i < *count; i++)
        if (values[i] == value)
            return;
    if (value > 0.0 && *count < LIST_MAX)
        values[(*count)++] = value;
}

/* Those that were given, or usual ones and the scenario's own. */
static struct list values_of(const struct list *given, const double *usual,
                             size_t usual_count, double own)
{
    struct list list = *given;

    for (size_t i = 0; i < usual_count && !given->given; i++)
        list.values[list.count++] = usual[i];
    if (!given->given)
        add_value(list.values, &list.count, own);
    return list;
}

static void find_grid(struct design *d)
{
    static const double usual[] = {1, 2, 4, 8, 16, 32};
    static const double waits_ns[] = {5e6, 20e6}, works_ns[] = {0.5e6, 3e6};
    const struct options *const o = d->options;
    const struct rp_scenario *const s = o->scenario_path ? &d->forecast : NULL;
    const double clients = s && s->load.kind == RP_LOAD_CLOSED &&
                                   s->load.clients <= USUAL_CLIENTS_MAX
                               ? s->load.clients
                               : 0.0;
    const struct list list =
        values_of(&o->clients, usual, sizeof usual / sizeof *usual, clients);

    if (o->alone)
        return;
    for (size_t i = 0; i < list.count; i++)
        d->clients[d->client_count++] = (unsigned)list.values[i];
    d->waits = values_of(&o->waits, waits_ns, 2, s ? s->view.wait.mean_ns : 0);
    d->works = values_of(&o->works, works_ns, 2, s ? s->view.cpu.mean_ns : 0);
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

/* "-io20-cpu500": what its view does. */
static void name_microhandler(const struct rp_config *c, char *name,
                              size_t size)
{
    int used = snprintf(name, size, "%s%u-%s-%s-%s", rp_server_word(c->server),
                        c->threads, rp_path_word(c->path),
                        c->stack[0] ? c->stack : "none",
                        c->view_async ? "async" : "sync");

    if (c->io_ns > 0.0)
        used +=
            snprintf(name + used, size - (size_t)used, "-io%g", c->io_ns / 1e6);
    if (c->cpu_ns > 0.0)
        (void)snprintf(name + used, size - (size_t)used, "-cpu%g",
                       c->cpu_ns / 1e3);
}

/* One serves all numbers of clients. */
static enum rp_code add_microhandler(struct design *d, size_t run,
                                     size_t *target, struct rp_error *error)
{
    const struct rp_config *const c = &d->next.runs[run].config;
    const struct rp_dataset_server *const server =
        &d->measured.datasets[0].servers[c->server];
    struct rp_target *const t = &d->plan.targets[d->plan.target_count];
    char name[128];

    name_microhandler(c, name, sizeof name);
    for (*target = 0; *target < d->plan.target_count; ++*target)
        if (strcmp(d->plan.targets[*target].name, name) == 0)
            return RP_OK;
    d->first_of[d->plan.target_count++] = run;
    *t = (struct rp_target){.kind = RP_TARGET_MICROHANDLER,
                            .name = strdup(name),
                            .scenario = scenario_name(d->output, *target + 1),
                            .profile = strdup(d->options->profile_path),
                            .server = c->server,
                            .threads = c->threads,
                            .processes = server->said ? server->processes : 1,
                            .path = c->path,
                            .in_loop = server->in_loop,
                            .start_ns = 30e9};
    return t->name && t->scenario && t->profile ? RP_OK : no_memory(error);
}

/* Of one client as many requests as the plan's first run, of several at least
 * twenty each. */
static void add_run(struct design *d, size_t run, size_t target)
{
    const struct rp_config *const c = &d->next.runs[run].config;
    struct rp_plan_run *const to = &d->plan.runs[d->plan.run_count++];

    *to = (struct rp_plan_run){.target = target,
                               .view_async = c->view_async,
                               .io_ms = c->io_ns / 1e6,
                               .cpu_us = c->cpu_ns / 1e3,
                               .concurrency = c->concurrency,
                               .requests = d->next.runs[run].requests,
                               .seconds = 10};
    (void)snprintf(to->stack, sizeof to->stack, "%s", c->stack);
    for (size_t r = d->given.run_count; r-- > 0;)
        if (d->given.runs[r].concurrency > 0) /* the first with clients */
            to->seconds = d->given.runs[r].seconds;
}

static unsigned requests_of(const struct design *d)
{
    unsigned requests = d->options->requests;

    for (size_t r = 0; r < d->given.run_count && requests == 0; r++)
        if (d->given.runs[r].concurrency > 0)
            requests = d->given.runs[r].requests;
    return requests > 0 ? requests : 400;
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
        p->target_count = 0;
    }
    p->rounds = d->options->rounds;
    if (!p->runs || !p->name || !p->campaign || !p->framework ||
        !p->framework_version || !p->asgiref_version || !p->program ||
        !p->targets)
        return no_memory(error);
    for (size_t r = 0; r < d->next.run_count && !code; r++) {
        size_t target = d->next.runs[r].target;

        if (!has_plan)
            code = add_microhandler(d, r, &target, error);
        add_run(d, r, target);
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
    if (s->view.cpu.mean_ns > 0.0)
        (void)fprintf(out, "  cpu: %.15gus\n", s->view.cpu.mean_ns / 1e3);
    if (s->view.wait.mean_ns > 0.0)
        (void)fprintf(out, "  wait: %.15gms\n", s->view.wait.mean_ns / 1e6);
    (void)fprintf(out, "load:\n  kind: closed\n  clients: %u\n  client: ab\n",
                  s->load.clients);
}

static enum rp_code write_scenario(const struct design *d, size_t target,
                                   struct rp_error *error)
{
    const struct rp_dataset *const data = &d->measured.datasets[0];
    const struct rp_target *const t = &d->plan.targets[target];
    struct rp_scenario scenario = {0};
    struct rp_output output;
    enum rp_code code = rp_dataset_scenario(
        data, &d->next.runs[d->first_of[target]].config, &scenario, error);

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

    for (size_t t = 0;
         t < d->plan.target_count && !d->options->plan_path && !code; t++)
        code = write_scenario(d, t, error);
    if (!code)
        code = rp_output_open(&output, d->output, error);
    if (code)
        return code;
    (void)fputs("# Written by reqpath design: the runs to make next.\n",
                output.stream);
    rp_plan_write(&d->plan, output.stream);
    return rp_output_close(&output, true, error);
}

/* ---- The command ---- */

static void tell(void *context, const char *what, size_t done, size_t count)
{
    rp_progress_say(context, "%s: %zu of %zu", what, done, count);
}

static struct rp_next_options options_of(struct design *d)
{
    const struct options *const o = d->options;

    return (struct rp_next_options){
        .of = {.targets = d->targets,
               .target_count = d->target_count,
               .letters = d->letters,
               .longest = o->longest,
               .grid = {.clients = d->clients,
                        .client_count = d->client_count,
                        .waits_ns = d->waits.values,
                        .wait_count = d->waits.count,
                        .works_ns = d->works.values,
                        .work_count = d->works.count},
               .tool = o->plan_path ? d->given.tool : RP_TOOL_AB,
               .requests = requests_of(d),
               .rounds = o->rounds},
        .runs = o->runs,
        .forecast = o->scenario_path ? &d->forecast : NULL,
        .metric = o->metric,
        .known = o->calibrated_path ? &d->calibrated.under_load : NULL,
        .tell = tell,
        .context = &d->progress};
}

static enum rp_code find(struct design *d, struct rp_error *error)
{
    const struct options *const o = d->options;
    struct rp_next_options options;
    enum rp_code code = rp_datasets_read("design", o->folders, o->folder_count,
                                         &d->measured, error);

    if (!code)
        code = o->plan_path ? targets_of_plan(d, error)
                            : targets_of_data(d, error);
    if (!code)
        code = read_files(d, error);
    if (code)
        return code;
    find_letters(d);
    if (!o->plan_path && d->letters[strspn(d->letters, "SAHM")])
        return rp_fail(error, RP_ERR_VALUE,
                       "--letters: microhandlers are made of S, A, H and M; "
                       "found \"%s\"",
                       d->letters);
    find_grid(d);
    options = options_of(d);
    d->progress = rp_progress_begin();
    code = rp_next_find(&d->measured, &options, &d->next, error);
    rp_progress_end(&d->progress);
    return code ? code : make_plan(d, error);
}

static enum rp_code print(const struct design *d, enum rp_format format,
                          struct rp_error *error)
{
    const struct rp_design_of of = {.next = &d->next,
                                    .rounds = d->options->rounds,
                                    .metric = d->options->metric,
                                    .is_alone = d->options->alone,
                                    .asked = d->options->longest};

    return rp_design_print(&of, format, error);
}

static int design(const struct options *options, const struct rp_common *common)
{
    const char *const read[] = {options->scenario_path, options->plan_path,
                                options->profile_path,
                                options->calibrated_path};
    struct design *const d = calloc(1, sizeof *d);
    struct rp_error error = {0};
    enum rp_code code;

    if (!d)
        return rp_command_memory("design");
    d->options = options;
    d->output = common->output_path;
    code = rp_given_apart(d->output, read, sizeof read / sizeof *read, &error);
    if (!code)
        code = find(d, &error);
    if (!code)
        code = write_plan(d, &error);
    if (!code)
        code = print(d, common->format, &error);
    rp_profile_free(&d->calibrated);
    rp_scenario_free(&d->forecast);
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
     .doc = "make this scenario's forecast known best, instead of all costs "
            "together"},
    {.name = "metric",
     .key = KEY_METRIC,
     .arg = "METRIC",
     .doc = "of the forecast (mean_ms)"},
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
    {.name = "concurrency",
     .key = KEY_CLIENTS,
     .arg = "LIST",
     .doc = "clients of the runs (1,2,4,8,16,32)"},
    {.name = "io",
     .key = KEY_WAITS,
     .arg = "LIST",
     .doc = "how long views wait, beside not at all (5ms,20ms)"},
    {.name = "cpu",
     .key = KEY_WORKS,
     .arg = "LIST",
     .doc = "how long views burn, beside not at all (500us,3ms)"},
    {.name = "calibrated",
     .key = KEY_CALIBRATED,
     .arg = "FILE",
     .doc = "the profile that reqpath calibrate made of these data sets: what "
            "happens under load is not fitted again"},
    {.name = "alone",
     .key = KEY_ALONE,
     .doc = "unit costs alone, of requests one at a time"},
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
        .doc = "Which runs to make next, so that unit costs and what happens "
               "under load, or one forecast, are known better.\v"
               "Of all stacks over the letters, with both views, on every "
               "target, with one client and with several, and with views that "
               "wait or burn, those are chosen that make the joint "
               "uncertainty smallest (D-optimal), or that of a scenario's "
               "forecast (c-optimal). -o FILE is a plan for reqpath bench. "
               "Without --calibrated what happens under load is fitted first, "
               "as reqpath calibrate does it."};
    struct options options = {
        .folders = calloc((size_t)argc + 1, sizeof *options.folders),
        .runs = 8,
        .rounds = 6,
        .metric = RP_METRIC_MEAN,
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
