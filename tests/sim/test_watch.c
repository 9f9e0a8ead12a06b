/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/watch.h"

#include "sim/engine.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

/* What was told, one word a moment: "10 step 2". */
struct log {
    char text[2048];
};

static void write_down(void *context, const struct rp_moment *m)
{
    static const char *const words[] = {"begins",   "step",    "spends",
                                        "queues",   "leaves",  "away",
                                        "gives_up", "answered"};
    struct log *const log = context;
    const size_t used = strlen(log->text);

    if (m->kind == RP_MOMENT_SPENDS)
        (void)snprintf(log->text + used, sizeof log->text - used,
                       "%g spends %zu:%g; ", (double)m->at_ns / 1e6, m->part,
                       m->span_ns / 1e6);
    else
        (void)snprintf(log->text + used, sizeof log->text - used, "%g %s %zu; ",
                       (double)m->at_ns / 1e6, words[m->kind], m->step);
}

static struct rp_duration constant(double ms)
{
    return (struct rp_duration){RP_SHAPE_CONSTANT, ms * 1e6, 0.0};
}

static void add_part(struct rp_network *net, double ms)
{
    const struct rp_duration time = constant(ms);

    rp_network_own(net, rp_network_kind(net, "work"), &time, "work");
}

static struct rp_replication run(const struct rp_network *net, uint64_t number,
                                 struct log *log)
{
    const struct rp_watch watch = {
        .number = number, .tell = write_down, .context = log};
    const struct rp_engine_settings set = {.duration_ns = 39e6,
                                           .watch = &watch};
    struct rp_replication r = {0};
    struct rp_error error = {0};

    *log = (struct log){""};
    cr_assert(eq(int, rp_engine_run(net, &set, &r, &error), RP_OK), "%s",
              error.text);
    return r;
}

/* Every 10 ms one that needs 12 + 3 ms of the only server. */
static struct rp_network crowded(void)
{
    const struct rp_duration gap = constant(10.0);
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);

    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    rp_network_take(&net, s);
    add_part(&net, 12.0);
    add_part(&net, 3.0);
    rp_network_hold(&net);
    rp_network_give(&net, s);
    rp_network_answer(&net);
    return net;
}

Test(watch, each_step_and_queue_is_told_with_its_instant)
{
    struct rp_network net = crowded();
    struct rp_replication r;
    struct log log;

    r = run(&net, 0, &log);
    cr_expect(eq(str, log.text,
                 "10 begins 0; 10 step 0; 10 step 1; 10 step 2; 10 spends "
                 "0:12; 10 spends 1:3; 25 step 3; 25 answered 4; "));
    rp_replication_free(&r);
    r = run(&net, 1, &log);
    cr_expect(eq(str, log.text,
                 "20 begins 0; 20 step 0; 20 queues 1; 25 step 1; 25 step 2; "
                 "25 spends 0:12; 25 spends 1:3; "),
              "the run ends in the middle of it");
    rp_replication_free(&r);
    r = run(&net, 99, &log);
    cr_expect(eq(str, log.text, ""), "it never came");
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(watch, who_leaves_a_queue_and_comes_again_is_followed)
{
    const struct rp_duration pause = constant(4.0);
    struct rp_network net = crowded();
    struct rp_replication r;
    struct log log;

    rp_network_patience(&net, 2000000);
    rp_network_retry(&net, 1, &pause);
    r = run(&net, 1, &log);
    cr_expect(eq(str, log.text,
                 "20 begins 0; 20 step 0; 20 queues 1; 22 leaves 1; 26 step 0; "
                 "26 step 1; 26 step 2; 26 spends 0:12; 26 spends 1:3; "));
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(watch, who_is_turned_away_for_good_gives_up)
{
    struct rp_network net = crowded();
    struct rp_replication r;
    struct log log;

    rp_network_backlog(&net, 0, 0);
    r = run(&net, 1, &log);
    cr_expect(eq(str, log.text,
                 "20 begins 0; 20 step 0; 20 away 1; 20 gives_up 1; "));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* q = 2; the first needs 5, the second, at 11, needs 3. */
Test(watch, turns_are_told_one_by_one)
{
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);
    struct rp_replication r;
    struct log log;

    rp_network_discipline(&net, s, RP_DISCIPLINE_QUANTUM, 2000000);
    for (unsigned i = 0; i < 2; i++) {
        const struct rp_duration gap = constant(i ? 21.0 : 20.0);
        rp_network_open(&net, "customer", &gap);
        rp_network_arrive(&net);
        add_part(&net, i ? 3.0 : 5.0);
        rp_network_serve(&net, s);
        rp_network_answer(&net);
    }
    r = run(&net, 0, &log);
    cr_expect(eq(str, log.text,
                 "20 begins 0; 20 step 0; 20 step 1; 20 spends 0:5; 22 queues "
                 "1; 24 step 1; 26 queues 1; 27 step 1; 28 answered 2; "));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* At 14 ms it asks as the other one's time ends: a queue of no time is none. */
Test(watch, a_client_is_followed_from_its_thinking_to_its_answer)
{
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);
    struct rp_replication r;
    struct log log;

    rp_network_closed(&net, "clients", 2);
    add_part(&net, 5.0);
    rp_network_hold(&net);
    rp_network_arrive(&net);
    rp_network_take(&net, s);
    add_part(&net, 2.0);
    rp_network_hold(&net);
    rp_network_give(&net, s);
    rp_network_answer(&net);
    r = run(&net, 3, &log); /* the second of the second round */
    cr_expect(
        eq(str, log.text,
           "9 begins 0; 9 step 0; 9 spends 0:5; 14 step 1; 14 "
           "step 2; 14 step 3; 14 spends 1:2; 16 step 4; 16 answered 5; "));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Ten answers warm up: the tenth is answered at 101 ms. */
Test(watch, the_first_after_the_warm_up_can_be_asked_for)
{
    const struct rp_duration gap = constant(10.0);
    const struct rp_watch watch = {.after_warm_up = true,
                                   .tell = write_down,
                                   .context = &(struct log){""}};
    const struct rp_engine_settings set = {
        .warm_up = 10, .requests = 5, .watch = &watch};
    struct rp_network net = {0};
    struct rp_replication r = {0};
    const struct log *const log = watch.context;

    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    add_part(&net, 1.0);
    rp_network_hold(&net);
    rp_network_answer(&net);
    cr_assert(eq(int, rp_engine_run(&net, &set, &r, NULL), RP_OK));
    cr_expect(eq(str, (char *)log->text,
                 "110 begins 0; 110 step 0; 110 step 1; 110 spends 0:1; 111 "
                 "answered 2; "));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Exponential parts are drawn again for the teller: they fill the hold. */
Test(watch, the_parts_of_a_hold_add_up_to_it_and_watching_changes_nothing)
{
    const struct rp_duration gap = {RP_SHAPE_EXPONENTIAL, 1e6, 1.0};
    struct rp_spread spread = rp_spread_constant();
    struct rp_network net = {0};
    struct rp_replication r[2];
    struct log log;

    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        spread.multiple[i] = 2.0 * rp_levels[i];
    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    rp_network_own(&net, 0, &gap, "one");
    rp_network_level(&net, 0, 3e6, &spread);
    rp_network_hold(&net);
    rp_network_answer(&net);
    for (uint64_t i = 0; i < 2; i++) {
        double one = 0.0, two = 0.0, from = 0.0, to = 0.0;

        r[i] = run(&net, 3 + i, &log);
        cr_assert(eq(int,
                     sscanf(strstr(log.text, "step 1; "),
                            "step 1; %lf spends 0:%lf; %*f spends 1:%lf; %lf "
                            "answered",
                            &from, &one, &two, &to),
                     4),
                  "%s", log.text);
        cr_expect(epsilon_eq(dbl, to - from, one + two, 1e-3));
    }
    cr_expect(eq(dbl, r[0].response_ns, r[1].response_ns));
    rp_replication_free(&r[0]);
    rp_replication_free(&r[1]);
    rp_network_free(&net);
}

/* ---- Loops, code that runs, and what follows an answer ---- */

/* Every 10 ms one that needs 4 ms, has its answer, and is worked on so long. */
static struct rp_network answered_early(double after_ms)
{
    const struct rp_duration gap = constant(10.0);
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);

    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    rp_network_take(&net, s);
    add_part(&net, 4.0);
    rp_network_hold(&net);
    rp_network_answer(&net);
    add_part(&net, after_ms);
    rp_network_hold(&net);
    rp_network_give(&net, s);
    rp_network_end(&net);
    return net;
}

Test(watch, an_answer_is_told_as_it_is_sent_and_what_follows_is_not)
{
    struct rp_network net = answered_early(11.0);
    struct rp_replication r;
    struct log log;

    r = run(&net, 0, &log);
    cr_expect(eq(str, log.text,
                 "10 begins 0; 10 step 0; 10 step 1; 10 step 2; 10 spends 0:4; "
                 "14 step 3; 14 answered 3; "));
    rp_replication_free(&r);
    r = run(&net, 1, &log);
    cr_expect(eq(str, log.text,
                 "20 begins 0; 20 step 0; 20 queues 1; 25 step 1; 25 step 2; "
                 "25 spends 0:4; 29 step 3; 29 answered 3; "));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* The record is nobody's before anybody has looked. */
Test(watch, an_answer_that_nothing_follows_is_told_once)
{
    struct rp_network net = answered_early(0.0);
    struct rp_replication r;
    struct log log;

    r = run(&net, 0, &log);
    cr_expect(eq(str, log.text,
                 "10 begins 0; 10 step 0; 10 step 1; 10 step 2; 10 spends 0:4; "
                 "14 step 3; 14 answered 3; "));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* An iteration costs 1 ms; the second waits for the next, which begins at 22:
 * 10, 11 - 22; 22, 23 - 34. */
Test(watch, a_callback_queues_until_its_turn_in_an_iteration)
{
    const struct rp_duration gap = constant(10.0);
    struct rp_network net = {0};
    const size_t loop = rp_network_station(&net, "loop", 1, false);
    const struct rp_loop_plan plan = {
        .lock = RP_NO_STATION,
        .cores = rp_network_station(&net, "core", 1, false),
        .iteration_ns = 1e6};
    struct rp_replication r;
    struct log log;

    rp_network_loop(&net, loop, &plan);
    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    add_part(&net, 11.0);
    rp_network_callback(&net, loop, RP_WAKE_EVENT);
    rp_network_answer(&net);
    r = run(&net, 0, &log);
    cr_expect(eq(str, log.text,
                 "10 begins 0; 10 step 0; 10 queues 1; 11 step 1; 11 spends "
                 "0:11; 22 answered 2; "));
    rp_replication_free(&r);
    r = run(&net, 1, &log);
    cr_expect(eq(str, log.text,
                 "20 begins 0; 20 step 0; 20 queues 1; 23 step 1; 23 spends "
                 "0:11; 34 answered 2; "));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* 3 ms of waiting, then the loop: it is not there before. */
Test(watch, a_callback_after_a_hold_begins_when_the_hold_is_over)
{
    const struct rp_duration gap = constant(10.0);
    struct rp_network net = {0};
    const size_t loop = rp_network_station(&net, "loop", 1, false);
    const struct rp_loop_plan plan = {
        .lock = RP_NO_STATION,
        .cores = rp_network_station(&net, "core", 1, false),
        .iteration_ns = 1e6};
    struct rp_replication r;
    struct log log;

    rp_network_loop(&net, loop, &plan);
    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    add_part(&net, 3.0);
    rp_network_hold(&net);
    add_part(&net, 2.0);
    rp_network_callback(&net, loop, RP_WAKE_EVENT);
    rp_network_answer(&net);
    r = run(&net, 0, &log);
    cr_expect(eq(str, log.text,
                 "10 begins 0; 10 step 0; 10 step 1; 10 spends 0:3; 13 queues "
                 "2; 14 step 2; 14 spends 1:2; 16 answered 3; "));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* The same at a station that shares: from 13 to 15. */
Test(watch, a_service_after_a_hold_begins_when_the_hold_is_over)
{
    const struct rp_duration gap = constant(10.0);
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);
    struct rp_replication r;
    struct log log;

    rp_network_discipline(&net, s, RP_DISCIPLINE_SHARING, 0);
    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    add_part(&net, 3.0);
    rp_network_hold(&net);
    add_part(&net, 2.0);
    rp_network_serve(&net, s);
    rp_network_answer(&net);
    r = run(&net, 0, &log);
    cr_expect(eq(str, log.text,
                 "10 begins 0; 10 step 0; 10 step 1; 10 spends 0:3; 13 step 2; "
                 "13 spends 1:2; 15 answered 3; "));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Every 10 ms 14 ms of code; the interval is 5. The second comes at 20, just
 * before a slice of the first ends: it has the lock to 25, then the first has 4
 * ms left. */
Test(watch, code_that_offers_its_lock_is_followed_into_the_queue_and_back)
{
    const struct rp_duration gap = constant(10.0);
    struct rp_network net = {0};
    const size_t lock = rp_network_station(&net, "lock", 1, false);
    const size_t core = rp_network_station(&net, "core", 1, false);
    struct rp_replication r;
    struct log log;

    net.runtime.switch_ns = 5000000;
    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    rp_network_take(&net, lock);
    rp_network_take(&net, core);
    add_part(&net, 14.0);
    rp_network_run(&net, lock);
    rp_network_give(&net, core);
    rp_network_give(&net, lock);
    rp_network_answer(&net);
    r = run(&net, 0, &log);
    cr_expect(eq(str, log.text,
                 "10 begins 0; 10 step 0; 10 step 1; 10 step 2; 10 step 3; 10 "
                 "spends 0:14; 20 queues 3; 25 step 3; 29 step 4; 29 step 5; "
                 "29 answered 6; "));
    rp_replication_free(&r);
    rp_network_free(&net);
}
