/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/engine.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static const double ms = 1e6;

static struct rp_duration constant(double mean_ns)
{
    return (struct rp_duration){RP_SHAPE_CONSTANT, mean_ns, 0.0};
}

static struct rp_duration exponential(double mean_ns)
{
    return (struct rp_duration){RP_SHAPE_EXPONENTIAL, mean_ns, 1.0};
}

static struct rp_replication run(const struct rp_network *net,
                                 uint64_t requests)
{
    struct rp_replication r = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int,
           rp_engine_run(net,
                         &(struct rp_engine_settings){
                             .seed = 3, .warm_up = 500, .requests = requests},
                         &r, &error),
           RP_OK),
        "%s", error.text);
    return r;
}

/* Customers come, take one of `servers`, and leave it after a service. */
static struct rp_network queue(double gap_ns, double service_ns,
                               unsigned servers)
{
    struct rp_network net = {0};
    const struct rp_duration gap = exponential(gap_ns),
                             service = exponential(service_ns);
    const size_t server = rp_network_station(&net, "server", servers, false);
    const size_t work = rp_network_kind(&net, "service");

    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    rp_network_take(&net, server);
    rp_network_own(&net, work, &service, "service");
    rp_network_hold(&net);
    rp_network_give(&net, server);
    rp_network_answer(&net);
    return net;
}

/* Two clients, one server, 3 ms each, no beginning or end of a service but at
 * the ends of the measured time: 100 services are 300 ms, all of it busy. */
Test(laws, what_is_served_is_what_is_busy)
{
    struct rp_network net = {0};
    const struct rp_duration service = constant(3.0 * ms);
    const size_t server = rp_network_station(&net, "server", 1, false);
    const size_t work = rp_network_kind(&net, "service");
    struct rp_replication r;

    rp_network_closed(&net, "clients", 2);
    rp_network_arrive(&net);
    rp_network_take(&net, server);
    rp_network_own(&net, work, &service, "service");
    rp_network_hold(&net);
    rp_network_give(&net, server);
    rp_network_answer(&net);
    r = run(&net, 100);
    cr_expect(eq(dbl, r.stations[server].busy_ns, 300.0 * ms));
    cr_expect(eq(dbl, r.stations[server].served_ns, 300.0 * ms));
    cr_expect(eq(u64, r.in_flight_at_start + r.arrived,
                 r.answered + r.in_flight_at_end));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Some 10 services are cut at either end, of 40,000. */
Test(laws, several_servers_are_busy_for_the_services_of_all)
{
    struct rp_network net = queue(1.0 * ms, 4.0 * ms, 5);
    struct rp_replication r = run(&net, 40000);

    cr_expect(epsilon_eq(dbl, r.stations[0].served_ns / r.stations[0].busy_ns,
                         1.0, 0.002));
    cr_expect(not(eq(dbl, r.stations[0].served_ns, 0.0)));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* A thread that waits for a lock is busy for longer than it serves. */
Test(laws, who_waits_inside_is_not_held_to_the_utilisation_law)
{
    struct rp_network net = {0};
    const struct rp_duration gap = exponential(1.0 * ms),
                             service = exponential(0.5 * ms);
    const size_t thread = rp_network_station(&net, "thread", 4, false);
    const size_t lock = rp_network_station(&net, "lock", 1, false);
    const size_t work = rp_network_kind(&net, "service");
    struct rp_replication r;

    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    rp_network_take(&net, thread);
    rp_network_take(&net, lock);
    rp_network_own(&net, work, &service, "service");
    rp_network_hold(&net);
    rp_network_give(&net, lock);
    rp_network_give(&net, thread);
    rp_network_answer(&net);
    r = run(&net, 20000);
    cr_expect(isnan(r.stations[thread].served_ns));
    cr_expect(epsilon_eq(
        dbl, r.stations[lock].served_ns / r.stations[lock].busy_ns, 1.0, 0.01));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Of M/M/1/5 under twice its load more than half are lost. */
Test(laws, who_is_turned_away_is_accounted_for)
{
    struct rp_network net = queue(1.0 * ms, 2.0 * ms, 1);
    struct rp_replication r;

    rp_network_backlog(&net, 0, 4);
    r = run(&net, 10000);
    cr_expect(gt(u64, r.classes[0].turned_away, r.answered / 2));
    cr_expect(eq(u64, r.in_flight_at_start + r.arrived,
                 r.answered + r.classes[0].turned_away + r.in_flight_at_end));
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(laws, runs_that_are_merged_still_obey_them)
{
    struct rp_network net = queue(1.0 * ms, 0.8 * ms, 1);
    struct rp_replication a = run(&net, 5000), b = run(&net, 3000), all = {0};

    cr_assert(rp_replication_merge(&all, &a));
    cr_assert(rp_replication_merge(&all, &b));
    cr_expect(eq(u64, all.answered, 8000));
    cr_expect(eq(u64, all.response->total, 8000));
    cr_expect(eq(dbl, all.stations[0].served_ns,
                 a.stations[0].served_ns + b.stations[0].served_ns));
    cr_expect(eq(u64, all.in_flight_at_start + all.arrived,
                 all.answered + all.in_flight_at_end));
    cr_expect(epsilon_eq(
        dbl, all.in_flight_late,
        (a.in_flight_late * a.span_ns + b.in_flight_late * b.span_ns) /
            (a.span_ns + b.span_ns),
        1e-9));
    rp_replication_free(&a);
    rp_replication_free(&b);
    rp_replication_free(&all);
    rp_network_free(&net);
}
