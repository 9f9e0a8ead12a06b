/**
 * Optimal designs: which rows of a linear model to measure next.
 *
 * A row x that is measured adds x x' to the information M about the parameters,
 * whose covariance is the inverse of M. A candidate may be several rows that
 * are measured together. Of all candidates those are chosen, one
 * after the other and then by exchange, that make the determinant of M largest
 * (D-optimal: the ellipsoid of all parameters is smallest) or the variance of
 * one combination c smallest (c-optimal). See Atkinson, Donev and Tobias,
 * "Optimum Experimental Designs, with SAS" (2007), chapters 10 to 12, for the
 * criteria, and Fedorov, "Theory of Optimal Experiments" (1972), for exchanges.
 *
 * The last parameter may be one that nobody asks for: then the determinant is
 * that of the others' information once it is taken out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_OPTIMAL_H
#define RP_CALIBRATE_OPTIMAL_H

#include "model/error.h"

#include <stdbool.h>
#include <stddef.h>

/** The most rows of a candidate. */
enum { RP_OPTIMAL_ROWS = 8 };

struct rp_optimal {
    size_t p; /* parameters */
    size_t candidates;
    size_t rows_each;     /* of a candidate; >= 1; rows of zeros are none */
    const double *rows;   /* borrowed: candidates x rows_each rows of p */
    const double *before; /* borrowed: p x p, information that is there
                             already; positive definite */
    const double *combination; /* borrowed: p, for c; NULL: D */
    bool nuisance;             /* nobody asks for the last parameter */
    unsigned repeats;          /* how often one may be chosen; >= 1 */
};

/**
 * Choose `runs` candidates.
 *
 * @param times  `candidates` of them: how often each is chosen
 * @return RP_ERR_VALUE (more runs than there are candidates), RP_ERR_NUMERIC
 * (what is there already is not positive definite), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_optimal_choose(const struct rp_optimal *optimal,
                                          size_t runs, unsigned *times,
                                          struct rp_error *error);

/**
 * The covariance of the parameters when candidates are chosen so often.
 *
 * @param times       NULL: of what is there already
 * @param covariance  p x p
 * @return RP_ERR_NUMERIC, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_optimal_covariance(const struct rp_optimal *optimal,
                                              const unsigned *times,
                                              double *covariance,
                                              struct rp_error *error);

/** The standard deviation of a combination: sqrt(c' V c). */
double rp_optimal_sd(const double *covariance, size_t p,
                     const double *combination);

#endif
