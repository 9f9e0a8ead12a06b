/**
 * Walks: one request goes through its program, for real.
 *
 * CPU is burned, waits are waited, and each bracket is a hand-off: to the
 * thread for thread-sensitive code, to a thread of the request's own, to the
 * pool, to the caller that is blocked further out, or to a loop, which may have
 * to be made first. A walk is in one place at a time and moves from thread to
 * thread through queues, so nobody locks it.
 *
 * A loop is never held by a suspended walk; a thread always is, by everything
 * inside: async_to_sync blocks its thread in a queue of its own, and serves
 * what comes through it until the answer does.
 *
 * At the server's own loop a walk takes the turns that it takes in asyncio
 * (model/charges.h): several before the application has the request, one for
 * what another thread or a timer asked for and one for the task that this
 * wakes. So requests that are under way together take turns, and what crosses
 * pays on either side.
 *
 * What a step really does here (a hand-off, a thread that is started, a
 * request that is read) counts towards the price of the framework's steps: only
 * the rest of the price is burned. The scenario's own CPU is burned in full.
 *
 * The client of the server's loop may have its answer before the end: then the
 * walk says so when it is there (course.h), and goes on.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_WALK_H
#define RP_MICROHANDLER_WALK_H

#include "microhandler/innerloop.h"
#include "microhandler/places.h"

/** A bracket that the walk is inside of. */
struct rp_frame {
    enum rp_crossing cross;
    struct rp_evloop *loop;     /* of sync_to_async: where it came from */
    struct rp_handoff executor; /* of async_to_sync: what the caller serves */
    struct rp_innerloop inner;  /* of async_to_sync that made one */
    bool finished;              /* of async_to_sync: the answer has come */
};

/** Who is told of a walk in the loop: in its thread, which holds the GIL. */
struct rp_walk_host {
    void (*answered)(void *owner); /* the answer may leave, the walk goes on:
                                      on courses that answer, and only there */
    void (*done)(void *owner);     /* at the end; not the walk's any more */
    void *owner;
};

struct rp_walk {
    struct rp_places *places;       /* borrowed */
    const struct rp_course *course; /* borrowed: of this request */
    size_t step;                    /* the next one */
    size_t depth;                   /* frames that are open */
    size_t frame_count;
    struct rp_frame *frames; /* owned */
    struct rp_evloop *loop;  /* where it runs; NULL: in a thread */

    double level; /* how slow this request is, in [0, 1) */
    struct rp_luck luck;

    struct rp_job job; /* how it is handed over */
    struct rp_alarm alarm;
    struct rp_waiter waiter;
    pthread_mutex_t mutex; /* for a thread that waits for a resource: */
    pthread_cond_t granted;
    bool has_unit;

    struct rp_crew context; /* the request's own thread */
    pthread_t joiner;
    bool joins;

    struct rp_walk_host host; /* of a walk in the loop */
    bool answered;            /* the host has been told */

    uint64_t started_ns, step_began_ns;
    enum rp_op pending;   /* the step that goes on elsewhere */
    unsigned turn;        /* of those that the server's own code takes */
    double owed_ns;       /* of a crossing, on the other side */
    int64_t mark_ns;      /* of this thread's CPU: paid for until there */
    int64_t credit_ns;    /* between threads: done, and not yet paid for */
    uint64_t step_gil_ns; /* waited for the GIL in this step */
    uint64_t step_ns[RP_METRICS_STEPS], gil_ns;

    pthread_t *trail; /* NULL, or one a step: the thread that took it;
                         borrowed, for who wants to see where code ran */
};

/** A request that is about to be walked. */
struct rp_errand {
    const struct rp_course *course;
    uint64_t seed;
    uint64_t number;      /* of the request */
    int64_t spent_cpu_ns; /* on it by this thread already, reading it */
};

/**
 * A walk that can be used again and again.
 *
 * @param deepest  rp_courses.deepest
 * @return RP_ERR_MEMORY; rp_walk_free() in any case
 */
RP_CHECKED enum rp_code rp_walk_init(struct rp_walk *walk,
                                     struct rp_places *places, size_t deepest,
                                     struct rp_error *error);

/** Harmless on a zeroed walk. */
void rp_walk_free(struct rp_walk *walk);

/** Walk in this thread, a worker's, until the end. The GIL is held by the
 * caller. */
void rp_walk_in_thread(struct rp_walk *walk, const struct rp_errand *errand);

/** Begin to walk in the places' loop, in whose thread the caller is, and holds
 * the GIL. The host is told there, perhaps before this returns. */
void rp_walk_in_loop(struct rp_walk *walk, const struct rp_errand *errand,
                     const struct rp_walk_host *host);

/** Burn what is left to do when the answer has been sent (mechanism `after`):
 * in the thread where the walk ended, which holds the GIL. */
void rp_walk_after(const struct rp_walk *walk);

#endif
