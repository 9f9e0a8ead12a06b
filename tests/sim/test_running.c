/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/running.h"

#include "visitors.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static const double exact = 1e-9; /* ms */

enum { LOCK, CORES, THREAD };

static struct rp_network locked(unsigned cores)
{
    struct rp_network net = {0};

    (void)rp_network_station(&net, "lock", 1, false);
    (void)rp_network_station(&net, "cores", cores, false);
    (void)rp_network_station(&net, "thread", 1, false);
    return net;
}

static void adds(struct rp_network *net, double ms)
{
    const struct rp_duration time = {RP_SHAPE_CONSTANT, ms * 1e6, 0.0};

    rp_network_own(net, rp_network_kind(net, "work"), &time, "work");
}

static void runs(struct rp_network *net, double ms)
{
    rp_network_take(net, LOCK);
    rp_network_take(net, CORES);
    adds(net, ms);
    rp_network_run(net, LOCK);
    rp_network_give(net, CORES);
    rp_network_give(net, LOCK);
}

/* Comes, runs with the lock, goes. */
static void runner(struct rp_network *net, double at_ms, double ms)
{
    visitor(net, at_ms);
    runs(net, ms);
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

/* ---- Slices ---- */

/* A 0 - 5, B 5 - 6, A 6 - 13: at 11 nobody waits. */
Test(running, a_long_run_offers_its_lock_after_each_interval_to_whoever_waits)
{
    struct rp_network net = locked(1);

    net.runtime.switch_ns = 5000000;
    runner(&net, 0.0, 12.0);
    runner(&net, 2.0, 1.0);
    expect_responses(&net, 2, (double[]){13.0, 4.0});
}

/* A 0 - 5, B 5 - 10, A 10 - 15, B 15 - 20, A 20 - 22, B 22 - 23. */
Test(running, two_long_runs_take_turns)
{
    struct rp_network net = locked(1);
    struct rp_replication r;

    net.runtime.switch_ns = 5000000;
    runner(&net, 0.0, 12.0);
    runner(&net, 1.0, 11.0);
    r = visit(&net);
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 0), 22.0, exact));
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 1), 22.0, exact));
    cr_expect(eq(dbl, r.stations[CORES].busy_ns, 23e6), "all of the work");
    cr_expect(eq(dbl, r.stations[LOCK].busy_ns, 23e6));
    cr_expect(eq(dbl, r.stations[LOCK].queue_ns, 21e6), "from 1 to 22");
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(running, without_an_interval_nobody_is_interrupted)
{
    struct rp_network net = locked(1);

    runner(&net, 0.0, 12.0);
    runner(&net, 2.0, 1.0);
    expect_responses(&net, 2, (double[]){12.0, 11.0});
}

/* As many as the interval: it is not longer. */
Test(running, a_run_of_one_interval_is_not_interrupted)
{
    struct rp_network net = locked(1);

    net.runtime.switch_ns = 5000000;
    runner(&net, 0.0, 5.0);
    runner(&net, 2.0, 1.0);
    expect_responses(&net, 2, (double[]){5.0, 4.0});
}

/* With the lock to itself C, which needs none, waits for the core that A keeps:
 * only who waits for the lock is offered anything. */
Test(running, who_waits_for_a_core_alone_is_offered_nothing)
{
    struct rp_network net = locked(1);

    net.runtime.switch_ns = 5000000;
    runner(&net, 0.0, 12.0);
    simple_visitor(&net, 1.0, CORES, 1.0);
    expect_responses(&net, 2, (double[]){12.0, 12.0});
}

/* ---- Handover ---- */

/* B and C waited for the lock, A and D did not. A 0 - 2, B 2 - 4.5, C to 6. */
Test(running, whoever_waited_for_the_lock_pays_its_handover)
{
    struct rp_network net = locked(2);

    net.runtime.handover_ns = 0.5e6;
    runner(&net, 0.0, 2.0);
    runner(&net, 1.0, 2.0);
    runner(&net, 1.5, 1.0);
    runner(&net, 20.0, 1.0);
    expect_responses(&net, 4, (double[]){2.0, 3.5, 4.5, 1.0});
}

Test(running, who_waits_for_a_core_pays_no_handover)
{
    struct rp_network net = locked(1);

    net.runtime.handover_ns = 0.5e6;
    simple_visitor(&net, 0.0, CORES, 2.0);
    runner(&net, 1.0, 2.0);
    expect_responses(&net, 2, (double[]){2.0, 3.0});
}

/* ---- Passing on ---- */

/* Takes a thread, which has to be woken, runs for 2 ms, and passes it on. */
static void passer(struct rp_network *net, double at_ms)
{
    visitor(net, at_ms);
    rp_network_take(net, THREAD);
    rp_network_take(net, LOCK);
    rp_network_take(net, CORES);
    adds(net, 1.0);
    rp_network_is_waking(net);
    adds(net, 2.0);
    rp_network_run(net, LOCK);
    rp_network_pass(net, THREAD);
    rp_network_give(net, CORES);
    rp_network_give(net, LOCK);
    rp_network_give(net, THREAD);
    rp_network_answer(net);
}

/* A wakes and runs, 0 - 3; B, C, D have its thread, its lock and its core at
 * once, 2 ms each. At 9 it has had the lock for more than 8 ms: T has it,
 * 9 - 10, and E, whose thread has slept, 10 - 13. */
Test(running, a_thread_that_has_more_to_do_keeps_its_lock_and_its_core)
{
    struct rp_network net = locked(2);

    net.runtime.switch_ns = 5000000;
    net.runtime.keeps_ns = 8000000;
    passer(&net, 0.0);
    runner(&net, 0.5, 1.0);
    passer(&net, 1.0);
    passer(&net, 1.5);
    passer(&net, 2.0);
    passer(&net, 2.5);
    expect_responses(&net, 6, (double[]){3.0, 9.5, 4.0, 5.5, 7.0, 10.5});
}

/* The same without T, and for no longer than 1 ms. */
Test(running, a_lock_that_nobody_waits_for_is_kept_however_long)
{
    struct rp_network net = locked(2);

    net.runtime.switch_ns = 5000000;
    net.runtime.keeps_ns = 1000000;
    passer(&net, 0.0);
    passer(&net, 1.0);
    passer(&net, 1.5);
    expect_responses(&net, 3, (double[]){3.0, 4.0, 5.5});
}

Test(running, a_thread_that_nobody_waits_for_is_given_back)
{
    struct rp_network net = locked(2);
    struct rp_replication r;

    net.runtime.switch_ns = 5000000;
    passer(&net, 0.0);
    runner(&net, 1.0, 1.0);
    passer(&net, 20.0);
    r = visit(&net);
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 0), 3.0, exact));
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 1), 3.0, exact));
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 2), 3.0, exact));
    cr_expect(eq(dbl, r.stations[THREAD].busy_ns, 6e6));
    cr_expect(eq(u64, r.stations[THREAD].visits, 2));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* The three that are passed on are counted where they are had. */
Test(running, what_is_passed_on_was_held_without_a_gap)
{
    struct rp_network net = locked(2);
    struct rp_replication r;

    net.runtime.switch_ns = 50000000;
    passer(&net, 0.0);
    passer(&net, 1.0);
    passer(&net, 2.0);
    r = visit(&net);
    cr_expect(eq(dbl, r.stations[THREAD].busy_ns, 7e6), "1 + 2 + 2 + 2");
    cr_expect(eq(dbl, r.stations[LOCK].busy_ns, 7e6));
    cr_expect(eq(dbl, r.stations[CORES].busy_ns, 7e6));
    cr_expect(eq(u64, r.stations[THREAD].visits, 3));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* ---- Without a lock ---- */

/* Comes, runs on a core, goes. */
static void free_runner(struct rp_network *net, double at_ms, double ms)
{
    visitor(net, at_ms);
    rp_network_take(net, CORES);
    adds(net, ms);
    rp_network_run(net, CORES);
    rp_network_give(net, CORES);
    rp_network_answer(net);
}

/* Takes a thread, which has to be woken, runs for 2 ms, and passes it on. */
static void free_passer(struct rp_network *net, double at_ms)
{
    visitor(net, at_ms);
    rp_network_take(net, THREAD);
    rp_network_take(net, CORES);
    adds(net, 1.0);
    rp_network_is_waking(net);
    adds(net, 2.0);
    rp_network_run(net, CORES);
    rp_network_pass(net, THREAD);
    rp_network_give(net, CORES);
    rp_network_give(net, THREAD);
    rp_network_answer(net);
}

/* A 0 - 5, B 5 - 6, A 6 - 13, as with a lock. */
Test(running, a_long_run_gives_its_core_up_after_each_slice)
{
    struct rp_network net = locked(1);

    net.runtime.switch_ns = 5000000;
    free_runner(&net, 0.0, 12.0);
    free_runner(&net, 2.0, 1.0);
    expect_responses(&net, 2, (double[]){13.0, 4.0});
}

/* With two cores nobody waits. */
Test(running, a_long_run_goes_on_where_there_are_cores_enough)
{
    struct rp_network net = locked(2);

    net.runtime.switch_ns = 5000000;
    net.runtime.handover_ns = 0.5e6;
    free_runner(&net, 0.0, 12.0);
    free_runner(&net, 2.0, 11.0);
    expect_responses(&net, 2, (double[]){12.0, 11.0});
}

/* A wakes and runs, 0 - 3; B has its thread and core at once, to 5, which is a
 * slice: R 5 - 6. C's thread has slept, 6 - 9; D goes on with it, to 11. Who
 * waits for a core is handed nothing over. */
Test(running, a_thread_that_has_more_to_do_keeps_its_core_for_a_slice)
{
    struct rp_network net = locked(1);
    struct rp_replication r;

    net.runtime.switch_ns = 5000000;
    net.runtime.handover_ns = 0.5e6;
    free_passer(&net, 0.0);
    free_runner(&net, 0.5, 1.0);
    free_passer(&net, 1.0);
    free_passer(&net, 1.5);
    free_passer(&net, 2.0);
    r = visit(&net);
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 0), 3.0, exact));
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 1), 5.5, exact));
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 2), 4.0, exact));
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 3), 7.5, exact));
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 4), 9.0, exact));
    cr_expect(eq(dbl, r.stations[CORES].busy_ns, 11e6));
    cr_expect(eq(u64, r.stations[THREAD].visits, 4));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* A slice is the thread's, not the request's: A 0 - 3, B 3 - 4, R 4 - 5, B 5 -
 * 6. */
Test(running, a_slice_goes_on_with_the_next_request_of_its_thread)
{
    struct rp_network net = locked(1);

    net.runtime.switch_ns = 4000000;
    free_passer(&net, 0.0);
    free_runner(&net, 0.5, 1.0);
    free_passer(&net, 1.0);
    expect_responses(&net, 3, (double[]){3.0, 4.5, 5.0});
}

/* A to 3, B to 5, C to 7, then R. */
Test(running, without_slices_a_thread_keeps_its_core_while_it_has_more_to_do)
{
    struct rp_network net = locked(1);

    free_passer(&net, 0.0);
    free_runner(&net, 0.5, 1.0);
    free_passer(&net, 1.0);
    free_passer(&net, 1.5);
    expect_responses(&net, 4, (double[]){3.0, 7.5, 4.0, 5.5});
}

/* ---- Whoever happens to be first ---- */

/* The first of three that wait is each of them in a third of 900 runs: within
 * 5 standard deviations (14.1) of 300. */
Test(running, any_of_those_that_wait_at_random_is_next)
{
    unsigned first[3] = {0};

    for (unsigned run = 0; run < 900; run++) {
        struct rp_network net = {0};
        const struct rp_engine_settings set = {.duration_ns = 199e6,
                                               .replication = run};
        struct rp_replication r = {0};
        struct rp_error error = {0};

        (void)rp_network_station(&net, "server", 1, false);
        rp_network_discipline(&net, 0, RP_DISCIPLINE_RANDOM, 0);
        simple_visitor(&net, 0.0, 0, 10.0);
        for (unsigned i = 1; i <= 3; i++)
            simple_visitor(&net, i, 0, 1.0);
        cr_assert(eq(int, rp_engine_run(&net, &set, &r, &error), RP_OK));
        cr_assert(eq(dbl, r.stations[0].busy_ns, 13e6));
        cr_assert(eq(dbl, r.stations[0].queue_ns, 9e6 + 8e6 + 7e6 + 3e6));
        for (unsigned i = 1; i <= 3; i++)
            first[i - 1] +=
                fabs(visitor_response(&r, i) - (11.0 - i)) < exact ? 1 : 0;
        rp_replication_free(&r);
        rp_network_free(&net);
    }
    cr_expect(eq(uint, first[0] + first[1] + first[2], 900));
    for (unsigned i = 0; i < 3; i++)
        cr_expect(le(dbl, fabs(first[i] - 300.0), 5 * 14.1), "%u: %u", i,
                  first[i]);
}

/* ---- After the answer ---- */

/* A client, and a server that works for 2 ms, answers, and works for 3. */
static struct rp_network answering(unsigned clients, double after_ms)
{
    struct rp_network net = {0};

    (void)rp_network_station(&net, "server", 1, false);
    rp_network_closed(&net, "clients", clients);
    rp_network_arrive(&net);
    rp_network_take(&net, 0);
    visitor_holds(&net, 2.0);
    rp_network_answer(&net);
    visitor_holds(&net, after_ms);
    rp_network_give(&net, 0);
    rp_network_end(&net);
    return net;
}

static struct rp_replication requests(const struct rp_network *net,
                                      uint64_t count, double *series)
{
    const struct rp_engine_settings set = {
        .requests = count, .series_ns = series, .series_capacity = 4};
    struct rp_replication r = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_engine_run(net, &set, &r, &error), RP_OK), "%s",
              error.text);
    return r;
}

Test(running, a_client_goes_on_while_the_server_works_on)
{
    struct rp_network net = answering(1, 3.0);
    double series[4];
    struct rp_replication r = requests(&net, 1000, series);

    /* answers at 2, 7, 12, ...; each but the first waited for 3 ms */
    cr_expect(eq(dbl, series[0], 2e6));
    cr_expect(eq(dbl, series[1], 5e6));
    cr_expect(eq(dbl, series[3], 5e6));
    cr_expect(eq(dbl, r.span_ns, 999 * 5e6 + 2e6));
    cr_expect(eq(dbl, r.stations[0].busy_ns, r.span_ns), "never idle");
    cr_expect(eq(dbl, r.stations[0].queue_ns, 999 * 3e6));
    cr_expect(eq(dbl, r.response_ns, 2e6 + 999 * 5e6));
    cr_expect(eq(u64, r.answered, 1000));
    cr_expect(eq(u64, r.in_flight_at_end, 0), "it has its answer");
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Little's law with what the client waits for, and nothing of what follows. */
Test(running, what_follows_an_answer_is_in_no_response)
{
    struct rp_network net = answering(3, 3.0);
    double series[4];
    struct rp_replication r = requests(&net, 3000, series);

    cr_expect(eq(dbl, series[0], 2e6));
    cr_expect(eq(dbl, series[1], 7e6));
    cr_expect(eq(dbl, series[2], 12e6));
    cr_expect(eq(dbl, series[3], 15e6), "a full round of three");
    cr_expect(epsilon_eq(dbl, r.in_flight_ns, r.response_ns,
                         2 * 15e6 /* those in flight at the end */));
    cr_expect(eq(dbl, r.span_ns, 2999 * 5e6 + 2e6));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* A client needs one record, and a second one while the server works on. */
Test(running, records_of_what_follows_an_answer_are_used_again)
{
    struct rp_network net = answering(5, 3.0);
    const struct rp_engine_settings set = {.requests = 20000};
    struct rp_replication out = {0};
    struct rp_engine *const e = calloc(1, sizeof *e);
    struct rp_error error = {0};

    cr_assert(e != NULL);
    e->net = &net;
    e->set = &set;
    e->out = &out;
    cr_assert(rp_engine_make(e));
    cr_expect(eq(int, rp_engine_go(e, &error), RP_OK));
    cr_expect(le(uint, e->request_count, 6), "five and the one that ends");
    rp_engine_finish(e);
    rp_engine_release(e);
    free(e);
    rp_replication_free(&out);
    rp_network_free(&net);
}

/* A closed client with nothing but an answer in the middle, in a process of
 * several: the next goes where fewest are, though the last is still worked
 * on. */
Test(running, whoever_is_answered_is_in_its_process_no_more)
{
    struct rp_network net = {.processes = 2};
    struct rp_replication r;

    (void)rp_network_station(&net, "server", 1, true);
    for (unsigned i = 0; i < 2; i++) {
        visitor(&net, 3.0 * i);
        rp_network_choose(&net);
        rp_network_take(&net, 0);
        visitor_holds(&net, 2.0);
        rp_network_answer(&net);
        visitor_holds(&net, 10.0);
        rp_network_give(&net, 0);
        rp_network_end(&net);
    }
    r = visit(&net);
    cr_expect(eq(dbl, visitor_response(&r, 0), 2.0));
    cr_expect(eq(dbl, visitor_response(&r, 1), 11.0),
              "the first again: 12 + 2");
    cr_expect(eq(dbl, r.stations[0].busy_ns, 24e6));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* The same with code that runs, and collections: each answer brings them
 * nearer, and the first phase is drawn. 100 of 400 requests meet one. */
Test(running, collections_fall_into_the_code_that_comes_next)
{
    struct rp_network net = locked(1);
    double series[4];
    struct rp_replication r;
    const size_t kind = rp_network_kind(&net, rp_added_name(RP_ADDED_PAUSE));

    net.runtime.full = (struct rp_collections){4.0, 4.0, 30e6};
    rp_network_closed(&net, "client", 1);
    rp_network_arrive(&net);
    runs(&net, 1.0);
    rp_network_answer(&net);
    r = requests(&net, 400, series);
    cr_expect(epsilon_eq(dbl, r.kind_ns[kind], 100 * 30e6, 30e6));
    cr_expect(epsilon_eq(dbl, r.span_ns, 400e6 + r.kind_ns[kind], 1.0));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* ---- Cold code ---- */

/* Own code neither is slow nor warms; after 50 ms of idle time all is cold, of
 * which 2 ms of work bring back 1 - exp(-2 / 0.5). */
Test(running, code_of_the_framework_alone_is_slow_when_cold)
{
    struct rp_network net = locked(1);
    const double cold_ms = 3.0 * 0.5 * (1.0 - exp(-4.0));

    net.runtime.slowness = 3.0;
    net.runtime.fade_ns = 0.5e6;
    net.runtime.pause_ns = 1.0; /* at once */
    visitor(&net, 0.0);
    rp_network_take(&net, LOCK);
    rp_network_take(&net, CORES);
    adds(&net, 2.0);
    adds(&net, 4.0);
    rp_network_is_own(&net);
    rp_network_run(&net, LOCK);
    rp_network_give(&net, CORES);
    rp_network_give(&net, LOCK);
    rp_network_answer(&net);
    struct rp_replication r = visit(&net);

    cr_expect(epsilon_eq(dbl, visitor_response(&r, 0), 6.0 + cold_ms, 1e-6));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* ---- Data that others displace ---- */

/* Comes, runs for 1 ms, waits for 20, runs for 2. */
static void waiter(struct rp_network *net, double at_ms)
{
    visitor(net, at_ms);
    runs(net, 1.0);
    adds(net, 20.0);
    rp_network_hold(net);
    runs(net, 2.0);
    rp_network_answer(net);
}

/* While the first waits 3 ms are done for the second; nothing is while the
 * third does. */
Test(running, a_request_that_others_ran_after_has_lost_its_data)
{
    struct rp_network net = locked(1);
    const double gone = 1.0 - exp(-0.75 * 0.75);
    const double longer_ms = 0.5 * 1.6 * gone * (1.0 - exp(-2.0 / 1.6));

    net.runtime.displaced = 0.5;
    net.runtime.fade_ns = 1.6e6;
    net.runtime.others_ns = 4e6;
    waiter(&net, 0.0);
    runner(&net, 5.0, 3.0);
    waiter(&net, 60.0);
    expect_responses(
        &net, 3, (double[]){23.0 + round(1e6 * longer_ms) / 1e6, 3.0, 23.0});
}
