/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ratio.h"

#include <math.h>

/* Of the normal distribution, 95 % of it between - and +. */
static const double two_sided = 1.959963984540054;

/* How the logarithm of a total moves with each item's price. */
static double slope(const struct rp_prices *prices, unsigned item)
{
    const struct rp_item_price *const p = &prices->items[item];

    return p->cost < 0 ? 0.0 : p->amount / prices->total_ns;
}

static double variance(const struct rp_prices *base,
                       const struct rp_prices *other,
                       const struct rp_profile *profile)
{
    const size_t n = profile->cost_count;
    double sum = 0.0;

    for (unsigned i = 0; i < RP_ITEM_COUNT; i++)
        for (unsigned k = 0; k < RP_ITEM_COUNT; k++) {
            const int a = base->items[i].cost, b = base->items[k].cost;

            /* an item's cost is the profile's, whichever path pays it */
            if (a >= 0 && b >= 0)
                sum += (slope(other, i) - slope(base, i)) *
                       (slope(other, k) - slope(base, k)) *
                       profile->covariance_ns2[(size_t)a * n + (size_t)b];
        }
    return fmax(0.0, sum);
}

struct rp_ratio rp_ratio_find(const struct rp_prices *base,
                              const struct rp_prices *other,
                              const struct rp_profile *profile)
{
    const double value = other->total_ns / base->total_ns;
    const double se = sqrt(variance(base, other, profile));
    /* each of the two misses the fit by its own */
    const double misfit =
        sqrt(2.0) *
        profile->accuracy[RP_SITUATION_ALONE][RP_METRIC_MEAN].misfit_sd;
    const double wide = hypot(se, misfit);

    return (struct rp_ratio){.value = value,
                             .log_se = se,
                             .low = value * exp(-two_sided * se),
                             .high = value * exp(two_sided * se),
                             .log_misfit = misfit,
                             .wide_low = value * exp(-two_sided * wide),
                             .wide_high = value * exp(two_sided * wide)};
}
