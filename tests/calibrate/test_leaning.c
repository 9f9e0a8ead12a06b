/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/leaning.h"

#include "tests/sim/flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static struct rp_profile profile(void)
{
    return flat_profile((struct flat_costs){
        .base = 1e6, .layer = 0.1e6, .s2a = 0.2e6, .a2s_new = 0.5e6});
}

static struct rp_scenario read(const char *text)
{
    struct rp_scenario s = {0};
    struct rp_error error = {0};

    cr_assert(rp_scenario_read_text(text, strlen(text), "x.yaml", &s, &error) ==
                  RP_OK,
              "%s", error.text);
    return s;
}

/* By hand: 1 ms, two layers of 0.1 ms and a view of 0.8 ms are 2 ms, of which
 * the base is paid once and a layer twice. */
Test(leaning, the_mean_of_a_request_alone_is_a_sum)
{
    struct rp_profile p = profile();
    struct rp_scenario s = read("middleware: [{name: a, kind: sync}, {name: b, "
                                "kind: sync}]\nview: {cpu: 0.8ms}\n");
    struct rp_leaning l;
    struct rp_error error = {0};

    cr_assert(eq(int, rp_leaning_alone(&s, &p, &l, &error), RP_OK));
    cr_expect(epsilon_eq(dbl, l.value, 2e6, 1e-3));
    cr_expect(epsilon_eq(dbl, l.items[RP_ITEM_LAYER_SYNC], 2.0, 1e-12));
    cr_expect(
        epsilon_eq(dbl, 1e6 * l.of_item[RP_ITEM_BASE_GUNICORN], 0.5, 1e-9));
    cr_expect(epsilon_eq(dbl, 1e6 * l.of_item[RP_ITEM_LAYER_SYNC], 1.0, 1e-9));
    cr_expect(eq(dbl, l.of_item[RP_ITEM_A2S_NEW], 0.0));
    rp_scenario_free(&s);
    rp_profile_free(&p);
}

/* One worker that is always busy serves 1 / base: a base that is 8 % longer
 * makes it 1 / 1.08 as many, and four clients wait four bases each. */
Test(leaning, a_busy_worker_leans_on_its_base_alone)
{
    struct rp_profile p = profile();
    struct rp_scenario s = read("load: {clients: 4}\nrun: {requests: 500}\n");
    struct rp_leaning l;
    struct rp_error error = {0};
    const double slope = log(1.08) / 0.08e6;

    cr_assert(eq(int,
                 rp_leaning_find(&s, &p, RP_METRIC_RPS, NULL, NULL, &l, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(epsilon_eq(dbl, l.value, 1000.0, 1e-6));
    cr_expect(epsilon_eq(dbl, l.of_item[RP_ITEM_BASE_GUNICORN], -slope,
                         1e-6 * slope));
    cr_expect(epsilon_eq(dbl, l.of_item[RP_ITEM_S2A_SENSITIVE], 0.0, 1e-12));
    cr_assert(eq(int,
                 rp_leaning_find(&s, &p, RP_METRIC_P50, NULL, NULL, &l, &error),
                 RP_OK));
    cr_expect(epsilon_eq(dbl, l.value, 4e6, 1.0));
    cr_expect(
        epsilon_eq(dbl, l.of_item[RP_ITEM_BASE_GUNICORN], slope, 1e-6 * slope));
    rp_scenario_free(&s);
    rp_profile_free(&p);
}

/* A timer that is 0.5 ms late behind 1 ms and 20 ms: 21.5 ms. */
Test(leaning, a_view_that_waits_leans_on_the_timer)
{
    struct rp_profile p = profile();
    struct rp_scenario s = read("view: {wait: 20ms}\nrun: {requests: 200}\n"
                                "mechanisms: {slack: true}\n");
    struct rp_leaning l;
    struct rp_error error = {0};
    const double slope = log((21.0 + 0.5 * exp(0.08)) / 21.5) / 0.08;

    p.under_load.known[RP_PARAMETER_SLACK] = true;
    p.under_load.value[RP_PARAMETER_SLACK] = 0.5e6;
    cr_assert(
        eq(int, rp_leaning_find(&s, &p, RP_METRIC_MEAN, NULL, NULL, &l, &error),
           RP_OK),
        "%s", error.text);
    cr_expect(epsilon_eq(dbl, l.value, 21.5e6, 1e3));
    cr_expect(epsilon_eq(dbl, l.of_parameter[RP_PARAMETER_SLACK], slope,
                         0.02 * slope));
    rp_scenario_free(&s);
    rp_profile_free(&p);
}

Test(leaning, a_load_that_cannot_be_served_has_no_latency)
{
    struct rp_profile p = profile();
    struct rp_scenario s = read("load: {kind: open, rate: 2000/s}\n");
    struct rp_leaning l = {.value = 7.0};
    struct rp_error error = {0};

    cr_expect(eq(int,
                 rp_leaning_find(&s, &p, RP_METRIC_P99, NULL, NULL, &l, &error),
                 RP_ERR_UNSTABLE));
    cr_expect(eq(str, error.text,
                 "p99_ms of the scenario has no value, for more is asked for "
                 "than can be served: lower its rate"));
    cr_expect(eq(dbl, l.value, 7.0), "untouched");
    rp_scenario_free(&s);
    rp_profile_free(&p);
}
