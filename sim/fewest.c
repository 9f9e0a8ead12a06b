/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/fewest.h"

#include <assert.h>
#include <stdlib.h>

bool rp_fewest_init(struct rp_fewest *f, uint32_t count)
{
    assert(count > 0);
    *f = (struct rp_fewest){.count = count, .width = 1};
    while (f->width < count)
        f->width *= 2;
    f->tree = calloc(2 * (size_t)f->width, sizeof *f->tree);
    if (!f->tree)
        return false;
    for (size_t i = count; i < f->width; i++)
        f->tree[f->width + i] = UINT32_MAX; /* never the lowest */
    for (size_t i = f->width - 1; i > 0; i--)
        f->tree[i] = f->tree[2 * i] < f->tree[2 * i + 1] ? f->tree[2 * i]
                                                         : f->tree[2 * i + 1];
    return true;
}

void rp_fewest_free(struct rp_fewest *f)
{
    free(f->tree);
    *f = (struct rp_fewest){0};
}

/* Above a node that stays as it was nothing changes. */
static void carry(struct rp_fewest *f, size_t node)
{
    for (node /= 2; node > 0; node /= 2) {
        const uint32_t left = f->tree[2 * node], right = f->tree[2 * node + 1];
        const uint32_t least = left < right ? left : right;

        if (f->tree[node] == least)
            return;
        f->tree[node] = least;
    }
}

void rp_fewest_add(struct rp_fewest *f, uint32_t index)
{
    const size_t node = (size_t)f->width + index;

    f->tree[node]++;
    carry(f, node);
}

void rp_fewest_drop(struct rp_fewest *f, uint32_t index)
{
    const size_t node = (size_t)f->width + index;

    assert(f->tree[node] > 0);
    f->tree[node]--;
    carry(f, node);
}

/* The first below `node` that is as low as it. */
static size_t descend(const struct rp_fewest *f, size_t node)
{
    while (node < f->width)
        node = 2 * node + (f->tree[2 * node] != f->tree[node]);
    return node - f->width;
}

/* Up from where the search begins, until a branch to the right has the lowest
 * of all; where none has, the lowest are all before it. */
uint32_t rp_fewest_find(const struct rp_fewest *f, uint32_t from)
{
    const uint32_t least = f->tree[1];
    size_t node = (size_t)f->width + from;

    if (f->tree[node] == least)
        return from;
    for (; node > 1; node /= 2)
        if (node % 2 == 0 && f->tree[node + 1] == least)
            return (uint32_t)descend(f, node + 1);
    return (uint32_t)descend(f, 1);
}
