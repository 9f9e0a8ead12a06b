/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/given.h"
#include "cli/host_note.h"
#include "model/excerpt.h"
#include "model/framework.h"
#include "report/against.h"
#include "report/explain.h"
#include "report/stacks.h"

#include <stdlib.h>
#include <string.h>

/* Keys of the options that have no letter. */
enum {
    KEY_STACKS = 0x2000,
    KEY_FRAMEWORK_VERSION,
    KEY_ASGIREF_VERSION,
    KEY_PATH,
    KEY_SERVER,
    KEY_APP_IN_LOOP,
    KEY_EXECUTORS,
    KEY_CLASS,
    KEY_AGAINST,
};

/* The command line; texts are borrowed from it. */
struct options {
    const char *scenario_path, *profile_path, *stacks_path, *class_name;
    struct rp_scenario stack; /* what the stacks of a list share */
    bool app_in_loop, executors, asgiref_named;
    const char *for_stacks; /* an option that only a list has */
    bool against_set;
    enum rp_path against; /* the other path of a scenario */
};

/* ---- Options ---- */

static void set_version(const struct argp_state *state, const char *option,
                        const char *text, struct rp_version *version)
{
    char found[RP_EXCERPT_SIZE];

    if (!rp_version_parse(text, version))
        rp_command_usage(state,
                         "%s: found \"%s\", expected a version, like 3.2 or "
                         "4.2.11, or main",
                         option, rp_excerpt(text, found));
}

static _Noreturn void unknown_word(const struct argp_state *state,
                                   const char *option, const char *word,
                                   const char *const *words, size_t count)
{
    struct rp_error error = {0};

    (void)rp_fail_word(&error, word, words, count);
    rp_command_usage(state, "%s: %s", option, error.text);
}

static void set_path(const struct argp_state *state, const char *option,
                     const char *word, enum rp_path *path)
{
#define AS_WORD(path_, word_) word_,
    static const char *const words[] = {RP_PATH_LIST(AS_WORD)};
#undef AS_WORD

    if (!rp_path_parse(word, path))
        unknown_word(state, option, word, words, sizeof words / sizeof *words);
}

static void set_server(const struct argp_state *state, const char *word,
                       struct rp_server *server)
{
#define AS_WORD(server_, word_, asgi, in_loop) word_,
    static const char *const words[] = {RP_SERVER_LIST(AS_WORD)};
#undef AS_WORD

    if (!rp_server_parse(word, &server->kind))
        unknown_word(state, "--server", word, words,
                     sizeof words / sizeof *words);
}

/* Options that only a list of stacks has; false: it is none of them. */
static bool parse_for_stacks(int key, const char *value,
                             const struct argp_state *state,
                             struct options *options)
{
    struct rp_scenario *const s = &options->stack;

    switch (key) {
    case KEY_FRAMEWORK_VERSION:
        options->for_stacks = "--framework-version";
        set_version(state, options->for_stacks, value, &s->framework.version);
        if (!options->asgiref_named)
            s->framework.asgiref_version =
                rp_default_asgiref(s->framework.version);
        return true;
    case KEY_ASGIREF_VERSION:
        options->for_stacks = "--asgiref-version";
        options->asgiref_named = true;
        set_version(state, options->for_stacks, value,
                    &s->framework.asgiref_version);
        return true;
    case KEY_PATH:
        options->for_stacks = "--path";
        set_path(state, options->for_stacks, value, &s->framework.path);
        return true;
    case KEY_SERVER:
        options->for_stacks = "--server";
        set_server(state, value, &s->server);
        return true;
    case KEY_APP_IN_LOOP:
        options->for_stacks = "--app-in-loop";
        options->app_in_loop = true;
        return true;
    case KEY_EXECUTORS:
        options->for_stacks = "--executors";
        options->executors = true;
        return true;
    default:
        return false;
    }
}

static void check_together(const struct argp_state *state,
                           const struct options *options)
{
    if (!options->stacks_path && !options->scenario_path)
        rp_command_usage(state,
                         "nothing to explain; name a scenario, or a list of "
                         "stacks: --stacks=FILE");
    if (options->stacks_path && options->scenario_path)
        rp_command_usage(state,
                         "a scenario and a list of stacks; explain one of "
                         "them at a time");
    if (options->stacks_path && options->profile_path)
        rp_command_usage(state,
                         "--profile prices a scenario, a list of stacks is "
                         "only counted; leave one of them out");
    if (options->stacks_path && options->against_set)
        rp_command_usage(state,
                         "--against compares the paths of a scenario, a list "
                         "of stacks is only counted; leave one of them out");
    if (options->stacks_path && options->class_name)
        rp_command_usage(state,
                         "--class chooses the requests of a scenario, and "
                         "stacks have none; leave one of them out");
    if (options->against_set && !options->profile_path)
        rp_command_usage(state,
                         "--against compares what two paths cost: name the "
                         "costs with --profile FILE");
    if (options->for_stacks && !options->stacks_path)
        rp_command_usage(state,
                         "%s belongs to --stacks; a scenario says the same in "
                         "its file",
                         options->for_stacks);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    if (parse_for_stacks(key, value, state, options))
        return 0;
    switch (key) {
    case 'p':
        options->profile_path = value;
        return 0;
    case KEY_CLASS:
        options->class_name = value;
        return 0;
    case KEY_AGAINST:
        options->against_set = true;
        set_path(state, "--against", value, &options->against);
        return 0;
    case KEY_STACKS:
        options->stacks_path = value;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        options->scenario_path = value;
        return 0;
    case ARGP_KEY_END:
        check_together(state, options);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- A list of stacks ---- */

static enum rp_code count_stacks(struct options *options,
                                 struct rp_table **table,
                                 struct rp_error *error)
{
    struct rp_scenario *const s = &options->stack;
    struct rp_csv csv = {0};
    struct rp_rules rules;
    enum rp_code code = rp_rules_find(&s->framework, &rules, error);

    if (!code)
        code = rp_csv_read(options->stacks_path, &csv, error);
    if (!code)
        code = rp_stacks_count(&csv, s, options->executors, table, error);
    if (!code && rules.beyond_known) {
        char text[RP_BEYOND_TEXT_SIZE];

        rp_command_warn("explain", rp_beyond_known_text(&s->framework, text));
    }
    rp_csv_free(&csv);
    return code;
}

static int explain_stacks(struct options *options, struct rp_common *common)
{
    struct rp_server *const server = &options->stack.server;
    struct rp_error error = {0};
    struct rp_table *table = NULL;
    int code;

    server->app_built_in_loop =
        options->app_in_loop || rp_server_builds_in_loop(server->kind);
    if (!common->format_set)
        common->format = RP_FORMAT_CSV;
    if (count_stacks(options, &table, &error))
        return rp_command_fail("explain", &error);
    code = rp_command_table("explain", common, table,
                            "reqpath.explain.stacks/1", NULL);
    rp_table_free(table);
    return code;
}

/* ---- A scenario ---- */

/* Steps are for machines, the path is for people. */
static int print(const struct rp_explanation *what,
                 const struct rp_common *common)
{
    const bool for_people = common->format == RP_FORMAT_TEXT ||
                            common->format == RP_FORMAT_MARKDOWN;
    struct rp_table *const table =
        for_people ? rp_explain_path(what) : rp_explain_steps(what);
    json_t *const extra = rp_explain_json(what);
    char warnings[RP_EXPLAIN_WARNINGS_SIZE];
    int code;

    if (what->profile)
        rp_host_note("explain", what->profile);

    /* CSV has no notes. */
    if (common->format == RP_FORMAT_CSV &&
        rp_explain_warnings(what, warnings, sizeof warnings) > 0)
        rp_command_warn("explain", warnings);
    code = extra ? rp_command_table("explain", common, table,
                                    "reqpath.explain/1", extra)
                 : rp_command_memory("explain");
    json_decref(extra);
    rp_table_free(table);
    return code;
}

static enum rp_code unknown_class(const struct rp_scenario *scenario,
                                  const char *name, struct rp_error *error)
{
    const size_t count = scenario->class_count;
    const char **const names = calloc(count + 1, sizeof *names);
    struct rp_error inner = {0};

    if (!names)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for names");
    for (size_t i = 0; i < count; i++)
        names[i] = scenario->classes[i].name;
    if (count > 0)
        (void)rp_fail_word(&inner, name, names, count);
    free(names);
    if (count == 0)
        return rp_fail(error, RP_ERR_VALUE,
                       "--class: %s has no list of requests; leave --class out",
                       scenario->file);
    return rp_fail(error, RP_ERR_VALUE, "--class: %s", inner.text);
}

static enum rp_code find_class(const struct rp_scenario *scenario,
                               const char *name, size_t *index,
                               struct rp_error *error)
{
    *index = 0;
    if (!name)
        return RP_OK;
    for (size_t i = 0; i < scenario->class_count; i++)
        if (strcmp(scenario->classes[i].name, name) == 0) {
            *index = i;
            return RP_OK;
        }
    return unknown_class(scenario, name, error);
}

/* What is explained is one request alone, whatever the load. */
static void judge_alone(const struct rp_scenario *seen,
                        const struct rp_program *program,
                        const struct rp_prices *prices,
                        const struct rp_profile *profile,
                        struct rp_validity *validity)
{
    struct rp_scenario alone = *seen;

    alone.load = (struct rp_load){.kind = RP_LOAD_CLOSED, .clients = 1};
    alone.server.processes = 1;
    alone.cores = 1;
    rp_validity_judge_class(&alone, program, prices, profile, NULL, validity);
}

/* One path of a request, priced. */
struct side {
    struct rp_scenario seen; /* borrows from the scenario */
    struct rp_program program;
    struct rp_prices prices;
    struct rp_validity validity;
};

static enum rp_code price_side(const struct rp_scenario *scenario,
                               size_t class_index,
                               const struct rp_profile *profile,
                               struct side *side, struct rp_error *error)
{
    enum rp_code code;

    side->seen = rp_scenario_of_class(scenario, class_index);
    code = rp_program_compile(&side->program, &side->seen, error);
    if (code || !profile)
        return code;
    code = rp_price(&side->program, profile, &side->prices, error);
    if (!code)
        judge_alone(&side->seen, &side->program, &side->prices, profile,
                    &side->validity);
    return code;
}

static int print_against(const struct rp_against *what,
                         const struct rp_common *common)
{
    struct rp_table *const table = rp_against_table(what);
    json_t *const extra = rp_against_json(what);
    const int code = extra
                         ? rp_command_table("explain", common, table,
                                            "reqpath.explain.against/1", extra)
                         : rp_command_memory("explain");

    rp_host_note("explain", what->profile);
    json_decref(extra);
    rp_table_free(table);
    return code;
}

/* The same scenario on another path, beside it. */
static int explain_against(const struct options *options,
                           const struct rp_common *common,
                           const struct rp_scenario *scenario,
                           size_t class_index, const struct rp_profile *profile,
                           const struct side *base)
{
    struct rp_scenario moved = *scenario;
    struct side other = {.prices = {.total_ns = 0.0}};
    struct rp_error error = {0};
    int code;

    moved.framework.path = options->against;
    if (options->against == scenario->framework.path) {
        (void)rp_fail_at(&error, RP_ERR_VALUE, scenario->file, 0, 0,
                         "--against: the scenario is on the %s path already; "
                         "name another one",
                         rp_path_word(options->against));
        return rp_command_fail("explain", &error);
    }
    if (price_side(&moved, class_index, profile, &other, &error)) {
        code = rp_command_fail("explain", &error);
    } else {
        const struct rp_against what = {
            profile,
            {&base->seen, &base->prices, &base->validity},
            {&other.seen, &other.prices, &other.validity}};

        code = print_against(&what, common);
    }
    rp_program_free(&other.program);
    return code;
}

static enum rp_code read_files(const struct options *options,
                               struct rp_scenario *scenario,
                               size_t *class_index, struct rp_profile *profile,
                               struct rp_error *error)
{
    enum rp_code code =
        rp_scenario_read(options->scenario_path, scenario, error);

    if (!code)
        code = find_class(scenario, options->class_name, class_index, error);
    if (!code && options->profile_path)
        code = rp_profile_read(options->profile_path, profile, error);
    return code;
}

static int explain_scenario(const struct options *options,
                            const struct rp_common *common)
{
    struct rp_scenario scenario = {0};
    struct rp_profile profile = {0};
    const struct rp_profile *const priced_by =
        options->profile_path ? &profile : NULL;
    struct side base = {.prices = {.total_ns = 0.0}};
    struct rp_error error = {0};
    size_t class_index = 0;
    enum rp_code found =
        read_files(options, &scenario, &class_index, &profile, &error);
    int code;

    if (!found)
        found = price_side(&scenario, class_index, priced_by, &base, &error);
    if (found) {
        code = rp_command_fail("explain", &error);
    } else if (options->against_set) {
        code = explain_against(options, common, &scenario, class_index,
                               &profile, &base);
    } else {
        const struct rp_explanation what = {
            .scenario = &base.seen,
            .class_index = class_index,
            .program = &base.program,
            .profile = priced_by,
            .prices = priced_by ? &base.prices : NULL,
            .validity = priced_by ? &base.validity : NULL};

        code = print(&what, common);
    }
    rp_profile_free(&profile);
    rp_program_free(&base.program);
    rp_scenario_free(&scenario);
    return code;
}

/* ---- The command ---- */

static const struct argp_option option_list[] = {
    {.name = "profile",
     .key = 'p',
     .arg = "FILE",
     .doc = "what the steps cost: the profile of a calibration"},
    {.name = "class",
     .key = KEY_CLASS,
     .arg = "NAME",
     .doc = "which of the scenario's requests, default the first"},
    {.name = "against",
     .key = KEY_AGAINST,
     .arg = "PATH",
     .doc = "what the same request costs on another path (dual, unified or "
            "single), as a ratio with its interval"},
    {.doc = "A list of stacks instead of a scenario:", .group = 1},
    {.name = "stacks",
     .key = KEY_STACKS,
     .arg = "FILE",
     .doc = "a CSV file with the columns mode, stack, view and, if it likes, "
            "outcome; others are left alone",
     .group = 1},
    {.name = "framework-version",
     .key = KEY_FRAMEWORK_VERSION,
     .arg = "V",
     .doc = "of Django, default 3.2.25",
     .group = 1},
    {.name = "asgiref-version",
     .key = KEY_ASGIREF_VERSION,
     .arg = "V",
     .doc = "default 3.6.0",
     .group = 1},
    {.name = "path",
     .key = KEY_PATH,
     .arg = "WORD",
     .doc = "dual, unified or single, default dual",
     .group = 1},
    {.name = "server",
     .key = KEY_SERVER,
     .arg = "WORD",
     .doc = "of the rows of its mode; the others have gunicorn or daphne",
     .group = 1},
    {.name = "app-in-loop",
     .key = KEY_APP_IN_LOOP,
     .doc = "middleware of ASGI rows is loaded inside the loop (uvicorn does)",
     .group = 1},
    {.name = "executors",
     .key = KEY_EXECUTORS,
     .doc = "further columns: where each sync_to_async ran",
     .group = 1},
    {.name = NULL},
};

int rp_cmd_explain(int argc, char **argv)
{
    static const struct argp argp = {
        .options = option_list,
        .parser = parse,
        .args_doc = "SCENARIO\n--stacks=FILE",
        .doc = "The path of a request, step by step, and what it costs.\v"
               "In the text, \"|\" is inside a crossing that holds its thread "
               "meanwhile, and \".\" inside one at a loop, which nothing "
               "holds. A list of stacks is printed with the counts of each: "
               "calls of sync_to_async and async_to_sync, new loops and "
               "threads, as CSV unless --format says otherwise. Letters of a "
               "stack, outermost first: S sync, A async, H hybrid, M mixin "
               "with process_request and process_response, R or P with one of "
               "them, V v process_view (sync, async), T t "
               "process_template_response, X x process_exception that returns "
               "None, Y y one that answers.\n\n"
               "With a profile, validity says how far the request is from what "
               "was measured. Where this machine's CPU is not the profile's, a "
               "sentence on standard error says so; REQPATH_CPU names another "
               "one."};
    struct options options = {.scenario_path = NULL};
    const char *read[3];
    struct rp_common common = {.format = RP_FORMAT_TEXT};
    struct rp_error error = {0};
    int code;

    if (rp_scenario_init(&options.stack, &error))
        return rp_command_fail("explain", &error);
    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv,
                     &options, &common);
    read[0] = options.scenario_path;
    read[1] = options.profile_path;
    read[2] = options.stacks_path;
    if (rp_given_apart(common.output_path, read, 3, &error))
        code = rp_command_fail("explain", &error);
    else
        code = options.stacks_path ? explain_stacks(&options, &common)
                                   : explain_scenario(&options, &common);
    rp_scenario_free(&options.stack);
    return code;
}
