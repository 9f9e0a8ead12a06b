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
 * The generator is Philox 4x32 with 10 rounds, from Random123 (Salmon, Moraes,
 * Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011). It has
 * no state, so nothing is shared and nothing has to be restored.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_STREAM_H
#define RP_SIM_STREAM_H

#include <stdint.h>

/** A stream: only a key. Copy it freely. */
struct rp_stream {
    uint32_t key[2];
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

/** Two words of 64 random bits for the request `number`: words 2 `block` and
 * 2 `block` + 1 of it. */
void rp_stream_words(const struct rp_stream *stream, uint64_t number,
                     uint32_t block, uint64_t words[2]);

/** Where the next word of one request comes from. */
struct rp_cursor {
    struct rp_stream stream;
    uint64_t number;
    uint32_t next;     /* index of the next word */
    uint64_t words[2]; /* the block that it is in, once the first was drawn */
};

/** The words of request `number`, from the first. */
struct rp_cursor rp_cursor_at(const struct rp_stream *stream, uint64_t number);

/** The next 64 random bits. */
uint64_t rp_cursor_bits(struct rp_cursor *cursor);

/** The next number in (0, 1): never 0 and never 1. */
double rp_cursor_uniform(struct rp_cursor *cursor);

/** The number in (0, 1) that 64 random bits stand for. */
double rp_uniform_of(uint64_t bits);

#endif
