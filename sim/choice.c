/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/choice.h"

#include "sim/enginemoves.h"

#include <math.h>

void rp_choice_level(struct rp_source *s, struct rp_request *r)
{
    const double u = rp_uniform_of(rp_lookahead_word(&s->levels, r->number));
    size_t i = RP_LEVEL_COUNT - 1;

    if (u >= rp_levels[i]) { /* an exponential tail beyond the last level */
        r->fraction = -log((1.0 - u) / (1.0 - rp_levels[i]));
    } else {
        while (rp_levels[i] > u)
            i--;
        r->fraction = (u - rp_levels[i]) / (rp_levels[i + 1] - rp_levels[i]);
    }
    r->segment = (uint16_t)i;
}

uint32_t rp_choice_next(struct rp_engine *e, struct rp_place *p)
{
    uint32_t id;

    if (p->queues) {
        const struct rp_queue *q = p->queues;
        while (q->head == RP_NOBODY)
            q++;
        id = q->head;
    } else { /* each as likely as the others */
        const double u =
            rp_uniform_of(rp_stream_word(e->picks, e->pick_count++, 0));
        id = p->head;
        for (uint32_t k = (uint32_t)(u * p->waiting); k > 0; k--)
            id = e->requests[id].next;
    }
    rp_move_unqueue(e, id, p);
    return id;
}
