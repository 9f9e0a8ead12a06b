/**
 * Samples: single requests, from which everything else can be had.
 *
 * Tools that write down each request give more than any summary. What is made
 * of them here is what ab makes of its own: the percentile of a level is
 * request floor(0.5 + n level) of the sorted n, counted from 0, and there is
 * none where that is behind the last.
 *
 * Whatever tool has such rows can bring them as CSV, in whole or broken
 * microseconds from any beginning:
 *
 *     start_us,elapsed_us,status,bytes
 *     0,812,200,5120
 *
 * Of these, elapsed_us goes from connecting to the last byte; bytes may be left
 * out. A request without an answer has the status 0.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_SAMPLES_H
#define RP_CALIBRATE_SAMPLES_H

#include "calibrate/peer.h"

struct rp_samples {
    size_t count, room;
    double *elapsed_us;       /* owned */
    double first_us, last_us; /* when the first began and the last ended */
    size_t failed;            /* of them: no 2xx */
};

/**
 * Add one.
 *
 * @param status  200 .. 299 is an answer; others count as failed
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_samples_add(struct rp_samples *samples,
                                       double start_us, double elapsed_us,
                                       unsigned status, struct rp_error *error);

/** Sorts them and says what they have in common: all of `peer` but its
 * concurrency. */
void rp_samples_sum_up(struct rp_samples *samples, struct rp_peer *peer);

/** Harmless on zeroed or freed ones. */
void rp_samples_free(struct rp_samples *samples);

/**
 * Read the CSV above.
 *
 * @param peer  untouched on failure
 * @return RP_ERR_SYNTAX, RP_ERR_VALUE (columns, cells), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_samples_read_text(const char *text, size_t length,
                                             const char *file_name,
                                             struct rp_peer *peer,
                                             struct rp_error *error);

#endif
