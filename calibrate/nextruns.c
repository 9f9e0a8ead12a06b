/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/nextruns.h"

#include "calibrate/calibration.h"
#include "calibrate/dataset.h"
#include "calibrate/leaning.h"
#include "calibrate/nextalone.h"
#include "calibrate/optimal.h"
#include "calibrate/predict.h"
#include "calibrate/typical.h"

#include <gsl/gsl_linalg.h>
#include <gsl/gsl_math.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Costs are in ms, so that a weak prior of one of them is 1. */
static const double unit_ns = 1e6, unknown_ns = 0.5e6;

/* No variance of a configuration is smaller: exact runs would else have none.
 */
static const double least_variance = 1e-12;

/* Rows of a candidate: its mean, and what it shows of what happens under load.
 */
enum { ROW_MEAN, ROW_LOADED, ROWS = ROW_LOADED + RP_JOINT_METRICS };

/* Rehearsals of each slope, first and of those that are chosen; and how often
 * is chosen anew because slopes of the chosen have changed. */
enum { FIRST_REHEARSALS = 3, FINE_REHEARSALS = 15, CHOICES_MAX = 8 };

/* The most parameters of the model: costs, under load, the campaign's speed. */
enum { COLUMNS_MAX = RP_ITEM_COUNT + RP_PARAMETER_COUNT + 1 };

struct finding {
    const struct rp_measured *measured;
    const struct rp_next_options *options;
    struct rp_next *next;
    struct rp_calibration calibration;
    const struct rp_costs *costs; /* its */
    struct rp_joint joint;
    struct rp_nextload load;
    struct rp_nextload_noise noise;
    struct rp_leaning leaning;
    struct rp_next_run *all; /* candidates: with one client, then under load */
    size_t alone, count;
    struct rp_case *cases; /* what is measured, then the candidates */
    size_t *configs;       /* of what is measured */
    size_t measured_cases;
    struct rp_columns columns;
    enum rp_parameter parameters[RP_PARAMETER_COUNT];
    size_t parameter_count;
    size_t p;         /* columns, parameters and the new campaign's speed */
    size_t rows_each; /* of a candidate */
    double *rows;     /* of the candidates */
    double *before;   /* p x p */
    double *v;        /* p x p */
    double model_now[COLUMNS_MAX]; /* by the model, before what is known by the
                                      calibration takes its place */
    double c[COLUMNS_MAX];
    unsigned *times;
};

static enum rp_code no_memory(struct rp_error *error)
{
    (void)rp_fail(error, RP_ERR_MEMORY, "out of memory for a design");
    return RP_ERR_MEMORY;
}

static bool is_under_load(const struct finding *f)
{
    return f->options->of.grid.client_count > 0;
}

static void say(const struct finding *f, const char *what, size_t done,
                size_t count)
{
    if (f->options->tell)
        f->options->tell(f->options->context, what, done, count);
}

/* ---- Candidates ---- */

static enum rp_code add_alone(struct finding *f, struct rp_error *error)
{
    struct rp_nextalone found = {.count = 0};
    const enum rp_code code =
        rp_nextalone_find(f->measured, &f->options->of, &found, error);

    for (size_t i = 0; i < found.count && !code; i++)
        f->all[f->count++] =
            (struct rp_next_run){.config = found.configs[i],
                                 .target = found.targets[i],
                                 .requests = f->options->of.requests};
    f->alone = f->count;
    rp_nextalone_free(&found);
    return code;
}

static enum rp_code make_candidates(struct finding *f, struct rp_error *error)
{
    enum rp_code code = add_alone(f, error);

    if (!code)
        code = rp_nextload_find(f->measured, &f->calibration.profile,
                                &f->options->of, &f->load, error);
    for (size_t i = 0; i < f->load.count && !code; i++)
        f->all[f->count++] =
            (struct rp_next_run){.config = f->load.runs[i].config,
                                 .target = f->load.runs[i].target,
                                 .requests = f->load.runs[i].requests};
    if (!code && f->count < f->options->runs)
        code = rp_fail(error, RP_ERR_VALUE,
                       "%zu runs were asked for, and only %zu configurations "
                       "that are not measured yet pay something else than the "
                       "others: take more letters or longer stacks",
                       f->options->runs, f->count);
    f->next->candidates = f->count;
    f->next->loaded = f->load.count;
    f->next->longest = f->load.longest;
    return code;
}

/* ---- What the runs that are there tell ---- */

static void tell_step(void *context, const struct rp_joint_progress *progress)
{
    say(context, "what happens under load: steps", progress->step,
        progress->steps_max);
}

/* The calibration's own fit, or where it came from there what it found. */
static enum rp_code fit_loaded(struct finding *f, struct rp_error *error)
{
    struct rp_profile *const profile = &f->calibration.profile;
    const struct rp_joint_options how = {.tell = tell_step, .context = f};
    const bool is_known = f->options->known != NULL;
    enum rp_code code;

    if (is_known)
        profile->under_load = *f->options->known;
    say(f, "what happens under load: steps", 0, 1);
    code = (is_known ? rp_joint_at : rp_joint_fit)(
        f->measured, f->calibration.speed, profile, &how, &f->joint, error);
    if (!code && f->joint.count > 0) {
        profile->under_load = f->joint.fitted;
        f->next->rms = f->joint.rms;
    }
    return code;
}

static size_t runs_of(const struct finding *f, size_t config)
{
    size_t n = 0;

    for (size_t i = 0; i < f->measured->run_count; i++)
        n += f->measured->runs[i].config == config &&
             !isnan(f->costs->weight[i]);
    return n;
}

static double own_of(const struct finding *f, const struct rp_config *config)
{
    return rp_config_own_ns(config) + f->costs->gap_ns;
}

static void take_measured(struct finding *f)
{
    for (size_t k = 0; k < f->measured->config_count; k++) {
        const struct rp_config *const c = &f->measured->configs[k];
        const size_t n = runs_of(f, k);
        const double framework = rp_costs_predict(f->costs, c->amounts, NULL);

        if (n == 0 || !(framework > 0.0))
            continue;
        f->configs[f->measured_cases] = k;
        f->cases[f->measured_cases++] =
            (struct rp_case){.amounts = c->amounts,
                             .stack = c->stack,
                             .framework_ns = framework,
                             .total_ns = framework + own_of(f, c),
                             .runs = n};
    }
}

/* Under load there is no row of costs, unless one client asks a view that
 * burns. */
static void take_candidates(struct finding *f)
{
    for (size_t k = 0; k < f->count; k++) {
        const struct rp_config *const c = &f->all[k].config;
        const double framework =
            fmax(1.0, rp_costs_predict(f->costs, c->amounts, NULL));

        f->cases[f->measured_cases + k] =
            (struct rp_case){.amounts = c->amounts,
                             .stack = c->stack,
                             .framework_ns = framework,
                             .total_ns = framework + own_of(f, c),
                             .runs = f->options->of.rounds};
    }
}

/* Costs that the old and the new runs together can tell. */
static enum rp_code make_columns(struct finding *f, struct rp_error *error)
{
    const size_t count = f->measured_cases + f->alone;
    char text[RP_COLUMNS_TEXT_SIZE];
    double condition;
    enum rp_code code;

    rp_columns_make(f->cases, count, f->costs->families.one, &f->columns);
    rp_columns_join(f->cases, count, &f->columns);
    do
        code = rp_columns_give_up(f->cases, count, &f->columns, &condition,
                                  text, error);
    while (!code && text[0]);
    for (unsigned p = 0; p < RP_PARAMETER_COUNT && is_under_load(f); p++)
        if (f->load.shown[p] || f->calibration.profile.under_load.known[p])
            f->parameters[f->parameter_count++] = (enum rp_parameter)p;
    f->p = f->columns.count + f->parameter_count + 1;
    f->rows_each = is_under_load(f) ? ROWS : 1;
    return code;
}

/* The noise of one run, by situation; where there is none to see, that of
 * requests one at a time. */
static enum rp_code find_noise(struct finding *f, struct rp_error *error)
{
    struct rp_nextload_noise *const noise = &f->noise;
    const struct rp_measured *const m = f->measured;
    const struct rp_accuracy *const alone =
        f->calibration.profile.accuracy[RP_SITUATION_ALONE];
    bool *const only = calloc(m->config_count + 1, sizeof *only);
    double *const scratch = calloc(m->run_count + 1, sizeof *scratch);

    for (unsigned s = 0; only && scratch && s < RP_SITUATION_COUNT; s++) {
        for (size_t i = 0; i < m->config_count; i++)
            only[i] = rp_joint_can_use(&m->configs[i]) &&
                      rp_config_situation(&m->configs[i]) == s;
        for (unsigned k = 0; k < RP_JOINT_METRICS; k++) {
            double *const to = &noise->run[s][k];

            *to = rp_typical_run_sd(m, f->calibration.speed, only,
                                    rp_joint_metrics[k], scratch);
            if (!(*to > 0.0))
                *to = alone[rp_joint_metrics[k]].run_sd;
        }
    }
    /* Without a fit to say how far it misses, that of costs has to do. */
    noise->misfit = RP_JOINT_MISFIT;
    if (f->joint.count == 0)
        noise->misfit = fmax(noise->misfit, alone[RP_METRIC_MEAN].misfit_sd);
    noise->scale = f->joint.count > 0 ? fmax(1.0, f->joint.rms) : 1.0;
    free(only);
    free(scratch);
    return only && scratch ? RP_OK : no_memory(error);
}

static void tell_slopes(void *context, size_t done, size_t count)
{
    say(context, "candidates under load", done, count);
}

static enum rp_code find_slopes(struct finding *f, const size_t *which,
                                size_t count, unsigned rehearsals,
                                struct rp_error *error)
{
    const struct rp_nextload_taking taking = {.measured = f->measured,
                                              .profile =
                                                  &f->calibration.profile,
                                              .options = &f->options->of,
                                              .noise = &f->noise,
                                              .rehearsals = rehearsals,
                                              .tell = tell_slopes,
                                              .context = f};

    return rp_nextload_slopes(&taking, which, count, &f->load, error);
}

/* ---- What the forecast leans on ---- */

static void tell_leaning(void *context, size_t done, size_t count)
{
    say(context, "what the forecast leans on", done, count);
}

/* The mean of a request that meets no other is the sum of its costs. */
static bool is_sum_of_costs(const struct finding *f)
{
    const struct rp_scenario *const s = f->options->forecast;

    return !is_under_load(f) ||
           (f->options->metric == RP_METRIC_MEAN &&
            rp_scenario_class_count(s) == 1 && s->load.kind == RP_LOAD_CLOSED &&
            s->load.clients == 1 &&
            s->view.wait.mean_ns + s->view.cpu.mean_ns <= 0.0);
}

/* Where a column is a part of what the profile has one cost for, it has its
 * share of it; what has no cost counts as often as a request pays it. */
static double leans_on(const struct finding *f, size_t column)
{
    const int *const cost_of = f->calibration.profile.cost_of_item;
    const struct rp_leaning *const l = &f->leaning;
    const double *const items = l->items;
    double sum = 0.0;

    for (size_t i = 0; i < RP_ITEM_COUNT; i++) {
        double all = 0.0;

        if (!f->columns.costs[column].items[i] || !(items[i] > 0.0))
            continue;
        for (size_t k = 0; k < RP_ITEM_COUNT; k++)
            all += cost_of[k] == cost_of[i] ? items[k] : 0.0;
        sum += cost_of[i] >= 0 ? l->of_item[i] * items[i] / all
               : f->options->metric == RP_METRIC_RPS
                   ? -items[i] * l->value / 1e9
                   : items[i] / l->value;
    }
    return sum;
}

static enum rp_code find_leaning(struct finding *f, struct rp_error *error)
{
    const struct rp_scenario *const s = f->options->forecast;
    enum rp_code code;

    if (!s)
        return RP_OK;
    if (is_sum_of_costs(f))
        code = rp_leaning_alone(s, &f->calibration.profile, &f->leaning, error);
    else
        code = rp_leaning_find(s, &f->calibration.profile, f->options->metric,
                               tell_leaning, f, &f->leaning, error);
    if (code)
        return code;
    f->next->forecast = f->leaning.value;
    for (size_t j = 0; j < f->columns.count; j++)
        f->c[j] = unit_ns * leans_on(f, j);
    for (size_t k = 0; k < f->parameter_count; k++)
        f->c[f->columns.count + k] = f->leaning.of_parameter[f->parameters[k]];
    return RP_OK;
}

/* ---- The model ---- */

static void add_outer(struct finding *f, const double *row)
{
    for (size_t i = 0; i < f->p; i++)
        for (size_t j = 0; j < f->p; j++)
            f->before[i * f->p + j] += row[i] * row[j];
}

/* A configuration's row, over the standard deviation of its mean. */
static void make_row(const struct finding *f, const struct rp_case *c,
                     double variance, bool is_new, double *row)
{
    const double by =
        1.0 / (c->total_ns * sqrt(fmax(least_variance, variance)));

    for (size_t j = 0; j < f->columns.count; j++)
        row[j] = by * unit_ns *
                 rp_fitted_cost_amount(&f->columns.costs[j], c->amounts);
    row[f->p - 1] = is_new ? by * c->framework_ns : 0.0;
}

/* What is known of the parameters: the inverse of their covariance; of one that
 * is not known yet the prior of the joint fit. */
static enum rp_code know_parameters(struct finding *f, struct rp_error *error)
{
    const struct rp_parameters *const u = &f->calibration.profile.under_load;
    const size_t n = f->parameter_count, first = f->columns.count;
    gsl_matrix *const v = n > 0 ? gsl_matrix_calloc(n, n) : NULL;

    if (n == 0)
        return RP_OK;
    if (!v)
        return no_memory(error);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const enum rp_parameter a = f->parameters[i], b = f->parameters[j];

            if (u->known[a] && u->known[b] && u->se[a] > 0.0 && u->se[b] > 0.0)
                gsl_matrix_set(v, i, j,
                               (i == j ? 1.0 : u->correlation[a][b]) *
                                   u->se[a] / u->value[a] * u->se[b] /
                                   u->value[b]);
            else if (i == j)
                gsl_matrix_set(v, i, i, 1.0);
        }
    if (gsl_linalg_cholesky_decomp1(v) != GSL_SUCCESS ||
        gsl_linalg_cholesky_invert(v) != GSL_SUCCESS) {
        gsl_matrix_free(v);
        return rp_fail(error, RP_ERR_NUMERIC,
                       "the correlations of what happens under load are not "
                       "positive definite: calibrate anew");
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            f->before[(first + i) * f->p + first + j] =
                0.5 * (gsl_matrix_get(v, i, j) + gsl_matrix_get(v, j, i));
    gsl_matrix_free(v);
    return RP_OK;
}

/* A row of costs tells of requests that meet no other. */
static bool has_mean_row(const struct finding *f, size_t candidate)
{
    const struct rp_config *const c = &f->all[candidate].config;

    return rp_costs_can_use(c) &&
           !rp_costs_is_own(rp_config_own_ns(c),
                            f->cases[f->measured_cases + candidate].total_ns);
}

static void make_candidate_rows(struct finding *f, size_t candidate)
{
    double *const rows = f->rows + candidate * f->rows_each * f->p;
    const double expected =
        rp_scatter_expected(&f->costs->scatter, (double)f->options->of.rounds);

    if (has_mean_row(f, candidate))
        make_row(f, &f->cases[f->measured_cases + candidate], expected,
                 !f->options->same_campaign, rows + ROW_MEAN * f->p);
    if (candidate < f->alone)
        return;
    for (size_t m = 0; m < RP_JOINT_METRICS; m++)
        for (size_t k = 0; k < f->parameter_count; k++)
            rows[(ROW_LOADED + m) * f->p + f->columns.count + k] =
                f->load.runs[candidate - f->alone].slope[m][f->parameters[k]];
}

static enum rp_code make_model(struct finding *f, struct rp_error *error)
{
    const size_t p = f->p;
    double row[COLUMNS_MAX] = {0.0};
    enum rp_code code;

    f->rows = calloc(f->count * f->rows_each * p + 1, sizeof *f->rows);
    f->before = calloc(p * p, sizeof *f->before);
    f->v = calloc(p * p, sizeof *f->v);
    f->times = calloc(f->count + 1, sizeof *f->times);
    if (!f->rows || !f->before || !f->v || !f->times)
        return no_memory(error);
    for (size_t i = 0; i < f->columns.count; i++)
        f->before[i * p + i] = 1.0;
    f->before[p * p - 1] = 1.0;
    code = know_parameters(f, error);
    for (size_t k = 0; k < f->measured_cases; k++) {
        make_row(f, &f->cases[k], f->costs->config_variance[f->configs[k]],
                 false, row);
        add_outer(f, row);
    }
    for (size_t k = 0; k < f->count; k++)
        make_candidate_rows(f, k);
    return code;
}

/* ---- What comes out ---- */

static double sd_of(const struct finding *f, size_t j)
{
    return sqrt(fmax(0.0, f->v[j * f->p + j]));
}

static struct rp_optimal problem_of(const struct finding *f)
{
    return (struct rp_optimal){.p = f->p,
                               .candidates = f->count,
                               .rows_each = f->rows_each,
                               .rows = f->rows,
                               .before = f->before,
                               .combination =
                                   f->options->forecast ? f->c : NULL,
                               .nuisance = true,
                               .repeats = 1};
}

/* What calibration says of a column; NAN where it has none such. */
static double calibrated(const struct finding *f, size_t column,
                         double *mean_ns)
{
    for (size_t k = 0; k < f->costs->columns.count; k++) {
        const struct rp_fitted_cost *const c = &f->costs->columns.costs[k];
        bool same = true;

        /* joint costs may have other items here that nobody paid */
        for (size_t i = 0; i < RP_ITEM_COUNT; i++)
            same &= !c->items[i] || f->columns.costs[column].items[i];
        if (!same)
            continue;
        *mean_ns = c->mean_ns;
        return c->se_ns;
    }
    return NAN;
}

static void take_costs(struct finding *f, bool after)
{
    f->next->cost_count = f->columns.count;
    for (size_t j = 0; j < f->columns.count; j++) {
        struct rp_next_cost *const to = &f->next->costs[j];
        const double model_ns = unit_ns * sd_of(f, j);
        double ns = model_ns;

        if (after) {
            if (isfinite(to->now_ns))
                ns *= to->now_ns / f->model_now[j];
        } else {
            *to = (struct rp_next_cost){.mean_ns = NAN};
            (void)snprintf(to->name, sizeof to->name, "%s",
                           f->columns.costs[j].name);
            ns = calibrated(f, j, &to->mean_ns);
            if (!(ns > 0.0) || model_ns > unknown_ns)
                ns = model_ns;
            f->model_now[j] = model_ns;
        }
        *(after ? &to->after_ns : &to->now_ns) =
            ns > unknown_ns ? (double)NAN : ns;
    }
}

static void take_parameters(struct finding *f, bool after)
{
    const struct rp_parameters *const u = &f->calibration.profile.under_load;

    f->next->parameter_count = f->parameter_count;
    for (size_t k = 0; k < f->parameter_count; k++) {
        struct rp_next_parameter *const to = &f->next->parameters[k];
        const double sd = sd_of(f, f->columns.count + k);

        to->which = f->parameters[k];
        to->value = u->known[to->which] ? u->value[to->which]
                                        : f->load.value[to->which];
        *(after ? &to->after : &to->now) = sd;
    }
}

/* The doubt of the forecast that comes from costs, or from parameters. */
static double doubt(const struct finding *f, bool of_costs)
{
    double part[COLUMNS_MAX] = {0.0};
    const size_t n = f->columns.count;

    for (size_t i = of_costs ? 0 : n; i < (of_costs ? n : f->p - 1); i++)
        part[i] = f->c[i];
    return rp_optimal_sd(f->v, f->p, part);
}

/* The same as calibration has it of the costs. */
static double calibrated_doubt(const struct finding *f)
{
    const struct rp_columns *const c = &f->costs->columns;
    double slope[RP_ITEM_COUNT], variance = 0.0;

    for (size_t k = 0; k < c->count; k++) {
        slope[k] = 0.0;
        for (size_t i = 0; i < RP_ITEM_COUNT; i++)
            if (c->costs[k].items[i])
                slope[k] = f->leaning.of_item[i];
    }
    for (size_t k = 0; k < c->count; k++)
        for (size_t l = 0; l < c->count; l++)
            variance += slope[k] * slope[l] * f->costs->covariance_ns2[k][l];
    return sqrt(fmax(0.0, variance));
}

static void take_forecast(struct finding *f, bool after)
{
    struct rp_next *const next = f->next;
    const double model = doubt(f, true), loaded = doubt(f, false);
    /* the last place is that of the speed, which has no calibrated error */
    double *const now = &f->model_now[f->p - 1];
    double costs = calibrated_doubt(f);

    if (!f->options->forecast)
        return;
    if (!after)
        *now = model;
    /* something that it pays is not known at all */
    if (*now * f->leaning.value > unknown_ns || !(costs > 0.0))
        costs = *now;
    if (after)
        costs *= *now > 0.0 ? model / *now : 1.0;
    *(after ? &next->forecast_after : &next->forecast_now) =
        hypot(costs, loaded);
}

static enum rp_code take_errors(struct finding *f, bool after,
                                struct rp_error *error)
{
    const struct rp_optimal o = problem_of(f);
    const enum rp_code code =
        rp_optimal_covariance(&o, after ? f->times : NULL, f->v, error);

    if (code)
        return code;
    take_costs(f, after);
    take_parameters(f, after);
    take_forecast(f, after);
    return RP_OK;
}

/* Which cost or parameter would be known worst without a run. */
static enum rp_code find_telling(struct finding *f, size_t candidate,
                                 double *without, struct rp_next_run *run,
                                 struct rp_error *error)
{
    const struct rp_optimal o = problem_of(f);
    enum rp_code code;

    f->times[candidate]--;
    code = rp_optimal_covariance(&o, f->times, without, error);
    f->times[candidate]++;
    run->without = 0.0;
    for (size_t j = 0; j + 1 < f->p && !code; j++) {
        const double grown = sqrt(without[j * f->p + j] / f->v[j * f->p + j]);

        if (grown > run->without) {
            run->without = grown;
            run->tells = j;
        }
    }
    return code;
}

static int by_config(const void *a, const void *b)
{
    const struct rp_next_run *const x = a, *const y = b;

    return rp_config_compare(&x->config, &y->config);
}

static enum rp_code take_runs(struct finding *f, struct rp_error *error)
{
    struct rp_next *const next = f->next;
    double *const scratch = calloc(f->p * f->p, sizeof *scratch);
    enum rp_code code = RP_OK;

    next->runs = calloc(f->options->runs + 1, sizeof *next->runs);
    if (!next->runs || !scratch)
        code = no_memory(error);
    for (size_t k = 0; k < f->count && !code; k++) {
        struct rp_next_run *const run = &next->runs[next->run_count];

        if (f->times[k] == 0)
            continue;
        *run = f->all[k];
        code = find_telling(f, k, scratch, run, error);
        next->run_count++;
    }
    free(scratch);
    if (!code)
        qsort(next->runs, next->run_count, sizeof *next->runs, by_config);
    return code;
}

/* ---- Choosing ---- */

static size_t chosen(const struct finding *f, size_t from, size_t to)
{
    size_t n = 0;

    for (size_t k = from; k < to; k++)
        n += f->times[k];
    return n;
}

/* How many runs of one client without own time show a campaign's speed. */
static size_t anchors_needed(const struct finding *f)
{
    const size_t rounds = f->options->of.rounds;

    return f->options->same_campaign || chosen(f, f->alone, f->count) == 0
               ? 0
               : (RP_COSTS_CAMPAIGN_RUNS + rounds - 1) / rounds;
}

/* The best of those with one client for the speed of the campaign, beside those
 * that are chosen. */
static enum rp_code add_anchors(struct finding *f, size_t count,
                                struct rp_error *error)
{
    struct rp_optimal o = problem_of(f);
    double speed[COLUMNS_MAX] = {0.0};
    enum rp_code code = RP_OK;

    speed[f->p - 1] = 1.0;
    o.combination = speed;
    o.candidates = f->alone;
    for (size_t n = 0; n < count && !code; n++) {
        size_t best = f->alone;
        double least = HUGE_VAL;

        for (size_t k = 0; k < f->alone && !code; k++) {
            if (f->times[k] > 0)
                continue;
            f->times[k] = 1;
            code = rp_optimal_covariance(&o, f->times, f->v, error);
            f->times[k] = 0;
            if (!code && f->v[f->p * f->p - 1] < least) {
                least = f->v[f->p * f->p - 1];
                best = k;
            }
        }
        if (!code && best < f->alone)
            f->times[best] = 1;
    }
    return code;
}

/* The chosen are looked at again, with more rehearsals: the best of many are
 * also the luckiest. */
static enum rp_code refine(struct finding *f, bool *changed,
                           struct rp_error *error)
{
    size_t *const which = calloc(f->load.count + 1, sizeof *which);
    size_t count = 0;
    enum rp_code code;

    if (!which)
        return no_memory(error);
    for (size_t i = 0; i < f->load.count; i++)
        if (f->times[f->alone + i] > 0 &&
            f->load.runs[i].rehearsals < FINE_REHEARSALS)
            which[count++] = i;
    code = find_slopes(f, which, count, FINE_REHEARSALS, error);
    for (size_t i = 0; i < count; i++)
        make_candidate_rows(f, f->alone + which[i]);
    *changed = count > 0;
    free(which);
    return code;
}

static enum rp_code choose_once(struct finding *f, struct rp_error *error)
{
    const struct rp_optimal o = problem_of(f);
    const size_t runs = f->options->runs;
    enum rp_code code;
    size_t needed, alone;

    say(f, "choosing", 0, 1);
    code = rp_optimal_choose(&o, runs, f->times, error);
    if (code)
        return code;
    needed = anchors_needed(f);
    alone = chosen(f, 0, f->alone);
    if (needed > alone && needed < runs && needed <= f->alone) {
        code = rp_optimal_choose(&o, runs - (needed - alone), f->times, error);
        if (!code)
            code = add_anchors(f, runs - chosen(f, 0, f->count), error);
    }
    f->next->is_anchored = anchors_needed(f) <= chosen(f, 0, f->alone);
    return code;
}

static enum rp_code choose(struct finding *f, struct rp_error *error)
{
    bool changed = true;
    enum rp_code code = RP_OK;

    for (int i = 0; i < CHOICES_MAX && changed && !code; i++) {
        code = choose_once(f, error);
        if (!code)
            code = refine(f, &changed, error);
    }
    return code;
}

/* ---- All ---- */

static enum rp_code make_room(struct finding *f, struct rp_error *error)
{
    const size_t most = RP_NEXTALONE_MAX + RP_NEXTLOAD_MAX + 1;

    f->all = calloc(most, sizeof *f->all);
    f->cases = calloc(f->measured->config_count + most, sizeof *f->cases);
    f->configs = calloc(f->measured->config_count + 1, sizeof *f->configs);
    return f->all && f->cases && f->configs ? RP_OK : no_memory(error);
}

static enum rp_code find(struct finding *f, struct rp_error *error)
{
    enum rp_code code = make_room(f, error);

    if (!code)
        code = rp_calibrate(f->measured, NULL, "reqpath design", NULL,
                            &f->calibration, error);
    f->costs = &f->calibration.costs;
    if (!code && is_under_load(f))
        code = fit_loaded(f, error);
    if (!code)
        code = make_candidates(f, error);
    if (!code && is_under_load(f))
        code = find_noise(f, error);
    if (!code && is_under_load(f))
        code = find_slopes(f, NULL, f->load.count, FIRST_REHEARSALS, error);
    if (code)
        return code;
    f->next->scatter = f->costs->scatter;
    f->next->is_known = f->options->known != NULL;
    take_measured(f);
    take_candidates(f);
    code = make_columns(f, error);
    if (!code)
        code = find_leaning(f, error);
    if (!code)
        code = make_model(f, error);
    if (!code)
        code = take_errors(f, false, error);
    if (!code)
        code = choose(f, error);
    if (!code)
        code = take_errors(f, true, error);
    return code ? code : take_runs(f, error);
}

static void release(struct finding *f)
{
    free(f->times);
    free(f->v);
    free(f->before);
    free(f->rows);
    free(f->configs);
    free(f->cases);
    free(f->all);
    rp_nextload_free(&f->load);
    rp_joint_free(&f->joint);
    rp_calibration_free(&f->calibration);
}

enum rp_code rp_next_find(const struct rp_measured *measured,
                          const struct rp_next_options *options,
                          struct rp_next *next, struct rp_error *error)
{
    struct rp_next *const fresh = calloc(1, sizeof *fresh);
    struct finding *const f = calloc(1, sizeof *f);
    enum rp_code code;

    if (!fresh || !f) {
        free(fresh);
        free(f);
        return no_memory(error);
    }
    *f = (struct finding){
        .measured = measured, .options = options, .next = fresh};
    fresh->rms = fresh->forecast = fresh->forecast_now = fresh->forecast_after =
        NAN;
    code = find(f, error);
    release(f);
    free(f);
    if (code)
        rp_next_free(fresh);
    else
        *next = *fresh;
    free(fresh);
    return code;
}

const char *rp_next_tells(const struct rp_next *next,
                          const struct rp_next_run *run)
{
    return run->tells < next->cost_count
               ? next->costs[run->tells].name
               : rp_parameter_name(
                     next->parameters[run->tells - next->cost_count].which);
}

void rp_next_free(struct rp_next *next)
{
    free(next->runs);
    *next = (struct rp_next){0};
}
