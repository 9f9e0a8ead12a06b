/**
 * Reports of h2load, as text.
 *
 * h2load says how many requests succeeded, by status class, and the mean time
 * of a request from when it was sent; connecting is a row of its own. Until
 * nghttp2 1.65 there are no percentiles; later versions have a median, p95 and
 * p99 among the columns, which are found by their names.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_H2REPORT_H
#define RP_CALIBRATE_H2REPORT_H

#include "calibrate/peer.h"

/**
 * Read what h2load printed.
 *
 * @param peer  untouched on failure. Useless: requests that failed or were not
 *              answered with 2xx, none at all
 * @return RP_ERR_SYNTAX: this is no report of h2load, a cut one, or several
 */
RP_CHECKED enum rp_code rp_h2_read_text(const char *text, size_t length,
                                        const char *file_name,
                                        struct rp_peer *peer,
                                        struct rp_error *error);

#endif
