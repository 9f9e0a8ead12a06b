/**
 * Timestamps: when requests arrived, as a file tells.
 *
 * A trace to be replayed comes in one of two forms, told apart by its first
 * line:
 *
 * - CSV with a column `time` or `timestamp` (seconds, with or without a
 *   fraction, from any zero; or ISO 8601, "2026-11-25T09:30:00.25Z") or
 *   `start_us` (microseconds); other columns are passed over. Without a line
 *   of names there is that one column alone. Times must not go back.
 * - An access log of nginx or Apache, "common" or "combined" (more fields
 *   behind them are passed over). It tells whole seconds, so the requests of
 *   one second are spread over it evenly, and nginx tells when a request was
 *   answered. Lines need not be in order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_TIMESTAMPS_H
#define RP_MODEL_TIMESTAMPS_H

#include "model/error.h"

#include <stddef.h>
#include <stdint.h>

struct rp_timestamps {
    size_t count;    /* >= 2 */
    uint64_t *at_ns; /* owned; the first is 0, none is earlier than the one
                        before, the last is > 0 */
};

/**
 * Read a trace.
 *
 * @param timestamps  written on success; rp_timestamps_free()
 * @return RP_ERR_IO, RP_ERR_SYNTAX (not CSV, not a line of an access log),
 *         RP_ERR_VALUE (no column of times, not a time, times that go back,
 *         fewer than two requests, all at one time, or more than 292 years
 *         from the first to the last), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_timestamps_read(const char *path,
                                           struct rp_timestamps *timestamps,
                                           struct rp_error *error);

/** The same from memory; `file_name` is for the error's sentence. */
RP_CHECKED enum rp_code
rp_timestamps_read_text(const char *text, size_t length, const char *file_name,
                        struct rp_timestamps *timestamps,
                        struct rp_error *error);

/** Requests a second, from the first to the last. */
double rp_timestamps_rate(const struct rp_timestamps *timestamps);

/** Harmless on a zeroed or freed one. */
void rp_timestamps_free(struct rp_timestamps *timestamps);

#endif
