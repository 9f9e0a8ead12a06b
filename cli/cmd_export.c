/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "model/file.h"
#include "report/page.h"
#include "report/resultbook.h"
#include "report/resultfile.h"

#include <stdlib.h>
#include <string.h>

/* What results can be exported to: the word, what it makes, and who writes it
 * from results that are read already. */
#define KIND_LIST(X)                                                           \
    X("notebook", "a Jupyter notebook", true, rp_resultbook_write)             \
    X("page", "one HTML file", false, write_page)

struct kind {
    const char *word, *what;
    bool takes_text;
    enum rp_code (*write)(const char *title, const char *text,
                          const struct rp_resultfile *files, size_t count,
                          FILE *out, struct rp_error *error);
};

/* A page has no place for a text of the user's. */
static enum rp_code write_page(const char *title, const char *text,
                               const struct rp_resultfile *files, size_t count,
                               FILE *out, struct rp_error *error)
{
    (void)text;
    return rp_page_write(title, files, count, out, error);
}

#define AS_ROW(word, what, text, write)  {word, what, text, write},
#define AS_WORD(word, what, text, write) word,
static const struct kind kinds[] = {KIND_LIST(AS_ROW)};
static const char *const kind_words[] = {KIND_LIST(AS_WORD)};
#undef AS_ROW
#undef AS_WORD

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

#define TEXT_BYTES_MAX (1u << 20)

struct options {
    const struct kind *kind; /* NULL: not given yet */
    const char *title;       /* NULL: not given */
    const char *text_path;   /* NULL: not given */
    size_t path_count;
    const char **paths; /* owned; borrowed words */
};

enum { KEY_TITLE = 't', KEY_TEXT = 'x' };

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
    case KEY_TEXT:
        options->text_path = value;
        return 0;
    case ARGP_KEY_ARG:
        if (options->kind)
            options->paths[options->path_count++] = value;
        else
            options->kind = find_kind(state, value);
        return 0;
    case ARGP_KEY_END:
        if (!options->kind)
            rp_command_usage(state, "what to export to is missing: notebook "
                                    "or page");
        if (options->text_path && !options->kind->takes_text)
            rp_command_usage(state, "--text is for notebooks: leave it out");
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

static enum rp_code write_all(const struct options *options, const char *text,
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
    code = options->kind->write(title, text, files, options->path_count,
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
    char *text = NULL;
    size_t length = 0;
    enum rp_code code;

    if (!files)
        return rp_command_memory("export");
    code = read_all(options, common, files, &error);
    if (!code && options->text_path)
        code = rp_file_read(options->text_path, TEXT_BYTES_MAX,
                            "a Markdown file", &text, &length, &error);
    if (!code && text && length > TEXT_BYTES_MAX)
        code = rp_fail_at(&error, RP_ERR_VALUE, options->text_path, 0, 0,
                          "longer than %u KiB: name a file of Markdown",
                          TEXT_BYTES_MAX >> 10);
    if (!code)
        code = write_all(options, text, common, files, &error);
    free(text);
    for (size_t i = 0; i < options->path_count; i++)
        rp_resultfile_free(&files[i]);
    free(files);
    return code ? rp_command_fail("export", &error) : RP_EXIT_OK;
}

int rp_cmd_export(int argc, char **argv)
{
    static const struct argp_option own[] = {
        {.name = "text",
         .key = KEY_TEXT,
         .arg = "FILE",
         .doc = "notebook only: Markdown to stand before, between and after "
                "the results, its parts divided by lines \"---\""},
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
            "validate, whatif, plan or calibrate printed with --format json; "
            "\"-\" is "
            "standard input.\n\n"
            "notebook: a Jupyter notebook with a table and a picture of each "
            "result, which show without being run, their numbers as CSV in "
            "its cells, and Python that draws them again with pandas and "
            "matplotlib.\n\n"
            "page: one HTML file that needs no other file, no server and no "
            "network: the path of a request as a waterfall, latencies and "
            "throughput with intervals, variants against their baseline, the "
            "capacity table, predictions against measurements, unit costs. "
            "Every figure "
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
