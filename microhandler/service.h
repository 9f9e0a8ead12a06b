/**
 * The service: what one process of the server serves with.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_SERVICE_H
#define RP_MICROHANDLER_SERVICE_H

#include "microhandler/allowance.h"
#include "microhandler/places.h"
#include "microhandler/site.h"
#include "model/scenario.h"

/** All of it borrowed. */
struct rp_service {
    const struct rp_scenario *scenario;
    const struct rp_courses *courses;
    const struct rp_allowance *allowance;
    const struct rp_site *site;
    struct rp_places *places;
    int listener; /* accepts */
    int signals;  /* a signalfd: readable when the server shall end */
};

/** This process's part of server.backlog: requests that may wait to be let in,
 * at least 1; 0: any number. */
unsigned rp_service_backlog(const struct rp_service *service);

#endif
