/**
 * The microhandler: a scenario as a real HTTP server.
 *
 * The third reader of a path program: what the simulator does in virtual time,
 * this does for real, with threads, event loops, hand-offs and burned CPU,
 * behind a port that ab can hit. It speaks HTTP/1.0 and 1.1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_SERVE_H
#define RP_MICROHANDLER_SERVE_H

#include "microhandler/allowance.h"
#include "model/profile.h"
#include "model/scenario.h"

#include <stdio.h>

struct rp_serve_options {
    const char *bind;  /* the address: "127.0.0.1" */
    uint16_t port;     /* 0: any that is free */
    double time_scale; /* of all that steps take, >= 0; 1: as it is priced */
    struct rp_allowance allowance;
    FILE *out; /* where the address is said once clients may come */
};

/** On port 8000 of 127.0.0.1, at the speed of the prices. */
struct rp_serve_options rp_serve_defaults(void);

/**
 * Serve until SIGTERM or SIGINT, then answer who has asked, and return.
 *
 * With several processes the caller's is the one that watches the others;
 * these never return from here. The server is kept to as many cores as the
 * scenario's host has. What this changes of the process and leaves so: its
 * limit of open files (raised as far as it goes), this thread's cores and its
 * timer slack (a nanosecond).
 *
 * @return RP_ERR_VALUE (no price for the server), RP_ERR_IO (the port is
 *         taken, a process has died), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_serve(const struct rp_scenario *scenario,
                                 const struct rp_profile *profile,
                                 const struct rp_serve_options *options,
                                 struct rp_error *error);

#endif
