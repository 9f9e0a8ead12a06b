/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/given.h"
#include "cli/said_once.h"
#include "report/solving.h"
#include "solve/solve.h"

#include <stdlib.h>

struct options {
    const char *profile_path;
    size_t scenario_count;
    const char **scenario_paths; /* owned; borrowed words */
};

enum { KEY_PROFILE = 'p' };

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    switch (key) {
    case KEY_PROFILE:
        options->profile_path = value;
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

static enum rp_code solve_file(const char *path,
                               const struct rp_profile *profile,
                               struct rp_solution *solution,
                               struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    enum rp_code code = rp_scenario_read(path, &scenario, error);

    if (!code)
        code = rp_solve(&scenario, profile, solution, error);
    rp_scenario_free(&scenario);
    return code;
}

static int print_one(const struct rp_common *common,
                     const struct rp_solution *solution)
{
    struct rp_error error = {0};
    struct rp_output output;
    enum rp_code code;

    if (rp_output_open(&output, common->output_path, &error))
        return rp_command_fail("solve", &error);
    code = rp_solving_print(solution, common->format,
                            rp_terminal_width(output.stream), output.stream,
                            &error);
    if (rp_output_close(&output, !code, code ? NULL : &error) || code)
        return rp_command_fail("solve", &error);
    return RP_EXIT_OK;
}

static int print_all(const struct rp_common *common,
                     const struct rp_solution *solutions, size_t count)
{
    const bool for_people = common->format == RP_FORMAT_TEXT ||
                            common->format == RP_FORMAT_MARKDOWN;
    struct rp_table *table;
    json_t *extra = NULL;
    int code;

    if (for_people && count == 1)
        return print_one(common, solutions);
    table = rp_solving_rows(solutions, count, for_people);
    if (common->format == RP_FORMAT_JSON) {
        json_t *const all = rp_solving_json(solutions, count);

        extra = all ? json_pack("{s:o}", "results", all) : NULL;
        if (!extra) {
            rp_table_free(table);
            return rp_command_memory("solve");
        }
    }
    code = rp_command_table("solve", common, table, "reqpath.solve/1", extra);
    json_decref(extra);
    rp_table_free(table);
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

static int print_everything(const struct rp_common *common,
                            const struct rp_solution *solutions, size_t count)
{
    struct rp_said said = {0};
    bool saturated = false;
    int code;

    for (size_t i = 0; i < count; i++) {
        saturated |= solutions[i].saturated;
        rp_said_warn(&said, "solve", solutions[i].scenario,
                     solutions[i].warnings);
    }
    rp_said_free(&said);
    code = print_all(common, solutions, count);
    return code == RP_EXIT_OK && saturated ? RP_EXIT_FINDING : code;
}

static int solve_all(const struct options *options,
                     const struct rp_common *common)
{
    const size_t count = options->scenario_count;
    struct rp_solution *const solutions = calloc(count, sizeof *solutions);
    struct rp_profile profile = {0};
    struct rp_error error = {0};
    int exit_code;
    enum rp_code code;

    if (!solutions)
        return rp_command_memory("solve");
    code = check_files(options, common, &error);
    if (!code)
        code = rp_profile_read(options->profile_path, &profile, &error);
    for (size_t i = 0; i < count && !code; i++)
        code = solve_file(options->scenario_paths[i], &profile, &solutions[i],
                          &error);
    exit_code = code ? rp_command_fail("solve", &error)
                     : print_everything(common, solutions, count);
    for (size_t i = 0; i < count; i++)
        rp_solution_free(&solutions[i]);
    free(solutions);
    rp_profile_free(&profile);
    return exit_code;
}

int rp_cmd_solve(int argc, char **argv)
{
    static const struct argp_option own[] = {
        {.name = "profile",
         .key = KEY_PROFILE,
         .arg = "FILE",
         .doc = "unit costs, as reqpath calibrate makes them"},
        {0}};
    static const struct argp argp = {
        .options = own,
        .parser = parse,
        .args_doc = "SCENARIO...",
        .doc =
            "Throughput and mean response of scenarios by formula, at once.\v"
            "The method is chosen by what the scenario is: exact mean value "
            "analysis or a queue with a closed form where there is one; layers "
            "where a thread is held while something else is waited for. The "
            "output says which, why, and how far it can be trusted. Bounds "
            "are given always: those that need nothing but demands, and, for "
            "product-form networks, those of balanced jobs.\n\n"
            "One scenario is shown in full; several become one table. "
            "Percentiles are there where a closed form has them, else empty: "
            "reqpath simulate has them all.\n\n"
            "Warnings say what the scenario asks for and no formula here has: "
            "time-outs, retries, a backlog, priorities, bursts, curves, "
            "traces.\n\n"
            "Exit code 1: more requests arrive than can be served."};
    struct options options = {.scenario_paths =
                                  calloc((size_t)argc + 1, sizeof(char *))};
    struct rp_common common = {0};
    int code;

    if (!options.scenario_paths)
        return rp_command_memory("solve");
    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv,
                     &options, &common);
    code = solve_all(&options, &common);
    free(options.scenario_paths);
    return code;
}
