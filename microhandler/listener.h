/**
 * The listener: the socket that clients connect to.
 *
 * All processes of the server have the same one, so whoever is free accepts
 * next, as the workers of gunicorn do.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_LISTENER_H
#define RP_MICROHANDLER_LISTENER_H

#include "model/error.h"

#include <stdint.h>

/**
 * Listen. As many connections as the system allows may wait to be accepted:
 * where the kernel has no room it does not turn a client away but leaves it to
 * try again, a second later.
 *
 * @param address  "127.0.0.1", "::1", "localhost"
 * @param port     in: 0 for any; out: which one it is
 * @param fd       the socket, not blocking; the caller closes it
 * @return RP_ERR_IO: the address is taken, is not this machine's, or is none
 */
RP_CHECKED enum rp_code rp_listener_open(const char *address, uint16_t *port,
                                         int *fd, struct rp_error *error);

/**
 * The next connection, not blocking, and without Nagle's delay; -1: there is
 * none now. Where descriptors are short this waits a moment, for the socket
 * stays readable and its watcher would spin.
 */
int rp_listener_accept(int fd);

#endif
