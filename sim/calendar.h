/**
 * The calendar: what happens when, soonest first.
 *
 * An entry is one key of 128 bits: the time, then a sequence number, so that
 * entries of one instant come in the order in which they were put, then who it
 * is for. The soonest few keys are a sorted list: most of what a queueing
 * network plans happens soon, and finds its place in it after a step or two,
 * however many others wait for something far away. Those form a heap with four
 * children a node, aligned so that four children are one cache line, and padded
 * with the largest key so that the smallest child is chosen without branches.
 * One entry may be kept beside both: that of a source whose next arrival is
 * always planned.
 *
 * The functions are small and hot: they are inline. unsigned __int128 is the
 * one extension of the language in this folder; gcc and clang have it on every
 * machine of 64 bits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_CALENDAR_H
#define RP_SIM_CALENDAR_H

#include "model/error.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 rp_calendar_key;

/** Bits of an entry's owner, and of its sequence number; and how many entries
 * are near at most, which is few enough for a sorted list. */
enum {
    RP_CALENDAR_OWNER_BITS = 24,
    RP_CALENDAR_SEQUENCE_BITS = 40,
    RP_CALENDAR_NEAR = 16
};

/** The most owners: 2^24 - 1. */
#define RP_CALENDAR_OWNER_MAX ((UINT32_C(1) << RP_CALENDAR_OWNER_BITS) - 1)

/** An instant that does not come; an empty calendar is later still. */
#define RP_NEVER (UINT64_MAX - 1)

/** The key of no entry, larger than all others. */
#define RP_CALENDAR_NONE (~(rp_calendar_key)0)

struct rp_calendar {
    rp_calendar_key *top;      /* the soonest of the near ones; near[0]: none */
    rp_calendar_key beside;    /* the entry beside them; RP_CALENDAR_NONE */
    rp_calendar_key far_least; /* the first key of the heap, which is behind
                                  all near ones; RP_CALENDAR_NONE */
    uint64_t sequence;
    rp_calendar_key *heap; /* owned: 3 unused keys, so that children align */
    size_t far_count, far_capacity;
    rp_calendar_key near[RP_CALENDAR_NEAR + 1]; /* from 1 on, the soonest last;
                                                   near[0] is no entry */
};

/** Room for `capacity` entries, and for more when they come; false when memory
 * is short. It cannot be copied then. */
RP_CHECKED bool rp_calendar_init(struct rp_calendar *calendar, size_t capacity);

/** Harmless on a zeroed or freed calendar. */
void rp_calendar_free(struct rp_calendar *calendar);

/** A key for which there is no room among the near ones, or that is behind
 * them; false when memory is short. */
RP_CHECKED bool rp_calendar_put_far(struct rp_calendar *calendar,
                                    rp_calendar_key key);

/** Far entries become near, where no near one is left. */
void rp_calendar_refill(struct rp_calendar *calendar);

/** The first entry that is not the one beside; RP_CALENDAR_NONE where there is
 * none. */
static inline rp_calendar_key rp_calendar_top(const struct rp_calendar *c)
{
    return *c->top;
}

/** Whether the entry beside is the first of all; of none it is not. Times alone
 * mostly tell. */
static inline bool rp_calendar_beside_is_first(const struct rp_calendar *c)
{
    const uint64_t beside_ns = (uint64_t)(c->beside >> 64);
    const uint64_t top_ns = (uint64_t)(*c->top >> 64);

    if (beside_ns != top_ns)
        return beside_ns < top_ns;
    return c->beside < *c->top;
}

/** The first entry of all; RP_CALENDAR_NONE where there is none. */
static inline rp_calendar_key rp_calendar_first(const struct rp_calendar *c)
{
    const rp_calendar_key top = rp_calendar_top(c);

    return c->beside < top ? c->beside : top;
}

/** When an entry is due; UINT64_MAX for RP_CALENDAR_NONE. */
static inline uint64_t rp_calendar_time_of(rp_calendar_key key)
{
    return (uint64_t)(key >> 64);
}

static inline uint32_t rp_calendar_owner_of(rp_calendar_key key)
{
    return (uint32_t)key & RP_CALENDAR_OWNER_MAX;
}

/** When the first entry is due; UINT64_MAX where there is none. */
static inline uint64_t rp_calendar_time(const struct rp_calendar *c)
{
    return rp_calendar_time_of(rp_calendar_first(c));
}

/** Whom the first entry is for. */
static inline uint32_t rp_calendar_owner(const struct rp_calendar *c)
{
    return rp_calendar_owner_of(rp_calendar_first(c));
}

/** How many entries there are but for the one beside. */
static inline size_t rp_calendar_count(const struct rp_calendar *c)
{
    return (size_t)(c->top - c->near) + c->far_count;
}

static inline bool rp_calendar_is_empty(const struct rp_calendar *c)
{
    return c->top == c->near && c->beside == RP_CALENDAR_NONE;
}

/* Sequence numbers wrap after 10^12 entries: a tie across the wrap would lose
 * its order, nothing else. */
static inline rp_calendar_key
rp_calendar_make_key(struct rp_calendar *c, uint64_t time_ns, uint32_t owner)
{
    return (rp_calendar_key)time_ns << 64 |
           (c->sequence++ << RP_CALENDAR_OWNER_BITS) | owner;
}

/** Put an entry; false when memory is short. It was put last, so that its time
 * alone says which entries it is behind. */
RP_CHECKED static inline bool rp_calendar_put(struct rp_calendar *c,
                                              uint64_t time_ns, uint32_t owner)
{
    const rp_calendar_key key = rp_calendar_make_key(c, time_ns, owner);
    rp_calendar_key *at;

    if (time_ns >= rp_calendar_time_of(c->far_least) ||
        c->top == c->near + RP_CALENDAR_NEAR)
        return rp_calendar_put_far(c, key);
    for (at = ++c->top; rp_calendar_time_of(at[-1]) <= time_ns; at--)
        *at = at[-1]; /* no time is as late as that of near[0] */
    *at = key;
    return true;
}

/** Take the first entry that is not the one beside away; there must be one. */
static inline void rp_calendar_take(struct rp_calendar *c)
{
    assert(c->top > c->near);
    if (--c->top == c->near && c->far_count > 0)
        rp_calendar_refill(c);
}

/** Put an entry beside the others; there must be none. */
static inline void rp_calendar_put_beside(struct rp_calendar *c,
                                          uint64_t time_ns, uint32_t owner)
{
    assert(c->beside == RP_CALENDAR_NONE);
    c->beside = rp_calendar_make_key(c, time_ns, owner);
}

/** Put an entry in the place of the one beside the others. */
static inline void rp_calendar_replace_beside(struct rp_calendar *c,
                                              uint64_t time_ns, uint32_t owner)
{
    c->beside = rp_calendar_make_key(c, time_ns, owner);
}

/** Take the entry beside the others away. */
static inline void rp_calendar_take_beside(struct rp_calendar *c)
{
    c->beside = RP_CALENDAR_NONE;
}

#endif
