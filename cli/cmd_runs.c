/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/command.h"
#include "cli/runs_table.h"
#include "model/units.h"
#include "plan/storegc.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What can be done with a store: word, sweeps or points it is told at least and
 * at most. */
#define ACTION_LIST(X)                                                         \
    X(LIST, "list", 0, 0)                                                      \
    X(SHOW, "show", 1, 1)                                                      \
    X(COMPARE, "compare", 2, 2)                                                \
    X(SCENARIO, "scenario", 1, 1)                                              \
    X(EXPORT, "export", 0, 1)                                                  \
    X(GC, "gc", 0, 0)

#define AS_ENUM(action, word, least, most) ACTION_##action,
enum action { ACTION_LIST(AS_ENUM) ACTION_COUNT };
#undef AS_ENUM

static const struct {
    const char *word;
    size_t least, most;
} actions[] = {
#define AS_ROW(action, word, least, most) {word, least, most},
    ACTION_LIST(AS_ROW)
#undef AS_ROW
};

struct options {
    const char *store;
    enum action action;
    bool has_action;
    size_t which_count;
    struct rp_store_which which[2];
    struct rp_store_gc gc;
};

enum {
    KEY_STORE = 's',
    KEY_OLDER = 256,
    KEY_UNFINISHED,
    KEY_MOST,
    KEY_DRY_RUN
};

/* ---- Options ---- */

static enum action parse_action(const struct argp_state *state,
                                const char *text)
{
    const char *words[ACTION_COUNT];
    struct rp_error error = {0};

    for (size_t i = 0; i < ACTION_COUNT; i++) {
        words[i] = actions[i].word;
        if (strcmp(text, words[i]) == 0)
            return (enum action)i;
    }
    (void)rp_fail_word(&error, text, words, ACTION_COUNT);
    rp_command_usage(state, "%s", error.text);
}

/* "3" is a sweep, "3:17" a point of it. */
static struct rp_store_which parse_which(const struct argp_state *state,
                                         const char *text)
{
    struct rp_store_which which = {.all_places = !strchr(text, ':')};
    char sweep[32];
    const size_t length = strcspn(text, ":");

    (void)snprintf(sweep, sizeof sweep, "%.*s", (int)length, text);
    which.sweep =
        (int64_t)rp_command_whole_number(state, "SWEEP", sweep, 1, INT64_MAX);
    if (!which.all_places)
        which.place = rp_command_whole_number(state, "POINT", text + length + 1,
                                              0, INT64_MAX);
    return which;
}

static int64_t parse_age_ms(const struct argp_state *state, const char *text)
{
    struct rp_error error = {0};
    double ns = 0.0;

    if (rp_duration_parse(text, &ns, &error))
        rp_command_usage(state, "--older-than: %s", error.text);
    return (int64_t)(ns / 1e6) + 1;
}

static void check(const struct argp_state *state, struct options *options)
{
    const bool clears = options->gc.older_than_ms > 0 ||
                        options->gc.unfinished || options->gc.by_bytes ||
                        options->gc.dry_run;

    if (!options->has_action)
        rp_command_usage(state, "what to do is missing: list, show, compare, "
                                "scenario, export or gc");
    if (options->which_count < actions[options->action].least)
        rp_command_usage(state,
                         "%s: a sweep is missing: its number, as list shows "
                         "it, or SWEEP:POINT",
                         actions[options->action].word);
    if (clears && options->action != ACTION_GC)
        rp_command_usage(state,
                         "options that clear a store belong to gc, not "
                         "to %s",
                         actions[options->action].word);
    if (options->action == ACTION_COMPARE &&
        options->which[0].all_places != options->which[1].all_places)
        rp_command_usage(state, "compare: found a sweep and a point, expected "
                                "two sweeps, 3 4, or two points, 3:0 4:0");
    if (options->action == ACTION_SCENARIO && options->which[0].all_places)
        rp_command_usage(state, "scenario: found a sweep, expected a point of "
                                "it: SWEEP:POINT");
    if (!options->store)
        options->store = getenv("REQPATH_STORE");
    if (!options->store || !options->store[0])
        rp_command_usage(state, "the store is missing: --store=FILE, or its "
                                "name in the environment variable "
                                "REQPATH_STORE");
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    switch (key) {
    case KEY_STORE:
        options->store = value;
        return 0;
    case KEY_OLDER:
        options->gc.older_than_ms = parse_age_ms(state, value);
        return 0;
    case KEY_UNFINISHED:
        options->gc.unfinished = true;
        return 0;
    case KEY_MOST:
        options->gc.by_bytes = true;
        options->gc.most_bytes =
            rp_command_whole_number(state, "--most-mb", value, 0, 1000000) *
            1000000;
        return 0;
    case KEY_DRY_RUN:
        options->gc.dry_run = true;
        return 0;
    case ARGP_KEY_ARG:
        if (!options->has_action) {
            options->action = parse_action(state, value);
            options->has_action = true;
            return 0;
        }
        if (options->which_count == actions[options->action].most)
            return ARGP_ERR_UNKNOWN;
        options->which[options->which_count++] = parse_which(state, value);
        return 0;
    case ARGP_KEY_END:
        check(state, options);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- What it does ---- */

static int print(const char *action, const struct rp_common *common,
                 struct rp_table *table, const struct rp_error *error)
{
    char schema[64];
    int code;

    if (!table && error->code)
        return rp_command_fail("runs", error);
    if (!table)
        return rp_command_memory("runs");
    (void)snprintf(schema, sizeof schema, "reqpath.runs.%s/1", action);
    code = rp_command_table("runs", common, table, schema, NULL);
    rp_table_free(table);
    return code;
}

static int missing(const struct options *options,
                   const struct rp_store_which *which)
{
    struct rp_error error = {0};

    (void)rp_fail_at(&error, RP_ERR_VALUE, options->store, 0, 0,
                     "has no points of sweep %lld%s; reqpath runs list shows "
                     "what it has",
                     (long long)which->sweep,
                     which->all_places ? "" : " at that place");
    return rp_command_fail("runs", &error);
}

static int show(const struct options *options, const struct rp_common *common,
                struct rp_store *store)
{
    const bool is_export = options->action == ACTION_EXPORT;
    const struct rp_store_which all = {.all_places = true};
    const struct rp_store_which *const which =
        options->which_count > 0 ? &options->which[0] : &all;
    struct rp_common how = *common;
    struct rp_digest keys = {0};
    struct rp_error error = {0};
    struct rp_table *table;
    int code;

    if (is_export && !how.format_set)
        how.format = RP_FORMAT_CSV;
    table = rp_runs_points_table(store, which,
                                 is_export || how.format == RP_FORMAT_JSON ||
                                     how.format == RP_FORMAT_CSV,
                                 &keys, &error);
    if (table && options->which_count > 0 && rp_table_row_count(table) == 0) {
        rp_table_free(table);
        code = missing(options, which);
    } else {
        code = print(actions[options->action].word, &how, table, &error);
    }
    rp_digest_free(&keys);
    return code;
}

static int compare(const struct options *options,
                   const struct rp_common *common, struct rp_store *store)
{
    struct rp_runs_points sides[2] = {{.which = options->which[0]},
                                      {.which = options->which[1]}};
    struct rp_error error = {0};
    int code = RP_EXIT_OK;

    for (size_t i = 0; i < 2 && !code; i++) {
        if (rp_runs_read(store, &sides[i], &error))
            code = rp_command_fail("runs", &error);
        else if (sides[i].count == 0)
            code = missing(options, &options->which[i]);
    }
    if (!code)
        code = print("compare", common, rp_runs_compare(&sides[0], &sides[1]),
                     &error);
    rp_runs_points_free(&sides[0]);
    rp_runs_points_free(&sides[1]);
    return code;
}

static enum rp_code print_scenario(void *context,
                                   const struct rp_store_point *point,
                                   struct rp_error *error)
{
    FILE **const out = context;

    (void)error;
    (void)fputs(point->question.scenario_text, *out);
    *out = NULL;
    return RP_OK;
}

static int scenario(const struct options *options,
                    const struct rp_common *common, struct rp_store *store)
{
    struct rp_error error = {0}, later = {0};
    struct rp_output output;
    FILE *out;
    enum rp_code code = rp_output_open(&output, common->output_path, &error);

    if (code)
        return rp_command_fail("runs", &error);
    out = output.stream;
    code = rp_store_points(store, &options->which[0], print_scenario, &out,
                           &error);
    if (rp_output_close(&output, !code && !out, code ? &later : &error) || code)
        return rp_command_fail("runs", &error);
    return out ? missing(options, &options->which[0]) : RP_EXIT_OK;
}

static int clear(const struct options *options, const struct rp_common *common,
                 struct rp_store *store)
{
    static const struct rp_column columns[] = {
        {"sweeps", NULL, RP_COLUMN_COUNT, 0},
        {"answers", NULL, RP_COLUMN_COUNT, 0},
        {"bytes_before", "bytes before", RP_COLUMN_COUNT, 0},
        {"bytes_after", "bytes after", RP_COLUMN_COUNT, 0}};
    struct rp_store_gc gc = options->gc;
    struct rp_store_cleared cleared;
    struct rp_error error = {0};
    struct rp_table *table;

    gc.now_ms = (int64_t)time(NULL) * 1000;
    if (rp_store_gc(store, &gc, &cleared, &error))
        return rp_command_fail("runs", &error);
    table = rp_table_new(columns, sizeof columns / sizeof *columns);
    if (table) {
        rp_table_heading(table, gc.dry_run ? "What would go:" : "What went:");
        rp_table_row(table);
        rp_table_number(table, 0, (double)cleared.sweeps);
        rp_table_number(table, 1, (double)cleared.answers);
        rp_table_number(table, 2, (double)cleared.bytes_before);
        rp_table_number(table, 3, (double)cleared.bytes_after);
    }
    return print("gc", common, table, &error);
}

static int act(const struct options *options, const struct rp_common *common)
{
    const enum rp_store_mode mode =
        options->action == ACTION_GC ? RP_STORE_WRITE : RP_STORE_READ;
    struct rp_store *store = NULL;
    struct rp_error error = {0};
    int code = RP_EXIT_USAGE;

    /* Even to be cleared it has to be there. */
    if (rp_store_open(options->store, RP_STORE_READ, &store, &error))
        return rp_command_fail("runs", &error);
    if (mode == RP_STORE_WRITE) {
        rp_store_close(store);
        if (rp_store_open(options->store, mode, &store, &error))
            return rp_command_fail("runs", &error);
    }
    switch (options->action) {
    case ACTION_LIST: {
        struct rp_table *const table = rp_runs_list(store, &error);

        code = print("list", common, table, &error);
        break;
    }
    case ACTION_SHOW:
    case ACTION_EXPORT:
        code = show(options, common, store);
        break;
    case ACTION_COMPARE:
        code = compare(options, common, store);
        break;
    case ACTION_SCENARIO:
        code = scenario(options, common, store);
        break;
    case ACTION_GC:
        code = clear(options, common, store);
        break;
    case ACTION_COUNT:
        break;
    }
    rp_store_close(store);
    return code;
}

int rp_cmd_runs(int argc, char **argv)
{
    static const struct argp_option option_list[] = {
        {"store", KEY_STORE, "FILE", 0,
         "The store (default: what REQPATH_STORE names)", 0},
        {"older-than", KEY_OLDER, "TIME", 0,
         "gc: sweeps that were begun longer ago, like 720h", 0},
        {"unfinished", KEY_UNFINISHED, NULL, 0,
         "gc: sweeps that have not ended, and have had no new point for an "
         "hour",
         0},
        {"most-mb", KEY_MOST, "MB", 0,
         "gc: the oldest sweeps, until the rest has this size", 0},
        {"dry-run", KEY_DRY_RUN, NULL, 0, "gc: only say what would go", 0},
        {0}};
    static const struct argp argp = {
        .options = option_list,
        .parser = parse,
        .args_doc =
            "list\nshow SWEEP[:POINT]\ncompare SWEEP SWEEP\ncompare "
            "SWEEP:POINT SWEEP:POINT\nscenario SWEEP:POINT\nexport [SWEEP]\ngc",
        .doc = "What sweeps have kept in a store (whatif --store): a list of "
               "them, their points, two of them side by side, all of it for "
               "other programs, and less of it.\v"
               "compare shows by how many percent the second is above the "
               "first, and where both were simulated that in standard errors, "
               "as if they were independent. export writes CSV, or with "
               "--format json JSON. gc also takes answers that no sweep has "
               "any more, and the room that all of that took."};
    struct options options = {.store = NULL};
    struct rp_common common = {.format = RP_FORMAT_TEXT};

    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv,
                     &options, &common);
    return act(&options, &common);
}
