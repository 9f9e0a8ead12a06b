/**
 * The open client: it sends requests at moments that were planned before,
 * whatever becomes of them.
 *
 * ab and wrk are closed clients: each of their users waits for an answer before
 * it asks again, so a slow server is asked less, and what would have queued is
 * in no latency. Users of a site do not know of each other. Here the moments
 * are given, each request has a connection of its own as those of ab have, and
 * its latency counts from the moment that was planned, also where the client
 * itself was late.
 *
 * One thread, one libuv loop, and a timerfd: libuv's own timers know
 * milliseconds, which at 500 requests/s is half of the time between two.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLIENT_OPENCLIENT_H
#define RP_CLIENT_OPENCLIENT_H

#include "calibrate/openrows.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** All borrowed. */
struct rp_openclient_options {
    const char *url;       /* http://HOST[:PORT][/PATH] */
    const uint64_t *at_ns; /* when each is sent, from the beginning; not
                              falling */
    size_t count;
    uint64_t timeout_ns; /* of a request, from its sending; > 0 */
    bool keepalive; /* HTTP/1.1, and a connection is used again by who comes
                       next; else HTTP/1.0, and the request ends when the
                       server closes it, as with ab */
    const volatile sig_atomic_t *interrupted; /* may be NULL */
};

/**
 * Send them all, and wait until each has ended.
 *
 * @param rows  `count` of them, written on success
 * @return RP_ERR_VALUE (the URL), RP_ERR_IO (no such host, nothing that the
 *         system gives to wait with), RP_ERR_UNUSABLE (interrupted),
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code
rp_openclient_run(const struct rp_openclient_options *options,
                  struct rp_open_row *rows, struct rp_error *error);

#endif
