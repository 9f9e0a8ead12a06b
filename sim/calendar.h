/**
 * The calendar: what happens when, soonest first.
 *
 * An entry is one key of 128 bits: the time, then a sequence number, so that
 * entries of one instant come in the order in which they were put, then who it
 * is for. The keys form a heap with four children a node, aligned so that four
 * children are one cache line, and padded with the largest key so that the
 * smallest child is chosen without branches. Taking the first entry and putting
 * another is one operation, which is what a busy simulation does most. One
 * entry may be kept beside the heap: that of a source whose next arrival is
 * always planned, which would else be sunk through the heap at each of them.
 *
 * The functions are small and hot: they are inline. unsigned __int128 is the
 * one extension of the language in this folder; gcc and clang have it on every
 * machine of 64 bits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_CALENDAR_H
#define RP_SIM_CALENDAR_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 rp_calendar_key;

/** Bits of an entry's owner, and of its sequence number. */
enum { RP_CALENDAR_OWNER_BITS = 24, RP_CALENDAR_SEQUENCE_BITS = 40 };

/** The most owners: 2^24 - 1. */
#define RP_CALENDAR_OWNER_MAX ((UINT32_C(1) << RP_CALENDAR_OWNER_BITS) - 1)

/** An instant that does not come; an empty calendar is later still. */
#define RP_NEVER (UINT64_MAX - 1)

struct rp_calendar {
    rp_calendar_key *heap;  /* owned: 3 unused keys, so that children align */
    size_t count, capacity; /* of the heap */
    rp_calendar_key beside; /* the entry beside it; RP_CALENDAR_NONE */
    uint64_t sequence;
};

/** The key of no entry, larger than all others. */
#define RP_CALENDAR_NONE (~(rp_calendar_key)0)

/** Room for `capacity` entries; false when memory is short. */
bool rp_calendar_init(struct rp_calendar *calendar, size_t capacity);

/** More room, entries kept; false when memory is short. */
bool rp_calendar_grow(struct rp_calendar *calendar, size_t capacity);

/** Harmless on a zeroed or freed calendar. */
void rp_calendar_free(struct rp_calendar *calendar);

static inline rp_calendar_key *rp_calendar_keys(const struct rp_calendar *c)
{
    return c->heap + 3;
}

/** The first entry, of the heap or beside it; RP_CALENDAR_NONE where there is
 * none, for what lies behind the entries is the largest key. */
static inline rp_calendar_key rp_calendar_first(const struct rp_calendar *c)
{
    const rp_calendar_key top = rp_calendar_keys(c)[0];

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

static inline bool rp_calendar_is_empty(const struct rp_calendar *c)
{
    return c->count == 0 && c->beside == RP_CALENDAR_NONE;
}

/* Sequence numbers wrap after 10^12 entries: a tie across the wrap would lose
 * its order, nothing else. */
static inline rp_calendar_key
rp_calendar_make_key(struct rp_calendar *c, uint64_t time_ns, uint32_t owner)
{
    return (rp_calendar_key)time_ns << 64 |
           (c->sequence++ << RP_CALENDAR_OWNER_BITS) | owner;
}

/* Sink `key` from the root to its place. */
static inline void rp_calendar_sink(struct rp_calendar *c, rp_calendar_key key)
{
    rp_calendar_key *const heap = rp_calendar_keys(c);
    const size_t count = c->count;
    size_t at = 0;

    for (;;) {
        const size_t child = 4 * at + 1;
        if (child + 1 >= count) {
            /* one child or none: a small calendar is not searched four wide */
            if (child < count && heap[child] < key) {
                heap[at] = heap[child];
                at = child;
            }
            break;
        }
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

/** Put an entry; there must be room. */
static inline void rp_calendar_put(struct rp_calendar *c, uint64_t time_ns,
                                   uint32_t owner)
{
    const rp_calendar_key key = rp_calendar_make_key(c, time_ns, owner);
    rp_calendar_key *const heap = rp_calendar_keys(c);
    size_t at = c->count++;

    assert(c->count <= c->capacity);
    while (at > 0) {
        const size_t parent = (at - 1) / 4;
        if (heap[parent] <= key)
            break;
        heap[at] = heap[parent];
        at = parent;
    }
    heap[at] = key;
}

/** Put an entry beside the heap; there must be none. */
static inline void rp_calendar_put_beside(struct rp_calendar *c,
                                          uint64_t time_ns, uint32_t owner)
{
    assert(c->beside == RP_CALENDAR_NONE);
    c->beside = rp_calendar_make_key(c, time_ns, owner);
}

/** Take the entry beside the heap away. */
static inline void rp_calendar_take_beside(struct rp_calendar *c)
{
    c->beside = RP_CALENDAR_NONE;
}

/** Take the first entry of the heap away and put another, in one go. */
static inline void rp_calendar_replace(struct rp_calendar *c, uint64_t time_ns,
                                       uint32_t owner)
{
    rp_calendar_sink(c, rp_calendar_make_key(c, time_ns, owner));
}

/** Take the first entry of the heap away; there must be one. */
static inline void rp_calendar_take(struct rp_calendar *c)
{
    rp_calendar_key *const heap = rp_calendar_keys(c);
    const size_t last = --c->count;
    const rp_calendar_key key = heap[last];

    heap[last] = ~(rp_calendar_key)0;
    if (last > 0)
        rp_calendar_sink(c, key);
}

#endif
