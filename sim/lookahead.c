/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/lookahead.h"

struct rp_lookahead rp_lookahead_at(struct rp_stream stream)
{
    return (struct rp_lookahead){.stream = stream,
                                 .base = UINT64_MAX - RP_LOOKAHEAD};
}

void rp_lookahead_move(struct rp_lookahead *l, uint64_t number)
{
    l->base = number / RP_LOOKAHEAD * RP_LOOKAHEAD;
    for (uint64_t i = 0; i < RP_LOOKAHEAD; i += 2)
        rp_stream_pair(l->stream, (l->base + i) / 2, 0, l->words + i);
}

double rp_lookahead_other(const struct rp_lookahead *l,
                          const struct rp_sampler *sampler,
                          const struct rp_ziggurat *ziggurat, uint64_t number)
{
    struct rp_cursor cursor = {.stream = l->stream, .number = number};

    return rp_sample_ns(sampler, ziggurat, &cursor);
}
