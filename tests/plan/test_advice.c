/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/advice.h"

#include "plan/advicestate.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One sync layer before an async view that waits 20 ms, 32 clients of ab, as
 * data/ab/django-3.2/io measured it under uvicorn: 45.3 requests/s, and 854
 * without the layer. */
static const char measured[] =
    "server: {kind: uvicorn}\n"
    "middleware: [{name: audit, kind: sync}]\n"
    "view: {kind: async, wait: 20ms}\n"
    "load: {kind: closed, clients: 32, client: ab}\n"
    "run: {requests: 400, warm_up: 100, replications: 3}\n";
enum { WITH = 453, WITHOUT = 8540 };

static void read_both(const char *text, struct rp_draft *draft,
                      struct rp_profile *profile)
{
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_draft_read_text(text, strlen(text), "s", draft, &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(eq(int,
                 rp_profile_read(RP_SOURCE_DIR "/data/profiles/django-3.2.yaml",
                                 profile, &error),
                 RP_OK),
              "%s", error.text);
}

static struct rp_advice advise(const char *text, enum rp_metric metric,
                               unsigned moves, unsigned jobs)
{
    const struct rp_advice_how how = {.efforts = rp_move_efforts_default(),
                                      .metric = metric,
                                      .moves = moves,
                                      .top = 10,
                                      .jobs = jobs};
    struct rp_draft draft = {0};
    struct rp_profile profile = {0};
    struct rp_advice advice = {0};
    struct rp_error error = {0};

    read_both(text, &draft, &profile);
    cr_assert(
        eq(int, rp_advise(&draft, &profile, &how, &advice, &error), RP_OK),
        "%s", error.text);
    rp_profile_free(&profile);
    rp_draft_free(&draft);
    return advice;
}

Test(advice, the_one_sync_layer_is_found_and_its_gain_is_what_was_measured)
{
    struct rp_advice advice = advise(measured, RP_METRIC_RPS, 2, 1);
    const double expected = (double)WITHOUT / WITH;

    cr_assert(ge(sz, advice.row_count, 1));
    cr_expect(advice.rows[0].on_front);
    cr_expect(eq(str, advice.moves.moves[advice.rows[0].moves[0]].text,
                 "make \"audit\" hybrid"));
    cr_expect(eq(dbl, advice.rows[0].counts.sync_to_async, -1.0));
    cr_expect(eq(dbl, advice.rows[0].counts.async_to_sync, -1.0));
    /* Two configurations, each predicted to 5 to 10 %. */
    cr_expect(
        epsilon_eq(dbl, (advice.rows[0].gain + 1.0) / expected, 1.0, 0.2));
    cr_expect(strstr(advice.hazards, "serialises: \"audit\"") != NULL);
    rp_advice_free(&advice);
}

Test(advice, threads_do_not_change_it)
{
    struct rp_advice one = advise(measured, RP_METRIC_P99, 1, 1);
    struct rp_advice two = advise(measured, RP_METRIC_P99, 1, 2);

    cr_assert(eq(sz, one.row_count, two.row_count));
    for (size_t i = 0; i < one.row_count; i++) {
        char *const a = rp_advice_sentence(&one, &one.rows[i]);
        char *const b = rp_advice_sentence(&two, &two.rows[i]);

        cr_expect(eq(str, a, b));
        free(a);
        free(b);
    }
    rp_advice_free(&one);
    rp_advice_free(&two);
}

Test(advice, nothing_on_the_front_is_more_effort_for_less)
{
    struct rp_advice advice =
        advise("server: {kind: daphne}\n"
               "middleware:\n"
               "  - {name: a, kind: sync}\n"
               "  - {name: b, kind: async}\n"
               "  - {name: c, kind: mixin}\n"
               "view: {kind: sync}\n"
               "load: {kind: closed, clients: 4}\n"
               "run: {requests: 400, warm_up: 100, replications: 3}\n",
               RP_METRIC_RPS, 3, 0);
    double effort = -1.0, gain = 0.0;
    size_t on_front = 0;

    for (size_t i = 0; i < advice.row_count && advice.rows[i].on_front; i++) {
        cr_expect(gt(dbl, advice.rows[i].effort, effort));
        cr_expect(gt(dbl, advice.rows[i].gain, gain));
        effort = advice.rows[i].effort;
        gain = advice.rows[i].gain;
        on_front++;
    }
    cr_expect(ge(sz, on_front, 2));
    rp_advice_free(&advice);
}

/* ---- Orders ---- */

static const char mixed[] = "server: {kind: daphne}\n"
                            "middleware:\n"
                            "  - {name: s1, kind: sync}\n"
                            "  - {name: a1, kind: async}\n"
                            "  - {name: s2, kind: sync}\n"
                            "  - {name: a2, kind: async}\n"
                            "view: {kind: async}\n"
                            "%s";

/* The price of the best order that `orders` has. */
static double best_price(const char *text, size_t *count)
{
    struct rp_draft draft = {0};
    struct rp_profile profile = {0};
    struct rp_advice_search search = {.draft = &draft, .profile = &profile};
    struct rp_error error = {0};
    size_t *orders = NULL;
    double best = INFINITY;

    read_both(text, &draft, &profile);
    cr_assert(eq(int,
                 rp_draft_scenario(&draft, NULL, 0, &search.scenario, &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(eq(
        int, rp_routes_make(&search.scenario, &profile, &search.routes, &error),
        RP_OK));
    cr_assert(
        eq(int, rp_advice_orders(&search, &orders, count, &error), RP_OK));
    for (size_t i = 0; i < *count; i++) {
        struct rp_layer layers[4];
        struct rp_scenario shuffled = search.scenario;
        struct rp_routes routes = {0};

        for (size_t k = 0; k < 4; k++)
            layers[k] = search.scenario.layers[orders[4 * i + k]];
        shuffled.layers = layers;
        cr_assert(eq(int, rp_routes_make(&shuffled, &profile, &routes, &error),
                     RP_OK));
        best = fmin(best, rp_advice_price_ns(&shuffled, &routes));
        rp_routes_free(&routes);
    }
    free(orders);
    rp_routes_free(&search.routes);
    rp_scenario_free(&search.scenario);
    rp_profile_free(&profile);
    rp_draft_free(&draft);
    return best;
}

/* Two sync layers side by side share their crossings: that is the price of the
 * stack SSAA, written down as such. */
Test(advice, sync_layers_are_brought_together)
{
    const char *const sorted = "server: {kind: daphne}\n"
                               "middleware:\n"
                               "  - {name: s1, kind: sync}\n"
                               "  - {name: s2, kind: sync}\n"
                               "  - {name: a1, kind: async}\n"
                               "  - {name: a2, kind: async}\n"
                               "view: {kind: async}\n";
    char text[512];
    struct rp_scenario scenario = {0};
    struct rp_profile profile = {0};
    struct rp_draft draft = {0};
    struct rp_routes routes = {0};
    struct rp_error error = {0};
    size_t count = 0;

    read_both(sorted, &draft, &profile);
    cr_assert(
        eq(int, rp_draft_scenario(&draft, NULL, 0, &scenario, &error), RP_OK));
    cr_assert(
        eq(int, rp_routes_make(&scenario, &profile, &routes, &error), RP_OK));
    (void)snprintf(text, sizeof text, mixed, "");
    cr_expect(epsilon_eq(dbl, best_price(text, &count),
                         rp_advice_price_ns(&scenario, &routes), 1.0));
    cr_expect(ge(sz, count, 1));
    rp_routes_free(&routes);
    rp_scenario_free(&scenario);
    rp_profile_free(&profile);
    rp_draft_free(&draft);
}

Test(advice, no_order_is_offered_that_a_rule_forbids)
{
    char text[512];
    size_t count = 1;

    (void)snprintf(text, sizeof text, mixed,
                   "order:\n"
                   "  - {layer: a1, after: s1, before: s2}\n"
                   "  - {layer: s2, before: a2}\n");
    (void)best_price(text, &count);
    cr_expect(eq(sz, count, 0));
}
