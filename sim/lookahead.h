/**
 * Lookahead: what the requests that come next will draw.
 *
 * The draws of neighbouring requests are made together, and before they are
 * needed. That takes a third of the time, as their rounds overlap in the
 * processor; and when an event is planned its time is a number that only has to
 * be added to the clock, which the processor would else wait for. Requests ask
 * roughly in the order of their numbers; one that is late has its draw made for
 * itself. What comes out is what the stream says, whatever the order of asking.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_LOOKAHEAD_H
#define RP_SIM_LOOKAHEAD_H

#include "sim/variate.h"

#include <stdbool.h>

enum { RP_LOOKAHEAD = 32 };

/** Draws of one purpose: random words, or durations, never both. */
struct rp_lookahead {
    struct rp_stream stream;
    uint64_t base; /* number of the first; UINT64_MAX - RP_LOOKAHEAD: nothing
                      was made yet */
    union {
        uint64_t words[RP_LOOKAHEAD];
        double ns[RP_LOOKAHEAD];
    };
};

/** Nothing is made yet. */
struct rp_lookahead rp_lookahead_at(struct rp_stream stream);

/** The first word of request `number`, which was not made yet. */
uint64_t rp_lookahead_move(struct rp_lookahead *lookahead, uint64_t number);

/** The duration of request `number`, which was not made yet. */
double rp_lookahead_draw(struct rp_lookahead *lookahead,
                         const struct rp_sampler *sampler,
                         const struct rp_ziggurat *ziggurat, uint64_t number);

/** Whether the draw of request `number` was made. */
static inline bool rp_lookahead_has(const struct rp_lookahead *l,
                                    uint64_t number)
{
    return number - l->base < RP_LOOKAHEAD;
}

/** The first word of request `number`. */
static inline uint64_t rp_lookahead_word(struct rp_lookahead *l,
                                         uint64_t number)
{
    if (rp_lookahead_has(l, number))
        return l->words[number - l->base];
    return rp_lookahead_move(l, number);
}

/** The duration of request `number`, which was made, ns. */
static inline double rp_lookahead_of(const struct rp_lookahead *l,
                                     uint64_t number)
{
    return l->ns[number - l->base];
}

/** A duration of request `number`, ns. */
static inline double rp_lookahead_sample(struct rp_lookahead *l,
                                         const struct rp_sampler *sampler,
                                         const struct rp_ziggurat *ziggurat,
                                         uint64_t number)
{
    if (rp_lookahead_has(l, number))
        return rp_lookahead_of(l, number);
    return rp_lookahead_draw(l, sampler, ziggurat, number);
}

#endif
