/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/follow.h"

#include "flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const double us = 1e3;

static struct rp_scenario scenario_of(const char *text)
{
    struct rp_scenario scenario;
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_scenario_read_text(text, strlen(text), "x.yaml", &scenario,
                                       &error),
                 RP_OK),
              "%s", error.text);
    return scenario;
}

static struct rp_profile costs(void)
{
    return flat_profile((struct flat_costs){.base = 100 * us,
                                            .layer = 10 * us,
                                            .s2a = 60 * us,
                                            .a2s_new = 400 * us,
                                            .gap = 80 * us});
}

static struct rp_life follow_with(struct rp_profile profile, const char *text,
                                  uint64_t warm_up, uint64_t number)
{
    struct rp_scenario scenario = scenario_of(text);
    struct rp_life life = {.number = 0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_follow(&scenario, &profile, warm_up, number, &life, &error),
                 RP_OK),
              "%s", error.text);
    rp_profile_free(&profile);
    rp_scenario_free(&scenario);
    return life;
}

static struct rp_life follow(const char *text, uint64_t warm_up,
                             uint64_t number)
{
    return follow_with(costs(), text, warm_up, number);
}

struct expected {
    enum rp_stretch_kind kind;
    double from_us, to_us; /* since the beginning */
    const char *reason;
};

/* One client of ab: its gap of 80 us, then two layers around an async view. */
Test(follow, alone_a_request_is_told_cost_by_cost)
{
    static const struct expected all[] = {
        {RP_STRETCH_HOLDS, 0, 80, "client"}, /* ab's one thread */
        {RP_STRETCH_CLIENT, 0, 80, ""},
        {RP_STRETCH_HOLDS, 80, 5600, "server"}, /* a worker thread */
        {RP_STRETCH_HOLDS, 80, 400, "WSGI handler (server)"}, /* the GIL */
        {RP_STRETCH_HOLDS, 80, 400, "WSGI handler (server)"}, /* a core */
        {RP_STRETCH_RUNS, 80, 180, "WSGI handler (server)"},
        {RP_STRETCH_RUNS, 180, 190, "sync layer (a)"},
        {RP_STRETCH_RUNS, 190, 200, "sync layer (b)"},
        {RP_STRETCH_RUNS, 200, 400, "async_to_sync async view (view)"},
        {RP_STRETCH_WAITS, 400, 5400, "own wait (view)"},
        {RP_STRETCH_HOLDS, 5400, 5600, "async_to_sync async view (view)"},
        {RP_STRETCH_HOLDS, 5400, 5600, "async_to_sync async view (view)"},
        {RP_STRETCH_RUNS, 5400, 5600, "async_to_sync async view (view)"},
    };
    struct rp_life life =
        follow("middleware: [{name: a, kind: sync}, {name: b, kind: sync}]\n"
               "view: {kind: async, wait: 5ms}\n"
               "load: {clients: 1, client: ab}\n",
               0, 1);

    cr_assert(eq(sz, life.stretch_count, sizeof all / sizeof *all));
    for (size_t i = 0; i < life.stretch_count; i++) {
        const struct rp_stretch *const s = &life.stretches[i];

        cr_expect(eq(int, s->kind, all[i].kind), "stretch %zu", i);
        cr_expect(eq(dbl, (double)s->from_ns / us, all[i].from_us),
                  "stretch %zu", i);
        cr_expect(eq(dbl, (double)s->to_ns / us, all[i].to_us), "stretch %zu",
                  i);
        cr_expect(eq(str, (char *)s->reason, (char *)all[i].reason));
    }
    cr_expect(eq(int, life.ending, RP_ENDING_ANSWERED));
    cr_expect(eq(u64, life.number, 1));
    cr_expect(eq(u64, life.arrived_ns, 80000));
    cr_expect(eq(u64, life.ended_ns, 5600000));
    cr_expect(eq(u32, life.attempts, 1));
    cr_expect(not(life.stretches[2].is_brief), "held over a wait");
    cr_expect(life.stretches[3].is_brief);
    rp_life_free(&life);
    rp_life_free(&life);
}

/* What does not hold follows what does not hold, without a gap, from the
 * beginning to the end. */
static void expect_no_gap(const struct rp_life *life)
{
    uint64_t until_ns = life->begun_ns;

    for (size_t i = 0; i < life->stretch_count; i++) {
        const struct rp_stretch *const s = &life->stretches[i];

        cr_expect(s->from_ns <= s->to_ns && s->to_ns <= life->ended_ns);
        if (i > 0)
            cr_expect(s->from_ns >= life->stretches[i - 1].from_ns ||
                      s->kind == RP_STRETCH_HOLDS);
        if (s->kind == RP_STRETCH_HOLDS)
            continue;
        /* parts of one hold are rounded each, the hold once */
        cr_expect(s->from_ns <= until_ns + 1 && s->from_ns + 1 >= until_ns,
                  "request %llu, stretch %zu: %llu after %llu",
                  (unsigned long long)life->number, i,
                  (unsigned long long)s->from_ns, (unsigned long long)until_ns);
        until_ns = s->to_ns;
    }
    cr_expect(life->ended_ns <= until_ns + 1 && life->ended_ns + 1 >= until_ns);
}

static const char *const crowded[] = {
    "host: {scheduling: quantum, quantum: 100us}\n"
    "server: {kind: daphne}\n"
    "middleware: [{name: a, kind: sync}, {name: b, kind: async}]\n"
    "view: {kind: async, cpu: 500us, wait: {mean: 5ms, cv: 1}}\n"
    "load: {clients: 12, think: 2ms}\n"
    "run: {requests: 500}\n",
    "host: {scheduling: sharing}\n"
    "view: {kind: sync, cpu: 500us, wait: {mean: 5ms, cv: 1}}\n"
    "server: {kind: gthread, threads: 4, gil: false}\n"
    "load: {clients: 6}\n"
    "run: {requests: 500}\n",
    "server: {kind: daphne}\n"
    "middleware: [{name: a, kind: sync}, {name: b, kind: async}]\n"
    "view: {kind: async, cpu: 500us, wait: {mean: 5ms, cv: 1}, uses: db}\n"
    "resources: [{name: db, capacity: 2}]\n"
    "load: {clients: 12, think: 2ms}\n"
    "run: {requests: 500}\n",
    "view: {kind: sync, cpu: 2ms, wait: {mean: 5ms, cv: 1}}\n"
    "server: {kind: gthread, threads: 4, backlog: 3}\n"
    "load: {kind: open, rate: 900/s, timeout: 4ms, retries: 2, backoff: 3ms}\n"
    "run: {requests: 500}\n",
};

Test(follow, a_life_has_no_gaps_whatever_happens_in_it)
{
    unsigned left = 0, away = 0, given_up = 0, answered = 0;

    for (size_t c = 0; c < sizeof crowded / sizeof *crowded; c++)
        for (uint64_t number = 1; number < 300; number += 7) {
            struct rp_life life = follow(crowded[c], 20, number);

            cr_expect(eq(u64, life.number, number));
            expect_no_gap(&life);
            for (size_t i = 0; i < life.stretch_count; i++) {
                left += life.stretches[i].kind == RP_STRETCH_LEAVES;
                away += life.stretches[i].kind == RP_STRETCH_TURNED_AWAY;
            }
            given_up += life.ending == RP_ENDING_GIVEN_UP;
            answered += life.ending == RP_ENDING_ANSWERED;
            rp_life_free(&life);
        }
    cr_expect(gt(u32, left, 0));
    cr_expect(gt(u32, away, 0));
    cr_expect(gt(u32, given_up, 0));
    cr_expect(gt(u32, answered, 40));
}

/* With everything that happens under load: iterations, timers that are late,
 * code that waits, is cold or paused, answers in the middle. */
static struct rp_profile loaded_costs(void)
{
    static const double us_of[RP_PARAMETER_COUNT] = {
        [RP_PARAMETER_CLIENT] = 30,
        [RP_PARAMETER_WAKEUP] = 20,
        [RP_PARAMETER_ITERATION] = 4,
        [RP_PARAMETER_PIPE] = 3,
        [RP_PARAMETER_THREAD] = 5,
        [RP_PARAMETER_HANDOVER] = 2,
        [RP_PARAMETER_AFTER_GTHREAD] = 15,
        [RP_PARAMETER_AFTER_DAPHNE] = 25,
        [RP_PARAMETER_SLOWNESS] = 4e-3,
        [RP_PARAMETER_FADE] = 200,
        [RP_PARAMETER_IDLE] = 2000,
        [RP_PARAMETER_WAKING] = 1e-5,
        [RP_PARAMETER_DISPLACED] = 3e-4,
        [RP_PARAMETER_OTHERS] = 2000,
        [RP_PARAMETER_SLACK] = 150,
        [RP_PARAMETER_ACCEPT] = 12,
        [RP_PARAMETER_FULL_DAPHNE] = 90e-3,
        [RP_PARAMETER_CROWDED_DAPHNE] = 40e-3,
        [RP_PARAMETER_LENGTH_DAPHNE] = 30000};
    struct rp_profile p = costs();

    for (unsigned i = 0; i < RP_PARAMETER_COUNT; i++) {
        p.under_load.known[i] = us_of[i] > 0.0;
        p.under_load.value[i] = us * us_of[i];
    }
    return p;
}

Test(follow, a_life_has_no_gaps_whatever_happens_under_load)
{
    static const char *const others[] = {
        "server: {kind: daphne}\n"
        "middleware: [{name: a, kind: sync}, {name: b, kind: async}]\n"
        "view: {kind: async, cpu: 6ms, wait: {mean: 5ms, cv: 1}}\n"
        "load: {clients: 12, client: ab}\n"
        "run: {requests: 500}\n",
        "view: {kind: sync, cpu: 7ms, wait: {mean: 5ms, cv: 1}}\n"
        "server: {kind: gthread, threads: 4}\n"
        "load: {clients: 9, client: ab}\n"
        "run: {requests: 500}\n",
    };
    unsigned answered = 0;

    for (size_t c = 0; c < 6; c++)
        for (uint64_t number = 1; number < 300; number += 7) {
            struct rp_life life = follow_with(
                loaded_costs(), c < 4 ? crowded[c] : others[c - 4], 20, number);

            cr_expect(eq(u64, life.number, number));
            expect_no_gap(&life);
            answered += life.ending == RP_ENDING_ANSWERED;
            rp_life_free(&life);
        }
    cr_expect(gt(u32, answered, 150));
}

Test(follow, the_first_after_the_warm_up_is_followed_where_no_number_is_given)
{
    struct rp_life life = follow(crowded[0], 100, 0);

    cr_expect(ge(u64, life.number, 101));
    cr_expect(le(u64, life.number, 101 + 12), "at most each client's next");
    rp_life_free(&life);
}

Test(follow, a_request_that_never_comes_is_an_error)
{
    struct rp_scenario scenario = scenario_of("load: {clients: 1}\n"
                                              "run: {requests: 50}\n");
    struct rp_profile profile = costs();
    struct rp_life life = {.number = 0};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_follow(&scenario, &profile, 10, 1000, &life, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "request 1000 never comes: the first replication is over "
                 "after about 60; ask for an earlier one, or give run.requests "
                 "a larger number"));
    rp_profile_free(&profile);
    rp_scenario_free(&scenario);
}
