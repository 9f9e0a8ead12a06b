/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/burn.h"

#include "microhandler/ticks.h"

/* About a microsecond: short beside what is burned, long beside the clock's
 * own call. */
enum { SLICE = 600 };

static uint64_t slice(uint64_t x)
{
    for (unsigned i = 0; i < SLICE; i++)
        x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return x;
}

uint64_t rp_burn_until(uint64_t until_ns, struct rp_gil *gil)
{
    volatile uint64_t sink = until_ns; /* or the work would be left out */
    uint64_t waited = 0;

    while (rp_ticks_cpu() < until_ns) {
        sink = slice(sink);
        waited += rp_gil_check(gil);
    }
    return waited;
}
