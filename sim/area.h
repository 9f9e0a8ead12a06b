/**
 * Areas: a number of things times the time that they were there, exactly.
 *
 * Whoever comes at t subtracts t, whoever goes at t adds it: with n still there
 * the area up to T is the sum plus n T. That is one addition at each change,
 * where an average that is carried along takes two multiplications; and as the
 * sums are whole numbers modulo 2^128, their order does not matter.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_AREA_H
#define RP_SIM_AREA_H

#include <stdint.h>

__extension__ typedef unsigned __int128 rp_uint128;

/** A sum modulo 2^128. In two halves, each of which is one operation on memory:
 * where it is one number of 128 bits gcc 12 carries it through the stack. */
struct rp_area {
    uint64_t low, high;
};

/** One comes. */
static inline void rp_area_come(struct rp_area *area, uint64_t now_ns)
{
    area->high -= __builtin_sub_overflow(area->low, now_ns, &area->low);
}

/** One goes. */
static inline void rp_area_go(struct rp_area *area, uint64_t now_ns)
{
    area->high += __builtin_add_overflow(area->low, now_ns, &area->low);
}

/** The area, in things x ns, where `count` are still there. */
static inline double rp_area_until(struct rp_area area, uint64_t count,
                                   uint64_t now_ns)
{
    const rp_uint128 sum = (rp_uint128)area.high << 64 | area.low;

    return (double)(sum + (rp_uint128)count * now_ns);
}

/** An area that begins now, with `count` there. */
static inline struct rp_area rp_area_from(uint64_t count, uint64_t now_ns)
{
    const rp_uint128 sum = -((rp_uint128)count * now_ns);

    return (struct rp_area){(uint64_t)sum, (uint64_t)(sum >> 64)};
}

#endif
