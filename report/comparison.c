/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/comparison.h"

#include "report/readable.h"

#include <math.h>

const enum rp_metric rp_comparison_metrics[RP_COMPARISON_METRICS] = {
    RP_METRIC_RPS, RP_METRIC_MEAN, RP_METRIC_P50, RP_METRIC_P90, RP_METRIC_P99};

double rp_comparison_percent(const struct rp_compared *a,
                             const struct rp_compared *b)
{
    return fabs(b->value) > 0.0 ? 100.0 * (a->value / b->value - 1.0)
                                : (double)NAN;
}

double rp_comparison_errors(const struct rp_compared *a,
                            const struct rp_compared *b)
{
    const double se = hypot(a->se, b->se);

    return se > 0.0 ? (a->value - b->value) / se : (double)NAN;
}

enum {
    SCENARIO,
    METRIC,
    SIMULATED,
    SIMULATED_SE,
    SOLVED,
    METHOD,
    SOLVED_PERCENT,
    SOLVED_ERRORS,
    WITHOUT_MEASURED,
    MEASURED = WITHOUT_MEASURED,
    MEASURED_SE,
    RUNS,
    SIMULATED_OFF_PERCENT,
    SIMULATED_OFF_ERRORS,
    SOLVED_OFF_PERCENT,
    SOLVED_OFF_ERRORS,
    COLUMNS,
};

#define FIXED_COLUMN(name, words)                                              \
    {                                                                          \
        .key = name, .heading = words, .kind = RP_COLUMN_FIXED, .digits = 1    \
    }

static const struct rp_column columns[COLUMNS] = {
    [SCENARIO] = {.key = "scenario", .kind = RP_COLUMN_TEXT},
    [METRIC] = {.key = "metric", .kind = RP_COLUMN_TEXT},
    [SIMULATED] = {.key = "simulated", .kind = RP_COLUMN_NUMBER},
    [SIMULATED_SE] = {.key = "simulated_se",
                      .heading = "se",
                      .kind = RP_COLUMN_NUMBER},
    [SOLVED] = {.key = "solved", .kind = RP_COLUMN_NUMBER},
    [METHOD] = {.key = "method", .heading = "by", .kind = RP_COLUMN_TEXT},
    [SOLVED_PERCENT] = FIXED_COLUMN("solved_to_simulated_percent", "off %"),
    [SOLVED_ERRORS] = FIXED_COLUMN("solved_to_simulated_se", "off se"),
    [MEASURED] = {.key = "measured", .kind = RP_COLUMN_NUMBER},
    [MEASURED_SE] = {.key = "measured_se",
                     .heading = "se",
                     .kind = RP_COLUMN_NUMBER},
    [RUNS] = {.key = "runs", .kind = RP_COLUMN_COUNT},
    [SIMULATED_OFF_PERCENT] =
        FIXED_COLUMN("simulated_to_measured_percent", "simulated off %"),
    [SIMULATED_OFF_ERRORS] = FIXED_COLUMN("simulated_to_measured_se", "off se"),
    [SOLVED_OFF_PERCENT] =
        FIXED_COLUMN("solved_to_measured_percent", "solved off %"),
    [SOLVED_OFF_ERRORS] = FIXED_COLUMN("solved_to_measured_se", "off se"),
};

static void add_measured(struct rp_table *table, const struct rp_comparison *c,
                         enum rp_metric metric)
{
    const struct rp_compared *const m = &c->measured[metric];

    if (c->runs == 0)
        return;
    rp_table_number(table, MEASURED, m->value);
    rp_table_number(table, MEASURED_SE, m->se);
    rp_table_number(table, RUNS, (double)c->runs);
    rp_table_number(table, SIMULATED_OFF_PERCENT,
                    rp_comparison_percent(&c->simulated[metric], m));
    rp_table_number(table, SIMULATED_OFF_ERRORS,
                    rp_comparison_errors(&c->simulated[metric], m));
    rp_table_number(table, SOLVED_OFF_PERCENT,
                    rp_comparison_percent(&c->solved[metric], m));
    rp_table_number(table, SOLVED_OFF_ERRORS,
                    rp_comparison_errors(&c->solved[metric], m));
}

static void add_row(struct rp_table *table, const struct rp_comparison *c,
                    enum rp_metric metric, bool with_measured)
{
    const struct rp_compared *const simulated = &c->simulated[metric];
    const struct rp_compared *const solved = &c->solved[metric];

    rp_table_row(table);
    rp_table_text(table, SCENARIO, c->scenario);
    rp_table_text(table, METRIC, rp_metric_key(metric));
    rp_table_number(table, SIMULATED, simulated->value);
    rp_table_number(table, SIMULATED_SE, simulated->se);
    rp_table_number(table, SOLVED, solved->value);
    if (!isnan(solved->value))
        rp_table_text(table, METHOD, rp_method_word(c->method));
    rp_table_number(table, SOLVED_PERCENT,
                    rp_comparison_percent(solved, simulated));
    rp_table_number(table, SOLVED_ERRORS,
                    rp_comparison_errors(solved, simulated));
    if (with_measured)
        add_measured(table, c, metric);
}

/* ---- For people ---- */

static const struct rp_column readable_columns[] = {
    {.key = "scenario", .kind = RP_COLUMN_TEXT},
    {.key = "metric", .heading = "", .kind = RP_COLUMN_TEXT},
    {.key = "simulated", .kind = RP_COLUMN_FIGURE},
    {.key = "solved", .kind = RP_COLUMN_FIGURE},
    {.key = "method", .heading = "by", .kind = RP_COLUMN_TEXT},
    FIXED_COLUMN("solved_to_simulated_percent", "off %"),
    FIXED_COLUMN("solved_to_simulated_se", "off se"),
    {.key = "measured", .kind = RP_COLUMN_FIGURE},
    {.key = "runs", .kind = RP_COLUMN_COUNT},
    FIXED_COLUMN("simulated_to_measured_percent", "simulated off %"),
    FIXED_COLUMN("simulated_to_measured_se", "off se"),
    FIXED_COLUMN("solved_to_measured_percent", "solved off %"),
    FIXED_COLUMN("solved_to_measured_se", "off se"),
};

enum { READABLE_WITHOUT_MEASURED = 7 };

/* With its 95 % interval. */
static void put(struct rp_table *table, size_t column, enum rp_metric metric,
                const struct rp_compared *c)
{
    const bool is_rate = metric == RP_METRIC_RPS;
    const double unit = is_rate ? 1.0 : 1e6;
    char text[RP_READABLE_SIZE];

    rp_table_text(table, column,
                  rp_readable(is_rate ? RP_READABLE_RATE : RP_READABLE_TIME,
                              unit * c->value, unit * 1.96 * c->se, false,
                              text));
}

static void add_readable(struct rp_table *table, const struct rp_comparison *c,
                         enum rp_metric metric, bool with_measured)
{
    const struct rp_compared *const simulated = &c->simulated[metric];
    const struct rp_compared *const solved = &c->solved[metric];
    const struct rp_compared *const m = &c->measured[metric];

    rp_table_row(table);
    rp_table_text(table, 0, c->scenario);
    rp_table_text(table, 1, rp_metric_heading(metric));
    put(table, 2, metric, simulated);
    put(table, 3, metric, solved);
    if (!isnan(solved->value))
        rp_table_text(table, 4, rp_method_word(c->method));
    rp_table_number(table, 5, rp_comparison_percent(solved, simulated));
    rp_table_number(table, 6, rp_comparison_errors(solved, simulated));
    if (!with_measured || c->runs == 0)
        return;
    put(table, 7, metric, m);
    rp_table_number(table, 8, (double)c->runs);
    rp_table_number(table, 9, rp_comparison_percent(simulated, m));
    rp_table_number(table, 10, rp_comparison_errors(simulated, m));
    rp_table_number(table, 11, rp_comparison_percent(solved, m));
    rp_table_number(table, 12, rp_comparison_errors(solved, m));
}

static struct rp_table *new_table(bool with_measured, bool for_people)
{
    if (for_people)
        return rp_table_new(readable_columns, with_measured
                                                  ? sizeof readable_columns /
                                                        sizeof *readable_columns
                                                  : READABLE_WITHOUT_MEASURED);
    return rp_table_new(columns, with_measured ? COLUMNS : WITHOUT_MEASURED);
}

struct rp_table *rp_comparison_rows(const struct rp_comparison *comparisons,
                                    size_t count, bool with_measured,
                                    bool for_people)
{
    struct rp_table *const table = new_table(with_measured, for_people);

    for (size_t i = 0; table && i < count; i++)
        for (size_t m = 0; m < RP_COMPARISON_METRICS; m++)
            (for_people ? add_readable : add_row)(table, &comparisons[i],
                                                  rp_comparison_metrics[m],
                                                  with_measured);
    if (!table)
        return NULL;
    rp_table_note(table,
                  "off: from what was simulated%s, in %% and in standard "
                  "errors (se) of the difference%s",
                  with_measured ? ", then from what was measured" : "",
                  for_people ? "" : "; rps in requests/s, others in ms");
    rp_table_note(table,
                  "%s that of the simulation%s; what is not known of the costs "
                  "is in neither",
                  for_people ? "+/-: 95 %," : "a standard error is",
                  with_measured ? ", and of the median over measured runs"
                                : " itself");
    rp_table_note(table, "where ab is the client the mean is what ab calls it, "
                         "clients by throughput, its own time included");
    return table;
}
