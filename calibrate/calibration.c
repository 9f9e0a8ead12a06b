/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/calibration.h"

#include "calibrate/misfit.h"
#include "calibrate/predict.h"
#include "calibrate/typical.h"
#include "calibrate/unrest.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- One platform ---- */

static enum rp_code same(const struct rp_dataset *a, const struct rp_dataset *b,
                         const char *what, const char *of_a, const char *of_b,
                         struct rp_error *error)
{
    if (strcmp(of_a, of_b) == 0)
        return RP_OK;
    return rp_fail(error, RP_ERR_VALUE,
                   "%s was measured on %s %s, %s on %s: a profile is for one "
                   "platform; calibrate each with its own",
                   a->folder, what, of_a[0] ? of_a : "(not said)", b->folder,
                   of_b[0] ? of_b : "(not said)");
}

enum rp_code rp_calibration_check(const struct rp_measured *measured,
                                  struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t i = 1; i < measured->dataset_count && !code; i++) {
        const struct rp_dataset *const a = &measured->datasets[0];
        const struct rp_dataset *const b = &measured->datasets[i];

        code = same(a, b, "framework", a->framework, b->framework, error);
        if (!code)
            code = same(a, b, a->framework, a->framework_version,
                        b->framework_version, error);
        if (!code)
            code = same(a, b, "asgiref", a->asgiref_version, b->asgiref_version,
                        error);
        if (!code)
            code = same(a, b, "Python", a->python_version, b->python_version,
                        error);
        if (!code)
            code = same(a, b, "a CPU called", a->cpu, b->cpu, error);
    }
    return code;
}

/* ---- Provenance ---- */

static const char *newest(const struct rp_measured *measured)
{
    const char *date = "";

    for (size_t i = 0; i < measured->dataset_count; i++)
        if (strcmp(measured->datasets[i].measured_on, date) > 0)
            date = measured->datasets[i].measured_on;
    return date;
}

static char *describe_source(const struct rp_dataset *dataset)
{
    char text[512];

    (void)snprintf(text, sizeof text, "%.200s (%zu runs, campaign %.200s)",
                   dataset->name, dataset->runs - dataset->unusable,
                   dataset->campaign);
    return strdup(text);
}

static bool copy_sources(const struct rp_measured *measured,
                         struct rp_profile *profile)
{
    profile->sources =
        calloc(measured->dataset_count + 1, sizeof *profile->sources);
    if (!profile->sources)
        return false;
    for (size_t i = 0; i < measured->dataset_count; i++) {
        char *const source = describe_source(&measured->datasets[i]);

        if (!source)
            return false;
        profile->sources[profile->source_count++] = source;
        profile->runs_left_out += measured->datasets[i].unusable;
    }
    return true;
}

static bool copy_texts(const struct rp_measured *measured, const char *made_by,
                       const char *made_on, struct rp_profile *p)
{
    const struct rp_dataset *const of = &measured->datasets[0];

    p->file = strdup("");
    p->framework = strdup(of->framework);
    p->framework_version = strdup(of->framework_version);
    p->asgiref_version = strdup(of->asgiref_version);
    p->python_version = strdup(of->python_version);
    p->cpu = strdup(of->cpu);
    p->measured_on = strdup(newest(measured));
    p->made_by = strdup(made_by);
    p->made_on = strdup(made_on ? made_on : newest(measured));
    return p->file && p->framework && p->framework_version &&
           p->asgiref_version && p->python_version && p->cpu &&
           p->measured_on && p->made_by && p->made_on &&
           copy_sources(measured, p);
}

static bool copy_rounds(const struct rp_measured *measured, const double *speed,
                        struct rp_profile *profile)
{
    profile->rounds =
        calloc(measured->block_count + 1, sizeof *profile->rounds);
    if (!profile->rounds)
        return false;
    for (size_t i = 0; i < measured->block_count; i++) {
        const struct rp_block *const b = &measured->blocks[i];
        char *const campaign = strdup(measured->campaigns[b->campaign]);

        if (!campaign)
            return false;
        profile->rounds[profile->round_count++] =
            (struct rp_round){campaign, b->round, speed[i], 1.0};
    }
    return true;
}

/* ---- What it was made from ---- */

/* The configurations that have runs in the fit. */
static bool is_fitted(const struct rp_measured *measured,
                      const struct rp_costs *costs, size_t config)
{
    for (size_t run = 0; run < measured->run_count; run++)
        if (measured->runs[run].config == config && !isnan(costs->weight[run]))
            return true;
    return false;
}

enum rp_code rp_calibration_extend(const struct rp_measured *measured,
                                   size_t config, struct rp_extent *extent,
                                   struct rp_error *error)
{
    const struct rp_config *const c = &measured->configs[config];
    const struct rp_setting setting =
        rp_config_setting(&measured->datasets[c->dataset], c);

    return rp_extent_add(extent, c->server, &setting, c->stack, c->amounts,
                         error);
}

static enum rp_code copy_extent(const struct rp_measured *measured,
                                const struct rp_costs *costs,
                                struct rp_extent *extent,
                                struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < measured->config_count && !code; i++)
        if (is_fitted(measured, costs, i))
            code = rp_calibration_extend(measured, i, extent, error);
    return code;
}

/* ---- Costs ---- */

static void copy_cost(const struct rp_calibration *c, size_t i,
                      struct rp_profile *profile)
{
    const struct rp_fitted_cost *const from = &c->costs.columns.costs[i];
    struct rp_cost *const to = &profile->costs[i];

    memcpy(to->name, from->name, sizeof to->name);
    to->mean_ns = from->mean_ns;
    to->se_ns = from->se_ns;
    to->runs = from->runs;
    to->spread = c->spreads.cost[i];
    to->spread_pooled = c->spreads.pooled[i];
    for (size_t k = 0; k < RP_ITEM_COUNT; k++)
        if (from->items[k])
            profile->cost_of_item[k] = (int)i;
}

/* The client's gap is a cost like the others, for who simulates ab. */
static void copy_gap(const struct rp_calibration *c, size_t at,
                     struct rp_profile *profile)
{
    struct rp_cost *const gap = &profile->costs[at];

    (void)snprintf(gap->name, sizeof gap->name, "%s",
                   rp_item_name(RP_ITEM_CLIENT_GAP));
    gap->mean_ns = c->costs.gap_ns;
    gap->se_ns = c->costs.gap_se_ns;
    gap->runs = (unsigned)c->costs.rows;
    gap->spread = rp_spread_constant();
    profile->cost_of_item[RP_ITEM_CLIENT_GAP] = (int)at;
}

static enum rp_code copy_costs(const struct rp_calibration *c,
                               struct rp_profile *profile,
                               struct rp_error *error)
{
    const size_t fitted = c->costs.columns.count;
    const size_t n = fitted + (c->costs.gap_ns > 0.0);

    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        profile->cost_of_item[i] = -1;
    profile->costs = calloc(n + 1, sizeof *profile->costs);
    profile->covariance_ns2 =
        calloc(n * n + 1, sizeof *profile->covariance_ns2);
    if (!profile->costs || !profile->covariance_ns2)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a profile");
    profile->cost_count = n;
    for (size_t i = 0; i < fitted; i++) {
        copy_cost(c, i, profile);
        for (size_t j = 0; j < fitted; j++)
            profile->covariance_ns2[i * n + j] = c->costs.covariance_ns2[i][j];
        profile->covariance_ns2[i * n + i] = gsl_pow_2(profile->costs[i].se_ns);
    }
    if (n > fitted) {
        copy_gap(c, fitted, profile);
        profile->covariance_ns2[n * n - 1] = gsl_pow_2(c->costs.gap_se_ns);
    }
    profile->request_spread = c->spreads.request;
    profile->condition_number = c->costs.condition_number;
    profile->runs = c->costs.rows;
    return RP_OK;
}

/* ---- Accuracy ---- */

/* The configurations whose residuals show how far the fit misses: those of the
 * fit, without own time as long as there are such. */
static void find_judges(const struct rp_measured *measured,
                        const struct rp_costs *costs, bool *judges)
{
    bool any = false;

    for (size_t i = 0; i < measured->config_count; i++)
        judges[i] = false;
    for (size_t run = 0; run < measured->run_count; run++)
        if (!isnan(costs->weight[run])) {
            const size_t config = measured->runs[run].config;

            judges[config] = true;
            any |= rp_config_own_ns(&measured->configs[config]) <= 0.0;
        }
    for (size_t i = 0; i < measured->config_count && any; i++)
        judges[i] &= rp_config_own_ns(&measured->configs[i]) <= 0.0;
}

static enum rp_code add_misses(const struct rp_measured *measured,
                               const struct rp_calibration *c, size_t config,
                               double *scratch, struct rp_misses *misses,
                               struct rp_error *error)
{
    const struct rp_config *const what = &measured->configs[config];
    const struct rp_dataset *const dataset = &measured->datasets[what->dataset];
    struct rp_prediction p;
    const enum rp_code code =
        rp_predict(dataset, what, 1, NULL, &c->profile, &p, NULL, error);

    if (code == RP_ERR_VALUE) /* it pays a cost that was given up */
        return RP_OK;
    for (unsigned m = 0; m < RP_METRIC_COUNT && !code; m++) {
        const struct rp_typical t = rp_typical_find(measured, c->speed, config,
                                                    (enum rp_metric)m, scratch);

        if (t.runs == 0 || !(t.value > 0.0) || !(p.value[m] > 0.0))
            continue;
        rp_misses_add(&misses[m], log(t.value / p.value[m]),
                      c->profile.accuracy[RP_SITUATION_ALONE][m].run_sd,
                      t.runs);
    }
    return code;
}

static enum rp_code judge(const struct rp_measured *measured,
                          struct rp_calibration *c, bool *judges,
                          struct rp_misses *misses, double *scratch,
                          struct rp_error *error)
{
    enum rp_code code = RP_OK;

    find_judges(measured, &c->costs, judges);
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        c->profile.accuracy[RP_SITUATION_ALONE][m].run_sd = rp_typical_run_sd(
            measured, c->speed, judges, (enum rp_metric)m, scratch);
    for (size_t i = 0; i < measured->config_count && !code; i++)
        if (judges[i])
            code = add_misses(measured, c, i, scratch, misses, error);
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        c->profile.accuracy[RP_SITUATION_ALONE][m].misfit_sd =
            rp_misfit(&misses[m], c->costs.columns.count);
    return code;
}

static enum rp_code find_accuracy(const struct rp_measured *measured,
                                  struct rp_calibration *c,
                                  struct rp_error *error)
{
    const size_t n = measured->config_count + 1;
    bool *const judges = calloc(n, sizeof *judges);
    double *const scratch = calloc(measured->run_count + 1, sizeof *scratch);
    double *const sizes = calloc(n * RP_METRIC_COUNT, sizeof *sizes);
    struct rp_misses misses[RP_METRIC_COUNT];
    enum rp_code code;

    if (!judges || !scratch || !sizes) {
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a profile");
    } else {
        for (size_t m = 0; m < RP_METRIC_COUNT; m++)
            misses[m] = (struct rp_misses){.sizes = sizes + m * n};
        code = judge(measured, c, judges, misses, scratch, error);
    }
    free(sizes);
    free(scratch);
    free(judges);
    return code;
}

/* ---- All of it ---- */

/* Rounds stand in the order of the blocks. */
static enum rp_code set_unrest(const struct rp_measured *measured,
                               const bool *leave_out, struct rp_calibration *c,
                               struct rp_error *error)
{
    double *const unrest = calloc(measured->campaign_count + 1, sizeof *unrest);
    enum rp_code code;

    if (!unrest)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a profile");
    code = rp_unrest_find(measured, c->speed, &c->profile, leave_out, unrest,
                          error);
    for (size_t i = 0; i < c->profile.round_count && !code; i++)
        c->profile.rounds[i].unrest = unrest[measured->blocks[i].campaign];
    free(unrest);
    return code;
}

static enum rp_code make_profile(const struct rp_measured *measured,
                                 const bool *leave_out, const char *made_by,
                                 const char *made_on, struct rp_calibration *c,
                                 struct rp_error *error)
{
    enum rp_code code;

    c->speed = calloc(measured->block_count + 1, sizeof *c->speed);
    if (!c->speed || !copy_texts(measured, made_by, made_on, &c->profile))
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a profile");
    for (size_t i = 0; i < measured->block_count; i++)
        c->speed[i] = rp_costs_speed(&c->costs, measured, i);
    if (!copy_rounds(measured, c->speed, &c->profile))
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a profile");
    code = copy_costs(c, &c->profile, error);
    if (!code)
        code = set_unrest(measured, leave_out, c, error);
    if (!code)
        code = copy_extent(measured, &c->costs, &c->profile.extent, error);
    return code ? code : find_accuracy(measured, c, error);
}

enum rp_code rp_calibrate(const struct rp_measured *measured,
                          const bool *leave_out, const char *made_by,
                          const char *made_on,
                          struct rp_calibration *calibration,
                          struct rp_error *error)
{
    struct rp_calibration *const c = calloc(1, sizeof *c);
    enum rp_code code;

    if (!c)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a profile");
    code = rp_calibration_check(measured, error);
    if (!code)
        code = rp_costs_fit(measured, leave_out, &c->costs, error);
    if (!code)
        code = rp_spreads_fit(measured, &c->costs, &c->spreads, error);
    if (!code)
        code = make_profile(measured, leave_out, made_by, made_on, c, error);
    if (code)
        rp_calibration_free(c);
    else
        *calibration = *c;
    free(c);
    return code;
}

void rp_calibration_free(struct rp_calibration *calibration)
{
    rp_costs_free(&calibration->costs);
    rp_profile_free(&calibration->profile);
    free(calibration->speed);
    calibration->speed = NULL;
}
