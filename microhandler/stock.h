/**
 * Stocks: counted resources, like the connections of a database pool.
 *
 * A unit is taken and given back. Who finds none waits in a line, and the unit
 * that is given back goes to the first of it directly. How somebody waits is
 * not the stock's business: a thread blocks, a walk at a loop is suspended.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_STOCK_H
#define RP_MICROHANDLER_STOCK_H

#include "model/error.h"

#include <pthread.h>
#include <stdbool.h>

/** Somebody in the line; belongs to who waits. */
struct rp_waiter {
    void (*granted)(void *owner); /* in the thread of who gives */
    void *owner;
    struct rp_waiter *next; /* the stock's */
};

struct rp_stock {
    pthread_mutex_t mutex; /* guards what is below */
    unsigned units;        /* that nobody has */
    struct rp_waiter *first, *last;
};

/** RP_ERR_MEMORY: the system has no room for it. */
RP_CHECKED enum rp_code rp_stock_init(struct rp_stock *stock, unsigned units,
                                      struct rp_error *error);

/** Nobody may wait. */
void rp_stock_free(struct rp_stock *stock);

/** Take a unit. False: there was none; `waiter` is in the line, and its
 * function is called, perhaps before this returns, when it has one. */
bool rp_stock_take(struct rp_stock *stock, struct rp_waiter *waiter);

/** Give a unit back. */
void rp_stock_give(struct rp_stock *stock);

#endif
