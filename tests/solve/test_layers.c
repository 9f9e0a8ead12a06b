/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/layers.h"

#include "solve/mva.h"
#include "solve/queues.h"
#include "solvetext.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static struct rp_profile profile;

static void make_profile(void)
{
    profile = profile_of_base(0.0);
}

static void free_profile(void)
{
    rp_profile_free(&profile);
}

TestSuite(layers, .init = make_profile, .fini = free_profile);

static struct rp_layers layers_of(const char *text, unsigned clients)
{
    struct rp_demands d = demands_of(text, &profile);
    struct rp_contention c = {0};
    struct rp_layers l = {0};

    cr_assert(eq(int, rp_contention_find(&d, clients, &c, NULL), RP_OK));
    cr_assert(eq(int, rp_layers_solve(&d, &c, clients, &l, NULL), RP_OK));
    cr_expect(l.converged);
    rp_contention_free(&c);
    rp_demands_free(&d);
    return l;
}

#define EXPONENTIAL(ms) "{mean: " ms ", shape: exponential}"

Test(layers, one_outer_place_alone_is_machine_repair)
{
    struct rp_layers l =
        layers_of("server: {kind: gthread, processes: 3, threads: 1}\n"
                  "host: {cores: 3}\n"
                  "view: {cpu: " EXPONENTIAL(
                      "2ms") "}\n"
                             "load: {kind: closed, clients: 9, think: 8ms}\n",
                  9);

    cr_expect(l.exact);
    cr_expect(epsilon_eq(dbl, l.rate_per_ns,
                         rp_queue_repair_rate(9, 8e6, 2e6, 3), 1e-14));
    rp_layers_free(&l);
}

/* Six threads on two cores, without a GIL, and never an idle thread: inside it
 * is machine repair of six on two, whose waits the threads hold. */
Test(layers, threads_that_are_always_taken_are_the_customers_inside)
{
    struct rp_layers l = layers_of(
        "server: {kind: gthread, threads: 6, gil: false}\n"
        "host: {cores: 2}\n"
        "view: {cpu: " EXPONENTIAL("2ms") ", wait: 5ms}\n"
                                          "load: {kind: closed, clients: 40}\n",
        40);
    const double exact = rp_queue_repair_rate(6, 5e6, 2e6, 2);

    cr_expect(not(l.exact), "layers are not, even where they agree");
    cr_expect(epsilon_eq(dbl, l.rate_per_ns, exact, 1e-6 * exact));
    cr_expect(
        epsilon_eq(dbl, l.response_ns, 40.0 / exact, 1e-6 * 40.0 / exact));
    rp_layers_free(&l);
}

/* Fewer clients than threads: the cores are all that is waited for. */
Test(layers, threads_that_are_never_waited_for_leave_the_inner_queue_exact)
{
    struct rp_layers l = layers_of(
        "server: {kind: gthread, threads: 6, gil: false}\n"
        "host: {cores: 2}\n"
        "view: {cpu: " EXPONENTIAL("2ms") ", wait: 5ms}\n"
                                          "load: {kind: closed, clients: 5}\n",
        5);

    cr_expect(l.exact);
    cr_expect(epsilon_eq(dbl, l.rate_per_ns,
                         rp_queue_repair_rate(5, 5e6, 2e6, 2), 1e-14));
    rp_layers_free(&l);
}

/* Three processes of one thread on two cores: a GIL is never waited for, but
 * held while a core is. */
Test(layers, what_nobody_waits_for_is_held_while_others_are_waited_for)
{
    static const char text[] =
        "server: {kind: gunicorn, processes: 3}\n"
        "host: {cores: 2}\n"
        "view: {cpu: " EXPONENTIAL("2ms") "}\n"
                                          "load: {kind: closed, clients: 3}\n";
    struct rp_demands d = demands_of(text, &profile);
    struct rp_contention c = {0};
    struct rp_layers l = {0};

    cr_assert(eq(int, rp_contention_find(&d, 3.0, &c, NULL), RP_OK));
    cr_assert(eq(int, rp_layers_solve(&d, &c, 3, &l, NULL), RP_OK));
    cr_expect(not(c.places[place_named(&d, "GIL")].contended));
    /* always two of three are served: a cycle of 3 ms, 1 of it for a core */
    for (size_t v = 0; v < d.visit_count; v++)
        if (d.visits[v].place == place_named(&d, "GIL"))
            cr_expect(epsilon_eq(dbl, l.visits[v].hold_ns, 3e6, 1.0));
    cr_expect(epsilon_eq(dbl, l.response_ns, 3e6, 1.0));
    rp_layers_free(&l);
    rp_contention_free(&c);
    rp_demands_free(&d);
}

Test(layers, processes_have_their_part_of_the_clients)
{
    static const char two[] =
        "server: {kind: uvicorn, processes: 2}\n"
        "framework: {name: django, version: 3.2.25, asgiref: 3.6.0}\n"
        "host: {cores: 2}\n"
        "view: {kind: async, cpu: 1ms, wait: 9ms}\n";
    static const char one[] =
        "server: {kind: uvicorn}\n"
        "framework: {name: django, version: 3.2.25, asgiref: 3.6.0}\n"
        "host: {cores: 2}\n"
        "view: {kind: async, cpu: 1ms, wait: 9ms}\n";
    struct rp_layers a = layers_of(two, 24), b = layers_of(one, 12),
                     c = layers_of(two, 25), d = layers_of(one, 13);

    cr_expect(epsilon_eq(dbl, a.rate_per_ns, 2.0 * b.rate_per_ns,
                         1e-9 * a.rate_per_ns));
    /* the two share what is met inside, so nearly */
    cr_expect(epsilon_eq(dbl, c.rate_per_ns, b.rate_per_ns + d.rate_per_ns,
                         1e-3 * c.rate_per_ns));
    rp_layers_free(&a);
    rp_layers_free(&b);
    rp_layers_free(&c);
    rp_layers_free(&d);
}

Test(layers, a_constant_visit_has_no_variation_and_a_shared_one_does_not_matter)
{
    struct rp_demand_place place = {
        .demand_ns = 6.0, .visits = 2.0, .square_ns2 = 9.0};

    cr_expect(eq(dbl, rp_layers_scv(&place), 0.0));
    place.square_ns2 = 45.0;
    cr_expect(epsilon_eq(dbl, rp_layers_scv(&place), 4.0, 1e-12));
    place.shares = true;
    cr_expect(eq(dbl, rp_layers_scv(&place), 1.0));
}
