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
