/**
 * Clearing a store: sweeps that are old, unfinished or too many go, and with
 * them the answers that no sweep has any more; the file shrinks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_STOREGC_H
#define RP_PLAN_STOREGC_H

#include "plan/store.h"

/** Which sweeps go; zero: none, only answers that no sweep has. */
struct rp_store_gc {
    int64_t now_ms;
    int64_t older_than_ms; /* begun longer ago than this; 0: whatever its age */
    bool unfinished; /* not ended, and nothing was kept for it for an hour: one
                        that is running stays */
    bool by_bytes;   /* the oldest, until what is left takes `most_bytes` */
    uint64_t most_bytes;
    bool dry_run; /* only tells what would go */
};

struct rp_store_cleared {
    uint64_t sweeps, answers;           /* that went, or would go */
    uint64_t bytes_before, bytes_after; /* of answers and their scenarios */
};

/**
 * Clear a store that is open to be written.
 *
 * @param cleared  written on success
 * @return RP_ERR_IO (locked, no space left to copy the file into); then the
 *         sweeps are as they were or gone, never in between
 */
RP_CHECKED enum rp_code rp_store_gc(struct rp_store *store,
                                    const struct rp_store_gc *gc,
                                    struct rp_store_cleared *cleared,
                                    struct rp_error *error);

#endif
