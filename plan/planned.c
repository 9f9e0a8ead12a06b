/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/planned.h"

#include "plan/exactjson.h"
#include "plan/loadat.h"
#include "sim/simulate.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { REPLICATIONS = 10 };

static enum rp_code simulate(const struct rp_scenario *scenario,
                             const struct rp_profile *profile,
                             const struct rp_effort *effort, unsigned draws,
                             double rate_per_s, struct rp_result *result,
                             struct rp_error *error)
{
    const struct rp_simulate_options options = {.jobs = 1, .draws = draws};
    struct rp_scenario at = *scenario;

    at.load = rp_load_at(&scenario->load, rate_per_s);
    at.run = (struct rp_run){.requests = effort->requests,
                             .warm_up_requests = effort->requests / 4,
                             .replications = REPLICATIONS,
                             .max_replications = REPLICATIONS,
                             .precision_of = RP_METRIC_P99};
    return rp_simulate(&at, profile, &options, result, error);
}

static void note_place(const struct rp_result *result, struct rp_planned *p)
{
    p->utilisation = -1.0;
    for (size_t i = 0; i < result->place_count; i++) {
        const struct rp_place_result *const place = &result->places[i];

        if (!(place->utilisation > p->utilisation))
            continue;
        p->utilisation = place->utilisation;
        (void)snprintf(p->busiest, sizeof p->busiest, "%s", place->name);
    }
}

/* Errors have no estimate in a result, but in a trial. */
static enum rp_code find_errors(const struct rp_scenario *scenario,
                                const struct rp_profile *profile,
                                const struct rp_slos *slos,
                                const struct rp_effort *effort,
                                struct rp_planned *p, struct rp_error *error)
{
    struct rp_slos only = {.wanted = {[RP_LIMIT_ERRORS] = true}};
    struct rp_routes routes = {0};
    struct rp_trial trial;
    enum rp_code code;

    p->errors = p->errors_low = p->errors_high = NAN;
    if (!slos->wanted[RP_LIMIT_ERRORS])
        return RP_OK;
    only.limit[RP_LIMIT_ERRORS] = slos->limit[RP_LIMIT_ERRORS];
    code = rp_routes_make(scenario, profile, &routes, error);
    if (!code)
        code = rp_trial_run(scenario, &routes, profile, &only, effort,
                            p->rate_per_s, &trial, error);
    rp_routes_free(&routes);
    if (code)
        return code;
    p->errors = trial.value[RP_LIMIT_ERRORS];
    p->errors_low = trial.low[RP_LIMIT_ERRORS];
    p->errors_high = trial.high[RP_LIMIT_ERRORS];
    return RP_OK;
}

/* Where there is no prediction interval, that of the simulation. */
static double sd_of(const struct rp_estimate *e)
{
    const double half = isfinite(e->high - e->low)
                            ? (e->high - e->low) / 2.0
                            : (e->own_high - e->own_low) / 2.0;

    return half / 1.96;
}

static double miss_of(double value, double sd, double limit)
{
    if (!isfinite(value))
        return 1.0;
    if (!(sd > 0.0))
        return value > limit ? 1.0 : 0.0;
    return gsl_cdf_ugaussian_Q((limit - value) / sd);
}

static void judge(const struct rp_slos *slos, struct rp_planned *p)
{
    double worst = -1.0;

    p->met = true;
    p->slo_miss = 0.0;
    for (unsigned i = 0; i < RP_LIMIT_COUNT; i++) {
        const bool is_errors = i == RP_LIMIT_ERRORS;
        const struct rp_estimate *const e =
            is_errors ? NULL : &p->metrics[rp_limit_metric((enum rp_limit)i)];
        const double value = is_errors ? p->errors : e->value;
        const double sd = is_errors
                              ? (p->errors_high - p->errors_low) / 2.0 / 1.96
                              : sd_of(e);
        const double limit = slos->limit[i];

        if (!slos->wanted[i])
            continue;
        p->met &= value <= limit;
        p->slo_miss = fmax(p->slo_miss, miss_of(value, sd, limit));
        if (!(value / limit <= worst)) {
            worst = value / limit;
            p->worst = (enum rp_limit)i;
        }
    }
}

enum rp_code rp_planned_find(const struct rp_scenario *scenario,
                             const struct rp_profile *profile,
                             const struct rp_slos *slos,
                             const struct rp_effort *effort, unsigned draws,
                             double rate_per_s, struct rp_planned *planned,
                             struct rp_error *error)
{
    struct rp_planned p = {.rate_per_s = rate_per_s};
    struct rp_result result = {0};
    enum rp_code code =
        simulate(scenario, profile, effort, draws, rate_per_s, &result, error);

    if (!code)
        code = find_errors(scenario, profile, slos, effort, &p, error);
    if (!code) {
        memcpy(p.metrics, result.metrics, sizeof p.metrics);
        p.in_flight = result.in_flight_mean;
        p.tier = result.validity.tier;
        (void)rp_validity_line(&result.validity, p.validity, sizeof p.validity);
        note_place(&result, &p);
        judge(slos, &p);
        *planned = p;
    }
    rp_result_free(&result);
    return code;
}

/* ---- JSON ---- */

/* An estimate as the ten numbers that it is. */
enum { ESTIMATE_NUMBERS = sizeof(struct rp_estimate) / sizeof(double) };

static json_t *estimates_to_json(const struct rp_planned *p)
{
    json_t *const array = json_array();

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        double numbers[ESTIMATE_NUMBERS];

        memcpy(numbers, &p->metrics[m], sizeof numbers);
        if (json_array_append_new(array,
                                  rp_exact_array(numbers, ESTIMATE_NUMBERS))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

json_t *rp_planned_to_json(const struct rp_planned *p)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:b, s:i, s:o, s:i, s:s}",
        "rate_per_s", rp_exact(p->rate_per_s), "metrics", estimates_to_json(p),
        "errors", rp_exact(p->errors), "errors_low", rp_exact(p->errors_low),
        "errors_high", rp_exact(p->errors_high), "in_flight",
        rp_exact(p->in_flight), "busiest", p->busiest, "utilisation",
        rp_exact(p->utilisation), "met", p->met, "worst", (int)p->worst,
        "slo_miss", rp_exact(p->slo_miss), "tier", (int)p->tier, "validity",
        p->validity);
}

static bool estimates_from_json(const json_t *json, struct rp_planned *p)
{
    json_t *const wrap = json_pack("{}");
    struct rp_exact_reader r = {.object = wrap,
                                .good = wrap && json_array_size(json) ==
                                                    RP_METRIC_COUNT};

    for (unsigned m = 0; m < RP_METRIC_COUNT && r.good; m++) {
        double numbers[ESTIMATE_NUMBERS];

        r.good = json_object_set(wrap, "m", json_array_get(json, m)) == 0;
        rp_exact_numbers(&r, "m", numbers, ESTIMATE_NUMBERS);
        memcpy(&p->metrics[m], numbers, sizeof numbers);
    }
    json_decref(wrap);
    return r.good;
}

enum rp_code rp_planned_from_json(const json_t *json,
                                  struct rp_planned *planned,
                                  struct rp_error *error)
{
    struct rp_exact_reader r = {.object = json, .good = true};
    struct rp_planned p = {.rate_per_s = rp_exact_number(&r, "rate_per_s"),
                           .errors = rp_exact_number(&r, "errors"),
                           .errors_low = rp_exact_number(&r, "errors_low"),
                           .errors_high = rp_exact_number(&r, "errors_high"),
                           .in_flight = rp_exact_number(&r, "in_flight"),
                           .utilisation = rp_exact_number(&r, "utilisation"),
                           .met = rp_exact_truth(&r, "met"),
                           .worst = (enum rp_limit)rp_exact_whole(&r, "worst"),
                           .slo_miss = rp_exact_number(&r, "slo_miss"),
                           .tier = (enum rp_tier)rp_exact_whole(&r, "tier")};

    rp_exact_text(&r, "busiest", p.busiest, sizeof p.busiest);
    rp_exact_text(&r, "validity", p.validity, sizeof p.validity);
    if (!estimates_from_json(json_object_get(json, "metrics"), &p) || !r.good ||
        p.worst >= RP_LIMIT_COUNT || p.tier >= RP_TIER_COUNT)
        return rp_fail(error, RP_ERR_SYNTAX, "found no plan in the JSON");
    *planned = p;
    return RP_OK;
}
