/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spread.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

const double rp_levels[RP_LEVEL_COUNT] = {0.0,  0.05, 0.10, 0.25, 0.50,
                                          0.75, 0.90, 0.95, 0.98, 0.99};

enum { LAST = RP_LEVEL_COUNT - 1 };

double rp_spread_at(const struct rp_spread *spread, double u)
{
    size_t i = LAST - 1;

    assert(u >= 0.0 && u < 1.0);
    if (u >= rp_levels[LAST])
        return spread->multiple[LAST] -
               spread->tail * log((1.0 - u) / (1.0 - rp_levels[LAST]));
    while (rp_levels[i] > u)
        i--;
    assert(i < LAST);
    const double part = (u - rp_levels[i]) / (rp_levels[i + 1] - rp_levels[i]);
    return spread->multiple[i] +
           part * (spread->multiple[i + 1] - spread->multiple[i]);
}

double rp_spread_mean(const struct rp_spread *spread)
{
    double mean =
        (1.0 - rp_levels[LAST]) * (spread->multiple[LAST] + spread->tail);

    for (size_t i = 0; i < LAST; i++)
        mean += (rp_levels[i + 1] - rp_levels[i]) * 0.5 *
                (spread->multiple[i] + spread->multiple[i + 1]);
    return mean;
}

/* The square's mean: (a^2 + ab + b^2)/3 between levels, and of a shifted
 * exponential (q + t)^2 + t^2 beyond the last. */
double rp_spread_cv(const struct rp_spread *spread)
{
    const double q = spread->multiple[LAST] + spread->tail;
    const double mean = rp_spread_mean(spread);
    double square =
        (1.0 - rp_levels[LAST]) * (q * q + spread->tail * spread->tail);

    for (size_t i = 0; i < LAST; i++) {
        const double a = spread->multiple[i], b = spread->multiple[i + 1];
        square +=
            (rp_levels[i + 1] - rp_levels[i]) * (a * a + a * b + b * b) / 3.0;
    }
    if (mean <= 0.0)
        return 0.0;
    return sqrt(fmax(0.0, square - mean * mean)) / mean;
}

void rp_spread_normalise(struct rp_spread *spread)
{
    const double mean = rp_spread_mean(spread);

    assert(mean > 0.0);
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        spread->multiple[i] /= mean;
    spread->tail /= mean;
}

struct rp_spread rp_spread_constant(void)
{
    struct rp_spread spread = {.tail = 0.0};

    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        spread.multiple[i] = 1.0;
    return spread;
}

bool rp_spread_valid(const struct rp_spread *spread)
{
    double last = 0.0;

    for (size_t i = 0; i < RP_LEVEL_COUNT; i++) {
        if (!isfinite(spread->multiple[i]) || spread->multiple[i] < last)
            return false;
        last = spread->multiple[i];
    }
    return isfinite(spread->tail) && spread->tail >= 0.0;
}
