/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/warnings.h"

#include "sim/estimate.h"
#include "sim/lower.h"
#include "sim/summary.h"
#include "sim/warmup.h"

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
static bool is_saturated(const struct rp_simulation *s)
{
    const double requests = (double)s->result.requests;

    if (s->scenario->load.kind != RP_LOAD_OPEN)
        return false;
    if (s->total.overflowed)
        return true;
    if (!rp_load_is_steady(&s->scenario->load))
        return false; /* it may well rise, and fall again later */
    return s->total.in_flight_late > 1.5 * s->total.in_flight_early &&
           (double)s->result.in_flight_at_end > 0.02 * requests + 20.0;
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
        struct rp_estimate *const e = &out->metrics[m];
        if (m != RP_METRIC_RPS)
            e->value = e->half_width = e->low = e->high = NAN;
        for (size_t i = 0; i < out->class_count && m != RP_METRIC_RPS; i++)
            out->classes[i].metrics[m] = *e;
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

enum rp_code rp_warnings_add(struct rp_simulation *s)
{
    enum { SIZE = 8192 };
    struct rp_result *const out = &s->result;
    struct text text = {.at = calloc(1, SIZE), .size = SIZE};

    if (!text.at)
        return rp_simulation_no_memory(s);
    out->warnings = text.at;
    (void)rp_routes_warnings(&s->routes, s->scenario, s->profile, text.at,
                             SIZE);
    text.used = strlen(text.at);
    if (is_saturated(s))
        return mark_saturated(s, &text);
    if (!s->warm_up_found)
        say(&text,
            "no end of the warm-up was found within %zu requests: the "
            "figures may still rise; give run.warm_up a number",
            rp_warm_up_pilot_length(s->scenario) / 2);
    if (out->requests == 0)
        say(&text, "not one request was answered in the measured time: give "
                   "run.duration more");
    else if (out->requests < 1000)
        say(&text,
            "p99 rests on the slowest %llu of %llu requests: give run.requests "
            "a larger number",
            (unsigned long long)(out->requests / 100),
            (unsigned long long)out->requests);
    return RP_OK;
}
