/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/calibration.h"
#include "cli/command.h"
#include "cli/given.h"
#include "cli/progress.h"
#include "cli/validation_findings.h"
#include "cli/validation_table.h"
#include "cli/without.h"
#include "model/excerpt.h"

#include <string.h>

enum { KEY_PROFILE = 'p', KEY_LEAVE_OUT = 0x2000, KEY_QQ, KEY_WITHOUT };

/* The command line; texts are borrowed from it. */
struct options {
    char **folders;
    size_t folder_count;
    const char *profile_path;
    const char *qq_path; /* NULL: not wanted */
    struct rp_validation_options validation;
    struct rp_mechanisms mechanisms;
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
    case KEY_QQ:
        options->qq_path = value;
        return 0;
    case KEY_WITHOUT:
        rp_without_parse(state, value, &options->mechanisms);
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

/* Everything that is printed, in the order of the text. */
struct shown {
    struct rp_table *rows, *summaries; /* owned */
    struct rp_findings findings;
};

/* The summary and the findings, for JSON. */
static json_t *members_of(const struct shown *shown)
{
    json_t *const all = json_object();
    bool fine = all != NULL;

    for (unsigned i = 0; i < RP_FINDINGS_COUNT && fine; i++)
        fine = json_object_set_new(
                   all, rp_findings_key((enum rp_findings_table)i),
                   rp_table_to_json(shown->findings.tables[i])) == 0;
    fine =
        fine &&
        json_object_set_new(all, "validity",
                            rp_table_to_json(shown->findings.validity)) == 0 &&
        json_object_set_new(all, "quantiles",
                            rp_findings_quantiles(&shown->findings)) == 0 &&
        json_object_set_new(all, "summary",
                            rp_table_to_json(shown->summaries)) == 0;
    if (fine)
        return all;
    json_decref(all);
    return NULL;
}

static enum rp_code print_json(const struct shown *shown, FILE *out,
                               struct rp_error *error)
{
    json_t *const members = members_of(shown);
    enum rp_code code;

    if (!members)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory");
    code = rp_table_print(shown->rows, RP_FORMAT_JSON, "reqpath.validate/1",
                          members, 0, out, error);
    json_decref(members);
    return code;
}

/* All but the rows; the summary comes last, where a reader looks first. */
static enum rp_code print_rest(const struct shown *shown, enum rp_format format,
                               FILE *out, struct rp_error *error)
{
    const int width = rp_terminal_width(out);
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < RP_FINDINGS_COUNT && !code; i++) {
        code = rp_table_print(shown->findings.tables[i], format, "", NULL,
                              width, out, error);
        (void)fputc('\n', out);
    }
    return code ? code
                : rp_table_print(shown->summaries, format, "", NULL, width, out,
                                 error);
}

static enum rp_code print(const struct rp_common *common,
                          const struct shown *shown, FILE *out,
                          struct rp_error *error)
{
    enum rp_code code;

    if (common->format == RP_FORMAT_JSON)
        return print_json(shown, out, error);
    code = rp_table_print(shown->rows, common->format, "", NULL,
                          rp_terminal_width(out), out, error);
    if (code)
        return code;
    /* the rows are for a program, the rest for who started it */
    if (common->format == RP_FORMAT_CSV)
        return print_rest(shown, RP_FORMAT_TEXT, stderr, error);
    (void)fputc('\n', out);
    return print_rest(shown, common->format, out, error);
}

static enum rp_code print_to(const struct rp_common *common,
                             const struct shown *shown, struct rp_error *error)
{
    struct rp_error later = {0};
    struct rp_output output;
    enum rp_code code = rp_output_open(&output, common->output_path, error);

    if (code)
        return code;
    code = print(common, shown, output.stream, error);
    if (rp_output_close(&output, !code, code ? &later : error))
        code = RP_ERR_IO;
    return code;
}

static enum rp_code write_qq(const char *path, const struct rp_table *qq,
                             struct rp_error *error)
{
    struct rp_error later = {0};
    struct rp_output output;
    enum rp_code code = rp_output_open(&output, path, error);

    if (code)
        return code;
    code = rp_table_print(qq, RP_FORMAT_CSV, "", NULL, 0, output.stream, error);
    if (rp_output_close(&output, !code, code ? &later : error))
        code = RP_ERR_IO;
    return code;
}

static enum rp_code
show(const struct options *options, const struct rp_common *common,
     const struct rp_validation *validation, const struct rp_measured *measured,
     const struct rp_profile *profile, struct rp_error *error)
{
    /* of CSV the rows alone are for programs */
    const bool rest_for_people = common->format != RP_FORMAT_JSON;
    const bool for_people = rest_for_people && common->format != RP_FORMAT_CSV;
    struct shown shown = {
        .rows = rp_validation_rows(validation, measured, for_people),
        .summaries =
            rp_validation_summaries(validation, measured, rest_for_people)};
    enum rp_code code = RP_OK;

    if (!shown.rows || !shown.summaries)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory");
    if (!code)
        code = rp_findings_make(validation, measured, profile, rest_for_people,
                                &shown.findings, error);
    if (!code && options->qq_path)
        code = write_qq(options->qq_path, shown.findings.qq, error);
    if (!code) {
        rp_validation_print_warnings("validate", validation);
        code = print_to(common, &shown, error);
    }
    rp_findings_free(&shown.findings);
    rp_table_free(shown.summaries);
    rp_table_free(shown.rows);
    return code;
}

/* ---- The command ---- */

static void tell_fold(void *context, size_t folds)
{
    rp_progress_say(context, "left out and predicted: %zu", folds);
}

/* What the worst configurations are simulated with: the profile that predicts,
 * or, where things are left out and each fit is another, the costs of all these
 * runs, with what the profile knows of load. */
static enum rp_code fit_all(const struct rp_measured *measured,
                            const struct rp_profile *known,
                            struct rp_profile *profile, struct rp_error *error)
{
    struct rp_calibration calibration;
    const enum rp_code code = rp_calibrate(measured, NULL, "reqpath validate",
                                           NULL, &calibration, error);

    if (code)
        return code;
    *profile = calibration.profile;
    profile->under_load = known->under_load;
    calibration.profile = (struct rp_profile){.file = NULL};
    rp_calibration_free(&calibration);
    return RP_OK;
}

static enum rp_code check_files(const struct options *options,
                                const struct rp_common *common,
                                struct rp_error *error)
{
    const enum rp_code code =
        rp_given_apart(common->output_path, &options->profile_path, 1, error);

    if (code)
        return code;
    if (!rp_is_same_file(options->qq_path, common->output_path) &&
        !rp_is_same_file(options->qq_path, options->profile_path))
        return RP_OK;
    return rp_fail_at(error, RP_ERR_VALUE, options->qq_path, 0, 0,
                      "the file would be written over, as it is named twice: "
                      "give the quantiles a name of their own");
}

static int validate(const struct options *options,
                    const struct rp_common *common)
{
    struct rp_measured measured = {0};
    struct rp_profile profile = {0}, all = {0};
    struct rp_validation validation = {0};
    struct rp_error error = {0};
    const bool whole = options->validation.leave_out == RP_LEAVE_NOTHING;
    struct rp_progress progress = rp_progress_begin();
    struct rp_validation_options how = options->validation;
    enum rp_code code = check_files(options, common, &error);

    how.tell = tell_fold;
    how.context = &progress;
    if (!code && options->profile_path)
        code = rp_profile_read(options->profile_path, &profile, &error);
    if (!code)
        code = rp_datasets_read("validate", options->folders,
                                options->folder_count, &measured, &error);
    rp_without_apply(&options->mechanisms, &measured);
    if (!code)
        code = rp_validate(&measured, options->profile_path ? &profile : NULL,
                           &how, &validation, &error);
    rp_progress_end(&progress);
    if (!code && !whole)
        code = fit_all(&measured, &profile, &all, &error);
    if (!code)
        code = show(options, common, &validation, &measured,
                    whole ? &profile : &all, &error);
    rp_validation_free(&validation);
    rp_measured_free(&measured);
    rp_profile_free(&all);
    rp_profile_free(&profile);
    return code ? rp_command_fail("validate", &error) : RP_EXIT_OK;
}

int rp_cmd_validate(int argc, char **argv)
{
    static const struct argp_option known[] = {
        {.name = "profile",
         .key = KEY_PROFILE,
         .arg = "FILE",
         .doc = "the costs that predict; and how fast the machine was in the "
                "rounds that the profile knows"},
        {.name = "without",
         .key = KEY_WITHOUT,
         .arg = "LIST",
         .doc = "predict without these mechanisms of what happens under load, "
                "such as batching,cold: a scenario's section mechanisms, "
                "for all runs"},
        {.name = "leave-out",
         .key = KEY_LEAVE_OUT,
         .arg = "WHAT",
         .doc = "judge the calibration instead: leave out each stack, or each "
                "configuration, fit the costs to the other runs of these data "
                "sets, and predict it"},
        {.name = "qq",
         .key = KEY_QQ,
         .arg = "FILE",
         .doc = "write the quantiles of latency, measured and predicted, as "
                "CSV: a row for each configuration and level"},
        {0}};
    static const struct argp argp = {
        .options = known,
        .parser = parse,
        .args_doc = "DATASET...",
        .doc = "Prediction against measurement: a row for each configuration "
               "and metric, then the five that are farthest off, the "
               "operational laws, the shape of latency, errors by tier of "
               "validity, and a summary with the repeat-run noise beside it.\v"
               "A DATASET is a folder with dataset.yaml, runs.csv and the "
               "reports of ab. Measured is the median over rounds, the "
               "machine's speed in each taken out. With --leave-out nothing "
               "but the rounds' speeds is taken from the profile, which may "
               "then be left out. With --format csv everything but the rows "
               "goes to "
               "standard error."};
    struct rp_common common = {0};
    struct options options = {.mechanisms = rp_mechanisms_all()};

    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv,
                     &options, &common);
    return validate(&options, &common);
}
