/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/validation_findings.h"

#include "calibrate/dominant.h"
#include "calibrate/operational.h"
#include "calibrate/quantiles.h"
#include "calibrate/robust.h"
#include "cli/validation_table.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct finding {
    const struct rp_validation *validation;
    const struct rp_measured *measured;
    const struct rp_profile *profile;
    bool for_people;
    double *scratch;                    /* a value for each run */
    double *values[3];                  /* one for each configuration */
    struct rp_quantiles *shapes;        /* of validation->configs */
    struct rp_operational *operational; /* the same */
};

static const struct rp_config *config_of(const struct finding *f, size_t i)
{
    return &f->measured->configs[f->validation->configs[i].config];
}

/* ---- The worst ---- */

/* The rows of the mean with the largest errors, worst first; how many. */
static size_t find_worst(const struct rp_validation *v,
                         const struct rp_validation_row *worst[])
{
    size_t count = 0;

    for (size_t i = 0; i < v->row_count; i++) {
        const struct rp_validation_row *const r = &v->rows[i];
        size_t at = count;

        if (r->metric != RP_METRIC_MEAN)
            continue;
        while (at > 0 && fabs(worst[at - 1]->error) < fabs(r->error)) {
            if (at < RP_FINDINGS_WORST)
                worst[at] = worst[at - 1];
            at--;
        }
        if (at == RP_FINDINGS_WORST)
            continue;
        worst[at] = r;
        count += count < RP_FINDINGS_WORST;
    }
    return count;
}

/* "queue: GIL 62 %, base 20 %": the largest kinds of time. */
static void describe_kinds(const struct rp_dominant *d, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < d->kind_count && used < size; i++) {
        const int n = snprintf(text + used, size - used, "%s%s %.0f %%",
                               i == 0 ? "" : ", ", d->kinds[i].name,
                               100.0 * d->kinds[i].part);

        used += n > 0 ? (size_t)n : 0;
    }
}

static enum rp_code add_worst(const struct finding *f,
                              const struct rp_validation_row *row,
                              struct rp_table *table, struct rp_error *error)
{
    const struct rp_config *const c = &f->measured->configs[row->config];
    const struct rp_dataset *const d = &f->measured->datasets[c->dataset];
    const struct rp_validated *const v =
        rp_validation_of(f->validation, row->config);
    struct rp_dominant dominant = {.kind_count = 0};
    char kinds[4 * RP_RESULT_NAME_SIZE];
    const enum rp_code code =
        rp_dominant_find(d, c, rp_measured_requests(f->measured, row->config),
                         f->profile, &dominant, error);

    if (code)
        return code;
    describe_kinds(&dominant, kinds, sizeof kinds);
    rp_config_row(table, f->measured, row->config);
    rp_table_number(table, 2, row->measured);
    rp_table_number(table, 3, row->predicted);
    rp_table_number(table, 4, 100.0 * row->error);
    rp_table_text(table, 5, rp_tier_word(v->tier));
    rp_table_text(table, 6, kinds);
    rp_table_text(table, 7, dominant.place);
    rp_table_number(table, 8, 100.0 * dominant.utilisation);
    return RP_OK;
}

static enum rp_code make_worst(const struct finding *f, struct rp_table *table,
                               struct rp_error *error)
{
    const struct rp_validation_row *worst[RP_FINDINGS_WORST] = {NULL};
    const size_t count = find_worst(f->validation, worst);
    enum rp_code code = RP_OK;

    rp_table_heading(table,
                     "The %zu configurations whose mean is farthest off, "
                     "and what their prediction hangs on",
                     count);
    for (size_t i = 0; i < count && !code; i++)
        code = add_worst(f, worst[i], table, error);
    return code;
}

/* ---- Groups of configurations ---- */

/* Configurations of one data set and server, and of one concurrency, with open
 * loads (0) together, where they are told apart by that. */
struct group {
    size_t dataset;
    enum rp_server_kind server;
    bool by_concurrency;
    unsigned concurrency;
};

static bool is_in(const struct finding *f, const struct group *g, size_t i)
{
    const struct rp_config *const c = config_of(f, i);

    return c->dataset == g->dataset && c->server == g->server &&
           (!g->by_concurrency || c->concurrency == g->concurrency);
}

static bool is_first(const struct finding *f, const struct group *g, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (is_in(f, g, k))
            return false;
    return true;
}

static double median_or_nan(double *values, size_t n)
{
    return n > 0 ? rp_median(values, n) : (double)NAN;
}

static size_t collect(double value, double *values, size_t n)
{
    if (isnan(value))
        return n;
    values[n] = value;
    return n + 1;
}

/* ---- Laws ---- */

static void add_laws(const struct finding *f, const struct group *g,
                     struct rp_table *table)
{
    size_t configs = 0, runs = 0, crowded = 0, overbusy = 0;
    size_t n[3] = {0, 0, 0};
    double busiest = (double)NAN;

    for (size_t i = 0; i < f->validation->config_count; i++) {
        const struct rp_operational *const o = &f->operational[i];

        if (!is_in(f, g, i))
            continue;
        configs++;
        runs += o->runs;
        crowded += o->crowded;
        overbusy += o->busy > 1.0 + RP_OPERATIONAL_SLACK;
        n[0] = collect(o->underway, f->values[0], n[0]);
        n[1] = collect(o->clients, f->values[1], n[1]);
        n[2] = collect(o->busy, f->values[2], n[2]);
        busiest = fmax(busiest, o->busy);
    }
    rp_table_row(table);
    rp_table_text(table, 0, f->measured->datasets[g->dataset].name);
    rp_table_text(table, 1, rp_server_word(g->server));
    rp_table_number(table, 2,
                    g->concurrency > 0 ? (double)g->concurrency : (double)NAN);
    rp_table_number(table, 3, (double)configs);
    rp_table_number(table, 4, (double)runs);
    rp_table_number(table, 5, median_or_nan(f->values[0], n[0]));
    rp_table_number(table, 6, median_or_nan(f->values[1], n[1]));
    rp_table_number(table, 7, (double)crowded);
    rp_table_number(table, 8, median_or_nan(f->values[2], n[2]));
    rp_table_number(table, 9, busiest);
    rp_table_number(table, 10, (double)overbusy);
}

static void make_laws(const struct finding *f, struct rp_table *table)
{
    rp_table_heading(table, "Do the runs obey the operational laws, with these "
                            "unit costs?");
    for (size_t i = 0; i < f->validation->config_count; i++) {
        const struct rp_config *const c = config_of(f, i);
        const struct group g = {c->dataset, c->server, true, c->concurrency};

        if (is_first(f, &g, i))
            add_laws(f, &g, table);
    }
    rp_table_note(table,
                  "medians over configurations. Little's law: X R / c is the "
                  "part of the clients whose request is underway, never more "
                  "than 1; with the client's gap it is 1 where each client "
                  "takes the gap by itself (ab takes it for one at a time)");
    rp_table_note(table,
                  "utilisation law: X D is the part of the time for which the "
                  "unit costs keep the CPU busy; above 1 they count as CPU "
                  "what another request can run in");
}

/* ---- Shapes ---- */

static void add_shapes(const struct finding *f, const struct group *g,
                       struct rp_table *table)
{
    size_t n = 0, noises = 0, configs = 0;
    double worst = (double)NAN;

    for (size_t i = 0; i < f->validation->config_count; i++)
        if (is_in(f, g, i)) {
            configs++;
            n = collect(f->shapes[i].distance, f->values[0], n);
            noises = collect(f->shapes[i].noise, f->values[1], noises);
            worst = fmax(worst, f->shapes[i].distance);
        }
    rp_table_row(table);
    rp_table_text(table, 0, f->measured->datasets[g->dataset].name);
    rp_table_text(table, 1, rp_server_word(g->server));
    rp_table_number(table, 2, (double)configs);
    rp_table_number(table, 3, median_or_nan(f->values[0], n));
    rp_table_number(table, 4, worst);
    rp_table_number(table, 5, median_or_nan(f->values[1], noises));
}

static void make_shapes(const struct finding *f, struct rp_table *table)
{
    rp_table_heading(table, "The shape of latency, predicted and measured: "
                            "Kolmogorov-Smirnov distances");
    for (size_t i = 0; i < f->validation->config_count; i++) {
        const struct rp_config *const c = config_of(f, i);
        const struct group g = {c->dataset, c->server, false, 0};

        if (is_first(f, &g, i))
            add_shapes(f, &g, table);
    }
    rp_table_note(table, "of the distributions as known at p0 to p99; noise: "
                         "odd rounds from even ones, median over "
                         "configurations; --qq writes the quantiles");
}

/* ---- Tiers ---- */

static enum rp_code make_tiers(const struct finding *f, struct rp_table *table,
                               struct rp_error *error)
{
    enum rp_code code = RP_OK;

    rp_table_heading(table, "Errors by tier of validity");
    for (unsigned t = 0; t < RP_TIER_COUNT; t++)
        for (size_t m = 0; m < RP_VALIDATION_METRICS && !code; m++) {
            const enum rp_metric metric = rp_validation_metrics[m];
            struct rp_validation_summary s = {.rows = 0};

            code = rp_validation_sum_up_tier(f->validation, (enum rp_tier)t,
                                             metric, &s, error);
            if (code || s.rows == 0)
                continue;
            rp_table_row(table);
            rp_table_text(table, 0, rp_tier_word((enum rp_tier)t));
            rp_table_text(table, 1,
                          rp_validation_metric(metric, f->for_people));
            rp_summary_cells(table, 2, &s);
        }
    return code;
}

enum { ALL_CONFIG_COLUMNS = RP_CONFIG_COLUMN_COUNT + RP_OPEN_COLUMN_COUNT };

static void add_validity(const struct finding *f, size_t i,
                         struct rp_table *table)
{
    const struct rp_validated *const v = &f->validation->configs[i];
    enum { FIRST = ALL_CONFIG_COLUMNS };
    char axes[256];

    rp_table_row(table);
    rp_config_cells(table, f->measured, v->config, RP_CONFIG_COLUMN_COUNT);
    rp_table_text(table, FIRST, rp_tier_word(v->tier));
    rp_table_text(table, FIRST + 1,
                  rp_axes_text(v->beyond, " ", axes, sizeof axes));
    rp_table_text(table, FIRST + 2,
                  rp_axes_text(v->between, " ", axes, sizeof axes));
    rp_table_number(table, FIRST + 3, v->stale);
}

/* ---- Q-Q ---- */

static void add_quantiles(const struct finding *f, size_t i,
                          struct rp_table *table)
{
    const size_t config = f->validation->configs[i].config;
    const struct rp_quantiles *const s = &f->shapes[i];
    enum { FIRST = ALL_CONFIG_COLUMNS };

    for (size_t k = 0; k < RP_LEVEL_COUNT && s->runs > 0; k++) {
        rp_table_row(table);
        rp_config_cells(table, f->measured, config, RP_CONFIG_COLUMN_COUNT);
        rp_table_number(table, FIRST, 100.0 * rp_levels[k]);
        rp_table_number(table, FIRST + 1, s->measured_ms[k]);
        rp_table_number(table, FIRST + 2, s->predicted_ms[k]);
    }
}

/* ---- All of it ---- */

static const struct rp_column worst_columns[] = {
    {"dataset", NULL, RP_COLUMN_TEXT, 0},
    {"configuration", NULL, RP_COLUMN_TEXT, 0},
    {"measured_mean_ms", "measured", RP_COLUMN_MS, 0},
    {"predicted_mean_ms", "predicted", RP_COLUMN_MS, 0},
    {"error_percent", "error %", RP_COLUMN_FIXED, 1},
    {"validity", NULL, RP_COLUMN_TEXT, 0},
    {"time", "most of the predicted time", RP_COLUMN_TEXT, 0},
    {"place", "busiest place", RP_COLUMN_TEXT, 0},
    {"in_use_percent", "in use %", RP_COLUMN_FIXED, 1},
};

static const struct rp_column laws_columns[] = {
    {"dataset", NULL, RP_COLUMN_TEXT, 0},
    {"server", NULL, RP_COLUMN_TEXT, 0},
    {"concurrency", "c", RP_COLUMN_COUNT, 0},
    {"configurations", NULL, RP_COLUMN_COUNT, 0},
    {"runs", NULL, RP_COLUMN_COUNT, 0},
    {"underway_by_clients", "X R / c", RP_COLUMN_FIXED, 2},
    {"with_gap_by_clients", "X (R + gap) / c", RP_COLUMN_FIXED, 2},
    {"crowded_runs", "runs over 1.05", RP_COLUMN_COUNT, 0},
    {"busy", "X D", RP_COLUMN_FIXED, 2},
    {"busiest", "largest X D", RP_COLUMN_FIXED, 2},
    {"overbusy_configurations", "over 1.05", RP_COLUMN_COUNT, 0},
};

static const struct rp_column shapes_columns[] = {
    {"dataset", NULL, RP_COLUMN_TEXT, 0},
    {"server", NULL, RP_COLUMN_TEXT, 0},
    {"configurations", NULL, RP_COLUMN_COUNT, 0},
    {"distance", "median distance", RP_COLUMN_FIXED, 2},
    {"worst_distance", "worst distance", RP_COLUMN_FIXED, 2},
    {"noise_distance", "noise", RP_COLUMN_FIXED, 2},
};

static const struct rp_column tiers_columns[] = {
    {"validity", NULL, RP_COLUMN_TEXT, 0},
    {"metric", NULL, RP_COLUMN_TEXT, 0},
    RP_SUMMARY_COLUMNS,
};

/* For programs alone: people see how many there are of each tier. */
static const struct rp_column validity_columns[] = {
    RP_CONFIG_COLUMNS,
    RP_OPEN_COLUMNS,
    {"validity", NULL, RP_COLUMN_TEXT, 0},
    {"extrapolated", NULL, RP_COLUMN_TEXT, 0},
    {"interpolated", NULL, RP_COLUMN_TEXT, 0},
    {"stale", NULL, RP_COLUMN_COUNT, 0},
};

static const struct rp_column qq_columns[] = {
    RP_CONFIG_COLUMNS,
    RP_OPEN_COLUMNS,
    {"level_percent", NULL, RP_COLUMN_NUMBER, 0},
    {"measured_ms", NULL, RP_COLUMN_NUMBER, 0},
    {"predicted_ms", NULL, RP_COLUMN_NUMBER, 0},
};

const char *rp_findings_key(enum rp_findings_table table)
{
    static const char *const keys[RP_FINDINGS_COUNT] = {
        [RP_FINDINGS_WORST_CONFIGS] = "worst",
        [RP_FINDINGS_LAWS] = "laws",
        [RP_FINDINGS_SHAPES] = "shapes",
        [RP_FINDINGS_TIERS] = "tiers"};

    return keys[table];
}

static bool new_tables(struct rp_findings *out)
{
    bool all = true;

    out->tables[RP_FINDINGS_WORST_CONFIGS] =
        rp_table_new(worst_columns, COUNT(worst_columns));
    out->tables[RP_FINDINGS_LAWS] =
        rp_table_new(laws_columns, COUNT(laws_columns));
    out->tables[RP_FINDINGS_SHAPES] =
        rp_table_new(shapes_columns, COUNT(shapes_columns));
    out->tables[RP_FINDINGS_TIERS] =
        rp_table_new(tiers_columns, COUNT(tiers_columns));
    out->qq = rp_table_new(qq_columns, COUNT(qq_columns));
    out->validity = rp_table_new(validity_columns, COUNT(validity_columns));
    for (size_t i = 0; i < RP_FINDINGS_COUNT; i++)
        all &= out->tables[i] != NULL;
    return all && out->qq && out->validity;
}

static bool allocate(struct finding *f)
{
    const size_t n = f->validation->config_count + 1;
    bool all = true;

    f->scratch = calloc(f->measured->run_count + 1, sizeof *f->scratch);
    f->shapes = calloc(n, sizeof *f->shapes);
    f->operational = calloc(n, sizeof *f->operational);
    for (size_t i = 0; i < COUNT(f->values); i++) {
        f->values[i] = calloc(n, sizeof *f->values[i]);
        all &= f->values[i] != NULL;
    }
    return all && f->scratch && f->shapes && f->operational;
}

static void look(struct finding *f)
{
    for (size_t i = 0; i < f->validation->config_count; i++) {
        const struct rp_validated *const v = &f->validation->configs[i];

        f->shapes[i] = rp_quantiles_find(f->measured, f->validation->speed,
                                         v->config, v->level_ms, f->scratch);
        f->operational[i] =
            rp_operational_check(f->measured, f->validation->speed, v->config,
                                 v->demand_ns, v->gap_ns, f->scratch);
    }
}

static enum rp_code make_all(struct finding *f, struct rp_findings *out,
                             struct rp_error *error)
{
    enum rp_code code;

    if (!new_tables(out) || !allocate(f))
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for the tables");
    look(f);
    make_laws(f, out->tables[RP_FINDINGS_LAWS]);
    make_shapes(f, out->tables[RP_FINDINGS_SHAPES]);
    for (size_t i = 0; i < f->validation->config_count; i++) {
        add_quantiles(f, i, out->qq);
        add_validity(f, i, out->validity);
    }
    code = make_tiers(f, out->tables[RP_FINDINGS_TIERS], error);
    return code ? code
                : make_worst(f, out->tables[RP_FINDINGS_WORST_CONFIGS], error);
}

enum rp_code rp_findings_make(const struct rp_validation *validation,
                              const struct rp_measured *measured,
                              const struct rp_profile *profile, bool for_people,
                              struct rp_findings *findings,
                              struct rp_error *error)
{
    struct finding f = {.validation = validation,
                        .measured = measured,
                        .profile = profile,
                        .for_people = for_people};
    const enum rp_code code = make_all(&f, findings, error);

    for (size_t i = 0; i < COUNT(f.values); i++)
        free(f.values[i]);
    free(f.operational);
    free(f.shapes);
    free(f.scratch);
    return code;
}

/* Lists in place of the numbers of its first level. */
static bool begin_lists(json_t *config)
{
    bool good = true;

    for (size_t k = ALL_CONFIG_COLUMNS; k < COUNT(qq_columns); k++)
        good &=
            json_object_set_new(config, qq_columns[k].key, json_array()) == 0;
    return good;
}

static bool append_level(json_t *config, const json_t *row)
{
    bool good = true;

    for (size_t k = ALL_CONFIG_COLUMNS; k < COUNT(qq_columns); k++) {
        const char *const key = qq_columns[k].key;

        good &= json_array_append(json_object_get(config, key),
                                  json_object_get(row, key)) == 0;
    }
    return good;
}

json_t *rp_findings_quantiles(const struct rp_findings *findings)
{
    json_t *const rows = rp_table_to_json(findings->qq);
    json_t *const all = json_array();
    bool good = rows && all;

    for (size_t i = 0; good && i < json_array_size(rows); i++) {
        const json_t *const row = json_array_get(rows, i);

        if (i % RP_LEVEL_COUNT == 0)
            good = json_array_append_new(
                       all, json_copy(json_array_get(rows, i))) == 0 &&
                   begin_lists(json_array_get(all, i / RP_LEVEL_COUNT));
        good =
            good && append_level(json_array_get(all, i / RP_LEVEL_COUNT), row);
    }
    json_decref(rows);
    if (good)
        return all;
    json_decref(all);
    return NULL;
}

void rp_findings_free(struct rp_findings *findings)
{
    for (size_t i = 0; i < RP_FINDINGS_COUNT; i++)
        rp_table_free(findings->tables[i]);
    rp_table_free(findings->qq);
    rp_table_free(findings->validity);
    *findings = (struct rp_findings){.qq = NULL};
}
