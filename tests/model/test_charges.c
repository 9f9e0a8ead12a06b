/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/charges.h"

#include "tests/sim/flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static void know(struct rp_profile *profile, enum rp_parameter parameter,
                 double value)
{
    profile->under_load.known[parameter] = true;
    profile->under_load.value[parameter] = value;
}

static struct rp_scenario scenario_of(enum rp_server_kind server)
{
    struct rp_scenario s = {0};

    cr_assert(eq(int, rp_scenario_init(&s, NULL), RP_OK));
    s.server.kind = server;
    return s;
}

Test(charges, a_profile_without_parameters_charges_nothing_apart)
{
    struct rp_scenario s = scenario_of(RP_SERVER_UVICORN);
    const struct rp_profile profile = {0};
    const struct rp_charges c = rp_charges_of(&s, &profile, true);

    cr_expect(eq(dbl, c.client_ns, 0.0));
    cr_expect(eq(dbl, c.wakeup_ns, 0.0));
    cr_expect(eq(
        dbl, rp_charges_shared_ns(&c, RP_ITEM_S2A_SENSITIVE, false, true, true),
        0.0));
    cr_expect(eq(int, c.loops, false));
    rp_scenario_free(&s);
}

/* A base is four turns and that of its answer; a crossing two, one of which a
 * thread asked for; and a crossing to a thread wakes it. */
Test(charges, what_is_shared_is_counted_in_turns_of_the_loop)
{
    struct rp_scenario s = scenario_of(RP_SERVER_UVICORN);
    struct rp_profile profile = {0};
    struct rp_charges c;

    know(&profile, RP_PARAMETER_ITERATION, 10.0);
    know(&profile, RP_PARAMETER_PIPE, 7.0);
    know(&profile, RP_PARAMETER_THREAD, 3.0);
    c = rp_charges_of(&s, &profile, true);
    cr_expect(eq(
        dbl, rp_charges_shared_ns(&c, RP_ITEM_BASE_UVICORN, true, true, false),
        50.0));
    cr_expect(eq(
        dbl, rp_charges_shared_ns(&c, RP_ITEM_S2A_SENSITIVE, false, true, true),
        30.0));
    cr_expect(
        eq(dbl, rp_charges_shared_ns(&c, RP_ITEM_A2S_REUSE, false, true, false),
           27.0));
    cr_expect(
        eq(dbl,
           rp_charges_shared_ns(&c, RP_ITEM_S2A_CONTEXT, false, true, false),
           27.0),
        "a thread of the request's own is not woken");
    cr_expect(eq(
        dbl, rp_charges_shared_ns(&c, RP_ITEM_A2S_REUSE, false, false, false),
        0.0));
    rp_scenario_free(&s);
}

static void add_burned(void *sum_ns, double price_ns, double elsewhere_ns,
                       const struct rp_spread *spread)
{
    const struct rp_spread constant = rp_spread_constant();

    cr_expect(zero(memcmp(spread, &constant, sizeof constant)));
    *(double *)sum_ns += price_ns - elsewhere_ns;
}

/* A profile of an ASGI server whose response.close crosses to a thread, and a
 * client that is back 60 + 15 after its answer. */
enum { OF_CROSSING, OF_GAP, OF_BASE, COSTS };

static void answering(struct rp_profile *profile, struct rp_cost costs[COSTS],
                      struct rp_prices *prices)
{
    const double means[COSTS] = {80.0, 15.0, 400.0};

    for (size_t i = 0; i < COSTS; i++)
        costs[i] = (struct rp_cost){.mean_ns = means[i],
                                    .spread = rp_spread_constant()};
    *profile = (struct rp_profile){.costs = costs,
                                   .cost_count = COSTS,
                                   .request_spread = rp_spread_constant()};
    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        prices->items[i].cost = profile->cost_of_item[i] = -1;
    prices->items[RP_ITEM_S2A_SENSITIVE].cost = OF_CROSSING;
    prices->items[RP_ITEM_BASE_UVICORN].cost = OF_BASE;
    profile->cost_of_item[RP_ITEM_CLIENT_GAP] = OF_GAP;
    know(profile, RP_PARAMETER_ITERATION, 10.0);
    know(profile, RP_PARAMETER_PIPE, 7.0);
    know(profile, RP_PARAMETER_THREAD, 3.0);
    know(profile, RP_PARAMETER_CLIENT, 60.0);
    know(profile, RP_PARAMETER_WAKEUP, 9.0);
}

static struct rp_sending sending_with(const struct rp_scenario *s,
                                      struct rp_profile *profile,
                                      const struct rp_program *program,
                                      const struct rp_prices *prices,
                                      double after_ns)
{
    struct rp_charges c;

    know(profile, RP_PARAMETER_AFTER_UVICORN, after_ns);
    c = rp_charges_of(s, profile, true);
    return rp_charges_sending(&c, profile, program, prices);
}

/* Two halves of a crossing at 80, of which 10 * 2 + 7 + 3 are shared: of the
 * other 50 the code that asks for it pays a quarter. What is left after the
 * answer is 67.5 and what comes after the response. */
Test(charges, what_follows_the_answer_was_waited_for_when_costs_were_measured)
{
    static const struct {
        double after_ns, met_ns, burned_ns, asleep, asleep_ns;
    } cases[] = {
        {5.0, 0.0, 67.5, 1.0, 9.0},    /* done before its client is back */
        {20.0, 12.5, 55.0, 0.0, 0.0},  /* 87.5 for 75 */
        {100.0, 92.5, 0.0, 0.0, 25.0}, /* of which 67.5 can be left unburned */
    };
    struct rp_scenario s = scenario_of(RP_SERVER_UVICORN);
    struct rp_cost costs[COSTS];
    struct rp_profile profile;
    struct rp_prices prices = {0};
    struct rp_program program = {0};

    answering(&profile, costs, &prices);
    s.view_async = true;
    cr_assert(eq(int, rp_program_compile(&program, &s, NULL), RP_OK));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_sending of =
            sending_with(&s, &profile, &program, &prices, cases[i].after_ns);
        double sum_ns = 0.0;

        cr_expect(epsilon_eq(dbl, of.behind_ns, 80.0, 1e-9));
        cr_expect(epsilon_eq(dbl, of.met_ns, cases[i].met_ns, 1e-9));
        cr_expect(epsilon_eq(dbl, of.burned_ns, cases[i].burned_ns, 1e-9));
        cr_expect(eq(dbl, of.asleep, cases[i].asleep));
        cr_expect(epsilon_eq(dbl, of.asleep_ns, cases[i].asleep_ns, 1e-9));
        rp_charges_send(&of, &profile, &program, &prices, add_burned, &sum_ns);
        cr_expect(epsilon_eq(dbl, sum_ns, cases[i].burned_ns, 1e-9));
    }
    rp_program_free(&program);
    rp_scenario_free(&s);
}

/* What comes after is even between 0 and 40, so the rest is done in time in
 * 7.5 / 40 of all requests, and lasts on for the integral of 40 u - 7.5 from
 * there to 1. */
Test(charges, some_requests_find_their_process_asleep_and_others_do_not)
{
    struct rp_scenario s = scenario_of(RP_SERVER_UVICORN);
    struct rp_cost costs[COSTS];
    struct rp_profile profile;
    struct rp_prices prices = {0};
    struct rp_program program = {0};
    struct rp_sending of;

    answering(&profile, costs, &prices);
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        profile.request_spread.multiple[i] = 2.0 * rp_levels[i];
    profile.request_spread.tail = 0.01;
    s.view_async = true;
    cr_assert(eq(int, rp_program_compile(&program, &s, NULL), RP_OK));
    of = sending_with(&s, &profile, &program, &prices, 20.0);
    cr_expect(epsilon_eq(dbl, of.asleep, 7.5 / 40.0, 1e-9));
    cr_expect(epsilon_eq(
        dbl, of.met_ns,
        20.0 * (1.0 - pow(7.5 / 40.0, 2.0)) - 7.5 * (1.0 - 7.5 / 40.0), 0.01));
    rp_program_free(&program);
    rp_scenario_free(&s);
}

/* Its answer is the end of the program: the client waits for a worker whose
 * work after the response takes 100, for 75 of which it is away. */
Test(charges, a_worker_is_waited_for_as_well)
{
    struct rp_scenario s = scenario_of(RP_SERVER_GUNICORN);
    struct rp_cost costs[COSTS];
    struct rp_profile profile;
    struct rp_prices prices = {0};
    struct rp_program program = {0};
    struct rp_charges c;
    struct rp_sending of;

    answering(&profile, costs, &prices);
    prices.items[RP_ITEM_BASE_GUNICORN].cost = OF_BASE;
    know(&profile, RP_PARAMETER_AFTER_GUNICORN, 100.0);
    cr_assert(eq(int, rp_program_compile(&program, &s, NULL), RP_OK));
    c = rp_charges_of(&s, &profile, false);
    of = rp_charges_sending(&c, &profile, &program, &prices);
    cr_expect(eq(int, c.answers, false));
    cr_expect(eq(dbl, of.behind_ns, 0.0));
    cr_expect(eq(dbl, of.burned_ns, 0.0));
    cr_expect(eq(dbl, of.asleep, 0.0));
    cr_expect(epsilon_eq(dbl, of.met_ns, 25.0, 1e-9));
    cr_expect(epsilon_eq(dbl, of.asleep_ns, 25.0, 1e-9));
    rp_program_free(&program);
    rp_scenario_free(&s);
}

Test(charges, what_is_off_is_not_charged)
{
    struct rp_scenario s = scenario_of(RP_SERVER_GUNICORN);
    struct rp_profile profile = {0};
    struct rp_charges c;

    know(&profile, RP_PARAMETER_CLIENT, 90.0);
    know(&profile, RP_PARAMETER_WAKEUP, 50.0);
    know(&profile, RP_PARAMETER_AFTER_GUNICORN, 30.0);
    c = rp_charges_of(&s, &profile, false);
    cr_expect(eq(dbl, c.client_ns, 90.0));
    cr_expect(eq(dbl, c.wakeup_ns, 50.0));
    cr_expect(eq(dbl, c.after_ns, 30.0));
    s.mechanisms.wakeups = s.mechanisms.after = false;
    c = rp_charges_of(&s, &profile, false);
    cr_expect(eq(dbl, c.client_ns, 90.0));
    cr_expect(eq(dbl, c.wakeup_ns, 0.0));
    cr_expect(eq(dbl, c.after_ns, 0.0));
    rp_scenario_free(&s);
}

/* Of 400 ns a tenth, and what the kernel takes. */
Test(charges, waking_costs_the_more_the_more_code_a_server_has)
{
    struct rp_scenario s = scenario_of(RP_SERVER_DAPHNE);
    struct rp_profile profile =
        flat_profile((struct flat_costs){.base = 400.0});
    struct rp_charges c;

    know(&profile, RP_PARAMETER_WAKEUP, 50.0);
    know(&profile, RP_PARAMETER_WAKING, 0.1);
    c = rp_charges_of(&s, &profile, true);
    cr_expect(eq(dbl, c.wakeup_ns, 90.0));
    s.mechanisms.cold = false;
    c = rp_charges_of(&s, &profile, true);
    cr_expect(eq(dbl, c.wakeup_ns, 50.0));
    rp_profile_free(&profile);
    rp_scenario_free(&s);
}

/* Only a loop goes on with a request that is answered, and only a profile that
 * knows of load has other requests for it to hold up. */
Test(charges, a_loop_answers_before_it_closes)
{
    struct rp_scenario s = scenario_of(RP_SERVER_UVICORN);
    struct rp_profile profile = {0};

    cr_expect(not(rp_charges_of(&s, &profile, true).answers));
    know(&profile, RP_PARAMETER_ITERATION, 10.0);
    cr_expect(rp_charges_of(&s, &profile, true).answers);
    cr_expect(not(rp_charges_of(&s, &profile, false).answers));
    s.mechanisms.after = false;
    cr_expect(not(rp_charges_of(&s, &profile, true).answers));
    s.mechanisms.after = true;
    s.scheduling = RP_SCHEDULING_SHARING;
    cr_expect(not(rp_charges_of(&s, &profile, true).answers));
    rp_scenario_free(&s);
}

/* Where a quarter of a constant cost is paid elsewhere, three are left. */
Test(charges, what_is_left_varies_as_the_whole_did)
{
    struct rp_spread spread = rp_spread_constant();
    struct rp_spread left;

    spread.multiple[0] = 0.5;
    left = rp_charges_left(&spread, 100.0, 25.0);
    cr_expect(eq(dbl, left.multiple[0], 0.25));
    cr_expect(eq(dbl, left.multiple[5], 0.75));
}

/* A collection of 10 in a thousand requests is 0.01 a request: of the tail
 * beyond 99 % that is 1 of a cost of 4, a quarter of its mean. */
Test(charges, full_collections_are_taken_out_of_the_tail)
{
    struct rp_scenario s = scenario_of(RP_SERVER_DAPHNE);
    struct rp_profile profile = {0};
    struct rp_cost cost = {.mean_ns = 4.0, .spread = rp_spread_constant()};
    struct rp_charges c;

    know(&profile, RP_PARAMETER_FULL_DAPHNE, 1000.0);
    know(&profile, RP_PARAMETER_LENGTH_DAPHNE, 10.0);
    cost.spread.tail = 2.0;
    c = rp_charges_of(&s, &profile, true);
    cr_expect(
        epsilon_eq(dbl, rp_charges_spread(&c, &cost, true).tail, 1.75, 1e-9));
    cr_expect(eq(dbl, rp_charges_spread(&c, &cost, false).tail, 2.0));
    rp_scenario_free(&s);
}
