/**
 * Lookahead: the first random words of the requests that come next.
 *
 * The words of neighbouring requests are made together, which takes a third of
 * the time that it takes one by one, as their rounds overlap in the processor.
 * Requests ask roughly in the order of their numbers; one that is late has its
 * word made for itself. What comes out is what the stream says, whatever the
 * order of asking.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_LOOKAHEAD_H
#define RP_SIM_LOOKAHEAD_H

#include "sim/variate.h"

enum { RP_LOOKAHEAD = 32 };

struct rp_lookahead {
    struct rp_stream stream;
    uint64_t base; /* number of the first word; UINT64_MAX - RP_LOOKAHEAD:
                      nothing was made yet */
    uint64_t words[RP_LOOKAHEAD];
};

/** Nothing is made yet. */
struct rp_lookahead rp_lookahead_at(struct rp_stream stream);

/** Make the words around `number`. */
void rp_lookahead_move(struct rp_lookahead *lookahead, uint64_t number);

/** The first word of request `number`. */
static inline uint64_t rp_lookahead_word(struct rp_lookahead *l,
                                         uint64_t number)
{
    if (number - l->base < RP_LOOKAHEAD)
        return l->words[number - l->base];
    if (number < l->base && l->base != UINT64_MAX - RP_LOOKAHEAD)
        return rp_stream_word(l->stream, number, 0);
    rp_lookahead_move(l, number);
    return l->words[number - l->base];
}

/** A duration of another shape than the exponential. */
double rp_lookahead_other(const struct rp_lookahead *lookahead,
                          const struct rp_sampler *sampler,
                          const struct rp_ziggurat *ziggurat, uint64_t number);

/** A duration of request `number`, ns. */
static inline double rp_lookahead_sample(struct rp_lookahead *l,
                                         const struct rp_sampler *sampler,
                                         const struct rp_ziggurat *ziggurat,
                                         uint64_t number)
{
    if (sampler->shape == RP_SHAPE_EXPONENTIAL)
        return sampler->mean_ns *
               rp_exponential_of(ziggurat, rp_lookahead_word(l, number),
                                 l->stream, number);
    return rp_lookahead_other(l, sampler, ziggurat, number);
}

#endif
