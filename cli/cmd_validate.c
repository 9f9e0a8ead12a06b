/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/validation_table.h"
#include "model/excerpt.h"

#include <string.h>

enum { KEY_PROFILE = 'p', KEY_LEAVE_OUT = 0x2000 };

/* The command line; texts are borrowed from it. */
struct options {
    char **folders;
    size_t folder_count;
    const char *profile_path;
    struct rp_validation_options validation;
};

static void set_leave_out(const struct argp_state *state, const char *word,
                          enum rp_leave_out *leave_out)
{
    static const char *const words[] = {"stack", "configuration"};
    struct rp_error error = {0};

    if (strcmp(word, words[0]) == 0)
        *leave_out = RP_LEAVE_STACK;
    else if (strcmp(word, words[1]) == 0)
        *leave_out = RP_LEAVE_CONFIGURATION;
    else {
        (void)rp_fail_word(&error, word, words, 2);
        rp_command_usage(state, "--leave-out: %s", error.text);
    }
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    switch (key) {
    case KEY_PROFILE:
        options->profile_path = value;
        return 0;
    case KEY_LEAVE_OUT:
        set_leave_out(state, value, &options->validation.leave_out);
        return 0;
    case ARGP_KEY_ARGS:
        options->folders = state->argv + state->next;
        options->folder_count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END:
        if (options->folder_count == 0)
            rp_command_usage(state, "no data set; name the folder of one");
        if (!options->profile_path &&
            options->validation.leave_out == RP_LEAVE_NOTHING)
            rp_command_usage(state,
                             "the costs are missing: name a profile with "
                             "--profile FILE, or let the runs judge the "
                             "calibration with --leave-out stack");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- Output ---- */

static enum rp_code print(const struct rp_common *common,
                          const struct rp_table *rows,
                          const struct rp_table *summaries, FILE *out,
                          struct rp_error *error)
{
    static const char schema[] = "reqpath.validate/1";
    const int width = rp_terminal_width(out);
    json_t *extra = NULL, *summary;
    enum rp_code code;

    switch (common->format) {
    case RP_FORMAT_JSON:
        summary = rp_table_to_json(summaries);
        extra = summary ? json_pack("{s:o}", "summary", summary) : NULL;
        if (!extra)
            return rp_fail(error, RP_ERR_MEMORY, "out of memory");
        code = rp_table_print(rows, common->format, schema, extra, width, out,
                              error);
        json_decref(extra);
        return code;
    case RP_FORMAT_CSV:
        /* the rows are for a program, the summary for who started it */
        code =
            rp_table_print(rows, common->format, schema, NULL, 0, out, error);
        return code ? code
                    : rp_table_print(summaries, RP_FORMAT_TEXT, schema, NULL,
                                     rp_terminal_width(stderr), stderr, error);
    case RP_FORMAT_TEXT:
    case RP_FORMAT_MARKDOWN:
        break;
    }
    code =
        rp_table_print(rows, common->format, schema, NULL, width, out, error);
    (void)fputc('\n', out);
    return code ? code
                : rp_table_print(summaries, common->format, schema, NULL, width,
                                 out, error);
}

static int print_all(const struct rp_common *common,
                     const struct rp_validation *validation,
                     const struct rp_measured *measured)
{
    struct rp_table *const rows = rp_validation_rows(validation, measured);
    struct rp_table *const summaries =
        rp_validation_summaries(validation, measured);
    struct rp_error error = {0}, later = {0};
    struct rp_output output;
    enum rp_code code = RP_ERR_MEMORY;

    if (!rows || !summaries)
        (void)rp_fail(&error, code, "out of memory");
    else
        code = rp_output_open(&output, common->output_path, &error);
    if (!code) {
        code = print(common, rows, summaries, output.stream, &error);
        if (rp_output_close(&output, !code, code ? &later : &error))
            code = RP_ERR_IO;
    }
    rp_table_free(summaries);
    rp_table_free(rows);
    return code ? rp_command_fail("validate", &error) : RP_EXIT_OK;
}

/* ---- The command ---- */

static void tell_fold(void *context, size_t folds)
{
    rp_progress_say(context, "left out and predicted: %zu", folds);
}

static int validate(const struct options *options,
                    const struct rp_common *common)
{
    struct rp_measured measured = {0};
    struct rp_profile profile = {0};
    struct rp_validation validation = {0};
    struct rp_error error = {0};
    struct rp_progress progress = rp_progress_begin();
    struct rp_validation_options how = options->validation;
    int exit_code;
    enum rp_code code = RP_OK;

    how.tell = tell_fold;
    how.context = &progress;
    if (options->profile_path)
        code = rp_profile_read(options->profile_path, &profile, &error);
    if (!code)
        code = rp_datasets_read("validate", options->folders,
                                options->folder_count, &measured, &error);
    if (!code)
        code = rp_validate(&measured, options->profile_path ? &profile : NULL,
                           &how, &validation, &error);
    rp_progress_end(&progress);
    if (code) {
        exit_code = rp_command_fail("validate", &error);
    } else {
        rp_validation_print_warnings("validate", &validation);
        exit_code = print_all(common, &validation, &measured);
    }
    rp_validation_free(&validation);
    rp_measured_free(&measured);
    rp_profile_free(&profile);
    return exit_code;
}

int rp_cmd_validate(int argc, char **argv)
{
    static const struct argp_option known[] = {
        {.name = "profile",
         .key = KEY_PROFILE,
         .arg = "FILE",
         .doc = "the costs that predict; and how fast the machine was in the "
                "rounds that the profile knows"},
        {.name = "leave-out",
         .key = KEY_LEAVE_OUT,
         .arg = "WHAT",
         .doc = "judge the calibration instead: leave out each stack, or each "
                "configuration, fit the costs to the other runs of these data "
                "sets, and predict it"},
        {0}};
    static const struct argp argp = {
        .options = known,
        .parser = parse,
        .args_doc = "DATASET...",
        .doc = "Prediction against measurement: a row for each configuration "
               "and metric, then a summary with the repeat-run noise beside "
               "it.\v"
               "A DATASET is a folder with dataset.yaml, runs.csv and the "
               "reports of ab. Measured is the median over rounds, the "
               "machine's speed in each taken out. With --leave-out nothing "
               "but the rounds' speeds is taken from the profile, which may "
               "then be left out. With --format csv the summary goes to "
               "standard error."};
    struct rp_common common = {0};
    struct options options = {0};

    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv,
                     &options, &common);
    return validate(&options, &common);
}
