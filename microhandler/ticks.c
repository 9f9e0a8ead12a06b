/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/ticks.h"

#include <errno.h>

static const uint64_t second_ns = UINT64_C(1000000000);

static uint64_t read_clock(clockid_t clock)
{
    struct timespec now = {.tv_sec = 0};

    (void)clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * second_ns + (uint64_t)now.tv_nsec;
}

uint64_t rp_ticks_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t rp_ticks_cpu(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

struct timespec rp_ticks_timespec(uint64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / second_ns),
                             .tv_nsec = (long)(ns % second_ns)};
}

void rp_ticks_sleep_until(uint64_t moment_ns)
{
    const struct timespec end = rp_ticks_timespec(moment_ns);

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR)
        ;
}
