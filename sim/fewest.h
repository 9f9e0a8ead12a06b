/**
 * Fewest: which of many counters is lowest.
 *
 * A tree over the counters, each node the lower of its two children: a change
 * is carried to the root, and the lowest is found on the way down, in as many
 * steps as the tree has levels, where a search from counter to counter takes as
 * many as there are counters.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_FEWEST_H
#define RP_SIM_FEWEST_H

#include "model/error.h"

#include <stdbool.h>
#include <stdint.h>

struct rp_fewest {
    uint32_t count;
    uint32_t width; /* the least power of two that has room for them */
    uint32_t *tree; /* owned: from 1 on, the root first; the counters from
                       `width` on */
};

/** `count` (1 .. 2^31) counters at 0; false when memory is short. */
RP_CHECKED bool rp_fewest_init(struct rp_fewest *fewest, uint32_t count);

/** Harmless on zeroed or freed counters. */
void rp_fewest_free(struct rp_fewest *fewest);

static inline uint32_t rp_fewest_of(const struct rp_fewest *f, uint32_t index)
{
    return f->tree[f->width + index];
}

void rp_fewest_add(struct rp_fewest *fewest, uint32_t index);

/** One less, of a counter that is not 0. */
void rp_fewest_drop(struct rp_fewest *fewest, uint32_t index);

/** The index of the lowest counter; among equals the first of them from `from`
 * on, behind the last of all from the beginning. */
uint32_t rp_fewest_find(const struct rp_fewest *fewest, uint32_t from);

#endif
