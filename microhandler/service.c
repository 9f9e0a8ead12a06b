/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/service.h"

unsigned rp_service_backlog(const struct rp_service *service)
{
    const struct rp_server *const server = &service->scenario->server;
    const unsigned each = server->backlog / server->processes;

    return server->backlog > 0 && each == 0 ? 1 : each;
}
