/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two ways to the interval of a ratio: the delta method, and the quantiles of
 * ratios of costs that are drawn from the same covariance. */
#include "model/ratio.h"
#include "sim/draws.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <stdlib.h>

#define PROFILE  RP_SOURCE_DIR "/data/profiles/django-3.2.yaml"
#define SCENARIO RP_SOURCE_DIR "/data/scenarios/startproject.yaml"

enum { DRAWS = 20000 };

static struct rp_profile profile;
static struct rp_prices dual, single;

static void price_path(struct rp_scenario *scenario, enum rp_path path,
                       struct rp_prices *prices)
{
    struct rp_program program = {.step_count = 0};
    struct rp_error error = {.code = RP_OK};

    scenario->framework.path = path;
    cr_assert(eq(int, rp_program_compile(&program, scenario, &error), RP_OK));
    cr_assert(eq(int, rp_price(&program, &profile, prices, &error), RP_OK));
    rp_program_free(&program);
}

static double total_of(const struct rp_prices *prices, const double *costs_ns)
{
    double sum = prices->own_ns;

    for (unsigned i = 0; i < RP_ITEM_COUNT; i++)
        if (prices->items[i].cost >= 0)
            sum += prices->items[i].amount * costs_ns[prices->items[i].cost];
    return sum;
}

Test(drawnratio, the_delta_method_agrees_with_draws)
{
    struct rp_scenario scenario = {.file = NULL};
    struct rp_error error = {.code = RP_OK};
    double *costs_ns, *ratios, off;
    struct rp_ratio r;

    rp_init();
    cr_assert(eq(int, rp_profile_read(PROFILE, &profile, &error), RP_OK));
    cr_assert(eq(int, rp_scenario_read(SCENARIO, &scenario, &error), RP_OK));
    /* far from 0, where draws are cut */
    profile.costs[profile.cost_of_item[RP_ITEM_LAYER_SYNC]].mean_ns = 20e3;
    price_path(&scenario, RP_PATH_DUAL, &dual);
    price_path(&scenario, RP_PATH_SINGLE, &single);
    costs_ns = calloc(DRAWS * profile.cost_count, sizeof *costs_ns);
    ratios = calloc(DRAWS, sizeof *ratios);
    cr_assert(costs_ns && ratios);
    cr_assert(
        eq(int, rp_draws_make(&profile, 7, DRAWS, costs_ns, &error), RP_OK));
    for (size_t i = 0; i < DRAWS; i++)
        ratios[i] = total_of(&single, costs_ns + i * profile.cost_count) /
                    total_of(&dual, costs_ns + i * profile.cost_count);
    gsl_sort(ratios, 1, DRAWS);
    r = rp_ratio_find(&dual, &single, &profile);
    /* the delta method leaves out what goes with the square of an error */
    off = 0.003 + 1.96 * r.log_se * 1.96 * r.log_se / 2.0;
    cr_expect(lt(dbl, off, 0.02), "costs are too unsure to compare the two");
    cr_expect(
        epsilon_eq(dbl, r.low,
                   gsl_stats_quantile_from_sorted_data(ratios, 1, DRAWS, 0.025),
                   off * r.low));
    cr_expect(
        epsilon_eq(dbl, r.high,
                   gsl_stats_quantile_from_sorted_data(ratios, 1, DRAWS, 0.975),
                   off * r.high));
    free(ratios);
    free(costs_ns);
    rp_scenario_free(&scenario);
    rp_profile_free(&profile);
}
