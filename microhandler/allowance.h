/**
 * The allowance: what a client may do to the server, and for how long.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_ALLOWANCE_H
#define RP_MICROHANDLER_ALLOWANCE_H

#include "microhandler/http.h"

#include <stdint.h>

struct rp_allowance {
    struct rp_http_limits http;
    unsigned connections; /* in each process; one more is answered with 503 */
    uint64_t header_ns;   /* from a request's first byte to its last: 408 */
    uint64_t idle_ns;     /* between requests of one connection */
    uint64_t send_ns;     /* for a client to take its response */
    uint64_t drain_ns;    /* for slow clients after SIGTERM */
};

/** 8 KiB and 100 fields of header, 1 MiB of body, 4096 connections, 10 s for a
 * request, 5 s between two, 10 s for a response and 10 s for the drain. */
struct rp_allowance rp_allowance_defaults(void);

#endif
