/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "limits.h"

#include "sim/variate.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- Random numbers: sfc64 (C. Doty-Humphrey, PractRand), ziggurat ---- */

struct generator {
    uint64_t a, b, c, counter;
    struct rp_ziggurat ziggurat;
};

static inline uint64_t next_word(struct generator *g)
{
    const uint64_t word = g->a + g->b + g->counter++;

    g->a = g->b ^ (g->b >> 11);
    g->b = g->c + (g->c << 3);
    g->c = ((g->c << 24) | (g->c >> 40)) + word;
    return word;
}

static void seed_generator(struct generator *g, uint64_t seed)
{
    *g = (struct generator){.a = seed, .b = ~seed, .c = 1, .counter = 1};
    rp_ziggurat_make(&g->ziggurat);
    for (int i = 0; i < 20; i++)
        (void)next_word(g);
}

static inline double next_exponential(struct generator *g)
{
    const uint64_t word = next_word(g);
    const uint64_t layer = word & 255u, place = word >> 8;
    struct rp_stream rare = {word};

    if (place < g->ziggurat.edge[layer])
        return (double)(int64_t)place * g->ziggurat.width[layer];
    return rp_exponential_outside(&g->ziggurat, word, rare, g->counter);
}

/* ---- Events: a heap with four children a node ---- */

struct event {
    double time;
    uint32_t sequence, owner;
};

struct events {
    struct event *heap;
    uint32_t count, sequence;
};

static inline bool earlier(struct event a, struct event b)
{
    return a.time < b.time ||
           (a.time == b.time && (int32_t)(a.sequence - b.sequence) < 0);
}

static inline void put(struct events *e, double time, uint32_t owner)
{
    const struct event event = {time, e->sequence++, owner};
    uint32_t at = e->count++;

    while (at > 0 && earlier(event, e->heap[(at - 1) / 4])) {
        e->heap[at] = e->heap[(at - 1) / 4];
        at = (at - 1) / 4;
    }
    e->heap[at] = event;
}

static inline void sink(struct events *e, struct event event)
{
    uint32_t at = 0;

    for (;;) {
        const uint32_t child = 4 * at + 1;
        uint32_t best = child;
        const uint32_t end = child + 4 < e->count ? child + 4 : e->count;

        if (child >= e->count)
            break;
        for (uint32_t i = child + 1; i < end; i++)
            if (earlier(e->heap[i], e->heap[best]))
                best = i;
        if (!earlier(e->heap[best], event))
            break;
        e->heap[at] = e->heap[best];
        at = best;
    }
    e->heap[at] = event;
}

static inline void replace_first(struct events *e, double time, uint32_t owner)
{
    sink(e, (struct event){time, e->sequence++, owner});
}

static inline void take_first(struct events *e)
{
    const struct event last = e->heap[--e->count];

    if (e->count > 0)
        sink(e, last);
}

/* ---- M/M/1 ---- */

double limit_mm1(uint64_t count, uint64_t seed)
{
    enum { RING = 1 << 16, ARRIVAL = 0, DEPARTURE = 1 };
    struct event heap[4];
    struct events events = {.heap = heap};
    struct generator g;
    double *const arrived = calloc(RING, sizeof *arrived);
    uint64_t head = 0, tail = 0, done = 0;
    double sum = 0.0;

    assert(arrived);
    seed_generator(&g, seed);
    put(&events, next_exponential(&g) / 0.9, ARRIVAL);
    while (done < count) {
        const struct event now = heap[0];

        if (now.owner == ARRIVAL) {
            assert(tail - head < RING);
            arrived[tail++ % RING] = now.time;
            replace_first(&events, now.time + next_exponential(&g) / 0.9,
                          ARRIVAL);
            if (tail - head == 1)
                put(&events, now.time + next_exponential(&g), DEPARTURE);
            continue;
        }
        sum += now.time - arrived[head++ % RING];
        done++;
        if (tail > head)
            replace_first(&events, now.time + next_exponential(&g), DEPARTURE);
        else
            take_first(&events);
    }
    free(arrived);
    return sum / (double)count;
}

/* ---- The path of eight steps ---- */

enum { LOOP, THREADS, DATABASE, STATIONS, STEPS = 8, NOBODY = UINT32_MAX };

static const uint8_t station_of[STEPS] = {LOOP,     LOOP, THREADS, LOOP,
                                          DATABASE, LOOP, THREADS, LOOP};

struct visitor {
    double begun;
    uint32_t next, step;
};

struct server_pool {
    uint32_t free, head, tail, waiting;
    double mean_us;
};

struct path {
    struct events events;
    struct generator g;
    struct visitor *visitors;
    uint32_t visitor_count, free_head;
    struct server_pool stations[STATIONS];
    bool replaced;
};

static inline void at(struct path *p, double time, uint32_t owner)
{
    if (p->replaced) {
        put(&p->events, time, owner);
        return;
    }
    p->replaced = true;
    replace_first(&p->events, time, owner);
}

static inline void ask(struct path *p, uint32_t id, double now)
{
    struct visitor *const v = &p->visitors[id];
    struct server_pool *const s = &p->stations[station_of[v->step]];

    if (s->free > 0) {
        s->free--;
        at(p, now + s->mean_us * next_exponential(&p->g), id);
        return;
    }
    v->next = NOBODY;
    if (s->waiting++)
        p->visitors[s->tail].next = id;
    else
        s->head = id;
    s->tail = id;
}

static inline void release(struct path *p, struct server_pool *s, double now)
{
    const uint32_t next = s->head;

    if (s->waiting == 0) {
        s->free++;
        return;
    }
    s->waiting--;
    s->head = p->visitors[next].next;
    at(p, now + s->mean_us * next_exponential(&p->g), next);
}

static uint32_t new_visitor(struct path *p)
{
    const uint32_t id = p->free_head;

    if (id == NOBODY)
        return p->visitor_count++;
    p->free_head = p->visitors[id].next;
    return id;
}

double limit_path8(uint64_t count, double database_us, unsigned connections,
                   uint64_t seed)
{
    enum { MOST = 1 << 17 };
    struct path *const p = calloc(1, sizeof *p);
    uint64_t done = 0;
    double sum = 0.0;

    assert(p);
    p->events.heap = malloc((MOST + 8) * sizeof *p->events.heap);
    p->visitors = malloc(MOST * sizeof *p->visitors);
    assert(p->events.heap && p->visitors);
    seed_generator(&p->g, seed);
    p->free_head = NOBODY;
    p->stations[LOOP] = (struct server_pool){.free = 1, .mean_us = 50.0};
    p->stations[THREADS] = (struct server_pool){.free = 40, .mean_us = 100.0};
    p->stations[DATABASE] =
        (struct server_pool){.free = connections, .mean_us = database_us};
    put(&p->events, next_exponential(&p->g) * 1e6 / 3000.0, NOBODY);
    while (done < count) {
        const struct event now = p->events.heap[0];
        uint32_t id = now.owner;

        p->replaced = false;
        if (id == NOBODY) {
            at(p, now.time + next_exponential(&p->g) * 1e6 / 3000.0, NOBODY);
            id = new_visitor(p);
            assert(p->visitor_count < MOST);
            p->visitors[id] = (struct visitor){.begun = now.time};
            ask(p, id, now.time);
        } else {
            struct visitor *const v = &p->visitors[id];

            release(p, &p->stations[station_of[v->step]], now.time);
            if (++v->step < STEPS) {
                ask(p, id, now.time);
            } else {
                sum += now.time - v->begun;
                done++;
                v->next = p->free_head;
                p->free_head = id;
            }
        }
        if (!p->replaced)
            take_first(&p->events);
    }
    free(p->visitors);
    free(p->events.heap);
    free(p);
    return sum / (double)count;
}
