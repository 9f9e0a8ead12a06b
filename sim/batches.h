/**
 * Batches: one long run, cut into pieces that are nearly independent.
 *
 * Answers that follow each other are alike: both met the same queue. The means
 * of long enough batches of answers are not, and so one run has an interval
 * too. How long a run will be need not be known: batches begin with one answer
 * each, and whenever all are full, neighbours become one and the next will be
 * twice as long. So there are 20 to 39 full ones in the end, whatever the
 * length, in memory that does not grow.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_BATCHES_H
#define RP_SIM_BATCHES_H

#include "model/error.h"
#include "sim/histogram.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RP_BATCHES_MAX = 40 };

struct rp_batches {
    uint64_t size;                      /* answers to a full batch */
    size_t count;                       /* of the full ones, in order */
    uint64_t since_ns;                  /* when the present one began */
    double span_ns[RP_BATCHES_MAX];     /* time that each took */
    double response_ns[RP_BATCHES_MAX]; /* sum over its answers */
    struct rp_histogram *response;      /* owned; RP_BATCHES_MAX */
};

/** Room for all; RP_ERR_MEMORY. Release with rp_batches_free(). */
RP_CHECKED enum rp_code rp_batches_init(struct rp_batches *batches,
                                        struct rp_error *error);

/** Forget everything; the first batch begins at `now_ns`. */
void rp_batches_begin(struct rp_batches *batches, uint64_t now_ns);

/** An answer, at `now_ns`, after `response_ns`. */
void rp_batches_add(struct rp_batches *batches, uint64_t now_ns,
                    uint64_t response_ns);

/** Neighbours become one: half as many batches, twice as long. A last one
 * without a neighbour is dropped, like the one that is not full yet. */
void rp_batches_pair(struct rp_batches *batches);

/** Harmless on zeroed or freed batches. */
void rp_batches_free(struct rp_batches *batches);

#endif
