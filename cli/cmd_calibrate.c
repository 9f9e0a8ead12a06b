/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/loaded.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/validation_table.h"
#include "cli/without.h"
#include "report/loadcosts.h"
#include "report/resultbook.h"
#include "report/unitcosts.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEY_REPORT = 0x2000, KEY_ALONE, KEY_WITHOUT };

/* The command line; texts are borrowed from it. */
struct options {
    char **folders;
    size_t folder_count;
    const char *report_path;
    bool alone; /* unit costs and nothing else */
    struct rp_mechanisms mechanisms;
};

/* What the command found, and the tables of it. */
struct found {
    struct rp_measured measured;
    struct rp_calibration calibration;
    struct rp_joint joint;
    struct rp_validation fit;      /* of the runs that it was made from */
    struct rp_validation left_out; /* each stack in turn */
    struct rp_table *costs, *readable, *loaded, *residuals, *summaries,
        *correlations, *accuracy;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    switch (key) {
    case KEY_REPORT:
        options->report_path = value;
        return 0;
    case KEY_WITHOUT:
        rp_without_parse(state, value, &options->mechanisms);
        return 0;
    case KEY_ALONE:
        options->alone = true;
        return 0;
    case ARGP_KEY_ARGS:
        options->folders = state->argv + state->next;
        options->folder_count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_NO_ARGS:
        rp_command_usage(state, "no data set; name the folder of one");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The day that SOURCE_DATE_EPOCH says, for builds that must repeat; else NULL,
 * and the day of the newest run is taken, which repeats too. */
static const char *made_on(char date[16])
{
    const char *const epoch = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    const long long seconds = epoch ? strtoll(epoch, &end, 10) : 0;
    const time_t when = (time_t)seconds;
    struct tm day;

    if (!epoch || end == epoch || *end != '\0' || !gmtime_r(&when, &day) ||
        strftime(date, 16, "%Y-%m-%d", &day) == 0)
        return NULL;
    return date;
}

/* ---- Finding out ---- */

static enum rp_code make_tables(struct found *f, struct rp_error *error)
{
    const struct rp_costs *const costs = &f->calibration.costs;
    const struct rp_loadcosts_fit fit = {f->joint.rms_before, f->joint.rms,
                                         f->joint.config_count};
    const char *notes[RP_COSTS_NOTES];

    for (size_t i = 0; i < costs->note_count; i++)
        notes[i] = costs->notes[i];
    f->costs = rp_unitcosts_table(&f->calibration.profile, notes,
                                  costs->note_count, false);
    f->readable = rp_unitcosts_table(&f->calibration.profile, notes,
                                     costs->note_count, true);
    f->loaded = rp_loadcosts_table(&f->calibration.profile, &fit);
    f->residuals = rp_validation_residuals(&f->fit, &f->measured);
    f->summaries = rp_validation_summaries(&f->left_out, &f->measured, false);
    f->correlations = rp_unitcosts_correlations(&f->calibration.profile);
    f->accuracy = rp_unitcosts_accuracy(&f->calibration.profile);
    if (!f->costs || !f->readable || !f->loaded || !f->residuals ||
        !f->summaries || !f->correlations || !f->accuracy)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for the tables");
    return RP_OK;
}

static void tell_step(void *context, const struct rp_joint_progress *p)
{
    rp_progress_say(context,
                    "what happens under load: step %u of %u at most, "
                    "residuals %.2f times the noise",
                    p->step, p->steps_max, p->rms);
}

static enum rp_code find_loaded(const struct options *options, struct found *f,
                                struct rp_error *error)
{
    struct rp_progress progress = rp_progress_begin();
    const struct rp_joint_options joint = {.tell = tell_step,
                                           .context = &progress};
    enum rp_code code = RP_OK;

    rp_without_apply(&options->mechanisms, &f->measured);
    if (!options->alone)
        code = rp_calibrate_loaded(&f->measured, &joint, &f->calibration,
                                   &f->joint, error);
    rp_progress_end(&progress);
    return code;
}

/* What an open load adds to a closed one is how requests queue, and no cost:
 * its runs judge what was fitted to the others. */
static void say_open(const struct rp_measured *measured)
{
    const size_t open = rp_measured_open_runs(measured);

    if (open > 0)
        (void)fprintf(
            stderr,
            "reqpath calibrate: %zu of %zu runs are open loads: costs "
            "are not fitted to them; reqpath validate compares them "
            "with what is predicted\n",
            open, measured->run_count);
}

static enum rp_code find_out(const struct options *options, struct found *f,
                             struct rp_error *error)
{
    const struct rp_validation_options fit = {.leave_out = RP_LEAVE_NOTHING,
                                              .only_fitted = true};
    const struct rp_validation_options left_out = {.leave_out = RP_LEAVE_STACK,
                                                   .only_fitted = true};
    char date[16];
    enum rp_code code =
        rp_datasets_read("calibrate", options->folders, options->folder_count,
                         &f->measured, error);

    if (!code)
        say_open(&f->measured);
    if (!code)
        code =
            rp_calibrate(&f->measured, NULL, "reqpath " RP_VERSION " calibrate",
                         made_on(date), &f->calibration, error);
    if (!code)
        code = find_loaded(options, f, error);
    if (!code)
        code = rp_validate(&f->measured, &f->calibration.profile, &fit, &f->fit,
                           error);
    if (!code)
        code = rp_validate(&f->measured, &f->calibration.profile, &left_out,
                           &f->left_out, error);
    /* With one stack nothing can be left out; the costs are good all the
     * same. */
    if (code == RP_ERR_UNUSABLE && f->fit.row_count > 0) {
        rp_command_remark("calibrate", "no error on unseen stacks: %s",
                          error->text);
        code = RP_OK;
    }
    return code ? code : make_tables(f, error);
}

/* ---- Files ---- */

static enum rp_code write_profile(const char *path,
                                  const struct rp_profile *profile,
                                  struct rp_error *error)
{
    struct rp_error later = {0};
    struct rp_output output;
    enum rp_code code = rp_output_open(&output, path, error);

    if (code)
        return code;
    code = rp_profile_write(profile, output.stream, error);
    if (rp_output_close(&output, !code, code ? &later : error))
        code = RP_ERR_IO;
    return code;
}

/* ---- Printing ---- */

static enum rp_code print_json(const struct found *f, FILE *out,
                               struct rp_error *error)
{
    json_t *const extra =
        json_pack("{s:f, s:o, s:o, s:o, s:o, s:o}", "condition_number",
                  f->calibration.profile.condition_number, "under_load",
                  rp_table_to_json(f->loaded), "residuals",
                  rp_table_to_json(f->residuals), "left_out",
                  rp_table_to_json(f->summaries), "correlations",
                  rp_table_to_json(f->correlations), "accuracy",
                  rp_table_to_json(f->accuracy));
    enum rp_code code;

    if (!extra)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory");
    code = rp_table_print(f->costs, RP_FORMAT_JSON, "reqpath.calibrate/1",
                          extra, 0, out, error);
    json_decref(extra);
    return code;
}

/* The report is the notebook of what --format json prints. */
static enum rp_code read_json(const struct found *f, struct rp_resultfile *file,
                              struct rp_error *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    enum rp_code code =
        out ? print_json(f, out, error)
            : rp_fail(error, RP_ERR_MEMORY, "out of memory for the report");

    if (out && fclose(out) != 0 && !code)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for the report");
    if (!code)
        code = rp_resultfile_parse(text, size, "the report", file, error);
    free(text);
    return code;
}

static enum rp_code write_report(const char *path, const struct found *f,
                                 struct rp_error *error)
{
    struct rp_resultfile file = {.name = NULL};
    struct rp_error later = {0};
    struct rp_output output;
    enum rp_code code = read_json(f, &file, error);

    if (!code) {
        code = rp_output_open(&output, path, error);
        if (!code) {
            code = rp_resultbook_write("Calibration", NULL, &file, 1,
                                       output.stream, error);
            if (rp_output_close(&output, !code, code ? &later : error))
                code = RP_ERR_IO;
        }
    }
    rp_resultfile_free(&file);
    return code;
}

/* Each stack predicted by the others, as people read it. */
static enum rp_code print_left_out(const struct rp_common *common,
                                   const struct found *f, int width,
                                   struct rp_error *error)
{
    struct rp_table *const table =
        rp_validation_summaries(&f->left_out, &f->measured, true);
    const enum rp_code code =
        table ? rp_table_print(table, common->format, "", NULL, width, stdout,
                               error)
              : rp_fail(error, RP_ERR_MEMORY, "out of memory for a table");

    rp_table_free(table);
    return code;
}

static enum rp_code print_for_people(const struct rp_common *common,
                                     const struct found *f,
                                     struct rp_error *error)
{
    const char *const heading =
        common->format == RP_FORMAT_MARKDOWN ? "## " : "";
    const int width = rp_terminal_width(stdout);
    enum rp_code code = rp_table_print(f->readable, common->format, "", NULL,
                                       width, stdout, error);

    if (!code && rp_table_row_count(f->loaded) > 0) {
        (void)printf("\n%sWhat happens under load\n\n", heading);
        code = rp_table_print(f->loaded, common->format, "", NULL, width,
                              stdout, error);
    }
    (void)printf("\n%sResiduals of the fit\n\n", heading);
    if (!code)
        code = rp_table_print(f->residuals, common->format, "", NULL, width,
                              stdout, error);
    if (code || rp_table_row_count(f->summaries) == 0)
        return code;
    (void)printf("\n%sEach stack left out and predicted from the others\n\n",
                 heading);
    return print_left_out(common, f, width, error);
}

static enum rp_code print(const struct rp_common *common, const struct found *f,
                          struct rp_error *error)
{
    switch (common->format) {
    case RP_FORMAT_JSON:
        return print_json(f, stdout, error);
    case RP_FORMAT_CSV:
        return rp_table_print(f->costs, RP_FORMAT_CSV, "", NULL, 0, stdout,
                              error);
    case RP_FORMAT_TEXT:
    case RP_FORMAT_MARKDOWN:
        break;
    }
    return print_for_people(common, f, error);
}

/* ---- The command ---- */

static int calibrate(const struct options *options,
                     const struct rp_common *common)
{
    struct found *const f = calloc(1, sizeof *f);
    struct rp_error error = {0};
    enum rp_code code;

    if (!f)
        return rp_command_memory("calibrate");
    if (rp_is_same_file(common->output_path, options->report_path))
        code = rp_fail_at(&error, RP_ERR_VALUE, options->report_path, 0, 0,
                          "profile and report are to be one file: give the "
                          "report another name");
    else
        code = find_out(options, f, &error);
    if (!code)
        rp_validation_print_warnings("calibrate", &f->left_out);
    if (!code && common->output_path)
        code =
            write_profile(common->output_path, &f->calibration.profile, &error);
    if (!code && options->report_path)
        code = write_report(options->report_path, f, &error);
    /* a profile on standard output is all that goes there */
    if (!code &&
        !(common->output_path && strcmp(common->output_path, "-") == 0))
        code = print(common, f, &error);
    rp_table_free(f->accuracy);
    rp_table_free(f->correlations);
    rp_table_free(f->summaries);
    rp_table_free(f->residuals);
    rp_table_free(f->costs);
    rp_table_free(f->readable);
    rp_table_free(f->loaded);
    rp_joint_free(&f->joint);
    rp_validation_free(&f->left_out);
    rp_validation_free(&f->fit);
    rp_calibration_free(&f->calibration);
    rp_measured_free(&f->measured);
    free(f);
    return code ? rp_command_fail("calibrate", &error) : RP_EXIT_OK;
}

int rp_cmd_calibrate(int argc, char **argv)
{
    static const struct argp_option known[] = {
        {.name = "report",
         .key = KEY_REPORT,
         .arg = "FILE",
         .doc = "write a report as a Jupyter notebook, FILE.ipynb: what "
                "export notebook makes of --format json"},
        {.name = "without",
         .key = KEY_WITHOUT,
         .arg = "LIST",
         .doc = "leave mechanisms out of what happens under load, such as "
                "batching,cold: a scenario's section mechanisms, "
                "for all runs"},
        {.name = "alone",
         .key = KEY_ALONE,
         .doc = "unit costs alone, of requests one at a time: leave out what "
                "happens under load, whose fit through the simulator takes "
                "minutes"},
        {0}};
    static const struct argp argp = {
        .options = known,
        .parser = parse,
        .args_doc = "DATASET...",
        .doc = "Unit costs with standard errors, from measured runs of ab; "
               "which costs the runs cannot tell apart; and how well each "
               "stack is predicted from the others.\v"
               "A DATASET is a folder with dataset.yaml, runs.csv and the "
               "reports of ab. -o FILE is the profile that is made, the tables "
               "go to standard output. The same runs make the same bytes: the "
               "date in a profile is that of its newest run, or of "
               "SOURCE_DATE_EPOCH where that is set."};
    struct rp_common common = {0};
    struct options options = {.mechanisms = rp_mechanisms_all()};

    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv,
                     &options, &common);
    return calibrate(&options, &common);
}
