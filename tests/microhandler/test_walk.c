/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/burn.h"
#include "microhandler/ticks.h"
#include "microhandler/walk.h"

#include "stroll.h"
#include "trail.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <semaphore.h>

/* Every place in some stack: worker, caller, inner and outer loop under WSGI;
 * loop, sensitive, context, pool and the server's loop again under ASGI. */
static const char *const texts[] = {
    "server: {kind: gunicorn}\n"
    "middleware: [{name: a, kind: async}, {name: b, kind: sync}]\n"
    "view: {kind: async, cpu: 20us, wait: 50us}\n",
    "server: {kind: gthread, gil: false}\n"
    "framework: {name: django, version: 3.2.25, path: single}\n"
    "middleware: [{name: a, kind: sync}, {name: b, kind: sync}]\n"
    "view: {kind: sync}\n",
    "server: {kind: daphne}\n"
    "middleware: [{name: a, kind: sync}, {name: b, kind: mixin}]\n"
    "view: {kind: async, wait: 100us}\n",
    "server: {kind: uvicorn}\n"
    "middleware: [{name: a, kind: sync}]\nview: {kind: async, wait: 50us}\n",
    "server: {kind: uvicorn}\n"
    "framework: {name: django, version: 4.2.0, asgiref: 3.12.0}\n"
    "middleware: [{name: a, kind: sync}, {name: b, kind: async}]\n"
    "view: {kind: sync, wait: 50us}\n",
    "server: {kind: daphne, gil: false}\n"
    "view: {kind: sync, outcome: raise}\n",
};

enum { TEXTS = sizeof texts / sizeof *texts, WALKS = 5 };

/* Where loops answer at the end, and where they go on behind the answer. */
static void begin_either(struct stroll *s, bool loaded, const char *text,
                         double cost_ns)
{
    if (loaded)
        stroll_begin_text_loaded(s, text, cost_ns);
    else
        stroll_begin_text(s, text, cost_ns);
}

Test(walk, every_step_is_taken_where_the_program_says_and_counted)
{
    bool seen[RP_PLACE_OUTER_LOOP + 1] = {false};

    for (size_t k = 0; k < 2 * TEXTS; k++) {
        struct stroll s;

        begin_either(&s, k >= TEXTS, texts[k % TEXTS], 2000.0);
        for (int i = 0; i < WALKS; i++) {
            const size_t count = stroll_program(&s)->step_count;
            uint64_t sum;

            stroll_walk(&s);
            cr_expect(eq(sz, trail_first_wrong(&s, pthread_self()), count),
                      "text %zu", k);
            sum = s.walk.gil_ns;
            for (size_t op = 0; op < RP_METRICS_STEPS; op++)
                sum += s.walk.step_ns[op];
            cr_expect(eq(u64, sum, s.walk.step_began_ns - s.walk.started_ns),
                      "times in kinds of steps add up to the whole");
        }
        for (size_t i = 0; i < stroll_program(&s)->step_count; i++)
            seen[stroll_program(&s)->steps[i].place] = true;
        stroll_end(&s);
    }
    for (size_t i = 0; i <= RP_PLACE_OUTER_LOOP; i++)
        cr_expect(seen[i], "no stack goes to the place %s",
                  rp_place_name((enum rp_place)i));
}

Test(walk, every_step_of_a_program_is_walked_once)
{
    for (size_t k = 0; k < 2 * TEXTS; k++) {
        size_t ops[RP_METRICS_STEPS] = {0};
        struct stroll s;

        begin_either(&s, k >= TEXTS, texts[k % TEXTS], 0.0);
        for (int i = 0; i < WALKS; i++)
            stroll_walk(&s);
        for (size_t i = 0; i < stroll_program(&s)->step_count; i++)
            ops[stroll_program(&s)->steps[i].op]++;
        for (size_t op = 0; op < RP_METRICS_STEPS; op++)
            cr_expect(eq(u64, s.metrics->steps[op], WALKS * ops[op]),
                      "text %zu: %s", k, rp_op_name((enum rp_op)op));
        stroll_end(&s);
    }
}

/* The CPU clock of this thread is what is burned, here and nowhere else. */
/* By hand: four turns before the application has the request; then two for
 * each return from the thread-sensitive thread, one for what it asked for and
 * one for the task that wakes. request_started and response.close cross, and so
 * does the layer; its async_to_sync has a loop of its own. */
Test(walk, at_the_servers_loop_a_request_takes_the_turns_of_asyncio)
{
    struct stroll s;
    uint64_t before;

    stroll_begin_text(&s,
                      "server: {kind: uvicorn}\n"
                      "framework: {name: django, version: 3.2.25}\n"
                      "middleware: [{name: a, kind: sync}]\n"
                      "view: {kind: async}\n",
                      0.0);
    stroll_walk(&s);
    before = rp_evloop_turn(s.places.loop);
    stroll_walk(&s);
    cr_expect(
        eq(u64, stroll_count(&s, RP_COUNT_S2A_SENSITIVE), 2 * UINT64_C(3)));
    cr_expect(ge(u64, rp_evloop_turn(s.places.loop) - before, 3 + 3 * 2));
    stroll_end(&s);
}

Test(walk, cpu_is_burned_in_full_and_waits_are_waited)
{
    struct stroll s;
    uint64_t before;

    stroll_begin_text(&s,
                      "server: {kind: gunicorn}\n"
                      "view: {kind: sync, cpu: 3ms, wait: 2ms, calls: 2}\n",
                      1e6);
    before = rp_ticks_cpu();
    stroll_walk(&s);
    cr_expect(ge(u64, rp_ticks_cpu() - before, 4000000), "base and view");
    cr_expect(ge(u64, s.walk.step_ns[RP_STEP_WAIT], 4000000), "two waits");
    stroll_end(&s);
}

/* A price of 1 ms of which 0.9 were spent on reading the request. */
Test(walk, what_was_done_already_counts_towards_the_price)
{
    struct stroll s;
    struct rp_errand errand;
    uint64_t before, spent;

    stroll_begin_text(&s, "server: {kind: gunicorn, gil: false}\n", 20e6);
    errand = (struct rp_errand){.course = &s.courses.courses[0],
                                .spent_cpu_ns = 19000000};
    before = rp_ticks_cpu();
    rp_walk_in_thread(&s.walk, &errand);
    spent = rp_ticks_cpu() - before;
    cr_expect(ge(u64, spent, 900000));
    cr_expect(lt(u64, spent, 10000000), "not all of the 20 ms again");
    stroll_end(&s);
}

enum { BUSY_NS = 60000000 };

static void be_busy(void *owner)
{
    (void)owner;
    (void)rp_burn_until(rp_ticks_cpu() + BUSY_NS, NULL);
}

static void note_cpu(void *owner)
{
    *(uint64_t *)owner = rp_ticks_cpu();
}

/* Three crossings of 20 ms, of which the thread burns a quarter when it is
 * entered and one when it is left: 30 ms. What it did before, 60 ms, was to get
 * the request, for it was done with no other. */
Test(walk, what_a_thread_did_to_get_a_request_counts_towards_the_price)
{
    struct stroll s;
    uint64_t spent = 0;
    struct rp_job before = {.run = be_busy};
    struct rp_job after = {.run = note_cpu, .owner = &spent};

    stroll_begin_text(&s,
                      "server: {kind: uvicorn, gil: false}\n"
                      "framework: {name: django, version: 3.2.25}\n"
                      "view: {kind: sync}\n",
                      20e6);
    rp_crew_push(&s.places.sensitive, &before);
    stroll_walk(&s);
    cr_expect(eq(u64, stroll_count(&s, RP_COUNT_S2A_SENSITIVE), 3));
    rp_crew_push(&s.places.sensitive, &after);
    stroll_end(&s);
    cr_expect(ge(u64, spent, BUSY_NS));
    cr_expect(lt(u64, spent, BUSY_NS + 15000000), "not 30 ms more");
}

Test(walk, a_resource_that_is_taken_is_given_back)
{
    struct stroll s;

    stroll_begin_text(&s,
                      "server: {kind: daphne}\n"
                      "resources: [{name: db, capacity: 1}]\n"
                      "view: {kind: async, wait: 100us, calls: 3, "
                      "uses: db}\n",
                      0.0);
    for (int i = 0; i < WALKS; i++)
        stroll_walk(&s);
    cr_expect(eq(u32, s.places.stocks[0].units, 1));
    cr_expect(eq(u64, s.metrics->steps[RP_STEP_TAKE], 3 * WALKS));
    stroll_end(&s);
}

/* The same seed and number: the same luck, whatever ran before. */
Test(walk, a_request_has_the_same_luck_whenever_it_comes)
{
    static const char text[] =
        "server: {kind: gunicorn}\n"
        "view: {kind: sync, wait: {mean: 100us, shape: exponential}}\n";
    struct stroll one, other;
    double first[3];

    stroll_begin_text(&one, text, 0.0);
    stroll_begin_text(&other, text, 0.0);
    for (int i = 0; i < 3; i++) {
        stroll_walk(&one);
        first[i] = one.walk.level;
    }
    other.number = 2;
    stroll_walk(&other);
    cr_expect(eq(dbl, other.walk.level, first[2]));
    cr_expect(ne(dbl, first[0], first[2]));
    stroll_end(&one);
    stroll_end(&other);
}

/* Django sends the response, and crosses to close it then. */
static const char closes[] =
    "server: {kind: daphne, gil: false}\n"
    "framework: {name: django, version: 3.2.25, signals_async_aware: true}\n"
    "view: {kind: async}\n";

static sem_t answered;

static void wait_for_answer(void *owner)
{
    (void)owner;
    while (sem_wait(&answered) != 0)
        continue;
}

static void expect_no_crossing(struct stroll *s)
{
    cr_expect(eq(u64, stroll_count(s, RP_COUNT_S2A_SENSITIVE), 0));
    (void)sem_post(&answered);
}

/* The thread that the response is closed in is busy until the answer is there:
 * who waits for it, waits for ever. */
Test(walk, an_answer_does_not_wait_for_the_thread_that_closes_it, .timeout = 20)
{
    struct rp_job busy = {.run = wait_for_answer};
    struct stroll s;

    stroll_begin_text_loaded(&s, closes, 0.0);
    s.on_answer = expect_no_crossing;
    (void)sem_init(&answered, 0, 0);
    rp_crew_push(&s.places.sensitive, &busy);
    stroll_walk(&s);
    cr_expect(eq(u32, s.answers, 1));
    cr_expect(eq(sz, s.answer_step, 1), "behind the handler");
    cr_expect(eq(sz, s.walk.step, 3));
    cr_expect(eq(u64, stroll_count(&s, RP_COUNT_S2A_SENSITIVE), 1));
    cr_expect(eq(u64, s.metrics->steps[RP_STEP_LEAVE], 1));
    stroll_end(&s);
    (void)sem_destroy(&answered);
}

static uint64_t cpu_at_answer;

static void note_answer(struct stroll *s)
{
    (void)s;
    cpu_at_answer = rp_ticks_cpu();
}

/* A handler of 8 ms and a crossing of 8 ms: a request that is alone has taken
 * 16 when it is answered. Then the crossing is paid, half of it at the loop. */
Test(walk, what_follows_an_answer_is_paid_before_it_and_behind_it)
{
    struct stroll s;
    uint64_t before, after;

    stroll_begin_text_loaded(&s, closes, 8e6);
    s.on_answer = note_answer;
    before = rp_ticks_cpu();
    stroll_walk(&s);
    after = rp_ticks_cpu();
    cr_expect(ge(u64, cpu_at_answer - before, 16000000));
    cr_expect(ge(u64, after - cpu_at_answer, 3000000));
    stroll_end(&s);
}

static bool has_left;

static void leave(void *owner)
{
    (void)owner;
    has_left = true;
}

static void let_it_leave(struct stroll *s)
{
    static struct rp_job job = {.run = leave};

    rp_evloop_post(s->places.loop, &job);
}

/* Nothing crosses behind it here. */
Test(walk, a_walk_does_not_end_before_its_answer_had_a_turn)
{
    struct stroll s;

    stroll_begin_text_loaded(&s,
                             "server: {kind: uvicorn}\n"
                             "framework: {name: django, version: 3.2.25, "
                             "close_async_aware: true}\n"
                             "view: {kind: async}\n",
                             0.0);
    s.on_answer = let_it_leave;
    stroll_walk(&s);
    cr_expect(eq(sz, s.answer_step, stroll_program(&s)->step_count));
    cr_expect(has_left);
    stroll_end(&s);
}

Test(walk, without_the_mechanism_or_a_loop_the_answer_is_the_end)
{
    static const char *const ends[] = {
        "server: {kind: daphne}\nmechanisms: {after: false}\n",
        "server: {kind: gthread}\nview: {kind: async}\n",
        "server: {kind: daphne}\nhost: {scheduling: sharing}\n"};

    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        struct stroll s;

        stroll_begin_text_loaded(&s, ends[k], 0.0);
        stroll_walk(&s);
        cr_expect(eq(u32, s.answers, 0), "%s", ends[k]);
        stroll_end(&s);
    }
}
