/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/warnings.h"

#include "sim/estimate.h"
#include "sim/lower.h"
#include "sim/summary.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_CLIENTS = 200, CAPACITY_REQUESTS = 20000 };

struct text {
    char *at;
    size_t size, used;
};

static void say(struct text *text, const char *format, ...) RP_PRINTF(2, 3);

static void say(struct text *text, const char *format, ...)
{
    va_list args;
    int n;

    if (text->used + 2 >= text->size)
        return;
    va_start(args, format);
    n = vsnprintf(text->at + text->used, text->size - text->used - 1, format,
                  args);
    va_end(args);
    if (n < 0)
        return;
    text->used += (size_t)n;
    if (text->used > text->size - 2)
        text->used = text->size - 2;
    text->at[text->used++] = '\n';
    text->at[text->used] = '\0';
}

/* An open load that is not served: the queue only grows. */
bool rp_warnings_saturated(const struct rp_simulation *s)
{
    const double requests = (double)s->total.answered;

    if (s->scenario->load.kind != RP_LOAD_OPEN)
        return false;
    if (s->total.overflowed)
        return true;
    if (!rp_load_is_steady(&s->scenario->load))
        return false; /* it may well rise, and fall again later */
    return s->total.in_flight_late > 1.5 * s->total.in_flight_early &&
           (double)s->total.in_flight_at_end > 0.02 * requests + 20.0;
}

/* What can be served at most: so many clients that the busiest place is never
 * idle. Under the load that was asked for, places also work for requests that
 * never get through, so that run would say too little. */
static enum rp_code find_capacity(struct rp_simulation *s)
{
    struct rp_scenario closed = *s->scenario;
    struct rp_piece piece = {.settings = {.seed = s->scenario->seed,
                                          .warm_up = CAPACITY_REQUESTS / 4,
                                          .requests = CAPACITY_REQUESTS}};
    struct rp_network network = {0};
    enum rp_code code;

    closed.load = (struct rp_load){.kind = RP_LOAD_CLOSED,
                                   .clients = CAPACITY_CLIENTS,
                                   .client = RP_CLIENT_IDEAL};
    closed.server.backlog = 0; /* all of them wait until they are served */
    code = rp_lower(&closed, &s->routes, s->profile, &network, s->error);
    piece.network = &network;
    if (!code)
        code = rp_simulation_run(s, &piece, 1);
    if (!code)
        s->result.capacity_per_s =
            rp_estimate_metric(&piece.replication, RP_METRIC_RPS);
    rp_replication_free(&piece.replication);
    rp_network_free(&network);
    return code;
}

/* What relieves a place that is always taken. */
static const char *remedy(const struct rp_simulation *s, const char *place)
{
    if (strcmp(place, "cores") == 0)
        return "add cores";
    if (strcmp(place, "worker threads") == 0)
        return "add threads or processes";
    for (size_t i = 0; i < s->scenario->resource_count; i++)
        if (strcmp(place, s->scenario->resources[i].name) == 0)
            return "raise its capacity";
    return "add processes";
}

static enum rp_code mark_saturated(struct rp_simulation *s, struct text *text)
{
    struct rp_result *const out = &s->result;
    const char *const place = s->network.stations[rp_summary_busiest(s)].name;
    const enum rp_code code = find_capacity(s);

    out->saturated = true;
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        if (m != RP_METRIC_RPS)
            out->metrics[m] =
                (struct rp_estimate){NAN, NAN, NAN, NAN, NAN, NAN};
        for (size_t i = 0; i < out->class_count && m != RP_METRIC_RPS; i++)
            out->classes[i].metrics[m] = out->metrics[m];
    }
    if (!code)
        say(text,
            "%.4g requests/s arrive but at most %.4g/s can be served: the "
            "queue grows as long as the run lasts, so there is no latency to "
            "give; always taken is %s: lower the rate below %.4g/s, or %s",
            s->scenario->load.rate_per_s, out->capacity_per_s, place,
            out->capacity_per_s, remedy(s, place));
    return code;
}

static void say_precision(const struct rp_simulation *s, struct text *text)
{
    const struct rp_run *const run = &s->scenario->run;
    const char *const metric = rp_metric_key(run->precision_of);
    const double reached =
        rp_estimate_precision(&s->result.metrics[run->precision_of]);

    if (isnan(reached))
        say(text,
            "%s has no interval, so that it cannot be known to %.4g %%: give "
            "run.requests or run.duration more",
            metric, 100.0 * run->precision);
    else
        say(text,
            "%s is known to %.2g %% after %zu replications, not to %.4g %%: "
            "raise run.max_replications or run.requests",
            metric, 100.0 * reached, s->runs.count, 100.0 * run->precision);
}

/* Without the noise of repeated runs there is no prediction interval. */
static void say_unknown_noise(const struct rp_simulation *s, struct text *text)
{
    char metrics[128] = "";
    size_t used = 0;

    for (unsigned m = 0; m < RP_METRIC_COUNT && s->draw_count > 1; m++)
        if (s->profile->accuracy[RP_SITUATION_ALONE][m].run_sd <= 0.0) {
            const int n =
                snprintf(metrics + used, sizeof metrics - used, "%s%s",
                         used ? ", " : "", rp_metric_key((enum rp_metric)m));
            used += n > 0 ? (size_t)n : 0;
        }
    if (used > 0)
        say(text,
            "the profile does not say how much repeated runs differ in %s, so "
            "these have no prediction interval: calibrate with three or more "
            "rounds, and ab -e",
            metrics);
}

/* An open load so near to what can be served that the queue's length is mostly
 * that of the run. */
static void say_busy(const struct rp_simulation *s, struct text *text)
{
    const size_t place = rp_summary_busiest(s);
    const struct rp_result *const out = &s->result;

    if (s->scenario->load.kind != RP_LOAD_OPEN ||
        out->places[place].utilisation < 0.98)
        return;
    say(text,
        "%s is taken %.1f %% of the time: so near to what can be served the "
        "figures depend on how long is simulated; lower the rate, or give "
        "run.requests ten times as much and look again",
        out->places[place].name, 100.0 * out->places[place].utilisation);
}

static void judge_validity(struct rp_simulation *s)
{
    struct rp_result *const out = &s->result;
    const struct rp_place_result *const place =
        &out->places[rp_summary_busiest(s)];
    const struct rp_validity_load load = {.in_flight = out->in_flight_mean,
                                          .place = place->name,
                                          .utilisation = place->utilisation,
                                          .servers = place->servers,
                                          .overloaded = out->saturated,
                                          .capacity_per_s =
                                              out->capacity_per_s};

    out->is_of_alone =
        rp_profile_accuracy(s->profile, rp_situation_of(s->scenario)) ==
        s->profile->accuracy[RP_SITUATION_ALONE];
    rp_validity_judge(s->scenario, &s->routes, s->profile, &load,
                      &out->validity);
}

static enum rp_code add_warnings(struct rp_simulation *s)
{
    enum { SIZE = 8192 };
    const struct rp_run *const run = &s->scenario->run;
    struct rp_result *const out = &s->result;
    struct text text = {.at = calloc(1, SIZE), .size = SIZE};

    if (!text.at)
        return rp_simulation_no_memory(s);
    out->warnings = text.at;
    (void)rp_routes_warnings(&s->routes, s->scenario, s->profile, text.at,
                             SIZE);
    text.used = strlen(text.at);
    say_unknown_noise(s, &text);
    if (rp_warnings_saturated(s))
        return mark_saturated(s, &text);
    say_busy(s, &text);
    if (!s->warm_up_found)
        say(&text,
            "no end of the warm-up was found within %zu requests: the "
            "figures may still rise; give run.warm_up a number",
            s->pilot_length / 2);
    if (run->precision > 0.0 && !s->precision_reached)
        say_precision(s, &text);
    if (s->serial)
        say(&text,
            "neighbouring batches of the run's answers still depend on each "
            "other (the correlation of their means is %.2f): the intervals are "
            "too narrow; give run.requests four times as much, or 5 "
            "replications",
            s->serial_lag1);
    if (out->requests == 0)
        say(&text, "not one request was answered in the measured time: give "
                   "run.duration more");
    else if (out->requests < 1000)
        say(&text,
            "p99 rests on the slowest %llu of %llu requests: give %s "
            "a larger number",
            (unsigned long long)(out->requests / 100),
            (unsigned long long)out->requests,
            run->requests > 0 ? "run.requests" : "run.duration");
    return RP_OK;
}

enum rp_code rp_warnings_add(struct rp_simulation *s)
{
    const enum rp_code code = add_warnings(s);

    if (!code)
        judge_validity(s);
    return code;
}
