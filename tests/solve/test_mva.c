/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/mva.h"

#include "solve/queues.h"

#include "closednet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static struct rp_mva solve(const struct rp_mva_station *stations, size_t count,
                           double think_ns, unsigned clients)
{
    struct rp_mva mva = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_mva_solve(stations, count, think_ns, clients, &mva, &error),
                 RP_OK),
              "%s", error.text);
    return mva;
}

/* R. Jain, The Art of Computer Systems Performance Analysis, 1991, example
 * 34.2: a timesharing system, CPU and two disks, demands 2, 3 and 1 s (16, 10
 * and 5 visits of .125, .3 and .2), think time 4 s. */
Test(mva, a_published_example_is_met)
{
    static const struct rp_mva_station stations[] = {
        {2.0, 1, 1.0}, {3.0, 1, 1.0}, {1.0, 1, 1.0}};
    static const struct {
        unsigned users;
        double response, rate;
    } published[] = {{1, 6.000, 0.100},  {2, 7.400, 0.175},
                     {3, 9.088, 0.229},  {4, 11.051, 0.266},
                     {5, 13.256, 0.290}, {20, 56.016, 0.333}};

    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        struct rp_mva mva = solve(stations, 3, 4.0, published[i].users);

        cr_expect(epsilon_eq(dbl, mva.response_ns, published[i].response,
                             0.0006 + 0.0001 * published[i].response),
                  "%u users", published[i].users);
        cr_expect(epsilon_eq(dbl, mva.rate_per_ns, published[i].rate, 0.0006));
        cr_expect(mva.exact);
        rp_mva_free(&mva);
    }
}

Test(mva, one_station_with_several_servers_is_machine_repair)
{
    for (unsigned servers = 1; servers <= 7; servers += 2)
        for (unsigned clients = 1; clients <= 200; clients += 13) {
            const struct rp_mva_station station = {1.0, servers, 1.0};
            struct rp_mva mva = solve(&station, 1, 5.0, clients);

            cr_expect(epsilon_eq(
                dbl, mva.rate_per_ns,
                rp_queue_repair_rate(clients, 5.0, 1.0, servers), 1e-10));
            rp_mva_free(&mva);
        }
}

/* The usual recursion for the empty station has lost all digits by then. */
Test(mva, many_clients_of_many_servers_lose_no_digits)
{
    const struct rp_mva_station station = {1.0, 32, 1.0};
    struct rp_mva mva = solve(&station, 1, 20.0, 1500);

    cr_expect(epsilon_eq(dbl, mva.rate_per_ns, 32.0, 1e-9));
    cr_expect(epsilon_eq(dbl, mva.response_ns, 1500.0 / 32.0 - 20.0, 1e-6));
    rp_mva_free(&mva);
}

/* All states of a small network, one by one: see closednet.h. */
Test(mva, random_networks_are_what_their_states_add_up_to)
{
    for (uint64_t i = 0; i < 60; i++) {
        const struct closednet net = closednet_random(i, 9);
        struct rp_mva mva =
            solve(net.stations, net.count, net.think_ns, net.clients);
        const double rate = closednet_rate_by_states(&net);

        cr_expect(epsilon_eq(dbl, mva.rate_per_ns, rate, 1e-9 * rate),
                  "network %d", (int)i);
        rp_mva_free(&mva);
    }
}

Test(mva, queues_and_utilisations_obey_littles_law)
{
    const struct closednet net = closednet_random(4, 30);
    struct rp_mva mva =
        solve(net.stations, net.count, net.think_ns, net.clients);
    double inside = mva.rate_per_ns * net.think_ns;

    for (size_t i = 0; i < net.count; i++) {
        inside += mva.places[i].queue_mean;
        cr_expect(le(dbl, mva.places[i].utilisation, 1.0 + 1e-12));
    }
    cr_expect(epsilon_eq(dbl, inside, (double)net.clients, 1e-9));
    rp_mva_free(&mva);
}

Test(mva, a_station_alone_is_busy_whatever_its_service)
{
    const struct rp_mva_station station = {2.0, 3, 7.0};
    struct rp_mva mva = solve(&station, 1, 0.0, 2);

    cr_expect(epsilon_eq(dbl, mva.rate_per_ns, 1.0, 1e-12), "two of three");
    cr_expect(mva.exact);
    rp_mva_free(&mva);
    mva = solve(&station, 1, 0.0, 30);
    cr_expect(epsilon_eq(dbl, mva.rate_per_ns, 1.5, 1e-12));
    cr_expect(epsilon_eq(dbl, mva.response_ns, 20.0, 1e-9));
    rp_mva_free(&mva);
}

Test(mva, service_that_is_not_exponential_is_no_longer_exact)
{
    const struct rp_mva_station fixed = {1.0, 1, 0.0}, wild = {1.0, 1, 4.0},
                                usual = {1.0, 1, 1.0};
    struct rp_mva a = solve(&fixed, 1, 8.0, 8), b = solve(&usual, 1, 8.0, 8),
                  c = solve(&wild, 1, 8.0, 8);

    cr_expect(not(a.exact));
    cr_expect(gt(dbl, a.rate_per_ns, b.rate_per_ns));
    cr_expect(gt(dbl, b.rate_per_ns, c.rate_per_ns));
    rp_mva_free(&a);
    rp_mva_free(&b);
    rp_mva_free(&c);
}

Test(mva, nothing_to_do_and_too_many_servers_are_refused_with_a_sentence)
{
    struct rp_mva_station stations[RP_MVA_SEVERAL_MAX + 1];
    struct rp_mva mva = {.rate_per_ns = -1.0};
    struct rp_error error = {0};

    cr_expect(
        eq(int, rp_mva_solve(NULL, 0, 0.0, 3, &mva, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "a request takes 0 ns, expected some time: give a demand or a "
                 "think time"));
    for (size_t i = 0; i <= RP_MVA_SEVERAL_MAX; i++)
        stations[i] = (struct rp_mva_station){1.0, 2, 1.0};
    cr_expect(
        eq(int,
           rp_mva_solve(stations, RP_MVA_SEVERAL_MAX + 1, 0.0, 3, &mva, &error),
           RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "9 stations have several servers each, expected 8 at most: "
                 "leave out those where nobody waits"));
    cr_expect(eq(dbl, mva.rate_per_ns, -1.0), "untouched on failure");
}
