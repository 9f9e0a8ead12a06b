/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/simulate.h"

#include "flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static const double ms = 1e6;

static struct rp_result simulate(const char *text)
{
    static const struct rp_simulate_options options = {.draws = 0};
    struct rp_profile profile = flat_profile((struct flat_costs){.base = 0});
    struct rp_result result = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, flat_simulate(text, &profile, &options, &result, &error),
                 RP_OK),
              "%s", error.text);
    rp_profile_free(&profile);
    return result;
}

/* M/M/1 at 0.9 starts empty; exact means by 15,000 runs of Lindley's recursion:
 * the 60th customer takes 38 % less than the mean, the 2000th less than 1 %. */
Test(warmup, of_a_queue_that_starts_empty_the_beginning_is_left_out)
{
    struct rp_result r =
        simulate("view: {cpu: {mean: 1ms, shape: exponential}}\n"
                 "load: {kind: open, rate: 900/s}\n"
                 "run: {requests: 50000, replications: 20}\n");
    const struct rp_estimate *const e = &r.metrics[RP_METRIC_MEAN];

    cr_expect(ge(u64, r.warm_up_requests, 60));
    cr_expect(le(u64, r.warm_up_requests, 2000));
    cr_expect(le(dbl, fabs(e->value - 10.0 * ms), 1.8 * e->half_width));
    cr_expect(eq(str, r.warnings, ""));
    rp_result_free(&r);
}

/* With n clients a request finds the mean queue of n - 1 (mean value analysis,
 * M. Reiser, S. S. Lavenberg, JACM 27, 1980): exact where all times are
 * exponential. */
static double closed_mean_ms(unsigned clients, double think_ms,
                             double service_ms)
{
    double queue = 0.0, response = 0.0;

    for (unsigned n = 1; n <= clients; n++) {
        response = service_ms * (1.0 + queue);
        queue = n * response / (response + think_ms);
    }
    return response;
}

/* Twenty clients that all ask at first: the beginning is too long. */
Test(warmup, of_clients_that_all_begin_at_once_the_crowd_is_left_out)
{
    struct rp_result r =
        simulate("view: {cpu: {mean: 1ms, shape: exponential}}\n"
                 "load: {kind: closed, clients: 20,"
                 " think: {mean: 25ms, shape: exponential}}\n"
                 "run: {requests: 50000, replications: 10}\n");
    const struct rp_estimate *const e = &r.metrics[RP_METRIC_MEAN];
    const double exact = closed_mean_ms(20, 25.0, 1.0) * ms;

    cr_expect(le(dbl, fabs(e->value - exact), 1.8 * e->half_width), "%g of %g",
              e->value, exact);
    cr_expect(le(dbl, e->half_width, 0.02 * exact));
    cr_expect(le(u64, r.warm_up_requests, 2000));
    cr_expect(eq(str, r.warnings, ""));
    rp_result_free(&r);
}

Test(warmup, what_the_scenario_says_is_done)
{
    struct rp_result r = simulate("load: {kind: open, rate: 100/s}\n"
                                  "view: {cpu: 1ms}\n"
                                  "run: {requests: 1000, warm_up: 123}\n");

    cr_expect(eq(u64, r.warm_up_requests, 123));
    rp_result_free(&r);
}
