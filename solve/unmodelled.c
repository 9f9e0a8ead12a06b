/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/unmodelled.h"

#include "model/charges.h"

#include <stdio.h>
#include <string.h>

static bool has_timeout(const struct rp_scenario *s)
{
    return s->load.timeout_ns > 0.0;
}

static bool has_retries(const struct rp_scenario *s)
{
    return s->load.retries > 0;
}

static bool has_backlog(const struct rp_scenario *s)
{
    return s->server.backlog > 0;
}

static bool has_priorities(const struct rp_scenario *s)
{
    return s->server.queue == RP_QUEUE_PRIORITY && s->class_count > 1;
}

static bool has_quantum(const struct rp_scenario *s)
{
    return s->scheduling == RP_SCHEDULING_QUANTUM;
}

static bool is_open(const struct rp_scenario *s)
{
    return s->load.kind == RP_LOAD_OPEN;
}

static bool has_bursts(const struct rp_scenario *s)
{
    return is_open(s) && !s->load.trace && s->load.process == RP_PROCESS_MMPP;
}

static bool has_curve(const struct rp_scenario *s)
{
    return is_open(s) && !s->load.trace &&
           s->load.process == RP_PROCESS_POISSON &&
           s->load.curve.kind != RP_CURVE_FLAT;
}

static bool has_trace(const struct rp_scenario *s)
{
    return is_open(s) && s->load.trace;
}

/* Each process has its own loop or threads, and they take turns on a core. */
static bool has_few_cores(const struct rp_scenario *s)
{
    return s->server.processes > s->cores &&
           s->scheduling == RP_SCHEDULING_COMPLETION &&
           (s->mechanisms.cold || s->mechanisms.wakeups);
}

static bool burns_long(const struct rp_scenario *s)
{
    return s->view.cpu.mean_ns > (double)rp_scenario_slice_ns(s);
}

/* Of the view alone: a layer with so much to do is none. */
static bool has_switching(const struct rp_scenario *s)
{
    const bool has_threads = s->server.kind != RP_SERVER_GUNICORN;
    const bool several = is_open(s) || s->load.clients > 1;

    return has_threads && several && s->server.gil && s->mechanisms.switching &&
           s->scheduling == RP_SCHEDULING_COMPLETION && burns_long(s);
}

static const struct {
    bool (*has)(const struct rp_scenario *scenario);
    const char *sentence;
    bool is_of_load; /* said where the profile knows what happens under load */
} rows[] = {
    {has_timeout, "load.timeout is not modelled: all requests wait as long as "
                  "it takes, so throughput and latency are those of a server "
                  "that answers everybody"},
    {has_retries, "load.retries is not modelled: each request is one attempt"},
    {has_backlog, "server.backlog is not modelled: nobody is turned away"},
    {has_priorities, "server.queue: priority is not modelled: requests are "
                     "served in the order in which they came, so the means of "
                     "single classes are off"},
    {has_quantum, "host.scheduling: quantum is taken for sharing, the limit of "
                  "short turns"},
    {has_bursts, "bursts (process: mmpp) are not modelled: as many requests "
                 "arrive on average, but one by one, so the mean is too low"},
    {has_curve, "load.curve is not modelled: its mean rate arrives all the "
                "time, so what happens at its peak is not seen"},
    {has_trace, "load.trace is not modelled: its mean rate arrives all the "
                "time, at random"},
    {has_few_cores,
     "that a process cools while others have its core is not modelled: "
     "throughput is too high",
     true},
    {has_switching,
     "that who has had the GIL for long loses it to others is not modelled: "
     "they wait until it is free",
     true},
};

unsigned rp_unmodelled_say(const struct rp_scenario *scenario, bool crowded,
                           char *text, size_t size)
{
    size_t used = strlen(text);
    unsigned count = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if ((rows[i].is_of_load && !crowded) || !rows[i].has(scenario))
            continue;
        count++;
        if (used + 1 < size) {
            const int n =
                snprintf(text + used, size - used,
                         "%s; reqpath simulate has it\n", rows[i].sentence);
            used =
                n < 0 || used + (size_t)n >= size ? size - 1 : used + (size_t)n;
        }
    }
    return count;
}
