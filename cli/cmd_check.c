/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "model/program.h"

#include <stdlib.h>

struct files {
    char **paths; /* owned; each is a word of the command line */
    size_t count;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct files *const files = state->input;

    switch (key) {
    case ARGP_KEY_ARG:
        files->paths[files->count++] = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        rp_command_usage(state, "no scenario; name at least one file");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* A scenario is good if it can be read and has a request path. */
static enum rp_code check(const char *path, struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    struct rp_program program = {0};
    enum rp_code code = rp_scenario_read(path, &scenario, error);

    if (!code)
        code = rp_program_compile(&program, &scenario, error);
    rp_program_free(&program);
    rp_scenario_free(&scenario);
    return code;
}

int rp_cmd_check(int argc, char **argv)
{
    static const struct argp argp = {
        .parser = parse,
        .args_doc = "SCENARIO...",
        .doc = "Validate scenarios, and nothing else.\v"
               "Prints a line for each file that is good; says of every other "
               "what is wrong with it, and exits with 2. A SCENARIO of - is "
               "standard input."};
    struct rp_common common = {0};
    struct files files = {.paths = calloc((size_t)argc + 1, sizeof(char *))};
    int code = RP_EXIT_OK;

    if (!files.paths)
        return rp_command_memory("check");
    rp_command_parse(&argp, 0, argc, argv, &files, &common);
    for (size_t i = 0; i < files.count; i++) {
        struct rp_error error = {0};

        if (check(files.paths[i], &error))
            code = rp_command_fail("check", &error);
        else
            (void)printf("%s: ok\n", files.paths[i]);
    }
    free(files.paths);
    return code;
}
