/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/stretch.h"

#include <math.h>
#include <stddef.h>

void rp_stretch_add_cost(struct rp_stretch *stretch, double mean_ns,
                         const struct rp_spread *spread)
{
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        stretch->level_ns[i] += mean_ns * spread->multiple[i];
    stretch->tail_ns += mean_ns * spread->tail;
}

void rp_stretch_add_own(struct rp_stretch *stretch,
                        const struct rp_duration *duration)
{
    const double sd_ns = duration->mean_ns * duration->cv;

    stretch->own_ns += duration->mean_ns;
    stretch->own_variance_ns2 += sd_ns * sd_ns;
    if (duration->mean_ns > 0.0) {
        stretch->own_parts++;
        stretch->exponential_parts += duration->shape == RP_SHAPE_EXPONENTIAL;
    }
}

void rp_stretch_add(struct rp_stretch *stretch, const struct rp_stretch *other)
{
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        stretch->level_ns[i] += other->level_ns[i];
    stretch->tail_ns += other->tail_ns;
    stretch->own_ns += other->own_ns;
    stretch->own_variance_ns2 += other->own_variance_ns2;
    stretch->own_parts += other->own_parts;
    stretch->exponential_parts += other->exponential_parts;
}

/* The costs alone, as a quantile function; its multiples are nanoseconds. */
static struct rp_spread costs_of(const struct rp_stretch *stretch)
{
    struct rp_spread costs = {.tail = stretch->tail_ns};

    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        costs.multiple[i] = stretch->level_ns[i];
    return costs;
}

double rp_stretch_mean_ns(const struct rp_stretch *stretch)
{
    const struct rp_spread costs = costs_of(stretch);

    return rp_spread_mean(&costs) + stretch->own_ns;
}

double rp_stretch_square_ns2(const struct rp_stretch *stretch)
{
    const struct rp_spread costs = costs_of(stretch);
    const double costs_ns = rp_spread_mean(&costs);
    const double sd_ns = costs_ns * rp_spread_cv(&costs);
    const double mean_ns = costs_ns + stretch->own_ns;

    return mean_ns * mean_ns + sd_ns * sd_ns + stretch->own_variance_ns2;
}

bool rp_stretch_is_exponential(const struct rp_stretch *stretch)
{
    const struct rp_spread costs = costs_of(stretch);

    return stretch->own_parts == 1 && stretch->exponential_parts == 1 &&
           rp_spread_mean(&costs) <= 0.0;
}

double rp_stretch_at_ns(const struct rp_stretch *stretch, double u)
{
    const struct rp_spread costs = costs_of(stretch);

    if (stretch->own_variance_ns2 > 0.0)
        return NAN;
    return rp_spread_at(&costs, u) + stretch->own_ns;
}
