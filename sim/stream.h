/**
 * Random streams: numbers that depend on what they are for, not on when they
 * are drawn.
 *
 * A stream belongs to one purpose of one class in one replication: the gaps
 * between arrivals, say, or the wait of one layer. Its numbers are addressed by
 * the number of the request and, where a request needs several, by an index.
 * So a request meets the same luck whatever the order of service, whatever the
 * number of threads that simulate, and in every variant of a scenario that it
 * passes the same purpose in: common random numbers without bookkeeping.
 *
 * The generator is Philox 2x64 from Random123 (Salmon, Moraes, Dror, Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011), with 7 rounds: one
 * more than the least that passes all of BigCrush there. It has no state, so
 * nothing is shared and nothing has to be restored. The functions that draw are
 * inline: a simulation spends a good part of its time in them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_STREAM_H
#define RP_SIM_STREAM_H

#include <Random123/philox.h>
#include <stdint.h>

enum { RP_STREAM_ROUNDS = 7 };

/** A stream: only a key. Copy it freely. */
struct rp_stream {
    uint64_t key;
};

/**
 * The stream of a purpose.
 *
 * @param seed         of the whole simulation
 * @param replication  from 0
 * @param class_index  of the class of requests, from 0
 * @param purpose      any number; rp_stream_purpose() makes one from words
 */
struct rp_stream rp_stream_make(uint64_t seed, uint32_t replication,
                                uint32_t class_index, uint64_t purpose);

/** A purpose from words, so that it stays the same when a scenario changes
 * elsewhere: FNV-1a over `owner`, `what` and `ordinal`. */
uint64_t rp_stream_purpose(const char *owner, const char *what,
                           unsigned ordinal);

/**
 * The words of two neighbouring requests, 64 random bits each.
 *
 * @param pair   half the number of the first, which is even
 * @param index  of the word within each request
 */
static inline void rp_stream_pair(struct rp_stream stream, uint64_t pair,
                                  uint64_t index, uint64_t words[2])
{
    const philox2x64_ctr_t counter = {{pair, index}};
    const philox2x64_key_t key = {{stream.key}};
    const philox2x64_ctr_t r = philox2x64_R(RP_STREAM_ROUNDS, counter, key);

    words[0] = r.v[0];
    words[1] = r.v[1];
}

/** Word `index` of request `number`: 64 random bits. */
static inline uint64_t rp_stream_word(struct rp_stream stream, uint64_t number,
                                      uint64_t index)
{
    uint64_t words[2];

    rp_stream_pair(stream, number >> 1, index, words);
    return words[number & 1];
}

/** Where the next word of one request comes from. */
struct rp_cursor {
    struct rp_stream stream;
    uint64_t number;
    uint64_t next; /* index of the next word */
};

/** The next 64 random bits. */
static inline uint64_t rp_cursor_bits(struct rp_cursor *cursor)
{
    return rp_stream_word(cursor->stream, cursor->number, cursor->next++);
}

/** The number in (0, 1), never 0 and never 1, that 64 random bits stand for:
 * 52 of them, moved by half a step off 0. With 53 the half would be rounded
 * away, at the upper end to 1. */
static inline double rp_uniform_of(uint64_t bits)
{
    return ((double)(bits >> 12) + 0.5) * 0x1p-52;
}

/** The next number in (0, 1). */
static inline double rp_cursor_uniform(struct rp_cursor *cursor)
{
    return rp_uniform_of(rp_cursor_bits(cursor));
}

#endif
