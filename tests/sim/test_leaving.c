/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visitors.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static uint64_t ns(double ms)
{
    return (uint64_t)(ms * 1e6 + 0.5);
}

static const struct rp_class_stats *of(const struct rp_replication *r, size_t i)
{
    return &r->classes[i];
}

static struct rp_network server(enum rp_discipline discipline)
{
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);

    rp_network_discipline(&net, s, discipline,
                          discipline == RP_DISCIPLINE_QUANTUM ? ns(2.0) : 0);
    return net;
}

/* ---- Patience ---- */

/* The server is free at 10 ms. The deadline of somebody who was answered lies
 * shortly before, so that deadlines are looked at on the way to 10 ms. */
Test(leaving, who_is_granted_at_the_instant_of_its_deadline_is_served)
{
    static const struct {
        double patience_ms, response_ms;
        uint64_t left, late;
    } cases[] = {{9.0, 14.0, 0, 1}, {8.999999, 0.0, 1, 0}, {14.0, 14.0, 0, 0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_network net = server(RP_DISCIPLINE_FIFO);
        struct rp_replication r;

        simple_visitor(&net, 0.0, 0, 10.0);
        simple_visitor(&net, 1.0, 0, 5.0);
        rp_network_patience(&net, ns(cases[i].patience_ms));
        simple_visitor(&net, 0.5, rp_network_station(&net, "other", 1, false),
                       1.0);
        rp_network_patience(&net, ns(9.0));
        r = visit(&net);
        cr_expect(eq(dbl, visitor_response(&r, 1), cases[i].response_ms));
        cr_expect(eq(u64, of(&r, 1)->left, cases[i].left));
        cr_expect(eq(u64, of(&r, 1)->given_up, cases[i].left));
        cr_expect(eq(u64, of(&r, 1)->late, cases[i].late), "case %zu", i);
        rp_replication_free(&r);
        rp_network_free(&net);
    }
}

/* The first is served until 10 ms; of three that wait behind it, each for 5 ms
 * at most where it is its turn to leave, one leaves; a fourth comes after. */
Test(leaving, anybody_can_leave_a_queue_and_the_others_keep_their_order)
{
    static const enum rp_discipline disciplines[] = {RP_DISCIPLINE_FIFO,
                                                     RP_DISCIPLINE_PRIORITY};
    static const struct {
        size_t leaves;
        double response_ms[5], queue_ms;
    } cases[] = {{1, {10, 0, 10, 11, 7}, 5.0 + 8.0 + 9.0 + 5.0},
                 {2, {10, 11, 0, 11, 7}, 9.0 + 5.0 + 9.0 + 5.0},
                 {3, {10, 11, 12, 0, 7}, 9.0 + 10.0 + 5.0 + 5.0}};

    for (size_t d = 0; d < 2; d++)
        for (size_t i = 0; i < 3; i++) {
            struct rp_network net = server(disciplines[d]);
            struct rp_replication r;

            simple_visitor(&net, 0.0, 0, 10.0);
            for (size_t k = 1; k <= 3; k++) {
                simple_visitor(&net, (double)k, 0, 2.0);
                rp_network_priority(&net, 4);
                if (k == cases[i].leaves)
                    rp_network_patience(&net, ns(5.0));
            }
            simple_visitor(&net, 9.0, 0, 2.0);
            rp_network_priority(&net, 4);
            r = visit(&net);
            for (size_t k = 0; k < 5; k++)
                cr_expect(
                    eq(dbl, visitor_response(&r, k), cases[i].response_ms[k]),
                    "discipline %zu, %zu leaves, visitor %zu", d,
                    cases[i].leaves, k);
            cr_expect(eq(u64, of(&r, cases[i].leaves)->left, 1));
            cr_expect(eq(dbl, r.stations[0].queue_ns, 1e6 * cases[i].queue_ms));
            cr_expect(eq(u64, r.arrived, 5));
            cr_expect(eq(u64, r.in_flight_at_end, 0));
            rp_replication_free(&r);
            rp_network_free(&net);
        }
}

Test(leaving, who_is_alone_in_a_queue_can_leave_it_and_another_can_come)
{
    static const enum rp_discipline disciplines[] = {RP_DISCIPLINE_FIFO,
                                                     RP_DISCIPLINE_PRIORITY};

    for (size_t d = 0; d < 2; d++) {
        struct rp_network net = server(disciplines[d]);
        struct rp_replication r;

        simple_visitor(&net, 0.0, 0, 10.0);
        simple_visitor(&net, 1.0, 0, 2.0);
        rp_network_patience(&net, ns(3.0));
        simple_visitor(&net, 6.0, 0, 2.0);
        r = visit(&net);
        cr_expect(eq(u64, of(&r, 1)->left, 1));
        cr_expect(eq(dbl, visitor_response(&r, 2), 6.0));
        rp_replication_free(&r);
        rp_network_free(&net);
    }
}

/* One holds a and b and waits for c in vain. When it leaves, b goes to who
 * waits for it, then a: both ask for d at that instant, in this order. */
Test(leaving, what_is_held_goes_back_last_taken_first)
{
    struct rp_network net = {0};
    const size_t a = rp_network_station(&net, "a", 1, false);
    const size_t b = rp_network_station(&net, "b", 1, false);
    const size_t c = rp_network_station(&net, "c", 1, false);
    const size_t d = rp_network_station(&net, "d", 1, false);
    struct rp_replication r;

    simple_visitor(&net, 0.0, c, 50.0);
    visitor(&net, 1.0);
    rp_network_take(&net, a);
    rp_network_take(&net, b);
    visitor_uses(&net, c, 1.0);
    rp_network_give(&net, b);
    rp_network_give(&net, a);
    rp_network_answer(&net);
    rp_network_patience(&net, ns(9.0));
    for (unsigned i = 0; i < 2; i++) { /* waits for a, then for b */
        visitor(&net, 2.0 + i);
        rp_network_take(&net, i ? b : a);
        visitor_uses(&net, d, 4.0);
        rp_network_give(&net, i ? b : a);
        rp_network_answer(&net);
    }
    r = visit(&net);
    cr_expect(eq(u64, of(&r, 1)->left, 1));
    cr_expect(eq(dbl, visitor_response(&r, 3), 11.0), "b: 10 to 14");
    cr_expect(eq(dbl, visitor_response(&r, 2), 16.0), "a: 14 to 18");
    cr_expect(eq(dbl, r.stations[a].busy_ns, 17e6), "1 to 10, then to 18");
    cr_expect(eq(dbl, r.stations[b].busy_ns, 13e6));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Given back out of order: a is not held any more when it waits for c. */
Test(leaving, what_was_given_back_before_is_not_given_back_again)
{
    struct rp_network net = {0};
    const size_t a = rp_network_station(&net, "a", 2, false);
    const size_t b = rp_network_station(&net, "b", 1, false);
    const size_t c = rp_network_station(&net, "c", 1, false);
    struct rp_replication r;

    simple_visitor(&net, 0.0, c, 50.0);
    visitor(&net, 1.0);
    rp_network_take(&net, a);
    rp_network_take(&net, b);
    visitor_holds(&net, 1.0);
    rp_network_give(&net, a);
    visitor_uses(&net, c, 1.0);
    rp_network_give(&net, b);
    rp_network_answer(&net);
    rp_network_patience(&net, ns(9.0));
    r = visit(&net);
    cr_expect(eq(u64, of(&r, 1)->left, 1));
    cr_expect(eq(dbl, r.stations[a].busy_ns, 1e6));
    cr_expect(eq(dbl, r.stations[b].busy_ns, 9e6));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Its deadline passes while it is served by the first station; at the second
 * it leaves where it would have to queue, and only there. */
Test(leaving, who_is_served_stays_until_it_would_have_to_queue_again)
{
    for (unsigned is_free = 0; is_free < 2; is_free++) {
        struct rp_network net = server(RP_DISCIPLINE_FIFO);
        const size_t second = rp_network_station(&net, "second", 1, false);
        struct rp_replication r;

        simple_visitor(&net, 0.0, second, is_free ? 6.0 : 20.0);
        visitor(&net, 1.0);
        visitor_uses(&net, 0, 6.0);
        visitor_uses(&net, second, 6.0);
        rp_network_answer(&net);
        rp_network_patience(&net, ns(4.0));
        r = visit(&net);
        cr_expect(eq(u64, of(&r, 1)->late, is_free));
        cr_expect(eq(u64, of(&r, 1)->left, !is_free));
        cr_expect(eq(dbl, visitor_response(&r, 1), is_free ? 12.0 : 0.0));
        rp_replication_free(&r);
        rp_network_free(&net);
    }
}

/* q = 2. B waits from 1; A's first slice ends at 2, after its deadline at 1.5:
 * it would have to queue. Alone it goes on. */
Test(leaving, out_of_patience_between_two_turns_means_to_leave)
{
    for (unsigned alone = 0; alone < 2; alone++) {
        struct rp_network net = server(RP_DISCIPLINE_QUANTUM);
        struct rp_replication r;

        simple_visitor(&net, 0.0, 0, 5.0);
        rp_network_patience(&net, ns(1.5));
        simple_visitor(&net, alone ? 50.0 : 1.0, 0, 3.0);
        r = visit(&net);
        cr_expect(eq(u64, of(&r, 0)->left, !alone));
        cr_expect(eq(u64, of(&r, 0)->late, alone));
        cr_expect(eq(dbl, visitor_response(&r, 0), alone ? 5.0 : 0.0));
        cr_expect(eq(dbl, visitor_response(&r, 1), alone ? 3.0 : 4.0));
        cr_expect(eq(u64, r.in_flight_at_end, 0));
        rp_replication_free(&r);
        rp_network_free(&net);
    }
}

/* A 0-2, B 2-4; A's patience ends at 3 while it waits for its second turn. */
Test(leaving, who_waits_for_its_next_turn_can_leave)
{
    struct rp_network net = server(RP_DISCIPLINE_QUANTUM);
    struct rp_replication r;

    simple_visitor(&net, 0.0, 0, 5.0);
    rp_network_patience(&net, ns(3.0));
    simple_visitor(&net, 1.0, 0, 3.0);
    r = visit(&net);
    cr_expect(eq(u64, of(&r, 0)->left, 1));
    cr_expect(eq(dbl, visitor_response(&r, 1), 4.0), "2 to 5");
    cr_expect(eq(dbl, r.stations[0].busy_ns, 5e6));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Each of 50 answers leaves a deadline behind that falls into what follows. */
Test(leaving, a_deadline_of_somebody_answered_is_nothing)
{
    const struct rp_duration work = {RP_SHAPE_CONSTANT, 1e6, 0.0};
    struct rp_network net = server(RP_DISCIPLINE_FIFO);
    struct rp_replication r = {0};

    rp_network_closed(&net, "client", 1);
    rp_network_arrive(&net);
    rp_network_take(&net, 0);
    rp_network_own(&net, rp_network_kind(&net, "work"), &work, "work");
    rp_network_hold(&net);
    rp_network_give(&net, 0);
    rp_network_answer(&net);
    rp_network_patience(&net, 1500000);
    cr_assert(
        eq(int,
           rp_engine_run(&net, &(struct rp_engine_settings){.requests = 50}, &r,
                         NULL),
           RP_OK));
    cr_expect(eq(dbl, r.span_ns, 50e6), "the clock stands at the last answer");
    cr_expect(eq(u64, of(&r, 0)->late, 0));
    cr_expect(eq(u64, of(&r, 0)->left, 0));
    cr_expect(eq(u64, r.arrived, 50));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* ---- Full queues and further attempts ---- */

/* Attempts at 1, 5 (after 4) and 13 (after 8): the server is free at 10. */
Test(leaving, attempts_follow_after_a_pause_that_doubles)
{
    static const struct {
        unsigned retries;
        uint64_t turned_away, given_up;
        double response_ms;
    } cases[] = {{0, 1, 1, 0.0}, {1, 2, 1, 0.0}, {2, 2, 0, 17.0}};
    const struct rp_duration pause = {RP_SHAPE_CONSTANT, 4e6, 0.0};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_network net = server(RP_DISCIPLINE_FIFO);
        struct rp_replication r;

        rp_network_backlog(&net, 0, 0);
        simple_visitor(&net, 0.0, 0, 10.0);
        simple_visitor(&net, 1.0, 0, 5.0);
        rp_network_retry(&net, cases[i].retries, &pause);
        r = visit(&net);
        cr_expect(eq(u64, of(&r, 1)->turned_away, cases[i].turned_away));
        cr_expect(eq(u64, of(&r, 1)->given_up, cases[i].given_up));
        cr_expect(eq(dbl, visitor_response(&r, 1), cases[i].response_ms),
                  "from the first attempt on");
        cr_expect(eq(u64, r.arrived, r.answered + of(&r, 1)->turned_away));
        cr_expect(
            eq(dbl, r.in_flight_ns, cases[i].response_ms > 0.0 ? 15e6 : 10e6),
            "who pauses is not in flight");
        rp_replication_free(&r);
        rp_network_free(&net);
    }
}

/* Patience 3 from each attempt: 1 to 4, then 8 to 11, where it is served. */
Test(leaving, each_attempt_has_its_own_deadline)
{
    const struct rp_duration pause = {RP_SHAPE_CONSTANT, 4e6, 0.0};
    struct rp_network net = server(RP_DISCIPLINE_FIFO);
    struct rp_replication r;

    simple_visitor(&net, 0.0, 0, 10.0);
    simple_visitor(&net, 1.0, 0, 0.5);
    rp_network_patience(&net, ns(3.0));
    rp_network_retry(&net, 1, &pause);
    r = visit(&net);
    cr_expect(eq(u64, of(&r, 1)->left, 1));
    cr_expect(eq(u64, of(&r, 1)->late, 0));
    cr_expect(eq(dbl, visitor_response(&r, 1), 9.5));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Two clients think for 1 ms; one is served from 1 to 11, the other asks at
 * 1, 2, .. 10 in vain, and at 11, when the server has just been given back. */
Test(leaving, a_client_that_is_turned_away_thinks_and_asks_anew)
{
    const struct rp_duration think = {RP_SHAPE_CONSTANT, 1e6, 0.0};
    const struct rp_duration work = {RP_SHAPE_CONSTANT, 10e6, 0.0};
    struct rp_network net = server(RP_DISCIPLINE_FIFO);
    struct rp_replication r = {0};

    rp_network_backlog(&net, 0, 0);
    rp_network_closed(&net, "clients", 2);
    rp_network_own(&net, rp_network_kind(&net, "think"), &think, "think");
    rp_network_hold(&net);
    rp_network_arrive(&net);
    rp_network_take(&net, 0);
    rp_network_own(&net, rp_network_kind(&net, "work"), &work, "work");
    rp_network_hold(&net);
    rp_network_give(&net, 0);
    rp_network_answer(&net);
    cr_assert(eq(
        int,
        rp_engine_run(&net, &(struct rp_engine_settings){.duration_ns = 11.5e6},
                      &r, NULL),
        RP_OK));
    cr_expect(eq(u64, of(&r, 0)->turned_away, 10));
    cr_expect(eq(u64, of(&r, 0)->given_up, 10));
    cr_expect(eq(u64, r.answered, 1));
    cr_expect(eq(dbl, r.response_ns, 10e6));
    cr_expect(eq(u64, r.in_flight_at_end, 1));
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(leaving, who_is_turned_away_from_taking_turns_has_held_nothing)
{
    struct rp_network net = server(RP_DISCIPLINE_QUANTUM);
    struct rp_replication r;

    rp_network_backlog(&net, 0, 0);
    simple_visitor(&net, 0.0, 0, 5.0);
    simple_visitor(&net, 1.0, 0, 3.0);
    r = visit(&net);
    cr_expect(eq(u64, of(&r, 1)->turned_away, 1));
    cr_expect(eq(dbl, r.kind_ns[0], 5e6));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* One each is in the two processes; the third joins the first of them, waits
 * for the gate in vain, and leaves at 7 ms. The fourth finds both alike and
 * takes the first, whose loop is busy until 30 ms. */
Test(leaving, who_leaves_frees_its_process)
{
    struct rp_network net = {.processes = 2};
    const size_t loop = rp_network_station(&net, "loop", 1, true);
    const size_t gate = rp_network_station(&net, "gate", 1, false);
    struct rp_replication r;

    for (unsigned i = 0; i < 4; i++) {
        visitor(&net, i < 3 ? i : 20.0);
        rp_network_choose(&net);
        if (i == 2)
            visitor_uses(&net, gate, 1.0);
        visitor_uses(&net, i == 1 ? gate : loop, i < 2 ? 30.0 : 1.0);
        rp_network_answer(&net);
        if (i == 2)
            rp_network_patience(&net, ns(5.0));
    }
    r = visit(&net);
    cr_expect(eq(u64, of(&r, 2)->left, 1));
    cr_expect(eq(dbl, visitor_response(&r, 3), 11.0));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* ---- All of it at once ---- */

static void busy_class(struct rp_network *net, unsigned number)
{
    const struct rp_duration gap = {RP_SHAPE_EXPONENTIAL, 4e6, 1.0};
    const struct rp_duration work = {RP_SHAPE_EXPONENTIAL, 1e6, 1.0};
    const struct rp_duration pause = {RP_SHAPE_EXPONENTIAL, 2e6, 1.0};
    const size_t kind = rp_network_kind(net, "work");

    if (number == 3) {
        rp_network_closed(net, "clients", 5);
        rp_network_own(net, kind, &gap, "think");
        rp_network_hold(net);
    } else {
        rp_network_open(net, "visitors", &gap);
    }
    rp_network_priority(net, number);
    rp_network_patience(net, number == 2 ? 0 : ns(2.0 + number));
    rp_network_retry(net, number, &pause);
    rp_network_arrive(net);
    rp_network_take(net, 0);
    rp_network_choose(net);
    rp_network_take(net, 1);
    rp_network_own(net, kind, &work, "first");
    rp_network_hold(net);
    rp_network_give(net, 1);
    rp_network_own(net, kind, &work, "shared");
    rp_network_serve(net, 2);
    rp_network_own(net, kind, &work, "turns");
    rp_network_serve(net, 3);
    rp_network_give(net, 0);
    rp_network_answer(net);
}

static struct rp_network busy_network(void)
{
    struct rp_network net = {.processes = 2};

    (void)rp_network_station(&net, "gate", 6, false);
    (void)rp_network_station(&net, "loop", 1, true);
    (void)rp_network_station(&net, "cores", 2, false);
    (void)rp_network_station(&net, "turns", 1, true);
    rp_network_backlog(&net, 0, 4);
    rp_network_discipline(&net, 1, RP_DISCIPLINE_PRIORITY, 0);
    rp_network_discipline(&net, 2, RP_DISCIPLINE_SHARING, 0);
    rp_network_discipline(&net, 3, RP_DISCIPLINE_QUANTUM, 200000);
    rp_network_backlog(&net, 3, 3);
    for (unsigned i = 0; i < 4; i++)
        busy_class(&net, i);
    return net;
}

Test(leaving, every_attempt_is_answered_left_turned_away_or_still_there)
{
    struct rp_network net = busy_network();

    for (unsigned seed = 1; seed <= 10; seed++) {
        const struct rp_engine_settings set = {.seed = seed, .requests = 5000};
        struct rp_replication r = {0};
        struct rp_error error = {0};
        uint64_t answered = 0, left = 0, away = 0, given_up = 0, late = 0;

        cr_assert(eq(int, rp_engine_run(&net, &set, &r, &error), RP_OK), "%s",
                  error.text);
        for (size_t i = 0; i < r.class_count; i++) {
            answered += of(&r, i)->answered;
            left += of(&r, i)->left;
            away += of(&r, i)->turned_away;
            given_up += of(&r, i)->given_up;
            late += of(&r, i)->late;
        }
        cr_expect(
            eq(u64, r.arrived, answered + left + away + r.in_flight_at_end));
        cr_expect(eq(u64, answered, r.answered));
        cr_expect(eq(u64, answered + given_up, 5000), "all are done with");
        cr_expect(gt(u64, left, 0));
        cr_expect(gt(u64, away, 0));
        cr_expect(gt(u64, late, 0));
        cr_expect(eq(u64, of(&r, 2)->late, 0), "it is patient for ever");
        for (size_t s = 0; s < 4; s++) {
            const double servers = s == 0 ? 6.0 : 2.0;
            cr_expect(ge(dbl, r.stations[s].busy_ns, 0.0));
            cr_expect(le(dbl, r.stations[s].busy_ns, servers * r.span_ns));
        }
        rp_replication_free(&r);
    }
    rp_network_free(&net);
}
