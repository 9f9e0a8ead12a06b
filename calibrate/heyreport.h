/**
 * Reports of hey, as text.
 *
 * hey prints times in seconds with four digits behind the point, so that 0.3 ms
 * and 0.4 ms differ by a third. It makes a number of requests that is a
 * multiple of its workers, does not say how many workers there were, ends with
 * success whatever failed, prints "0% in 0.0000 secs" for percentiles that it
 * has not, and NaN where nothing was answered.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_HEYREPORT_H
#define RP_CALIBRATE_HEYREPORT_H

#include "calibrate/peer.h"

/**
 * Read what hey printed.
 *
 * @param peer  untouched on failure. Useless: errors, answers that are not 2xx,
 *              none at all, figures that contradict each other
 * @return RP_ERR_SYNTAX: this is no report of hey, a cut one, or several
 */
RP_CHECKED enum rp_code rp_hey_read_text(const char *text, size_t length,
                                         const char *file_name,
                                         struct rp_peer *peer,
                                         struct rp_error *error);

#endif
