/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "report/page.h"
#include "report/resultfile.h"

#include <stdlib.h>
#include <string.h>

/* What results can be exported to: the word, what it makes, and who writes it
 * from results that are read already. */
#define KIND_LIST(X) X("page", "one HTML file", rp_page_write)

struct kind {
    const char *word, *what;
    enum rp_code (*write)(const char *title, const struct rp_resultfile *files,
                          size_t count, FILE *out, struct rp_error *error);
};

#define AS_ROW(word, what, write)  {word, what, write},
#define AS_WORD(word, what, write) word,
static const struct kind kinds[] = {KIND_LIST(AS_ROW)};
static const char *const kind_words[] = {KIND_LIST(AS_WORD)};
#undef AS_ROW
#undef AS_WORD

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

struct options {
    const struct kind *kind; /* NULL: not given yet */
    const char *title;       /* NULL: not given */
    size_t path_count;
    const char **paths; /* owned; borrowed words */
};

enum { KEY_TITLE = 't' };

static const struct kind *find_kind(const struct argp_state *state,
                                    const char *word)
{
    struct rp_error error = {0};

    for (size_t i = 0; i < KIND_COUNT; i++)
        if (strcmp(kinds[i].word, word) == 0)
            return &kinds[i];
    (void)rp_fail_word(&error, word, kind_words, KIND_COUNT);
    rp_command_usage(state, "what to export to: %s", error.text);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    switch (key) {
    case KEY_TITLE:
        options->title = value;
        return 0;
    case ARGP_KEY_ARG:
        if (options->kind)
            options->paths[options->path_count++] = value;
        else
            options->kind = find_kind(state, value);
        return 0;
    case ARGP_KEY_END:
        if (!options->kind)
            rp_command_usage(state, "what to export to is missing: page");
        if (options->path_count == 0)
            rp_command_usage(state, "a result is missing: name a file that a "
                                    "command printed with --format json");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- Reading and writing ---- */

static enum rp_code read_all(const struct options *options,
                             const struct rp_common *common,
                             struct rp_resultfile *files,
                             struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < options->path_count && !code; i++) {
        if (rp_is_same_file(options->paths[i], common->output_path))
            return rp_fail_at(error, RP_ERR_VALUE, options->paths[i], 0, 0,
                              "the file would be written over, as it is named "
                              "twice: give the output a name of its own");
        code = rp_resultfile_read(options->paths[i], &files[i], error);
    }
    return code;
}

static enum rp_code write_all(const struct options *options,
                              const struct rp_common *common,
                              const struct rp_resultfile *files,
                              struct rp_error *error)
{
    const char *const title =
        options->title ? options->title : "Results of reqpath";
    struct rp_error later = {0};
    struct rp_output output;
    enum rp_code code = rp_output_open(&output, common->output_path, error);

    if (code)
        return code;
    code = options->kind->write(title, files, options->path_count,
                                output.stream, error);
    if (rp_output_close(&output, !code, code ? &later : error))
        code = RP_ERR_IO;
    return code;
}

static int export_all(const struct options *options,
                      const struct rp_common *common)
{
    struct rp_resultfile *const files =
        calloc(options->path_count, sizeof *files);
    struct rp_error error = {0};
    enum rp_code code;

    if (!files)
        return rp_command_memory("export");
    code = read_all(options, common, files, &error);
    if (!code)
        code = write_all(options, common, files, &error);
    for (size_t i = 0; i < options->path_count; i++)
        rp_resultfile_free(&files[i]);
    free(files);
    return code ? rp_command_fail("export", &error) : RP_EXIT_OK;
}

int rp_cmd_export(int argc, char **argv)
{
    static const struct argp_option own[] = {
        {.name = "title",
         .key = KEY_TITLE,
         .arg = "TEXT",
         .doc = "the heading of what is made"},
        {0}};
    static const struct argp argp = {
        .options = own,
        .parser = parse,
        .args_doc = "page RESULT...",
        .doc =
            "Results of other commands, in a form to be shown.\v"
            "A RESULT is a file that explain, explain --against, simulate, "
            "validate, whatif or plan printed with --format json; \"-\" is "
            "standard input.\n\n"
            "page: one HTML file that needs no other file, no server and no "
            "network: the path of a request as a waterfall, latencies and "
            "throughput with intervals, variants against their baseline, the "
            "capacity table, predictions against measurements. Every figure "
            "that is drawn stands in a table too, which can be sorted and "
            "filtered. A section for each result, in their order."};
    struct options options = {.paths =
                                  calloc((size_t)argc + 1, sizeof(char *))};
    struct rp_common common = {0};
    int code;

    if (!options.paths)
        return rp_command_memory("export");
    rp_command_parse(&argp, RP_TAKES_OUTPUT, argc, argv, &options, &common);
    code = export_all(&options, &common);
    free(options.paths);
    return code;
}
