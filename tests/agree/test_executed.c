/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two readers of one program: what the microhandler really did, counted where
 * threads are started, loops made and calls handed over, is what the program's
 * counts say, which are what `explain` prints and what the real Django was seen
 * to do. And each step ran in the thread that its place means. */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/ticks.h"
#include "tests/microhandler/stroll.h"
#include "tests/microhandler/trail.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

enum { STACKS = 500, LAYERS = 10 };

/* Any generator would do; the stacks are the same in every run. */
static unsigned next(uint64_t *state, unsigned below)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (unsigned)(*state >> 33) % below;
}

static const struct {
    struct rp_version django, asgiref;
} versions[] = {{{3, 1, 0}, {3, 2, 10}}, {{3, 2, 25}, {3, 6, 0}},
                {{3, 2, 25}, {3, 8, 0}}, {{4, 2, 0}, {3, 6, 0}},
                {{4, 2, 0}, {3, 8, 1}},  {{5, 2, 0}, {3, 12, 0}}};

static struct rp_scenario random_scenario(uint64_t *state, bool asgi,
                                          char letters[LAYERS + 1])
{
    static const enum rp_server_kind servers[2][2] = {
        {RP_SERVER_GUNICORN, RP_SERVER_GTHREAD},
        {RP_SERVER_DAPHNE, RP_SERVER_UVICORN}};
    static const char kinds[] = "SSAAHMRPVvTtXxYy";
    const unsigned count = next(state, LAYERS + 1);
    const unsigned version = next(state, sizeof versions / sizeof *versions);
    struct rp_scenario s;

    for (unsigned i = 0; i < count; i++)
        letters[i] = kinds[next(state, sizeof kinds - 1)];
    letters[count] = '\0';
    cr_assert(eq(int, rp_scenario_init(&s, NULL), RP_OK));
    cr_assert(eq(int, rp_scenario_set_letters(&s, letters, NULL), RP_OK));
    s.server.kind = servers[asgi][next(state, 2)];
    s.server.gil = next(state, 2);
    s.server.app_built_in_loop = rp_server_builds_in_loop(s.server.kind);
    s.framework.version = versions[version].django;
    s.framework.asgiref_version = versions[version].asgiref;
    s.framework.path =
        next(state, 4) == 0 ? (enum rp_path)(1 + next(state, 2)) : RP_PATH_DUAL;
    s.view_async = next(state, 2);
    s.outcome = (enum rp_outcome)next(state, 4);
    return s;
}

static void expect_counts(const struct stroll *s, unsigned walks,
                          const char *letters)
{
    const struct rp_counts c = rp_program_count(stroll_program(s));
    const struct {
        const char *what;
        uint64_t found;
        unsigned expected;
    } rows[] = {
        {"loops created", stroll_count(s, RP_COUNT_LOOPS), c.loops_created},
        {"threads created", stroll_count(s, RP_COUNT_THREADS),
         c.threads_created -
             c.pool_threads}, /* it has one pool for all loops */
        {"sensitive", stroll_count(s, RP_COUNT_S2A_SENSITIVE), c.s2a_sensitive},
        {"context", stroll_count(s, RP_COUNT_S2A_CONTEXT), c.s2a_context},
        {"pool", stroll_count(s, RP_COUNT_S2A_POOL), c.s2a_pool},
        {"caller", stroll_count(s, RP_COUNT_S2A_CALLER), c.s2a_caller},
        {"async_to_sync",
         stroll_count(s, RP_COUNT_A2S_NEW) +
             stroll_count(s, RP_COUNT_A2S_LOOP) +
             stroll_count(s, RP_COUNT_A2S_OUTER),
         c.async_to_sync},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(eq(u64, rows[i].found, (uint64_t)walks * rows[i].expected),
                  "%s of \"%s\" under %s", rows[i].what, letters,
                  rp_server_word(s->scenario.server.kind));
}

/* Two requests each: the second meets what the first has left behind. */
static unsigned walk_random_stacks(bool asgi, bool loaded)
{
    uint64_t state = 20191125 + asgi;
    unsigned crossings = 0;

    for (unsigned i = 0; i < STACKS; i++) {
        char letters[LAYERS + 1];
        const struct rp_scenario scenario =
            random_scenario(&state, asgi, letters);
        struct stroll s;

        if (loaded)
            stroll_begin_loaded(&s, scenario, 0.0);
        else
            stroll_begin(&s, scenario, 0.0);
        for (unsigned k = 0; k < 2; k++) {
            stroll_walk(&s);
            cr_expect(eq(sz, trail_first_wrong(&s, pthread_self()),
                         stroll_program(&s)->step_count),
                      "\"%s\" under %s", letters,
                      rp_server_word(s.scenario.server.kind));
        }
        expect_counts(&s, 2, letters);
        cr_expect(eq(u32, s.answers, asgi && loaded ? 2 : 0));
        crossings += rp_program_count(stroll_program(&s)).sync_to_async;
        stroll_end(&s);
    }
    return crossings;
}

Test(executed, under_wsgi_500_stacks_do_what_their_programs_count)
{
    cr_expect(gt(u32, walk_random_stacks(false, false), STACKS),
              "they cross at all");
}

Test(executed, under_asgi_500_stacks_do_what_their_programs_count)
{
    cr_expect(gt(u32, walk_random_stacks(true, false), 2 * STACKS));
}

/* The same once what follows the answer is done. */
Test(executed, also_where_clients_are_answered_before_the_end)
{
    cr_expect(gt(u32, walk_random_stacks(true, true), 2 * STACKS));
}

/* The shortest of many walks: what else the machine does is no part of it. */
static uint64_t shortest_ns(const char *letters, enum rp_server_kind server,
                            double cost_ns)
{
    struct rp_scenario scenario;
    struct stroll s;
    uint64_t shortest = UINT64_MAX;

    cr_assert(eq(int, rp_scenario_init(&scenario, NULL), RP_OK));
    cr_assert(
        eq(int, rp_scenario_set_letters(&scenario, letters, NULL), RP_OK));
    scenario.server.kind = server;
    stroll_begin(&s, scenario, cost_ns);
    for (int i = 0; i < 100; i++) {
        uint64_t took;

        stroll_walk(&s);
        took = s.walk.step_began_ns - s.walk.started_ns;
        shortest = took < shortest ? took : shortest;
    }
    stroll_end(&s);
    return shortest;
}

static uint64_t shorter(uint64_t than, uint64_t ns)
{
    return ns < than ? ns : than;
}

/* Order, not size: the stacks are those whose programs contain one another. On
 * a machine that is busy with other things each walk may be slow for a while,
 * so the shortest of several rounds counts. */
Test(executed, a_request_that_crosses_more_takes_longer)
{
    uint64_t none = UINT64_MAX, one = UINT64_MAX, two = UINT64_MAX;

    for (int i = 0; i < 10 && !(none < one && one < two); i++) {
        none = shorter(none, shortest_ns("S", RP_SERVER_GUNICORN, 0.0));
        one = shorter(one, shortest_ns("AS", RP_SERVER_GUNICORN, 0.0));
        two = shorter(two, shortest_ns("ASAS", RP_SERVER_GUNICORN, 0.0));
    }
    cr_expect(lt(u64, none, one));
    cr_expect(lt(u64, one, two));
    cr_expect(ge(u64, shortest_ns("S", RP_SERVER_GUNICORN, 100e3), 200000),
              "a base and a layer of 100 us");
}
