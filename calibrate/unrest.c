/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/unrest.h"

#include "calibrate/robust.h"

#include <math.h>
#include <stdlib.h>

/* From p50 to p90 of a request alone, as the spreads have it; NAN where a cost
 * is missing. */
static double predicted_ns(const struct rp_profile *profile,
                           const struct rp_config *config)
{
    double sum = 0.0;

    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const int cost = profile->cost_of_item[i];
        const double amount = config->amounts[i];

        if (!(amount > 0.0) || i == RP_ITEM_CLIENT_GAP)
            continue;
        if (cost < 0)
            return NAN;
        sum += amount * profile->costs[cost].mean_ns *
               (rp_spread_at(&profile->costs[cost].spread, 0.90) -
                rp_spread_at(&profile->costs[cost].spread, 0.50));
    }
    return sum;
}

static double measured_ns(const struct rp_measured_run *run, double speed)
{
    return 1e6 * (run->value[RP_METRIC_P90] - run->value[RP_METRIC_P50]) /
           speed;
}

/* Own work and waits differ in ways of their own. */
static bool is_mostly_costs(const struct rp_measured_run *run,
                            const struct rp_config *config)
{
    return rp_config_own_ns(config) < 2.0 / 3.0 * run->mean_ns;
}

static double unrest_of(const struct rp_measured *m, const double *speed,
                        const struct rp_profile *profile, const bool *leave_out,
                        size_t campaign, double *ratios)
{
    size_t n = 0;

    for (size_t i = 0; i < m->run_count; i++) {
        const struct rp_measured_run *const run = &m->runs[i];
        const struct rp_config *const config = &m->configs[run->config];
        double ratio;

        if (m->blocks[run->block].campaign != campaign ||
            config->concurrency != 1 || config->io_ns > 0.0 ||
            !is_mostly_costs(run, config) ||
            (leave_out && leave_out[run->config]))
            continue;
        ratio =
            measured_ns(run, speed[run->block]) / predicted_ns(profile, config);
        if (isfinite(ratio) && ratio > 0.0)
            ratios[n++] = ratio;
    }
    return n > 0 ? rp_median(ratios, n) : 1.0;
}

enum rp_code rp_unrest_find(const struct rp_measured *measured,
                            const double *speed,
                            const struct rp_profile *profile,
                            const bool *leave_out, double *unrest,
                            struct rp_error *error)
{
    double *const ratios = calloc(measured->run_count + 1, sizeof *ratios);

    if (!ratios)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu runs",
                       measured->run_count);
    for (size_t i = 0; i < measured->campaign_count; i++)
        unrest[i] = unrest_of(measured, speed, profile, leave_out, i, ratios);
    free(ratios);
    return RP_OK;
}
