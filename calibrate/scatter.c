/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/scatter.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>

/* Of Tukey's biweight at normal errors, as costs.c has it. */
static const double efficiency = 0.95;

/* What the fit takes away almost all of says nothing about variances. */
static const double most_leverage = 0.9;

static double noise_over(const struct rp_scatter *s, double runs)
{
    return gsl_pow_2(s->noise) / (efficiency * runs);
}

double rp_scatter_expected(const struct rp_scatter *scatter, double runs)
{
    return scatter->scale *
           (gsl_pow_2(scatter->misfit) + noise_over(scatter, runs));
}

/* The misfit is what misses have beyond the noise: moments, with the share of
 * each that the fit leaves. Runs that scatter more than their configurations
 * leave none, and less noise than theirs. */
static void find_common(const struct rp_scattered *all, size_t count,
                        struct rp_scatter *s)
{
    double squares = 0.0, noise = 0.0, shares = 0.0;

    for (size_t g = 0; g < count; g++) {
        const double left = 1.0 - fmin(1.0, all[g].leverage);

        squares += gsl_pow_2(all[g].miss);
        noise += left * noise_over(s, (double)all[g].runs);
        shares += left;
    }
    s->misfit = shares > 0.0 ? sqrt(fmax(0.0, squares - noise) / shares) : 0.0;
    s->scale = noise > squares ? squares / noise : 1.0;
}

/* trigamma(y) = x, x > 0; it falls. */
static double trigamma_inverse(double x)
{
    double low = -14.0, high = 14.0; /* logarithms of y */

    for (int i = 0; i < 60; i++) {
        const double at = 0.5 * (low + high);

        if (gsl_sf_psi_1(exp(at)) > x)
            low = at;
        else
            high = at;
    }
    return exp(0.5 * (low + high));
}

/* Squares over their expected variances are F-distributed with 1 and `freedom`
 * degrees: the variance of their logarithms says how many. */
static void find_freedom(const struct rp_scattered *all, size_t count,
                         struct rp_scatter *s)
{
    double sum = 0.0, squares = 0.0, n = 0.0, spare;

    s->freedom = HUGE_VAL;
    for (size_t g = 0; g < count; g++) {
        const double left = 1.0 - all[g].leverage;
        double e;

        if (left < 1.0 - most_leverage || all[g].miss == 0.0)
            continue;
        e = log(gsl_pow_2(all[g].miss) /
                (left * rp_scatter_expected(s, (double)all[g].runs)));
        sum += e;
        squares += e * e;
        n += 1.0;
    }
    if (n < 3.0)
        return;
    spare = (squares - sum * sum / n) / (n - 1.0) - gsl_sf_psi_1(0.5);
    if (spare > 0.0)
        s->freedom = 2.0 * trigamma_inverse(spare);
}

void rp_scatter_find(struct rp_scattered *all, size_t count,
                     struct rp_scatter *scatter)
{
    find_common(all, count, scatter);
    find_freedom(all, count, scatter);
    for (size_t g = 0; g < count; g++) {
        const double common = rp_scatter_expected(scatter, (double)all[g].runs);
        const double left = 1.0 - fmin(1.0, all[g].leverage);

        all[g].variance =
            isinf(scatter->freedom)
                ? common
                : (scatter->freedom * common + gsl_pow_2(all[g].miss)) /
                      (scatter->freedom + left);
    }
}
