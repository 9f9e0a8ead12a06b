/**
 * Surroundings: the machine that a data set was measured on.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_SURROUNDINGS_H
#define RP_BENCH_SURROUNDINGS_H

#include "model/hostcpu.h"

/** What the kernel says; "" where it does not. */
struct rp_surroundings {
    char cpu[RP_HOSTCPU_SIZE];
    char kernel[160]; /* "Linux 6.1.0-18-amd64" */
    char governor[64];
    char load_average[64]; /* of 1, 5 and 15 minutes */
    char today[16];        /* "2026-11-22" */
    long cores;            /* online */
};

struct rp_surroundings rp_surroundings_find(void);

#endif
