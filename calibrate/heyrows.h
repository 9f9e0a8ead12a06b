/**
 * What `hey -o csv` writes: a row for each answer.
 *
 * The columns that are read are response-time and offset (when it began), both
 * in seconds with four digits behind the point, and status-code. Requests
 * without an answer have no row.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_HEYROWS_H
#define RP_CALIBRATE_HEYROWS_H

#include "calibrate/peer.h"

/**
 * Read the file.
 *
 * @param peer  untouched on failure
 * @return RP_ERR_SYNTAX, RP_ERR_VALUE (columns, cells), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_hey_rows_read_text(const char *text, size_t length,
                                              const char *file_name,
                                              struct rp_peer *peer,
                                              struct rp_error *error);

#endif
