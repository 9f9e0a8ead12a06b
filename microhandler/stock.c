/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/stock.h"

#include <assert.h>
#include <string.h>

enum rp_code rp_stock_init(struct rp_stock *stock, unsigned units,
                           struct rp_error *error)
{
    const int failure = pthread_mutex_init(&stock->mutex, NULL);

    stock->units = units;
    stock->first = stock->last = NULL;
    return failure ? rp_fail(error, RP_ERR_MEMORY, "no room for a lock: %s",
                             strerror(failure))
                   : RP_OK;
}

void rp_stock_free(struct rp_stock *stock)
{
    assert(!stock->first);
    (void)pthread_mutex_destroy(&stock->mutex);
}

bool rp_stock_take(struct rp_stock *stock, struct rp_waiter *waiter)
{
    bool taken = false;

    (void)pthread_mutex_lock(&stock->mutex);
    if (stock->units > 0) {
        stock->units--;
        taken = true;
    } else {
        waiter->next = NULL;
        if (stock->first)
            stock->last->next = waiter;
        else
            stock->first = waiter;
        stock->last = waiter;
    }
    (void)pthread_mutex_unlock(&stock->mutex);
    return taken;
}

void rp_stock_give(struct rp_stock *stock)
{
    struct rp_waiter *next;

    (void)pthread_mutex_lock(&stock->mutex);
    next = stock->first;
    if (next)
        stock->first = next->next;
    else
        stock->units++;
    (void)pthread_mutex_unlock(&stock->mutex);
    if (next)
        next->granted(next->owner);
}
