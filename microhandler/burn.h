/**
 * Burning: CPU time that is really used.
 *
 * A slice of arithmetic after the other, until the thread's own clock says
 * that it is enough: what other threads do meanwhile does not count. Between
 * slices a holder of the GIL looks whether somebody wants it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_BURN_H
#define RP_MICROHANDLER_BURN_H

#include "microhandler/gil.h"

#include <stdint.h>

/**
 * Use the CPU until the thread's clock, rp_ticks_cpu(), shows `until_ns`.
 *
 * @param gil  held by the caller; NULL: there is none
 * @return the nanoseconds (of the monotonic clock) that were spent waiting for
 *         the GIL
 */
uint64_t rp_burn_until(uint64_t until_ns, struct rp_gil *gil);

#endif
