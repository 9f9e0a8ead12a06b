/**
 * Running: code on a thread that has a lock and a core, or a core alone.
 *
 * A part of the engine; not for users of the library. What code takes is
 * sim/runtime.h's business. Where others wait for the lock of somebody who has
 * run for a switch interval, it goes to one of them: so CPython's threads share
 * their interpreter lock. Code without a lock has its core in the same way for
 * a slice of the kernel's, which goes on while its thread does, be it with
 * other requests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_RUNNING_H
#define RP_SIM_RUNNING_H

#include "sim/enginestate.h"

/** Draw what a step's code takes for a request that begins it now; ns. */
double rp_running_draw(struct rp_engine *engine, struct rp_request *request,
                       const struct rp_instruction *step);

/** A request is at its step RUN: true where it is done and goes on. */
bool rp_running_step(struct rp_engine *engine, uint32_t id,
                     const struct rp_instruction *step);

/** A slice begins now. */
void rp_running_new_slice(struct rp_engine *engine, uint32_t id);

/** Whether anything is left of it; always, where slices have no end. */
bool rp_running_has_slice(const struct rp_engine *engine, uint32_t id);

/** Spend `span_ns` in slices; false where the one that has begun is enough, and
 * nothing was done. */
bool rp_running_slices(struct rp_engine *engine, uint32_t id, uint64_t span_ns);

/** A slice is over: true where nothing is left to do. Else the next one has
 * begun, or what the one or two steps before `step` take went to others, and
 * the request queues for the first of it. */
bool rp_running_slice(struct rp_engine *engine, uint32_t id,
                      const struct rp_instruction *step);

/** A request is at its step PASS: how many of the steps that follow, which give
 * back, are not its own any more, for its thread went on with another; or 0. */
unsigned rp_running_pass(struct rp_engine *engine, uint32_t id,
                         const struct rp_instruction *step);

/** A thread has its lock from now on. */
void rp_running_holds(struct rp_engine *engine, uint32_t id);

/** Whether it may keep it: whoever else waits for the lock is woken where it is
 * let go, and gets a core at once when this thread has had one for a slice. */
bool rp_running_keeps(const struct rp_engine *engine, uint32_t id);

/** A request was answered, which allocated. */
void rp_running_allocate(struct rp_engine *engine,
                         const struct rp_request *request);

#endif
