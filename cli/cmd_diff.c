/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/planwriting.h"
#include "calibrate/dataset.h"
#include "calibrate/revisionset.h"
#include "cli/bench_run.h"
#include "cli/command.h"
#include "cli/difference_table.h"
#include "cli/interruption.h"
#include "cli/validation_table.h"
#include "model/units.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct options {
    char *folders[2];
    size_t folder_count;
    struct rp_difference_options difference;
    bool metric_set;
    const char *revisions[2]; /* base, candidate; NULL: two folders are named */
    const char *data;         /* where a plan's runs are kept */
};

enum {
    KEY_THRESHOLD = 't',
    KEY_METRIC = 'm',
    KEY_ALPHA = 256,
    KEY_BASE,
    KEY_CANDIDATE,
    KEY_DATA
};

static double parse_alpha(const struct argp_state *state, const char *text)
{
    const char *end = text;
    double alpha = 0.0;

    if (!rp_number_scan(text, &end, &alpha) || *end != '\0' ||
        !(alpha > 0.0 && alpha < 1.0))
        rp_command_usage(state,
                         "--alpha: found \"%s\", expected a probability "
                         "between 0 and 1, like 0.05",
                         text);
    return alpha;
}

static double parse_threshold(const struct argp_state *state, const char *text)
{
    struct rp_error error = {0};
    double share = 0.0;

    if (rp_share_parse(text, &share, &error))
        rp_command_usage(state, "--threshold: %s", error.text);
    if (!(share > 0.0))
        rp_command_usage(state,
                         "--threshold: found \"%s\", expected more than "
                         "0%%: every change would count",
                         text);
    return share;
}

static bool is_same_folder(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

static bool is_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* One plan, or what a bench of it wrote, and two revisions. */
static void check_revisions(const struct options *o,
                            const struct argp_state *state)
{
    if (!o->revisions[0] || !o->revisions[1])
        rp_command_usage(state,
                         "--%s is missing: name the revision that is compared",
                         o->revisions[0] ? "candidate" : "base");
    if (strcmp(o->revisions[0], o->revisions[1]) == 0)
        rp_command_usage(state, "base and candidate are one revision: \"%s\"",
                         o->revisions[0]);
    if (o->folder_count != 1)
        rp_command_usage(state,
                         "with --base and --candidate one thing is named: a "
                         "plan, or the folder that reqpath bench wrote");
    if (!is_folder(o->folders[0]) && !o->data)
        rp_command_usage(state, "--data is missing: name the folder where the "
                                "runs of the plan are kept");
    if (is_folder(o->folders[0]) && o->data)
        rp_command_usage(state,
                         "--data: \"%s\" is measured already; leave it "
                         "out, or name a plan",
                         o->folders[0]);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    switch (key) {
    case KEY_THRESHOLD:
        options->difference.threshold = parse_threshold(state, value);
        return 0;
    case KEY_ALPHA:
        options->difference.alpha = parse_alpha(state, value);
        return 0;
    case KEY_METRIC:
        options->difference.metrics[rp_command_metric(state, value)] = true;
        options->metric_set = true;
        return 0;
    case ARGP_KEY_ARG:
        if (options->folder_count == 2)
            return ARGP_ERR_UNKNOWN;
        options->folders[options->folder_count++] = value;
        return 0;
    case KEY_BASE:
        options->revisions[0] = value;
        return 0;
    case KEY_CANDIDATE:
        options->revisions[1] = value;
        return 0;
    case KEY_DATA:
        options->data = value;
        return 0;
    case ARGP_KEY_END:
        if (options->revisions[0] || options->revisions[1] || options->data) {
            check_revisions(options, state);
            return 0;
        }
        if (options->folder_count < 2)
            rp_command_usage(state,
                             "%s is missing: name two data sets, what "
                             "was before and what is after",
                             options->folder_count == 0 ? "the base"
                                                        : "the candidate");
        if (is_same_folder(options->folders[0], options->folders[1]))
            rp_command_usage(state,
                             "base and candidate are one data set: \"%s\"",
                             options->folders[1]);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int print(const struct rp_difference_view *view,
                 const struct rp_common *common)
{
    struct rp_error error = {0}, later = {0};
    struct rp_output output;
    enum rp_code code = rp_output_open(&output, common->output_path, &error);

    if (code)
        return rp_command_fail("diff", &error);
    code = rp_difference_print(view, common->format,
                               rp_terminal_width(output.stream), output.stream,
                               &error);
    if (rp_output_close(&output, !code, code ? &later : &error) || code)
        return rp_command_fail("diff", &error);
    return view->differences->verdicts[RP_VERDICT_SLOWER] > 0 ? RP_EXIT_FINDING
                                                              : RP_EXIT_OK;
}

/* ---- Revisions ---- */

/* The plan as it is measured; new memory, NULL: none. */
static char *plan_text(const struct rp_plan *plan)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);

    if (!out)
        return NULL;
    rp_plan_write(plan, out);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static bool has_revisions(const struct rp_plan *plan)
{
    for (size_t t = 0; t < plan->target_count; t++)
        if (plan->targets[t].from.git)
            return true;
    return false;
}

/* Measure the plan with these revisions. */
static enum rp_code measure(const struct options *o,
                            struct rp_bench_result *result,
                            struct rp_error *error)
{
    struct rp_plan plan = {0};
    char *text = NULL;
    enum rp_code code =
        rp_plan_read_named(o->folders[0], o->revisions, 2, &plan, error);

    if (!code && !has_revisions(&plan))
        code = rp_fail_at(error, RP_ERR_VALUE, o->folders[0], 0, 0,
                          "no target comes from a repository; say git: . for "
                          "the one that is compared");
    if (!code && !(text = plan_text(&plan)))
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a plan");
    if (!code)
        code = rp_bench_run("diff", &plan, o->folders[0], text, o->data, result,
                            error);
    free(text);
    rp_plan_free(&plan);
    return code;
}

static int diff(const struct options *options, const struct rp_common *common);

static int diff_revisions(const struct options *options,
                          const struct rp_common *common)
{
    const char *const folder =
        options->data ? options->data : options->folders[0];
    struct options sets = *options;
    struct rp_bench_result result = {0};
    struct rp_error error = {0};
    enum rp_code code = RP_OK;
    int exit_code;

    if (options->data)
        code = measure(options, &result, &error);
    if (!code && result.interrupted) {
        (void)fputs("reqpath diff: interrupted; the same command goes on\n",
                    stderr);
        return RP_EXIT_INTERRUPTED;
    }
    sets.folder_count = 0;
    for (size_t i = 0; i < 2 && !code; i++) {
        code = rp_revisionset_find(folder, options->revisions[i],
                                   &sets.folders[i], &error);
        sets.folder_count += !code;
    }
    exit_code = code ? rp_command_fail("diff", &error) : diff(&sets, common);
    for (size_t i = 0; i < sets.folder_count; i++)
        free(sets.folders[i]);
    return exit_code;
}

static int diff(const struct options *options, const struct rp_common *common)
{
    struct rp_measured measured = {0};
    struct rp_differences differences = {0};
    struct rp_error error = {0};
    const struct rp_difference_view view = {&measured, &options->difference,
                                            &differences};
    enum rp_code code =
        rp_datasets_read_all("diff", options->folders, 2, &measured, &error);
    int exit_code;

    if (!code)
        code = rp_differences_find(&measured, 0, 1, &options->difference,
                                   &differences, &error);
    exit_code = code ? rp_command_fail("diff", &error) : print(&view, common);
    rp_differences_free(&differences);
    rp_measured_free(&measured);
    return exit_code;
}

int rp_cmd_diff(int argc, char **argv)
{
    static const struct argp_option own[] = {
        {.name = "base",
         .key = KEY_BASE,
         .arg = "REVISION",
         .doc = "of git: what was before, in a plan whose target has git:, or "
                "in what reqpath bench measured of it"},
        {.name = "candidate",
         .key = KEY_CANDIDATE,
         .arg = "REVISION",
         .doc = "what is after"},
        {.name = "data",
         .key = KEY_DATA,
         .arg = "FOLDER",
         .doc = "where the runs of a plan are kept; the same command goes on "
                "where it was"},
        {.name = "threshold",
         .key = KEY_THRESHOLD,
         .arg = "PERCENT",
         .doc = "the least change that counts (default 5%: a factor of 1.05 "
                "either way)"},
        {.name = "alpha",
         .key = KEY_ALPHA,
         .arg = "P",
         .doc = "the probability of any verdict where nothing has changed "
                "(default 0.05), for all comparisons together"},
        {.name = "metric",
         .key = KEY_METRIC,
         .arg = "METRIC",
         .doc = "rps, mean_ms (default), p50_ms, p90_ms, p95_ms or p99_ms; may "
                "be given several times"},
        {0}};
    static const struct argp argp = {
        .options = own,
        .parser = parse,
        .args_doc = "BASE CANDIDATE\nPLAN --base REVISION --candidate "
                    "REVISION --data FOLDER\nFOLDER --base REVISION "
                    "--candidate REVISION",
        .doc =
            "Did it get slower? Two data sets, configuration by "
            "configuration.\v"
            "A configuration is slower, or faster, where two things are true: "
            "the change is at least the threshold, and a rank sum test "
            "(Mann-Whitney, exact for up to 50 runs) is significant after "
            "Holm's correction for the number of comparisons. The change is "
            "the median of the ratios of all pairs of runs, its interval the "
            "one that belongs to the test; it is not corrected.\n\n"
            "Data sets of one campaign whose rounds have the same numbers were "
            "measured side by side: the machine's speed in each round is taken "
            "out, and far fewer rounds are needed.\n\n"
            "With --base and --candidate both revisions are checked out, built "
            "and measured side by side, in the same rounds, as the plan says "
            "(reqpath bench --help). What is not committed is part of neither; "
            "where the repository has such changes, a sentence says so.\n\n"
            "Exit code 1: something is slower."};
    struct options options = {.difference = {.threshold = 0.05, .alpha = 0.05}};
    struct rp_common common = {0};

    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv,
                     &options, &common);
    if (!options.metric_set)
        options.difference.metrics[RP_METRIC_MEAN] = true;
    return options.revisions[0] ? diff_revisions(&options, &common)
                                : diff(&options, &common);
}
