/**
 * Draws: unit costs as they might also be, by their standard errors.
 *
 * A profile's costs were estimated together and are wrong together; what that
 * does to a percentile under load no formula says. So costs are drawn from a
 * normal distribution with the profile's covariance and simulated again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_DRAWS_H
#define RP_SIM_DRAWS_H

#include "model/profile.h"

#include <stdint.h>

/**
 * Draw costs.
 *
 * @param seed      of the draws
 * @param count     how many
 * @param costs_ns  count x profile->cost_count, row by row, each >= 0 (a
 *                  negative draw is cut at 0)
 * @return RP_ERR_NUMERIC (the covariance has no eigenvalues), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_draws_make(const struct rp_profile *profile,
                                      uint64_t seed, size_t count,
                                      double *costs_ns, struct rp_error *error);

/**
 * Draw parameters of what happens under load: lognormal, with their standard
 * errors and correlations.
 *
 * @param drawn  count of them
 * @return RP_ERR_NUMERIC, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_draws_parameters(const struct rp_profile *profile,
                                            uint64_t seed, size_t count,
                                            struct rp_parameters *drawn,
                                            struct rp_error *error);

/** A profile with other costs and parameters; it borrows all else. Release its
 * `costs` alone, with free(). False when memory is short. */
bool rp_drawn_profile(const struct rp_profile *profile, const double *costs_ns,
                      const struct rp_parameters *parameters,
                      struct rp_profile *drawn);

#endif
