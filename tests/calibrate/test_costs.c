/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/costs.h"
#include "calibrate/speeds.h"
#include "tests/calibrate/synthetic.h"

#include <criterion/new/assert.h>

static struct rp_costs fit(struct rp_measured *m)
{
    struct rp_error error = {0};
    struct rp_costs costs = {.rows = 0};

    cr_assert(eq(int, rp_speeds_find(m, &error), RP_OK));
    cr_assert(eq(int, rp_costs_fit(m, NULL, &costs, &error), RP_OK), "%s",
              error.text);
    return costs;
}

static const struct rp_fitted_cost *find(const struct rp_costs *costs,
                                         enum rp_item item)
{
    for (size_t j = 0; j < costs->columns.count; j++)
        if (costs->columns.costs[j].items[item])
            return &costs->columns.costs[j];
    return NULL;
}

static bool says(const struct rp_costs *costs, const char *words)
{
    for (size_t i = 0; i < costs->note_count; i++)
        if (strstr(costs->notes[i], words))
            return true;
    return false;
}

/* Every cost is what the runs were made from, to `near` of it. */
static void expect_costs(const struct rp_costs *costs,
                         const struct synthetic *s, double near)
{
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const struct rp_fitted_cost *const c = find(costs, (enum rp_item)i);

        if (c && s->cost_ns[i] > 0.0)
            cr_expect(epsilon_eq(dbl, c->mean_ns, s->cost_ns[i],
                                 near * s->cost_ns[i]),
                      "%s", rp_item_name((enum rp_item)i));
    }
}

Test(costs, exact_runs_give_back_the_costs_that_they_were_made_from)
{
    struct synthetic s = synthetic_usual();
    const struct rp_spread flat = rp_spread_constant();
    struct rp_measured m;
    struct rp_costs costs;

    s.spread = &flat;
    m = synthetic_measure(&s);
    costs = fit(&m);
    cr_expect(epsilon_eq(dbl, costs.gap_ns, 30e3, 1.0), "from the percentiles");
    expect_costs(&costs, &s, 1e-6);
    cr_expect(eq(sz, costs.rows, m.run_count));
    cr_expect(eq(sz, costs.config_count, m.config_count));
    cr_expect(eq(str, (char *)find(&costs, RP_ITEM_LAYER_SYNC)->name, "layer"));
    cr_expect(eq(uint, find(&costs, RP_ITEM_BASE_DAPHNE)->runs,
                 (unsigned)m.run_count / 3));
    rp_costs_free(&costs);
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

Test(costs, rounds_at_another_speed_do_not_matter)
{
    static const double speeds[] = {1.25, 0.8, 1.0, 2.0, 0.5, 1.0};
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_costs costs;

    s.gap_ns = 0.0;
    s.speed = speeds;
    m = synthetic_measure(&s);
    costs = fit(&m);
    expect_costs(&costs, &s, 1e-6);
    cr_expect(epsilon_eq(dbl, rp_costs_speed(&costs, &m, 3), 2.0, 1e-6));
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

Test(costs, a_second_campaign_may_be_faster_than_the_first)
{
    static const double faster[] = {0.9, 0.9, 0.9, 0.9, 0.9, 0.9};
    struct synthetic s = synthetic_usual();
    struct rp_measured m, other;
    struct rp_costs costs;

    s.gap_ns = 0.0;
    m = synthetic_measure(&s);
    s.speed = faster;
    other = synthetic_measure(&s);
    free(other.campaigns[0]);
    other.campaigns[0] = strdup("synthetic-2");
    cr_assert(eq(int, rp_measured_append(&m, &other, NULL), RP_OK));
    costs = fit(&m);
    expect_costs(&costs, &s, 1e-6);
    cr_expect(epsilon_eq(dbl, costs.campaign_speed[0], 1.0, 1e-9));
    cr_expect(epsilon_eq(dbl, costs.campaign_speed[1], 0.9, 1e-6));
    cr_expect(epsilon_eq(dbl, rp_costs_speed(&costs, &m, 7), 0.9, 1e-6));
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

Test(costs, outlying_runs_do_not_matter)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_costs costs;

    s.gap_ns = 0.0;
    s.noise_sd = 0.01;
    m = synthetic_measure(&s);
    for (size_t run = 0; run < m.run_count; run += 10)
        m.runs[run].mean_ns *= 3.0;
    costs = fit(&m);
    expect_costs(&costs, &s, 0.05);
    cr_expect(lt(dbl, costs.weight[0], 1e-3));
    cr_expect(gt(dbl, costs.weight[1], 0.3));
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

/* The share of the fits in which the true cost is within 1.96 standard errors
 * is near 95 %: of 60 fits it has a standard error of 2.8 points, and the
 * sandwich of 90 clusters is known to be a little short. A nested loop is made
 * by two of them alone, which the fit goes through. */
Test(costs, standard_errors_are_those_of_repeated_campaigns)
{
    static const enum rp_item asked[] = {
        RP_ITEM_BASE_GUNICORN, RP_ITEM_BASE_DAPHNE, RP_ITEM_BASE_UVICORN,
        RP_ITEM_S2A_SENSITIVE, RP_ITEM_A2S_NEW,     RP_ITEM_A2S_NESTED,
        RP_ITEM_A2S_REUSE};
    enum { FITS = 60, ASKED = sizeof asked / sizeof *asked };
    unsigned held[ASKED] = {0};
    double squares[ASKED] = {0.0}, errors[ASKED] = {0.0};

    for (unsigned seed = 0; seed < FITS; seed++) {
        struct synthetic s = synthetic_usual();
        struct rp_measured m;
        struct rp_costs costs;

        s.seed = 1000 + seed;
        s.gap_ns = 0.0;
        s.cost_ns[RP_ITEM_A2S_NESTED] = 100e3; /* clearly another cost */
        s.rounds = 4;
        s.misfit_sd = 0.03;
        s.noise_sd = 0.06;
        m = synthetic_measure(&s);
        costs = fit(&m);
        for (size_t i = 0; i < ASKED; i++) {
            const struct rp_fitted_cost *const c = find(&costs, asked[i]);
            const double off = c->mean_ns - s.cost_ns[asked[i]];

            held[i] += fabs(off) <= 1.96 * c->se_ns;
            squares[i] += off * off;
            errors[i] += c->se_ns * c->se_ns;
        }
        rp_costs_free(&costs);
        rp_measured_free(&m);
    }
    for (size_t i = 0; i < ASKED; i++) {
        cr_expect(ge(uint, held[i], 50), "%s", rp_item_name(asked[i]));
        cr_expect(epsilon_eq(dbl, sqrt(errors[i] / squares[i]), 1.0, 0.25),
                  "%s: mean standard error over true spread",
                  rp_item_name(asked[i]));
    }
}

Test(costs, kinds_of_layers_are_priced_apart_where_they_differ)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_costs costs;

    s.gap_ns = 0.0;
    s.cost_ns[RP_ITEM_LAYER_ASYNC] = 200e3;
    m = synthetic_measure(&s);
    costs = fit(&m);
    cr_expect(says(&costs, "layer is priced apart"));
    cr_expect(says(&costs, "s2a is one cost"));
    expect_costs(&costs, &s, 1e-6);
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

Test(costs, a_cost_below_0_is_held_at_0_and_said)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_costs costs;
    double se_ns;

    s.gap_ns = 0.0;
    for (unsigned i = RP_ITEM_LAYER_SYNC; i <= RP_ITEM_LAYER_MIXIN_ASYNC; i++)
        s.cost_ns[i] = -5e3;
    m = synthetic_measure(&s);
    costs = fit(&m);
    cr_expect(says(&costs, "layer came out at -5.00 us, which is not possible: "
                           "it is held at 0"));
    cr_expect(eq(dbl, find(&costs, RP_ITEM_LAYER_SYNC)->mean_ns, 0.0));
    cr_expect(find(&costs, RP_ITEM_LAYER_SYNC)->at_zero);
    cr_expect(ge(dbl, find(&costs, RP_ITEM_A2S_REUSE)->mean_ns, 0.0));
    cr_expect(
        gt(dbl, rp_costs_predict(&costs, m.configs[0].amounts, &se_ns), 250e3));
    cr_expect(ge(dbl, se_ns, 0.0));
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

Test(costs, items_that_no_run_tells_apart_are_one_joint_cost)
{
    static const char *const stacks[] = {"", "A", "AA", "H", NULL};
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_costs costs;

    s.gap_ns = 0.0;
    s.stacks = stacks;
    m = synthetic_measure(&s);
    /* under gunicorn with sync views alone, each A costs one loop and one s2a
     * for the view */
    for (size_t run = 0; run < m.run_count; run++)
        if (m.configs[m.runs[run].config].server != RP_SERVER_GUNICORN ||
            m.configs[m.runs[run].config].view_async)
            m.configs[m.runs[run].config].concurrency = 2;
    costs = fit(&m);
    cr_expect(eq(str, (char *)find(&costs, RP_ITEM_A2S_NEW)->name,
                 "s2a.caller+a2s.new_loop"));
    cr_expect(epsilon_eq(dbl, find(&costs, RP_ITEM_A2S_NEW)->mean_ns,
                         (75e3 + 340e3) / 2.0, 1.0),
              "each of the two items at the same price");
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

Test(costs, configurations_that_are_left_out_have_no_part)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_costs costs = {.rows = 0};
    struct rp_error error = {0};
    bool *leave_out;

    s.gap_ns = 0.0;
    m = synthetic_measure(&s);
    leave_out = calloc(m.config_count, sizeof *leave_out);
    for (size_t run = 0; run < m.run_count; run++)
        if (strcmp(m.configs[m.runs[run].config].stack, "SAS") == 0) {
            leave_out[m.runs[run].config] = true;
            m.runs[run].mean_ns *= 100.0;
        }
    cr_assert(eq(int, rp_speeds_find(&m, &error), RP_OK));
    cr_assert(eq(int, rp_costs_fit(&m, leave_out, &costs, &error), RP_OK), "%s",
              error.text);
    expect_costs(&costs, &s, 1e-6);
    cr_expect(eq(sz, costs.rows, m.run_count - 6 * 6));
    free(leave_out);
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

Test(costs, requests_that_are_mostly_the_views_own_time_do_not_count)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_costs costs;

    s.gap_ns = 0.0;
    m = synthetic_measure(&s);
    for (size_t run = 0; run < m.run_count; run++) {
        const bool sas =
            strcmp(m.configs[m.runs[run].config].stack, "SAS") == 0;
        const bool ma = strcmp(m.configs[m.runs[run].config].stack, "MA") == 0;

        if (!sas && !ma)
            continue;
        /* what it burns shows in its mean, and for MA more than that */
        m.configs[m.runs[run].config].cpu_ns = sas ? 200e3 : 9e6;
        m.runs[run].mean_ns += sas ? 200e3 : 20e6;
    }
    costs = fit(&m);
    expect_costs(&costs, &s, 1e-6);
    /* 9 of about 30 ms is not mostly: MA is in, and outlying */
    cr_expect(eq(sz, costs.rows, m.run_count));
    rp_costs_free(&costs);
    for (size_t run = 0; run < m.run_count; run++)
        if (m.configs[m.runs[run].config].cpu_ns > 1e6)
            m.configs[m.runs[run].config].cpu_ns = 19e6;
    costs = fit(&m);
    expect_costs(&costs, &s, 1e-6);
    cr_expect(eq(sz, costs.rows, m.run_count - 6 * 6), "MA is out");
    rp_costs_free(&costs);
    rp_measured_free(&m);
}

Test(costs, runs_that_cannot_serve_are_refused_with_a_sentence)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m = synthetic_measure(&s);
    struct rp_costs costs = {.rows = 7};
    struct rp_error error = {0};

    for (size_t i = 0; i < m.config_count; i++)
        m.configs[i].io_ns = 1e6;
    cr_expect(eq(int, rp_costs_fit(&m, NULL, &costs, &error), RP_ERR_UNUSABLE));
    cr_expect(
        eq(str, error.text,
           "none of the 540 runs is at concurrency 1, without waits and not "
           "mostly the view's own time, which is what unit costs are fitted "
           "to: add such runs"));
    for (size_t i = 0; i < m.config_count; i++)
        m.configs[i].io_ns = i == 0 ? 0.0 : 1e6;
    m.run_count = 1;
    cr_expect(eq(int, rp_costs_fit(&m, NULL, &costs, &error), RP_ERR_UNUSABLE));
    cr_expect(
        eq(str, error.text,
           "1 run cannot tell 1 unknown cost: add runs at concurrency 1 of "
           "other stacks"));
    cr_expect(eq(sz, costs.rows, 7), "untouched on failure");
    m.run_count = 540;
    rp_measured_free(&m);
}
