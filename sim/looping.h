/**
 * Looping: event loops that run what is ready in iterations.
 *
 * A part of the engine; not for users of the library. A loop is a thread that
 * walks a program of its own: poll, take the lock and a core, dispatch, give
 * both back, and again. What an iteration costs is paid once for all callbacks
 * that are ready when it begins, so the more requests are in flight the less
 * each of them pays. A callback that becomes ready meanwhile is of the next
 * iteration.
 *
 * A poll that waits for nothing but timers ends after a whole number of its
 * unit: CPython's selectors round the time-out up to milliseconds. Whatever
 * else wakes it brings the timers that are due along.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_LOOPING_H
#define RP_SIM_LOOPING_H

#include "sim/enginestate.h"

/** The loops of a network: false when memory is short. */
bool rp_looping_make(struct rp_engine *engine);

/** They poll. */
void rp_looping_start(struct rp_engine *engine);

/** A request is at its step CALLBACK. */
void rp_looping_join(struct rp_engine *engine, uint32_t id,
                     const struct rp_instruction *step);

/** A request is at its step SPLIT: it asks for the turn in which it is
 * answered, and what follows goes on in a record of its own. Records may
 * move. */
void rp_looping_split(struct rp_engine *engine, uint32_t id,
                      const struct rp_instruction *step);

/* The steps of a loop; true where it goes on at once. */
bool rp_looping_poll(struct rp_engine *engine, struct rp_looping *loop,
                     const struct rp_place *place);
bool rp_looping_dispatch(struct rp_engine *engine, uint32_t thread,
                         struct rp_place *place);

/** The time-out of its poll is over, unless it was woken before. */
void rp_looping_alarm(struct rp_engine *engine, const struct rp_place *place);

#endif
