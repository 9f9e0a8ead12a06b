/**
 * ASGI servers: one event loop for connections and requests.
 *
 * daphne and uvicorn. All connections of a process are handles of its loop,
 * and requests are walked there; none of them has a thread but for what its
 * program crosses to.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_ASGI_H
#define RP_MICROHANDLER_ASGI_H

#include "microhandler/service.h"

/** Serve until a signal says to end, and all clients were answered.
 * RP_ERR_MEMORY, RP_ERR_IO: it could not begin. */
RP_CHECKED enum rp_code rp_asgi_run(const struct rp_service *service,
                                    struct rp_error *error);

#endif
