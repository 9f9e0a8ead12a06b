/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/predict.h"

#include "calibrate/dataset.h"
#include "calibrate/levels.h"
#include "model/price.h"
#include "sim/simulate.h"

#include <gsl/gsl_math.h>
#include <math.h>

/* So many runs are simulated; what varies between them is small against the
 * repeat-run noise. */
enum { SIMULATED_RUNS = 20 };

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

/* The costs' part of the doubt is taken as that of one request alone. */
static enum rp_code
predict_together(struct rp_scenario *scenario, const struct rp_profile *profile,
                 const struct rp_prices *prices, unsigned requests,
                 struct rp_prediction *prediction, struct rp_error *error)
{
    const struct rp_simulate_options options = {.jobs = 0, .draws = 0};
    const double costs_se = prices->se_ns / prices->total_ns;
    struct rp_result result = {0};
    enum rp_code code;

    scenario->run = (struct rp_run){.requests = requests,
                                    .warm_up_auto = false,
                                    .replications = SIMULATED_RUNS};
    code = rp_levels_simulate(scenario, profile, &options, &result,
                              prediction->level_ms, error);
    if (code)
        return code;
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const struct rp_estimate *const e = &result.metrics[m];
        const double unit = m == RP_METRIC_RPS ? 1.0 : 1e6;
        const double own = e->half_width / 1.96 / e->value;

        prediction->value[m] = e->value / unit;
        prediction->relative_se[m] = hypot(costs_se, isfinite(own) ? own : 0.0);
    }
    /* what ab calls the mean */
    prediction->value[RP_METRIC_MEAN] =
        1e3 * (double)scenario->load.clients / prediction->value[RP_METRIC_RPS];
    prediction->relative_se[RP_METRIC_MEAN] =
        prediction->relative_se[RP_METRIC_RPS];
    rp_result_free(&result);
    return RP_OK;
}

enum rp_code rp_predict(const struct rp_dataset *dataset,
                        const struct rp_config *config, unsigned requests,
                        const struct rp_profile *profile,
                        struct rp_prediction *prediction, char *warnings,
                        struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    struct rp_program program = {0};
    struct rp_prediction fresh = {.value = {0.0}};
    struct rp_prices prices;
    enum rp_code code = rp_dataset_scenario(dataset, config, &scenario, error);

    if (!code)
        code = rp_program_compile(&program, &scenario, error);
    if (!code)
        code = rp_price(&program, profile, &prices, error);
    if (!code && warnings)
        (void)rp_price_warnings(&scenario, &program, profile, &prices, warnings,
                                RP_PREDICT_WARNINGS_SIZE);
    if (!code && config->concurrency == 1)
        predict_alone(profile, &prices, &fresh);
    else if (!code)
        code = predict_together(&scenario, profile, &prices, requests, &fresh,
                                error);
    if (!code)
        *prediction = fresh;
    rp_program_free(&program);
    rp_scenario_free(&scenario);
    return code;
}

void rp_predict_interval(const struct rp_prediction *prediction,
                         const struct rp_profile *profile,
                         enum rp_metric metric, size_t rounds, double *low,
                         double *high)
{
    const struct rp_accuracy *const a = &profile->accuracy[metric];
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
