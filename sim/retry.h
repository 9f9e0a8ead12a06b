/**
 * Retries: the pauses between the attempts of a request, and its last one.
 *
 * A part of the engine that runs seldom; not for users of the library.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_RETRY_H
#define RP_SIM_RETRY_H

#include "sim/enginestate.h"

/** The pause of a request after its attempt of that number, from 0. */
uint64_t rp_retry_pause_ns(const struct rp_engine *engine,
                           const struct rp_request *request, unsigned attempt);

/** Account for a request whose last attempt has failed. */
void rp_retry_give_up(const struct rp_engine *engine,
                      const struct rp_request *request);

#endif
