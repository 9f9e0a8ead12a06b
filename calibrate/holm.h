/**
 * Holm's correction: p-values of many tests at once.
 *
 * The smallest of n p-values is multiplied by n, the next by n - 1, and so on,
 * and none becomes smaller than the one before it. Rejecting what is then
 * below alpha errs anywhere with probability alpha at most, however the tests
 * depend on each other (Holm, "A Simple Sequentially Rejective Multiple Test
 * Procedure", 1979).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_HOLM_H
#define RP_CALIBRATE_HOLM_H

#include "model/error.h"

#include <stddef.h>

/**
 * Correct p-values.
 *
 * @param p          `n` of them, 0 .. 1
 * @param corrected  `n` of them in the same order; may be `p` itself
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_holm_correct(const double *p, size_t n,
                                        double *corrected,
                                        struct rp_error *error);

#endif
