/**
 * What was measured of the configuration that a scenario describes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_MEASURED_RUN_H
#define RP_CLI_MEASURED_RUN_H

#include "calibrate/measured.h"
#include "report/comparison.h"

/**
 * Find the configuration: framework and versions, path, server, processes,
 * threads, cores, layers by kind and hooks and work of their own, the view, and
 * ab at the same concurrency, or a rate with the same gaps. Names of layers do
 * not matter.
 *
 * @param config  index, written on success; of several the first
 * @return false where nothing like it was measured
 */
bool rp_measured_find(const struct rp_measured *measured,
                      const struct rp_scenario *scenario, size_t *config);

/**
 * Fill in what was measured: medians over rounds, the machine's speed taken
 * out, as `reqpath validate` has them.
 *
 * @param profile  whose rounds' speeds count before the data sets' own
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_measured_fill(const struct rp_measured *measured,
                                         const struct rp_profile *profile,
                                         size_t config,
                                         struct rp_comparison *comparison,
                                         struct rp_error *error);

#endif
