/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/benchload.h"

#include <math.h>
#include <string.h>

enum {
    CLIENTS_MAX = 20000,
    REQUESTS_MAX = 100000000,
    SECONDS_MAX = 86400,
};

/* ---- Clients ---- */

/* wrk takes whole seconds and nothing else. */
enum rp_code rp_benchload_seconds(const struct rp_node *node, double *seconds,
                                  struct rp_error *error)
{
    double time_ns = *seconds * 1e9;
    const enum rp_code code = rp_node_duration(node, &time_ns, error);

    *seconds = time_ns / 1e9;
    if (!code && (*seconds > SECONDS_MAX || fmod(*seconds, 1.0) != 0.0))
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "%s: found %g s; wrk measures whole seconds, at "
                            "most %d",
                            node->key, *seconds, SECONDS_MAX);
    return code;
}

static enum rp_code read_duration(const struct rp_benchload_nodes *g,
                                  struct rp_plan_run *run,
                                  struct rp_error *error)
{
    double seconds = 0.0;
    enum rp_code code;

    if (g->requests)
        return rp_node_fail(g->requests, error, RP_ERR_VALUE,
                            "requests: wrk cannot make a number of requests; "
                            "say how long it measures, like duration: 10s, or "
                            "take ab");
    if (!g->duration)
        return rp_node_fail(g->row, error, RP_ERR_VALUE,
                            "duration: missing; say how long wrk measures, "
                            "like 10s");
    code = rp_benchload_seconds(g->duration, &seconds, error);
    if (!code && seconds < 1.0)
        code = rp_node_fail(g->duration, error, RP_ERR_VALUE,
                            "duration: found 0 s, expected 1s or more");
    run->seconds = (unsigned)seconds;
    return code;
}

static enum rp_code read_closed(const struct rp_benchload_nodes *g,
                                enum rp_tool tool, struct rp_plan_run *run,
                                struct rp_error *error)
{
    uint64_t concurrency = 1, requests = 0;
    enum rp_code code =
        rp_node_integer(g->concurrency, 1, CLIENTS_MAX, &concurrency, error);

    run->concurrency = (unsigned)concurrency;
    if (!code && tool == RP_TOOL_WRK)
        return read_duration(g, run, error);
    if (!code && g->duration)
        code = rp_node_fail(g->duration, error, RP_ERR_VALUE,
                            "duration: ab makes a number of requests; say "
                            "requests, or client: {tool: wrk}");
    if (!code)
        code = rp_node_integer(g->requests, 1, REQUESTS_MAX, &requests, error);
    if (code)
        return code;
    if (!g->requests)
        return rp_node_fail(g->row, error, RP_ERR_VALUE,
                            "requests: missing; name how many each run makes");
    if (requests < RP_PLAN_REQUESTS_A_CLIENT * concurrency)
        return rp_node_fail(
            g->requests, error, RP_ERR_VALUE,
            "requests: %llu for %llu clients are fewer than "
            "%d for each, which is too few to see a steady "
            "state; ask for %llu or more",
            (unsigned long long)requests, (unsigned long long)concurrency,
            RP_PLAN_REQUESTS_A_CLIENT,
            RP_PLAN_REQUESTS_A_CLIENT * (unsigned long long)concurrency);
    run->requests = (unsigned)requests;
    return RP_OK;
}

/* ---- A rate ---- */

static enum rp_code refuse(const struct rp_node *node, const char *instead,
                           struct rp_error *error)
{
    return node ? rp_node_fail(node, error, RP_ERR_VALUE,
                               "%s: the run has a rate, so its load is open; "
                               "%s",
                               node->key, instead)
                : RP_OK;
}

static enum rp_code read_words(const struct rp_benchload_nodes *g,
                               struct rp_openload *open, struct rp_error *error)
{
    const struct rp_node *at;
    char sentence[RP_ERROR_TEXT_SIZE];
    double rate = 0.0, cv = NAN;
    enum rp_code code = rp_node_rate(g->rate, &rate, error);

    if (!code && !(rate > 0.0))
        code = rp_node_fail(g->rate, error, RP_ERR_VALUE,
                            "rate: found \"%s\", expected more than 0",
                            g->rate->text);
    if (!code)
        code = rp_node_number(g->cv, 0.0, 1e6, &cv, error);
    if (code || rp_openload_make(rate, g->process ? g->process->text : NULL, cv,
                                 open, sentence))
        return code;
    at = strncmp(sentence, "cv", 2) == 0 ? g->cv : g->process;
    return rp_node_fail(at ? at : g->row, error, RP_ERR_VALUE, "%s", sentence);
}

static enum rp_code read_open(const struct rp_benchload_nodes *g,
                              struct rp_plan_run *run, struct rp_error *error)
{
    uint64_t requests = 0;
    enum rp_code code = read_words(g, &run->open, error);

    if (!code)
        code = refuse(g->concurrency,
                      "nobody waits for an answer before they "
                      "ask; leave it out, or leave out rate",
                      error);
    if (!code)
        code =
            refuse(g->duration, "say how many requests come: requests", error);
    if (!code)
        code = rp_node_integer(g->requests, 1, REQUESTS_MAX, &requests, error);
    if (!code && !g->requests)
        code = rp_node_fail(g->row, error, RP_ERR_VALUE,
                            "requests: missing; name how many each run makes");
    if (!code && (double)requests > run->open.rate_per_s * SECONDS_MAX)
        code = rp_node_fail(g->requests, error, RP_ERR_VALUE,
                            "requests: %llu at %g/s take more than a day",
                            (unsigned long long)requests, run->open.rate_per_s);
    run->concurrency = 0;
    run->requests = (unsigned)requests;
    return code;
}

/* ---- Either ---- */

enum rp_code rp_benchload_read(const struct rp_benchload_nodes *nodes,
                               enum rp_tool tool, struct rp_plan_run *run,
                               struct rp_error *error)
{
    const struct rp_node *const alone =
        nodes->process ? nodes->process : nodes->cv;

    if (nodes->rate)
        return read_open(nodes, run, error);
    if (alone)
        return rp_node_fail(alone, error, RP_ERR_VALUE,
                            "%s belongs to an open load, and the run has no "
                            "rate; say rate: 200/s, or leave it out",
                            alone->key);
    if (tool == RP_TOOL_OPEN)
        return rp_node_fail(nodes->row, error, RP_ERR_VALUE,
                            "rate: missing; the tool is open, so say how many "
                            "requests come a second, like rate: 200/s");
    return read_closed(nodes, tool, run, error);
}

enum rp_tool rp_plan_run_tool(const struct rp_plan *plan,
                              const struct rp_plan_run *run)
{
    return run->open.rate_per_s > 0.0 ? RP_TOOL_OPEN : plan->tool;
}

bool rp_plan_has_open(const struct rp_plan *plan)
{
    for (size_t i = 0; i < plan->run_count; i++)
        if (plan->runs[i].open.rate_per_s > 0.0)
            return true;
    return false;
}

bool rp_plan_mixes_keepalive(const struct rp_plan *plan)
{
    for (size_t i = 0; i < plan->run_count; i++)
        if (plan->runs[i].keepalive != plan->keepalive)
            return true;
    return false;
}
