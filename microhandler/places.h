/**
 * Places: where code runs in one process of the server.
 *
 * The thread for thread-sensitive code, the loop's default pool, the server's
 * own loop, the GIL, and the counted resources: what requests of one process
 * share. A request's own places (its context thread, inner loops, the caller
 * that waits) belong to its walk.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_PLACES_H
#define RP_MICROHANDLER_PLACES_H

#include "microhandler/course.h"
#include "microhandler/crew.h"
#include "microhandler/evloop.h"
#include "microhandler/metrics.h"
#include "microhandler/stock.h"

struct rp_places {
    struct rp_metrics *metrics; /* borrowed */
    struct rp_gil *gil;         /* NULL: the process has none */
    struct rp_evloop *loop;     /* the server's; owned; NULL under WSGI */
    struct rp_crew sensitive;   /* zeroed where no course goes there */
    struct rp_crew pool;        /* the same */
    size_t stock_count;
    struct rp_stock *stocks; /* owned: one for each resource */
    struct rp_gil gil_memory;
};

/**
 * Make the places of this process and start their threads.
 *
 * @param places  written in any case; rp_places_end(). Must not move.
 * @return RP_ERR_MEMORY, RP_ERR_IO
 */
RP_CHECKED enum rp_code rp_places_begin(struct rp_places *places,
                                        const struct rp_scenario *scenario,
                                        const struct rp_courses *courses,
                                        struct rp_metrics *metrics,
                                        struct rp_error *error);

/** End the threads; no request may be under way. Harmless on zeroed places. */
void rp_places_end(struct rp_places *places);

#endif
