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

static void make_words(struct rp_lookahead *l, uint64_t number)
{
    l->base = number / RP_LOOKAHEAD * RP_LOOKAHEAD;
    for (uint64_t i = 0; i < RP_LOOKAHEAD; i += 2)
        rp_stream_pair(l->stream, (l->base + i) / 2, 0, l->words + i);
}

uint64_t rp_lookahead_move(struct rp_lookahead *l, uint64_t number)
{
    if (is_late(l, number))
        return rp_stream_word(l->stream, number, 0);
    make_words(l, number);
    return l->words[number - l->base];
}

static void make_exponentials(struct rp_lookahead *l,
                              const struct rp_ziggurat *ziggurat,
                              double mean_ns, uint64_t number)
{
    const uint64_t base = number / RP_LOOKAHEAD * RP_LOOKAHEAD;
    const struct rp_stream stream = l->stream;

    l->base = base;
    for (uint64_t i = 0; i < RP_LOOKAHEAD; i += 2) {
        uint64_t words[2];

        rp_stream_pair(stream, (base + i) / 2, 0, words);
        l->ns[i] =
            mean_ns * rp_exponential_of(ziggurat, words[0], stream, base + i);
        l->ns[i + 1] = mean_ns * rp_exponential_of(ziggurat, words[1], stream,
                                                   base + i + 1);
    }
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
    if (is_late(l, number))
        return sample_one(l, sampler, ziggurat, number);
    if (sampler->shape == RP_SHAPE_EXPONENTIAL) {
        make_exponentials(l, ziggurat, sampler->mean_ns, number);
    } else {
        l->base = number / RP_LOOKAHEAD * RP_LOOKAHEAD;
        for (uint64_t i = 0; i < RP_LOOKAHEAD; i++)
            l->ns[i] = sample_one(l, sampler, ziggurat, l->base + i);
    }
    return l->ns[number - l->base];
}
