/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/advice_table.h"
#include "cli/command.h"
#include "cli/given.h"
#include "cli/host_note.h"
#include "cli/interruption.h"
#include "model/excerpt.h"
#include "model/units.h"
#include "plan/advice.h"

#include <stdlib.h>
#include <string.h>

enum { TOP_DEFAULT = 10, TOP_MAX = 1000, MOVES = 2 };

struct options {
    const char *scenario_path, *profile_path;
    struct rp_advice_how how;
    bool metric_set;
    const char **layers;   /* owned; borrowed words */
    double *layer_efforts; /* owned */
    char **words;          /* owned: copies of --effort */
    size_t word_count;
};

enum {
    KEY_PROFILE = 'p',
    KEY_METRIC = 'm',
    KEY_EFFORT = 0x2000,
    KEY_WITHOUT,
    KEY_CHANGES,
    KEY_TOP
};

/* ---- Options ---- */

/* One of "hybrid=4,server=10,auth=20": a kind of moves, or else a layer. */
static void set_effort(const struct argp_state *state, struct options *o,
                       char *word)
{
    char *const sign = strchr(word, '=');
    char found[RP_EXCERPT_SIZE];
    const char *end = NULL;
    double effort = 0.0;
    enum rp_move_kind kind;

    if (!sign || !rp_number_scan(sign + 1, &end, &effort) || *end ||
        effort < 0.0)
        rp_command_usage(state,
                         "--effort: found \"%s\", expected KIND=N or LAYER=N "
                         "with N of 0 or more",
                         rp_excerpt(word, found));
    *sign = '\0';
    kind = rp_move_parse(word);
    if (kind < RP_MOVE_COUNT) {
        o->how.efforts.of_kind[kind] = effort;
        return;
    }
    o->layers[o->how.efforts.layer_count] = word;
    o->layer_efforts[o->how.efforts.layer_count++] = effort;
}

static void set_efforts(const struct argp_state *state, struct options *o,
                        const char *value)
{
    char *const copy = strdup(value);
    char *rest = NULL;

    if (!copy)
        exit(rp_command_memory("advise"));
    o->words[o->word_count++] = copy;
    for (char *word = strtok_r(copy, ",", &rest); word;
         word = strtok_r(NULL, ",", &rest))
        set_effort(state, o, word);
}

static void leave_out(const struct argp_state *state, struct options *o,
                      const char *value)
{
    const char *words[RP_MOVE_COUNT];
    const enum rp_move_kind kind = rp_move_parse(value);
    struct rp_error error = {0};

    for (unsigned k = 0; k < RP_MOVE_COUNT; k++)
        words[k] = rp_move_word((enum rp_move_kind)k);
    if (kind < RP_MOVE_COUNT) {
        o->how.efforts.of_kind[kind] = -1.0;
        return;
    }
    (void)rp_fail_word(&error, value, words, RP_MOVE_COUNT);
    rp_command_usage(state, "--without: %s", error.text);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const o = state->input;

    switch (key) {
    case KEY_PROFILE:
        o->profile_path = value;
        return 0;
    case KEY_METRIC:
        o->how.metric = rp_command_metric(state, value);
        o->metric_set = true;
        return 0;
    case KEY_EFFORT:
        set_efforts(state, o, value);
        return 0;
    case KEY_WITHOUT:
        leave_out(state, o, value);
        return 0;
    case KEY_CHANGES:
        o->how.moves = (unsigned)rp_command_whole_number(
            state, "--changes", value, 1, RP_ADVICE_MOVES_MAX);
        return 0;
    case KEY_TOP:
        o->how.top = rp_command_whole_number(state, "--top", value, 1, TOP_MAX);
        return 0;
    case ARGP_KEY_ARG:
        if (o->scenario_path)
            return ARGP_ERR_UNKNOWN;
        o->scenario_path = value;
        return 0;
    case ARGP_KEY_END:
        if (!o->scenario_path)
            rp_command_usage(state, "a scenario is missing: name its file");
        if (!o->profile_path)
            rp_command_usage(state,
                             "the costs are missing: name a profile with "
                             "--profile FILE, one that reqpath calibrate made");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- The command ---- */

struct asked {
    struct rp_draft draft;
    struct rp_profile profile;
    struct rp_scenario scenario;
    struct rp_advice advice;
    char seed[RP_GIVEN_SEED_SIZE];
};

static void release(struct asked *a)
{
    rp_advice_free(&a->advice);
    rp_scenario_free(&a->scenario);
    rp_profile_free(&a->profile);
    rp_draft_free(&a->draft);
}

static enum rp_code check_layers(const struct options *o,
                                 const struct rp_scenario *s,
                                 struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE];

    for (size_t i = 0; i < o->how.efforts.layer_count; i++)
        if (rp_ordering_find(s, o->layers[i]) == s->layer_count)
            return rp_fail(error, RP_ERR_VALUE,
                           "--effort: \"%s\" is no layer of the scenario and "
                           "no kind of change (reorder, threads, processes, "
                           "hybrid, async, sync, drop, version, server, view)",
                           rp_excerpt(o->layers[i], found));
    return RP_OK;
}

static enum rp_code read_all(const struct rp_common *common, struct options *o,
                             struct asked *a, struct rp_error *error)
{
    const char *const read[] = {o->scenario_path, o->profile_path};
    enum rp_code code = rp_given_apart(common->output_path, read, 2, error);

    if (!code)
        code = rp_given_scenario(o->scenario_path, common, &a->draft, a->seed,
                                 &a->scenario, error);
    o->how.seed = common->seed_set ? a->seed : NULL;
    if (!code)
        code = check_layers(o, &a->scenario, error);
    if (!code)
        code = rp_profile_read(o->profile_path, &a->profile, error);
    if (!code && !o->metric_set)
        o->how.metric = a->scenario.load.kind == RP_LOAD_CLOSED
                            ? RP_METRIC_RPS
                            : RP_METRIC_MEAN;
    return code;
}

static int print(const struct rp_common *common, const struct options *o,
                 const struct asked *a)
{
    const char *const name =
        a->scenario.name[0] ? a->scenario.name : a->scenario.file;
    struct rp_error error = {0}, later = {0};
    struct rp_output output;
    struct rp_table *table;
    json_t *extra;
    enum rp_code code;
    int exit_code;

    if (common->format != RP_FORMAT_TEXT) {
        table = rp_advice_table(&a->advice, o->how.metric);
        extra = json_pack("{s:s, s:s, s:s}", "scenario", name, "metric",
                          rp_metric_key(o->how.metric), "hazards",
                          a->advice.hazards);
        exit_code = rp_command_table("advise", common, table,
                                     "reqpath.advise/1", extra);
        json_decref(extra);
        rp_table_free(table);
        return exit_code;
    }
    if (rp_output_open(&output, common->output_path, &error))
        return rp_command_fail("advise", &error);
    code = rp_advice_print(&a->advice, o->how.metric, name,
                           rp_terminal_width(output.stream), output.stream,
                           &error);
    if (rp_output_close(&output, !code, code ? &later : &error) || code)
        return rp_command_fail("advise", &error);
    return RP_EXIT_OK;
}

static int advise(const struct rp_common *common, struct options *o)
{
    struct asked a = {0};
    struct rp_error error = {0};
    enum rp_code code = read_all(common, o, &a, &error);
    int exit_code;

    o->how.stop = rp_interruption_catch();
    if (!code)
        code = rp_advise(&a.draft, &a.profile, &o->how, &a.advice, &error);
    if (code)
        exit_code = rp_command_fail("advise", &error);
    else if (a.advice.stopped)
        exit_code = RP_EXIT_INTERRUPTED;
    else
        exit_code = print(common, o, &a);
    if (!code)
        rp_host_note("advise", &a.profile);
    release(&a);
    return exit_code;
}

static int forget(struct options *o, int exit_code)
{
    for (size_t i = 0; i < o->word_count; i++)
        free(o->words[i]);
    free(o->words);
    free(o->layers);
    free(o->layer_efforts);
    return exit_code;
}

static const struct argp_option option_list[] = {
    {.name = "profile",
     .key = KEY_PROFILE,
     .arg = "FILE",
     .doc = "what the steps cost: the profile of a calibration"},
    {.name = "metric",
     .key = KEY_METRIC,
     .arg = "METRIC",
     .doc = "what is to gain: rps, mean_ms, p50_ms, p90_ms, p95_ms or p99_ms; "
            "default rps of a closed load, mean_ms of an open one"},
    {.name = "effort",
     .key = KEY_EFFORT,
     .arg = "KIND=N,...",
     .doc = "what a change costs you: of a kind (reorder 1, threads 1, "
            "processes 1, hybrid 3, async 3, sync 3, drop 4, version 5, server "
            "5, view 8), or of any to a layer, by its name"},
    {.name = "without",
     .key = KEY_WITHOUT,
     .arg = "KIND",
     .doc = "changes of this kind are not to be made; may be given several "
            "times"},
    {.name = "changes",
     .key = KEY_CHANGES,
     .arg = "N",
     .doc = "so many at most together, 1 to 4; default 2"},
    {.name = "top",
     .key = KEY_TOP,
     .arg = "N",
     .doc = "so many changes alone are simulated; default 10"},
    {.name = NULL}};

int rp_cmd_advise(int argc, char **argv)
{
    static const struct argp argp = {
        .options = option_list,
        .parser = parse,
        .args_doc = "SCENARIO",
        .doc = "Which change of the stack buys most, and for what effort.\v"
               "Layers are converted, dropped and reordered, the view, the "
               "server, its threads and the version are changed: each alone, "
               "and the best of them together. Layers keep the order that "
               "Django's own need and that the scenario's section \"order\" "
               "states. What cannot lose to anything is listed by effort; each "
               "line says what it saves: crossings and loops of the mean "
               "request, its time alone, mean and p99 under the scenario's "
               "load, and the capacity of the server."};
    struct options options = {.how = {
                                  .efforts = rp_move_efforts_default(),
                                  .moves = MOVES,
                                  .top = TOP_DEFAULT,
                              }};
    struct rp_common common = {0};
    size_t letters = 0;

    for (int i = 0; i < argc; i++)
        letters += strlen(argv[i]) + 1;
    options.layers = calloc(letters, sizeof *options.layers);
    options.layer_efforts = calloc(letters, sizeof *options.layer_efforts);
    options.words = calloc((size_t)argc + 1, sizeof *options.words);
    if (!options.layers || !options.layer_efforts || !options.words)
        return forget(&options, rp_command_memory("advise"));
    options.how.efforts.layers = options.layers;
    options.how.efforts.of_layer = options.layer_efforts;
    rp_command_parse(&argp,
                     RP_TAKES_FORMAT | RP_TAKES_OUTPUT | RP_TAKES_SEED |
                         RP_TAKES_JOBS,
                     argc, argv, &options, &common);
    options.how.jobs = common.job_count;
    return forget(&options, advise(&common, &options));
}
