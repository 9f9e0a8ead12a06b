/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/point.h"

#include "model/result.h"
#include "model/route.h"
#include "sim/simulate.h"
#include "solve/solve.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Words ---- */

#define READER_AS_WORD(reader, word) word,
static const char *const readers[] = {RP_READER_LIST(READER_AS_WORD)};
#undef READER_AS_WORD
#define METHOD_AS_WORD(method, word, meaning) word,
static const char *const methods[] = {RP_METHOD_LIST(METHOD_AS_WORD)};
#undef METHOD_AS_WORD

enum {
    READER_COUNT = sizeof readers / sizeof *readers,
    METHOD_COUNT = sizeof methods / sizeof *methods,
    TIER_COUNT = (int)RP_TIER_COUNT
};

const char *rp_reader_word(enum rp_reader reader)
{
    assert((size_t)reader < READER_COUNT);
    return readers[reader];
}

/* The index of a word; `count`: it is none of them. */
static size_t index_of(const char *word, const char *const *words, size_t count)
{
    size_t i = 0;

    while (i < count && (!word || strcmp(words[i], word) != 0))
        i++;
    return i;
}

enum rp_code rp_reader_parse(const char *word, enum rp_reader *reader,
                             struct rp_error *error)
{
    const size_t i = index_of(word, readers, READER_COUNT);

    if (i == READER_COUNT)
        return rp_fail_word(error, word, readers, READER_COUNT);
    *reader = (enum rp_reader)i;
    return RP_OK;
}

/* ---- Evaluating ---- */

static double shown(unsigned metric, double value)
{
    return metric == RP_METRIC_RPS ? value : value / 1e6;
}

static enum rp_code no_memory(struct rp_error *error)
{
    return rp_fail(error, RP_ERR_MEMORY, "out of memory for a point");
}

static bool keep_runs(const struct rp_result *result, struct rp_point *point)
{
    const size_t count = result->replications;

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        point->runs[m] = calloc(count + 1, sizeof(double));
        if (!point->runs[m])
            return false;
        for (size_t i = 0; i < count; i++)
            point->runs[m][i] = shown(m, result->runs[m][i]);
    }
    point->run_count = count;
    return true;
}

static bool keep_texts(struct rp_point *point, const char *bottleneck,
                       const struct rp_validity *validity, const char *warnings)
{
    char line[RP_VALIDITY_TEXT_SIZE + 64];

    point->validity = validity->tier;
    point->bottleneck = strdup(bottleneck);
    point->validity_text =
        strdup(rp_validity_line(validity, line, sizeof line));
    point->warnings = strdup(warnings ? warnings : "");
    return point->bottleneck && point->validity_text && point->warnings;
}

static const struct rp_place_result *busiest(const struct rp_result *result)
{
    const struct rp_place_result *most = NULL;

    for (size_t i = 0; i < result->place_count; i++)
        if (!most || result->places[i].utilisation > most->utilisation)
            most = &result->places[i];
    return most;
}

static bool take_result(const struct rp_result *result, struct rp_point *point)
{
    const struct rp_place_result *const place = busiest(result);

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const struct rp_estimate *const e = &result->metrics[m];

        point->metrics[m] =
            (struct rp_point_metric){.value = shown(m, e->value),
                                     .low = shown(m, e->own_low),
                                     .high = shown(m, e->own_high),
                                     .prediction_low = shown(m, e->low),
                                     .prediction_high = shown(m, e->high)};
    }
    point->in_flight = result->in_flight_mean;
    point->utilisation = place ? place->utilisation : (double)NAN;
    point->capacity_per_s = result->capacity_per_s;
    point->saturated = result->saturated;
    point->turned_away = point->late = NAN;
    if (result->may_fail) {
        point->turned_away = rp_fate_turned_away(&result->fate);
        point->late = rp_fate_late(&result->fate);
    }
    return keep_runs(result, point) &&
           keep_texts(point, place ? place->name : "", &result->validity,
                      result->warnings);
}

static enum rp_code simulate(const struct rp_scenario *scenario,
                             const struct rp_profile *profile,
                             const struct rp_point_how *how,
                             struct rp_point *point, struct rp_error *error)
{
    const struct rp_simulate_options options = {.jobs = how->jobs,
                                                .draws = how->draws};
    struct rp_result result = {0};
    enum rp_code code =
        rp_simulate(scenario, profile, &options, &result, error);

    if (!code && !take_result(&result, point))
        code = no_memory(error);
    rp_result_free(&result);
    return code;
}

static const struct rp_solution_place *
busiest_solved(const struct rp_solution *solution)
{
    const struct rp_solution_place *most = NULL;

    for (size_t i = 0; i < solution->place_count; i++)
        if (!most || solution->places[i].utilisation > most->utilisation)
            most = &solution->places[i];
    return most;
}

static bool take_solution(const struct rp_scenario *scenario,
                          const struct rp_routes *routes,
                          const struct rp_profile *profile,
                          const struct rp_solution *solution,
                          struct rp_point *point)
{
    const struct rp_solution_place *const place = busiest_solved(solution);
    const struct rp_validity_load load = {
        .in_flight = solution->in_flight_mean,
        .place = place ? place->name : NULL,
        .utilisation = place ? place->utilisation : (double)NAN,
        .servers = place ? place->servers : 0,
        .overloaded = solution->saturated,
        .capacity_per_s = solution->capacity_per_s};
    const struct rp_solution_bounds *const b = &solution->bounds;
    struct rp_validity validity = {0};

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        point->metrics[m] = (struct rp_point_metric){
            shown(m, solution->metrics[m]), NAN, NAN, NAN, NAN};
    point->metrics[RP_METRIC_RPS].low = b->rps_low;
    point->metrics[RP_METRIC_RPS].high = b->rps_high;
    point->metrics[RP_METRIC_MEAN].low = b->mean_low_ns / 1e6;
    point->metrics[RP_METRIC_MEAN].high = b->mean_high_ns / 1e6;
    point->method = solution->method;
    point->in_flight = solution->in_flight_mean;
    point->utilisation = load.utilisation;
    point->capacity_per_s = solution->capacity_per_s;
    point->saturated = solution->saturated;
    point->turned_away = point->late = NAN;
    rp_validity_judge(scenario, routes, profile, &load, &validity);
    return keep_texts(point, place ? place->name : "", &validity,
                      solution->warnings);
}

static enum rp_code solve(const struct rp_scenario *scenario,
                          const struct rp_profile *profile,
                          struct rp_point *point, struct rp_error *error)
{
    struct rp_routes routes = {0};
    struct rp_solution solution = {0};
    enum rp_code code = rp_routes_make(scenario, profile, &routes, error);

    if (!code)
        code = rp_solve_routes(scenario, &routes, profile, &solution, error);
    if (!code && !take_solution(scenario, &routes, profile, &solution, point))
        code = no_memory(error);
    rp_solution_free(&solution);
    rp_routes_free(&routes);
    return code;
}

enum rp_code rp_point_evaluate(const struct rp_scenario *scenario,
                               const struct rp_profile *profile,
                               const struct rp_point_how *how,
                               struct rp_point *point, struct rp_error *error)
{
    struct rp_point fresh = {.reader = how->reader};
    enum rp_code code = RP_OK;

    switch (how->reader) {
    case RP_READER_SIM:
        code = simulate(scenario, profile, how, &fresh, error);
        break;
    case RP_READER_SOLVE:
        code = solve(scenario, profile, &fresh, error);
        break;
    }
    if (code)
        rp_point_free(&fresh);
    else
        *point = fresh;
    return code;
}

void rp_point_free(struct rp_point *point)
{
    for (size_t m = 0; m < RP_METRIC_COUNT; m++)
        free(point->runs[m]);
    free(point->bottleneck);
    free(point->validity_text);
    free(point->warnings);
    *point = (struct rp_point){0};
}

/* ---- JSON ---- */

/* What is not known is null; infinity, which JSON has not, is too. */
static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *five(const struct rp_point_metric *m)
{
    return json_pack("[o, o, o, o, o]", number(m->value), number(m->low),
                     number(m->high), number(m->prediction_low),
                     number(m->prediction_high));
}

static json_t *runs_of(const struct rp_point *point, unsigned metric)
{
    json_t *const array = json_array();

    for (size_t i = 0; array && i < point->run_count; i++)
        if (json_array_append_new(array, number(point->runs[metric][i]))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static bool set_metrics(json_t *object, const struct rp_point *point)
{
    json_t *const metrics = json_object(), *const runs = json_object();

    /* both are the object's from here on, also where this fails */
    if (json_object_set_new(object, "metrics", metrics) ||
        json_object_set_new(object, "runs", runs))
        return false;
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const char *const key = rp_metric_key((enum rp_metric)m);

        if (json_object_set_new(metrics, key, five(&point->metrics[m])) ||
            (point->run_count > 0 &&
             json_object_set_new(runs, key, runs_of(point, m))))
            return false;
    }
    return true;
}

char *rp_point_to_json(const struct rp_point *point)
{
    json_t *const object = json_pack(
        "{s:s, s:s, s:o, s:s, s:o, s:o, s:b, s:o, s:o, s:s, s:s, s:s}",
        "reader", rp_reader_word(point->reader), "method",
        rp_method_word(point->method), "in_flight", number(point->in_flight),
        "bottleneck", point->bottleneck ? point->bottleneck : "", "utilisation",
        number(point->utilisation), "capacity_per_s",
        number(point->capacity_per_s), "saturated", point->saturated,
        "turned_away", number(point->turned_away), "late", number(point->late),
        "validity", rp_tier_word(point->validity), "validity_text",
        point->validity_text ? point->validity_text : "", "warnings",
        point->warnings ? point->warnings : "");
    char *text = NULL;

    if (object && set_metrics(object, point))
        text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(object);
    return text;
}

/* Numbers that were not known are null; anything else is no number. */
static bool get_number(const json_t *value, double *number_)
{
    if (!json_is_number(value) && !json_is_null(value))
        return false;
    *number_ = json_is_null(value) ? (double)NAN : json_number_value(value);
    return true;
}

static bool get_five(const json_t *list, struct rp_point_metric *m)
{
    return json_array_size(list) == 5 &&
           get_number(json_array_get(list, 0), &m->value) &&
           get_number(json_array_get(list, 1), &m->low) &&
           get_number(json_array_get(list, 2), &m->high) &&
           get_number(json_array_get(list, 3), &m->prediction_low) &&
           get_number(json_array_get(list, 4), &m->prediction_high);
}

/* All metrics have as many replications. */
static bool get_runs(const json_t *list, unsigned metric, struct rp_point *p)
{
    const size_t count = json_array_size(list);

    if (metric > 0 && count != p->run_count)
        return false;
    p->run_count = count;
    if (count == 0)
        return true;
    p->runs[metric] = calloc(count, sizeof(double));
    for (size_t i = 0; i < count && p->runs[metric]; i++)
        if (!get_number(json_array_get(list, i), &p->runs[metric][i]))
            return false;
    return p->runs[metric] != NULL;
}

static bool get_metrics(const json_t *object, struct rp_point *p)
{
    const json_t *const metrics = json_object_get(object, "metrics");
    const json_t *const runs = json_object_get(object, "runs");

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const char *const key = rp_metric_key((enum rp_metric)m);

        if (!get_five(json_object_get(metrics, key), &p->metrics[m]) ||
            !get_runs(json_object_get(runs, key), m, p))
            return false;
    }
    return true;
}

static bool get_text(const json_t *object, const char *key, char **text)
{
    const char *const value = json_string_value(json_object_get(object, key));

    *text = value ? strdup(value) : NULL;
    return *text != NULL;
}

static bool get_words(const json_t *object, struct rp_point *p)
{
    const char *tiers[TIER_COUNT];
    const size_t reader =
        index_of(json_string_value(json_object_get(object, "reader")), readers,
                 READER_COUNT);
    const size_t method =
        index_of(json_string_value(json_object_get(object, "method")), methods,
                 METHOD_COUNT);
    size_t tier;

    for (unsigned i = 0; i < TIER_COUNT; i++)
        tiers[i] = rp_tier_word((enum rp_tier)i);
    tier = index_of(json_string_value(json_object_get(object, "validity")),
                    tiers, TIER_COUNT);
    if (reader == READER_COUNT || method == METHOD_COUNT || tier == TIER_COUNT)
        return false;
    p->reader = (enum rp_reader)reader;
    p->method = (enum rp_method)method;
    p->validity = (enum rp_tier)tier;
    return true;
}

static bool get_all(const json_t *object, struct rp_point *p)
{
    const json_t *const saturated = json_object_get(object, "saturated");

    p->saturated = json_is_true(saturated);
    return json_is_boolean(saturated) && get_words(object, p) &&
           get_metrics(object, p) &&
           get_number(json_object_get(object, "in_flight"), &p->in_flight) &&
           get_number(json_object_get(object, "utilisation"),
                      &p->utilisation) &&
           get_number(json_object_get(object, "capacity_per_s"),
                      &p->capacity_per_s) &&
           get_number(json_object_get(object, "turned_away"),
                      &p->turned_away) &&
           get_number(json_object_get(object, "late"), &p->late) &&
           get_text(object, "bottleneck", &p->bottleneck) &&
           get_text(object, "validity_text", &p->validity_text) &&
           get_text(object, "warnings", &p->warnings);
}

enum rp_code rp_point_from_json(const char *text, struct rp_point *point,
                                struct rp_error *error)
{
    struct rp_point fresh = {0};
    json_error_t fault;
    json_t *const object = json_loads(text, 0, &fault);

    if (!object)
        return rp_fail(error, RP_ERR_SYNTAX, "a point is no JSON: %s",
                       fault.text);
    if (!get_all(object, &fresh)) {
        rp_point_free(&fresh);
        json_decref(object);
        return rp_fail(error, RP_ERR_VALUE,
                       "this is not the JSON of a point: a member is missing, "
                       "or is not what it should be");
    }
    json_decref(object);
    *point = fresh;
    return RP_OK;
}
