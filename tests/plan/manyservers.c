/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "manyservers.h"

#include "../sim/flat_profile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Erlang C by the recursion of Erlang B. */
static double chance_to_wait(unsigned servers, double offered)
{
    double blocked = 1.0;

    for (unsigned i = 1; i <= servers; i++)
        blocked = offered * blocked / (i + offered * blocked);
    return blocked / (1.0 - offered / servers * (1.0 - blocked));
}

/* P(R > t), t in service times: the convolution of an exponential service with
 * a wait that is 0 or exponential at rate c - a. */
static double longer(double t, unsigned servers, double offered)
{
    const double waits = chance_to_wait(servers, offered);
    const double gap = servers - 1.0 - offered;

    if (fabs(gap) < 1e-9)
        return exp(-t) * (1.0 + waits * t);
    return exp(-t) * (1.0 + waits * (1.0 - exp(-gap * t)) / gap);
}

static double percentile(unsigned servers, double offered, double level)
{
    double low = 0.0, high = 1.0;

    while (longer(high, servers, offered) > 1.0 - level)
        high *= 2.0;
    for (int i = 0; i < 100; i++) {
        const double middle = 0.5 * (low + high);

        if (longer(middle, servers, offered) > 1.0 - level)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double manyservers_metric(const struct manyservers *queue, unsigned servers,
                          double rate_per_s)
{
    const double offered = rate_per_s * queue->service_ns / 1e9;

    if (offered >= servers)
        return INFINITY;
    if (queue->of == RP_LIMIT_MEAN)
        return queue->service_ns *
               (1.0 + chance_to_wait(servers, offered) / (servers - offered));
    return queue->service_ns *
           percentile(servers, offered,
                      rp_metric_level(rp_limit_metric(queue->of)));
}

double manyservers_largest(const struct manyservers *queue, unsigned servers)
{
    double low = 0.0, high = 1e9 * servers / queue->service_ns;

    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (low + high);

        if (manyservers_metric(queue, servers, middle) <= queue->limit_ns)
            low = middle;
        else
            high = middle;
    }
    return low;
}

unsigned manyservers_fewest(const struct manyservers *queue, double rate_per_s)
{
    unsigned servers = 1;

    while (manyservers_metric(queue, servers, rate_per_s) > queue->limit_ns)
        servers++;
    return servers;
}

bool manyservers_capacity(const struct manyservers *queue, unsigned servers,
                          uint64_t seed, struct rp_capacity *capacity)
{
    struct rp_profile profile = flat_profile((struct flat_costs){0});
    const struct rp_capacity_settings settings = rp_capacity_defaults();
    struct rp_slos slos = {0};
    struct rp_scenario scenario = {0};
    struct rp_error error = {0};
    char text[512];
    enum rp_code code;

    slos.wanted[queue->of] = true;
    slos.limit[queue->of] = queue->limit_ns;
    (void)snprintf(text, sizeof text,
                   "server: {kind: gthread, processes: 1, threads: %u}\n"
                   "host: {cores: %u}\n"
                   "view: {wait: {mean: %.9gns, shape: exponential}}\n"
                   "load: {kind: open, rate: 1/s}\nseed: %llu\n",
                   servers, servers, queue->service_ns,
                   (unsigned long long)seed);
    code =
        rp_scenario_read_text(text, strlen(text), "x.yaml", &scenario, &error);
    if (!code)
        code = rp_capacity_find(&scenario, &profile, &slos, &settings, capacity,
                                &error);
    if (code)
        fprintf(stderr, "%s\n", error.text);
    rp_scenario_free(&scenario);
    rp_profile_free(&profile);
    return code == RP_OK;
}
