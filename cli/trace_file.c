/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/trace_file.h"

#include "model/excerpt.h"
#include "report/lifetrace.h"
#include "sim/follow.h"

#include <string.h>

static enum rp_trace_format parse_format(const char *word,
                                         struct argp_state *state)
{
    char found[RP_EXCERPT_SIZE];

    if (strcmp(word, "text") == 0)
        return RP_TRACE_TEXT;
    if (strcmp(word, "chrome") == 0)
        return RP_TRACE_CHROME;
    rp_command_usage(state,
                     "--trace-format: found \"%s\", expected text or chrome",
                     rp_excerpt(word, found));
}

error_t rp_trace_parse(int key, const char *value, struct argp_state *state,
                       struct rp_trace_options *options)
{
    switch (key) {
    case RP_KEY_TRACE:
        options->path = value;
        return 0;
    case RP_KEY_TRACE_REQUEST:
        options->request = rp_command_whole_number(state, "--trace-request",
                                                   value, 1, UINT64_MAX / 2);
        return 0;
    case RP_KEY_TRACE_FORMAT:
        options->format = parse_format(value, state);
        return 0;
    case ARGP_KEY_END:
        if (!options->path && options->request > 0)
            rp_command_usage(state, "--trace-request has nowhere to write: "
                                    "name a file with --trace FILE");
        if (!options->path && options->format != RP_TRACE_BY_NAME)
            rp_command_usage(state, "--trace-format has nowhere to write: "
                                    "name a file with --trace FILE");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool is_chrome(const struct rp_trace_options *options)
{
    static const char ending[] = ".json";
    const size_t length = strlen(options->path);

    if (options->format != RP_TRACE_BY_NAME)
        return options->format == RP_TRACE_CHROME;
    return length >= sizeof ending - 1 &&
           strcmp(options->path + length - (sizeof ending - 1), ending) == 0;
}

static enum rp_code print_text(const struct rp_life *life, FILE *out,
                               struct rp_error *error)
{
    struct rp_table *const table = rp_lifetrace_table(life);
    enum rp_code code;

    if (!table)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a trace");
    code = rp_table_print(table, RP_FORMAT_TEXT, "reqpath.trace/1", NULL, 0,
                          out, error);
    rp_table_free(table);
    return code;
}

static enum rp_code print_chrome(const struct rp_life *life, FILE *out,
                                 struct rp_error *error)
{
    json_t *const json = rp_lifetrace_json(life);
    enum rp_code code = RP_OK;

    if (!json)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a trace");
    if (json_dumpf(json, out, JSON_INDENT(1) | JSON_REAL_PRECISION(15)) ||
        fputc('\n', out) == EOF)
        code = rp_fail(error, RP_ERR_IO, "the trace could not be written");
    json_decref(json);
    return code;
}

int rp_trace_write(const struct rp_trace_options *options,
                   const struct rp_scenario *scenario,
                   const struct rp_profile *profile, uint64_t warm_up)
{
    struct rp_life life = {.number = 0};
    struct rp_error error = {0};
    struct rp_output output;
    enum rp_code code =
        rp_follow(scenario, profile, warm_up, options->request, &life, &error);

    if (!code)
        code = rp_output_open(&output, options->path, &error);
    if (code)
        goto out;
    code = is_chrome(options) ? print_chrome(&life, output.stream, &error)
                              : print_text(&life, output.stream, &error);
    if (rp_output_close(&output, !code, code ? NULL : &error) && !code)
        code = RP_ERR_IO;
out:
    rp_life_free(&life);
    return code ? rp_command_fail("simulate", &error) : RP_EXIT_OK;
}
