/**
 * Event loops: libuv's, with what asyncio's loop has and a walk needs.
 *
 * A loop runs in one thread. From others a job is posted to it
 * (call_soon_threadsafe); in its own thread a job can be put off to a moment
 * (call_later), which is kept by a timerfd because libuv's own timers know
 * milliseconds only. Callbacks hold the GIL, polling does not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_EVLOOP_H
#define RP_MICROHANDLER_EVLOOP_H

#include "microhandler/gil.h"
#include "microhandler/handoff.h"

#include <stdint.h>

struct uv_loop_s;

/** Incomplete: libuv shows in evloop.c alone. */
struct rp_evloop;

/** A new loop; NULL: errno says what is short (memory, descriptors). `gil` is
 * borrowed and may be NULL. */
struct rp_evloop *rp_evloop_new(struct rp_gil *gil);

/** Run callbacks until rp_evloop_stop(). The GIL is not held by the caller, and
 * not when this returns. */
void rp_evloop_run(struct rp_evloop *loop);

/** In the loop's thread: return from rp_evloop_run() soon. */
void rp_evloop_stop(struct rp_evloop *loop);

/** From any thread: have the job run in the loop's thread, holding the GIL. */
void rp_evloop_post(struct rp_evloop *loop, struct rp_job *job);

/** An alarm: a job, and the moment (rp_ticks_now()) when it is due. Belongs to
 * who sets it; set once at a time. */
struct rp_alarm {
    struct rp_job job;
    uint64_t due_ns;
};

/** In the loop's thread: run the alarm's job when it is due. Alarms due at the
 * same moment run in any order. RP_ERR_MEMORY, RP_ERR_IO (no timerfd). */
RP_CHECKED enum rp_code rp_evloop_set(struct rp_evloop *loop,
                                      struct rp_alarm *alarm,
                                      struct rp_error *error);

/** At the head of each callback that libuv makes by itself: take the GIL where
 * this iteration has not yet. Returns the nanoseconds that were waited. */
uint64_t rp_evloop_hold(struct rp_evloop *loop);

/** Inside of a callback: give the GIL up for something that blocks, and take
 * it back. */
void rp_evloop_unhold(struct rp_evloop *loop);

/** Since when the loop's thread, by its own CPU, is free for a job
 * (rp_job.free_since): whoever does something else in a callback sets it. */
uint64_t *rp_evloop_free_since(struct rp_evloop *loop);

/** How often it has polled: callbacks with the same number were due together.
 */
uint64_t rp_evloop_turn(const struct rp_evloop *loop);

/** For handles of the caller's own, which it closes before the loop. */
struct uv_loop_s *rp_evloop_uv(struct rp_evloop *loop);

/** Close all that is the loop's, and release it. In its thread; not running.
 * NULL is harmless. */
void rp_evloop_free(struct rp_evloop *loop);

#endif
