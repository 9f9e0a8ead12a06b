/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/contention.h"

#include "solvetext.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static struct rp_profile profile;

static void make_profile(void)
{
    profile = profile_of_base(1e6);
}

static void free_profile(void)
{
    rp_profile_free(&profile);
}

TestSuite(contention, .init = make_profile, .fini = free_profile);

static struct rp_contention find(const struct rp_demands *d, double clients)
{
    struct rp_contention c = {0};

    cr_assert(eq(int, rp_contention_find(d, clients, &c, NULL), RP_OK));
    return c;
}

static void expect_contended(const char *text, double clients, const char *name,
                             bool expected)
{
    struct rp_demands d = demands_of(text, &profile);
    struct rp_contention c = find(&d, clients);

    cr_expect(eq(int, c.places[place_named(&d, name)].contended, expected),
              "%s of %s for %g", name, text, clients);
    rp_contention_free(&c);
    rp_demands_free(&d);
}

Test(contention, one_client_waits_for_nothing)
{
    struct rp_demands d = demands_of(
        "server: {kind: daphne}\n"
        "middleware: [{name: s, kind: sync}, {name: a, kind: async}]\n",
        &profile);
    struct rp_contention c = find(&d, 1.0);

    cr_expect(eq(sz, c.contended, 0));
    cr_expect(not(c.nested));
    cr_expect(epsilon_eq(dbl, c.delay_ns, d.alone_ns, 1e-6));
    rp_contention_free(&c);
    rp_demands_free(&d);
}

Test(contention, a_place_is_waited_for_when_more_can_want_it_than_it_serves)
{
    static const char four[] = "server: {kind: gthread, threads: 4}\n"
                               "host: {cores: 2}\n";
    static const char bare[] =
        "server: {kind: gthread, processes: 3, threads: 1}\n"
        "host: {cores: 3}\n";

    expect_contended(four, 4.0, "worker threads", false);
    expect_contended(four, 5.0, "worker threads", true);
    expect_contended(four, 2.0, "GIL", true);
    expect_contended(four, 9.0, "cores", false); /* one GIL, two cores */
    expect_contended(bare, 9.0, "GIL", false);   /* one thread in each */
    expect_contended(bare, 9.0, "cores", false);
    expect_contended(bare, INFINITY, "worker threads", true);
}

Test(contention, processes_share_clients_evenly)
{
    static const char text[] = "server: {kind: uvicorn, processes: 4}\n"
                               "host: {cores: 4}\n"
                               "view: {kind: async, wait: 1ms}\n";

    expect_contended(text, 4.0, "loop", false); /* one each */
    expect_contended(text, 5.0, "loop", true);
}

Test(contention, the_loop_alone_makes_its_gil_no_queue)
{
    struct rp_demands d =
        demands_of("server: {kind: uvicorn}\n"
                   "framework: {name: django, version: 5.0, asgiref: \"3.8\","
                   " signals_async_aware: true, close_async_aware: true}\n"
                   "view: {kind: async, cpu: 1ms}\n",
                   &profile);
    struct rp_contention c = find(&d, 50.0);

    cr_expect(not(c.places[place_named(&d, "GIL")].contended));
    cr_expect(not(c.nested));
    cr_expect(eq(sz, c.contended, 1));
    rp_contention_free(&c);
    rp_demands_free(&d);
}

Test(contention, threads_across_a_gil_are_nested)
{
    struct rp_demands d =
        demands_of("server: {kind: gthread, threads: 4}\n", &profile);
    struct rp_contention c = find(&d, 9.0);
    const size_t gil = place_named(&d, "GIL");

    cr_expect(c.nested);
    cr_expect(eq(dbl, c.places[gil].most, 4.0));
    rp_contention_free(&c);
    rp_contention_free(&c);
    rp_demands_free(&d);
}
