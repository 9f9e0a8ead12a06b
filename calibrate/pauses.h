/**
 * Pauses: full garbage collections, as the longest request of a run shows them.
 *
 * A collection stops the process for tens of milliseconds, some hundred
 * requests apart, and has no percentile but the maximum while few requests are
 * in flight. So it is found run by run: where the longest request exceeds the
 * 95th percentile by many times an empty request, a collection fell into that
 * run. How often that happens, by the number of clients, is a frequency that
 * falls from "one at a time" to "very many" as rp_collections has it
 * (sim/runtime.h), fitted by weighted least squares.
 *
 * Only runs are looked at in which at most 4 % of the requests can meet one
 * pause, for else the 95th percentile is itself one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_PAUSES_H
#define RP_CALIBRATE_PAUSES_H

#include "calibrate/measured.h"

/** What runs show of a server's collections; NAN where they show nothing. */
struct rp_pauses {
    size_t runs, paused;   /* that were looked at, and had one */
    double length_ns;      /* median */
    double every, crowded; /* requests from one to the next; see above */
    double length_se, every_se, crowded_se; /* relative */
};

/**
 * Find the pauses of a server.
 *
 * @param speed      of each block
 * @param base_ns    an empty request of the server
 * @param leave_out  config_count flags; NULL: none
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_pauses_find(const struct rp_measured *measured,
                                       const double *speed,
                                       enum rp_server_kind server,
                                       double base_ns, const bool *leave_out,
                                       struct rp_pauses *pauses,
                                       struct rp_error *error);

#endif
