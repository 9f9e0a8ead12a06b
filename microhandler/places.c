/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static enum rp_code begin_stocks(struct rp_places *places,
                                 const struct rp_scenario *scenario,
                                 struct rp_error *error)
{
    const size_t count = scenario->resource_count;
    enum rp_code code = RP_OK;

    places->stocks = calloc(count + 1, sizeof *places->stocks);
    if (!places->stocks)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for resources");
    for (size_t i = 0; i < count && !code; i++) {
        code = rp_stock_init(&places->stocks[i],
                             scenario->resources[i].capacity, error);
        places->stock_count += !code;
    }
    return code;
}

static enum rp_code begin_loop(struct rp_places *places, struct rp_error *error)
{
    places->loop = rp_evloop_new(places->gil);
    return places->loop ? RP_OK
                        : rp_fail(error, RP_ERR_IO, "no event loop: %s",
                                  strerror(errno));
}

enum rp_code rp_places_begin(struct rp_places *places,
                             const struct rp_scenario *scenario,
                             const struct rp_courses *courses,
                             struct rp_metrics *metrics, struct rp_error *error)
{
    const bool asgi = rp_server_is_asgi(scenario->server.kind);
    const unsigned pool = rp_scenario_pool_threads(scenario);
    enum rp_code code = RP_OK;

    *places = (struct rp_places){.metrics = metrics};
    if (scenario->server.gil) {
        code = rp_gil_init(&places->gil_memory, RP_GIL_INTERVAL_NS, error);
        places->gil = code ? NULL : &places->gil_memory;
    }
    if (!code)
        code = begin_stocks(places, scenario, error);
    if (!code && asgi)
        code = begin_loop(places, error);
    if (!code && rp_courses_visit(courses, RP_PLACE_SENSITIVE))
        code = rp_crew_begin(&places->sensitive, 1, 1, places->gil, error);
    if (!code && rp_courses_visit(courses, RP_PLACE_POOL))
        code = rp_crew_begin(&places->pool, pool, 1, places->gil, error);
    return code;
}

void rp_places_end(struct rp_places *places)
{
    rp_crew_end(&places->sensitive);
    rp_crew_end(&places->pool);
    rp_evloop_free(places->loop);
    for (size_t i = 0; i < places->stock_count; i++)
        rp_stock_free(&places->stocks[i]);
    free(places->stocks);
    rp_gil_free(places->gil);
    *places = (struct rp_places){0};
}
