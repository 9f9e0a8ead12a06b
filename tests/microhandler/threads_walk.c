/* Many requests at once in one process, over every place: nothing races, all
 * arrive, and what they did is what their programs say. A plain program, as
 * Criterion does not run under ThreadSanitizer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stroll.h"

#include <stdio.h>
#include <stdlib.h>

enum { WALKS = 24, ROUNDS = 8 };

/* Resources are short, so that walks at loops and threads stand in one line. */
static const char *const texts[] = {
    "server: {kind: daphne}\n"
    "resources: [{name: db, capacity: 2}]\n"
    "middleware: [{name: a, kind: sync}, {name: b, kind: mixin},"
    " {name: c, kind: sync}]\n"
    "view: {kind: async, cpu: 10us, wait: 50us, calls: 2, uses: db}\n",
    "server: {kind: uvicorn, gil: false}\n"
    "framework: {name: django, version: 4.2.0, asgiref: 3.12.0}\n"
    "resources: [{name: db, capacity: 1}]\n"
    "middleware: [{name: a, kind: sync, before: {wait: 20us, uses: db}},"
    " {name: b, kind: async}]\n"
    "view: {kind: sync, wait: 50us, uses: db, outcome: raise}\n",
    "server: {kind: gthread}\n"
    "resources: [{name: db, capacity: 1}]\n"
    "middleware: [{name: a, kind: async, before: {wait: 20us, uses: db}},"
    " {name: b, kind: sync, before: {wait: 20us, uses: db}}]\n"
    "view: {kind: async, cpu: 10us, wait: 20us}\n",
};

enum { TEXTS = sizeof texts / sizeof *texts };

/* One request after the other, in a walk of its own. */
struct walker {
    struct stroll *stroll;
    struct rp_walk walk;
    unsigned rounds, answers;
    struct rp_job job;
    unsigned *left; /* walkers in the loop that have not ended */
};

static struct rp_errand errand_of(const struct walker *w)
{
    return (struct rp_errand){.course = &w->stroll->courses.courses[0],
                              .seed = 1,
                              .number = w->rounds};
}

static void count_answer(void *owner)
{
    struct walker *const w = owner;

    w->answers++;
}

static void go_round(void *owner)
{
    struct walker *const w = owner;
    const struct rp_walk_host host = {
        .answered = count_answer, .done = go_round, .owner = w};
    struct rp_errand errand;

    if (w->rounds == ROUNDS) {
        if (--*w->left == 0)
            rp_evloop_stop(w->stroll->places.loop);
        return;
    }
    w->rounds++;
    errand = errand_of(w);
    rp_walk_in_loop(&w->walk, &errand, &host);
}

static void *go_rounds(void *argument)
{
    struct walker *const w = argument;

    while (w->rounds++ < ROUNDS) {
        const struct rp_errand errand = errand_of(w);

        (void)rp_gil_take(w->stroll->places.gil);
        rp_walk_in_thread(&w->walk, &errand);
        rp_gil_drop(w->stroll->places.gil);
    }
    return NULL;
}

static void run_in_loop(struct stroll *s, struct walker *walkers)
{
    unsigned left = WALKS;

    for (int i = 0; i < WALKS; i++) {
        walkers[i].left = &left;
        walkers[i].job = (struct rp_job){.run = go_round, .owner = &walkers[i]};
        rp_evloop_post(s->places.loop, &walkers[i].job);
    }
    rp_evloop_run(s->places.loop);
}

static void run_in_threads(struct walker *walkers)
{
    pthread_t threads[WALKS];

    for (int i = 0; i < WALKS; i++)
        if (pthread_create(&threads[i], NULL, go_rounds, &walkers[i]) != 0)
            exit(1);
    for (int i = 0; i < WALKS; i++)
        (void)pthread_join(threads[i], NULL);
}

static void expect(const char *what, uint64_t found, uint64_t each)
{
    if (found == each * WALKS * ROUNDS)
        return;
    (void)fprintf(stderr, "%s: %llu, expected %d times %llu\n", what,
                  (unsigned long long)found, WALKS * ROUNDS,
                  (unsigned long long)each);
    exit(1);
}

int main(void)
{
    /* And again, answering before the end where there is a loop. */
    for (size_t k = 0; k < 2 * TEXTS; k++) {
        static struct walker walkers[WALKS];
        const bool loaded = k >= TEXTS;
        struct stroll s;
        struct rp_counts counts;
        unsigned answers = 0;

        if (loaded)
            stroll_begin_text_loaded(&s, texts[k % TEXTS], 500.0);
        else
            stroll_begin_text(&s, texts[k], 500.0);
        for (int i = 0; i < WALKS; i++) {
            walkers[i] = (struct walker){.stroll = &s};
            if (rp_walk_init(&walkers[i].walk, &s.places, s.courses.deepest,
                             NULL))
                return 1;
        }
        if (s.places.loop)
            run_in_loop(&s, walkers);
        else
            run_in_threads(walkers);
        counts = rp_program_count(stroll_program(&s));
        expect("loops", stroll_count(&s, RP_COUNT_LOOPS), counts.loops_created);
        expect("threads", stroll_count(&s, RP_COUNT_THREADS),
               counts.threads_created - counts.pool_threads);
        expect("callers", stroll_count(&s, RP_COUNT_S2A_CALLER),
               counts.s2a_caller);
        for (int i = 0; i < WALKS; i++) {
            answers += walkers[i].answers;
            rp_walk_free(&walkers[i].walk);
        }
        expect("answers", answers, loaded && s.places.loop ? 1 : 0);
        stroll_end(&s);
    }
    return 0;
}
