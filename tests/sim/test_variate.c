/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/variate.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

enum { N = 200000 };

static struct rp_ziggurat ziggurat;

static double *draw(struct rp_duration duration)
{
    const struct rp_sampler sampler = rp_sampler_make(&duration);
    const struct rp_stream stream = rp_stream_make(3, 0, 0, 9);
    double *const all = malloc(N * sizeof *all);

    rp_ziggurat_make(&ziggurat);
    for (uint64_t i = 0; i < N; i++) {
        struct rp_cursor cursor = {.stream = stream, .number = i};
        all[i] = rp_sample_ns(&sampler, &ziggurat, &cursor);
    }
    return all;
}

static double moment(const double *all, double centre, int power)
{
    double sum = 0.0;

    for (size_t i = 0; i < N; i++)
        sum += pow(all[i] - centre, power);
    return sum / N;
}

/* Mean within 4.5 standard errors, cv within 4 %, whatever the shape. */
Test(variate, every_shape_has_the_mean_and_cv_that_were_asked_for)
{
    static const struct rp_duration cases[] = {
        {RP_SHAPE_CONSTANT, 5e6, 0.0},
        {RP_SHAPE_EXPONENTIAL, 5e6, 1.0},
        {RP_SHAPE_GAMMA, 5e6, 0.3},
        {RP_SHAPE_GAMMA, 5e6, 1.8},
        {RP_SHAPE_LOGNORMAL, 5e6, 0.5},
        {RP_SHAPE_LOGNORMAL, 5e6, 1.5},
        {RP_SHAPE_HYPEREXPONENTIAL, 5e6, 1.3},
        {RP_SHAPE_HYPEREXPONENTIAL, 5e6, 3.0},
        {RP_SHAPE_GAMMA, 0.0, 2.0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_duration *const c = &cases[i];
        double *const all = draw(*c);
        const double mean = moment(all, 0.0, 1);
        const double sd = sqrt(moment(all, mean, 2));

        cr_expect(le(dbl, fabs(mean - c->mean_ns),
                     4.5 * c->cv * c->mean_ns / sqrt(N) + 1e-6),
                  "case %zu: mean %g", i, mean);
        cr_expect(le(dbl, fabs(sd - c->cv * c->mean_ns),
                     0.04 * c->cv * c->mean_ns + 1e-6),
                  "case %zu: sd %g", i, sd);
        free(all);
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov: the largest distance to the distribution function
 * is below 1.95 / sqrt(n) with probability 0.999. */
static void expect_distribution(double *all, double (*cdf)(double), size_t i)
{
    double worst = 0.0;

    qsort(all, N, sizeof *all, ascending);
    for (size_t k = 0; k < N; k++)
        worst = fmax(worst, fabs((k + 0.5) / N - cdf(all[k])));
    cr_expect(lt(dbl, worst, 1.95 / sqrt(N)), "case %zu", i);
}

static double exponential_cdf(double x)
{
    return gsl_cdf_exponential_P(x, 5e6);
}

static double gamma_cdf(double x)
{
    return gsl_cdf_gamma_P(x, 1.0 / 0.09, 5e6 * 0.09);
}

static double lognormal_cdf(double x)
{
    const double sigma = sqrt(log(1.25));

    return gsl_cdf_lognormal_P(x, log(5e6) - 0.5 * sigma * sigma, sigma);
}

Test(variate, shapes_have_their_distribution_function)
{
    double *all = draw((struct rp_duration){RP_SHAPE_EXPONENTIAL, 5e6, 1.0});

    expect_distribution(all, exponential_cdf, 0);
    free(all);
    all = draw((struct rp_duration){RP_SHAPE_GAMMA, 5e6, 0.3});
    expect_distribution(all, gamma_cdf, 1);
    free(all);
    all = draw((struct rp_duration){RP_SHAPE_LOGNORMAL, 5e6, 0.5});
    expect_distribution(all, lognormal_cdf, 2);
    free(all);
}

/* One draw in 2,200 is beyond the ziggurat's body, 7.697. */
Test(variate, the_tail_of_the_exponential_is_there)
{
    double *const all =
        draw((struct rp_duration){RP_SHAPE_EXPONENTIAL, 1.0, 1.0});
    const double expected = N * exp(-7.69711747013104972);
    size_t beyond = 0;

    for (size_t i = 0; i < N; i++)
        beyond += all[i] > 7.69711747013104972;
    cr_expect(lt(dbl, fabs((double)beyond - expected), 4.0 * sqrt(expected)));
    free(all);
}
