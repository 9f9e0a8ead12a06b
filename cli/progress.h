/**
 * Progress: one line on a terminal that says how far a long command is.
 *
 * Nothing where standard error is no terminal, and nothing in the first second:
 * what is quick needs no line.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_PROGRESS_H
#define RP_CLI_PROGRESS_H

#include "model/error.h"

#include <stdbool.h>
#include <time.h>

struct rp_progress {
    bool is_shown; /* standard error is a terminal */
    struct timespec begun, last;
};

struct rp_progress rp_progress_begin(void);

/** Say how far it is: at most ten times a second. */
void rp_progress_say(struct rp_progress *progress, const char *format, ...)
    RP_PRINTF(2, 3);

/** The line goes away. */
void rp_progress_end(struct rp_progress *progress);

#endif
