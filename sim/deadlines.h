/**
 * Deadlines: time-outs of one length, of which nearly none comes to pass.
 *
 * A time-out that is set with every request and almost always cancelled would
 * double the calendar. As all of a class have the same length, they fall due in
 * the order in which they were set: a ring is enough. Cancelling is nothing at
 * all: whoever looks at a deadline knows whether its request is still the one
 * that set it, and drops it otherwise, without the clock moving to it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_DEADLINES_H
#define RP_SIM_DEADLINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rp_deadline {
    uint64_t due_ns;
    uint32_t owner;
    uint32_t serial; /* of the attempt that set it */
};

struct rp_deadlines {
    struct rp_deadline *ring;     /* owned */
    size_t head, count, capacity; /* capacity is a power of two */
};

/** Add one, due no earlier than those before it; false when memory is short. */
bool rp_deadlines_add(struct rp_deadlines *deadlines,
                      struct rp_deadline deadline);

/** The first; NULL where there is none. */
static inline const struct rp_deadline *
rp_deadlines_first(const struct rp_deadlines *deadlines)
{
    return deadlines->count > 0 ? &deadlines->ring[deadlines->head] : NULL;
}

/** Drop the first; there must be one. */
static inline void rp_deadlines_drop(struct rp_deadlines *deadlines)
{
    deadlines->head = (deadlines->head + 1) & (deadlines->capacity - 1);
    deadlines->count--;
}

/** Harmless on zeroed or freed deadlines. */
void rp_deadlines_free(struct rp_deadlines *deadlines);

#endif
