/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/simulation.h"

#include "report/fold.h"
#include "report/readable.h"
#include "report/tiers.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Units ---- */

/* Metrics are kept per second and in nanoseconds, and shown in 1/s and ms. */
static double shown(enum rp_metric metric, double value)
{
    return metric == RP_METRIC_RPS ? value : value / 1e6;
}

/* ---- The forecast ---- */

enum { NUMBER_SIZE = 32, BESIDE_SIZE = 4 * NUMBER_SIZE };

/* Three or four digits, and no exponent: 1047, not 1.05e+03. */
static const char *readable(double value, int digits, char text[NUMBER_SIZE])
{
    const bool whole = fabs(value) >= pow(10.0, digits) - 0.5 && value < 1e12;

    if (whole)
        (void)snprintf(text, NUMBER_SIZE, "%.0f", value);
    else
        (void)snprintf(text, NUMBER_SIZE, "%.*g", digits, value);
    return text;
}

/* "812.4 (760.1 .. 870)": the value and its prediction interval. */
static const char *beside(enum rp_metric metric, const struct rp_estimate *e,
                          char text[BESIDE_SIZE])
{
    char value[NUMBER_SIZE], low[NUMBER_SIZE], high[NUMBER_SIZE];

    if (isnan(e->value))
        return NULL;
    if (isnan(e->low))
        (void)snprintf(text, BESIDE_SIZE, "%s",
                       readable(shown(metric, e->value), 4, value));
    else
        (void)snprintf(text, BESIDE_SIZE, "%s (%s .. %s)",
                       readable(shown(metric, e->value), 4, value),
                       readable(shown(metric, e->low), 3, low),
                       readable(shown(metric, e->high), 3, high));
    return text;
}

/* The profile knows noise and misfit of requests one at a time alone. */
static bool is_loaded(const struct rp_result *result)
{
    return result->is_of_alone && result->in_flight_mean > 1.0 &&
           !result->saturated;
}

#define UNDER_LOAD                                                             \
    "noise and misfit in the 95 %% interval are those of requests one at a "   \
    "time: under load errors are larger (reqpath validate says by how much)"

/* The seed is echoed wherever random numbers made a result. */
static void note_seeds(struct rp_table *table, const struct rp_result *results,
                       size_t count)
{
    bool same = true;

    for (size_t i = 1; i < count; i++)
        same &= results[i].seed == results[0].seed;
    for (size_t i = 0; i < (same && count > 0 ? 1 : count); i++)
        rp_table_note(table, "seed %llu%s%s",
                      (unsigned long long)results[i].seed, same ? "" : ": ",
                      same ? "" : results[i].scenario);
}

enum { TIERS_SIZE = 48 };

/* "saturated, extrapolated": a place without room hides no distance. */
static const char *tiers_of(const struct rp_validity *v, char text[TIERS_SIZE])
{
    const bool both = v->tier != v->range;

    (void)snprintf(text, TIERS_SIZE, "%s%s%s", rp_tier_word(v->tier),
                   both ? ", " : "", both ? rp_tier_word(v->range) : "");
    return text;
}

static struct rp_table *forecast_for_people(const struct rp_result *results,
                                            size_t count)
{
    struct rp_column columns[1 + RP_METRIC_COUNT + 1] = {
        {.key = "scenario", .kind = RP_COLUMN_TEXT}};
    struct rp_table *table;
    char tiers[TIERS_SIZE];

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        columns[1 + m] =
            (struct rp_column){.key = rp_metric_key((enum rp_metric)m),
                               .heading = rp_metric_heading((enum rp_metric)m),
                               .kind = RP_COLUMN_TEXT};
    columns[1 + RP_METRIC_COUNT] =
        (struct rp_column){.key = "validity", .kind = RP_COLUMN_TEXT};
    table = rp_table_new(columns, 1 + RP_METRIC_COUNT + 1);
    for (size_t i = 0; table && i < count; i++) {
        rp_table_row(table);
        rp_table_text(table, 0, results[i].scenario);
        for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
            char text[BESIDE_SIZE];
            rp_table_text(
                table, 1 + m,
                beside((enum rp_metric)m, &results[i].metrics[m], text));
        }
        rp_table_text(table, 1 + RP_METRIC_COUNT,
                      tiers_of(&results[i].validity, tiers));
    }
    if (table) {
        rp_table_note(table, "times in ms, with their 95 %% prediction "
                             "intervals");
        for (size_t i = 0; i < count; i++)
            if (is_loaded(&results[i])) {
                rp_table_note(table, UNDER_LOAD);
                break;
            }
        note_seeds(table, results, count);
    }
    return table;
}

/* Keys end in the unit: mean_ms is followed by mean_low_ms. */
#define METRIC_COLUMNS(X)                                                      \
    X(RP_METRIC_RPS, "rps", "rps_low", "rps_high")                             \
    X(RP_METRIC_MEAN, "mean_ms", "mean_low_ms", "mean_high_ms")                \
    X(RP_METRIC_P50, "p50_ms", "p50_low_ms", "p50_high_ms")                    \
    X(RP_METRIC_P90, "p90_ms", "p90_low_ms", "p90_high_ms")                    \
    X(RP_METRIC_P95, "p95_ms", "p95_low_ms", "p95_high_ms")                    \
    X(RP_METRIC_P99, "p99_ms", "p99_low_ms", "p99_high_ms")

#define NUMBER_COLUMN(name)                                                    \
    {                                                                          \
        .key = name, .kind = RP_COLUMN_NUMBER                                  \
    }
#define AS_COLUMNS(metric, value, low, high)                                   \
    NUMBER_COLUMN(value), NUMBER_COLUMN(low), NUMBER_COLUMN(high),
#define AS_METRIC(metric, value, low, high) metric,

static const enum rp_metric shown_metrics[] = {METRIC_COLUMNS(AS_METRIC)};

#define COUNT_COLUMN(name, words)                                              \
    {                                                                          \
        .key = name, .heading = words, .kind = RP_COLUMN_COUNT                 \
    }
#define PERCENT_COLUMN(name)                                                   \
    {                                                                          \
        .key = name, .heading = "%", .kind = RP_COLUMN_FIXED, .digits = 1      \
    }

/* What add_fate() fills. */
#define FATE_COLUMNS                                                           \
    COUNT_COLUMN("answered", NULL), COUNT_COLUMN("late", NULL),                \
        PERCENT_COLUMN("late_percent"),                                        \
        COUNT_COLUMN("turned_away", "turned away"),                            \
        PERCENT_COLUMN("turned_away_percent"), COUNT_COLUMN("left", NULL),     \
        PERCENT_COLUMN("left_percent"), COUNT_COLUMN("given_up", "given up"),  \
        PERCENT_COLUMN("given_up_percent")

static void add_fate(struct rp_table *table, size_t column,
                     const struct rp_fate *f)
{
    const double values[] = {
        (double)f->answered,
        (double)f->late,
        100.0 * rp_fate_late(f),
        (double)f->turned_away,
        100.0 * rp_fate_turned_away(f),
        (double)f->left,
        100.0 * rp_fate_left(f),
        (double)f->given_up,
        100.0 * rp_fate_given_up(f),
    };

    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        rp_table_number(table, column + i, values[i]);
}

/* Three columns from `column` on. */
static void add_validity(struct rp_table *table, size_t column,
                         const struct rp_validity *validity)
{
    char axes[256];

    rp_table_text(table, column, rp_tier_word(validity->tier));
    rp_table_text(table, column + 1,
                  rp_axes_text(validity->beyond, " ", axes, sizeof axes));
    rp_table_text(table, column + 2,
                  rp_axes_text(validity->between, " ", axes, sizeof axes));
}

static struct rp_table *forecast_for_programs(const struct rp_result *results,
                                              size_t count)
{
    static const struct rp_column columns[] = {
        {.key = "scenario", .kind = RP_COLUMN_TEXT},
        METRIC_COLUMNS(AS_COLUMNS){.key = "saturated", .kind = RP_COLUMN_COUNT},
        NUMBER_COLUMN("capacity_per_s"),
        NUMBER_COLUMN("in_flight"),
        {.key = "seed", .kind = RP_COLUMN_COUNT},
        {.key = "replications", .kind = RP_COLUMN_COUNT},
        FATE_COLUMNS,
        {.key = "validity", .kind = RP_COLUMN_TEXT},
        {.key = "extrapolated", .kind = RP_COLUMN_TEXT},
        {.key = "interpolated", .kind = RP_COLUMN_TEXT},
    };
    const size_t metrics = sizeof shown_metrics / sizeof *shown_metrics;
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < count; i++) {
        const struct rp_result *const r = &results[i];

        rp_table_row(table);
        rp_table_text(table, 0, r->scenario);
        for (size_t k = 0; k < metrics; k++) {
            const enum rp_metric m = shown_metrics[k];
            const struct rp_estimate *const e = &r->metrics[m];

            rp_table_number(table, 1 + 3 * k, shown(m, e->value));
            rp_table_number(table, 2 + 3 * k, shown(m, e->low));
            rp_table_number(table, 3 + 3 * k, shown(m, e->high));
        }
        rp_table_number(table, 1 + 3 * metrics, r->saturated);
        rp_table_number(table, 2 + 3 * metrics, r->capacity_per_s);
        rp_table_number(table, 3 + 3 * metrics, r->in_flight_mean);
        rp_table_number(table, 4 + 3 * metrics, (double)r->seed);
        rp_table_number(table, 5 + 3 * metrics, r->replications);
        add_fate(table, 6 + 3 * metrics, &r->fate);
        add_validity(table, sizeof columns / sizeof *columns - 3, &r->validity);
    }
    return table;
}

struct rp_table *rp_simulation_forecast(const struct rp_result *results,
                                        size_t count, bool for_people)
{
    return for_people ? forecast_for_people(results, count)
                      : forecast_for_programs(results, count);
}

/* ---- One result in full ---- */

#define SHARE_COLUMN(name, title)                                              \
    {                                                                          \
        .key = (name), .heading = (title), .kind = RP_COLUMN_FIXED,            \
        .digits = 1                                                            \
    }

/* What the 95 % interval is made of. */
#define PARTS                                                                  \
    "+/-: of the simulation, 95 %; of measured runs: with what is not known "  \
    "of costs, how much runs differ that are repeated, and by how much "       \
    "configurations are missed (standard deviations in %)"

struct rp_table *rp_simulation_metrics(const struct rp_result *result)
{
    static const struct rp_column columns[] = {
        {.key = "metric", .heading = "", .kind = RP_COLUMN_TEXT},
        {.key = "value", .heading = "simulated", .kind = RP_COLUMN_FIGURE},
        {.key = "interval",
         .heading = "95 % of measured runs",
         .kind = RP_COLUMN_FIGURE},
        SHARE_COLUMN("costs_sd_percent", "costs %"),
        SHARE_COLUMN("run_sd_percent", "runs %"),
        SHARE_COLUMN("misfit_sd_percent", "misfit %"),
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);
    bool any = false;

    for (unsigned m = 0; table && m < RP_METRIC_COUNT; m++) {
        const enum rp_metric metric = (enum rp_metric)m;
        const struct rp_estimate *const e = &result->metrics[m];
        const enum rp_readable_kind kind =
            metric == RP_METRIC_RPS ? RP_READABLE_RATE : RP_READABLE_TIME;
        char text[RP_READABLE_SIZE];

        rp_table_row(table);
        rp_table_text(table, 0, rp_metric_heading(metric));
        rp_table_text(table, 1,
                      rp_readable(kind, e->value, e->half_width, false, text));
        rp_table_text(table, 2,
                      rp_readable_range(kind, e->low, e->high, e->value, text));
        rp_table_number(table, 3, 100.0 * e->costs_sd / e->value);
        rp_table_number(table, 4, 100.0 * e->run_sd / e->value);
        rp_table_number(table, 5, 100.0 * e->misfit_sd / e->value);
        any |= isfinite(e->low);
    }
    if (table && any)
        rp_table_note(table, "%s", PARTS);
    if (table && is_loaded(result))
        rp_table_note(table, UNDER_LOAD);
    return table;
}

struct rp_table *rp_simulation_places(const struct rp_result *result)
{
    static const struct rp_column columns[] = {
        {.key = "place", .kind = RP_COLUMN_TEXT},
        {.key = "servers", .kind = RP_COLUMN_COUNT},
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
        {.key = "visits",
         .heading = "visits/request",
         .kind = RP_COLUMN_FIXED,
         .digits = 2},
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < result->place_count; i++) {
        const struct rp_place_result *const p = &result->places[i];

        rp_table_row(table);
        rp_table_text(table, 0, p->name);
        rp_table_number(table, 1, p->servers);
        rp_table_number(table, 2, 100.0 * p->utilisation);
        rp_table_number(table, 3, p->queue_mean);
        rp_table_number(table, 4, p->wait_ns / 1e6);
        rp_table_number(table, 5, p->visits);
    }
    return table;
}

static int longest_first(const void *a, const void *b)
{
    const struct rp_kind_result *const x = *(struct rp_kind_result *const *)a;
    const struct rp_kind_result *const y = *(struct rp_kind_result *const *)b;

    if (x->mean_ns != y->mean_ns)
        return x->mean_ns > y->mean_ns ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void add_kind(struct rp_table *table, const struct rp_kind_result *kind,
                     double total_ns)
{
    rp_table_row(table);
    rp_table_text(table, 0, kind->name);
    rp_table_number(table, 1, kind->mean_ns / 1e6);
    rp_table_number(table, 2, 100.0 * kind->mean_ns / total_ns);
}

struct rp_table *rp_simulation_kinds(const struct rp_result *result)
{
    static const struct rp_column columns[] = {
        {.key = "time",
         .heading = "time of the mean request",
         .kind = RP_COLUMN_TEXT},
        {.key = "mean_ms",
         .heading = "ms",
         .kind = RP_COLUMN_FIXED,
         .digits = 3},
        {.key = "share_percent",
         .heading = "%",
         .kind = RP_COLUMN_FIXED,
         .digits = 1},
    };
    const size_t count = result->kind_count;
    const struct rp_kind_result **const sorted =
        calloc(count + 1, sizeof *sorted);
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);
    double total_ns = 0.0;

    if (!sorted || !table) {
        free(sorted);
        rp_table_free(table);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &result->kinds[i];
        total_ns += result->kinds[i].mean_ns;
    }
    qsort(sorted, count, sizeof *sorted, longest_first);
    for (size_t i = 0; i < count; i++)
        add_kind(table, sorted[i], total_ns);
    free(sorted);
    return table;
}

/* ---- Classes ---- */

struct rp_table *rp_simulation_classes(const struct rp_result *result)
{
    static const struct rp_column columns[] = {
        {.key = "class", .kind = RP_COLUMN_TEXT},
        {.key = "requests", .kind = RP_COLUMN_COUNT},
        {.key = "rps", .heading = "requests/s", .kind = RP_COLUMN_NUMBER},
        {.key = "mean_ms", .heading = "mean ms", .kind = RP_COLUMN_NUMBER},
        {.key = "half_width_ms", .heading = "+-", .kind = RP_COLUMN_NUMBER},
        {.key = "mean_low_ms",
         .heading = "95 % from",
         .kind = RP_COLUMN_NUMBER},
        {.key = "mean_high_ms", .heading = "to", .kind = RP_COLUMN_NUMBER},
        {.key = "p50_ms", .heading = "p50", .kind = RP_COLUMN_NUMBER},
        {.key = "p90_ms", .heading = "p90", .kind = RP_COLUMN_NUMBER},
        {.key = "p95_ms", .heading = "p95", .kind = RP_COLUMN_NUMBER},
        {.key = "p99_ms", .heading = "p99", .kind = RP_COLUMN_NUMBER},
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < result->class_count; i++) {
        const struct rp_class_result *const c = &result->classes[i];
        const struct rp_estimate *const m = c->metrics;

        rp_table_row(table);
        rp_table_text(table, 0, c->name);
        rp_table_number(table, 1, (double)c->fate.answered);
        rp_table_number(table, 2, m[RP_METRIC_RPS].value);
        rp_table_number(table, 3, m[RP_METRIC_MEAN].value / 1e6);
        rp_table_number(table, 4, m[RP_METRIC_MEAN].half_width / 1e6);
        rp_table_number(table, 5, m[RP_METRIC_MEAN].low / 1e6);
        rp_table_number(table, 6, m[RP_METRIC_MEAN].high / 1e6);
        rp_table_number(table, 7, m[RP_METRIC_P50].value / 1e6);
        rp_table_number(table, 8, m[RP_METRIC_P90].value / 1e6);
        rp_table_number(table, 9, m[RP_METRIC_P95].value / 1e6);
        rp_table_number(table, 10, m[RP_METRIC_P99].value / 1e6);
    }
    return table;
}

struct rp_table *rp_simulation_fates(const struct rp_result *result)
{
    static const struct rp_column columns[] = {
        {.key = "class", .kind = RP_COLUMN_TEXT},
        FATE_COLUMNS,
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < result->class_count; i++) {
        rp_table_row(table);
        rp_table_text(table, 0, result->classes[i].name);
        add_fate(table, 1, &result->classes[i].fate);
    }
    if (!table)
        return NULL;
    rp_table_row(table);
    rp_table_text(table, 0, "all requests");
    add_fate(table, 1, &result->fate);
    rp_table_note(table, "turned away and left are attempts, in %% of all that "
                         "ended;");
    rp_table_note(table, "late is in %% of the answers, given up in %% of the "
                         "requests");
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

static void print_heading(const struct rp_result *r, enum rp_format format,
                          int width, FILE *out)
{
    char validity[RP_VALIDITY_TEXT_SIZE];

    fprintf(out, "%s%s%s\n\n", format == RP_FORMAT_MARKDOWN ? "## " : "",
            r->scenario, r->saturated ? ": more arrives than is served" : "");
    fprintf(out,
            "%llu requests in %u replication%s, %llu left out of each as "
            "warm-up, seed %llu;\n%.4g in flight on average, %llu left at the "
            "end and in no figure\n\n",
            (unsigned long long)r->requests, r->replications,
            r->replications == 1 ? "" : "s",
            (unsigned long long)r->warm_up_requests,
            (unsigned long long)r->seed, r->in_flight_mean,
            (unsigned long long)r->in_flight_at_end);
    rp_fold_format(out, width, "validity: %s",
                   rp_validity_line(&r->validity, validity, sizeof validity));
    fputc('\n', out);
}

/* Several classes, and requests that were not answered, where there are. */
static enum rp_code print_classes(const struct rp_result *result,
                                  enum rp_format format, int width, FILE *out,
                                  struct rp_error *error)
{
    enum rp_code code = RP_OK;

    if (result->class_count > 0) {
        fputc('\n', out);
        code = print_table(rp_simulation_classes(result), format, width, out,
                           error);
    }
    if (code || !result->may_fail)
        return code;
    fputc('\n', out);
    return print_table(rp_simulation_fates(result), format, width, out, error);
}

enum rp_code rp_simulation_print(const struct rp_result *result,
                                 enum rp_format format, int width, FILE *out,
                                 struct rp_error *error)
{
    enum rp_code code;

    assert(format == RP_FORMAT_TEXT || format == RP_FORMAT_MARKDOWN);
    print_heading(result, format, width, out);
    code =
        print_table(rp_simulation_metrics(result), format, width, out, error);
    fputc('\n', out);
    if (!code)
        code = print_table(rp_simulation_places(result), format, width, out,
                           error);
    if (!code)
        code = print_classes(result, format, width, out, error);
    if (code || result->saturated)
        return code;
    fputc('\n', out);
    return print_table(rp_simulation_kinds(result), format, width, out, error);
}

/* ---- JSON ---- */

static json_t *rows_of(struct rp_table *table)
{
    json_t *const rows = table ? rp_table_to_json(table) : NULL;

    rp_table_free(table);
    return rows;
}

static json_t *number_or_null(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

/* {"mean_ms": {"value": ..., "half_width": ..., "own_low": ..., "own_high":
 * ..., "low": ..., "high": ...}}: own is the interval of the simulation. */
static json_t *metrics_json(const struct rp_estimate metrics[RP_METRIC_COUNT])
{
    json_t *const all = json_object();

    for (unsigned m = 0; all && m < RP_METRIC_COUNT; m++) {
        const enum rp_metric metric = (enum rp_metric)m;
        const struct rp_estimate *const e = &metrics[m];

        (void)json_object_set_new(
            all, rp_metric_key(metric),
            json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "value",
                      number_or_null(shown(metric, e->value)), "half_width",
                      number_or_null(shown(metric, e->half_width)), "own_low",
                      number_or_null(shown(metric, e->own_low)), "own_high",
                      number_or_null(shown(metric, e->own_high)), "run_sd",
                      number_or_null(shown(metric, e->run_sd)), "misfit_sd",
                      number_or_null(shown(metric, e->misfit_sd)), "costs_sd",
                      number_or_null(shown(metric, e->costs_sd)), "low",
                      number_or_null(shown(metric, e->low)), "high",
                      number_or_null(shown(metric, e->high))));
    }
    return all;
}

/* The gaps of the laws that every run obeys; see sim/laws.h. */
static json_t *laws_json(const struct rp_result *r)
{
    return json_pack("{s:o, s:o, s:I}", "little_gap",
                     number_or_null(r->little_gap), "utilisation_gap",
                     number_or_null(r->utilisation_gap), "unaccounted",
                     (json_int_t)r->unaccounted);
}

static json_t *classes_json(const struct rp_result *r)
{
    json_t *const all = json_array();

    for (size_t i = 0; all && i < r->class_count; i++)
        (void)json_array_append_new(
            all, json_pack("{s:s, s:I, s:o}", "class", r->classes[i].name,
                           "requests", (json_int_t)r->classes[i].fate.answered,
                           "metrics", metrics_json(r->classes[i].metrics)));
    return all;
}

/* [{"percent": 50, "ms": 12.3}, ...]: the curve of the latency distribution. */
static json_t *quantiles_json(const struct rp_result *r)
{
    json_t *const all = json_array();
    size_t count;
    const double *const percents = rp_result_percents(&count);

    for (size_t i = 0; r->quantiles_ns && !r->saturated && i < count; i++)
        if (isfinite(r->quantiles_ns[i]))
            (void)json_array_append_new(
                all, json_pack("{s:f, s:f}", "percent", percents[i], "ms",
                               r->quantiles_ns[i] / 1e6));
    return all;
}

static json_t *result_json(const struct rp_result *r)
{
    return json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:f, s:I, s:I, s:o, s:o, s:o, s:o, "
        "s:o, s:o, s:o, "
        "s:o, s:o}",
        "scenario", r->scenario, "seed", (json_int_t)r->seed, "replications",
        (json_int_t)r->replications, "requests", (json_int_t)r->requests,
        "warm_up_requests", (json_int_t)r->warm_up_requests, "duration_s",
        r->duration_ns / 1e9, "arrived", (json_int_t)r->arrived,
        "in_flight_at_end", (json_int_t)r->in_flight_at_end, "laws",
        laws_json(r), "metrics", metrics_json(r->metrics), "quantiles",
        quantiles_json(r), "places", rows_of(rp_simulation_places(r)), "times",
        rows_of(rp_simulation_kinds(r)), "classes", classes_json(r), "fates",
        rows_of(rp_simulation_fates(r)), "validity",
        rp_tiers_json(&r->validity), "warnings", rp_tiers_lines(r->warnings));
}

json_t *rp_simulation_json(const struct rp_result *results, size_t count)
{
    json_t *const all = json_array();

    for (size_t i = 0; all && i < count; i++)
        if (json_array_append_new(all, result_json(&results[i]))) {
            json_decref(all);
            return NULL;
        }
    return all;
}
