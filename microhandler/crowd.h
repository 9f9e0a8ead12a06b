/**
 * The crowd: several processes that serve the same port.
 *
 * One watches, the others serve. SIGTERM and SIGINT are handed on; a process
 * that ends without being told to takes the others with it, for a server with
 * fewer processes than its scenario has would measure something else. Those
 * that serve end with the one that watches, whatever ends it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_CROWD_H
#define RP_MICROHANDLER_CROWD_H

#include "model/error.h"

/**
 * Run `serve` in `count` processes, and wait for them. SIGTERM and SIGINT are
 * blocked, as rp_stopsign_open() does.
 *
 * @param serve  runs in a process of its own, which then ends
 * @return RP_ERR_IO: a process could not be made, or has died; or what `serve`
 *         failed with
 */
RP_CHECKED enum rp_code
rp_crowd_run(unsigned count,
             enum rp_code (*serve)(void *argument, struct rp_error *error),
             void *argument, struct rp_error *error);

#endif
