/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/speeds.h"
#include "calibrate/spreads.h"
#include "tests/calibrate/synthetic.h"

#include <criterion/new/assert.h>

/* Mean .05 .85 + .05 .9 + .15 .9 + .25 .95 + .25 1 + .15 1.05 + .05 1.15
 * + .03 1.3 + .01 1.5 + .01 (1.6 + .5) = 1. */
static const struct rp_spread wide = {
    {0.8, 0.9, 0.9, 0.9, 1.0, 1.0, 1.1, 1.2, 1.4, 1.6}, 0.5};

static struct rp_spreads fit(struct rp_measured *m, struct rp_costs *costs)
{
    struct rp_error error = {0};
    struct rp_spreads spreads = {.known = false};

    cr_assert(eq(int, rp_speeds_find(m, &error), RP_OK));
    cr_assert(eq(int, rp_costs_fit(m, NULL, costs, &error), RP_OK), "%s",
              error.text);
    cr_assert(eq(int, rp_spreads_fit(m, costs, &spreads, &error), RP_OK), "%s",
              error.text);
    return spreads;
}

static void expect_like(const struct rp_spread *found,
                        const struct rp_spread *expected, double near,
                        const char *what)
{
    cr_expect(rp_spread_valid(found), "%s", what);
    cr_expect(epsilon_eq(dbl, rp_spread_mean(found), 1.0, 1e-6), "%s", what);
    for (size_t k = 0; k < RP_LEVEL_COUNT; k++)
        cr_expect(
            epsilon_eq(dbl, found->multiple[k], expected->multiple[k], near),
            "%s at level %g", what, rp_levels[k]);
}

Test(spreads, one_spread_of_all_costs_is_found_in_each)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_costs costs = {.rows = 0};
    struct rp_spreads spreads;

    s.spread = &wide;
    s.noise_sd = 1e-4;
    m = synthetic_measure(&s);
    spreads = fit(&m, &costs);
    cr_expect(spreads.known);
    expect_like(&spreads.request, &wide, 1e-3, "request");
    for (size_t j = 0; j < costs.columns.count; j++)
        if (costs.columns.costs[j].mean_ns > 30e3)
            expect_like(&spreads.cost[j], &wide, 0.02,
                        costs.columns.costs[j].name);
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

/* gunicorn's base does not vary, all else does. */
Test(spreads, a_cost_that_does_not_vary_is_told_from_those_that_do)
{
    struct synthetic s = synthetic_usual();
    const struct rp_spread flat = rp_spread_constant();
    struct rp_measured m;
    struct rp_costs costs = {.rows = 0};
    struct rp_spreads spreads;

    s.spread = &wide;
    m = synthetic_measure(&s);
    for (size_t run = 0; run < m.run_count; run++) {
        const struct rp_config *const c = &m.configs[m.runs[run].config];
        const double base = c->amounts[RP_ITEM_BASE_GUNICORN] *
                            s.cost_ns[RP_ITEM_BASE_GUNICORN];

        for (size_t k = 0; k < RP_LEVEL_COUNT; k++)
            m.runs[run].level_ns[k] += base * (1.0 - wide.multiple[k]);
    }
    spreads = fit(&m, &costs);
    for (size_t j = 0; j < costs.columns.count; j++) {
        const struct rp_fitted_cost *const c = &costs.columns.costs[j];

        if (c->items[RP_ITEM_BASE_GUNICORN])
            expect_like(&spreads.cost[j], &flat, 0.02, c->name);
        if (c->items[RP_ITEM_BASE_DAPHNE] || c->items[RP_ITEM_A2S_NEW])
            expect_like(&spreads.cost[j], &wide, 0.03, c->name);
    }
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

Test(spreads, a_small_cost_has_the_average_requests)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_costs costs = {.rows = 0};
    struct rp_spreads spreads;

    s.spread = &wide;
    s.noise_sd = 0.05;
    s.cost_ns[RP_ITEM_LAYER_SYNC] = 10.0;
    for (unsigned i = RP_ITEM_LAYER_SYNC; i <= RP_ITEM_LAYER_MIXIN_ASYNC; i++)
        s.cost_ns[i] = 10.0;
    m = synthetic_measure(&s);
    spreads = fit(&m, &costs);
    for (size_t j = 0; j < costs.columns.count; j++)
        if (costs.columns.costs[j].items[RP_ITEM_LAYER_SYNC]) {
            cr_expect(spreads.pooled[j]);
            expect_like(&spreads.cost[j], &spreads.request, 1e-12, "layer");
        }
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

Test(spreads, without_percentiles_nothing_varies)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m = synthetic_measure(&s);
    const struct rp_spread flat = rp_spread_constant();
    struct rp_costs costs = {.rows = 0};
    struct rp_spreads spreads = fit(&m, &costs);

    cr_expect(not(spreads.known));
    for (size_t j = 0; j < costs.columns.count; j++) {
        cr_expect(spreads.pooled[j]);
        expect_like(&spreads.cost[j], &flat, 1e-12, "flat");
    }
    cr_expect(eq(dbl, costs.gap_ns, 0.0), "unknown");
    rp_costs_free(&costs);
    rp_measured_free(&m);
}
