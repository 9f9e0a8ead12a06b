/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/unitcosts.h"

#include "report/readable.h"

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

/* For people: one figure for mean, standard error and interval. */
static void readable_row(struct rp_table *table,
                         const struct rp_profile *profile, size_t i)
{
    const struct rp_cost *const c = &profile->costs[i];
    char items[1024], text[RP_READABLE_SIZE];

    item_names(profile, i, items, sizeof items);
    rp_table_row(table);
    rp_table_text(table, 0, c->name);
    rp_table_text(table, 1,
                  rp_readable(RP_READABLE_TIME, c->mean_ns, 1.96 * c->se_ns,
                              false, text));
    rp_table_number(table, 2, (double)c->runs);
    rp_table_number(table, 3, rp_spread_cv(&c->spread));
    rp_table_text(table, 4, items);
}

static struct rp_table *new_table(bool for_people)
{
    static const struct rp_column for_programs[] = {
        [COST] = {"cost", NULL, RP_COLUMN_TEXT, 0},
        [MEAN] = {"mean_us", "mean us", RP_COLUMN_FIXED, 2},
        [SE] = {"se_us", "std error us", RP_COLUMN_FIXED, 2},
        [LOW] = {"low_us", "from us", RP_COLUMN_FIXED, 2},
        [HIGH] = {"high_us", "to us", RP_COLUMN_FIXED, 2},
        [RUNS] = {"runs", NULL, RP_COLUMN_COUNT, 0},
        [CV] = {"spread_cv", "spread cv", RP_COLUMN_FIXED, 2},
        [ITEMS] = {"items", "what it pays for", RP_COLUMN_TEXT, 0},
    };
    static const struct rp_column readable[] = {
        {"cost", NULL, RP_COLUMN_TEXT, 0},
        {"mean", "mean, 95 %", RP_COLUMN_FIGURE, 0},
        {"runs", NULL, RP_COLUMN_COUNT, 0},
        {"spread_cv", "spread cv", RP_COLUMN_FIXED, 2},
        {"items", "what it pays for", RP_COLUMN_TEXT, 0},
    };

    return for_people
               ? rp_table_new(readable, sizeof readable / sizeof *readable)
               : rp_table_new(for_programs,
                              sizeof for_programs / sizeof *for_programs);
}

struct rp_table *rp_unitcosts_table(const struct rp_profile *profile,
                                    const char *const *notes, size_t note_count,
                                    bool for_people)
{
    struct rp_table *const table = new_table(for_people);

    if (!table)
        return NULL;
    for (size_t i = 0; i < profile->cost_count; i++)
        (for_people ? readable_row : cost_row)(table, profile, i);
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

/* ---- How far to trust them ---- */

static double correlation(const struct rp_profile *profile, size_t i, size_t k)
{
    const double both = profile->costs[i].se_ns * profile->costs[k].se_ns;

    if (i == k)
        return 1.0;
    /* Beyond six digits it is what the order of additions made of it. */
    return round(1e6 * profile->covariance_ns2[i * profile->cost_count + k] /
                 both) /
               1e6 +
           0.0;
}

struct rp_table *rp_unitcosts_correlations(const struct rp_profile *profile)
{
    static const struct rp_column columns[] = {
        {"cost", NULL, RP_COLUMN_TEXT, 0},
        {"other", NULL, RP_COLUMN_TEXT, 0},
        {"correlation", NULL, RP_COLUMN_NUMBER, 0},
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);
    const size_t count = profile->covariance_ns2 ? profile->cost_count : 0;

    for (size_t i = 0; table && i < count; i++)
        for (size_t k = 0; k < count; k++) {
            if (!(profile->costs[i].se_ns > 0.0) ||
                !(profile->costs[k].se_ns > 0.0))
                continue;
            rp_table_row(table);
            rp_table_text(table, 0, profile->costs[i].name);
            rp_table_text(table, 1, profile->costs[k].name);
            rp_table_number(table, 2, correlation(profile, i, k));
        }
    return table;
}

#define AS_MEANING(situation, key, meaning) meaning,
static const char *const situations[] = {RP_SITUATION_LIST(AS_MEANING)};
#undef AS_MEANING

struct rp_table *rp_unitcosts_accuracy(const struct rp_profile *profile)
{
    static const struct rp_column columns[] = {
        {"situation", NULL, RP_COLUMN_TEXT, 0},
        {"metric", NULL, RP_COLUMN_TEXT, 0},
        {"run_sd_percent", "run sd %", RP_COLUMN_FIXED, 1},
        {"misfit_sd_percent", "misfit sd %", RP_COLUMN_FIXED, 1},
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (unsigned i = 0; table && i < RP_SITUATION_COUNT; i++)
        for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
            const struct rp_accuracy *const a = &profile->accuracy[i][m];

            if (!(a->run_sd > 0.0) && !(a->misfit_sd > 0.0))
                continue;
            rp_table_row(table);
            rp_table_text(table, 0, situations[i]);
            rp_table_text(table, 1, rp_metric_key((enum rp_metric)m));
            rp_table_number(table, 2, 100.0 * a->run_sd);
            rp_table_number(table, 3, 100.0 * a->misfit_sd);
        }
    return table;
}
