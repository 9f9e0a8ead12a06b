/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/given.h"
#include "cli/measured_run.h"
#include "cli/said_once.h"
#include "cli/validation_table.h"
#include "report/comparison.h"
#include "sim/simulate.h"
#include "solve/solve.h"

#include <math.h>
#include <stdlib.h>

struct options {
    const char *profile_path;
    size_t scenario_count, folder_count;
    const char **scenario_paths; /* owned; borrowed words, like the next */
    char **folders;
};

enum { KEY_PROFILE = 'p', KEY_MEASURED = 'm' };

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    switch (key) {
    case KEY_PROFILE:
        options->profile_path = value;
        return 0;
    case KEY_MEASURED:
        options->folders[options->folder_count++] = value;
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
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- One scenario ---- */

/* All that one scenario gave. */
struct compared {
    struct rp_result simulated;
    struct rp_solution solved;
    struct rp_comparison comparison;
    bool looked_for, found; /* among what was measured */
};

static double shown(unsigned metric, double value)
{
    return metric == RP_METRIC_RPS ? value : value / 1e6;
}

/* ab divides the time of a run by its requests: its own time is in that. */
static double ab_mean_ms(const struct rp_scenario *scenario, double rps)
{
    return 1e3 * scenario->load.clients / rps;
}

static void fill(const struct rp_scenario *scenario, struct compared *c)
{
    static const double half_widths = 1.959964; /* standard errors */
    struct rp_comparison *const out = &c->comparison;
    const bool ab = scenario->load.kind == RP_LOAD_CLOSED &&
                    scenario->load.client == RP_CLIENT_AB;

    out->scenario = c->simulated.scenario;
    out->method = c->solved.method;
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const struct rp_estimate *const e = &c->simulated.metrics[m];

        out->simulated[m] =
            (struct rp_compared){.value = shown(m, e->value),
                                 .se = shown(m, e->half_width) / half_widths};
        out->solved[m] = (struct rp_compared){
            .value = shown(m, c->solved.metrics[m]), .se = 0.0};
    }
    if (!ab)
        return;
    const double simulated_rps = out->simulated[RP_METRIC_RPS].value;

    out->simulated[RP_METRIC_MEAN].value = ab_mean_ms(scenario, simulated_rps);
    out->simulated[RP_METRIC_MEAN].se = out->simulated[RP_METRIC_MEAN].value *
                                        out->simulated[RP_METRIC_RPS].se /
                                        simulated_rps;
    out->solved[RP_METRIC_MEAN].value =
        ab_mean_ms(scenario, out->solved[RP_METRIC_RPS].value);
}

static enum rp_code compare(const char *path, const struct rp_profile *profile,
                            const struct rp_measured *measured,
                            const struct rp_common *common,
                            struct compared *compared, struct rp_error *error)
{
    struct rp_simulate_options options = rp_simulate_defaults();
    struct rp_scenario scenario = {0};
    size_t config;
    enum rp_code code = rp_scenario_read(path, &scenario, error);

    options.jobs = common->job_count;
    options.draws = 0;
    if (!code && common->seed_set)
        scenario.seed = common->seed;
    if (!code)
        code = rp_simulate(&scenario, profile, &options, &compared->simulated,
                           error);
    if (!code)
        code = rp_solve(&scenario, profile, &compared->solved, error);
    if (!code)
        fill(&scenario, compared);
    compared->looked_for = measured->dataset_count > 0;
    compared->found = !code && rp_measured_find(measured, &scenario, &config);
    if (compared->found)
        code = rp_measured_fill(measured, profile, config,
                                &compared->comparison, error);
    rp_scenario_free(&scenario);
    return code;
}

/* ---- All ---- */

static void warn(const struct compared *all, size_t count)
{
    struct rp_said said = {0};

    for (size_t i = 0; i < count; i++) {
        const char *const name = all[i].simulated.scenario;

        rp_said_warn(&said, "compare", name, all[i].simulated.warnings);
        rp_said_warn(&said, "compare", name, all[i].solved.warnings);
        if (all[i].looked_for && !all[i].found)
            rp_command_remark("compare",
                              "%s: no run of this configuration is in the data "
                              "sets: a run is found by framework, server, "
                              "threads, cores, layers, view and ab's clients "
                              "(client: ab)",
                              name);
    }
    rp_said_free(&said);
}

static int print(const struct rp_common *common, const struct compared *all,
                 size_t count)
{
    struct rp_comparison *const rows = calloc(count, sizeof *rows);
    struct rp_table *table;
    int code;

    if (!rows)
        return rp_command_memory("compare");
    for (size_t i = 0; i < count; i++)
        rows[i] = all[i].comparison;
    table = rp_comparison_rows(rows, count, all[0].looked_for,
                               common->format == RP_FORMAT_TEXT ||
                                   common->format == RP_FORMAT_MARKDOWN);
    code =
        rp_command_table("compare", common, table, "reqpath.compare/1", NULL);
    rp_table_free(table);
    free(rows);
    return code;
}

static enum rp_code check_files(const struct options *options,
                                const struct rp_common *common,
                                struct rp_error *error)
{
    const enum rp_code code =
        rp_given_apart(common->output_path, &options->profile_path, 1, error);

    return code ? code
                : rp_given_apart(common->output_path, options->scenario_paths,
                                 options->scenario_count, error);
}

static int compare_all(const struct options *options,
                       const struct rp_common *common)
{
    const size_t count = options->scenario_count;
    struct compared *const all = calloc(count, sizeof *all);
    struct rp_measured measured = {0};
    struct rp_profile profile = {0};
    struct rp_error error = {0};
    bool saturated = false;
    int exit_code;
    enum rp_code code;

    if (!all)
        return rp_command_memory("compare");
    code = check_files(options, common, &error);
    if (!code)
        code = rp_profile_read(options->profile_path, &profile, &error);
    if (!code)
        code = rp_datasets_read("compare", options->folders,
                                options->folder_count, &measured, &error);
    for (size_t i = 0; i < count && !code; i++) {
        code = compare(options->scenario_paths[i], &profile, &measured, common,
                       &all[i], &error);
        saturated |= all[i].simulated.saturated || all[i].solved.saturated;
    }
    if (!code)
        warn(all, count);
    exit_code =
        code ? rp_command_fail("compare", &error) : print(common, all, count);
    for (size_t i = 0; i < count; i++) {
        rp_result_free(&all[i].simulated);
        rp_solution_free(&all[i].solved);
    }
    free(all);
    rp_measured_free(&measured);
    rp_profile_free(&profile);
    return exit_code == RP_EXIT_OK && saturated ? RP_EXIT_FINDING : exit_code;
}

int rp_cmd_compare(int argc, char **argv)
{
    static const struct argp_option own[] = {
        {.name = "profile",
         .key = KEY_PROFILE,
         .arg = "FILE",
         .doc = "unit costs, as reqpath calibrate makes them"},
        {.name = "measured",
         .key = KEY_MEASURED,
         .arg = "DATASET",
         .doc = "a data set in which runs of these configurations may be; may "
                "be given several times"},
        {0}};
    static const struct argp argp = {
        .options = own,
        .parser = parse,
        .args_doc = "SCENARIO...",
        .doc =
            "Simulated, solved and measured, side by side.\v"
            "A row for each scenario and metric. Differences are in percent "
            "and in standard errors of the difference: those of the "
            "simulation, and of the median over measured runs. A standard "
            "error says how much chance there is in a figure, not how far a "
            "method or a profile can be off.\n\n"
            "A measured run is found by what the scenario describes: "
            "framework and versions, server, processes, threads, cores, "
            "layers, view, and the number of clients with client: ab, or the "
            "rate, process and cv of an open load.\n\n"
            "Exit code 1: more requests arrive than can be served."};
    struct options options = {
        .scenario_paths = calloc((size_t)argc + 1, sizeof(char *)),
        .folders = calloc((size_t)argc + 1, sizeof(char *))};
    struct rp_common common = {0};
    int code;

    if (!options.scenario_paths || !options.folders) {
        free(options.scenario_paths);
        free(options.folders);
        return rp_command_memory("compare");
    }
    rp_command_parse(&argp,
                     RP_TAKES_FORMAT | RP_TAKES_OUTPUT | RP_TAKES_SEED |
                         RP_TAKES_JOBS,
                     argc, argv, &options, &common);
    code = compare_all(&options, &common);
    free(options.scenario_paths);
    free(options.folders);
    return code;
}
