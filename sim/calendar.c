/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/calendar.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 64, PADDING = 8 };

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
                              .capacity = capacity,
                              .beside = RP_CALENDAR_NONE};
    return c->heap != NULL;
}

bool rp_calendar_grow(struct rp_calendar *c, size_t capacity)
{
    rp_calendar_key *const heap = allocate(capacity);

    if (!heap)
        return false;
    memcpy(heap, c->heap, (c->count + 3) * sizeof *heap);
    free(c->heap);
    c->heap = heap;
    c->capacity = capacity;
    return true;
}

void rp_calendar_free(struct rp_calendar *c)
{
    free(c->heap);
    *c = (struct rp_calendar){0};
}
