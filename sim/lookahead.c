/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/lookahead.h"

struct rp_lookahead rp_lookahead_at(struct rp_stream stream)
{
    return (struct rp_lookahead){.stream = stream,
                                 .base = UINT64_MAX - RP_LOOKAHEAD};
}

/* One that comes behind those that were made is late. */
static bool is_late(const struct rp_lookahead *l, uint64_t number)
{
    return number < l->base && l->base != UINT64_MAX - RP_LOOKAHEAD;
}

static void make_words(struct rp_lookahead *l, uint64_t number,
                       uint64_t words[RP_LOOKAHEAD])
{
    l->base = number / RP_LOOKAHEAD * RP_LOOKAHEAD;
    for (uint64_t i = 0; i < RP_LOOKAHEAD; i += 2)
        rp_stream_pair(l->stream, (l->base + i) / 2, 0, words + i);
}

uint64_t rp_lookahead_move(struct rp_lookahead *l, uint64_t number)
{
    if (is_late(l, number))
        return rp_stream_word(l->stream, number, 0);
    make_words(l, number, l->words);
    return l->words[number - l->base];
}

static double sample_one(const struct rp_lookahead *l,
                         const struct rp_sampler *sampler,
                         const struct rp_ziggurat *ziggurat, uint64_t number)
{
    struct rp_cursor cursor = {.stream = l->stream, .number = number};

    return rp_sample_ns(sampler, ziggurat, &cursor);
}

double rp_lookahead_draw(struct rp_lookahead *l,
                         const struct rp_sampler *sampler,
                         const struct rp_ziggurat *ziggurat, uint64_t number)
{
    uint64_t words[RP_LOOKAHEAD];

    if (is_late(l, number))
        return sample_one(l, sampler, ziggurat, number);
    if (sampler->shape == RP_SHAPE_EXPONENTIAL) {
        make_words(l, number, words);
        for (uint64_t i = 0; i < RP_LOOKAHEAD; i++)
            l->ns[i] =
                sampler->mean_ns *
                rp_exponential_of(ziggurat, words[i], l->stream, l->base + i);
    } else {
        l->base = number / RP_LOOKAHEAD * RP_LOOKAHEAD;
        for (uint64_t i = 0; i < RP_LOOKAHEAD; i++)
            l->ns[i] = sample_one(l, sampler, ziggurat, l->base + i);
    }
    return l->ns[number - l->base];
}
