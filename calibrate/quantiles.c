/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/quantiles.h"

#include "calibrate/robust.h"

#include <math.h>
#include <string.h>

/* ---- Distance ---- */

/* The share of values up to `x`, or below it where `below`: they differ where
 * several levels have one value. */
static double share_at(const double q[RP_LEVEL_COUNT], double x, bool below)
{
    size_t i = 0;

    while (i < RP_LEVEL_COUNT && (below ? q[i] < x : q[i] <= x))
        i++;
    if (i == 0)
        return 0.0;
    if (i == RP_LEVEL_COUNT)
        return rp_levels[RP_LEVEL_COUNT - 1];
    /* from level i - 1, passed, to level i, not passed */
    return rp_levels[i - 1] + (rp_levels[i] - rp_levels[i - 1]) *
                                  (x - q[i - 1]) / (q[i] - q[i - 1]);
}

/* Both functions are linear between the values of either, so that they are
 * farthest apart at one of these. */
double rp_quantiles_distance(const double a_ms[RP_LEVEL_COUNT],
                             const double b_ms[RP_LEVEL_COUNT])
{
    double most = 0.0;

    for (size_t i = 0; i < 2 * RP_LEVEL_COUNT; i++) {
        const double x =
            i < RP_LEVEL_COUNT ? a_ms[i] : b_ms[i - RP_LEVEL_COUNT];

        if (isnan(x))
            return NAN;
        for (int below = 0; below < 2; below++)
            most = fmax(most, fabs(share_at(a_ms, x, below) -
                                   share_at(b_ms, x, below)));
    }
    return most;
}

/* ---- What was measured ---- */

/* Which rounds: all, or those whose number leaves that rest by 2. */
enum { EVEN_ROUNDS, ODD_ROUNDS, ALL_ROUNDS };

/* The median of one level; NAN where no run has it. `runs` counts. */
static double median_of(const struct rp_measured *m, const double *speed,
                        size_t config, size_t level, unsigned which,
                        double *scratch, size_t *runs)
{
    size_t n = 0;

    for (size_t i = 0; i < m->run_count; i++) {
        const struct rp_measured_run *const r = &m->runs[i];
        const unsigned rest = m->blocks[r->block].round % 2;

        if (r->config == config && !isnan(r->level_ns[level]) &&
            (which == ALL_ROUNDS || which == rest))
            scratch[n++] = r->level_ns[level] / speed[r->block] / 1e6;
    }
    *runs = n;
    return n > 0 ? rp_median(scratch, n) : (double)NAN;
}

static size_t medians(const struct rp_measured *m, const double *speed,
                      size_t config, unsigned which, double *scratch,
                      double level_ms[RP_LEVEL_COUNT])
{
    size_t runs = 0;

    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        level_ms[i] = median_of(m, speed, config, i, which, scratch, &runs);
    return runs;
}

struct rp_quantiles rp_quantiles_find(const struct rp_measured *measured,
                                      const double *speed, size_t config,
                                      const double predicted_ms[RP_LEVEL_COUNT],
                                      double *scratch)
{
    double odd[RP_LEVEL_COUNT], even[RP_LEVEL_COUNT];
    struct rp_quantiles s;

    s.runs =
        medians(measured, speed, config, ALL_ROUNDS, scratch, s.measured_ms);
    memcpy(s.predicted_ms, predicted_ms, sizeof s.predicted_ms);
    s.distance = rp_quantiles_distance(s.measured_ms, s.predicted_ms);
    (void)medians(measured, speed, config, ODD_ROUNDS, scratch, odd);
    (void)medians(measured, speed, config, EVEN_ROUNDS, scratch, even);
    s.noise = rp_quantiles_distance(odd, even);
    return s;
}
