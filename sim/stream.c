/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/stream.h"

/* The key is a hash of all that names the stream, made with the generator
 * itself: once over seed and purpose, once over the rest. */
struct rp_stream rp_stream_make(uint64_t seed, uint32_t replication,
                                uint32_t class_index, uint64_t purpose)
{
    const struct rp_stream by_seed = {seed};
    uint64_t words[2];

    rp_stream_pair(by_seed, purpose, (uint64_t)replication << 32 | class_index,
                   words);
    rp_stream_pair((struct rp_stream){words[0]}, words[1], purpose, words);
    return (struct rp_stream){words[0]};
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
