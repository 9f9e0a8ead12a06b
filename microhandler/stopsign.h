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

/** Incomplete: what was blocked before is of a type that C has not. */
struct rp_stopsign;

/** RP_ERR_IO: no descriptor is left; RP_ERR_MEMORY. */
RP_CHECKED enum rp_code rp_stopsign_open(struct rp_stopsign **sign,
                                         struct rp_error *error);

/** The descriptor: readable where a signal has come. Borrowed. */
int rp_stopsign_fd(const struct rp_stopsign *sign);

/** Take the signal, in the thread that has found the descriptor readable. */
void rp_stopsign_seen(int fd);

/** As it was before. */
void rp_stopsign_close(struct rp_stopsign *sign);

#endif
