/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/comparison.h"

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

struct rp_table *rp_comparison_rows(const struct rp_comparison *comparisons,
                                    size_t count, bool with_measured)
{
    struct rp_table *const table =
        rp_table_new(columns, with_measured ? COLUMNS : WITHOUT_MEASURED);

    for (size_t i = 0; table && i < count; i++)
        for (size_t m = 0; m < RP_COMPARISON_METRICS; m++)
            add_row(table, &comparisons[i], rp_comparison_metrics[m],
                    with_measured);
    if (!table)
        return NULL;
    rp_table_note(table,
                  "rps in requests/s, others in ms; off: from what was "
                  "simulated%s, in %% and in standard errors (se) of the "
                  "difference",
                  with_measured ? ", then from what was measured" : "");
    rp_table_note(table,
                  "a standard error is that of the simulation%s; what "
                  "is not known of the costs is in neither",
                  with_measured ? ", and of the median over measured runs"
                                : " itself");
    rp_table_note(table, "where ab is the client the mean is what ab calls it, "
                         "clients by throughput, its own time included");
    return table;
}
