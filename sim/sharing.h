/**
 * Processor sharing: all jobs at once, the servers divided equally among them.
 *
 * With n jobs on c servers each is served at the rate min(1, c / n). In a
 * virtual time that runs at just that rate every job has a fixed end, set when
 * it comes, so only the order of ends is kept, and one event for the first of
 * them. (The same device as in fair queueing; L. Kleinrock, "Queueing Systems
 * II", 1976, chapter 4, for the discipline itself.)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_SHARING_H
#define RP_SIM_SHARING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rp_sharing_job {
    double end_ns;  /* in virtual time */
    uint64_t order; /* of coming, for ties */
    uint32_t owner;
};

struct rp_sharing {
    unsigned servers;
    double virtual_ns;
    uint64_t updated_ns;
    uint64_t order;
    size_t count, capacity;
    struct rp_sharing_job *heap; /* owned; first end first */
};

/** A job of `work_ns` comes; false when memory is short. */
bool rp_sharing_add(struct rp_sharing *sharing, uint64_t now_ns, double work_ns,
                    uint32_t owner);

/** When the first job will end if nobody else comes; UINT64_MAX where there is
 * none. */
uint64_t rp_sharing_due_ns(const struct rp_sharing *sharing);

/**
 * Take the job that ends now, at the time that rp_sharing_due_ns() gave.
 *
 * @return its owner
 */
uint32_t rp_sharing_take(struct rp_sharing *sharing, uint64_t now_ns);

/** Whether a job of this owner is served; by looking at each. */
bool rp_sharing_has(const struct rp_sharing *sharing, uint32_t owner);

/** Harmless on zeroed or freed sharing. */
void rp_sharing_free(struct rp_sharing *sharing);

#endif
