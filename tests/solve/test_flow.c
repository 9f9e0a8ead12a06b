/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/flow.h"

#include "solve/queues.h"
#include "solvetext.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static struct rp_profile profile;

static void make_profile(void)
{
    profile = profile_of_base(0.0);
}

static void free_profile(void)
{
    rp_profile_free(&profile);
}

TestSuite(flow, .init = make_profile, .fini = free_profile);

static struct rp_flow flow_of(const char *text, double rate_per_s,
                              double gap_scv)
{
    struct rp_demands d = demands_of(text, &profile);
    struct rp_flow flow = {0};

    cr_assert(eq(int, rp_flow_solve(&d, rate_per_s / 1e9, gap_scv, &flow, NULL),
                 RP_OK));
    rp_demands_free(&d);
    return flow;
}

static const char three[] = "server: {kind: gunicorn, processes: 3}\n"
                            "host: {cores: 3}\n"
                            "view: {cpu: {mean: 2ms, shape: exponential}}\n";

Test(flow, one_queue_of_exponential_servers_is_erlangs)
{
    for (double rate = 100.0; rate < 1500.0; rate += 225.0) {
        struct rp_flow flow = flow_of(three, rate, 1.0);
        const double expected = 2e6 + 1e9 * rp_queue_mmc_wait(rate, 2e-3, 3);

        cr_expect(epsilon_eq(dbl, flow.response_ns, expected, 1e-4 * expected),
                  "%g", rate);
        rp_flow_free(&flow);
    }
}

Test(flow, regular_arrivals_wait_less)
{
    struct rp_flow random = flow_of(three, 1200.0, 1.0),
                   regular = flow_of(three, 1200.0, 0.0);

    cr_expect(epsilon_eq(dbl, regular.response_ns - 2e6,
                         0.5 * (random.response_ns - 2e6), 1.0));
    rp_flow_free(&random);
    rp_flow_free(&regular);
}

/* Two exponential queues one after the other, and a delay: each is M/M/c by
 * itself (J. R. Jackson, 1957). The loop, then a lock. */
Test(flow, queues_one_after_the_other_are_each_by_itself)
{
    struct rp_flow flow =
        flow_of("server: {kind: gthread, threads: 400, gil: false}\n"
                "host: {cores: 1}\n"
                "resources: [{name: lock, capacity: 2}]\n"
                "view: {cpu: {mean: 1ms, shape: exponential},"
                " wait: {mean: 3ms, shape: exponential}, uses: lock}\n",
                500.0, 1.0);
    const double expected = 1e6 + 1e9 * rp_queue_mmc_wait(500.0, 1e-3, 1) +
                            3e6 + 1e9 * rp_queue_mmc_wait(500.0, 3e-3, 2);

    cr_expect(epsilon_eq(dbl, flow.response_ns, expected, 2e-3 * expected));
    rp_flow_free(&flow);
}

Test(flow, more_than_can_be_served_is_said)
{
    struct rp_flow flow = flow_of(three, 1501.0, 1.0);

    cr_expect(flow.saturated);
    cr_expect(isnan(flow.response_ns));
    cr_expect(epsilon_eq(dbl, 1e9 * flow.capacity_per_ns, 1500.0, 0.1));
    rp_flow_free(&flow);
    rp_flow_free(&flow);
}
