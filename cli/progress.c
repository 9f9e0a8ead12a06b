/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static double seconds_since(const struct timespec *then)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0.0;
    return (double)(now.tv_sec - then->tv_sec) +
           1e-9 * (double)(now.tv_nsec - then->tv_nsec);
}

struct rp_progress rp_progress_begin(void)
{
    struct rp_progress p = {.is_shown = isatty(STDERR_FILENO) == 1};

    if (clock_gettime(CLOCK_MONOTONIC, &p.begun) != 0)
        p.is_shown = false;
    p.last = p.begun;
    return p;
}

void rp_progress_say(struct rp_progress *p, const char *format, ...)
{
    va_list values;

    if (!p->is_shown || seconds_since(&p->begun) < 1.0 ||
        seconds_since(&p->last) < 0.1)
        return;
    (void)clock_gettime(CLOCK_MONOTONIC, &p->last);
    (void)fprintf(stderr, "\r\033[K%4.0f s  ", seconds_since(&p->begun));
    va_start(values, format);
    (void)vfprintf(stderr, format, values);
    va_end(values);
    (void)fflush(stderr);
}

void rp_progress_end(struct rp_progress *p)
{
    if (p->is_shown && seconds_since(&p->begun) >= 1.0)
        (void)fputs("\r\033[K", stderr);
    p->is_shown = false;
}
