/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/duration.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* The density of a bounded Pareto, integrated over ln x by Simpson's rule:
 * alpha low^alpha x^(-alpha - 1) / (1 - (low/high)^alpha). */
static double moment(double alpha, double low, double high, double power)
{
    enum { STEPS = 20000 };
    const double h = log(high / low) / STEPS;
    double sum = 0.0;

    for (unsigned i = 0; i <= STEPS; i++) {
        const double x = low * exp(h * i);
        const double weight = i == 0 || i == STEPS ? 1.0 : i % 2 ? 4.0 : 2.0;
        sum += weight * alpha * pow(low / x, alpha) * pow(x, power);
    }
    return sum * h / 3.0 / (1.0 - pow(low / high, alpha));
}

Test(duration, moments_of_a_bounded_pareto_are_those_of_its_density)
{
    static const double cases[][3] = {
        {1.5, 1e6, 1e9},  {0.5, 1e6, 1e9},        {1.0, 1e3, 1e9},
        {2.0, 1e6, 1e7},  {1.0 + 1e-9, 1e6, 1e9}, {2.0 - 1e-9, 1e6, 1e9},
        {20.0, 1e6, 1e12}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double *const c = cases[i];
        const struct rp_duration d = rp_duration_pareto(c[0], c[1], c[2]);
        const double mean = moment(c[0], c[1], c[2], 1.0);
        const double square = moment(c[0], c[1], c[2], 2.0);
        char sentence[RP_ERROR_TEXT_SIZE];

        cr_expect(epsilon_eq(dbl, d.mean_ns, mean, 1e-7 * mean), "%zu", i);
        cr_expect(epsilon_eq(dbl, d.cv, sqrt(square - mean * mean) / mean,
                             1e-5 * d.cv),
                  "%zu", i);
        cr_expect(not(rp_duration_fault(&d, sentence)));
    }
}

Test(duration, a_step_of_quantiles_is_a_choice_of_two)
{
    static const struct rp_quantile q[] = {
        {0.0, 2e6}, {0.75, 2e6}, {0.75 + 1e-12, 10e6}, {1.0, 10e6}};
    const struct rp_duration d = rp_duration_empirical(q, 4);

    cr_expect(epsilon_eq(dbl, d.mean_ns, 4e6, 1.0));
    /* variance 0.75 4 + 0.25 36 = 12 */
    cr_expect(epsilon_eq(dbl, d.cv, sqrt(12.0) / 4.0, 1e-9));
}

Test(duration, stages_of_an_erlang_make_it_regular)
{
    cr_expect(eq(dbl, rp_duration_erlang(5e6, 1).cv, 1.0));
    cr_expect(eq(dbl, rp_duration_erlang(5e6, 100).cv, 0.1));
    cr_expect(eq(dbl, rp_duration_erlang(5e6, 100).mean_ns, 5e6));
}
