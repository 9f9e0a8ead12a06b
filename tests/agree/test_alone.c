/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two readers of one program: a request that is alone takes the sum of its
 * prices, and the simulator must find that sum. */
#define _POSIX_C_SOURCE 200809L

#include "model/price.h"
#include "sim/simulate.h"
#include "tests/sim/flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static struct rp_profile profile;

static void read_profile(void)
{
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_profile_read(RP_SOURCE_DIR "/data/profiles/django-3.2.yaml",
                                 &profile, &error),
                 RP_OK),
              "%s", error.text);
}

static void free_profile(void)
{
    rp_profile_free(&profile);
}

TestSuite(alone, .init = read_profile, .fini = free_profile);

/* One request at a time, from ab: the same scenario for every reader. */
static struct rp_scenario scenario_of(enum rp_server_kind server,
                                      const char *stack, bool view_async)
{
    struct rp_scenario s;

    cr_assert(eq(int, rp_scenario_init(&s, NULL), RP_OK));
    cr_assert(eq(int, rp_scenario_set_letters(&s, stack, NULL), RP_OK));
    s.server.kind = server;
    s.server.app_built_in_loop = rp_server_builds_in_loop(server);
    s.view_async = view_async;
    s.load.client = RP_CLIENT_AB;
    s.run.requests = 2500;
    s.run.warm_up_auto = false;
    s.run.replications = 6;
    return s;
}

static double priced_by(const struct rp_scenario *scenario,
                        const struct rp_profile *with)
{
    struct rp_program program = {0};
    struct rp_prices prices;
    struct rp_error error = {0};

    cr_assert(eq(int, rp_program_compile(&program, scenario, &error), RP_OK));
    cr_assert(eq(int, rp_price(&program, with, &prices, &error), RP_OK), "%s",
              error.text);
    rp_program_free(&program);
    return prices.total_ns;
}

/* Within the simulation's 95 % interval widened to 99.99 % (t of 5 degrees:
 * 11.2 against 2.57), in 96 comparisons. */
Test(alone, the_simulated_mean_is_the_sum_of_the_prices)
{
    static const enum rp_server_kind servers[] = {
        RP_SERVER_GUNICORN, RP_SERVER_GTHREAD, RP_SERVER_DAPHNE,
        RP_SERVER_UVICORN};
    static const char *const stacks[] = {"",    "S",      "A",     "M",
                                         "SAS", "MMM",    "ASMA",  "SMAS",
                                         "HSA", "AAAAAA", "SAMHS", "RPVX"};
    const struct rp_simulate_options plain = {.jobs = 1};
    const double gap_ns =
        profile.costs[profile.cost_of_item[RP_ITEM_CLIENT_GAP]].mean_ns;

    for (size_t i = 0; i < 96; i++) {
        struct rp_scenario s =
            scenario_of(servers[i % 4], stacks[i / 4 % 12], i >= 48);
        const double sum_ns = priced_by(&s, &profile);
        struct rp_result r = {0};
        struct rp_error error = {0};
        const struct rp_estimate *const mean = &r.metrics[RP_METRIC_MEAN];

        cr_assert(eq(int, rp_simulate(&s, &profile, &plain, &r, &error), RP_OK),
                  "%s", error.text);
        cr_expect(
            le(dbl, fabs(mean->value - sum_ns), mean->half_width * 11.2 / 2.57),
            "%s %s: %g for %g", rp_server_word(s.server.kind),
            stacks[i / 4 % 12], mean->value, sum_ns);
        cr_expect(lt(dbl, mean->half_width, 0.05 * sum_ns));
        cr_expect(epsilon_eq(dbl, 1e9 / r.metrics[RP_METRIC_RPS].value - gap_ns,
                             mean->value, 0.003 * sum_ns),
                  "ab's own time is all that is between two requests");
        rp_result_free(&r);
        rp_scenario_free(&s);
    }
}

/* ---- Whatever the parameters ---- */

static struct rp_profile constant_profile(double after_ns)
{
    const struct {
        enum rp_parameter parameter;
        double value;
    } known[] = {{RP_PARAMETER_CLIENT, 90e3},
                 {RP_PARAMETER_WAKEUP, 40e3},
                 {RP_PARAMETER_WAKING, 0.1},
                 {RP_PARAMETER_DISPLACED, 0.5},
                 {RP_PARAMETER_OTHERS, 1e6},
                 {RP_PARAMETER_ITERATION, 11e3},
                 {RP_PARAMETER_PIPE, 9e3},
                 {RP_PARAMETER_THREAD, 7e3},
                 {RP_PARAMETER_HANDOVER, 8e3},
                 {RP_PARAMETER_ACCEPT, 50e3},
                 {RP_PARAMETER_AFTER_GUNICORN, after_ns},
                 {RP_PARAMETER_AFTER_GTHREAD, after_ns},
                 {RP_PARAMETER_AFTER_RUNSERVER, after_ns},
                 {RP_PARAMETER_AFTER_DAPHNE, after_ns},
                 {RP_PARAMETER_AFTER_UVICORN, after_ns}};
    struct rp_profile p = flat_profile((struct flat_costs){.base = 400e3,
                                                           .layer = 8e3,
                                                           .s2a = 80e3,
                                                           .a2s_new = 340e3,
                                                           .a2s_reuse = 60e3,
                                                           .gap = 30e3});

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        p.under_load.known[known[i].parameter] = true;
        p.under_load.value[known[i].parameter] = known[i].value;
    }
    return p;
}

/* Constant costs: every request takes the same, to the rounding of its parts to
 * nanoseconds. */
Test(alone, what_is_shared_under_load_is_paid_in_full_by_one_client)
{
    static const enum rp_server_kind servers[] = {
        RP_SERVER_GUNICORN, RP_SERVER_GTHREAD, RP_SERVER_RUNSERVER,
        RP_SERVER_DAPHNE, RP_SERVER_UVICORN};
    static const char *const stacks[] = {"",    "S",      "A",     "M",
                                         "SAS", "MMM",    "ASMA",  "SMAS",
                                         "HSA", "AAAAAA", "SAMHS", "AHSMA"};
    const struct rp_simulate_options plain = {.jobs = 1};
    static const double afters_ns[] = {0.0, 20e3, 60e3, 300e3};
    struct rp_profile constant;

    for (size_t i = 0; i < 480; i++) {
        const double after_ns = afters_ns[i / 120];
        struct rp_scenario s =
            scenario_of(servers[i % 5], stacks[i / 5 % 12], i % 120 >= 60);
        double sum_ns;
        struct rp_result r = {0};
        struct rp_error error = {0};

        constant = constant_profile(after_ns);
        sum_ns = priced_by(&s, &constant);
        s.run.requests = 50;
        s.run.warm_up_requests = 1; /* it meets no rest of one before */
        s.run.replications = 2;
        cr_assert(
            eq(int, rp_simulate(&s, &constant, &plain, &r, &error), RP_OK),
            "%s", error.text);
        cr_expect(
            epsilon_eq(dbl, r.metrics[RP_METRIC_MEAN].value, sum_ns, 50.0),
            "%s %s %d, after %g: %g", rp_server_word(s.server.kind),
            stacks[i / 5 % 12], i % 120 >= 60, after_ns,
            r.metrics[RP_METRIC_MEAN].value - sum_ns);
        rp_result_free(&r);
        rp_scenario_free(&s);
        rp_profile_free(&constant);
    }
}
