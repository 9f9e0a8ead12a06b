/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/variate.h"

#include "model/duration.h"

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

static const struct rp_quantile measured[] = {
    {0.0, 1e6}, {0.5, 3e6}, {0.5001, 6e6}, {0.9, 9e6}, {0.99, 4e7}, {1.0, 4e7}};

static size_t later_shapes(struct rp_duration cases[])
{
    size_t n = 0;

    cases[n++] = rp_duration_erlang(5e6, 1);
    cases[n++] = rp_duration_erlang(5e6, 4);
    cases[n++] = rp_duration_erlang(5e6, 30);
    cases[n++] = (struct rp_duration){RP_SHAPE_WEIBULL, 5e6, 0.3};
    cases[n++] = (struct rp_duration){RP_SHAPE_WEIBULL, 5e6, 1.0};
    cases[n++] = (struct rp_duration){RP_SHAPE_WEIBULL, 5e6, 2.5};
    cases[n++] = (struct rp_duration){RP_SHAPE_WEIBULL, 5e6, 1e-5};
    cases[n++] = rp_duration_pareto(1.5, 1e6, 5e7);
    cases[n++] = rp_duration_pareto(1.0, 1e6, 5e7);
    cases[n++] = rp_duration_pareto(2.0, 1e6, 5e7);
    cases[n++] = rp_duration_pareto(5.0, 1e6, 1e9);
    cases[n++] = rp_duration_empirical(measured, 6);
    return n;
}

/* The standard error of a standard deviation is sd sqrt((kurtosis - 1)/(4n)),
 * with the kurtosis that was drawn. */
Test(variate, later_shapes_have_the_mean_and_cv_that_they_say)
{
    struct rp_duration cases[16];
    const size_t count = later_shapes(cases);

    for (size_t i = 0; i < count; i++) {
        const struct rp_duration *const c = &cases[i];
        double *const all = draw(*c);
        const double mean = moment(all, 0.0, 1);
        const double sd = sqrt(moment(all, mean, 2));
        const double kurtosis = moment(all, mean, 4) / pow(sd, 4.0);

        cr_expect(le(dbl, fabs(mean - c->mean_ns),
                     4.5 * c->cv * c->mean_ns / sqrt(N)),
                  "case %zu: mean %g for %g", i, mean, c->mean_ns);
        cr_expect(le(dbl, fabs(sd - c->cv * c->mean_ns),
                     4.5 * sd * sqrt((kurtosis - 1.0) / (4.0 * N))),
                  "case %zu: sd %g for %g", i, sd, c->cv * c->mean_ns);
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

static double erlang_cdf(double x)
{
    return gsl_cdf_gamma_P(x, 4.0, 5e6 / 4.0);
}

/* cv = 2 means the shape that solves G(1 + 2/k) = 5 G(1 + 1/k)^2, here by
 * bisection. */
static double weibull_cdf(double x)
{
    const double k = 0.54269256129;

    return gsl_cdf_weibull_P(x, 5e6 / tgamma(1.0 + 1.0 / k), k);
}

static double pareto_cdf(double x)
{
    return gsl_cdf_pareto_P(x, 1.5, 1e6) / gsl_cdf_pareto_P(5e7, 1.5, 1e6);
}

/* A Weibull of cv 1 is an exponential. */
Test(variate, later_shapes_have_their_distribution_function)
{
    const struct {
        struct rp_duration duration;
        double (*cdf)(double);
    } cases[] = {
        {rp_duration_erlang(5e6, 4), erlang_cdf},
        {rp_duration_erlang(5e6, 1), exponential_cdf},
        {{RP_SHAPE_WEIBULL, 5e6, 2.0}, weibull_cdf},
        {{RP_SHAPE_WEIBULL, 5e6, 1.0}, exponential_cdf},
        {rp_duration_pareto(1.5, 1e6, 5e7), pareto_cdf},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double *const all = draw(cases[i].duration);

        expect_distribution(all, cases[i].cdf, i);
        free(all);
    }
}

/* So many draws are below each quantile, and half of those of an interval
 * below its middle; nothing is below the first or above the last. */
Test(variate, an_empirical_duration_has_its_quantiles)
{
    const size_t last = sizeof measured / sizeof *measured - 1;
    double *const all = draw(rp_duration_empirical(measured, last + 1));

    qsort(all, N, sizeof *all, ascending);
    cr_expect(ge(dbl, all[0], measured[0].value_ns));
    cr_expect(le(dbl, all[N - 1], measured[last].value_ns));
    for (size_t i = 0; i < last; i++) {
        const struct rp_quantile *const q = &measured[i];
        const double p = (q[0].at + q[1].at) / 2.0;
        const double middle = (q[0].value_ns + q[1].value_ns) / 2.0;
        double below = 0.0, tied = 0.0;

        for (size_t k = 0; k < N; k++) {
            below += all[k] < middle;
            tied += all[k] == middle;
        }
        if (tied > 0.0) /* a step: 1 % are at the last value */
            cr_expect(lt(dbl, fabs(tied - 0.01 * N), 4.5 * sqrt(0.01 * N)));
        else
            cr_expect(
                lt(dbl, fabs(below - p * N), 4.5 * sqrt(p * (1.0 - p) * N)),
                "%g: %g", p, below);
    }
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
