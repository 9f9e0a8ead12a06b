/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/trial.h"

#include "plan/loadat.h"
#include "sim/engine.h"
#include "sim/estimate.h"
#include "sim/interval.h"
#include "sim/lower.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CEILING_REQUESTS = 20000 };

struct running {
    const struct rp_slos *slos;
    const struct rp_effort *effort;
    struct rp_network network;
    struct rp_replication total;
    struct rp_tally runs;
    double errors[1024]; /* of each replication */
    uint64_t seed;
    struct rp_error *error;
};

struct rp_effort rp_effort_defaults(void)
{
    return (struct rp_effort){4000, 5, 20};
}

/* ---- Runs ---- */

/* The part of the requests that ended without an answer in time. */
static double errors_of(const struct rp_replication *r)
{
    uint64_t bad = 0, all = 0;

    for (size_t i = 0; i < r->class_count; i++) {
        bad += r->classes[i].given_up + r->classes[i].late;
        all += r->classes[i].given_up + r->classes[i].answered;
    }
    return all > 0 ? (double)bad / (double)all : (double)NAN;
}

static enum rp_code run_one(struct running *r)
{
    const struct rp_engine_settings settings = {
        .seed = r->seed,
        .replication = (unsigned)r->runs.count,
        .warm_up = r->effort->requests / 4,
        .requests = r->effort->requests};
    struct rp_replication one = {0};
    enum rp_code code = rp_engine_run(&r->network, &settings, &one, r->error);

    if (code)
        return code;
    r->errors[r->runs.count] = errors_of(&one);
    if (!rp_replication_merge(&r->total, &one) || !rp_tally_add(&r->runs, &one))
        code = rp_fail(r->error, RP_ERR_MEMORY, "out of memory for a trial");
    rp_replication_free(&one);
    return code;
}

/* As sim/warnings.h says it of a simulation. */
static bool is_saturated(const struct rp_replication *all)
{
    return all->overflowed ||
           (all->in_flight_late > 1.5 * all->in_flight_early &&
            (double)all->in_flight_at_end > 0.02 * (double)all->answered + 20);
}

/* ---- Values, and what they are worth ---- */

/* A trial is looked at several times, and clear once is clear for good: so that
 * all looks together are wrong no more often than one interval of 95 % is, each
 * is that much wider (Bonferroni). */
static double widening(const struct running *r)
{
    const double freedom = (double)r->runs.count - 1.0;
    unsigned looks = 1;

    for (unsigned n = r->effort->replications; n < r->effort->replications_max;
         n *= 2)
        looks++;
    return gsl_cdf_tdist_Pinv(1.0 - 0.025 / looks, freedom) /
           gsl_cdf_tdist_Pinv(0.975, freedom);
}

/* Where not one of n failed, up to 3 of n may: the 95 % bound of a share. */
static void estimate_errors(const struct running *r, struct rp_trial *t)
{
    const double n = fmax(1.0, (double)r->total.answered);
    const double half =
        widening(r) * rp_interval_half_width(r->errors, r->runs.count);
    const double value = errors_of(&r->total);

    t->value[RP_LIMIT_ERRORS] = value;
    t->low[RP_LIMIT_ERRORS] = fmax(0.0, value - half);
    t->high[RP_LIMIT_ERRORS] = fmin(1.0, fmax(value + half, 3.0 / n));
}

static void estimate_level(const struct running *r, enum rp_limit level,
                           struct rp_trial *t)
{
    const enum rp_metric metric = rp_limit_metric(level);
    struct rp_estimate e = {.value = rp_estimate_metric(&r->total, metric)};
    double half;

    rp_estimate_by_runs(&r->runs, metric, &e);
    t->value[level] = t->saturated ? (double)INFINITY : e.value;
    half = widening(r) * e.half_width;
    t->low[level] = t->saturated ? (double)INFINITY : e.value - half;
    t->high[level] = t->saturated ? (double)INFINITY : e.value + half;
}

static void judge(const struct rp_slos *slos, struct rp_trial *t)
{
    t->verdict = RP_TRIAL_MET;
    t->met = true;
    t->worst_ratio = -1.0;
    for (unsigned i = 0; i < RP_LIMIT_COUNT; i++) {
        const double limit = slos->limit[i];
        double ratio;

        if (!slos->wanted[i])
            continue;
        ratio = t->value[i] > 0.0 || limit > 0.0 ? t->value[i] / limit : 1.0;
        t->met &= t->value[i] <= limit;
        if (!(ratio <= t->worst_ratio)) {
            t->worst = (enum rp_limit)i;
            t->worst_ratio = ratio;
        }
        if (t->low[i] > limit)
            t->verdict = RP_TRIAL_MISSED;
        else if (!(t->high[i] <= limit) && t->verdict == RP_TRIAL_MET)
            t->verdict = RP_TRIAL_UNCLEAR;
    }
}

static void note_busiest(const struct running *r, struct rp_trial *t)
{
    t->utilisation = -1.0;
    for (size_t i = 0; i < r->total.station_count; i++) {
        const struct rp_station *const s = &r->network.stations[i];
        const double copies = s->in_process ? r->network.processes : 1;
        const double share = r->total.stations[i].busy_ns /
                             (r->total.span_ns * copies * s->servers);

        if (s->queue_max == 0 || !(share > t->utilisation))
            continue;
        t->utilisation = share;
        (void)snprintf(t->busiest, sizeof t->busiest, "%s", s->name);
    }
}

static void note_most(const struct running *r, struct rp_trial *t)
{
    const double n = fmax(1.0, (double)r->total.answered);

    t->most_ns = 0.0;
    for (size_t k = 0; k < r->network.kind_count; k++)
        if (r->total.kind_ns[k] / n > t->most_ns && k != RP_TIME_CLIENT) {
            t->most_ns = r->total.kind_ns[k] / n;
            (void)snprintf(t->most, sizeof t->most, "%s", r->network.kinds[k]);
        }
    for (size_t i = 0; i < r->total.station_count; i++)
        if (r->total.stations[i].queue_ns / n > t->most_ns) {
            t->most_ns = r->total.stations[i].queue_ns / n;
            (void)snprintf(t->most, sizeof t->most, "queue: %.70s",
                           r->network.stations[i].name);
        }
}

static void estimate(const struct running *r, struct rp_trial *t)
{
    t->replications = (unsigned)r->runs.count;
    t->saturated = is_saturated(&r->total);
    for (unsigned i = 0; i < RP_LIMIT_ERRORS; i++)
        estimate_level(r, (enum rp_limit)i, t);
    estimate_errors(r, t);
    judge(r->slos, t);
    t->rps = rp_estimate_metric(&r->total, RP_METRIC_RPS);
    t->in_flight = r->total.in_flight_ns / r->total.span_ns;
    note_busiest(r, t);
    note_most(r, t);
}

static void release(struct running *r)
{
    rp_tally_free(&r->runs);
    rp_replication_free(&r->total);
    rp_network_free(&r->network);
}

enum rp_code rp_trial_run(const struct rp_scenario *scenario,
                          const struct rp_routes *routes,
                          const struct rp_profile *profile,
                          const struct rp_slos *slos,
                          const struct rp_effort *effort, double rate_per_s,
                          struct rp_trial *trial, struct rp_error *error)
{
    struct running r = {
        .slos = slos, .effort = effort, .seed = scenario->seed, .error = error};
    struct rp_trial t = {.rate_per_s = rate_per_s};
    struct rp_scenario at = *scenario;
    size_t wanted = effort->replications;
    enum rp_code code;

    at.load = rp_load_at(&scenario->load, rate_per_s);
    code = rp_lower(&at, routes, profile, &r.network, error);
    while (!code) {
        while (r.runs.count < wanted && !code)
            code = run_one(&r);
        if (code)
            break;
        estimate(&r, &t);
        if (t.verdict != RP_TRIAL_UNCLEAR || wanted >= effort->replications_max)
            break;
        wanted *= 2;
        if (wanted > effort->replications_max)
            wanted = effort->replications_max;
    }
    release(&r);
    if (!code)
        *trial = t;
    return code;
}

enum rp_code rp_trial_ceiling(const struct rp_scenario *scenario,
                              const struct rp_routes *routes,
                              const struct rp_profile *profile,
                              unsigned clients, double *per_s,
                              struct rp_error *error)
{
    const struct rp_engine_settings settings = {
        .seed = scenario->seed,
        .warm_up = 2 * (uint64_t)clients,
        .requests = CEILING_REQUESTS + 4 * (uint64_t)clients};
    struct rp_scenario closed = *scenario;
    struct rp_replication one = {0};
    struct rp_network network = {0};
    enum rp_code code;

    closed.load = (struct rp_load){
        .kind = RP_LOAD_CLOSED, .clients = clients, .client = RP_CLIENT_IDEAL};
    closed.server.backlog = 0; /* all of them wait until they are served */
    code = rp_lower(&closed, routes, profile, &network, error);
    if (!code)
        code = rp_engine_run(&network, &settings, &one, error);
    if (!code)
        *per_s = rp_estimate_metric(&one, RP_METRIC_RPS);
    rp_replication_free(&one);
    rp_network_free(&network);
    return code;
}
