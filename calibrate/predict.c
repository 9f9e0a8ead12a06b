/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/predict.h"

#include "calibrate/dataset.h"
#include "calibrate/rehearse.h"
#include "model/price.h"
#include "sim/draws.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many runs are rehearsed, and so many draws of costs and parameters with
 * fewer of them: what varies between them is small against the repeat-run
 * noise. */
enum { REHEARSED_RUNS = 25, DRAWS = 12, RUNS_OF_DRAW = 7 };

/* The latency of a request at a level: its own time, and what the items cost
 * at that level. */
static double latency_at(const struct rp_profile *profile,
                         const struct rp_prices *prices, double level)
{
    double sum = prices->own_ns;

    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const struct rp_item_price *const p = &prices->items[i];

        if (p->amount > 0.0 && p->cost >= 0)
            sum += p->amount * profile->costs[p->cost].mean_ns *
                   rp_spread_at(&profile->costs[p->cost].spread, level);
    }
    return sum;
}

static double gap_of(const struct rp_profile *profile)
{
    const int cost = profile->cost_of_item[RP_ITEM_CLIENT_GAP];

    return cost >= 0 ? profile->costs[cost].mean_ns : 0.0;
}

static void predict_alone(const struct rp_profile *profile,
                          const struct rp_prices *prices,
                          struct rp_prediction *prediction)
{
    const double mean_ns = gap_of(profile) + prices->total_ns;

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const double level = rp_metric_level((enum rp_metric)m);

        if (!isnan(level))
            prediction->value[m] = latency_at(profile, prices, level) / 1e6;
        prediction->relative_se[m] = prices->se_ns / mean_ns;
    }
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        prediction->level_ms[i] =
            latency_at(profile, prices, rp_levels[i]) / 1e6;
    prediction->value[RP_METRIC_MEAN] = mean_ns / 1e6;
    prediction->value[RP_METRIC_RPS] = 1e9 / mean_ns;
}

/* One request at a time is cold where the view waited. */
static bool is_sum_of_costs(const struct rp_config *config,
                            const struct rp_profile *profile)
{
    return config->concurrency == 1 &&
           !(rp_config_own_ns(config) > 0.0 &&
             rp_parameters_any(&profile->under_load));
}

/* ---- By rehearsals ---- */

/* What is asked of a run. */
struct asked {
    unsigned requests;
    const struct rp_sendtimes *planned; /* NULL: not known */
};

static enum rp_code rehearse(const struct rp_scenario *scenario,
                             const struct rp_profile *profile,
                             const struct asked *asked, unsigned runs,
                             struct rp_rehearsal *rehearsal,
                             struct rp_error *error)
{
    const enum rp_situation situation = rp_situation_of(scenario);
    const struct rp_rehearse_options options = {
        .runs = rp_sendtimes_rehearsals(asked->planned, runs),
        .requests = asked->requests,
        .planned = asked->planned,
        .seed = scenario->seed,
        .noise = rp_profile_accuracy(profile, situation)[RP_METRIC_P50].run_sd};

    return rp_rehearse(scenario, profile, &options, rehearsal, error);
}

/* What can be served at most: so many clients that the busiest place is never
 * idle. */
static enum rp_code find_capacity(const struct rp_scenario *scenario,
                                  const struct rp_profile *profile,
                                  double *capacity_per_s,
                                  struct rp_error *error)
{
    enum { CLIENTS = 200, REQUESTS = 4000, RUNS = 3 };
    const struct asked asked = {.requests = REQUESTS};
    struct rp_scenario closed = *scenario;
    struct rp_rehearsal r;
    enum rp_code code;

    closed.load = (struct rp_load){
        .kind = RP_LOAD_CLOSED, .clients = CLIENTS, .client = RP_CLIENT_IDEAL};
    code = rehearse(&closed, profile, &asked, RUNS, &r, error);
    if (!code)
        *capacity_per_s = r.value[RP_METRIC_RPS];
    return code;
}

/* A rate above the capacity is no mistake of a run, but its figures say how
 * long it was. */
static enum rp_code warn_of_overload(const struct rp_config *config,
                                     const struct rp_scenario *scenario,
                                     const struct rp_profile *profile,
                                     char *warnings, struct rp_error *error)
{
    const size_t used = strlen(warnings);
    double capacity = 0.0;
    char what[160];
    enum rp_code code;

    if (!rp_config_is_open(config))
        return RP_OK;
    code = find_capacity(scenario, profile, &capacity, error);
    if (code || config->open.rate_per_s < capacity)
        return code;
    rp_config_describe(config, what, sizeof what);
    (void)snprintf(
        warnings + used, RP_PREDICT_WARNINGS_SIZE - used,
        "%s%s: at most %.4g/s can be served, so the queue grows as "
        "long as a run lasts, and latencies say how many requests it "
        "had",
        used > 0 && warnings[used - 1] != '\n' ? "\n" : "", what, capacity);
    return RP_OK;
}

/* What the doubt about costs and parameters makes of each metric: the standard
 * deviation of its logarithm over draws that meet the same luck. */
static enum rp_code doubt(const struct rp_scenario *scenario,
                          const struct rp_profile *profile,
                          const struct asked *asked, double sd[RP_METRIC_COUNT],
                          struct rp_error *error)
{
    const size_t n = profile->cost_count;
    double *const costs_ns = calloc(DRAWS * n + 1, sizeof *costs_ns);
    struct rp_parameters *const parameters = calloc(DRAWS, sizeof *parameters);
    double logs[RP_METRIC_COUNT][DRAWS];
    enum rp_code code = RP_OK;

    if (!costs_ns || !parameters)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for draws");
    if (!code)
        code = rp_draws_make(profile, scenario->seed, DRAWS, costs_ns, error);
    if (!code)
        code = rp_draws_parameters(profile, scenario->seed, DRAWS, parameters,
                                   error);
    for (size_t i = 0; i < DRAWS && !code; i++) {
        struct rp_profile drawn;
        struct rp_rehearsal r;

        if (!rp_drawn_profile(profile, costs_ns + i * n, &parameters[i],
                              &drawn)) {
            code = rp_fail(error, RP_ERR_MEMORY, "out of memory for draws");
            break;
        }
        code = rehearse(scenario, &drawn, asked, RUNS_OF_DRAW, &r, error);
        free(drawn.costs);
        for (unsigned m = 0; m < RP_METRIC_COUNT && !code; m++)
            logs[m][i] = log(r.value[m]);
    }
    for (unsigned m = 0; m < RP_METRIC_COUNT && !code; m++)
        sd[m] = gsl_stats_sd(logs[m], 1, DRAWS);
    free(costs_ns);
    free(parameters);
    return code;
}

static enum rp_code predict_together(const struct rp_scenario *scenario,
                                     const struct rp_profile *profile,
                                     const struct asked *asked, bool doubts,
                                     struct rp_prediction *prediction,
                                     struct rp_error *error)
{
    struct rp_rehearsal r;
    double sd[RP_METRIC_COUNT] = {0.0};
    enum rp_code code =
        rehearse(scenario, profile, asked, REHEARSED_RUNS, &r, error);

    if (!code && doubts)
        code = doubt(scenario, profile, asked, sd, error);
    for (unsigned m = 0; m < RP_METRIC_COUNT && !code; m++) {
        prediction->value[m] = r.value[m];
        prediction->relative_se[m] = hypot(r.se[m], sd[m]);
    }
    for (size_t k = 0; k < RP_LEVEL_COUNT && !code; k++)
        prediction->level_ms[k] = r.level_ms[k];
    return code;
}

static enum rp_code predict(const struct rp_dataset *dataset,
                            const struct rp_config *config,
                            const struct asked *asked,
                            const struct rp_profile *profile, bool doubts,
                            struct rp_prediction *prediction, char *warnings,
                            struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    struct rp_program program = {0};
    struct rp_prediction fresh = {.value = {0.0}};
    struct rp_profile there;
    struct rp_prices prices;
    enum rp_code code = rp_dataset_scenario(dataset, config, &scenario, error);

    if (code)
        return code;
    if (!rp_profile_in_campaign(profile, dataset->campaign, &there)) {
        rp_scenario_free(&scenario);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a profile");
    }
    code = rp_program_compile(&program, &scenario, error);
    if (!code)
        code = rp_price(&program, profile, &prices, error);
    if (!code && warnings)
        (void)rp_price_warnings(&scenario, &program, profile, &prices, warnings,
                                RP_PREDICT_WARNINGS_SIZE);
    if (!code && warnings)
        code = warn_of_overload(config, &scenario, &there, warnings, error);
    if (!code && is_sum_of_costs(config, profile))
        predict_alone(&there, &prices, &fresh);
    else if (!code)
        code =
            predict_together(&scenario, &there, asked, doubts, &fresh, error);
    if (!code)
        *prediction = fresh;
    free(there.costs);
    rp_program_free(&program);
    rp_scenario_free(&scenario);
    return code;
}

enum rp_code rp_predict(const struct rp_dataset *dataset,
                        const struct rp_config *config, unsigned requests,
                        const struct rp_sendtimes *planned,
                        const struct rp_profile *profile,
                        struct rp_prediction *prediction, char *warnings,
                        struct rp_error *error)
{
    const struct asked asked = {requests, planned};

    return predict(dataset, config, &asked, profile, true, prediction, warnings,
                   error);
}

enum rp_code rp_predict_value(const struct rp_dataset *dataset,
                              const struct rp_config *config, unsigned requests,
                              const struct rp_profile *profile,
                              struct rp_prediction *prediction,
                              struct rp_error *error)
{
    const struct asked asked = {.requests = requests};

    return predict(dataset, config, &asked, profile, false, prediction, NULL,
                   error);
}

enum rp_situation rp_config_situation(const struct rp_config *config)
{
    if (config->io_ns > 0.0)
        return RP_SITUATION_WAITING;
    return config->concurrency == 1 ? RP_SITUATION_ALONE : RP_SITUATION_LOADED;
}

void rp_predict_interval(const struct rp_prediction *prediction,
                         const struct rp_profile *profile,
                         enum rp_situation situation, enum rp_metric metric,
                         size_t rounds, double *low, double *high)
{
    const struct rp_accuracy *const a =
        &rp_profile_accuracy(profile, situation)[metric];
    const double value = prediction->value[metric];
    /* the median of n runs has pi / 2 of the mean's variance */
    const double repeat2 =
        gsl_pow_2(a->run_sd) * (rounds > 2 ? M_PI_2 / (double)rounds
                                           : 1.0 / fmax(1.0, (double)rounds));
    const double sd = sqrt(gsl_pow_2(prediction->relative_se[metric]) +
                           gsl_pow_2(a->misfit_sd) + repeat2);

    *low = value * exp(-1.96 * sd);
    *high = value * exp(1.96 * sd);
}
