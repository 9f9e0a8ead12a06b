/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sets of cores are Linux's. */
#define _GNU_SOURCE

#include "microhandler/cores.h"

#include <sched.h>
#include <stddef.h>

unsigned rp_cores_keep_to(unsigned wanted)
{
    cpu_set_t allowed, kept;
    unsigned count = 0;

    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return 0;
    CPU_ZERO(&kept);
    for (size_t i = 0; i < CPU_SETSIZE && count < wanted; i++)
        if (CPU_ISSET(i, &allowed)) {
            CPU_SET(i, &kept);
            count++;
        }
    return sched_setaffinity(0, sizeof kept, &kept) == 0 ? count : 0;
}
