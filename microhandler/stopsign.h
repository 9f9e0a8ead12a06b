/**
 * The stop sign: SIGTERM and SIGINT as a descriptor to be watched.
 *
 * The signals are blocked in this thread and in those that it starts, and so
 * is SIGPIPE, for a client that has gone is an error of a write. Once the sign
 * was seen, a further SIGINT ends the process at once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_STOPSIGN_H
#define RP_MICROHANDLER_STOPSIGN_H

#include "model/error.h"

#include <signal.h>

struct rp_stopsign {
    int fd;          /* readable: stop */
    sigset_t before; /* what was blocked then */
};

/** RP_ERR_IO: no descriptor is left. */
RP_CHECKED enum rp_code rp_stopsign_open(struct rp_stopsign *sign,
                                         struct rp_error *error);

/** Take the signal, in the thread that has found `fd` readable. */
void rp_stopsign_seen(int fd);

/** As it was before. */
void rp_stopsign_close(struct rp_stopsign *sign);

#endif
