/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/host_note.h"
#include "cli/progress.h"
#include "cli/trace_file.h"
#include "report/simulation.h"
#include "sim/hdrtable.h"
#include "sim/simulate.h"

#include <stdlib.h>
#include <string.h>

struct options {
    const char *profile_path;
    const char *histogram_path; /* NULL: not wanted */
    size_t scenario_count;
    const char **scenario_paths; /* owned; borrowed words */
    struct rp_trace_options trace;
};

enum { KEY_PROFILE = 'p', KEY_HISTOGRAM = 0x2000 };

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    switch (key) {
    case KEY_PROFILE:
        options->profile_path = value;
        return 0;
    case KEY_HISTOGRAM:
        options->histogram_path = value;
        return 0;
    case ARGP_KEY_ARG:
        options->scenario_paths[options->scenario_count++] = value;
        return 0;
    case ARGP_KEY_END:
        if (options->scenario_count == 0)
            rp_command_usage(state, "a scenario is missing: name its file");
        if (!options->profile_path)
            rp_command_usage(state,
                             "the costs are missing: name a profile with "
                             "--profile FILE, one that reqpath calibrate made");
        if (options->histogram_path && options->scenario_count > 1)
            rp_command_usage(state,
                             "--histogram is for one scenario: %zu are named",
                             options->scenario_count);
        if (options->histogram_path &&
            strcmp(options->histogram_path, "-") == 0)
            rp_command_usage(state, "--histogram needs a file of its own, as "
                                    "standard output has the result");
        if (options->trace.path && options->scenario_count > 1)
            rp_command_usage(state,
                             "--trace is for one scenario: %zu are "
                             "named",
                             options->scenario_count);
        return rp_trace_parse(key, value, state, &options->trace);
    default:
        return rp_trace_parse(key, value, state, &options->trace);
    }
}

static void say_progress(void *context, size_t done, size_t known)
{
    rp_progress_say(context, "runs simulated: %zu of %zu", done, known);
}

/* One scenario, from its file to its result. */
static enum rp_code
simulate_file(const char *path, const struct rp_profile *profile,
              const struct rp_common *common, struct rp_histogram *histogram,
              struct rp_result *result, struct rp_error *error)
{
    struct rp_simulate_options options = rp_simulate_defaults();
    struct rp_progress progress = rp_progress_begin();
    struct rp_scenario scenario = {0};
    enum rp_code code = rp_scenario_read(path, &scenario, error);

    options.progress = say_progress;
    options.context = &progress;
    options.jobs = common->job_count;
    options.histogram = histogram;
    if (!code && common->seed_set)
        scenario.seed = common->seed;
    if (!code)
        code = rp_simulate(&scenario, profile, &options, result, error);
    rp_progress_end(&progress);
    rp_scenario_free(&scenario);
    return code;
}

/* Warnings go to standard error, so that they are seen where the output is
 * piped; the same sentence of several scenarios is said once. */
static void print_warnings(const struct rp_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *at = results[i].warnings;

        while (*at) {
            const size_t length = strcspn(at, "\n");
            bool said = false;

            for (size_t k = 0; k < i && !said; k++) {
                const char *const found = strstr(results[k].warnings, at);
                said = found && strncmp(found, at, length + 1) == 0;
            }
            if (!said)
                rp_command_remark("simulate", "%s: %.*s", results[i].scenario,
                                  (int)length, at);
            at += length + (at[length] == '\n');
        }
    }
}

static int print_one(const struct rp_common *common,
                     const struct rp_result *result)
{
    struct rp_error error = {0};
    struct rp_output output;
    enum rp_code code;

    if (rp_output_open(&output, common->output_path, &error))
        return rp_command_fail("simulate", &error);
    code = rp_simulation_print(result, common->format,
                               rp_terminal_width(output.stream), output.stream,
                               &error);
    if (rp_output_close(&output, !code, code ? NULL : &error) || code)
        return rp_command_fail("simulate", &error);
    return RP_EXIT_OK;
}

static int print_all(const struct rp_common *common,
                     const struct rp_result *results, size_t count)
{
    const bool for_people = common->format == RP_FORMAT_TEXT ||
                            common->format == RP_FORMAT_MARKDOWN;
    struct rp_table *table;
    json_t *extra = NULL;
    int code;

    if (for_people && count == 1)
        return print_one(common, results);
    table = rp_simulation_forecast(results, count, for_people);
    if (common->format == RP_FORMAT_JSON) {
        json_t *const all = rp_simulation_json(results, count);
        extra = all ? json_pack("{s:o}", "results", all) : NULL;
        if (!extra) {
            rp_table_free(table);
            return rp_command_memory("simulate");
        }
    }
    code = rp_command_table("simulate", common, table, "reqpath.simulate/1",
                            extra);
    json_decref(extra);
    rp_table_free(table);
    return code;
}

static int write_histogram(const char *path,
                           const struct rp_histogram *histogram,
                           const struct rp_result *result)
{
    struct rp_error error = {0};
    struct rp_output output;
    enum rp_code code;

    if (result->saturated) {
        rp_command_warn("simulate", "the histogram is not written, as there "
                                    "is no latency to give");
        return RP_EXIT_OK;
    }
    if (rp_output_open(&output, path, &error))
        return rp_command_fail("simulate", &error);
    code = rp_hdr_table_write(histogram, 1e6, output.stream, &error);
    if (rp_output_close(&output, !code, code ? NULL : &error) || code)
        return rp_command_fail("simulate", &error);
    return RP_EXIT_OK;
}

/* The scenario is read once more: what was drawn does not depend on it. */
static int write_trace(const struct options *options,
                       const struct rp_profile *profile,
                       const struct rp_common *common,
                       const struct rp_result *result)
{
    struct rp_scenario scenario = {0};
    struct rp_error error = {0};
    int exit_code;

    if (rp_scenario_read(options->scenario_paths[0], &scenario, &error))
        return rp_command_fail("simulate", &error);
    if (common->seed_set)
        scenario.seed = common->seed;
    exit_code = rp_trace_write(&options->trace, &scenario, profile,
                               result->warm_up_requests);
    rp_scenario_free(&scenario);
    return exit_code;
}

/* Results, and before them the files: where one cannot be written, nothing is
 * printed. */
static int print_everything(const struct options *options,
                            const struct rp_profile *profile,
                            const struct rp_common *common,
                            const struct rp_histogram *histogram,
                            const struct rp_result *results)
{
    int code = RP_EXIT_OK;

    if (options->trace.path)
        code = write_trace(options, profile, common, &results[0]);
    if (!code && histogram)
        code = write_histogram(options->histogram_path, histogram, &results[0]);
    if (code)
        return code;
    rp_host_note("simulate", profile);
    print_warnings(results, options->scenario_count);
    return print_all(common, results, options->scenario_count);
}

/* What is written may be neither read nor written under another name. */
static enum rp_code check_files(const struct options *options,
                                const struct rp_common *common,
                                struct rp_error *error)
{
    const char *const written[] = {common->output_path, options->histogram_path,
                                   options->trace.path};
    const size_t count = sizeof written / sizeof *written;

    for (size_t i = 0; i < count; i++) {
        bool twice = rp_is_same_file(written[i], options->profile_path);

        for (size_t k = 0; k < options->scenario_count; k++)
            twice |= rp_is_same_file(written[i], options->scenario_paths[k]);
        for (size_t k = 0; k < i; k++)
            twice |= rp_is_same_file(written[i], written[k]);
        if (twice)
            return rp_fail_at(error, RP_ERR_VALUE, written[i], 0, 0,
                              "the file would be written over, as it is named "
                              "twice: give each output a name of its own");
    }
    return RP_OK;
}

static int simulate_all(const struct options *options,
                        const struct rp_common *common)
{
    const size_t count = options->scenario_count;
    struct rp_result *const results = calloc(count, sizeof *results);
    struct rp_histogram *const histogram =
        options->histogram_path ? calloc(1, sizeof *histogram) : NULL;
    struct rp_profile profile = {0};
    struct rp_error error = {0};
    bool saturated = false;
    int exit_code;
    enum rp_code code;

    if (!results || (options->histogram_path && !histogram)) {
        free(results);
        free(histogram);
        return rp_command_memory("simulate");
    }
    code = check_files(options, common, &error);
    if (!code)
        code = rp_profile_read(options->profile_path, &profile, &error);
    for (size_t i = 0; i < count && !code; i++) {
        code = simulate_file(options->scenario_paths[i], &profile, common,
                             histogram, &results[i], &error);
        saturated |= results[i].saturated;
    }
    if (code)
        exit_code = rp_command_fail("simulate", &error);
    else
        exit_code =
            print_everything(options, &profile, common, histogram, results);
    for (size_t i = 0; i < count; i++)
        rp_result_free(&results[i]);
    free(results);
    free(histogram);
    rp_profile_free(&profile);
    return exit_code == RP_EXIT_OK && saturated ? RP_EXIT_FINDING : exit_code;
}

int rp_cmd_simulate(int argc, char **argv)
{
    static const struct argp_option own[] = {
        {.name = "profile",
         .key = KEY_PROFILE,
         .arg = "FILE",
         .doc = "unit costs, as reqpath calibrate makes them"},
        {.name = "histogram",
         .key = KEY_HISTOGRAM,
         .arg = "FILE",
         .doc = "of one scenario: write the latencies, in ms, as the text "
                "table of HdrHistogram"},
        RP_TRACE_ARGP_OPTIONS,
        {0}};
    static const struct argp argp = {
        .options = own,
        .parser = parse,
        .args_doc = "SCENARIO...",
        .doc =
            "Latency and throughput of scenarios, in virtual time.\v"
            "One scenario is shown in full: metrics with the half width of "
            "their 95 % interval from the simulation alone, then the 95 % "
            "prediction interval, which adds what is not known of the costs, "
            "repeat-run noise and misfit; how busy every place is; where the "
            "mean request's time goes. Several become one table.\n\n"
            "The beginning of each run is left out (run.warm_up). Requests "
            "that are still in the system when a run ends are counted, and are "
            "in no latency and no throughput. With run.precision replications "
            "are added until the interval of run.precision_of is narrow "
            "enough; one long run (run.replications: 1) has intervals from "
            "batches of its answers.\n\n"
            "Warnings say where figures cannot be trusted: a run that is too "
            "short, a warm-up without an end, batches that depend on each "
            "other, a precision that was not reached, a load that is not "
            "served.\n\n"
            "Validity says how far a forecast is from what was measured: "
            "inside, interpolated, extrapolated (along which axes), or "
            "saturated, where a place is always taken or more arrives than is "
            "served. Where this machine's CPU is not the profile's, a sentence "
            "on standard error says so; REQPATH_CPU names another one.\n\n"
            "Exit code 1: more requests arrive than can be served."};
    struct options options = {.scenario_paths =
                                  calloc((size_t)argc + 1, sizeof(char *))};
    struct rp_common common = {0};
    int code;

    if (!options.scenario_paths)
        return rp_command_memory("simulate");
    rp_command_parse(&argp,
                     RP_TAKES_FORMAT | RP_TAKES_OUTPUT | RP_TAKES_SEED |
                         RP_TAKES_JOBS,
                     argc, argv, &options, &common);
    code = simulate_all(&options, &common);
    free(options.scenario_paths);
    return code;
}
