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

__extension__ typedef unsigned __int128 rp_area;

/** The area, in things x ns, where `count` are still there. */
static inline double rp_area_until(rp_area sum, uint64_t count, uint64_t now_ns)
{
    return (double)(sum + (rp_area)count * now_ns);
}

/** An area that begins now, with `count` there. */
static inline rp_area rp_area_from(uint64_t count, uint64_t now_ns)
{
    return -((rp_area)count * now_ns);
}

#endif
