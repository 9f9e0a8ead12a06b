/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/unitcosts.h"

#include "report/notebook.h"

#include <math.h>
#include <string.h>

/* ---- The table of costs ---- */

enum { COST, MEAN, SE, LOW, HIGH, RUNS, CV, ITEMS };

static void item_names(const struct rp_profile *profile, size_t cost,
                       char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < RP_ITEM_COUNT && used + 1 < size; i++)
        if (profile->cost_of_item[i] == (int)cost) {
            const int n =
                snprintf(text + used, size - used, "%s%s", used ? ", " : "",
                         rp_item_name((enum rp_item)i));

            used += n > 0 ? (size_t)n : 0;
        }
}

static void cost_row(struct rp_table *table, const struct rp_profile *profile,
                     size_t i)
{
    const struct rp_cost *const c = &profile->costs[i];
    char items[1024];

    item_names(profile, i, items, sizeof items);
    rp_table_row(table);
    rp_table_text(table, COST, c->name);
    rp_table_number(table, MEAN, c->mean_ns / 1e3);
    rp_table_number(table, SE, c->se_ns / 1e3);
    rp_table_number(table, LOW, fmax(0.0, c->mean_ns - 1.96 * c->se_ns) / 1e3);
    rp_table_number(table, HIGH, (c->mean_ns + 1.96 * c->se_ns) / 1e3);
    rp_table_number(table, RUNS, (double)c->runs);
    rp_table_number(table, CV, rp_spread_cv(&c->spread));
    rp_table_text(table, ITEMS, items);
}

struct rp_table *rp_unitcosts_table(const struct rp_profile *profile,
                                    const char *const *notes, size_t note_count)
{
    static const struct rp_column columns[] = {
        [COST] = {"cost", NULL, RP_COLUMN_TEXT, 0},
        [MEAN] = {"mean_us", "mean us", RP_COLUMN_FIXED, 2},
        [SE] = {"se_us", "std error us", RP_COLUMN_FIXED, 2},
        [LOW] = {"low_us", "from us", RP_COLUMN_FIXED, 2},
        [HIGH] = {"high_us", "to us", RP_COLUMN_FIXED, 2},
        [RUNS] = {"runs", NULL, RP_COLUMN_COUNT, 0},
        [CV] = {"spread_cv", "spread cv", RP_COLUMN_FIXED, 2},
        [ITEMS] = {"items", "what it pays for", RP_COLUMN_TEXT, 0},
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    if (!table)
        return NULL;
    for (size_t i = 0; i < profile->cost_count; i++)
        cost_row(table, profile, i);
    rp_table_note(table,
                  "fitted to %lu runs (%lu reports could not be used) of %s "
                  "%s, asgiref %s, on %s; condition number %.3g",
                  profile->runs, profile->runs_left_out, profile->framework,
                  profile->framework_version, profile->asgiref_version,
                  profile->cpu[0] ? profile->cpu : "an unknown CPU",
                  profile->condition_number);
    for (size_t i = 0; i < note_count; i++)
        rp_table_note(table, "%s", notes[i]);
    return table;
}

/* ---- The notebook ---- */

static void write_sources(struct rp_notebook *nb, const struct rp_profile *p)
{
    char list[4096] = "";
    size_t used = 0;

    for (size_t i = 0; i < p->source_count && used + 1 < sizeof list; i++) {
        const int n =
            snprintf(list + used, sizeof list - used, "\n* %s", p->sources[i]);

        used += n > 0 ? (size_t)n : 0;
    }
    rp_notebook_markdown(nb,
                         "Unit costs of %s %s (asgiref %s, Python %s) on %s, "
                         "measured until %s.\n%s",
                         p->framework, p->framework_version, p->asgiref_version,
                         p->python_version[0] ? p->python_version : "unknown",
                         p->cpu[0] ? p->cpu : "an unknown CPU", p->measured_on,
                         list);
}

static void write_accuracy(struct rp_notebook *nb, const struct rp_profile *p)
{
    rp_notebook_markdown(
        nb,
        "## How far to trust it\n\n"
        "One run of ab differs from the typical one by %.1f %% in its mean and "
        "%.1f %% in its p99 (standard deviations); beyond that noise, the fit "
        "misses a configuration by %.1f and %.1f %%. Prediction intervals "
        "hold both.\n\n"
        "Below, each stack was left out and predicted from the others; the "
        "noise beside it is the error of measuring again.",
        100.0 * p->accuracy[RP_SITUATION_ALONE][RP_METRIC_MEAN].run_sd,
        100.0 * p->accuracy[RP_SITUATION_ALONE][RP_METRIC_P99].run_sd,
        100.0 * p->accuracy[RP_SITUATION_ALONE][RP_METRIC_MEAN].misfit_sd,
        100.0 * p->accuracy[RP_SITUATION_ALONE][RP_METRIC_P99].misfit_sd);
}

static void write_loaded(struct rp_notebook *nb, const struct rp_profile *p,
                         const struct rp_table *loaded)
{
    const struct rp_accuracy *const several = p->accuracy[RP_SITUATION_LOADED];
    const struct rp_accuracy *const waiting = p->accuracy[RP_SITUATION_WAITING];

    if (!loaded || rp_table_row_count(loaded) == 0)
        return;
    rp_notebook_markdown(
        nb,
        "## What happens under load\n\n"
        "Which part of these costs is shared when several requests are under "
        "way, and what comes on top: fitted by simulating the measured runs as "
        "they were made. Beyond the noise of measuring again a configuration "
        "with several clients is missed by %.1f %% in its mean and %.1f %% in "
        "its p99, one with a view that waits by %.1f and %.1f %% (standard "
        "deviations that hold 95 of 100 configurations).",
        100.0 * several[RP_METRIC_MEAN].misfit_sd,
        100.0 * several[RP_METRIC_P99].misfit_sd,
        100.0 * waiting[RP_METRIC_MEAN].misfit_sd,
        100.0 * waiting[RP_METRIC_P99].misfit_sd);
    rp_notebook_table(nb, loaded);
}

enum rp_code rp_unitcosts_report_write(const struct rp_profile *profile,
                                       const struct rp_unitcosts_report *report,
                                       FILE *out, struct rp_error *error)
{
    struct rp_notebook *const nb = rp_notebook_new("Calibration");
    enum rp_code code;

    if (!nb)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for the report");
    write_sources(nb, profile);
    rp_notebook_markdown(nb, "## Unit costs\n\nPaid once for each item of a "
                             "request; means with standard errors that count "
                             "the runs of one configuration as one.");
    rp_notebook_code(nb, report->command);
    rp_notebook_table(nb, report->costs);
    write_loaded(nb, profile, report->loaded);
    write_accuracy(nb, profile);
    rp_notebook_table(nb, report->left_out);
    rp_notebook_markdown(nb,
                         "## Residuals\n\nThe fit beside what was measured, "
                         "for each configuration that it was made from.");
    rp_notebook_table(nb, report->residuals);
    code = rp_notebook_write(nb, out, error);
    rp_notebook_free(nb);
    return code;
}
