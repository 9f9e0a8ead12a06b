/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solvetext.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

struct rp_profile profile_of_base(double base_ns)
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
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        p.cost_of_item[i] = (int)i;
        p.costs[i].spread = rp_spread_constant();
        if (strncmp(rp_item_family((enum rp_item)i), "base", 4) == 0)
            p.costs[i].mean_ns = base_ns;
    }
    return p;
}

struct rp_demands demands_of(const char *text, const struct rp_profile *profile)
{
    const struct rp_crowding alone = rp_crowding_alone();

    return crowded_demands_of(text, profile, &alone);
}

struct rp_demands crowded_demands_of(const char *text,
                                     const struct rp_profile *profile,
                                     const struct rp_crowding *crowding)
{
    struct rp_scenario scenario = {0};
    struct rp_routes routes = {0};
    struct rp_demands demands = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_scenario_read_text(text, strlen(text), "x.yaml", &scenario,
                                       &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(
        eq(int, rp_routes_make(&scenario, profile, &routes, &error), RP_OK),
        "%s", error.text);
    cr_assert(eq(int,
                 rp_demands_take(&scenario, &routes, profile, crowding,
                                 &demands, &error),
                 RP_OK));
    rp_routes_free(&routes);
    rp_scenario_free(&scenario);
    return demands;
}

enum rp_code solve_text(const char *text, const struct rp_profile *profile,
                        struct rp_solution *solution, struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    enum rp_code code =
        rp_scenario_read_text(text, strlen(text), "x.yaml", &scenario, error);

    if (!code)
        code = rp_solve(&scenario, profile, solution, error);
    rp_scenario_free(&scenario);
    return code;
}

size_t place_named(const struct rp_demands *demands, const char *name)
{
    for (size_t i = 0; i < demands->place_count; i++)
        if (strcmp(demands->places[i].name, name) == 0)
            return i;
    cr_assert(false, "no place %s", name);
    return 0;
}
