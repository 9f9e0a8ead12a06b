/**
 * Times of sending: when the requests of measured open runs were to be sent.
 *
 * A client of an open load knows its moments before it begins
 * (client/openclient.h); they are what was asked, as the number of clients is
 * of a closed load, and no result. In a run of a few hundred requests chance
 * makes more of them than the rate says, or brings them closer together, and
 * what queues then is longer. So who predicts such runs predicts them with
 * their moments; what is left between prediction and measurement is the
 * server's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_SENDTIMES_H
#define RP_CALIBRATE_SENDTIMES_H

#include "calibrate/measured.h"

/** Runs of one configuration and of as many requests. */
struct rp_sendtimes {
    unsigned runs;          /* 0: none is known */
    const uint64_t **at_ns; /* owned, each borrowed from its run */
};

/**
 * Read the moments of a report of the open client.
 *
 * @param requests  that it has
 * @param at_ns     written: new memory, so many, not falling
 * @return RP_ERR_IO, RP_ERR_SYNTAX, RP_ERR_VALUE (no such report),
 *         RP_ERR_UNUSABLE (more or fewer requests), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_sendtimes_read(const char *path, size_t requests,
                                          uint64_t **at_ns,
                                          struct rp_error *error);

/**
 * The runs of a configuration that have moments, in their order.
 *
 * @param requests  of each; runs of other numbers are left out
 * @param planned   written; rp_sendtimes_free() before the runs are freed
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_sendtimes_find(const struct rp_measured *measured,
                                          size_t config, unsigned requests,
                                          struct rp_sendtimes *planned,
                                          struct rp_error *error);

/** So many rehearsals, or a few more, that each run is rehearsed as often. */
unsigned rp_sendtimes_rehearsals(const struct rp_sendtimes *planned,
                                 unsigned runs);

/** Harmless on a zeroed or freed one. */
void rp_sendtimes_free(struct rp_sendtimes *planned);

#endif
