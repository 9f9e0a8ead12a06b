/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/deadlines.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 256 };

static bool grow(struct rp_deadlines *d)
{
    const size_t wanted = d->capacity ? 2 * d->capacity : FIRST_CAPACITY;
    struct rp_deadline *const ring = malloc(wanted * sizeof *ring);

    if (!ring)
        return false;
    for (size_t i = 0; i < d->count; i++)
        ring[i] = d->ring[(d->head + i) & (d->capacity - 1)];
    free(d->ring);
    d->ring = ring;
    d->head = 0;
    d->capacity = wanted;
    return true;
}

bool rp_deadlines_add(struct rp_deadlines *d, struct rp_deadline deadline)
{
    if (d->count == d->capacity && !grow(d))
        return false;
    assert(d->count == 0 ||
           d->ring[(d->head + d->count - 1) & (d->capacity - 1)].due_ns <=
               deadline.due_ns);
    d->ring[(d->head + d->count) & (d->capacity - 1)] = deadline;
    d->count++;
    return true;
}

void rp_deadlines_free(struct rp_deadlines *d)
{
    free(d->ring);
    *d = (struct rp_deadlines){0};
}
