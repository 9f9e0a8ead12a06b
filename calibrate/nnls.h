/**
 * Non-negative least squares: minimise |A x - b| over x >= 0.
 *
 * GSL has none. This is the active-set method of Lawson and Hanson, "Solving
 * Least Squares Problems" (1974), chapter 23, on the normal equations, which
 * is accurate enough for the few well-scaled columns of a calibration.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_NNLS_H
#define RP_CALIBRATE_NNLS_H

#include "model/error.h"

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>

/**
 * Solve it.
 *
 * @param a  n x p, n >= 1, p >= 1; only read
 * @param b  n
 * @param x  p; written on success
 * @return RP_ERR_NUMERIC: no convergence in 30 p steps; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_nnls(const gsl_matrix *a, const gsl_vector *b,
                                gsl_vector *x, struct rp_error *error);

#endif
