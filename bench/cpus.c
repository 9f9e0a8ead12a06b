/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* sched_setaffinity(): no standard has pinning */

#include "bench/cpus.h"

#include <sched.h>
#include <stdlib.h>

/* A number below CPU_SETSIZE. */
static bool scan(const char **text, unsigned long *number)
{
    char *end;

    if (**text < '0' || **text > '9')
        return false;
    *number = strtoul(*text, &end, 10);
    *text = end;
    return *number < CPU_SETSIZE;
}

static bool read_list(const char *list, cpu_set_t *set)
{
    CPU_ZERO(set);
    for (;;) {
        unsigned long low, high;

        if (!scan(&list, &low))
            return false;
        high = low;
        if (*list == '-') {
            list++;
            if (!scan(&list, &high) || high < low)
                return false;
        }
        for (; low <= high; low++) {
            if (CPU_ISSET(low, set))
                return false;
            CPU_SET(low, set);
        }
        if (*list == '\0')
            return true;
        if (*list++ != ',')
            return false;
    }
}

unsigned rp_cpus_count(const char *list)
{
    cpu_set_t set;

    return read_list(list, &set) ? (unsigned)CPU_COUNT(&set) : 0;
}

bool rp_cpus_pin(const char *list)
{
    cpu_set_t set;

    return read_list(list, &set) && sched_setaffinity(0, sizeof set, &set) == 0;
}
