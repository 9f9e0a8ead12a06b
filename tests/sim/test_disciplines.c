/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visitors.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const double exact = 2e-6; /* ms: sharing ends at the next nanosecond */

static void expect_responses(const struct rp_replication *r, size_t count,
                             const double *expected)
{
    for (size_t i = 0; i < count; i++)
        cr_expect(epsilon_eq(dbl, visitor_response(r, i), expected[i], exact),
                  "visitor %zu", i);
}

/* ---- Priorities ---- */

/* The first is being served when four come; nobody is interrupted. */
Test(disciplines, the_first_priority_goes_first_and_fifo_holds_within_each)
{
    static const struct {
        unsigned priority;
        double at_ms, response_ms;
    } cases[] = {{7, 0.0, 10.0},
                 {3, 1.0, 12.0},
                 {1, 2.0, 9.0},
                 {3, 3.0, 11.0},
                 {1, 4.0, 8.0}};
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);
    struct rp_replication r;

    rp_network_discipline(&net, s, RP_DISCIPLINE_PRIORITY, 0);
    for (size_t i = 0; i < 5; i++) {
        simple_visitor(&net, cases[i].at_ms, s, i == 0 ? 10.0 : 1.0);
        rp_network_priority(&net, cases[i].priority);
    }
    r = visit(&net);
    for (size_t i = 0; i < 5; i++)
        cr_expect(eq(dbl, visitor_response(&r, i), cases[i].response_ms),
                  "visitor %zu", i);
    cr_expect(eq(dbl, r.stations[s].busy_ns, 14e6));
    cr_expect(eq(dbl, r.stations[s].queue_ns, 36e6));
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(disciplines, at_a_fifo_station_priorities_mean_nothing)
{
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);
    struct rp_replication r;

    simple_visitor(&net, 0.0, s, 10.0);
    simple_visitor(&net, 1.0, s, 1.0);
    rp_network_priority(&net, 7);
    simple_visitor(&net, 2.0, s, 1.0);
    r = visit(&net);
    expect_responses(&r, 3, (double[]){10.0, 10.0, 10.0});
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* ---- Sharing ---- */

/* One server: from 1 ms to 3 ms both are served at half speed. */
Test(disciplines, those_that_share_are_served_at_equal_speed)
{
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);
    struct rp_replication r;

    rp_network_discipline(&net, s, RP_DISCIPLINE_SHARING, 0);
    simple_visitor(&net, 0.0, s, 10.0);
    simple_visitor(&net, 1.0, s, 1.0);
    r = visit(&net);
    expect_responses(&r, 2, (double[]){11.0, 2.0});
    cr_expect(epsilon_eq(dbl, r.stations[s].busy_ns, 11e6, 2.0));
    cr_expect(epsilon_eq(dbl, r.stations[s].queue_ns, 2e6, 2.0),
              "one beyond the server, for 2 ms");
    cr_expect(eq(u64, r.stations[s].visits, 2));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Two servers, three jobs from 2 ms on: two thirds each. The second has 2 ms
 * left then and ends at 5 ms; the others have 6 and 1 of their work left
 * (first: 8 - 2; third: 3 - 2), alone on a server each. */
Test(disciplines, nobody_gets_more_than_one_server_of_several_that_are_shared)
{
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "servers", 2, false);
    struct rp_replication r;

    rp_network_discipline(&net, s, RP_DISCIPLINE_SHARING, 0);
    simple_visitor(&net, 0.0, s, 10.0);
    simple_visitor(&net, 0.0, s, 4.0);
    simple_visitor(&net, 2.0, s, 3.0);
    r = visit(&net);
    expect_responses(&r, 3, (double[]){11.0, 5.0, 4.0});
    cr_expect(epsilon_eq(dbl, r.stations[s].busy_ns, 17e6, 4.0),
              "as much as there was work");
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Each that comes delays the end that was announced before: entries that are
 * stale lie on both sides of those that are not. */
Test(disciplines, an_end_that_was_put_off_does_not_happen)
{
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);
    const double expected[] = {13.0, 3.0, 2.0};
    struct rp_replication r;

    rp_network_discipline(&net, s, RP_DISCIPLINE_SHARING, 0);
    simple_visitor(&net, 0.0, s, 10.0);
    simple_visitor(&net, 1.0, s, 1.5);
    simple_visitor(&net, 10.0, s, 1.0);
    simple_visitor(&net, 20.0, s, 1.0); /* alone, after all were idle */
    r = visit(&net);
    /* first: 1 alone, 1.5 of the next 3, 6 alone until 10, 1 of the next 2,
     * 0.5 alone: 1 + 3 + 6 + 2 + 0.5 */
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 0), 12.5, exact));
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 1), expected[1], exact));
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 2), expected[2], exact));
    cr_expect(epsilon_eq(dbl, visitor_response(&r, 3), 1.0, exact));
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(disciplines, those_that_share_and_end_together_all_end)
{
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);
    struct rp_replication r;

    rp_network_discipline(&net, s, RP_DISCIPLINE_SHARING, 0);
    for (unsigned i = 0; i < 3; i++)
        simple_visitor(&net, 0.0, s, 2.0);
    r = visit(&net);
    expect_responses(&r, 3, (double[]){6.0, 6.0, 6.0});
    cr_expect(eq(u64, r.in_flight_at_end, 0));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* With a server for everybody an arrival changes nobody's end. */
Test(disciplines, sharing_with_servers_for_all_is_a_delay)
{
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "servers", 5, false);
    struct rp_replication r;

    rp_network_discipline(&net, s, RP_DISCIPLINE_SHARING, 0);
    for (unsigned i = 0; i < 5; i++)
        simple_visitor(&net, i, s, 9.0);
    r = visit(&net);
    for (unsigned i = 0; i < 5; i++)
        cr_expect(eq(dbl, visitor_response(&r, i), 9.0));
    cr_expect(eq(u64, r.answered, 5));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* ---- Turns ---- */

static struct rp_network turns(unsigned servers, double quantum_ms)
{
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", servers, false);

    rp_network_discipline(&net, s, RP_DISCIPLINE_QUANTUM,
                          (uint64_t)(quantum_ms * 1e6));
    return net;
}

/* A 0-2, B 2-4, A 4-6, B 6-7, A 7-8. */
Test(disciplines, requests_take_turns_of_a_quantum)
{
    struct rp_network net = turns(1, 2.0);
    struct rp_replication r;

    simple_visitor(&net, 0.0, 0, 5.0);
    simple_visitor(&net, 1.0, 0, 3.0);
    r = visit(&net);
    expect_responses(&r, 2, (double[]){8.0, 6.0});
    cr_expect(eq(dbl, r.stations[0].busy_ns, 8e6));
    cr_expect(eq(dbl, r.stations[0].queue_ns, 6e6), "1+2 of B, 2+1 of A");
    cr_expect(eq(u64, r.stations[0].visits, 5), "slices");
    cr_expect(eq(dbl, r.kind_ns[0], 8e6), "each drawn once");
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* C was announced before A's slice began: it comes first, and A queues behind
 * it. A 0-2, B 2-4, C 4-5, A 5-7, B 7-8, A 8-9. */
Test(disciplines, who_comes_as_a_quantum_ends_is_before_who_was_served)
{
    struct rp_network net = turns(1, 2.0);
    struct rp_replication r;

    simple_visitor(&net, 0.0, 0, 5.0);
    simple_visitor(&net, 1.0, 0, 3.0);
    simple_visitor(&net, 2.0, 0, 1.0);
    r = visit(&net);
    expect_responses(&r, 3, (double[]){9.0, 7.0, 3.0});
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(disciplines, work_of_whole_quanta_ends_with_the_last_of_them)
{
    struct rp_network net = turns(1, 2.0);
    struct rp_replication r;

    simple_visitor(&net, 0.0, 0, 4.0);
    simple_visitor(&net, 0.0, 0, 2.0);
    r = visit(&net);
    expect_responses(&r, 2, (double[]){6.0, 4.0});
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Two servers, q = 1: A and B 0-1; C and A 1-2; B and C 2-3; A and B 3-4. */
Test(disciplines, several_servers_take_whoever_waits_longest)
{
    struct rp_network net = turns(2, 1.0);
    struct rp_replication r;

    simple_visitor(&net, 0.0, 0, 3.0);
    simple_visitor(&net, 0.0, 0, 3.0);
    simple_visitor(&net, 0.0, 0, 2.0);
    r = visit(&net);
    expect_responses(&r, 3, (double[]){4.0, 4.0, 3.0});
    cr_expect(eq(dbl, r.stations[0].busy_ns, 8e6));
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(disciplines, one_may_be_served_twice_in_a_row_by_stations_that_take_turns)
{
    struct rp_network net = turns(1, 2.0);
    struct rp_replication r;

    visitor(&net, 0.0);
    visitor_served(&net, 0, 3.0);
    visitor_served(&net, 0, 1.0);
    rp_network_answer(&net);
    simple_visitor(&net, 1.0, 0, 2.0);
    r = visit(&net);
    /* A 0-2, B 2-4, A 4-5, A 5-6 */
    expect_responses(&r, 2, (double[]){6.0, 3.0});
    rp_replication_free(&r);
    rp_network_free(&net);
}
