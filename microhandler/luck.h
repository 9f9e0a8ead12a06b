/**
 * Luck: the random numbers of one request.
 *
 * Each request has a number, and its luck depends on the seed and on that
 * number alone: not on the thread that serves it nor on who came between. The
 * generator is Philox 4x32 of Random123, addressed by request and index.
 *
 * Durations are drawn by the shapes that a scenario has; a dice is one that is
 * prepared for drawing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_LUCK_H
#define RP_MICROHANDLER_LUCK_H

#include "model/scenario.h"

#include <stdint.h>

struct rp_luck {
    uint64_t seed;
    uint64_t request;
    uint64_t next; /* index of the next number */
};

/** The next number in (0, 1). */
double rp_luck_uniform(struct rp_luck *luck);

/** A duration, prepared. */
struct rp_dice {
    struct rp_duration duration;
    double a, b; /* of the shape: see luck.c */
};

struct rp_dice rp_dice_make(const struct rp_duration *duration);

/** A time of that distribution, in nanoseconds, >= 0. */
double rp_dice_roll_ns(const struct rp_dice *dice, struct rp_luck *luck);

#endif
