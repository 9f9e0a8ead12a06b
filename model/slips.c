/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/slips.h"

#include "model/error.h"

#include <string.h>

/* What people write instead, and what it is called here. The first that is
 * possible at the place is taken. */
static const char *const slips[][2] = {
    {"mode", "kind"},
    {"type", "kind"},
    {"class", "name"},
    {"worker", "kind"},
    {"layers", "middleware"},
    {"stack", "middleware"},
    {"client", "load"},
    {"users", "clients"},
    {"concurrency", "clients"},
    {"connections", "clients"},
    {"workers", "processes"},
    {"rps", "rate"},
    {"arrivals", "process"},
    {"latency", "wait"},
    {"io", "wait"},
    {"sleep", "wait"},
    {"resource", "uses"},
    {"resource", "resources"},
    {"size", "capacity"},
    {"classes", "requests"},
    {"weight", "share"},
    {"patience", "timeout"},
    {"scheduler", "scheduling"},
    {"ps", "sharing"},
    {"round-robin", "quantum"},
    {"distribution", "shape"},
    {"warmup", "warm_up"},
    {"mean", "mean_ms"},
    {"p50", "p50_ms"},
    {"p90", "p90_ms"},
    {"p95", "p95_ms"},
    {"p99", "p99_ms"},
    {"repetitions", "replications"},
    {"random_seed", "seed"},
    {"asynchronous", "async"},
    {"coroutine", "async"},
    {"synchronous", "sync"},
    {"both", "hybrid"},
    {"MiddlewareMixin", "mixin"},
    {"log", "trace"},
    {"replay", "trace"},
    {"bursty", "mmpp"},
    {"daily", "diurnal"},
    {"peak", "spike"},
    {"exp", "exponential"},
    {"exponential", "poisson"},
    {"const", "constant"},
    {"fixed", "constant"},
    {"fixed", "deterministic"},
    {"constant", "deterministic"},
    {"error", "raise"},
    {"500", "raise"},
    {"exception", "raise"},
    {"not_found", "404"},
    {"200", "ok"},
};

const char *rp_slip_meant(const char *word, const char *const *candidates,
                          size_t count)
{
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
        if (strcmp(word, slips[i][0]) == 0)
            for (size_t k = 0; k < count; k++)
                if (strcmp(slips[i][1], candidates[k]) == 0)
                    return candidates[k];
    return rp_near_miss(word, candidates, count);
}
