/**
 * Threads of a request: started because of it, and ended with it.
 *
 * The thread of an inner loop, a request's own thread for thread-sensitive
 * code, and the one that joins it: what a developer counts as "threads
 * created". Threads of a pool stay from request to request and are none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_REQUESTTHREAD_H
#define RP_MICROHANDLER_REQUESTTHREAD_H

#include "microhandler/metrics.h"

#include <pthread.h>

/**
 * Start and count one. Where the system has no thread to give, this waits until
 * it has, for a request that has begun can only be finished.
 *
 * @param thread  to be joined
 */
void rp_request_thread_start(pthread_t *thread, void *(*run)(void *),
                             void *argument, struct rp_metrics *metrics);

#endif
