/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/crowding.h"

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

/* 1 - 1/e of it is gone after the time that cools by two thirds. */
Test(crowding, alone_code_cools_for_as_long_as_the_pause)
{
    const struct rp_crowding c = rp_crowding_alone();

    cr_expect(epsilon_eq(dbl, rp_crowding_warmth(&c, &outside, 1e6, 4e6),
                         exp(-1.0), 1e-12));
    cr_expect(eq(dbl, rp_crowding_warmth(&c, &outside, 6e6, 4e6), 1.0));
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

/* An exponential pause of mean m leaves 1 / (1 + m / tau) of the warmth. */
Test(crowding, idle_times_of_several_requests_are_exponential)
{
    struct rp_crowding c = rp_crowding_alone();

    c.is_alone = false;
    c.requests = INFINITY;
    c.busy = 0.0;
    c.idle_ns = 3e6;
    cr_expect(epsilon_eq(dbl, rp_crowding_warmth(&c, &outside, 0.0, 3e6), 0.5,
                         1e-12));
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
