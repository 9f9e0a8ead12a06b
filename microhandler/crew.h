/**
 * Crews: threads that serve one queue.
 *
 * The thread for thread-sensitive code is a crew of one, for the process or
 * for one request; the loop's default pool is a crew that grows while all of
 * its threads are busy, as Python's ThreadPoolExecutor does; so are the
 * worker threads of a threaded server. While a thread waits for a job it does
 * not hold the GIL, while it runs one it does.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_CREW_H
#define RP_MICROHANDLER_CREW_H

#include "microhandler/gil.h"
#include "microhandler/handoff.h"

struct rp_crew {
    struct rp_handoff queue;
    struct rp_gil *gil;    /* borrowed; NULL: none is held */
    unsigned most;         /* threads, >= 1 */
    pthread_mutex_t mutex; /* guards what is below */
    unsigned started;
    pthread_t *threads; /* owned: `most` */
};

/**
 * A crew with its first threads.
 *
 * @param most   threads that it may grow to, >= 1
 * @param begin  threads to start with, 1 .. most
 * @return RP_ERR_MEMORY: no room, or the system has no more threads; release
 *         it with rp_crew_end() in any case
 */
RP_CHECKED enum rp_code rp_crew_begin(struct rp_crew *crew, unsigned most,
                                      unsigned begin, struct rp_gil *gil,
                                      struct rp_error *error);

/** Hand a job to the crew; it starts a thread where all are busy and there may
 * be one more. */
void rp_crew_push(struct rp_crew *crew, struct rp_job *job);

/** Let it finish what it was given, and wait for its threads. Harmless on a
 * zeroed crew, and twice. */
void rp_crew_end(struct rp_crew *crew);

#endif
