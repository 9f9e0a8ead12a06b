/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/resultbook.h"

#include "report/figure.h"
#include "report/figuresvg.h"
#include "report/notebook.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_ROWS_MAX = 40 };

/* ---- Kinds: what is said, what is in the table ---- */

static const struct telling {
    enum rp_resultfile_kind kind;
    const char *part; /* of rp_figure_parts() */
    const char *sentence;
    const char *rows;        /* the member that has them */
    const char *columns[10]; /* members of a row; up to NULL */
} tellings[] = {
    {RP_RESULTFILE_EXPLAIN,
     "steps",
     "The path of one request that is alone, step by step. A bar is what "
     "a step costs, its own waits left out; its colour says where it runs.",
     "rows",
     {"step", "what", "place", "origin", "cost_us", "cost_percent"}},
    {RP_RESULTFILE_AGAINST,
     "items",
     "The same stack on two paths: what each item costs a request in all, "
     "as often as that path pays it.",
     "rows",
     {"item", "cost_us", "times", "against_times", "total_us",
      "against_total_us", "difference_us"}},
    {RP_RESULTFILE_SIMULATE,
     "latencies",
     "The distribution of latencies under load. Each nine of the lower "
     "axis is as wide as the one before, so that the tail is seen; dots "
     "are percentiles with the interval that holds 95 of 100 measured "
     "runs.",
     "rows",
     {"scenario", "rps", "mean_ms", "p50_ms", "p90_ms", "p95_ms", "p99_ms",
      "validity"}},
    {RP_RESULTFILE_VALIDATE,
     "predictions",
     "Predictions against measurements. On the dashed line both are "
     "equal; whiskers are prediction intervals.",
     "worst",
     {"dataset", "configuration", "measured_mean_ms", "predicted_mean_ms",
      "error_percent", "validity", "place", "in_use_percent"}},
    {RP_RESULTFILE_VALIDATE,
     "errors",
     "Half of the configurations are predicted better than the upper bar "
     "says. The lower one is how well one half of their runs predicts the "
     "other: below it no prediction can be expected to come.",
     "summary",
     {"dataset", "server", "metric", "rows", "median_error_percent",
      "mean_error_percent", "worst_error_percent", "bias_percent",
      "covered_percent", "noise_percent"}},
    {RP_RESULTFILE_WHATIF,
     "variants",
     "Variants of a scenario. Whiskers are 95 % intervals of the "
     "simulation.",
     "rows",
     {"variant", "rps", "mean_ms", "p99_ms", "bottleneck", "utilisation",
      "validity"}},
    {RP_RESULTFILE_PLAN,
     "rates",
     "Which configurations meet the objective, up to which rate of one "
     "instance, and what so many of them cost.",
     "rows",
     {"configuration", "instance", "instances", "max_rps", "utilisation",
      "p99_ms", "cost_per_month", "verdict", "reason"}},
    {RP_RESULTFILE_CALIBRATE,
     "costs",
     "What a request pays for each item of its path, with standard errors "
     "that count the runs of one configuration as one.",
     "rows",
     {"cost", "mean_us", "se_us", "low_us", "high_us", "runs", "spread_cv",
      "items"}},
    {RP_RESULTFILE_CALIBRATE,
     "correlations",
     "Each cost against each other: where errors go together the runs tell "
     "the sum (or the difference) of two costs better than either.",
     NULL,
     {NULL}},
    {RP_RESULTFILE_CALIBRATE,
     "load",
     "What is shared when several requests are under way, and what comes on "
     "top, fitted by simulating the measured runs as they were made. A "
     "parameter with a long bar is one that the runs hardly show.",
     "under_load",
     {"parameter", "value", "unit", "se", "low", "high", "known_by",
      "meaning"}},
    {RP_RESULTFILE_CALIBRATE,
     "residuals",
     "Each configuration that the fit was made from; on the dashed line the "
     "fit is what was measured.",
     "residuals",
     {"dataset", "configuration", "measured_mean_ms", "fitted_mean_ms",
      "residual_percent", "noise_percent"}},
    {RP_RESULTFILE_CALIBRATE,
     "left-out",
     "Each stack in turn was left out and predicted from the others: the upper "
     "bar is the median error of that. The lower one is how well one half of "
     "the runs predicts the other, the noise that no prediction goes below.",
     "left_out",
     {"dataset", "server", "metric", "rows", "median_error_percent",
      "mean_error_percent", "worst_error_percent", "bias_percent",
      "covered_percent", "noise_percent"}},
    {RP_RESULTFILE_CALIBRATE,
     "accuracy",
     "Intervals of predictions hold both: how much one run differs from the "
     "typical one, and by how much a configuration is missed beyond that.",
     "accuracy",
     {"situation", "metric", "run_sd_percent", "misfit_sd_percent"}},
};

static const struct telling *telling_of(enum rp_resultfile_kind kind,
                                        const char *part)
{
    const struct telling *t = tellings;

    while (t->kind != kind || strcmp(t->part, part) != 0) {
        t++;
        assert(t < tellings + sizeof tellings / sizeof *tellings &&
               "each part has a telling");
    }
    return t;
}

/* The kind of a column is that of its first cell that is not empty. */
static enum rp_column_kind kind_of(const json_t *rows, const char *name)
{
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
    {
        const json_t *const cell = json_object_get(row, name);

        if (json_is_string(cell))
            return RP_COLUMN_TEXT;
        if (json_is_number(cell))
            return RP_COLUMN_NUMBER;
    }
    return RP_COLUMN_TEXT;
}

static struct rp_table *table_of(const json_t *rows, const char *const *names)
{
    struct rp_column columns[10];
    struct rp_table *table;
    size_t count = 0, i;
    json_t *row;

    for (; count < 10 && names[count]; count++)
        columns[count] = (struct rp_column){names[count], NULL,
                                            kind_of(rows, names[count]), 0};
    table = rp_table_new(columns, count);
    json_array_foreach(rows, i, row)
    {
        if (!table || i == TABLE_ROWS_MAX)
            break;
        rp_table_row(table);
        for (size_t k = 0; k < count; k++) {
            const json_t *const cell = json_object_get(row, names[k]);

            if (json_is_number(cell))
                rp_table_number(table, k, json_number_value(cell));
            else
                rp_table_text(table, k, json_string_value(cell));
        }
    }
    return table;
}

/* ---- Python ---- */

static const char head[] =
    "# Needs pandas and matplotlib (Debian: python3-pandas, "
    "python3-matplotlib).\n"
    "import io\n"
    "import math\n"
    "\n"
    "import matplotlib.pyplot as plt\n"
    "import pandas as pd\n"
    "\n"
    "\n"
    "def read(text):\n"
    "    points = pd.read_csv(io.StringIO(text), dtype={\"label\": str, "
    "\"group\": str})\n"
    "    return points.fillna({\"group\": \"\"})\n"
    "\n"
    "\n"
    "def whiskers(points):\n"
    "    low = (points.value - points.low).fillna(0).clip(lower=0)\n"
    "    high = (points.high - points.value).fillna(0).clip(lower=0)\n"
    "    return [low, high]\n";

static const char *const drawings[] = {
    [RP_FIGURE_BARS] =
        "wide = points.pivot_table(index=\"label\", columns=\"group\", "
        "values=\"value\", sort=False)\n"
        "grouped = len(points) > len(wide)\n"
        "fig, ax = plt.subplots(figsize=(9, 1 + 0.3 * len(points)))\n"
        "for k, group in enumerate(wide.columns):\n"
        "    part = points[points.group == group]\n"
        "    at = [list(wide.index).index(label) for label in part.label]\n"
        "    height = 0.8 / len(wide.columns) if grouped else 0.8\n"
        "    if grouped:\n"
        "        at = [i + (k + 0.5) * height - 0.4 for i in at]\n"
        "    ax.barh(at, part.value, height=height, label=group, "
        "xerr=whiskers(part), alpha=0.8)\n"
        "ax.set_yticks(range(len(wide)), wide.index)\n"
        "ax.invert_yaxis()\n"
        "if any(wide.columns):\n"
        "    ax.legend()\n",
    [RP_FIGURE_SWEEP] = "fig, ax = plt.subplots(figsize=(9, 4))\n"
                        "ax.errorbar(points.label, points.value, "
                        "yerr=whiskers(points), marker=\"o\", capsize=4)\n"
                        "if not math.isnan(reference):\n"
                        "    ax.axhline(reference, color=\"gray\", "
                        "linestyle=\"--\", label=\"as it is\")\n"
                        "    ax.legend()\n"
                        "ax.set_ylim(bottom=0)\n",
    [RP_FIGURE_TAIL] =
        "fig, ax = plt.subplots(figsize=(9, 4))\n"
        "for k, (group, part) in enumerate(points.groupby(\"group\", "
        "sort=False)):\n"
        "    nines = part.x.map(lambda percent: -math.log10(1 - percent / "
        "100))\n"
        "    told = part.label.str.startswith(\"p\")\n"
        "    ax.plot(nines[~told], part.value[~told], color=f\"C{k}\", "
        "label=group)\n"
        "    ax.errorbar(nines[told], part.value[told], "
        "yerr=whiskers(part[told]), fmt=\"o\", color=f\"C{k}\", capsize=4)\n"
        "ax.set_xticks([0, 0.30103, 1, 2, 3], [\"0\", \"50\", \"90\", \"99\", "
        "\"99.9\"])\n"
        "ax.set_ylim(bottom=0)\n"
        "ax.legend()\n",
    [RP_FIGURE_SCATTER] =
        "fig, ax = plt.subplots(figsize=(9, 7))\n"
        "for k, (group, part) in enumerate(points.groupby(\"group\", "
        "sort=False)):\n"
        "    ax.errorbar(part.x, part.value, yerr=whiskers(part), fmt=\"o\", "
        "markersize=3, color=f\"C{k}\", ecolor=(0, 0, 0, 0.15), "
        "label=group)\n"
        "ax.set_xscale(\"log\")\n"
        "ax.set_yscale(\"log\")\n"
        "ax.axline((points.x.min(), points.x.min()), (points.x.max(), "
        "points.x.max()), color=\"gray\", linestyle=\"--\")\n"
        "ax.legend()\n",
    [RP_FIGURE_MAP] =
        "wide = points.pivot_table(index=\"group\", columns=\"label\", "
        "values=\"value\", sort=False)\n"
        "wide = wide.reindex(index=points.group.unique(), "
        "columns=points.label.unique())\n"
        "fig, ax = plt.subplots(figsize=(9, 1.5 + 0.5 * len(wide)))\n"
        "most = points.value.abs().max()\n"
        "if points.value.min() < 0:\n"
        "    ax.imshow(wide, aspect=\"auto\", cmap=\"RdBu\", "
        "vmin=-1.6 * most, vmax=1.6 * most)\n"
        "else:\n"
        "    ax.imshow(wide, aspect=\"auto\", cmap=\"Blues\", "
        "vmax=1.6 * most)\n"
        "ax.set_xticks(range(len(wide.columns)), wide.columns, "
        "rotation=45 if len(wide.columns) > 8 else 0)\n"
        "ax.set_yticks(range(len(wide)), wide.index)\n"
        "for i in range(len(wide)):\n"
        "    for k in range(len(wide.columns)):\n"
        "        ax.text(k, i, f\"{wide.iloc[i, k]:.3g}\", ha=\"center\", "
        "va=\"center\")\n",
};

/* A Python string: JSON's is one, up to escapes of pairs that nobody makes. */
static void put_python(FILE *out, const char *text)
{
    json_t *const json = json_string(text);

    if (json)
        (void)json_dumpf(json, out, JSON_ENCODE_ANY);
    json_decref(json);
}

static void put_name(FILE *out, const char *call, const char *text)
{
    (void)fprintf(out, "ax.%s(", call);
    put_python(out, text);
    (void)fputs(")\n", out);
}

/* In a raw string of three quotes three of them would end it: the table's CSV
 * doubles quotes, so such a text is written as JSON's. */
static void put_csv(FILE *out, const char *csv)
{
    const size_t length = strlen(csv);

    if (strstr(csv, "\"\"\"") || strchr(csv, '\\') ||
        (length > 0 && csv[length - 1] == '"'))
        put_python(out, csv);
    else
        (void)fprintf(out, "\"\"\"\\\n%s\"\"\"", csv);
}

static void put_drawing(FILE *out, const struct rp_figure *figure)
{
    const bool lies = figure->kind == RP_FIGURE_BARS;
    const bool map = figure->kind == RP_FIGURE_MAP;

    (void)fputs(drawings[figure->kind], out);
    put_name(out, "set_xlabel", lies ? figure->value_name : figure->x_name);
    put_name(out, "set_ylabel",
             lies  ? figure->x_name
             : map ? figure->group_name
                   : figure->value_name);
    put_name(out, "set_title", figure->title);
    (void)fputs("plt.show()", out);
}

/* ---- Cells ---- */

static bool add_data(struct rp_notebook *book, const struct rp_figure *figure)
{
    struct rp_table *const table = rp_figure_table(figure);
    char *csv = NULL, *source = NULL;
    size_t size = 0;
    FILE *const text = open_memstream(&csv, &size);
    bool good =
        table && text &&
        rp_table_print(table, RP_FORMAT_CSV, "", NULL, 0, text, NULL) == RP_OK;
    FILE *cell;

    if (text)
        good = fclose(text) == 0 && good;
    cell = good ? open_memstream(&source, &size) : NULL;
    if (cell) {
        (void)fputs("points = read(", cell);
        put_csv(cell, csv);
        (void)fputs(")\n", cell);
        if (figure->reference == figure->reference)
            (void)fprintf(cell, "reference = %.15g  # as it is",
                          figure->reference);
        else
            (void)fputs("reference = math.nan  # there is none", cell);
        good = fclose(cell) == 0;
        if (good)
            rp_notebook_code(book, source);
    }
    rp_table_free(table);
    free(csv);
    free(source);
    return good && cell;
}

static bool add_picture(struct rp_notebook *book,
                        const struct rp_figure *figure)
{
    char *svg = NULL, *source = NULL;
    size_t size = 0;
    FILE *const picture = open_memstream(&svg, &size);
    FILE *const cell = open_memstream(&source, &size);
    bool good = picture && cell;

    if (good) {
        put_drawing(cell, figure);
        good = rp_figuresvg_write(figure, picture, NULL) == RP_OK;
    }
    if (picture)
        good = fclose(picture) == 0 && good;
    if (cell)
        good = fclose(cell) == 0 && good;
    if (good) {
        rp_notebook_code(book, source);
        rp_notebook_picture(book, svg, figure->title);
    }
    free(svg);
    free(source);
    return good;
}

static bool add_table(struct rp_notebook *book,
                      const struct rp_resultfile *file,
                      const struct telling *telling)
{
    const json_t *const rows =
        telling->rows ? json_object_get(file->root, telling->rows) : NULL;
    const size_t count = json_array_size(rows);
    struct rp_table *table;

    if (count == 0)
        return true;
    table = table_of(rows, telling->columns);
    if (!table)
        return false;
    if (count > TABLE_ROWS_MAX)
        rp_table_note(table, "The first %d of %zu rows.", TABLE_ROWS_MAX,
                      count);
    rp_notebook_table(book, table);
    rp_table_free(table);
    return true;
}

/* Notes are sentences of the command that wrote the result. */
static void add_notes(struct rp_notebook *book,
                      const struct rp_resultfile *file)
{
    size_t i;
    json_t *note;

    json_array_foreach(json_object_get(file->root, "notes"), i, note)
    {
        if (json_is_string(note))
            rp_notebook_markdown(book, "> %s", json_string_value(note));
    }
}

static enum rp_code add_part_of(struct rp_notebook *book,
                                const struct rp_resultfile *file,
                                const struct telling *telling, bool first,
                                struct rp_error *error)
{
    struct rp_figure figure;
    const enum rp_code code =
        rp_figure_of(file, telling->part, NULL, &figure, error);
    bool good;

    if (code)
        return code;
    rp_notebook_markdown(book, "## %s\n\nFrom `reqpath %s`. %s", figure.title,
                         rp_resultfile_command(file->kind), telling->sentence);
    good = add_table(book, file, telling);
    if (first)
        add_notes(book, file);
    good = good && add_data(book, &figure) && add_picture(book, &figure);
    rp_figure_free(&figure);
    if (good)
        return RP_OK;
    return rp_fail(error, RP_ERR_MEMORY, "out of memory for a notebook");
}

/* The first picture has to be there; why another is not is told in its place.
 */
static enum rp_code add_result(struct rp_notebook *book,
                               const struct rp_resultfile *file,
                               struct rp_error *error)
{
    const char *parts[RP_FIGURE_PARTS_MAX];
    const size_t count = rp_figure_parts(file->kind, parts);
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < count && !code; i++) {
        code = add_part_of(book, file, telling_of(file->kind, parts[i]), i == 0,
                           error);
        if (code == RP_ERR_VALUE && i > 0) {
            rp_notebook_markdown(book, "> %s", error->text);
            code = RP_OK;
        }
    }
    return code;
}

/* Add what is before the next line "---" of a text; returns what is behind it,
 * NULL at the end. */
static const char *add_part(struct rp_notebook *book, const char *text)
{
    const char *const mark = strstr(text, "\n---\n");
    size_t length = mark ? (size_t)(mark - text) : strlen(text);

    while (length > 0 && text[length - 1] == '\n')
        length--;
    while (length > 0 && *text == '\n') {
        text++;
        length--;
    }
    if (length > 0)
        rp_notebook_markdown(book, "%.*s", (int)length, text);
    return mark ? mark + strlen("\n---\n") : NULL;
}

enum rp_code rp_resultbook_write(const char *title, const char *text,
                                 const struct rp_resultfile *files,
                                 size_t count, FILE *out,
                                 struct rp_error *error)
{
    struct rp_notebook *const book = rp_notebook_new(title);
    enum rp_code code = RP_OK;

    assert(count > 0);
    if (!book)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a notebook");
    for (size_t i = 0; i < count && !code; i++) {
        if (text)
            text = add_part(book, text);
        if (i == 0)
            rp_notebook_code(book, head);
        code = add_result(book, &files[i], error);
    }
    while (text)
        text = add_part(book, text);
    if (!code)
        code = rp_notebook_write(book, out, error);
    rp_notebook_free(book);
    return code;
}
