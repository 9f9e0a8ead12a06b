/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/capacity.h"

#include "model/units.h"
#include "plan/exactjson.h"
#include "plan/loadat.h"
#include "solve/solve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CLIENTS_LEAST = 50, CLIENTS_MOST = 5000, GUESSES = 24 };

struct search {
    const struct rp_scenario *scenario;
    const struct rp_profile *profile;
    const struct rp_slos *slos;
    const struct rp_capacity_settings *settings;
    struct rp_routes routes;
    double solver_per_s; /* what can be served, by the solver */
    double met_per_s;    /* the highest rate that met the limits; 0: none */
    double missed_per_s; /* the lowest above it that did not; INFINITY */
    struct rp_capacity found;
    struct rp_error *error;
};

struct rp_capacity_settings rp_capacity_defaults(void)
{
    return (struct rp_capacity_settings){.effort = rp_effort_defaults(),
                                         .tolerance = 0.01};
}

/* Three digits: it is a rate that was tried, no result. */
static double rounded(double rate_per_s)
{
    const double unit = pow(10.0, floor(log10(rate_per_s)) - 2.0);

    return unit * nearbyint(rate_per_s / unit);
}

/* ---- The solver's part ---- */

static enum rp_code solve_at(struct search *s, double rate_per_s,
                             struct rp_solution *solution,
                             struct rp_error *error)
{
    struct rp_scenario at = *s->scenario;

    at.load = rp_load_at(&s->scenario->load, rate_per_s);
    return rp_solve_routes(&at, &s->routes, s->profile, solution, error);
}

/* The mean response at a rate; INFINITY where more arrives than is served. */
static double solved_mean_ns(struct search *s, double rate_per_s)
{
    struct rp_solution solution = {0};
    double mean_ns = INFINITY;

    if (!solve_at(s, rate_per_s, &solution, NULL) && !solution.saturated)
        mean_ns = solution.metrics[RP_METRIC_MEAN];
    rp_solution_free(&solution);
    return isfinite(mean_ns) ? mean_ns : (double)INFINITY;
}

/* What a request that is alone takes, and how many can be served: with so many
 * clients that all places would be taken four times over, the rest is
 * simulated. */
static enum rp_code find_ceiling(struct search *s)
{
    struct rp_solution solution = {0};
    enum rp_code code = solve_at(s, 1.0, &solution, s->error);
    double clients;

    if (code)
        return code;
    s->found.alone_ns = solution.alone_ns;
    s->solver_per_s = solution.capacity_per_s;
    rp_solution_free(&solution);
    clients = 4.0 * s->solver_per_s * s->found.alone_ns / 1e9;
    if (!(clients >= CLIENTS_LEAST))
        clients = CLIENTS_LEAST;
    if (clients > CLIENTS_MOST)
        clients = CLIENTS_MOST;
    return rp_trial_ceiling(s->scenario, &s->routes, s->profile,
                            (unsigned)clients, &s->found.ceiling_per_s,
                            s->error);
}

/* Where the solver's mean is as far below the limit as it was in a trial with
 * little load: percentiles are taken to grow as the mean does. */
static double guess(struct search *s, const struct rp_trial *light)
{
    const double light_ns = light->value[RP_LIMIT_MEAN];
    double low = light->rate_per_s;
    double high = s->found.ceiling_per_s * RP_CAPACITY_BUSIEST;
    double times = INFINITY;

    for (unsigned i = 0; i < RP_LIMIT_ERRORS; i++)
        if (s->slos->wanted[i])
            times = fmin(times, s->slos->limit[i] / light->value[i]);
    for (int i = 0; i < GUESSES && high - low > 0.01 * high; i++) {
        const double middle = 0.5 * (low + high);

        if (solved_mean_ns(s, middle) <= times * light_ns)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* ---- Trials ---- */

static bool is_closer(const struct rp_trial *a, const struct rp_trial *b)
{
    return isfinite(a->worst_ratio) && !(b->worst_ratio <= a->worst_ratio);
}

/* One trial, and what it says about the largest rate. */
static enum rp_code try(struct search *s, double rate_per_s,
                        struct rp_trial *trial)
{
    struct rp_capacity *const found = &s->found;
    const enum rp_code code =
        rp_trial_run(s->scenario, &s->routes, s->profile, s->slos,
                     &s->settings->effort, rate_per_s, trial, s->error);

    if (code)
        return code;
    if (trial->met && rate_per_s > s->met_per_s) {
        s->met_per_s = rate_per_s;
        found->at = *trial;
        found->feasible = true;
    }
    if (!found->feasible &&
        (found->trials == 0 || is_closer(trial, &found->at)))
        found->at = *trial;
    if (!trial->met && rate_per_s < s->missed_per_s)
        s->missed_per_s = rate_per_s;
    if (trial->verdict == RP_TRIAL_MET)
        found->low_per_s = fmax(found->low_per_s, rate_per_s);
    if (trial->verdict == RP_TRIAL_MISSED)
        found->high_per_s = fmin(found->high_per_s, rate_per_s);
    found->trials++;
    return RP_OK;
}

/* With hardly any load, and a tenth and a third of what can be served: code
 * that is cold makes the lightest load not always the quickest. */
static enum rp_code try_light(struct search *s, struct rp_trial *light)
{
    static const double parts[] = {0.01, 0.1, 0.3};
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < 3 && !code && !s->found.feasible; i++) {
        s->missed_per_s = INFINITY;
        s->found.high_per_s = INFINITY;
        code = try(s, parts[i] * s->found.ceiling_per_s, light);
    }
    return code;
}

/* From the guess outwards until the largest rate is between two trials. */
static enum rp_code bracket(struct search *s, double from_per_s)
{
    const double most = RP_CAPACITY_BUSIEST * s->found.ceiling_per_s;
    double step = 1.05;
    double rate = fmin(fmax(from_per_s, s->met_per_s * step), most);
    struct rp_trial trial;
    enum rp_code code = RP_OK;

    while (!code && rate > s->met_per_s && rate < s->missed_per_s) {
        code = try(s, rate, &trial);
        if (code || (isinf(s->missed_per_s) && rate >= most))
            break;
        rate = trial.met ? fmin(rate * step, most) : rate / step;
        step *= step; /* 5 %, then 10, then 22 */
    }
    s->found.by_ceiling = isinf(s->missed_per_s);
    return code;
}

static enum rp_code bisect(struct search *s)
{
    enum rp_code code = RP_OK;

    while (!code && isfinite(s->missed_per_s) &&
           s->missed_per_s - s->met_per_s >
               s->settings->tolerance * s->met_per_s) {
        struct rp_trial trial;

        code = try(s, 0.5 * (s->met_per_s + s->missed_per_s), &trial);
    }
    return code;
}

/* The bisection ends among rates that are unclear: the ends of the bracket are
 * looked for further and further away, as far as there is something clear. */
static enum rp_code sharpen(struct search *s)
{
    const double most = RP_CAPACITY_BUSIEST * s->found.ceiling_per_s;
    const double met = s->met_per_s;
    const double missed = fmin(s->missed_per_s, most);
    enum rp_code code = RP_OK;
    struct rp_trial trial;

    for (double step = s->settings->tolerance;
         !code && met * (1.0 - step) > s->found.low_per_s && step < 1.0;
         step *= 2.0)
        code = try(s, met * (1.0 - step), &trial);
    for (double step = s->settings->tolerance;
         !code && isinf(s->found.high_per_s) && missed * (1.0 + step) < most;
         step *= 2.0)
        code = try(s, missed * (1.0 + step), &trial);
    return code;
}

static enum rp_code search(struct search *s)
{
    struct rp_trial light = {0};
    enum rp_code code = find_ceiling(s);

    if (!code)
        code = try_light(s, &light);
    if (!code && s->found.feasible)
        code = bracket(s, guess(s, &light));
    if (!code && s->found.feasible)
        code = bisect(s);
    if (!code && s->found.feasible)
        code = sharpen(s);
    return code;
}

enum rp_code rp_capacity_find(const struct rp_scenario *scenario,
                              const struct rp_profile *profile,
                              const struct rp_slos *slos,
                              const struct rp_capacity_settings *settings,
                              struct rp_capacity *capacity,
                              struct rp_error *error)
{
    struct search s = {.scenario = scenario,
                       .profile = profile,
                       .slos = slos,
                       .settings = settings,
                       .missed_per_s = INFINITY,
                       .found = {.high_per_s = INFINITY},
                       .error = error};
    enum rp_code code = rp_routes_make(scenario, profile, &s.routes, error);

    if (!code)
        code = search(&s);
    rp_routes_free(&s.routes);
    if (code)
        return code;
    s.found.max_per_s = s.met_per_s;
    if (isinf(s.found.high_per_s))
        s.found.high_per_s = NAN;
    *capacity = s.found;
    return RP_OK;
}

const char *rp_capacity_reason(const struct rp_capacity *capacity,
                               const struct rp_slos *slos, char *text,
                               size_t size)
{
    const struct rp_trial *const at = &capacity->at;
    char value[32], limit[32];
    char most[RP_DURATION_TEXT_SIZE], mean[RP_DURATION_TEXT_SIZE];

    (void)snprintf(text, size,
                   "%s is %s > %s even at %.4g/s, where %s is %s of the mean "
                   "request's %s",
                   rp_limit_word(at->worst),
                   rp_limit_text(at->worst, at->value[at->worst], value),
                   rp_limit_text(at->worst, slos->limit[at->worst], limit),
                   rounded(at->rate_per_s), at->most,
                   rp_duration_format(at->most_ns, most),
                   rp_duration_format(at->value[RP_LIMIT_MEAN], mean));
    return text;
}

/* ---- JSON ---- */

#define LEVELS(array) rp_exact_array(array, RP_LIMIT_COUNT)

static json_t *trial_to_json(const struct rp_trial *t)
{
    return json_pack(
        "{s:o, s:i, s:b, s:o, s:o, s:o, s:i, s:b, s:i, s:o, s:s, s:o, s:s, "
        "s:o, s:o, s:o}",
        "rate_per_s", rp_exact(t->rate_per_s), "replications",
        (int)t->replications, "saturated", t->saturated, "value",
        LEVELS(t->value), "low", LEVELS(t->low), "high", LEVELS(t->high),
        "verdict", (int)t->verdict, "met", t->met, "worst", (int)t->worst,
        "worst_ratio", rp_exact(t->worst_ratio), "busiest", t->busiest,
        "utilisation", rp_exact(t->utilisation), "most", t->most, "most_ns",
        rp_exact(t->most_ns), "rps", rp_exact(t->rps), "in_flight",
        rp_exact(t->in_flight));
}

json_t *rp_capacity_to_json(const struct rp_capacity *c)
{
    return json_pack(
        "{s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "feasible",
        c->feasible, "by_ceiling", c->by_ceiling, "max_per_s",
        rp_exact(c->max_per_s), "low_per_s", rp_exact(c->low_per_s),
        "high_per_s", rp_exact(c->high_per_s), "ceiling_per_s",
        rp_exact(c->ceiling_per_s), "alone_ns", rp_exact(c->alone_ns), "at",
        trial_to_json(&c->at), "trials", (json_int_t)c->trials);
}

static bool trial_from_json(const json_t *json, struct rp_trial *t)
{
    struct rp_exact_reader r = {.object = json, .good = true};

    t->rate_per_s = rp_exact_number(&r, "rate_per_s");
    t->replications = (unsigned)rp_exact_whole(&r, "replications");
    t->saturated = rp_exact_truth(&r, "saturated");
    rp_exact_numbers(&r, "value", t->value, RP_LIMIT_COUNT);
    rp_exact_numbers(&r, "low", t->low, RP_LIMIT_COUNT);
    rp_exact_numbers(&r, "high", t->high, RP_LIMIT_COUNT);
    t->verdict = (enum rp_trial_verdict)rp_exact_whole(&r, "verdict");
    t->met = rp_exact_truth(&r, "met");
    t->worst = (enum rp_limit)rp_exact_whole(&r, "worst");
    t->worst_ratio = rp_exact_number(&r, "worst_ratio");
    rp_exact_text(&r, "busiest", t->busiest, sizeof t->busiest);
    t->utilisation = rp_exact_number(&r, "utilisation");
    rp_exact_text(&r, "most", t->most, sizeof t->most);
    t->most_ns = rp_exact_number(&r, "most_ns");
    t->rps = rp_exact_number(&r, "rps");
    t->in_flight = rp_exact_number(&r, "in_flight");
    return r.good && t->verdict <= RP_TRIAL_MISSED && t->worst < RP_LIMIT_COUNT;
}

enum rp_code rp_capacity_from_json(const json_t *json,
                                   struct rp_capacity *capacity,
                                   struct rp_error *error)
{
    struct rp_exact_reader r = {.object = json, .good = true};
    struct rp_capacity c = {.feasible = rp_exact_truth(&r, "feasible"),
                            .by_ceiling = rp_exact_truth(&r, "by_ceiling"),
                            .max_per_s = rp_exact_number(&r, "max_per_s"),
                            .low_per_s = rp_exact_number(&r, "low_per_s"),
                            .high_per_s = rp_exact_number(&r, "high_per_s"),
                            .ceiling_per_s =
                                rp_exact_number(&r, "ceiling_per_s"),
                            .alone_ns = rp_exact_number(&r, "alone_ns"),
                            .trials = (size_t)rp_exact_whole(&r, "trials")};

    if (!trial_from_json(json_object_get(json, "at"), &c.at) || !r.good)
        return rp_fail(error, RP_ERR_SYNTAX, "found no capacity in the JSON");
    *capacity = c;
    return RP_OK;
}
