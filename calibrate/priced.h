/**
 * A measured configuration with its prices, and how far it is from what the
 * profile was calibrated on.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_PRICED_H
#define RP_CALIBRATE_PRICED_H

#include "calibrate/measured.h"
#include "model/price.h"
#include "model/validity.h"

struct rp_priced {
    struct rp_prices prices;
    struct rp_validity validity; /* the data set's CPU and Python included */
    double demand_ns; /* CPU that a request takes, that of the view included */
};

/**
 * Price a configuration.
 *
 * @param dataset  the configuration's
 * @return RP_ERR_VALUE (no rules for the framework, no base cost for the
 *         server), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_priced_find(const struct rp_dataset *dataset,
                                       const struct rp_config *config,
                                       const struct rp_profile *profile,
                                       struct rp_priced *priced,
                                       struct rp_error *error);

#endif
