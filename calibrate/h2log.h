/**
 * What `h2load --log-file` writes: a line for each request.
 *
 * A line is when it was sent (us since 1970), its status (-1 where it failed)
 * and how long it took (us), with tabs between. A request begins when it is
 * sent, with its connection open.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_H2LOG_H
#define RP_CALIBRATE_H2LOG_H

#include "calibrate/peer.h"

/**
 * Read the file.
 *
 * @param peer  untouched on failure
 * @return RP_ERR_SYNTAX with the line, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_h2_log_read_text(const char *text, size_t length,
                                            const char *file_name,
                                            struct rp_peer *peer,
                                            struct rp_error *error);

#endif
