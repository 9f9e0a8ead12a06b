/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/leaning.h"

#include "model/program.h"
#include "sim/simulate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As the joint fit has it: a simulation has corners, which a smaller step would
 * take for slopes. */
static const double difference = 0.08;

/* The step of a cost that is next to nothing. */
static const double least_step_ns = 2e3;

static enum rp_code find_items(const struct rp_scenario *scenario,
                               double *items, struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t k = 0; k < rp_scenario_class_count(scenario) && !code; k++) {
        const struct rp_scenario of = rp_scenario_of_class(scenario, k);
        struct rp_program program = {0};
        double own[RP_ITEM_COUNT];

        code = rp_program_compile(&program, &of, error);
        if (code)
            break;
        rp_program_items(&program, own);
        for (size_t i = 0; i < RP_ITEM_COUNT; i++)
            items[i] += own[i];
        rp_program_free(&program);
    }
    return code;
}

enum rp_code rp_leaning_alone(const struct rp_scenario *scenario,
                              const struct rp_profile *profile,
                              struct rp_leaning *leaning,
                              struct rp_error *error)
{
    const struct rp_work *const view = &scenario->view;
    struct rp_leaning fresh = {.value = view->cpu.mean_ns +
                                        view->calls * view->wait.mean_ns};
    double often[RP_ITEM_COUNT] = {0.0}; /* each cost is paid */
    const enum rp_code code = find_items(scenario, fresh.items, error);

    if (code)
        return code;
    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        if (profile->cost_of_item[i] >= 0) {
            const size_t k = (size_t)profile->cost_of_item[i];

            often[k] += fresh.items[i];
            fresh.value += fresh.items[i] * profile->costs[k].mean_ns;
        }
    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        if (profile->cost_of_item[i] >= 0)
            fresh.of_item[i] = often[profile->cost_of_item[i]] / fresh.value;
    *leaning = fresh;
    return RP_OK;
}

struct asking {
    const struct rp_scenario *scenario;
    const struct rp_profile *profile;
    enum rp_metric metric;
    struct rp_error *error;
};

static enum rp_code simulate(const struct asking *a,
                             const struct rp_profile *profile, double *value)
{
    struct rp_simulate_options options = rp_simulate_defaults();
    struct rp_result result = {0};
    enum rp_code code;

    options.draws = 0;
    code = rp_simulate(a->scenario, profile, &options, &result, a->error);
    if (code)
        return code;
    *value = result.metrics[a->metric].value;
    rp_result_free(&result);
    if (!(*value > 0.0))
        return rp_fail(a->error, RP_ERR_UNSTABLE,
                       "%s of the scenario has no value, for more is asked for "
                       "than can be served: lower its rate",
                       rp_metric_key(a->metric));
    return RP_OK;
}

static enum rp_code of_cost(const struct asking *a, size_t cost, double value,
                            double *slope)
{
    const size_t n = a->profile->cost_count;
    const double step_ns =
        fmax(difference * a->profile->costs[cost].mean_ns, least_step_ns);
    struct rp_profile other = *a->profile; /* borrows all but its costs */
    double moved = 0.0;
    enum rp_code code;

    other.costs = calloc(n, sizeof *other.costs);
    if (!other.costs)
        return rp_fail(a->error, RP_ERR_MEMORY, "out of memory for a design");
    memcpy(other.costs, a->profile->costs, n * sizeof *other.costs);
    other.costs[cost].mean_ns += step_ns;
    code = simulate(a, &other, &moved);
    free(other.costs);
    if (!code)
        *slope = log(moved / value) / step_ns;
    return code;
}

static enum rp_code of_parameter(const struct asking *a,
                                 enum rp_parameter parameter, double value,
                                 double *slope)
{
    struct rp_profile other = *a->profile; /* borrows everything */
    double moved = 0.0;
    enum rp_code code;

    other.under_load.value[parameter] *= exp(difference);
    code = simulate(a, &other, &moved);
    if (!code)
        *slope = log(moved / value) / difference;
    return code;
}

static bool matters(const struct asking *a, enum rp_parameter parameter)
{
    return a->profile->under_load.known[parameter] &&
           rp_parameter_is_on(&a->scenario->mechanisms, parameter);
}

/* What is simulated after the scenario itself: costs, then parameters. */
static enum rp_code do_one(const struct asking *a, size_t number,
                           struct rp_leaning *l)
{
    const size_t n = a->profile->cost_count;
    double slope = 0.0;
    enum rp_code code = RP_OK;

    if (number >= n) {
        const enum rp_parameter p = (enum rp_parameter)(number - n);

        return matters(a, p) ? of_parameter(a, p, l->value, &l->of_parameter[p])
                             : RP_OK;
    }
    code = of_cost(a, number, l->value, &slope);
    for (size_t i = 0; i < RP_ITEM_COUNT && !code; i++)
        if (a->profile->cost_of_item[i] == (int)number)
            l->of_item[i] = slope;
    return code;
}

enum rp_code
rp_leaning_find(const struct rp_scenario *scenario,
                const struct rp_profile *profile, enum rp_metric metric,
                void (*tell)(void *context, size_t done, size_t count),
                void *context, struct rp_leaning *leaning,
                struct rp_error *error)
{
    const struct asking a = {scenario, profile, metric, error};
    const size_t count = profile->cost_count + RP_PARAMETER_COUNT;
    struct rp_leaning fresh = {.value = 0.0};
    enum rp_code code = find_items(scenario, fresh.items, error);

    if (!code)
        code = simulate(&a, profile, &fresh.value);

    for (size_t i = 0; i < count && !code; i++) {
        if (tell)
            tell(context, i, count);
        code = do_one(&a, i, &fresh);
    }
    if (!code)
        *leaning = fresh;
    return code;
}
