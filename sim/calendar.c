/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/calendar.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINE_BYTES = 64,
    PADDING = 8,
    HALF = RP_CALENDAR_NEAR / 2 /* as many move between near and far */
};

/* Three keys in front put four siblings on one line; the largest key behind
 * stands for children that are not there. */
static rp_calendar_key *allocate(size_t capacity)
{
    const size_t keys = (capacity + PADDING + 3) / 4 * 4;
    const size_t bytes = keys * sizeof(rp_calendar_key);
    rp_calendar_key *const heap = aligned_alloc(LINE_BYTES, bytes);

    if (heap)
        memset(heap, 0xff, bytes);
    return heap;
}

bool rp_calendar_init(struct rp_calendar *c, size_t capacity)
{
    *c = (struct rp_calendar){.heap = allocate(capacity),
                              .far_capacity = capacity,
                              .far_least = RP_CALENDAR_NONE,
                              .beside = RP_CALENDAR_NONE,
                              .near = {RP_CALENDAR_NONE}};
    c->top = c->near;
    return c->heap != NULL;
}

void rp_calendar_free(struct rp_calendar *c)
{
    free(c->heap);
    *c = (struct rp_calendar){0};
}

/* ---- The heap ---- */

static bool grow(struct rp_calendar *c)
{
    const size_t capacity = 2 * c->far_capacity + HALF;
    rp_calendar_key *const heap = allocate(capacity);

    if (!heap)
        return false;
    memcpy(heap, c->heap, (c->far_count + 3) * sizeof *heap);
    free(c->heap);
    c->heap = heap;
    c->far_capacity = capacity;
    return true;
}

static void push(struct rp_calendar *c, rp_calendar_key key)
{
    rp_calendar_key *const heap = c->heap + 3;
    size_t at = c->far_count++;

    while (at > 0) {
        const size_t parent = (at - 1) / 4;

        if (heap[parent] <= key)
            break;
        heap[at] = heap[parent];
        at = parent;
    }
    heap[at] = key;
}

/* Sink `key` from the root to its place. */
static void sink(struct rp_calendar *c, rp_calendar_key key)
{
    rp_calendar_key *const heap = c->heap + 3;
    const size_t count = c->far_count;
    size_t at = 0;

    for (;;) {
        const size_t child = 4 * at + 1;

        if (child >= count)
            break;
        const rp_calendar_key k0 = heap[child], k1 = heap[child + 1];
        const rp_calendar_key k2 = heap[child + 2], k3 = heap[child + 3];
        const size_t a = k1 < k0, b = 2 + (size_t)(k3 < k2);
        const rp_calendar_key ka = k1 < k0 ? k1 : k0, kb = k3 < k2 ? k3 : k2;
        const rp_calendar_key least = kb < ka ? kb : ka;

        if (key <= least)
            break;
        heap[at] = least;
        at = child + (kb < ka ? b : a);
    }
    heap[at] = key;
}

static rp_calendar_key pop(struct rp_calendar *c)
{
    rp_calendar_key *const heap = c->heap + 3;
    const rp_calendar_key first = heap[0];
    const size_t last = --c->far_count;
    const rp_calendar_key key = heap[last];

    heap[last] = RP_CALENDAR_NONE;
    if (last > 0)
        sink(c, key);
    return first;
}

/* ---- Near and far ---- */

void rp_calendar_refill(struct rp_calendar *c)
{
    const size_t count = c->far_count < HALF ? c->far_count : HALF;

    for (size_t i = count; i > 0; i--)
        c->near[i] = pop(c);
    c->top = c->near + count;
    c->far_least = c->heap[3];
}

/* The latter half of the near ones, which are as many as can be. */
static void spill(struct rp_calendar *c)
{
    for (size_t i = 1; i <= HALF; i++)
        push(c, c->near[i]);
    c->top -= HALF;
    memcpy(c->near + 1, c->near + 1 + HALF, HALF * sizeof *c->near);
    c->far_least = c->heap[3];
}

bool rp_calendar_put_far(struct rp_calendar *c, rp_calendar_key key)
{
    rp_calendar_key *at;

    if (c->far_count + HALF > c->far_capacity && !grow(c))
        return false;
    if (key < c->far_least && c->top == c->near + RP_CALENDAR_NEAR)
        spill(c);
    if (key > c->far_least) {
        push(c, key);
        return true;
    }
    for (at = ++c->top; at[-1] < key; at--)
        *at = at[-1];
    *at = key;
    return true;
}
