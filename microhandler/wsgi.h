/**
 * WSGI servers: worker threads with blocking sockets, and no loop.
 *
 * gunicorn's sync worker is one thread that accepts and serves one request a
 * connection; gthread is a thread that accepts and a crew that serves, with
 * connections that stay open; so is runserver here. The door (door.h) keeps
 * those who have not asked yet away from both.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_WSGI_H
#define RP_MICROHANDLER_WSGI_H

#include "microhandler/service.h"

/** Serve until a signal says to end, and all clients were answered.
 * RP_ERR_MEMORY, RP_ERR_IO: it could not begin. */
RP_CHECKED enum rp_code rp_wsgi_run(const struct rp_service *service,
                                    struct rp_error *error);

#endif
