/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/given.h"
#include "cli/gnuplot_run.h"
#include "report/figure.h"
#include "report/figureplot.h"
#include "report/figuresvg.h"
#include "report/figuretext.h"

#include <stdlib.h>
#include <string.h>

/* What a picture can be: the word, which is the end of a file's name too, and
 * who draws it. */
#define FORM_LIST(X)                                                           \
    X("text", put_text)                                                        \
    X("svg", rp_figuresvg_write)                                               \
    X("png", rp_gnuplot_png)                                                   \
    X("gnuplot", rp_figureplot_write)

struct form {
    const char *word;
    enum rp_code (*write)(const struct rp_figure *figure, FILE *out,
                          struct rp_error *error);
};

/* Blocks need a terminal, or a file's reader, that knows UTF-8. */
static bool is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *const value = getenv(names[i]);

        if (value && *value)
            return strstr(value, "UTF-8") || strstr(value, "utf8") ||
                   strstr(value, "utf-8");
    }
    return false;
}

static enum rp_code put_text(const struct rp_figure *figure, FILE *out,
                             struct rp_error *error)
{
    return rp_figuretext_write(figure, rp_terminal_width(out), is_utf8(), out,
                               error);
}

#define AS_ROW(word, write)  {word, write},
#define AS_WORD(word, write) word,
static const struct form forms[] = {FORM_LIST(AS_ROW)};
static const char *const form_words[] = {FORM_LIST(AS_WORD)};
#undef AS_ROW
#undef AS_WORD

enum { FORM_COUNT = sizeof forms / sizeof *forms };

struct options {
    const struct form *form; /* NULL: not given */
    const char *metric;      /* NULL: the result's own */
    const char *part;        /* NULL: the first */
    const char *path;        /* NULL: not given yet */
};

enum { KEY_FORMAT = 'f', KEY_METRIC = 'm', KEY_PART = 'p' };

static const struct form *find_form(const struct argp_state *state,
                                    const char *word)
{
    struct rp_error error = {0};

    for (size_t i = 0; i < FORM_COUNT; i++)
        if (strcmp(forms[i].word, word) == 0)
            return &forms[i];
    (void)rp_fail_word(&error, word, form_words, FORM_COUNT);
    rp_command_usage(state, "--format: %s", error.text);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    switch (key) {
    case KEY_FORMAT:
        options->form = find_form(state, value);
        return 0;
    case KEY_METRIC:
        options->metric = value;
        return 0;
    case KEY_PART:
        options->part = value;
        return 0;
    case ARGP_KEY_ARG:
        if (options->path)
            return ARGP_ERR_UNKNOWN;
        options->path = value;
        return 0;
    case ARGP_KEY_END:
        if (!options->path)
            rp_command_usage(state, "a result is missing: name a file that a "
                                    "command printed with --format json");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* What was asked for, else what the file's name ends in, else text. */
static const struct form *form_of(const struct options *options,
                                  const char *output_path)
{
    const char *const dot = output_path ? strrchr(output_path, '.') : NULL;

    if (options->form)
        return options->form;
    for (size_t i = 0; dot && i < FORM_COUNT; i++)
        if (strcmp(forms[i].word, dot + 1) == 0)
            return &forms[i];
    return &forms[0];
}

static enum rp_code write_figure(const struct form *form, const char *path,
                                 const struct rp_figure *figure,
                                 struct rp_error *error)
{
    struct rp_error later = {0};
    struct rp_output output;
    enum rp_code code = rp_output_open(&output, path, error);

    if (code)
        return code;
    code = form->write(figure, output.stream, error);
    if (rp_output_close(&output, !code, code ? &later : error))
        code = RP_ERR_IO;
    return code;
}

static enum rp_code plot(const struct options *options,
                         const struct rp_common *common, struct rp_error *error)
{
    struct rp_resultfile file = {.name = NULL};
    struct rp_figure figure = {.points = NULL};
    enum rp_code code =
        rp_given_apart(common->output_path, &options->path, 1, error);

    if (!code)
        code = rp_resultfile_read(options->path, &file, error);
    if (!code)
        code =
            rp_figure_of(&file, options->part, options->metric, &figure, error);
    if (!code)
        code = write_figure(form_of(options, common->output_path),
                            common->output_path, &figure, error);
    rp_figure_free(&figure);
    rp_resultfile_free(&file);
    return code;
}

int rp_cmd_plot(int argc, char **argv)
{
    static const struct argp_option own[] = {
        {.name = "format",
         .key = KEY_FORMAT,
         .arg = "FORM",
         .doc = "text, svg, png or gnuplot; where it is not given what the "
                "output's name ends in decides, else it is text"},
        {.name = "metric",
         .key = KEY_METRIC,
         .arg = "NAME",
         .doc = "of whatif and validate: rps, mean_ms, p50_ms, p90_ms, p95_ms, "
                "p99_ms; whatif's own is what it ranked by, else the mean"},
        {.name = "part",
         .key = KEY_PART,
         .arg = "WORD",
         .doc = "which picture, where a result has several: of calibrate costs "
                "(the first), correlations, load, residuals, left-out or "
                "accuracy; of validate predictions (the first) or errors"},
        {0}};
    static const struct argp argp = {
        .options = own,
        .parser = parse,
        .args_doc = "RESULT",
        .doc =
            "A picture of a result: in the terminal, as SVG, PNG or a script."
            "\v"
            "RESULT is a file that explain, explain --against, simulate, "
            "validate, whatif, plan or calibrate printed with --format json; "
            "\"-\" is "
            "standard input.\n\n"
            "explain: what each step costs, waits left out. explain --against: "
            "each item on "
            "either path. simulate: latency against the share of answers, "
            "with intervals at p50, p90, p95 and p99. whatif: a sweep where "
            "one key has several values, a map where two have, else a bar a "
            "variant. validate: predicted against measured, by data set. "
            "plan: the largest rate of an instance in each configuration. "
            "calibrate: unit costs with their intervals, and by --part what "
            "the runs tell apart, how well, and how far it is off.\n\n"
            "Text is a histogram of simulate's answers or of validate's "
            "errors, else bars, as wide as the terminal; bars are of blocks "
            "where the locale is UTF-8. SVG is drawn by reqpath itself; PNG "
            "needs gnuplot (Debian: gnuplot-nox); gnuplot is the script, data "
            "and all, to be changed."};
    struct options options = {.form = NULL};
    struct rp_common common = {0};
    struct rp_error error = {0};

    rp_command_parse(&argp, RP_TAKES_OUTPUT, argc, argv, &options, &common);
    if (plot(&options, &common, &error))
        return rp_command_fail("plot", &error);
    return RP_EXIT_OK;
}
