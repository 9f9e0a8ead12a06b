/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/bench_run.h"
#include "cli/command.h"
#include "cli/interruption.h"

struct options {
    const char *plan_path;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    switch (key) {
    case ARGP_KEY_ARG:
        if (options->plan_path)
            return ARGP_ERR_UNKNOWN;
        options->plan_path = value;
        return 0;
    case ARGP_KEY_END:
        if (!options->plan_path)
            rp_command_usage(state, "the plan is missing: name its file");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- The command ---- */

static int summarise(const struct rp_bench_result *r, const char *output)
{
    (void)printf("%s: %zu runs measured, %zu were there, %zu are missing\n",
                 output, r->measured, r->there, r->missing);
    if (r->interrupted) {
        (void)fputs("reqpath bench: interrupted; the same command goes on\n",
                    stderr);
        return RP_EXIT_INTERRUPTED;
    }
    if (r->missing > 0)
        (void)fputs("reqpath bench: the same command tries again what is "
                    "missing\n",
                    stderr);
    return r->missing > 0 ? RP_EXIT_FINDING : RP_EXIT_OK;
}

static int bench(const struct options *options, const struct rp_common *common)
{
    struct rp_bench_result result = {0};
    struct rp_plan plan = {0};
    struct rp_error error = {0};
    enum rp_code code = rp_plan_read(options->plan_path, &plan, &error);

    if (!code)
        code = rp_bench_run("bench", &plan, options->plan_path, NULL,
                            common->output_path, &result, &error);
    rp_plan_free(&plan);
    return code ? rp_command_fail("bench", &error)
                : summarise(&result, common->output_path);
}

int rp_cmd_bench(int argc, char **argv)
{
    static const struct argp argp = {
        .parser = parse,
        .args_doc = "PLAN",
        .doc =
            "Measures with ab or wrk, or at a rate, in randomised blocks, into "
            "a "
            "data set.\v"
            "The plan is a YAML file: name, campaign, framework_version, "
            "asgiref_version, rounds, seed, warm_up (requests), effect "
            "(percent), client {tool, program, cpus, timeout, keepalive}, "
            "targets and "
            "runs. A "
            "target has "
            "name, kind (command, url, microhandler), server, threads, "
            "processes, gil, cpus, and what its kind needs: command, url, "
            "health, "
            "stop, env; url; scenario, profile. Runs are grids of target, "
            "stack, view, io_ms, cpu_us, concurrency, requests, keepalive. The "
            "tool is "
            "ab, or "
            "wrk, whose runs have a duration (10s) in place of requests, and "
            "whose warm_up is a time too. A run with a rate (200/s) in place "
            "of a concurrency is an open load: reqpath load sends its requests "
            "at planned moments, by process (poisson, deterministic, gamma, "
            "hyperexponential) and cv, waits for each for client.timeout "
            "(30s), and the tool may be open where no run has clients. "
            "Each request has a connection of its own, which is what costs are "
            "of; with keepalive: true, of the client or of a run, connections "
            "serve several, and such runs are compared by reqpath diff alone. "
            "{stack}, "
            "{view}, {io_ms} and {cpu_us} in a url are those of the run; "
            "{port} is a free port for a target that is started. A target may "
            "have a framework_version, asgiref_version and python_version of "
            "its own, in a set of its own. "
            "A command with git: REPOSITORY and revisions: [main, HEAD] is one "
            "target for each: checked out into a folder of its own, "
            "{checkout}, "
            "built there by the line build:, and started there; its set is "
            "named after the revision. "
            "Targets with a set become a data set of their own below the "
            "output: two sets, measured in the same rounds, are what reqpath "
            "diff compares best.\n\n"
            "A bench that was killed or interrupted goes on where it was when "
            "the same command is given again: no run that was complete is "
            "lost.\n\n"
            "Exit code 1: runs are missing."};
    struct options options = {0};
    struct rp_common common = {0};

    rp_command_parse(&argp, RP_TAKES_OUTPUT, argc, argv, &options, &common);
    if (!common.output_path) {
        const struct rp_error error = {
            .code = RP_ERR_VALUE,
            .text = "the data set is missing: name its folder with -o FOLDER"};

        return rp_command_fail("bench", &error);
    }
    return bench(&options, &common);
}
