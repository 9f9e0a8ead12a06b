/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/levels.h"

#include <stdlib.h>

enum rp_code rp_levels_simulate(const struct rp_scenario *scenario,
                                const struct rp_profile *profile,
                                const struct rp_simulate_options *options,
                                struct rp_result *result,
                                double level_ms[RP_LEVEL_COUNT],
                                struct rp_error *error)
{
    struct rp_histogram *const histogram = calloc(1, sizeof *histogram);
    struct rp_simulate_options own = *options;
    enum rp_code code;

    if (!histogram)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a histogram");
    own.histogram = histogram;
    code = rp_simulate(scenario, profile, &own, result, error);
    for (size_t i = 0; i < RP_LEVEL_COUNT && !code; i++)
        level_ms[i] = rp_histogram_quantile(histogram, rp_levels[i]) / 1e6;
    free(histogram);
    return code;
}
