/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/crowding.h"

#include "solve/demands.h"
#include "solve/layers.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static const struct rp_crowding_pause outside = {
    .length_ns = 5e6, .others = INFINITY, .enters = false};

Test(crowding, a_request_that_is_alone_finds_its_process_idle)
{
    const struct rp_crowding c = rp_crowding_alone();

    cr_expect(eq(dbl, rp_crowding_idle(&c, &outside), 1.0));
    cr_expect(eq(dbl, rp_crowding_notice_ns(&c, &outside, 3e5), 3e5));
}

/* By a square law: 1 - 1/e of it is gone after the time that cools by two
 * thirds, and a sixteenth of that exponent after a quarter. */
Test(crowding, alone_code_cools_for_as_long_as_the_pause)
{
    const struct rp_crowding c = rp_crowding_alone();

    cr_expect(epsilon_eq(dbl,
                         rp_crowding_warmth(&c, &outside, outside.length_ns),
                         exp(-1.0), 1e-12));
    cr_expect(epsilon_eq(
        dbl, rp_crowding_warmth(&c, &outside, 4.0 * outside.length_ns),
        exp(-1.0 / 16.0), 1e-12));
    cr_expect(eq(dbl, rp_crowding_warmth(&c, &outside, 0.0), 1.0));
}

Test(crowding, a_process_that_is_always_busy_is_never_found_idle)
{
    struct rp_crowding c = rp_crowding_alone();

    c.is_alone = false;
    c.requests = 8.0;
    c.busy = 1.0;
    cr_expect(epsilon_eq(dbl, rp_crowding_idle(&c, &outside), 0.0, 1e-12));
}

/* Arrivals at random see what is there on average. */
Test(crowding, of_an_open_load_it_is_idle_for_its_idle_part)
{
    struct rp_crowding c = rp_crowding_alone();

    c.is_alone = false;
    c.requests = INFINITY;
    c.busy = 0.3;
    cr_expect(epsilon_eq(dbl, rp_crowding_idle(&c, &outside), 0.7, 1e-12));
}

Test(crowding, who_pauses_in_the_only_thread_leaves_nobody_to_run)
{
    struct rp_crowding c = rp_crowding_alone();
    const struct rp_crowding_pause inside = {.length_ns = 2e7, .others = 0.0};

    c.is_alone = false;
    c.requests = 32.0;
    c.busy = 0.6;
    cr_expect(eq(dbl, rp_crowding_idle(&c, &inside), 1.0));
}

Test(crowding, worker_threads_that_are_all_busy_let_nobody_in)
{
    struct rp_crowding c = rp_crowding_alone();
    struct rp_crowding_pause new = outside;

    c.is_alone = false;
    c.requests = INFINITY;
    c.busy = 0.1;
    c.full = 1.0;
    new.enters = true;
    cr_expect(epsilon_eq(dbl, rp_crowding_idle(&c, &new), 0.0, 1e-12));
}

/* Of requests that stay together the first one does the waking. */
Test(crowding, in_step_one_of_them_finds_it_idle)
{
    struct rp_crowding c = rp_crowding_alone();

    c.is_alone = false;
    c.in_step = true;
    c.requests = 8.0;
    c.busy = 0.5;
    cr_expect(eq(dbl, rp_crowding_idle(&c, &outside), 0.125));
}

/* Two callbacks, each asked for by a thread half of the time: three of four
 * iterations pay, and one callback in two callbacks is asked for. */
Test(crowding, an_iteration_that_threads_ask_for_is_paid_once)
{
    struct rp_crowding c = rp_crowding_alone();

    c.ready = 2.0;
    c.asked = 0.5;
    cr_expect(epsilon_eq(dbl, rp_crowding_asked_share(&c), 0.75, 1e-12));
    c.ready = 1.0;
    cr_expect(epsilon_eq(dbl, rp_crowding_asked_share(&c), 1.0, 1e-12));
}

/* An exponential pause of mean m leaves sqrt(pi) x exp(x^2) erfc(x) of the
 * warmth, x = tau / 2m; much shorter ones leave all, much longer ones nothing.
 */
Test(crowding, idle_times_of_several_requests_are_exponential)
{
    struct rp_crowding c = rp_crowding_alone();

    c.is_alone = false;
    c.requests = INFINITY;
    c.busy = 0.0;
    c.idle_ns = 3e6;
    cr_expect(epsilon_eq(dbl, rp_crowding_warmth(&c, &outside, 3e6),
                         sqrt(acos(-1.0)) * 0.5 * exp(0.25) * erfc(0.5),
                         1e-12));
    cr_expect(
        epsilon_eq(dbl, rp_crowding_warmth(&c, &outside, 3e12), 1.0, 1e-9));
    cr_expect(lt(dbl, rp_crowding_warmth(&c, &outside, 3.0), 1e-5));
}

Test(crowding, an_approach_goes_a_part_of_the_way)
{
    struct rp_crowding from = rp_crowding_alone();
    struct rp_crowding to = from;

    to.ready = 5.0;
    cr_expect(eq(dbl, rp_crowding_approach(&from, &to, 0.5), 4.0));
    cr_expect(eq(dbl, from.ready, 3.0));
    to = from;
    cr_expect(eq(dbl, rp_crowding_approach(&from, &to, 0.5), 0.0));
}

/* Four clients who are always there: three others, 300 us of framework code
 * each, while a response does not run for 1 ms outside and twice 500 us in
 * queues. What is waited for after the answer is in no response. */
Test(crowding, others_have_a_requests_code_done_while_one_does_not_run)
{
    struct rp_visit visits[] = {
        {.parent = RP_VISIT_NONE, .visits = 2.0},
        {.parent = RP_VISIT_NONE, .phase = RP_PHASE_AFTER, .visits = 1.0}};
    struct rp_layers_visit at[] = {{.wait_ns = 500e3}, {.wait_ns = 1e9}};
    const struct rp_demands d = {.processes = 1,
                                 .visit_count = 2,
                                 .visits = visits,
                                 .loop = -1,
                                 .sensitive = -1,
                                 .gil = -1,
                                 .acceptor = -1,
                                 .worker = -1,
                                 .code_ns = 400e3,
                                 .framework_ns = 300e3,
                                 .away_ns = 1e6};
    struct rp_crowding_seen seen = {.rate_per_ns = 4.0 / 2.4e6,
                                    .requests = 4.0,
                                    .response_ns = 2.4e6,
                                    .visits = at};

    cr_expect(epsilon_eq(dbl, rp_crowding_of(&d, &seen).work, 3.0 * 300e3 / 2e6,
                         1e-12));
    seen.requests = 1.0;
    cr_expect(eq(dbl, rp_crowding_of(&d, &seen).work, 0.0));
}

Test(crowding, a_visit_that_no_solution_has_seen_waits_for_nobody)
{
    static const double waits_ns[] = {3.0, 5.0};
    struct rp_crowding c = rp_crowding_alone();

    cr_expect(eq(dbl, rp_crowding_wait_ns(&c, 0), 0.0));
    c.waits_ns = waits_ns;
    c.wait_count = 2;
    cr_expect(eq(dbl, rp_crowding_wait_ns(&c, 1), 5.0));
    cr_expect(eq(dbl, rp_crowding_wait_ns(&c, 2), 0.0));
}
