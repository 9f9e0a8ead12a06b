/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/looping.h"

#include "visitors.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const double exact = 1e-9; /* ms */

enum { LOOP, CORES, LOCK };

/* A loop, a core and, if wanted, a lock. */
static struct rp_network loop_of(struct rp_loop_plan plan, bool has_lock)
{
    struct rp_network net = {0};

    (void)rp_network_station(&net, "loop", 1, false);
    (void)rp_network_station(&net, "cores", 1, false);
    if (has_lock)
        (void)rp_network_station(&net, "lock", 1, false);
    plan.cores = CORES;
    plan.lock = has_lock ? (size_t)LOCK : RP_NO_STATION;
    rp_network_loop(&net, LOOP, &plan);
    return net;
}

static void calls(struct rp_network *net, double ms, enum rp_wake wake)
{
    const struct rp_duration time = {RP_SHAPE_CONSTANT, ms * 1e6, 0.0};

    if (ms > 0.0)
        rp_network_own(net, rp_network_kind(net, "work"), &time, "work");
    rp_network_callback(net, LOOP, wake);
}

/* Comes, is a callback, and goes. */
static void caller(struct rp_network *net, double at_ms, double ms,
                   enum rp_wake wake)
{
    visitor(net, at_ms);
    calls(net, ms, wake);
    rp_network_answer(net);
}

/* Comes, waits for a timer, and is a callback then. */
static void waiter(struct rp_network *net, double at_ms, double wait_ms,
                   double ms)
{
    visitor(net, at_ms);
    visitor_holds(net, wait_ms);
    calls(net, ms, RP_WAKE_TIMER);
    rp_network_answer(net);
}

/* Comes, takes the lock, if there is one, and a core as a thread does, and
 * goes. */
static void thread(struct rp_network *net, double at_ms, double ms,
                   bool has_lock)
{
    const struct rp_duration time = {RP_SHAPE_CONSTANT, ms * 1e6, 0.0};

    visitor(net, at_ms);
    if (has_lock)
        rp_network_take(net, LOCK);
    rp_network_take(net, CORES);
    rp_network_own(net, rp_network_kind(net, "work"), &time, "work");
    rp_network_run(net, has_lock ? (size_t)LOCK : RP_NO_STATION);
    rp_network_give(net, CORES);
    if (has_lock)
        rp_network_give(net, LOCK);
    rp_network_answer(net);
}

static void expect_responses(struct rp_network *net, size_t count,
                             const double *expected)
{
    struct rp_replication r = visit(net);

    for (size_t i = 0; i < count; i++)
        cr_expect(epsilon_eq(dbl, visitor_response(&r, i), expected[i], exact),
                  "visitor %zu", i);
    cr_expect(eq(u64, r.in_flight_at_end, 0));
    rp_replication_free(&r);
    rp_network_free(net);
}

/* ---- Iterations ---- */

/* An iteration costs 1 ms. The first is A's, 0 - 11; B and C came meanwhile and
 * share the second: 11 - 12 is its cost, B to 14, C to 16. D came in the second
 * and has the third: 17, 18. */
Test(looping, an_iteration_is_paid_once_for_all_that_are_ready_as_it_begins)
{
    struct rp_network net =
        loop_of((struct rp_loop_plan){.iteration_ns = 1e6}, false);

    caller(&net, 0.0, 10.0, RP_WAKE_EVENT);
    caller(&net, 5.0, 2.0, RP_WAKE_EVENT);
    caller(&net, 6.0, 2.0, RP_WAKE_EVENT);
    caller(&net, 12.0, 1.0, RP_WAKE_EVENT);
    expect_responses(&net, 4, (double[]){11.0, 9.0, 10.0, 6.0});
}

/* A is a callback twice; the second becomes ready within the iteration of the
 * first, in which B is still to come. Iteration 1: 1, A to 3, B to 5; then A
 * alone: 6, 8. */
Test(looping, what_becomes_ready_in_an_iteration_is_of_the_next)
{
    struct rp_network net =
        loop_of((struct rp_loop_plan){.iteration_ns = 1e6}, false);

    thread(&net, 0.0, 1.0, false); /* so that both are ready when it begins */
    visitor(&net, 0.25);
    calls(&net, 2.0, RP_WAKE_EVENT);
    calls(&net, 2.0, RP_WAKE_EVENT);
    rp_network_answer(&net);
    caller(&net, 0.5, 2.0, RP_WAKE_EVENT);
    expect_responses(&net, 3, (double[]){1.0, 8.75, 5.5});
}

Test(looping, a_callback_of_no_time_takes_its_turn)
{
    struct rp_network net =
        loop_of((struct rp_loop_plan){.iteration_ns = 1e6}, false);

    visitor(&net, 0.0);
    for (unsigned i = 0; i < 4; i++)
        calls(&net, 0.0, RP_WAKE_EVENT);
    rp_network_answer(&net);
    expect_responses(&net, 1, (double[]){4.0});
}

/* An iteration costs 1 ms. A has its turn 1 - 3 and asks for that in which it
 * is answered, behind B, who came meanwhile: 3 - 4 is the cost, B to 8, and A's
 * answer at once. What follows it held for 6 ms from 3 on, and has its turn at
 * 10 - 11, in which C comes, whose turn is 12 - 13. */
Test(looping, an_answer_has_a_turn_while_what_follows_it_goes_on)
{
    struct rp_network net =
        loop_of((struct rp_loop_plan){.iteration_ns = 1e6}, false);

    visitor(&net, 0.0);
    calls(&net, 2.0, RP_WAKE_EVENT);
    rp_network_answer_in_turn(&net, LOOP);
    visitor_holds(&net, 6.0);
    calls(&net, 1.0, RP_WAKE_EVENT);
    rp_network_end(&net);
    caller(&net, 2.5, 4.0, RP_WAKE_EVENT);
    caller(&net, 9.5, 1.0, RP_WAKE_EVENT);
    expect_responses(&net, 3, (double[]){8.0, 5.5, 3.5});
}

/* The loop does not give its lock back before it has answered, and T, who
 * waits for it, has it from 4 to 9. */
Test(looping, the_turn_of_an_answer_is_known_when_the_iteration_ends)
{
    struct rp_network net =
        loop_of((struct rp_loop_plan){.iteration_ns = 1e6}, true);

    net.runtime.keeps = true;
    visitor(&net, 0.0);
    calls(&net, 2.0, RP_WAKE_EVENT);
    rp_network_answer_in_turn(&net, LOOP);
    rp_network_end(&net);
    thread(&net, 1.0, 5.0, true);
    expect_responses(&net, 2, (double[]){4.0, 8.0});
}

/* Fifty clients, whom the loop serves one a millisecond, and half a second of
 * what follows each answer: records are added while the loop runs. */
Test(looping, what_follows_answers_needs_records_of_its_own)
{
    const struct rp_duration one = {RP_SHAPE_CONSTANT, 1e6, 0.0};
    const struct rp_engine_settings set = {.requests = 2000};
    struct rp_network net = loop_of((struct rp_loop_plan){0}, false);
    struct rp_replication r = {0};
    struct rp_error error = {0};

    rp_network_closed(&net, "many", 50);
    rp_network_arrive(&net);
    rp_network_own(&net, rp_network_kind(&net, "work"), &one, "work");
    rp_network_callback(&net, LOOP, RP_WAKE_EVENT);
    rp_network_answer_in_turn(&net, LOOP);
    visitor_holds(&net, 500.0);
    rp_network_end(&net);
    cr_assert(eq(int, rp_engine_run(&net, &set, &r, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(u64, r.answered, 2000));
    cr_expect(epsilon_eq(dbl, (double)r.span_ns / 1e6, 2000.0, 50.0));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Two that other threads made ready in one iteration: the pipe is read once. */
Test(looping, what_other_threads_ask_for_costs_their_iteration_a_wakeup)
{
    struct rp_network net = loop_of(
        (struct rp_loop_plan){.iteration_ns = 1e6, .wakeup_ns = 0.5e6}, false);

    caller(&net, 0.0, 10.0, RP_WAKE_EVENT);
    caller(&net, 5.0, 2.0, RP_WAKE_THREAD);
    caller(&net, 6.0, 2.0, RP_WAKE_THREAD);
    caller(&net, 12.0, 1.0, RP_WAKE_EVENT);
    /* 11; 12.5, 14.5, 16.5; 17.5, 18.5 */
    expect_responses(&net, 4, (double[]){11.0, 9.5, 10.5, 6.5});
}

Test(looping, what_iterations_cost_is_in_the_account)
{
    struct rp_network net = loop_of(
        (struct rp_loop_plan){.iteration_ns = 1e6, .wakeup_ns = 0.5e6}, false);
    const size_t kind =
        rp_network_kind(&net, rp_added_name(RP_ADDED_ITERATION));
    struct rp_replication r;

    caller(&net, 0.0, 2.0, RP_WAKE_EVENT);
    caller(&net, 10.0, 2.0, RP_WAKE_THREAD);
    r = visit(&net);
    cr_expect(eq(dbl, r.kind_ns[kind], 2.5e6));
    cr_expect(epsilon_eq(dbl, r.stations[LOOP].busy_ns, 6.5e6, 1.0));
    cr_expect(epsilon_eq(dbl, r.stations[CORES].busy_ns, 6.5e6, 1.0));
    cr_expect(eq(u64, r.stations[LOOP].visits, 2), "iterations");
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* ---- Timers ---- */

static const struct rp_loop_plan timed = {.timer_ns = 1000000,
                                          .late_ns = 150000};

/* The poll begins when A is through, at 1.2; the timer is due at 3, which is
 * 1.8 later, or two whole milliseconds: 3.2, and 0.15 late. */
Test(looping, a_timer_is_noticed_after_whole_units_of_the_poll)
{
    struct rp_network net = loop_of(timed, false);

    caller(&net, 0.0, 1.2, RP_WAKE_EVENT);
    waiter(&net, 0.0, 3.0, 0.1);
    expect_responses(&net, 2, (double[]){1.2, 3.45});
}

Test(looping, a_timer_after_a_whole_number_of_units_is_not_rounded)
{
    struct rp_network net =
        loop_of((struct rp_loop_plan){.timer_ns = 1000000}, false);

    caller(&net, 0.0, 1.0, RP_WAKE_EVENT);
    waiter(&net, 0.0, 3.0, 0.5);
    expect_responses(&net, 2, (double[]){1.0, 3.5});
}

Test(looping, without_a_unit_a_poll_ends_with_its_timer)
{
    struct rp_network net =
        loop_of((struct rp_loop_plan){.late_ns = 70000}, false);

    caller(&net, 0.0, 1.2, RP_WAKE_EVENT);
    waiter(&net, 0.0, 3.3, 0.5);
    expect_responses(&net, 2, (double[]){1.2, 3.87});
}

/* C comes at 3.1, before the poll of B's timer would end: B goes first, to 3.2,
 * C to 3.3. The alarm that was set for 3.35 is stale; D's timer, due at 3.32,
 * ends the poll that began at 3.3: 4.3 and 0.15. */
Test(looping, other_events_bring_due_timers_along_and_leave_a_stale_alarm)
{
    struct rp_network net = loop_of(timed, false);

    caller(&net, 0.0, 1.2, RP_WAKE_EVENT);
    waiter(&net, 0.0, 3.0, 0.1);
    caller(&net, 3.1, 0.1, RP_WAKE_EVENT);
    waiter(&net, 0.0, 3.32, 0.1);
    expect_responses(&net, 4, (double[]){1.2, 3.2, 0.2, 4.55});
}

/* Due at 2.5 and at 2.9; the poll, from 1 on, ends for the first: at 3.15. */
Test(looping, a_second_timer_comes_with_the_first)
{
    struct rp_network net = loop_of(timed, false);

    caller(&net, 0.0, 1.0, RP_WAKE_EVENT);
    waiter(&net, 0.0, 2.5, 0.1);
    waiter(&net, 0.0, 2.9, 0.1);
    expect_responses(&net, 3, (double[]){1.0, 3.25, 3.35});
}

/* The loop does not poll while it runs: no rounding. */
Test(looping, a_timer_that_is_due_in_an_iteration_is_of_the_next)
{
    struct rp_network net = loop_of(timed, false);

    caller(&net, 0.0, 4.0, RP_WAKE_EVENT);
    waiter(&net, 0.0, 1.3, 1.0);
    expect_responses(&net, 2, (double[]){4.0, 5.0});
}

/* ---- Lock and core ---- */

/* A to 5; T, who waits for the core since 1, has it next, to 10; then B. */
Test(looping, a_loop_gives_its_core_back_between_two_iterations)
{
    struct rp_network net = loop_of((struct rp_loop_plan){0}, false);

    caller(&net, 0.0, 5.0, RP_WAKE_EVENT);
    thread(&net, 1.0, 5.0, false);
    caller(&net, 2.0, 5.0, RP_WAKE_EVENT);
    expect_responses(&net, 3, (double[]){5.0, 9.0, 13.0});
}

Test(looping, a_loop_waits_for_its_lock_as_threads_do)
{
    struct rp_network net = loop_of((struct rp_loop_plan){0}, true);

    thread(&net, 0.0, 4.0, true);
    caller(&net, 1.0, 1.0, RP_WAKE_EVENT);
    thread(&net, 2.0, 4.0, true);
    caller(&net, 3.0, 1.0, RP_WAKE_EVENT); /* of the same iteration */
    expect_responses(&net, 4, (double[]){4.0, 4.0, 8.0, 3.0});
}

/* Both have their own core, and the lock makes them wait all the same. */
Test(looping, a_lock_is_held_on_any_core)
{
    struct rp_network net = loop_of((struct rp_loop_plan){0}, true);

    net.stations[CORES].servers = 2;
    caller(&net, 0.0, 4.0, RP_WAKE_EVENT);
    thread(&net, 1.0, 1.0, true);
    expect_responses(&net, 2, (double[]){4.0, 4.0});
}

/* Had from 0 on: A to 5, B to 10, C to 15, which is more than 14, so T has it
 * to 20; D to 25. */
Test(looping, a_loop_that_keeps_its_lock_does_so_for_a_time)
{
    struct rp_network net = loop_of((struct rp_loop_plan){0}, true);

    net.runtime.keeps = true;
    net.runtime.switch_ns = 6000000;
    net.runtime.keeps_ns = 14000000;
    caller(&net, 0.0, 5.0, RP_WAKE_EVENT);
    thread(&net, 1.0, 5.0, true);
    caller(&net, 2.0, 5.0, RP_WAKE_EVENT);
    caller(&net, 6.0, 5.0, RP_WAKE_EVENT);
    caller(&net, 11.0, 5.0, RP_WAKE_EVENT);
    expect_responses(&net, 5, (double[]){5.0, 19.0, 8.0, 9.0, 14.0});
}

/* Nobody ever asks for it: A to 5, B to 10, C to 15, and then T. */
Test(looping, without_an_interval_a_loop_keeps_its_lock_while_it_has_more_to_do)
{
    struct rp_network net = loop_of((struct rp_loop_plan){0}, true);

    net.runtime.keeps = true;
    caller(&net, 0.0, 5.0, RP_WAKE_EVENT);
    thread(&net, 1.0, 5.0, true);
    caller(&net, 2.0, 5.0, RP_WAKE_EVENT);
    caller(&net, 6.0, 5.0, RP_WAKE_EVENT);
    caller(&net, 21.0, 1.0, RP_WAKE_EVENT);
    expect_responses(&net, 5, (double[]){5.0, 19.0, 8.0, 9.0, 1.0});
}

/* The kernel takes no core from who has more to do: A to 5, B to 10, then T. */
Test(looping, without_a_lock_a_loop_keeps_its_core_while_it_has_more_to_do)
{
    struct rp_network net = loop_of((struct rp_loop_plan){0}, false);

    net.runtime.keeps = true;
    caller(&net, 0.0, 5.0, RP_WAKE_EVENT);
    thread(&net, 1.0, 5.0, false);
    caller(&net, 2.0, 5.0, RP_WAKE_EVENT);
    expect_responses(&net, 3, (double[]){5.0, 14.0, 8.0});
}

/* But at the end of its slice: A 0 - 5, B 5 - 6, T 6 - 11, B to 15; by then 4
 * ms of the new slice are over, and C has its turn at once. */
Test(looping, without_a_lock_a_loop_keeps_its_core_for_a_slice)
{
    struct rp_network net = loop_of((struct rp_loop_plan){0}, false);

    net.runtime.keeps = true;
    net.runtime.switch_ns = 6000000;
    caller(&net, 0.0, 5.0, RP_WAKE_EVENT);
    thread(&net, 1.0, 5.0, false);
    caller(&net, 2.0, 5.0, RP_WAKE_EVENT);
    thread(&net, 11.5, 1.0, false);
    caller(&net, 14.0, 1.0, RP_WAKE_EVENT);
    expect_responses(&net, 5, (double[]){5.0, 10.0, 13.0, 5.5, 2.0});
}

/* Where nothing is kept T has the core at 5, and B it to 15. */
Test(looping, a_loop_that_keeps_nothing_gives_its_core_back)
{
    struct rp_network net = loop_of((struct rp_loop_plan){0}, false);

    caller(&net, 0.0, 5.0, RP_WAKE_EVENT);
    thread(&net, 1.0, 5.0, false);
    caller(&net, 2.0, 5.0, RP_WAKE_EVENT);
    expect_responses(&net, 3, (double[]){5.0, 9.0, 13.0});
}

/* A runs 0 - 3, T 3 - 4, A again; its callback is one, whoever is between. */
Test(looping, a_long_callback_offers_its_lock_after_each_switch_interval)
{
    struct rp_network net = loop_of((struct rp_loop_plan){0}, true);

    net.runtime.switch_ns = 3000000;
    caller(&net, 0.0, 8.0, RP_WAKE_EVENT);
    thread(&net, 1.0, 1.0, true);
    caller(&net, 2.0, 1.0, RP_WAKE_EVENT);
    expect_responses(&net, 3, (double[]){9.0, 3.0, 8.0});
}

/* The lock is waited for, so the iteration is 0.5 ms longer; who finds it free
 * pays nothing. */
Test(looping, a_loop_that_waited_for_its_lock_is_handed_it_over)
{
    struct rp_network net = loop_of((struct rp_loop_plan){0}, true);

    net.runtime.handover_ns = 0.5e6;
    thread(&net, 0.0, 4.0, true);
    caller(&net, 1.0, 1.0, RP_WAKE_EVENT);
    thread(&net, 20.0, 1.0, true);
    caller(&net, 30.0, 1.0, RP_WAKE_EVENT);
    expect_responses(&net, 4, (double[]){4.0, 4.5, 1.0, 1.0});
}

/* Each process has a loop of its own: two that come together do not meet. */
Test(looping, every_process_has_its_own_loop)
{
    struct rp_network net =
        loop_of((struct rp_loop_plan){.iteration_ns = 1e6}, false);

    net.processes = 2;
    net.stations[LOOP].in_process = true;
    net.stations[CORES].servers = 2;
    for (unsigned i = 0; i < 3; i++) {
        visitor(&net, i);
        rp_network_choose(&net);
        calls(&net, 10.0, RP_WAKE_EVENT);
        rp_network_answer(&net);
    }
    /* the third is at the first's loop, behind it: 11, then 11 more */
    expect_responses(&net, 3, (double[]){11.0, 11.0, 20.0});
}
