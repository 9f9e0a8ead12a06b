/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/stream.h"

#include <Random123/philox.h>

static uint64_t join(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

static philox4x32_ctr_t scramble(uint64_t a, uint64_t b, uint32_t key0,
                                 uint32_t key1)
{
    const philox4x32_ctr_t counter = {
        {(uint32_t)a, (uint32_t)(a >> 32), (uint32_t)b, (uint32_t)(b >> 32)}};
    const philox4x32_key_t key = {{key0, key1}};

    return philox4x32(counter, key);
}

/* The key is a hash of all that names the stream, made with the generator
 * itself: two rounds of it, so that seed and purpose can both have 64 bits. */
struct rp_stream rp_stream_make(uint64_t seed, uint32_t replication,
                                uint32_t class_index, uint64_t purpose)
{
    const philox4x32_ctr_t first =
        scramble(seed, purpose, replication, class_index);
    const philox4x32_ctr_t second =
        scramble(join(first.v[0], first.v[1]), join(first.v[2], first.v[3]),
                 UINT32_C(0x72657170), UINT32_C(0x61746821));

    return (struct rp_stream){{second.v[0], second.v[1]}};
}

static uint64_t fnv1a(uint64_t hash, const char *text)
{
    do {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    } while (*text++);
    return hash;
}

uint64_t rp_stream_purpose(const char *owner, const char *what,
                           unsigned ordinal)
{
    uint64_t hash = fnv1a(UINT64_C(0xcbf29ce484222325), owner);

    hash = fnv1a(hash, what);
    return (hash ^ ordinal) * UINT64_C(0x100000001b3);
}

void rp_stream_words(const struct rp_stream *stream, uint64_t number,
                     uint32_t block, uint64_t words[2])
{
    const philox4x32_ctr_t r =
        scramble(number, block, stream->key[0], stream->key[1]);

    words[0] = join(r.v[1], r.v[0]);
    words[1] = join(r.v[3], r.v[2]);
}

struct rp_cursor rp_cursor_at(const struct rp_stream *stream, uint64_t number)
{
    return (struct rp_cursor){.stream = *stream, .number = number};
}

uint64_t rp_cursor_bits(struct rp_cursor *cursor)
{
    const uint32_t at = cursor->next++;

    if (at % 2 == 0)
        rp_stream_words(&cursor->stream, cursor->number, at / 2,
                        cursor->words);
    return cursor->words[at % 2];
}

double rp_uniform_of(uint64_t bits)
{
    /* 52 bits, moved by half a step off 0: with 53 the half would be rounded
     * away, at the upper end to 1 */
    return ((double)(bits >> 12) + 0.5) * 0x1p-52;
}

double rp_cursor_uniform(struct rp_cursor *cursor)
{
    return rp_uniform_of(rp_cursor_bits(cursor));
}
