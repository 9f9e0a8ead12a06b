/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/dataset.h"
#include "cli/command.h"
#include "cli/difference_table.h"
#include "cli/validation_table.h"
#include "model/units.h"

#include <string.h>
#include <sys/stat.h>

struct options {
    char *folders[2];
    size_t folder_count;
    struct rp_difference_options difference;
    bool metric_set;
};

enum { KEY_THRESHOLD = 't', KEY_METRIC = 'm', KEY_ALPHA = 256 };

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
    case ARGP_KEY_END:
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

static int diff(const struct options *options, const struct rp_common *common)
{
    struct rp_measured measured = {0};
    struct rp_differences differences = {0};
    struct rp_error error = {0};
    const struct rp_difference_view view = {&measured, &options->difference,
                                            &differences};
    enum rp_code code =
        rp_datasets_read("diff", options->folders, 2, &measured, &error);
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
        .args_doc = "BASE CANDIDATE",
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
            "Exit code 1: something is slower."};
    struct options options = {.difference = {.threshold = 0.05, .alpha = 0.05}};
    struct rp_common common = {0};

    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv,
                     &options, &common);
    if (!options.metric_set)
        options.difference.metrics[RP_METRIC_MEAN] = true;
    return diff(&options, &common);
}
