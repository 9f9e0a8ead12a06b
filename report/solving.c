/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/solving.h"

#include "report/fold.h"
#include "report/readable.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Metrics are kept per second and in nanoseconds, and shown in 1/s and ms. */
static double shown(enum rp_metric metric, double value)
{
    return metric == RP_METRIC_RPS ? value : value / 1e6;
}

static const char *bottleneck(const struct rp_solution *s)
{
    return s->bottleneck < s->place_count ? s->places[s->bottleneck].name
                                          : NULL;
}

/* ---- Several ---- */

#define NUMBER_COLUMN(name, words)                                             \
    {                                                                          \
        .key = name, .heading = words, .kind = RP_COLUMN_NUMBER                \
    }
#define TEXT_COLUMN(name, words)                                               \
    {                                                                          \
        .key = name, .heading = words, .kind = RP_COLUMN_TEXT                  \
    }
#define FIGURE_COLUMN(name, words)                                             \
    {                                                                          \
        .key = name, .heading = words, .kind = RP_COLUMN_FIGURE                \
    }
#define COUNT_COLUMN(name, words)                                              \
    {                                                                          \
        .key = name, .heading = words, .kind = RP_COLUMN_COUNT                 \
    }

static struct rp_table *rows_for_people(const struct rp_solution *solutions,
                                        size_t count)
{
    static const struct rp_column columns[] = {
        TEXT_COLUMN("scenario", NULL),
        TEXT_COLUMN("method", NULL),
        NUMBER_COLUMN("rps", "requests/s"),
        NUMBER_COLUMN("mean_ms", "mean ms"),
        NUMBER_COLUMN("rps_low", "at least"),
        NUMBER_COLUMN("rps_high", "at most"),
        TEXT_COLUMN("bottleneck", NULL),
        NUMBER_COLUMN("saturation_clients", "saturated from"),
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < count; i++) {
        const struct rp_solution *const s = &solutions[i];

        rp_table_row(table);
        rp_table_text(table, 0, s->scenario);
        rp_table_text(table, 1, rp_method_word(s->method));
        rp_table_number(table, 2, s->metrics[RP_METRIC_RPS]);
        rp_table_number(table, 3,
                        shown(RP_METRIC_MEAN, s->metrics[RP_METRIC_MEAN]));
        rp_table_number(table, 4, s->bounds.rps_low);
        rp_table_number(table, 5, s->bounds.rps_high);
        rp_table_text(table, 6, bottleneck(s));
        rp_table_number(table, 7, s->saturation_clients);
    }
    if (table)
        rp_table_note(table, "saturated from: so many clients would keep the "
                             "bottleneck busy if nobody ever waited");
    return table;
}

static struct rp_table *rows_for_programs(const struct rp_solution *solutions,
                                          size_t count)
{
    static const struct rp_column columns[] = {
        TEXT_COLUMN("scenario", NULL),
        TEXT_COLUMN("method", NULL),
        COUNT_COLUMN("exact", NULL),
        NUMBER_COLUMN("rps", NULL),
        NUMBER_COLUMN("mean_ms", NULL),
        NUMBER_COLUMN("p50_ms", NULL),
        NUMBER_COLUMN("p90_ms", NULL),
        NUMBER_COLUMN("p95_ms", NULL),
        NUMBER_COLUMN("p99_ms", NULL),
        NUMBER_COLUMN("alone_ms", NULL),
        NUMBER_COLUMN("in_flight", NULL),
        NUMBER_COLUMN("rps_low", NULL),
        NUMBER_COLUMN("rps_high", NULL),
        NUMBER_COLUMN("balanced_rps_low", NULL),
        NUMBER_COLUMN("balanced_rps_high", NULL),
        NUMBER_COLUMN("mean_low_ms", NULL),
        NUMBER_COLUMN("mean_high_ms", NULL),
        COUNT_COLUMN("saturated", NULL),
        NUMBER_COLUMN("capacity_per_s", NULL),
        TEXT_COLUMN("bottleneck", NULL),
        NUMBER_COLUMN("saturation_clients", NULL),
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < count; i++) {
        const struct rp_solution *const s = &solutions[i];
        const struct rp_solution_bounds *const b = &s->bounds;
        const double numbers[] = {
            s->alone_ns / 1e6,    s->in_flight_mean,     b->rps_low,
            b->rps_high,          b->balanced_rps_low,   b->balanced_rps_high,
            b->mean_low_ns / 1e6, b->mean_high_ns / 1e6, s->saturated,
            s->capacity_per_s,
        };
        const size_t more = sizeof numbers / sizeof *numbers;

        rp_table_row(table);
        rp_table_text(table, 0, s->scenario);
        rp_table_text(table, 1, rp_method_word(s->method));
        rp_table_number(table, 2, s->exact);
        for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
            rp_table_number(table, 3 + m,
                            shown((enum rp_metric)m, s->metrics[m]));
        for (size_t k = 0; k < more; k++)
            rp_table_number(table, 3 + RP_METRIC_COUNT + k, numbers[k]);
        rp_table_text(table, 3 + RP_METRIC_COUNT + more, bottleneck(s));
        rp_table_number(table, 4 + RP_METRIC_COUNT + more,
                        s->saturation_clients);
    }
    return table;
}

struct rp_table *rp_solving_rows(const struct rp_solution *solutions,
                                 size_t count, bool for_people)
{
    return for_people ? rows_for_people(solutions, count)
                      : rows_for_programs(solutions, count);
}

/* ---- One in full ---- */

static void note_metrics(struct rp_table *table, const struct rp_solution *s)
{
    if (!s->open && isnan(s->bounds.balanced_rps_low))
        rp_table_note(table, "balanced job bounds hold for product-form "
                             "networks, of which this is none");
    if (isnan(s->metrics[RP_METRIC_P50]))
        rp_table_note(table, "no closed form has percentiles here: reqpath "
                             "simulate has them");
}

/* What a metric is at least and at most, by both kinds of bounds: none but
 * throughput and mean has any. */
enum { BOUNDS = 4 };

static size_t bounds_of(const struct rp_solution *s, enum rp_metric metric,
                        double bounds[BOUNDS])
{
    const struct rp_solution_bounds *const b = &s->bounds;
    const double of_rps[BOUNDS] = {b->rps_low, b->rps_high, b->balanced_rps_low,
                                   b->balanced_rps_high};
    const double of_mean[BOUNDS] = {b->mean_low_ns, b->mean_high_ns,
                                    b->balanced_mean_low_ns,
                                    b->balanced_mean_high_ns};

    if (metric > RP_METRIC_MEAN)
        return 0;
    memcpy(bounds, metric == RP_METRIC_RPS ? of_rps : of_mean, sizeof of_rps);
    return BOUNDS;
}

struct rp_table *rp_solving_metrics(const struct rp_solution *s)
{
    static const struct rp_column columns[] = {
        {.key = "metric", .heading = "", .kind = RP_COLUMN_TEXT},
        NUMBER_COLUMN("value", NULL),
        NUMBER_COLUMN("low", "at least"),
        NUMBER_COLUMN("high", "at most"),
        NUMBER_COLUMN("balanced_low", "balanced from"),
        NUMBER_COLUMN("balanced_high", "to"),
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (unsigned m = 0; table && m < RP_METRIC_COUNT; m++) {
        const enum rp_metric metric = (enum rp_metric)m;
        double bounds[BOUNDS];
        const size_t count = bounds_of(s, metric, bounds);
        char name[64];

        if (count == 0 && isnan(s->metrics[m]))
            continue;
        (void)snprintf(name, sizeof name, "%s%s", rp_metric_heading(metric),
                       metric == RP_METRIC_RPS ? "" : ", ms");
        rp_table_row(table);
        rp_table_text(table, 0, name);
        rp_table_number(table, 1, shown(metric, s->metrics[m]));
        for (size_t k = 0; k < count; k++)
            rp_table_number(table, 2 + k, shown(metric, bounds[k]));
    }
    if (table)
        note_metrics(table, s);
    return table;
}

static void put_readable(struct rp_table *table, size_t column,
                         enum rp_readable_kind kind, double value)
{
    char text[RP_READABLE_SIZE];

    rp_table_text(table, column, rp_readable(kind, value, NAN, false, text));
}

static struct rp_table *metrics_for_people(const struct rp_solution *s)
{
    static const struct rp_column columns[] = {
        {.key = "metric", .heading = "", .kind = RP_COLUMN_TEXT},
        FIGURE_COLUMN("value", NULL),
        FIGURE_COLUMN("low", "at least"),
        FIGURE_COLUMN("high", "at most"),
        FIGURE_COLUMN("balanced_low", "balanced from"),
        FIGURE_COLUMN("balanced_high", "to"),
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (unsigned m = 0; table && m < RP_METRIC_COUNT; m++) {
        const enum rp_readable_kind kind =
            m == RP_METRIC_RPS ? RP_READABLE_RATE : RP_READABLE_TIME;
        double bounds[BOUNDS];
        const size_t count = bounds_of(s, (enum rp_metric)m, bounds);

        if (count == 0 && isnan(s->metrics[m]))
            continue;
        rp_table_row(table);
        rp_table_text(table, 0, rp_metric_heading((enum rp_metric)m));
        put_readable(table, 1, kind, s->metrics[m]);
        for (size_t k = 0; k < count; k++)
            put_readable(table, 2 + k, kind, bounds[k]);
    }
    if (table)
        note_metrics(table, s);
    return table;
}

struct rp_table *rp_solving_places(const struct rp_solution *s)
{
    static const struct rp_column columns[] = {
        TEXT_COLUMN("place", NULL),
        COUNT_COLUMN("servers", NULL),
        {.key = "demand_ms",
         .heading = "held ms",
         .kind = RP_COLUMN_FIXED,
         .digits = 3},
        {.key = "visits",
         .heading = "visits/request",
         .kind = RP_COLUMN_FIXED,
         .digits = 2},
        NUMBER_COLUMN("limit_per_s", "limit/s"),
        {.key = "in_use_percent",
         .heading = "in use %",
         .kind = RP_COLUMN_FIXED,
         .digits = 1},
        {.key = "queue",
         .heading = "waiting",
         .kind = RP_COLUMN_FIXED,
         .digits = 2},
        {.key = "wait_ms",
         .heading = "wait ms",
         .kind = RP_COLUMN_FIXED,
         .digits = 3},
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < s->place_count; i++) {
        const struct rp_solution_place *const p = &s->places[i];

        rp_table_row(table);
        rp_table_text(table, 0, p->name);
        rp_table_number(table, 1, p->servers);
        rp_table_number(table, 2, p->demand_ns / 1e6);
        rp_table_number(table, 3, p->visits);
        rp_table_number(table, 4, p->limit_per_s);
        rp_table_number(table, 5, 100.0 * p->utilisation);
        rp_table_number(table, 6, p->queue_mean);
        rp_table_number(table, 7, p->wait_ns / 1e6);
    }
    if (table)
        rp_table_note(table, "held: by a request that is alone, with all that "
                             "it does inside");
    return table;
}

struct rp_table *rp_solving_classes(const struct rp_solution *s)
{
    static const struct rp_column columns[] = {
        TEXT_COLUMN("class", NULL),
        NUMBER_COLUMN("rps", "requests/s"),
        NUMBER_COLUMN("mean_ms", "mean ms"),
        NUMBER_COLUMN("alone_ms", "alone ms"),
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < s->class_count; i++) {
        rp_table_row(table);
        rp_table_text(table, 0, s->classes[i].name);
        rp_table_number(table, 1, s->classes[i].rps);
        rp_table_number(table, 2, s->classes[i].mean_ns / 1e6);
        rp_table_number(table, 3, s->classes[i].alone_ns / 1e6);
    }
    return table;
}

static enum rp_code print_table(struct rp_table *table, enum rp_format format,
                                int width, FILE *out, struct rp_error *error)
{
    enum rp_code code = RP_ERR_MEMORY;

    if (!table)
        return rp_fail(error, code, "out of memory for a table");
    code = rp_table_print(table, format, "", NULL, width, out, error);
    rp_table_free(table);
    return code;
}

static void print_heading(const struct rp_solution *s, enum rp_format format,
                          int width, FILE *out)
{
    const bool marked = format == RP_FORMAT_MARKDOWN;
    char alone[RP_READABLE_SIZE];

    fprintf(out, "%s%s%s\n\n", marked ? "## " : "", s->scenario,
            s->saturated ? ": more arrives than is served" : "");
    rp_fold_format(out, width, "by %s, %s", rp_method_word(s->method),
                   rp_method_meaning(s->method));
    fputs(marked ? "\n" : "", out);
    rp_fold_format(out, width, "because %s", s->why);
    fputs(marked ? "\n" : "", out);
    rp_fold_format(out, width, "%s", s->trust);
    fputc('\n', out);
    (void)rp_readable(RP_READABLE_TIME, s->alone_ns, NAN, false, alone);
    if (s->open)
        rp_fold_format(out, width,
                       "a request that is alone takes %s; %.4g requests/s "
                       "arrive, %.4g/s could be served",
                       alone, s->offered_per_s, s->capacity_per_s);
    else
        rp_fold_format(out, width,
                       "a request that is alone takes %s; %u client%s, and "
                       "%s would be always taken from %.4g on if nobody ever "
                       "waited",
                       alone, s->clients, s->clients == 1 ? "" : "s",
                       bottleneck(s), s->saturation_clients);
    fputc('\n', out);
}

enum rp_code rp_solving_print(const struct rp_solution *solution,
                              enum rp_format format, int width, FILE *out,
                              struct rp_error *error)
{
    enum rp_code code;

    assert(format == RP_FORMAT_TEXT || format == RP_FORMAT_MARKDOWN);
    print_heading(solution, format, width, out);
    code = print_table(metrics_for_people(solution), format, width, out, error);
    fputc('\n', out);
    if (!code)
        code =
            print_table(rp_solving_places(solution), format, width, out, error);
    if (code || solution->class_count == 0)
        return code;
    fputc('\n', out);
    return print_table(rp_solving_classes(solution), format, width, out, error);
}

/* ---- JSON ---- */

static json_t *rows_of(struct rp_table *table)
{
    json_t *const rows = table ? rp_table_to_json(table) : NULL;

    rp_table_free(table);
    return rows;
}

static json_t *lines_of(const char *text)
{
    json_t *const lines = json_array();

    while (lines && *text) {
        const size_t length = strcspn(text, "\n");

        (void)json_array_append_new(lines, json_stringn(text, length));
        text += length + (text[length] == '\n');
    }
    return lines;
}

json_t *rp_solving_json(const struct rp_solution *solutions, size_t count)
{
    json_t *const all = json_array();

    for (size_t i = 0; all && i < count; i++) {
        const struct rp_solution *const s = &solutions[i];
        json_t *const one = json_pack(
            "{s:s, s:s, s:s, s:b, s:s, s:s, s:o, s:o, s:o, s:o}", "scenario",
            s->scenario, "method", rp_method_word(s->method), "meaning",
            rp_method_meaning(s->method), "exact", s->exact, "why", s->why,
            "trust", s->trust, "metrics", rows_of(rp_solving_metrics(s)),
            "places", rows_of(rp_solving_places(s)), "classes",
            rows_of(rp_solving_classes(s)), "warnings", lines_of(s->warnings));

        if (json_array_append_new(all, one)) {
            json_decref(all);
            return NULL;
        }
    }
    return all;
}
