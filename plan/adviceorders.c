/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/advicestate.h"

#include "model/ordering.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* So many orders are handed on; and up to so many layers all orders are tried,
 * of which there are 5,040 then. */
enum { ORDERS_MAX = 8, LAYERS_OF_ALL = 7 };

/* An order that saves less than this is as good as the one that is there. */
#define WORTH_A_LOOK_NS 1.0

struct found {
    double price_ns;
    size_t *order; /* owned by the search */
};

struct orders {
    const struct rp_advice_search *search;
    struct rp_ordering ordering;
    struct rp_scenario shuffled; /* borrows all but its layers' array */
    size_t n;
    size_t *now;     /* the order that is tried */
    double price_ns; /* of the stack as it is */
    struct found best[ORDERS_MAX + 1];
    size_t count;
    enum rp_code code;
    struct rp_error *error;
};

double rp_advice_price_ns(const struct rp_scenario *scenario,
                          const struct rp_routes *routes)
{
    double sum = 0.0, weight = 0.0;

    for (size_t i = 0; i < routes->count; i++) {
        const double share =
            scenario->class_count ? scenario->classes[i].share : 1.0;

        sum += share * routes->routes[i].prices.total_ns;
        weight += share;
    }
    return sum / weight;
}

static double price_of_order(struct orders *o)
{
    const struct rp_layer *const layers = o->search->scenario.layers;
    struct rp_routes routes = {0};
    double price_ns = NAN;

    for (size_t i = 0; i < o->n; i++)
        o->shuffled.layers[i] = layers[o->now[i]];
    if (o->code)
        return NAN;
    o->code =
        rp_routes_make(&o->shuffled, o->search->profile, &routes, o->error);
    if (!o->code)
        price_ns = rp_advice_price_ns(&o->shuffled, &routes);
    rp_routes_free(&routes);
    return price_ns;
}

/* Orders of the same price are one: the first, which moves least. */
static void keep_if_good(struct orders *o)
{
    const double price_ns = price_of_order(o);
    size_t at = o->count;
    size_t *spare;

    if (!(price_ns < o->price_ns - WORTH_A_LOOK_NS))
        return;
    for (size_t i = 0; i < o->count; i++)
        if (fabs(o->best[i].price_ns - price_ns) < WORTH_A_LOOK_NS)
            return;
    while (at > 0 && o->best[at - 1].price_ns > price_ns)
        at--;
    if (at == ORDERS_MAX)
        return;
    spare = o->best[ORDERS_MAX].order;
    if (o->count < ORDERS_MAX)
        spare = o->best[o->count++].order;
    else
        o->best[ORDERS_MAX].order = o->best[ORDERS_MAX - 1].order;
    memmove(&o->best[at + 1], &o->best[at],
            (o->count - 1 - at) * sizeof *o->best);
    memcpy(spare, o->now, o->n * sizeof *spare);
    o->best[at] = (struct found){price_ns, spare};
}

static void start(struct orders *o)
{
    for (size_t i = 0; i < o->n; i++)
        o->now[i] = i;
}

/* One layer somewhere else. */
static void try_moves(struct orders *o)
{
    for (size_t from = 0; from < o->n; from++) {
        for (size_t to = 0; to < o->n; to++) {
            const size_t low = from < to ? from : to;
            const size_t high = from < to ? to : from;

            if (from == to || from == to + 1) /* the latter is seen before */
                continue;
            start(o);
            for (size_t i = low; i < high; i++) {
                const size_t at = from < to ? i : high - (i - low);
                const size_t next = from < to ? at + 1 : at - 1;
                const size_t layer = o->now[at];

                o->now[at] = o->now[next];
                o->now[next] = layer;
            }
            if (rp_ordering_allows(&o->ordering, o->now, o->n))
                keep_if_good(o);
        }
    }
}

static void try_all(struct orders *o, size_t from)
{
    if (from == o->n) {
        keep_if_good(o);
        return;
    }
    for (size_t i = from; i < o->n; i++) {
        const size_t layer = o->now[i];

        o->now[i] = o->now[from];
        o->now[from] = layer;
        if (rp_ordering_allows(&o->ordering, o->now, from + 1))
            try_all(o, from + 1);
        o->now[from] = o->now[i];
        o->now[i] = layer;
    }
}

enum rp_code rp_advice_orders(const struct rp_advice_search *search,
                              size_t **orders, size_t *count,
                              struct rp_error *error)
{
    const size_t n = search->scenario.layer_count;
    struct orders o = {
        .search = search,
        .shuffled = search->scenario,
        .n = n,
        .price_ns = rp_advice_price_ns(&search->scenario, &search->routes),
        .error = error};
    size_t *const list = calloc((ORDERS_MAX + 2) * n + 1, sizeof *list);

    o.shuffled.layers = calloc(n + 1, sizeof *o.shuffled.layers);
    o.code = list && o.shuffled.layers
                 ? rp_ordering_of(&search->scenario, &o.ordering, error)
                 : rp_fail(error, RP_ERR_MEMORY, "out of memory for orders");
    if (!o.code) {
        for (size_t i = 0; i <= ORDERS_MAX; i++)
            o.best[i].order = list + (i + 1) * n;
        o.now = list;
        try_moves(&o);
        start(&o);
        if (n <= LAYERS_OF_ALL)
            try_all(&o, 0);
    }
    *orders = o.code ? NULL : calloc(o.count * n + 1, sizeof **orders);
    if (!o.code && !*orders)
        o.code = rp_fail(error, RP_ERR_MEMORY, "out of memory for orders");
    for (size_t i = 0; !o.code && i < o.count; i++)
        memcpy(*orders + i * n, o.best[i].order, n * sizeof **orders);
    *count = o.count;
    rp_ordering_free(&o.ordering);
    free(o.shuffled.layers);
    free(list);
    return o.code;
}
