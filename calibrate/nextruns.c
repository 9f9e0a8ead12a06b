/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/nextruns.h"

#include "calibrate/costs.h"
#include "calibrate/dataset.h"
#include "calibrate/optimal.h"
#include "calibrate/robust.h"

#include <gsl/gsl_math.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parameters are in ms, so that a weak prior of one of them is 1. */
static const double unit_ns = 1e6, unknown_ns = 0.5e6;

/* Of the robust fit at normal errors; see costs.c. */
static const double efficiency = 0.95;

struct finding {
    const struct rp_measured *measured;
    const struct rp_next_options *options;
    struct rp_next *next;
    struct rp_costs costs;
    struct rp_config *configs; /* candidates */
    size_t *targets;           /* of each */
    size_t count, room;
    struct rp_case *cases; /* what is measured, then the candidates */
    size_t measured_cases;
    struct rp_columns columns;
    size_t p;       /* columns and the new campaign's speed */
    double *rows;   /* of the candidates */
    double *before; /* p x p */
    double *v;      /* p x p */
    unsigned *times;
};

static enum rp_code no_memory(struct rp_error *error)
{
    (void)rp_fail(error, RP_ERR_MEMORY, "out of memory for a design");
    return RP_ERR_MEMORY;
}

/* ---- Candidates ---- */

static bool is_measured(const struct rp_measured *m, struct rp_config config)
{
    for (size_t i = 0; i < m->config_count; i++)
        if (rp_config_compare(&m->configs[i], &config) == 0)
            return true;
    return false;
}

/* What another of the same target pays, too, tells nothing else. */
static bool is_like_another(const struct finding *f,
                            const struct rp_config *config, size_t target)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->targets[i] == target &&
            memcmp(f->configs[i].amounts, config->amounts,
                   sizeof config->amounts) == 0)
            return true;
    return false;
}

static enum rp_code add_candidate(struct finding *f, size_t target,
                                  const char *stack, bool view_async,
                                  struct rp_error *error)
{
    const struct rp_next_target *const t = &f->options->targets[target];
    struct rp_config config = {.server = t->server,
                               .threads = t->threads,
                               .path = t->path,
                               .view_async = view_async,
                               .concurrency = 1};
    struct rp_error why = {0};
    enum rp_code code;

    (void)snprintf(config.stack, sizeof config.stack, "%s", stack);
    if ((t->only && strcmp(t->only, stack) != 0) ||
        is_measured(f->measured, config))
        return RP_OK;
    code = rp_dataset_amounts(&f->measured->datasets[0], &config, &why);
    if (code == RP_ERR_MEMORY)
        return no_memory(error);
    if (code || is_like_another(f, &config, target))
        return RP_OK; /* this framework has no such stack */
    if (f->count == f->room)
        return rp_fail(error, RP_ERR_VALUE,
                       "there are more than %d candidates: take fewer letters "
                       "or shorter stacks",
                       RP_NEXT_CANDIDATES_MAX);
    f->configs[f->count] = config;
    f->targets[f->count++] = target;
    return RP_OK;
}

static enum rp_code add_stack(struct finding *f, const char *stack,
                              struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t t = 0; t < f->options->target_count && !code; t++) {
        code = add_candidate(f, t, stack, false, error);
        if (!code)
            code = add_candidate(f, t, stack, true, error);
    }
    return code;
}

/* All words over the letters, short ones first, like an odometer; and the
 * stacks of targets that serve one alone. */
static enum rp_code make_candidates(struct finding *f, struct rp_error *error)
{
    const char *const letters = f->options->letters;
    const size_t base = strlen(letters);
    enum rp_code code = RP_OK;

    for (size_t length = 0; length <= f->options->longest && !code; length++) {
        size_t digit[RP_NEXT_LONGEST] = {0}, at = 0;

        if (length > 0 && base == 0)
            break;
        while (at <= length && !code) {
            char stack[RP_NEXT_LONGEST + 1] = "";

            for (size_t i = 0; i < length; i++)
                stack[i] = letters[digit[i]];
            code = add_stack(f, stack, error);
            for (at = 0; at < length && ++digit[at] == base; at++)
                digit[at] = 0;
            if (at == length)
                break;
        }
    }
    for (size_t t = 0; t < f->options->target_count && !code; t++) {
        const char *const only = f->options->targets[t].only;

        if (only && strlen(only) > f->options->longest)
            code = add_stack(f, only, error);
    }
    if (!code && f->count < f->options->runs)
        code = rp_fail(error, RP_ERR_VALUE,
                       "%zu runs were asked for, and only %zu configurations "
                       "that are not measured yet pay something else than the "
                       "others: take more letters or longer stacks",
                       f->options->runs, f->count);
    f->next->candidates = f->count;
    return code;
}

/* ---- What the runs that are there tell ---- */

/* Means of a configuration's runs, at the usual speed. */
static size_t take_means(const struct finding *f, size_t config, double *means)
{
    const struct rp_measured *const m = f->measured;
    size_t n = 0;

    for (size_t i = 0; i < m->run_count; i++)
        if (m->runs[i].config == config && !isnan(f->costs.weight[i]))
            means[n++] = m->runs[i].mean_ns /
                         rp_costs_speed(&f->costs, m, m->runs[i].block);
    return n;
}

static double own_of(const struct finding *f, const struct rp_config *config)
{
    return rp_config_own_ns(config) + f->costs.gap_ns;
}

/* The noise of a run is that of its logarithm about its configuration's median;
 * the misfit that of medians about the fit, their noise taken off. Both are
 * robust, for so is the fit. */
struct scatter {
    double *runs, *medians; /* residuals */
    size_t run_count;
    double of_medians; /* sum of 1 / runs */
};

static void take_scatter(struct finding *f, const struct scatter *s)
{
    const double n = (double)f->measured_cases;
    const double runs = (double)s->run_count;
    const double spare = n - (double)f->costs.columns.count;
    double variance;

    if (runs > n)
        f->next->noise =
            rp_robust_sd(s->runs, s->run_count) * sqrt(runs / (runs - n));
    if (spare < 1.0)
        return;
    variance =
        gsl_pow_2(rp_robust_sd(s->medians, f->measured_cases)) * n / spare;
    f->next->misfit =
        sqrt(fmax(0.0, variance - gsl_pow_2(f->next->noise) * M_PI_2 *
                                      s->of_medians / n));
}

static void add_scatter(struct scatter *s, const double *means, size_t n,
                        double middle, double miss, size_t at)
{
    for (size_t i = 0; i < n; i++)
        s->runs[s->run_count++] = log(means[i] / middle);
    s->medians[at] = miss;
    s->of_medians += 1.0 / (double)n;
}

static void take_measured(struct finding *f, double *means, struct scatter *s)
{
    const struct rp_measured *const m = f->measured;

    for (size_t k = 0; k < m->config_count; k++) {
        const size_t n = take_means(f, k, means);
        const double framework =
            rp_costs_predict(&f->costs, m->configs[k].amounts, NULL);
        const double total = framework + own_of(f, &m->configs[k]);
        double middle;

        if (n == 0 || !(framework > 0.0))
            continue;
        middle = rp_median(means, n);
        add_scatter(s, means, n, middle, log(middle / total),
                    f->measured_cases);
        f->cases[f->measured_cases++] =
            (struct rp_case){.amounts = m->configs[k].amounts,
                             .stack = m->configs[k].stack,
                             .framework_ns = framework,
                             .total_ns = total,
                             .runs = n};
    }
    take_scatter(f, s);
}

static void take_candidates(struct finding *f)
{
    for (size_t k = 0; k < f->count; k++) {
        const struct rp_config *const c = &f->configs[k];
        const double framework =
            fmax(1.0, rp_costs_predict(&f->costs, c->amounts, NULL));

        f->cases[f->measured_cases + k] =
            (struct rp_case){.amounts = c->amounts,
                             .stack = c->stack,
                             .framework_ns = framework,
                             .total_ns = framework + own_of(f, c),
                             .runs = f->options->rounds};
    }
}

/* Costs that the old and the new runs together can tell. */
static enum rp_code make_columns(struct finding *f, struct rp_error *error)
{
    const size_t count = f->measured_cases + f->count;
    char text[RP_COLUMNS_TEXT_SIZE];
    double condition;
    enum rp_code code;

    rp_columns_make(f->cases, count, f->costs.families.one, &f->columns);
    rp_columns_join(f->cases, count, &f->columns);
    do
        code = rp_columns_give_up(f->cases, count, &f->columns, &condition,
                                  text, error);
    while (!code && text[0]);
    f->p = f->columns.count + 1;
    return code;
}

/* ---- The linear model ---- */

/* A configuration's row, over the standard deviation of its mean. */
static void make_row(const struct finding *f, const struct rp_case *c,
                     bool is_new, double *row)
{
    const double variance =
        (gsl_pow_2(f->next->misfit) +
         gsl_pow_2(fmax(1e-6, f->next->noise)) / (double)c->runs) /
        efficiency;
    const double by = 1.0 / (c->total_ns * sqrt(variance));

    for (size_t j = 0; j + 1 < f->p; j++)
        row[j] = by * unit_ns *
                 rp_fitted_cost_amount(&f->columns.costs[j], c->amounts);
    row[f->p - 1] = is_new ? by * c->framework_ns : 0.0;
}

static enum rp_code make_model(struct finding *f, struct rp_error *error)
{
    const size_t p = f->p;
    double row[RP_ITEM_COUNT + 1];

    f->rows = calloc(f->count * p + 1, sizeof *f->rows);
    f->before = calloc(p * p, sizeof *f->before);
    f->v = calloc(p * p, sizeof *f->v);
    f->times = calloc(f->count + 1, sizeof *f->times);
    if (!f->rows || !f->before || !f->v || !f->times)
        return no_memory(error);
    for (size_t i = 0; i < p; i++)
        f->before[i * p + i] = 1.0;
    for (size_t k = 0; k < f->measured_cases; k++) {
        make_row(f, &f->cases[k], false, row);
        for (size_t i = 0; i < p; i++)
            for (size_t j = 0; j < p; j++)
                f->before[i * p + j] += row[i] * row[j];
    }
    for (size_t k = 0; k < f->count; k++)
        make_row(f, &f->cases[f->measured_cases + k], true, f->rows + k * p);
    return RP_OK;
}

/* ---- What comes out ---- */

static double known(double sd_ns)
{
    return sd_ns > unknown_ns ? (double)NAN : sd_ns;
}

static double sd_of(const struct finding *f, size_t j)
{
    return unit_ns * sqrt(fmax(0.0, f->v[j * f->p + j]));
}

static void name_costs(struct finding *f)
{
    f->next->cost_count = f->columns.count;
    for (size_t j = 0; j < f->columns.count; j++) {
        const struct rp_fitted_cost *const column = &f->columns.costs[j];
        struct rp_next_cost *const to = &f->next->costs[j];

        *to = (struct rp_next_cost){.mean_ns = NAN, .calibrated_ns = NAN};
        (void)snprintf(to->name, sizeof to->name, "%s", column->name);
        for (size_t k = 0; k < f->costs.columns.count; k++) {
            const struct rp_fitted_cost *const c = &f->costs.columns.costs[k];
            bool same = true;

            /* joint costs may have other items here that nobody paid */
            for (size_t i = 0; i < RP_ITEM_COUNT; i++)
                same &= !c->items[i] || column->items[i];
            if (same) {
                to->mean_ns = c->mean_ns;
                to->calibrated_ns = c->se_ns;
            }
        }
    }
}

static void forecast_row(const struct finding *f, double *c)
{
    for (size_t j = 0; j + 1 < f->p; j++)
        c[j] = f->options->forecast
                   ? rp_fitted_cost_amount(&f->columns.costs[j],
                                           f->options->forecast)
                   : 0.0;
    c[f->p - 1] = 0.0;
}

static enum rp_code take_errors(struct finding *f, bool after,
                                struct rp_error *error)
{
    const struct rp_optimal o = {.p = f->p,
                                 .candidates = f->count,
                                 .rows = f->rows,
                                 .before = f->before};
    double c[RP_ITEM_COUNT + 1];
    const enum rp_code code =
        rp_optimal_covariance(&o, after ? f->times : NULL, f->v, error);

    if (code)
        return code;
    for (size_t j = 0; j < f->columns.count; j++)
        *(after ? &f->next->costs[j].after_ns : &f->next->costs[j].now_ns) =
            known(sd_of(f, j));
    forecast_row(f, c);
    if (f->options->forecast)
        *(after ? &f->next->forecast_after_ns : &f->next->forecast_now_ns) =
            known(unit_ns * rp_optimal_sd(f->v, f->p, c));
    return RP_OK;
}

/* Which cost would be known worst without a run: V of M - x x' has
 * v_jj + (V x)_j^2 / (1 - x' V x). */
static void find_telling(const struct finding *f, size_t candidate,
                         struct rp_next_run *run)
{
    const double *const x = f->rows + candidate * f->p;
    double vx[RP_ITEM_COUNT + 1] = {0.0}, own = 0.0;

    for (size_t i = 0; i < f->p; i++)
        for (size_t j = 0; j < f->p; j++)
            vx[i] += f->v[i * f->p + j] * x[j];
    for (size_t i = 0; i < f->p; i++)
        own += x[i] * vx[i];
    run->without = 0.0;
    for (size_t j = 0; j < f->columns.count; j++) {
        const double grown =
            sqrt(1.0 + gsl_pow_2(vx[j]) / fmax(1e-12, 1.0 - own) /
                           f->v[j * f->p + j]);

        if (grown > run->without) {
            run->without = grown;
            run->tells = j;
        }
    }
}

static int by_config(const void *a, const void *b)
{
    const struct rp_next_run *const x = a, *const y = b;

    return rp_config_compare(&x->config, &y->config);
}

static enum rp_code take_runs(struct finding *f, struct rp_error *error)
{
    struct rp_next *const next = f->next;

    next->runs = calloc(f->options->runs + 1, sizeof *next->runs);
    if (!next->runs)
        return no_memory(error);
    for (size_t k = 0; k < f->count; k++) {
        struct rp_next_run *const run = &next->runs[next->run_count];

        if (f->times[k] == 0)
            continue;
        run->config = f->configs[k];
        run->target = f->targets[k];
        find_telling(f, k, run);
        next->run_count++;
    }
    qsort(next->runs, next->run_count, sizeof *next->runs, by_config);
    return RP_OK;
}

static enum rp_code choose(struct finding *f, struct rp_error *error)
{
    double c[RP_ITEM_COUNT + 1];
    const bool has_forecast = f->options->forecast != NULL;
    const struct rp_optimal o = {.p = f->p,
                                 .candidates = f->count,
                                 .rows = f->rows,
                                 .before = f->before,
                                 .combination = has_forecast ? c : NULL,
                                 .nuisance = true,
                                 .repeats = 1};
    enum rp_code code;

    forecast_row(f, c);
    name_costs(f);
    if (has_forecast)
        f->next->forecast_ns =
            rp_costs_predict(&f->costs, f->options->forecast, NULL);
    code = take_errors(f, false, error);
    if (!code)
        code = rp_optimal_choose(&o, f->options->runs, f->times, error);
    if (!code)
        code = take_errors(f, true, error);
    return code ? code : take_runs(f, error);
}

static enum rp_code find(struct finding *f, struct rp_error *error)
{
    const size_t room = f->measured->config_count + f->room + 1;
    const size_t runs = f->measured->run_count + 1;
    double *const means = calloc(runs, sizeof *means);
    struct scatter scatter = {.runs = calloc(runs, sizeof *scatter.runs),
                              .medians = calloc(room, sizeof *scatter.medians)};
    enum rp_code code = RP_OK;

    f->configs = calloc(f->room + 1, sizeof *f->configs);
    f->targets = calloc(f->room + 1, sizeof *f->targets);
    f->cases = calloc(room, sizeof *f->cases);
    if (!f->configs || !f->targets || !f->cases || !means || !scatter.runs ||
        !scatter.medians)
        code = no_memory(error);
    if (!code)
        code = rp_costs_fit(f->measured, NULL, &f->costs, error);
    if (!code)
        code = make_candidates(f, error);
    if (!code) {
        take_measured(f, means, &scatter);
        take_candidates(f);
        code = make_columns(f, error);
    }
    if (!code)
        code = make_model(f, error);
    free(scatter.medians);
    free(scatter.runs);
    free(means);
    return code ? code : choose(f, error);
}

enum rp_code rp_next_find(const struct rp_measured *measured,
                          const struct rp_next_options *options,
                          struct rp_next *next, struct rp_error *error)
{
    struct rp_next *const fresh = calloc(1, sizeof *fresh);
    struct finding f = {.measured = measured,
                        .options = options,
                        .next = fresh,
                        .room = RP_NEXT_CANDIDATES_MAX};
    enum rp_code code;

    if (!fresh)
        return no_memory(error);
    fresh->forecast_ns = fresh->forecast_now_ns = fresh->forecast_after_ns =
        NAN;
    code = find(&f, error);
    free(f.times);
    free(f.v);
    free(f.before);
    free(f.rows);
    free(f.cases);
    free(f.targets);
    free(f.configs);
    rp_costs_free(&f.costs);
    if (code)
        rp_next_free(fresh);
    else
        *next = *fresh;
    free(fresh);
    return code;
}

void rp_next_free(struct rp_next *next)
{
    free(next->runs);
    *next = (struct rp_next){0};
}
