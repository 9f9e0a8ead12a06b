/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/design_table.h"

#include "cli/command.h"
#include "cli/validation_table.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

struct tables {
    struct rp_table *runs, *costs, *parameters, *forecast;
};

static void run_cells(struct rp_table *table, const struct rp_next *next,
                      const struct rp_next_run *run)
{
    rp_table_row(table);
    rp_run_cells(table, 0, &run->config);
    if (!run->config.stack[0])
        rp_table_text(table, 3, "none"); /* a word to measure it by */
    rp_table_text(table, RP_RUN_COLUMN_COUNT, rp_next_tells(next, run));
    rp_table_number(table, RP_RUN_COLUMN_COUNT + 1, run->without);
}

static void note_candidates(struct rp_table *table,
                            const struct rp_design_of *of)
{
    const struct rp_next *const n = of->next;

    if (!of->is_alone && n->longest < of->asked)
        rp_table_note(table,
                      "%zu candidates, %zu of them under load or with views "
                      "that wait or burn: their stacks have up to %zu layers, "
                      "for there is no room for all that are longer",
                      n->candidates, n->loaded, n->longest);
    if (!n->is_anchored)
        rp_table_note(table,
                      "too few of these runs have one client and no own time "
                      "to show how fast the machine is in their campaign: add "
                      "some to the plan, or ask for more --runs");
}

static struct rp_table *runs_table(const struct rp_design_of *of)
{
    static const struct rp_column columns[] = {
        RP_RUN_COLUMNS,
        {"tells", NULL, RP_COLUMN_TEXT, 0},
        {"without", "error without it", RP_COLUMN_FIXED, 2}};
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t r = 0; table && r < of->next->run_count; r++)
        run_cells(table, of->next, &of->next->runs[r]);
    if (!table)
        return NULL;
    rp_table_note(table,
                  "tells: what would be known worst without the run, and how "
                  "many times its standard error would then be what it is with "
                  "it");
    note_candidates(table, of);
    return table;
}

static struct rp_table *costs_table(const struct rp_design_of *of)
{
    static const struct rp_column columns[] = {
        {"cost", NULL, RP_COLUMN_TEXT, 0},
        {"mean_us", "us", RP_COLUMN_FIXED, 2},
        {"now_us", "se now", RP_COLUMN_FIXED, 2},
        {"after_us", "se after", RP_COLUMN_FIXED, 2}};
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);
    const struct rp_next *const n = of->next;

    for (size_t j = 0; table && j < n->cost_count; j++) {
        rp_table_row(table);
        rp_table_text(table, 0, n->costs[j].name);
        rp_table_number(table, 1, n->costs[j].mean_ns / 1e3);
        rp_table_number(table, 2, n->costs[j].now_ns / 1e3);
        rp_table_number(table, 3, n->costs[j].after_ns / 1e3);
    }
    if (table)
        rp_table_note(
            table,
            "standard errors, us: now, as calibrate has them, and with the new "
            "runs for %u rounds, if the noise of a run, %.1f %%, and the "
            "misfit of a configuration, %.1f %%, stay what they are. Empty: no "
            "run tells it",
            of->rounds, 100.0 * n->scatter.noise,
            100.0 * sqrt(n->scatter.scale) * n->scatter.misfit);
    return table;
}

/* What is not a time has a unit of its own, a row. */
#define VALUE_COLUMNS                                                          \
    {"value", NULL, RP_COLUMN_NUMBER, 0}, {"unit", NULL, RP_COLUMN_TEXT, 0},   \
        {"now", "se now", RP_COLUMN_NUMBER, 0},                                \
    {                                                                          \
        "after", "se after", RP_COLUMN_NUMBER, 0                               \
    }

/* `now` and `after` are relative. */
static void value_row(struct rp_table *table, const char *name, double value,
                      const char *unit, double now, double after)
{
    rp_table_row(table);
    rp_table_text(table, 0, name);
    rp_table_number(table, 1, value);
    rp_table_text(table, 2, unit);
    rp_table_number(table, 3, value * now);
    rp_table_number(table, 4, value * after);
}

static struct rp_table *parameters_table(const struct rp_design_of *of)
{
    static const struct rp_column columns[] = {
        {"parameter", NULL, RP_COLUMN_TEXT, 0}, VALUE_COLUMNS};
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);
    const struct rp_next *const n = of->next;

    for (size_t k = 0; table && k < n->parameter_count; k++) {
        const struct rp_next_parameter *const p = &n->parameters[k];
        const enum rp_parameter_unit unit = rp_parameter_unit(p->which);

        value_row(table, rp_parameter_name(p->which),
                  p->value / (unit == RP_UNIT_TIME ? 1e3 : 1.0),
                  unit == RP_UNIT_TIME       ? "us"
                  : unit == RP_UNIT_REQUESTS ? "requests"
                                             : "times",
                  p->now, p->after);
    }
    if (table && isfinite(n->rms))
        rp_table_note(table,
                      "standard errors as calibrate has them, now and with the "
                      "new runs, if those miss the fit by as much as the "
                      "others: %.2f times their noise",
                      n->rms);
    else if (table)
        rp_table_note(table,
                      n->is_known
                          ? "standard errors, now as --calibrated has them and "
                            "with the new runs: no run of these data sets "
                            "shows them"
                          : "no run shows them yet: typical values, of which "
                            "little more than the order of magnitude is known");
    return table;
}

static struct rp_table *forecast_table(const struct rp_design_of *of)
{
    static const struct rp_column columns[] = {
        {"forecast", NULL, RP_COLUMN_TEXT, 0}, VALUE_COLUMNS};
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);
    const struct rp_next *const n = of->next;
    const bool is_rate = of->metric == RP_METRIC_RPS;

    if (!table || isnan(n->forecast))
        return table;
    value_row(table, rp_metric_heading(of->metric),
              n->forecast / (is_rate ? 1.0 : 1e6),
              is_rate ? "requests/s" : "ms", n->forecast_now,
              n->forecast_after);
    rp_table_note(table,
                  "what costs and parameters that are not known exactly make "
                  "of it: %.2f %% now, %.2f %% with the new runs; the noise of "
                  "a run and the misfit of the model come on top, as simulate "
                  "says",
                  100.0 * n->forecast_now, 100.0 * n->forecast_after);
    return table;
}

/* What follows the runs where people read. */
static enum rp_code print_rest(const struct tables *t, enum rp_format format,
                               int width, struct rp_error *error)
{
    const struct rp_table *const rest[] = {t->costs, t->parameters,
                                           t->forecast};
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < sizeof rest / sizeof *rest && !code; i++) {
        if (rp_table_row_count(rest[i]) == 0)
            continue;
        (void)fputc('\n', stdout);
        code = rp_table_print(rest[i], format, "", NULL, width, stdout, error);
    }
    return code;
}

static enum rp_code print_all(const struct tables *t, enum rp_format format,
                              struct rp_error *error)
{
    const int width = rp_terminal_width(stdout);
    json_t *const extra =
        json_pack("{s:o, s:o, s:o}", "costs", rp_table_to_json(t->costs),
                  "parameters", rp_table_to_json(t->parameters), "forecast",
                  rp_table_to_json(t->forecast));
    enum rp_code code;

    if (!extra)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a design");
    code = rp_table_print(t->runs, format, "reqpath.design/2", extra, width,
                          stdout, error);
    if (!code && (format == RP_FORMAT_TEXT || format == RP_FORMAT_MARKDOWN))
        code = print_rest(t, format, width, error);
    json_decref(extra);
    return code;
}

enum rp_code rp_design_print(const struct rp_design_of *of,
                             enum rp_format format, struct rp_error *error)
{
    const struct tables t = {runs_table(of), costs_table(of),
                             parameters_table(of), forecast_table(of)};
    enum rp_code code;

    if (t.runs && t.costs && t.parameters && t.forecast)
        code = print_all(&t, format, error);
    else
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a design");
    rp_table_free(t.forecast);
    rp_table_free(t.parameters);
    rp_table_free(t.costs);
    rp_table_free(t.runs);
    return code;
}
