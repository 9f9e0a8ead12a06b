/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/demands.h"

#include "solvetext.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>

static void expect_place(const struct rp_demands *d, const char *name,
                         double demand_ms, double visits)
{
    const struct rp_demand_place *const p = &d->places[place_named(d, name)];

    cr_expect(epsilon_eq(dbl, p->demand_ns / 1e6, demand_ms, 1e-9), "%s", name);
    cr_expect(epsilon_eq(dbl, p->visits, visits, 1e-9), "%s", name);
}

Test(demands, a_worker_thread_is_held_by_all_that_runs_inside_it)
{
    struct rp_profile profile = profile_of_base(1e6);
    struct rp_demands d =
        demands_of("server: {kind: gthread, processes: 2, threads: 3}\n"
                   "host: {cores: 4}\n"
                   "view: {cpu: 2ms, wait: 5ms, calls: 2}\n"
                   "load: {kind: closed, clients: 4, think: 7ms}\n",
                   &profile);
    const struct rp_demand_place *const worker =
        &d.places[place_named(&d, "worker threads")];

    expect_place(&d, "worker threads", 13.0, 1.0);
    expect_place(&d, "cores", 3.0, 1.0);
    expect_place(&d, "GIL", 3.0, 1.0);
    cr_expect(eq(u32, worker->servers, 6));
    cr_expect(eq(u32, worker->copies, 1));
    cr_expect(eq(u32, d.places[place_named(&d, "GIL")].copies, 2));
    cr_expect(epsilon_eq(dbl, d.alone_ns, 13e6, 1e-3));
    cr_expect(epsilon_eq(dbl, d.think_ns, 7e6, 1e-3));
    cr_expect(eq(dbl, d.delay_ns, 0.0));
    rp_demands_free(&d);
    rp_profile_free(&profile);
}

Test(demands, a_loop_is_never_held_by_a_suspended_request)
{
    struct rp_profile profile = profile_of_base(1e6);
    struct rp_demands d =
        demands_of("server: {kind: uvicorn}\n"
                   "framework: {name: django, version: 4.2, asgiref: \"3.8\"}\n"
                   "view: {kind: async, cpu: 2ms, wait: 5ms}\n",
                   &profile);

    expect_place(&d, "loop", 3.0, d.places[place_named(&d, "loop")].visits);
    cr_expect(epsilon_eq(dbl, d.delay_ns, 5e6, 1e-3),
              "waiting holds nothing at all");
    cr_expect(epsilon_eq(dbl, d.alone_ns, 8e6, 1e-3));
    rp_demands_free(&d);
    rp_profile_free(&profile);
}

Test(demands, the_sensitive_thread_is_held_across_the_wait_of_an_async_view)
{
    struct rp_profile profile = profile_of_base(1e6);
    struct rp_demands d = demands_of(
        "server: {kind: daphne}\n"
        "middleware: [{name: s, kind: sync}, {name: a, kind: async}]\n"
        "view: {kind: async, wait: 20ms}\n",
        &profile);
    const size_t sensitive = place_named(&d, "thread-sensitive thread");

    cr_expect(epsilon_eq(dbl, d.places[sensitive].demand_ns / 1e6, 20.0, 1e-9));
    cr_expect(eq(dbl, d.delay_ns, 0.0));
    rp_demands_free(&d);
    rp_profile_free(&profile);
}

Test(demands, what_is_held_inside_is_a_visit_inside)
{
    struct rp_profile profile = profile_of_base(1e6);
    struct rp_demands d =
        demands_of("server: {kind: gthread, threads: 4}\n"
                   "resources: [{name: db, capacity: 2}]\n"
                   "view: {cpu: 2ms, wait: 5ms, calls: 3, uses: db}\n",
                   &profile);
    const size_t db = place_named(&d, "db");
    bool found = false;

    expect_place(&d, "db", 15.0, d.places[db].visits);
    for (size_t v = 0; v < d.visit_count; v++)
        if (d.visits[v].place == db) {
            found = true;
            cr_expect(eq(sz, d.visits[d.visits[v].parent].place,
                         place_named(&d, "worker threads")));
        }
    cr_expect(found);
    rp_demands_free(&d);
    rp_profile_free(&profile);
}

Test(demands, second_moments_are_those_of_the_visit)
{
    struct rp_profile profile = profile_of_base(1e6);
    struct rp_demands d =
        demands_of("view: {cpu: {mean: 3ms, shape: exponential}}\n", &profile);
    const struct rp_demand_place *const worker =
        &d.places[place_named(&d, "worker threads")];

    /* mean 4 ms, variance 9 ms^2 */
    cr_expect(epsilon_eq(dbl, worker->square_ns2 / 1e12, 25.0, 1e-9));
    rp_demands_free(&d);
    rp_profile_free(&profile);
}

Test(demands, classes_count_by_their_shares)
{
    struct rp_profile profile = profile_of_base(1e6);
    struct rp_demands d =
        demands_of("requests:\n"
                   "  - {name: a, share: 3, view: {cpu: 1ms}}\n"
                   "  - {name: b, share: 1, view: {cpu: 9ms}}\n",
                   &profile);

    /* 3/4 of 2 ms and 1/4 of 10 ms; squares 4 and 100 */
    expect_place(&d, "worker threads", 4.0, 1.0);
    cr_expect(epsilon_eq(
        dbl, d.places[place_named(&d, "worker threads")].square_ns2 / 1e12,
        28.0, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_stretch_mean_ns(&d.whole[1]), 10e6, 1e-3));
    rp_demands_free(&d);
    rp_profile_free(&profile);
}

Test(demands, the_clients_own_thread_is_in_no_response)
{
    struct rp_profile profile = profile_of_base(1e6);

    profile.costs[RP_ITEM_CLIENT_GAP].mean_ns = 0.25e6;
    struct rp_demands d =
        demands_of("load: {kind: closed, clients: 2, client: ab}\n", &profile);
    const struct rp_demand_place *const ab = &d.places[place_named(&d, "ab")];

    cr_expect(ab->client);
    cr_expect(epsilon_eq(dbl, ab->demand_ns, 0.25e6, 1e-3));
    cr_expect(epsilon_eq(dbl, d.alone_ns, 1e6, 1e-3));
    rp_demands_free(&d);
    rp_demands_free(&d);
    rp_profile_free(&profile);
}

static void know(struct rp_profile *profile, enum rp_parameter parameter,
                 double value)
{
    profile->under_load.known[parameter] = true;
    profile->under_load.value[parameter] = value;
}

static double visits_after(const struct rp_demands *d, const char *place)
{
    const size_t at = place_named(d, place);
    double visits = 0.0;

    for (size_t v = 0; v < d->visit_count; v++)
        if (d->visits[v].place == at && d->visits[v].phase == RP_PHASE_AFTER)
            visits += d->visits[v].visits;
    return visits;
}

/* A base of 400 us and two crossings at 80: a request that is alone takes 560,
 * whether its client waits for the second of them or not. */
Test(demands, what_follows_the_answer_is_demanded_and_in_no_response)
{
    static const char *const texts[] = {
        "server: {kind: uvicorn}\nview: {kind: async}\n",
        "server: {kind: uvicorn}\nview: {kind: async}\n"
        "mechanisms: {after: false}\n"};
    struct rp_profile profile = profile_of_base(400e3);

    profile.costs[RP_ITEM_S2A_SENSITIVE].mean_ns = 80e3;
    know(&profile, RP_PARAMETER_CLIENT, 100e3);
    know(&profile, RP_PARAMETER_ITERATION, 10e3);
    know(&profile, RP_PARAMETER_PIPE, 8e3);
    know(&profile, RP_PARAMETER_THREAD, 6e3);
    for (size_t i = 0; i < 2; i++) {
        struct rp_demands d = demands_of(texts[i], &profile);

        cr_expect(epsilon_eq(dbl, d.alone_ns, 560e3, 1.0), "%zu", i);
        cr_expect(epsilon_eq(dbl, visits_after(&d, "thread-sensitive thread"),
                             i == 0 ? 1.0 : 0.0, 1e-9));
        rp_demands_free(&d);
    }
    rp_profile_free(&profile);
}

/* Half of the time away is work for others, who displace two thirds in 4 ms. A
 * request waits for 3 ms before it burns what is its view's, which gets nothing
 * back and is no longer, then 5 ms outside and 3 ms more. Of the 100 us after
 * that, a fade of code twice as slow more, all but 1/e of what is gone is paid.
 * Who is alone in its process keeps its data. */
Test(demands, code_is_longer_by_what_others_displaced_while_it_waited)
{
    static const double waits_ns[] = {7e6, 1e6, 2e6};
    static const char *const servers[] = {
        "server: {kind: gthread, threads: 2}\n", "server: {kind: gunicorn}\n"};
    const double short_away = 1.5 / 4.0, long_away = 4.0 / 4.0;
    const double gone =
        1.0 - exp(-short_away * short_away - long_away * long_away);
    const double longer_ns[] = {200e3 * gone * (1.0 - exp(-1.0)), 0.0};
    struct rp_crowding c = rp_crowding_alone();
    struct rp_profile profile = profile_of_base(400e3);

    profile.costs[RP_ITEM_A2S_NEW].mean_ns = 200e3;
    know(&profile, RP_PARAMETER_FADE, 100e3);
    know(&profile, RP_PARAMETER_DISPLACED, 2.0);
    know(&profile, RP_PARAMETER_OTHERS, 4e6);
    c.work = 0.5;
    c.waits_ns = waits_ns;
    c.wait_count = sizeof waits_ns / sizeof *waits_ns;
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        char text[256];
        struct rp_demands d;

        (void)snprintf(text, sizeof text,
                       "%sview: {kind: async, cpu: 300us, wait: 5ms}\n",
                       servers[i]);
        d = crowded_demands_of(text, &profile, &c);
        cr_expect(epsilon_eq(dbl, d.alone_ns, 5.9e6 + longer_ns[i], 1.0), "%s",
                  servers[i]);
        cr_expect(epsilon_eq(dbl, d.framework_ns, 600e3 + longer_ns[i], 1.0),
                  "%s", servers[i]);
        cr_expect(eq(dbl, d.away_ns, 5e6));
        rp_demands_free(&d);
    }
    rp_profile_free(&profile);
}
