/**
 * The GIL: one thread of a process runs Python code at a time.
 *
 * A real lock with the protocol of CPython 3.2 and later. Who waits for it
 * waits one switch interval, and if the lock did not change hands meanwhile
 * asks the holder to drop it. A holder looks for that wish between bytecodes
 * (here: between slices of burned CPU), drops the lock, and waits until some
 * other thread has really taken it. A holder that blocks, or polls an event
 * loop, drops it anyway.
 *
 * All functions take NULL for a process that has none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_GIL_H
#define RP_MICROHANDLER_GIL_H

#include "model/error.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/** sys.getswitchinterval() of an untouched CPython. */
#define RP_GIL_INTERVAL_NS UINT64_C(5000000)

struct rp_gil {
    pthread_mutex_t mutex;   /* guards what is below, held for moments */
    pthread_cond_t freed;    /* the lock may be free */
    pthread_cond_t switched; /* the lock was taken */
    uint64_t interval_ns;
    bool locked;
    bool was_held;            /* `last_holder` means something */
    pthread_t last_holder;    /* who took it last */
    uint64_t switch_number;   /* how often another thread took it */
    uint64_t forced_number;   /* how often it was dropped because of a wish */
    atomic_bool drop_request; /* somebody has waited long enough */
};

/** RP_ERR_MEMORY: the system has no room for the lock. */
RP_CHECKED enum rp_code rp_gil_init(struct rp_gil *gil, uint64_t interval_ns,
                                    struct rp_error *error);

/** Nobody may hold it or wait for it. */
void rp_gil_free(struct rp_gil *gil);

/** Wait for the lock and take it; returns the nanoseconds that were waited. */
uint64_t rp_gil_take(struct rp_gil *gil);

/** Give it up; where somebody asked for it, come back once it was taken. */
void rp_gil_drop(struct rp_gil *gil);

/** What a holder does between slices of work: drop and take again where
 * somebody asked for it. Returns the nanoseconds that were waited. */
uint64_t rp_gil_check(struct rp_gil *gil);

#endif
