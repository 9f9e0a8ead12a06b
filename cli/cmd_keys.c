/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "report/keyslist.h"

#include <stdlib.h>

enum { READABLE_WIDTH = 80 };

static error_t parse(int key, char *value, struct argp_state *state)
{
    char **const word = state->input;

    if (key != ARGP_KEY_ARG || state->arg_num > 0)
        return ARGP_ERR_UNKNOWN;
    *word = value;
    return 0;
}

static int print_list(const struct rp_common *common,
                      const struct rp_key *const *keys, size_t count)
{
    struct rp_error error = {0};
    struct rp_output output;

    if (rp_output_open(&output, common->output_path, &error))
        return rp_command_fail("keys", &error);
    rp_keyslist_print(keys, count, READABLE_WIDTH, output.stream);
    if (rp_output_close(&output, true, &error))
        return rp_command_fail("keys", &error);
    return RP_EXIT_OK;
}

static int print_keys(const struct rp_common *common,
                      const struct rp_key *const *keys, size_t count)
{
    struct rp_table *table;
    int code;

    if (common->format == RP_FORMAT_TEXT)
        return print_list(common, keys, count);
    table = rp_keyslist_table(keys, count);
    code = rp_command_table("keys", common, table, "reqpath.keys/1", NULL);
    rp_table_free(table);
    return code;
}

int rp_cmd_keys(int argc, char **argv)
{
    static const struct argp argp = {
        .parser = parse,
        .args_doc = "[KEY]",
        .doc = "Every key of a scenario: meaning, type, range, default.\v"
               "With KEY only that one and those below it (server), or every "
               "key of that name (cpu)."};
    const struct rp_key **keys;
    struct rp_common common = {0};
    struct rp_error error = {0};
    char *word = NULL;
    size_t count;
    int code;

    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv,
                     &word, &common);
    (void)rp_keys(&count);
    keys = calloc(count, sizeof *keys);
    if (!keys)
        return rp_command_memory("keys");
    if (rp_keyslist_find(word, keys, &count, &error))
        code = rp_command_fail("keys", &error);
    else
        code = print_keys(&common, keys, count);
    free(keys);
    return code;
}
