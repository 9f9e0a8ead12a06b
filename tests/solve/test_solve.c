/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/solve.h"

#include "solve/queues.h"
#include "solvetext.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static struct rp_profile profile; /* nothing costs anything */

static void make_profile(void)
{
    profile = profile_of_base(0.0);
}

static void free_profile(void)
{
    rp_profile_free(&profile);
}

TestSuite(solve, .init = make_profile, .fini = free_profile);

static struct rp_solution solved(const char *text)
{
    struct rp_solution s = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, solve_text(text, &profile, &s, &error), RP_OK), "%s",
              error.text);
    return s;
}

static void expect_method(const struct rp_solution *s, enum rp_method method,
                          bool exact)
{
    cr_expect(eq(str, (char *)rp_method_word(s->method),
                 (char *)rp_method_word(method)));
    cr_expect(eq(int, s->exact, exact));
    cr_expect(ne(str, (char *)s->why, ""));
    cr_expect(ne(str, (char *)s->trust, ""));
}

#define EXPONENTIAL "view: {cpu: {mean: 2ms, shape: exponential}}\n"

Test(solve, one_client_alone_takes_the_sum_and_has_percentiles)
{
    struct rp_solution s = solved("view: {cpu: 2ms, wait: 3ms}\n");

    expect_method(&s, RP_METHOD_ALONE, true);
    cr_expect(epsilon_eq(dbl, s.metrics[RP_METRIC_RPS], 200.0, 1e-9));
    cr_expect(epsilon_eq(dbl, s.metrics[RP_METRIC_MEAN], 5e6, 1e-3));
    cr_expect(epsilon_eq(dbl, s.metrics[RP_METRIC_P99], 5e6, 1e-3));
    cr_expect(epsilon_eq(dbl, s.saturation_clients, 1.0, 1e-9));
    rp_solution_free(&s);
}

Test(solve, mm1_has_its_closed_form)
{
    struct rp_solution s =
        solved(EXPONENTIAL "load: {kind: open, rate: 400/s}\n");

    expect_method(&s, RP_METHOD_MM1, true);
    cr_expect(epsilon_eq(dbl, s.metrics[RP_METRIC_MEAN], 10e6, 1.0));
    cr_expect(epsilon_eq(dbl, s.metrics[RP_METRIC_P50], 10e6 * log(2.0), 1.0));
    cr_expect(
        epsilon_eq(dbl, s.metrics[RP_METRIC_P99], 10e6 * log(100.0), 1.0));
    cr_expect(epsilon_eq(dbl, s.in_flight_mean, 4.0, 1e-6));
    cr_expect(epsilon_eq(dbl, s.capacity_per_s, 500.0, 1e-6));
    cr_expect(isnan(s.saturation_clients));
    rp_solution_free(&s);
}

Test(solve, mmc_is_erlang_c)
{
    struct rp_solution s = solved(
        "server: {kind: gunicorn, processes: 4}\nhost: {cores: 4}\n" EXPONENTIAL
        "load: {kind: open, rate: 1600/s}\n");

    expect_method(&s, RP_METHOD_MMC, true);
    cr_expect(epsilon_eq(dbl, s.metrics[RP_METRIC_MEAN],
                         2e6 + 1e9 * rp_queue_mmc_wait(1600.0, 2e-3, 4), 1.0));
    cr_expect(gt(dbl, s.metrics[RP_METRIC_P99], s.metrics[RP_METRIC_P95]));
    rp_solution_free(&s);
}

Test(solve, mg1_is_pollaczek_khinchine_and_has_no_percentiles)
{
    struct rp_solution s =
        solved("view: {cpu: 2ms}\nload: {kind: open, rate: 400/s}\n");

    /* half of what M/M/1 waits: 4 ms */
    expect_method(&s, RP_METHOD_MG1, true);
    cr_expect(epsilon_eq(dbl, s.metrics[RP_METRIC_MEAN], 6e6, 1.0));
    cr_expect(isnan(s.metrics[RP_METRIC_P50]));
    cr_expect(epsilon_eq(dbl, s.places[0].utilisation, 0.8, 1e-9));
    cr_expect(epsilon_eq(dbl, s.places[0].wait_ns, 4e6, 1.0));
    cr_expect(epsilon_eq(dbl, s.places[0].queue_mean, 1.6, 1e-6));
    rp_solution_free(&s);
}

Test(solve, arrivals_that_are_regular_are_approximate)
{
    struct rp_solution s =
        solved(EXPONENTIAL
               "load: {kind: open, rate: 400/s, process: deterministic}\n");

    expect_method(&s, RP_METHOD_GGC, false);
    cr_expect(epsilon_eq(dbl, s.metrics[RP_METRIC_MEAN], 2e6 + 4e6, 1.0));
    rp_solution_free(&s);
}

Test(solve, a_closed_product_form_is_exact_within_its_bounds)
{
    struct rp_solution s =
        solved(EXPONENTIAL "load: {kind: closed, clients: 9, think: 10ms}\n");
    const double rate = 1e9 * rp_queue_repair_rate(9, 10e6, 2e6, 1);

    expect_method(&s, RP_METHOD_MVA, true);
    cr_expect(epsilon_eq(dbl, s.metrics[RP_METRIC_RPS], rate, 1e-6));
    cr_expect(
        epsilon_eq(dbl, s.metrics[RP_METRIC_MEAN], 9e9 / rate - 10e6, 1.0));
    cr_expect(epsilon_eq(dbl, s.saturation_clients, 6.0, 1e-9));
    cr_expect(epsilon_eq(dbl, s.bounds.rps_high, 500.0, 1e-6));
    cr_expect(epsilon_eq(dbl, s.bounds.rps_low, 9e9 / 28e6, 1e-6));
    cr_expect(le(dbl, s.bounds.balanced_rps_low, rate));
    cr_expect(ge(dbl, s.bounds.balanced_rps_high, rate));
    cr_expect(eq(sz, s.bottleneck, 0));
    rp_solution_free(&s);
}

Test(solve, threads_across_a_gil_are_layers_and_why_says_so)
{
    struct rp_solution s = solved("server: {kind: gthread, threads: 4}\n"
                                  "view: {cpu: 1ms, wait: 3ms}\n"
                                  "load: {kind: closed, clients: 20}\n");

    expect_method(&s, RP_METHOD_LAYERS, false);
    cr_expect(eq(str, (char *)s.why,
                 "\"worker threads\" is held while \"GIL\" is waited for"));
    cr_expect(isnan(s.bounds.balanced_rps_low));
    cr_expect(le(dbl, s.metrics[RP_METRIC_RPS], 1000.0));
    cr_expect(ge(dbl, s.metrics[RP_METRIC_RPS], 800.0));
    rp_solution_free(&s);
}

Test(solve, service_that_is_not_exponential_is_said_to_be_approximate)
{
    struct rp_solution s = solved(
        "view: {cpu: 2ms}\nload: {kind: closed, clients: 4, think: 10ms}\n");

    expect_method(&s, RP_METHOD_MVA_RESIDUAL, false);
    cr_expect(isnan(s.bounds.balanced_rps_low));
    rp_solution_free(&s);
}

Test(solve, more_than_can_be_served_has_no_latency)
{
    struct rp_solution s =
        solved("view: {cpu: 2ms}\nload: {kind: open, rate: 600/s}\n");

    cr_expect(s.saturated);
    cr_expect(isnan(s.metrics[RP_METRIC_MEAN]));
    cr_expect(epsilon_eq(dbl, s.metrics[RP_METRIC_RPS], 500.0, 1e-6));
    cr_expect(strstr(s.warnings, "600 requests/s arrive but at most 500/s can "
                                 "be served") != NULL);
    rp_solution_free(&s);
}

Test(solve, what_is_not_modelled_takes_the_exactness_away)
{
    struct rp_solution s =
        solved(EXPONENTIAL "load: {kind: open, rate: 400/s, timeout: 50ms}\n");

    cr_expect(not(s.exact));
    cr_expect(isnan(s.metrics[RP_METRIC_P99]));
    cr_expect(strstr(s.warnings, "load.timeout is not modelled") != NULL);
    rp_solution_free(&s);
}

Test(solve, classes_wait_alike_and_serve_themselves)
{
    struct rp_solution s = solved("requests:\n"
                                  "  - {name: a, share: 3, view: {cpu: 1ms}}\n"
                                  "  - {name: b, share: 1, view: {cpu: 5ms}}\n"
                                  "load: {kind: open, rate: 250/s}\n");

    /* mean 2 ms, square 7 ms^2: wait .25 x 7 / 2 / .5 */
    expect_method(&s, RP_METHOD_MG1, true);
    cr_assert(eq(sz, s.class_count, 2));
    cr_expect(epsilon_eq(dbl, s.classes[0].mean_ns, 1e6 + 1.75e6, 1.0));
    cr_expect(epsilon_eq(dbl, s.classes[1].mean_ns, 5e6 + 1.75e6, 1.0));
    cr_expect(epsilon_eq(dbl, s.classes[1].rps, 62.5, 1e-9));
    cr_expect(epsilon_eq(dbl, s.metrics[RP_METRIC_MEAN], 3.75e6, 1.0));
    rp_solution_free(&s);
}

Test(solve, a_request_without_any_time_is_refused_with_a_sentence)
{
    struct rp_solution s = {.exact = true};
    struct rp_error error = {0};

    cr_expect(
        eq(int, solve_text("seed: 1\n", &profile, &s, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "x.yaml: a request takes no time at all: give the view some "
                 "work, or take a profile with costs"));
    cr_expect(s.exact, "untouched on failure");
}

Test(solve, more_clients_never_get_fewer_answers)
{
    double last = 0.0;

    for (unsigned n = 1; n <= 40; n++) {
        char text[256];
        struct rp_solution s;

        (void)snprintf(
            text, sizeof text,
            EXPONENTIAL "load: {kind: closed, clients: %u, think: 10ms}\n", n);
        s = solved(text);
        cr_expect(ge(dbl, s.metrics[RP_METRIC_RPS], last));
        last = s.metrics[RP_METRIC_RPS];
        rp_solution_free(&s);
    }
}
