/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/figure.h"

#include "model/metric.h"
#include "report/printable.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* What is filled, and whether memory was short on the way. */
struct filling {
    struct rp_figure *figure;
    size_t room;
    bool failed;
};

/* ---- Words and points ---- */

static char *words(struct filling *f, const char *format, ...) RP_PRINTF(2, 3);
static char *words(struct filling *f, const char *format, ...)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const stream = open_memstream(&text, &size);
    va_list args;

    if (!stream) {
        f->failed = true;
        return NULL;
    }
    va_start(args, format);
    (void)vfprintf(stream, format, args);
    va_end(args);
    if (fclose(stream) != 0) {
        free(text);
        text = NULL;
    }
    if (text)
        rp_make_printable(text);
    else
        f->failed = true;
    return text;
}

/* Takes over `label` and `group`. A value that is not known is no point. */
static void add(struct filling *f, char *label, char *group, double x,
                double value, double low, double high)
{
    struct rp_figure *const figure = f->figure;

    if (isfinite(value) && figure->point_count == f->room) {
        const size_t room = f->room ? 2 * f->room : 64;
        struct rp_figure_point *const more =
            realloc(figure->points, room * sizeof *more);

        f->failed = f->failed || !more;
        if (more) {
            figure->points = more;
            f->room = room;
        }
    }
    if (!isfinite(value) || !label || !group || f->failed) {
        free(label);
        free(group);
        return;
    }
    figure->points[figure->point_count++] =
        (struct rp_figure_point){label,
                                 group,
                                 x,
                                 value,
                                 isfinite(low) ? low : (double)NAN,
                                 isfinite(high) ? high : (double)NAN};
}

/* ---- Reading members ---- */

static double number(const json_t *object, const char *key)
{
    const json_t *const value = json_object_get(object, key);

    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static const char *text(const json_t *object, const char *key)
{
    const char *const value = json_string_value(json_object_get(object, key));

    return value ? value : "";
}

/* A member whose name is that of a metric and an end of its interval. */
static double ended(const json_t *row, const char *metric, const char *end)
{
    char key[RP_METRIC_KEY_SIZE];

    return number(row, rp_metric_key_with(metric, end, key));
}

/* "p99_ms" is "p99, ms" for people. */
static char *metric_words(struct filling *f, const char *metric)
{
    const char *const unit = strrchr(metric, '_');

    if (strcmp(metric, "rps") == 0)
        return words(f, "requests/s");
    if (!unit)
        return words(f, "%s", metric);
    return words(f, "%.*s, %s", (int)(unit - metric), metric, unit + 1);
}

/* ---- explain ---- */

/* "9 back from async_to_sync layer" */
static char *step_words(struct filling *f, const json_t *row)
{
    const char *const cross = text(row, "cross");
    const bool leaves = strcmp(text(row, "op"), "leave") == 0;

    return words(f, "%.0f %s%s%s%s", number(row, "step"),
                 leaves ? "back from " : "", cross, *cross ? " " : "",
                 text(row, "what"));
}

/* The step before which the client has its answer; NAN: none follows it. */
static double answer_step(const json_t *root)
{
    size_t i;
    json_t *row;

    json_array_foreach(json_object_get(root, "rows"), i, row)
    {
        if (json_is_true(json_object_get(row, "after_answer")))
            return number(row, "step");
    }
    return NAN;
}

/* Own waits are no cost of the path, and beside 20 ms of them no crossing would
 * be seen. */
static void of_explain(struct filling *f, const json_t *root,
                       const char *metric)
{
    const double answer = answer_step(root);
    char answered[64] = "";
    bool waits = false;
    size_t i;
    json_t *row;

    (void)metric;
    json_array_foreach(json_object_get(root, "rows"), i, row)
    {
        const bool is_wait = strcmp(text(row, "op"), "wait") == 0;

        waits = waits || is_wait;
        if (!is_wait)
            add(f, step_words(f, row), words(f, "%s", text(row, "place")),
                (double)NAN, number(row, "cost_us"), (double)NAN, (double)NAN);
    }
    if (!isnan(answer))
        (void)snprintf(answered, sizeof answered, "; answered before step %.0f",
                       answer);
    f->figure->kind = RP_FIGURE_BARS;
    f->figure->title = words(f, "What each step of a request costs%s%s",
                             waits ? ", without its waits" : "", answered);
    f->figure->x_name = words(f, "step");
    f->figure->value_name = words(f, "cost, us");
    f->figure->group_name = words(f, "runs on");
}

static void of_against(struct filling *f, const json_t *root,
                       const char *metric)
{
    static const char *const sides[] = {"base", "against"};
    static const char *const keys[] = {"total_us", "against_total_us"};
    json_t *const rows = json_object_get(root, "rows");
    size_t i;
    json_t *row;

    (void)metric;
    f->figure->kind = RP_FIGURE_BARS;
    f->figure->title = words(f, "What a request costs on either path");
    f->figure->x_name = words(f, "item");
    f->figure->value_name = words(f, "all of the item, us");
    f->figure->group_name = words(f, "path");
    json_array_foreach(rows, i, row) for (size_t k = 0; k < 2; k++)
        add(f, words(f, "%s", text(row, "item")),
            words(f, "%s path", text(json_object_get(root, sides[k]), "path")),
            (double)NAN, number(row, keys[k]), (double)NAN, (double)NAN);
}

/* ---- simulate ---- */

/* Percentiles with an interval lie on the curve of those that have none. */
static void add_percentiles(struct filling *f, const json_t *result)
{
    static const double told[] = {50, 90, 95, 99};
    const json_t *const metrics = json_object_get(result, "metrics");

    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        char key[16];
        const json_t *metric;

        (void)snprintf(key, sizeof key, "p%.0f_ms", told[i]);
        metric = json_object_get(metrics, key);
        add(f, words(f, "p%.0f", told[i]),
            words(f, "%s", text(result, "scenario")), told[i],
            number(metric, "value"), number(metric, "low"),
            number(metric, "high"));
    }
}

/* The longest answer has no place on an axis of nines. */
static void of_simulate(struct filling *f, const json_t *root,
                        const char *metric)
{
    size_t i, k;
    json_t *result, *at;

    (void)metric;
    f->figure->kind = RP_FIGURE_TAIL;
    f->figure->title = words(f, "Latencies, with 95 %% intervals of one run");
    f->figure->x_name = words(f, "percent of the answers");
    f->figure->value_name = words(f, "latency, ms");
    f->figure->group_name = words(f, "scenario");
    json_array_foreach(json_object_get(root, "results"), i, result)
    {
        json_array_foreach(json_object_get(result, "quantiles"), k, at)
        {
            const double percent = number(at, "percent");

            if (percent >= 0.0 && percent < 100.0)
                add(f, words(f, "q%g", percent),
                    words(f, "%s", text(result, "scenario")), percent,
                    number(at, "ms"), (double)NAN, (double)NAN);
        }
        add_percentiles(f, result);
    }
}

/* ---- validate ---- */

static void of_validate(struct filling *f, const json_t *root,
                        const char *metric)
{
    char *const shown = metric_words(f, metric);
    size_t i;
    json_t *row;

    f->figure->kind = RP_FIGURE_SCATTER;
    f->figure->title =
        words(f, "Predicted against measured: %s", shown ? shown : "");
    f->figure->x_name = words(f, "measured %s", shown ? shown : "");
    f->figure->value_name = words(f, "predicted %s", shown ? shown : "");
    f->figure->group_name = words(f, "data set");
    free(shown);
    json_array_foreach(json_object_get(root, "rows"), i, row)
    {
        const double measured = number(row, "measured");
        const double predicted = number(row, "predicted");

        if (strcmp(text(row, "metric"), metric) != 0 || !(measured > 0.0) ||
            !(predicted > 0.0))
            continue;
        add(f,
            words(f,
                  number(row, "rate_per_s") > 0.0
                      ? "%s %s, %s view, %g/s"
                      : "%s %s, %s view, %g at once",
                  text(row, "server"),
                  *text(row, "stack") ? text(row, "stack") : "no layers",
                  text(row, "view"),
                  number(row, "rate_per_s") > 0.0 ? number(row, "rate_per_s")
                                                  : number(row, "concurrency")),
            words(f, "%s", text(row, "dataset")), measured, predicted,
            number(row, "predicted_low"), number(row, "predicted_high"));
    }
}

/* ---- whatif ---- */

/* The keys with several values; returns how many, the first two in `keys`. */
static size_t varied(const json_t *root, const char *keys[2])
{
    size_t i, count = 0;
    json_t *vary;

    json_array_foreach(json_object_get(root, "vary"), i, vary)
    {
        if (json_array_size(json_object_get(vary, "values")) < 2)
            continue;
        if (count < 2)
            keys[count] = text(vary, "key");
        count++;
    }
    return count;
}

enum { BARS_MAX = 30 };

/* Lower first: a qsort comparison; ties by name, so that order is one. */
static int by_value(const void *a, const void *b)
{
    const struct rp_figure_point *const p = a, *const q = b;

    if (p->value != q->value)
        return p->value < q->value ? -1 : 1;
    return strcmp(p->label, q->label);
}

static int by_rate(const void *a, const void *b)
{
    const struct rp_figure_point *const p = a, *const q = b;

    return p->value != q->value ? by_value(b, a) : strcmp(p->label, q->label);
}

/* The best, and how many they are of, where bars would have no end. */
static void keep_best(struct filling *f, const json_t *root, const char *metric)
{
    struct rp_figure *const figure = f->figure;
    const size_t count = figure->point_count;
    char *const shown = metric_words(f, metric);

    if (count > BARS_MAX && !f->failed) {
        qsort(figure->points, count, sizeof *figure->points,
              strcmp(metric, "rps") == 0 ? by_rate : by_value);
        while (figure->point_count > BARS_MAX) {
            struct rp_figure_point *const last =
                &figure->points[--figure->point_count];

            free(last->label);
            free(last->group);
        }
        free(figure->title);
        figure->title =
            words(f, "What if: %s: %s, the best %d; %zu more are left out",
                  text(root, "scenario"), shown, BARS_MAX, count - BARS_MAX);
    }
    free(shown);
}

static void of_whatif(struct filling *f, const json_t *root, const char *metric)
{
    const char *keys[2] = {"variant", ""};
    const size_t count = varied(root, keys);
    char *const shown = metric_words(f, metric);
    size_t i;
    json_t *row;

    f->figure->kind = count == 1   ? RP_FIGURE_SWEEP
                      : count == 2 ? RP_FIGURE_MAP
                                   : RP_FIGURE_BARS;
    f->figure->title =
        words(f, "What if: %s: %s", text(root, "scenario"), shown ? shown : "");
    f->figure->x_name = words(f, "%s", count == 2 ? keys[1] : keys[0]);
    f->figure->value_name = words(f, "%s", shown ? shown : "");
    f->figure->group_name = words(f, "%s", count == 2 ? keys[0] : "");
    f->figure->reference = number(json_object_get(root, "baseline"), metric);
    free(shown);
    json_array_foreach(json_object_get(root, "rows"), i, row)
    {
        const json_t *const edits = json_object_get(row, "edits");
        const bool whole = count != 1 && count != 2;

        add(f,
            words(f, "%s",
                  whole ? text(row, "variant")
                        : text(edits, count == 2 ? keys[1] : keys[0])),
            words(f, "%s", count == 2 ? text(edits, keys[0]) : ""), (double)NAN,
            number(row, metric), ended(row, metric, "low"),
            ended(row, metric, "high"));
    }
    if (f->figure->kind == RP_FIGURE_BARS)
        keep_best(f, root, metric);
}

/* ---- plan ---- */

static void of_plan(struct filling *f, const json_t *root, const char *metric)
{
    size_t i;
    json_t *row;

    (void)metric;
    f->figure->kind = RP_FIGURE_BARS;
    f->figure->title = words(
        f, "The largest rate of one instance that meets %s", text(root, "slo"));
    f->figure->x_name = words(f, "configuration");
    f->figure->value_name = words(f, "requests/s of one instance");
    f->figure->group_name = words(f, "verdict");
    json_array_foreach(json_object_get(root, "rows"), i, row)
    {
        const double count = number(row, "instances");
        char needed[40] = "";

        if (isfinite(count))
            (void)snprintf(needed, sizeof needed, ", %.0f needed", count);
        add(f,
            words(f, "%s%s%s%s", text(row, "configuration"),
                  *text(row, "instance") ? " on " : "", text(row, "instance"),
                  needed),
            words(f, "%s", text(row, "verdict")), (double)NAN,
            number(row, "max_rps"), number(row, "max_rps_low"),
            number(row, "max_rps_high"));
    }
}

/* ---- calibrate ---- */

static void of_costs(struct filling *f, const json_t *root, const char *metric)
{
    size_t i;
    json_t *row;

    (void)metric;
    f->figure->kind = RP_FIGURE_BARS;
    f->figure->title = words(f, "Unit costs, with 95 %% intervals");
    f->figure->x_name = words(f, "cost");
    f->figure->value_name = words(f, "each time that it is paid, us");
    f->figure->group_name = words(f, "%s", "");
    json_array_foreach(json_object_get(root, "rows"), i, row) add(
        f, words(f, "%s", text(row, "cost")), words(f, "%s", ""), (double)NAN,
        number(row, "mean_us"), number(row, "low_us"), number(row, "high_us"));
}

static void of_correlations(struct filling *f, const json_t *root,
                            const char *metric)
{
    size_t i;
    json_t *row;

    (void)metric;
    f->figure->kind = RP_FIGURE_MAP;
    f->figure->title = words(f, "Which costs the runs tell apart");
    f->figure->x_name =
        words(f, "correlation of errors: near 1 or -1, not told apart");
    f->figure->value_name = words(f, "correlation");
    f->figure->group_name = words(f, "cost");
    json_array_foreach(json_object_get(root, "correlations"), i, row)
        add(f, words(f, "%s", text(row, "other")),
            words(f, "%s", text(row, "cost")), (double)NAN,
            number(row, "correlation"), (double)NAN, (double)NAN);
}

/* Times, factors and counts have one scale in percent of themselves. */
static void of_loadcosts(struct filling *f, const json_t *root,
                         const char *metric)
{
    size_t i;
    json_t *row;

    (void)metric;
    f->figure->kind = RP_FIGURE_BARS;
    f->figure->title =
        words(f, "How well the runs tell what happens under load");
    f->figure->x_name = words(f, "parameter");
    f->figure->value_name = words(f, "standard error, %% of the value");
    f->figure->group_name = words(f, "known by");
    json_array_foreach(json_object_get(root, "under_load"), i, row)
        add(f, words(f, "%s", text(row, "parameter")),
            words(f, "%s", text(row, "known_by")), (double)NAN,
            100.0 * number(row, "se") / number(row, "value"), (double)NAN,
            (double)NAN);
}

static void of_residuals(struct filling *f, const json_t *root,
                         const char *metric)
{
    size_t i;
    json_t *row;

    (void)metric;
    f->figure->kind = RP_FIGURE_SCATTER;
    f->figure->title = words(f, "The fit against what it was made from: mean");
    f->figure->x_name = words(f, "measured mean, ms");
    f->figure->value_name = words(f, "fitted mean, ms");
    f->figure->group_name = words(f, "data set");
    json_array_foreach(json_object_get(root, "residuals"), i, row)
    {
        const double measured = number(row, "measured_mean_ms");
        const double fitted = number(row, "fitted_mean_ms");

        if (measured > 0.0 && fitted > 0.0)
            add(f, words(f, "%s", text(row, "configuration")),
                words(f, "%s", text(row, "dataset")), measured, fitted,
                (double)NAN, (double)NAN);
    }
}

static void of_accuracy(struct filling *f, const json_t *root,
                        const char *metric)
{
    size_t i;
    json_t *row;

    (void)metric;
    f->figure->kind = RP_FIGURE_BARS;
    f->figure->title =
        words(f, "What prediction intervals are made of: standard deviations");
    f->figure->x_name = words(f, "requests, metric");
    f->figure->value_name = words(f, "%% of what is predicted");
    f->figure->group_name = words(f, "of");
    json_array_foreach(json_object_get(root, "accuracy"), i, row)
    {
        add(f, words(f, "%s, %s", text(row, "situation"), text(row, "metric")),
            words(f, "one run about the typical one"), (double)NAN,
            number(row, "run_sd_percent"), (double)NAN, (double)NAN);
        add(f, words(f, "%s, %s", text(row, "situation"), text(row, "metric")),
            words(f, "the fit, beyond that"), (double)NAN,
            number(row, "misfit_sd_percent"), (double)NAN, (double)NAN);
    }
}

/* ---- Errors beside noise: of validate, and of calibrate ---- */

/* Servers apart are in the table; a picture of all would be a wall. */
static void of_errors(struct filling *f, const json_t *rows)
{
    size_t i;
    json_t *row;

    f->figure->kind = RP_FIGURE_BARS;
    f->figure->x_name = words(f, "data set, metric");
    f->figure->value_name = words(f, "median over configurations, %%");
    f->figure->group_name = words(f, "of");
    json_array_foreach(rows, i, row)
    {
        if (strcmp(text(row, "server"), "all") != 0)
            continue;
        add(f, words(f, "%s, %s", text(row, "dataset"), text(row, "metric")),
            words(f, "error of the prediction"), (double)NAN,
            number(row, "median_error_percent"), (double)NAN, (double)NAN);
        add(f, words(f, "%s, %s", text(row, "dataset"), text(row, "metric")),
            words(f, "measuring again"), (double)NAN,
            number(row, "noise_percent"), (double)NAN, (double)NAN);
    }
}

static void of_validate_errors(struct filling *f, const json_t *root,
                               const char *metric)
{
    (void)metric;
    f->figure->title =
        words(f, "Errors of predictions beside those of measuring again");
    of_errors(f, json_object_get(root, "summary"));
}

static void of_left_out(struct filling *f, const json_t *root,
                        const char *metric)
{
    (void)metric;
    f->figure->title = words(f, "Errors on stacks that were left out, beside "
                                "those of measuring again");
    of_errors(f, json_object_get(root, "left_out"));
}

/* ---- Lists of words ---- */

static bool has(const char *const *list, size_t count, const char *word)
{

    for (size_t i = 0; i < count; i++) {
        assert(list[i] && "lists are filled from their beginning");
        if (strcmp(list[i], word) == 0)
            return true;
    }
    return false;
}

static void list_words(struct filling *f)
{
    struct rp_figure *const figure = f->figure;
    const size_t room = figure->point_count + 1;

    figure->groups = calloc(room, sizeof *figure->groups);
    figure->labels = calloc(room, sizeof *figure->labels);
    f->failed = f->failed || !figure->groups || !figure->labels;
    for (size_t i = 0; i < figure->point_count && !f->failed; i++) {
        const struct rp_figure_point *const p = &figure->points[i];

        if (!has(figure->groups, figure->group_count, p->group))
            figure->groups[figure->group_count++] = p->group;
        /* A scatter's labels are as many as its points, and nobody's axis. */
        if (figure->kind != RP_FIGURE_SCATTER &&
            !has(figure->labels, figure->label_count, p->label))
            figure->labels[figure->label_count++] = p->label;
    }
}

size_t rp_figure_place(const char *const *words, size_t count, const char *word)
{
    size_t place = 0;

    while (place < count && strcmp(words[place], word) != 0)
        place++;
    assert(place < count && "the word is in the list");
    return place;
}

/* ---- The whole ---- */

/* The pictures of a kind stand together; the first is that of who names
 * none. */
static const struct source {
    enum rp_resultfile_kind kind;
    const char *part;
    void (*fill)(struct filling *f, const json_t *root, const char *metric);
    bool has_metric;
    const char *nothing; /* why there may be nothing to draw */
} sources[] = {
    {RP_RESULTFILE_EXPLAIN, "steps", of_explain, false,
     "no step has a cost: give explain a --profile"},
    {RP_RESULTFILE_AGAINST, "items", of_against, false,
     "no item has a cost: give explain a --profile"},
    {RP_RESULTFILE_SIMULATE, "latencies", of_simulate, false,
     "no scenario has latencies: one that is overloaded has none, lower its "
     "load"},
    {RP_RESULTFILE_VALIDATE, "predictions", of_validate, true,
     "no row has that metric, measured and predicted: name another --metric"},
    {RP_RESULTFILE_VALIDATE, "errors", of_validate_errors, false,
     "no error is summed up: let this version of reqpath validate write the "
     "file anew"},
    {RP_RESULTFILE_WHATIF, "variants", of_whatif, true,
     "no variant has that metric: name another --metric"},
    {RP_RESULTFILE_PLAN, "rates", of_plan, false,
     "no configuration meets the objective at any rate: loosen --slo"},
    {RP_RESULTFILE_CALIBRATE, "costs", of_costs, false,
     "no cost has a mean: calibrate from more runs"},
    {RP_RESULTFILE_CALIBRATE, "correlations", of_correlations, false,
     "the costs have no errors that could be correlated: calibrate from more "
     "runs"},
    {RP_RESULTFILE_CALIBRATE, "load", of_loadcosts, false,
     "what happens under load was not fitted: calibrate without --alone, from "
     "runs with several clients"},
    {RP_RESULTFILE_CALIBRATE, "residuals", of_residuals, false,
     "no configuration has a residual: calibrate from more runs"},
    {RP_RESULTFILE_CALIBRATE, "left-out", of_left_out, false,
     "no stack could be left out: calibrate from runs of several"},
    {RP_RESULTFILE_CALIBRATE, "accuracy", of_accuracy, false,
     "no accuracy is known: calibrate from several runs of a configuration"},
};

enum { SOURCE_COUNT = sizeof sources / sizeof *sources };

/* NULL: the kind has no such part. */
static const struct source *source_of(enum rp_resultfile_kind kind,
                                      const char *part)
{
    for (size_t i = 0; i < SOURCE_COUNT; i++)
        if (sources[i].kind == kind &&
            (!part || strcmp(sources[i].part, part) == 0))
            return &sources[i];
    return NULL;
}

size_t rp_figure_parts(enum rp_resultfile_kind kind,
                       const char *parts[RP_FIGURE_PARTS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < SOURCE_COUNT; i++)
        if (sources[i].kind == kind) {
            assert(count < RP_FIGURE_PARTS_MAX);
            parts[count++] = sources[i].part;
        }
    return count;
}

static const char *metric_of(const struct rp_resultfile *file,
                             const char *metric)
{
    const char *const own = text(file->root, "metric");

    if (metric)
        return metric;
    return file->kind == RP_RESULTFILE_WHATIF && *own ? own : "mean_ms";
}

static enum rp_code no_part(const struct rp_resultfile *file, const char *part,
                            struct rp_error *error)
{
    const char *parts[RP_FIGURE_PARTS_MAX];
    const size_t count = rp_figure_parts(file->kind, parts);
    struct rp_error word = {0};

    (void)rp_fail_word(&word, part, parts, count);
    return rp_fail_at(error, RP_ERR_VALUE, file->name, 0, 0,
                      "the picture of a result of %s: %s",
                      rp_resultfile_command(file->kind), word.text);
}

enum rp_code rp_figure_of(const struct rp_resultfile *file, const char *part,
                          const char *metric, struct rp_figure *figure,
                          struct rp_error *error)
{
    const struct source *const source = source_of(file->kind, part);
    struct rp_figure made = {.reference = (double)NAN};
    struct filling f = {.figure = &made};

    if (!source)
        return no_part(file, part, error);
    if (metric && !source->has_metric)
        return rp_fail_at(error, RP_ERR_VALUE, file->name, 0, 0,
                          "this picture of a result of %s is the same "
                          "whatever the metric: leave --metric out",
                          rp_resultfile_command(file->kind));
    source->fill(&f, file->root, metric_of(file, metric));
    list_words(&f);
    if (!f.failed && made.point_count > 0) {
        *figure = made;
        return RP_OK;
    }
    rp_figure_free(&made);
    if (f.failed)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a figure");
    return rp_fail_at(error, RP_ERR_VALUE, file->name, 0, 0,
                      "there is nothing to draw: %s", source->nothing);
}

void rp_figure_free(struct rp_figure *figure)
{
    for (size_t i = 0; i < figure->point_count; i++) {
        free(figure->points[i].label);
        free(figure->points[i].group);
    }
    free(figure->points);
    free(figure->groups);
    free(figure->labels);
    free(figure->title);
    free(figure->x_name);
    free(figure->value_name);
    free(figure->group_name);
    *figure = (struct rp_figure){.points = NULL};
}

struct rp_table *rp_figure_table(const struct rp_figure *figure)
{
    static const struct rp_column columns[] = {
        {"label", NULL, RP_COLUMN_TEXT, 0},
        {"group", NULL, RP_COLUMN_TEXT, 0},
        {"x", NULL, RP_COLUMN_NUMBER, 0},
        {"value", NULL, RP_COLUMN_NUMBER, 0},
        {"low", NULL, RP_COLUMN_NUMBER, 0},
        {"high", NULL, RP_COLUMN_NUMBER, 0},
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < figure->point_count; i++) {
        const struct rp_figure_point *const p = &figure->points[i];

        rp_table_row(table);
        rp_table_text(table, 0, p->label);
        rp_table_text(table, 1, p->group);
        rp_table_number(table, 2, p->x);
        rp_table_number(table, 3, p->value);
        rp_table_number(table, 4, p->low);
        rp_table_number(table, 5, p->high);
    }
    return table;
}

double rp_figure_nines(double percent)
{
    return -log10(1.0 - percent / 100.0);
}

void rp_figure_number(double number, char text[32])
{
    const bool large = fabs(number) >= 9999.5 && fabs(number) < 1e15;

    (void)snprintf(text, 32, large ? "%.0f" : "%.4g", number);
}
