/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/luck.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <Random123/philox.h>

double rp_luck_uniform(struct rp_luck *luck)
{
    const philox4x32_ctr_t counter = {
        {(uint32_t)luck->request, (uint32_t)(luck->request >> 32),
         (uint32_t)luck->next, (uint32_t)(luck->next >> 32)}};
    const philox4x32_key_t key = {
        {(uint32_t)luck->seed, (uint32_t)(luck->seed >> 32)}};
    const philox4x32_ctr_t word = philox4x32(counter, key);
    const uint64_t bits = (uint64_t)word.v[0] << 32 | word.v[1];

    luck->next++;
    /* 52 bits and a half: neither 0 nor 1 */
    return ((double)(bits >> 12) + 0.5) * 0x1p-52;
}

/* The cv of a Weibull distribution with 1/shape = x. */
static double weibull_cv(double x)
{
    const double mean = gsl_sf_lngamma(1.0 + x);

    return sqrt(expm1(gsl_sf_lngamma(1.0 + 2.0 * x) - 2.0 * mean));
}

/* 1/shape of the Weibull with that cv, by halving: it rises with the cv. */
static double weibull_of(double cv)
{
    double low = 1e-6, high = 64.0;

    for (unsigned i = 0; i < 200 && high - low > 1e-13 * high; i++) {
        const double middle = 0.5 * (low + high);

        if (weibull_cv(middle) < cv)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

/* a and b: of the gamma shape and scale, of the lognormal mu and sigma, of the
 * Weibull scale and 1/shape, of two exponentials (balanced: half of the mean
 * from each) the share of the first, of the Pareto 1 - (low/high)^alpha. */
struct rp_dice rp_dice_make(const struct rp_duration *duration)
{
    struct rp_dice dice = {.duration = *duration};
    const double mean = duration->mean_ns;
    const double square = duration->cv * duration->cv;

    if (mean <= 0.0)
        dice.duration.shape = RP_SHAPE_CONSTANT;
    switch (dice.duration.shape) {
    case RP_SHAPE_CONSTANT:
    case RP_SHAPE_EXPONENTIAL:
    case RP_SHAPE_EMPIRICAL:
        break;
    case RP_SHAPE_GAMMA:
        dice.a = 1.0 / square;
        dice.b = mean * square;
        break;
    case RP_SHAPE_ERLANG:
        dice.a = duration->stages;
        dice.b = mean / duration->stages;
        break;
    case RP_SHAPE_LOGNORMAL:
        dice.b = sqrt(log1p(square));
        dice.a = log(mean) - 0.5 * dice.b * dice.b;
        break;
    case RP_SHAPE_HYPEREXPONENTIAL:
        dice.a = 0.5 + 0.5 * sqrt((square - 1.0) / (square + 1.0));
        break;
    case RP_SHAPE_WEIBULL:
        dice.b = weibull_of(duration->cv);
        dice.a = mean / exp(gsl_sf_lngamma(1.0 + dice.b));
        break;
    case RP_SHAPE_PARETO:
        dice.a =
            -expm1(duration->alpha * log(duration->low_ns / duration->high_ns));
        break;
    }
    return dice;
}

static double roll_hyperexponential(const struct rp_dice *dice, double u,
                                    struct rp_luck *luck)
{
    const double share = u < dice->a ? dice->a : 1.0 - dice->a;

    return -0.5 * dice->duration.mean_ns / share * log(rp_luck_uniform(luck));
}

static double roll_empirical(const struct rp_duration *d, double u)
{
    size_t i = 1;

    while (i + 1 < d->quantile_count && d->quantiles[i].at < u)
        i++;

    const struct rp_quantile *const from = &d->quantiles[i - 1];
    const struct rp_quantile *const to = &d->quantiles[i];
    return from->value_ns + (u - from->at) / (to->at - from->at) *
                                (to->value_ns - from->value_ns);
}

double rp_dice_roll_ns(const struct rp_dice *dice, struct rp_luck *luck)
{
    const struct rp_duration *const d = &dice->duration;
    double u;

    if (d->shape == RP_SHAPE_CONSTANT)
        return d->mean_ns;
    u = rp_luck_uniform(luck);
    switch (d->shape) {
    case RP_SHAPE_CONSTANT:
        break;
    case RP_SHAPE_EXPONENTIAL:
        return -d->mean_ns * log(u);
    case RP_SHAPE_GAMMA:
    case RP_SHAPE_ERLANG:
        return gsl_cdf_gamma_Pinv(u, dice->a, dice->b);
    case RP_SHAPE_LOGNORMAL:
        return gsl_cdf_lognormal_Pinv(u, dice->a, dice->b);
    case RP_SHAPE_HYPEREXPONENTIAL:
        return roll_hyperexponential(dice, u, luck);
    case RP_SHAPE_WEIBULL:
        return dice->a * pow(-log(u), dice->b);
    case RP_SHAPE_PARETO:
        return d->low_ns * pow(1.0 - u * dice->a, -1.0 / d->alpha);
    case RP_SHAPE_EMPIRICAL:
        return roll_empirical(d, u);
    }
    return d->mean_ns;
}
