/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/roundmeans.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <math.h>

struct spread {
    double count, mean, squares; /* squares: about the mean */
};

/* Welford's update: nothing cancels. */
static void add(struct spread *s, double value)
{
    const double off = value - s->mean;

    s->count += 1.0;
    s->mean += off / s->count;
    s->squares += off * (value - s->mean);
}

/* The square of the standard error of the mean. */
static double error2(const struct spread *s)
{
    return s->squares / (s->count - 1.0) / s->count;
}

static double of_pairs(const double *base, const double *candidate,
                       size_t rounds, double tail)
{
    struct spread s = {0.0};

    for (size_t i = 0; i < rounds; i++)
        if (!isnan(base[i]) && !isnan(candidate[i]))
            add(&s, candidate[i] - base[i]);
    if (s.count < 2.0)
        return NAN;
    return gsl_cdf_tdist_Pinv(tail, s.count - 1.0) * sqrt(error2(&s));
}

double rp_roundmeans_half(const double *base, const double *candidate,
                          size_t rounds, bool paired, double level)
{
    const double tail = 0.5 + 0.5 * level;
    struct spread a = {0.0}, b = {0.0};
    double of_a, of_b, freedom;

    if (paired)
        return of_pairs(base, candidate, rounds, tail);
    for (size_t i = 0; i < rounds; i++) {
        if (!isnan(base[i]))
            add(&a, base[i]);
        if (!isnan(candidate[i]))
            add(&b, candidate[i]);
    }
    if (a.count < 2.0 || b.count < 2.0)
        return NAN;
    of_a = error2(&a);
    of_b = error2(&b);
    if (!(of_a + of_b > 0.0))
        return 0.0;
    freedom = gsl_pow_2(of_a + of_b) / (gsl_pow_2(of_a) / (a.count - 1.0) +
                                        gsl_pow_2(of_b) / (b.count - 1.0));
    return gsl_cdf_tdist_Pinv(tail, freedom) * sqrt(of_a + of_b);
}
