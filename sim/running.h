/**
 * Running: code on a thread that has a lock and a core.
 *
 * A part of the engine; not for users of the library. What code takes is
 * sim/runtime.h's business. Where others wait for the lock of somebody who has
 * run for a switch interval, it goes to one of them: so CPython's threads share
 * their interpreter lock.
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

/** Spend `span_ns` in slices of the switch interval. */
void rp_running_begin(struct rp_engine *engine, uint32_t id, uint64_t span_ns);

/** A slice is over: true where there is none left. Else the next one has begun,
 * or lock and core, which two steps before `step` and the step before take,
 * went to others and the request queues for the lock. */
bool rp_running_slice(struct rp_engine *engine, uint32_t id,
                      const struct rp_instruction *step);

/** A request is at its step PASS: true where its thread, lock and core went to
 * another, so that it has nothing to give back. */
bool rp_running_pass(struct rp_engine *engine, const struct rp_request *request,
                     const struct rp_instruction *step);

/** Whether a lock that is kept since `*since_ns` (0: from now on) may be kept
 * longer; where not it is as if it had not been. */
bool rp_running_keeps(const struct rp_engine *engine, uint64_t *since_ns);

/** A request was answered, which allocated. */
void rp_running_allocate(struct rp_engine *engine,
                         const struct rp_request *request);

#endif
