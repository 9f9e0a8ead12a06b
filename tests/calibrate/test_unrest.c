/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/unrest.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

enum { RUNS = 5 };

/* One cost of 400 us whose p90 is 40 us above its p50. */
static struct rp_profile profile_of(struct rp_cost *cost)
{
    struct rp_profile p = {.cost_count = 1, .costs = cost};

    *cost = (struct rp_cost){.mean_ns = 400e3, .spread = rp_spread_constant()};
    for (size_t i = 6; i < RP_LEVEL_COUNT; i++)
        cost->spread.multiple[i] = 1.1;
    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        p.cost_of_item[i] = -1;
    p.cost_of_item[RP_ITEM_BASE_GUNICORN] = 0;
    return p;
}

static double unrest_of(struct rp_config config, double speed,
                        const double to_p90_ms[RUNS])
{
    struct rp_measured_run runs[RUNS] = {{.file = NULL}};
    struct rp_block block = {.campaign = 0, .round = 1, .speed = 1.0};
    char name[] = "c";
    char *names[] = {name};
    struct rp_measured m = {.campaign_count = 1,
                            .config_count = 1,
                            .run_count = RUNS,
                            .block_count = 1,
                            .campaigns = names,
                            .configs = &config,
                            .runs = runs,
                            .blocks = &block};
    struct rp_cost cost;
    const struct rp_profile profile = profile_of(&cost);
    struct rp_error error = {0};
    double unrest = NAN;

    for (size_t i = 0; i < RUNS; i++) {
        runs[i].mean_ns = 450e3;
        runs[i].value[RP_METRIC_P50] = 0.4;
        runs[i].value[RP_METRIC_P90] = 0.4 + to_p90_ms[i];
    }
    cr_assert(eq(int,
                 rp_unrest_find(&m, &speed, &profile, NULL, &unrest, &error),
                 RP_OK));
    return unrest;
}

static struct rp_config alone(void)
{
    struct rp_config c = {.server = RP_SERVER_GUNICORN, .concurrency = 1};

    c.amounts[RP_ITEM_BASE_GUNICORN] = 1.0;
    return c;
}

/* From p50 to p90 in ms: the median is 0.02, of 0.04 that the spread has. */
static const double quiet_ms[RUNS] = {0.018, 0.02, 0.5, 0.019, 0.021};

Test(unrest, is_the_median_distance_from_p50_to_p90_by_that_of_the_spreads)
{
    cr_expect(epsilon_eq(dbl, unrest_of(alone(), 1.0, quiet_ms), 0.5, 1e-9));
    cr_expect(epsilon_eq(dbl, unrest_of(alone(), 2.0, quiet_ms), 0.25, 1e-9),
              "a machine at half its speed");
}

Test(unrest, is_1_where_nothing_shows_it)
{
    struct rp_config c = alone();

    c.concurrency = 2;
    cr_expect(eq(dbl, unrest_of(c, 1.0, quiet_ms), 1.0), "who waits");
    c = alone();
    c.io_ns = 1.0;
    cr_expect(eq(dbl, unrest_of(c, 1.0, quiet_ms), 1.0), "a view that waits");
    c = alone();
    c.cpu_ns = 310e3;
    cr_expect(eq(dbl, unrest_of(c, 1.0, quiet_ms), 1.0), "mostly own work");
}
