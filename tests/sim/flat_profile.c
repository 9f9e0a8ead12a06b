/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flat_profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double cost_of(struct flat_costs costs, enum rp_item item)
{
    const char *const family = rp_item_family(item);

    if (item == RP_ITEM_A2S_NEW)
        return costs.a2s_new;
    if (item == RP_ITEM_A2S_REUSE)
        return costs.a2s_reuse;
    if (item == RP_ITEM_CLIENT_GAP)
        return costs.gap;
    if (strncmp(family, "base", 4) == 0)
        return costs.base;
    if (strncmp(family, "layer", 5) == 0)
        return costs.layer;
    return strncmp(family, "s2a", 3) == 0 ? costs.s2a : 0.0;
}

struct rp_profile flat_profile(struct flat_costs costs)
{
    struct rp_profile p = {.file = calloc(1, 1),
                           .framework_version = calloc(1, 1),
                           .asgiref_version = calloc(1, 1),
                           .cost_count = RP_ITEM_COUNT,
                           .condition_number = 1.0};

    p.costs = calloc(RP_ITEM_COUNT, sizeof *p.costs);
    p.covariance_ns2 =
        calloc(RP_ITEM_COUNT * RP_ITEM_COUNT, sizeof *p.covariance_ns2);
    p.request_spread = rp_spread_constant();
    for (unsigned i = 0; i < RP_METRIC_COUNT; i++)
        p.accuracy[RP_SITUATION_ALONE][i].run_sd = 0.01;
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        p.cost_of_item[i] = (int)i;
        p.costs[i].mean_ns = cost_of(costs, (enum rp_item)i);
        p.costs[i].spread = rp_spread_constant();
        (void)snprintf(p.costs[i].name, sizeof p.costs[i].name, "%s",
                       rp_item_name((enum rp_item)i));
    }
    return p;
}

enum rp_code flat_simulate(const char *text, const struct rp_profile *profile,
                           const struct rp_simulate_options *options,
                           struct rp_result *result, struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    enum rp_code code =
        rp_scenario_read_text(text, strlen(text), "x.yaml", &scenario, error);

    if (!code)
        code = rp_simulate(&scenario, profile, options, result, error);
    rp_scenario_free(&scenario);
    return code;
}
