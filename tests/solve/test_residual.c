/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/residual.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

Test(residual, exponential_service_has_no_excess)
{
    cr_expect(eq(dbl, rp_residual_excess(1.0, 3.0, 0.5, 10), 0.0));
    cr_expect(eq(dbl, rp_residual_excess(4.0, 3.0, 0.5, 0), 0.0),
              "nobody is there to be met");
}

Test(residual, customers_from_afar_meet_what_poisson_arrivals_meet)
{
    cr_expect(epsilon_eq(dbl, rp_residual_excess(4.0, 1e7, 0.0, 1), 1.5, 1e-5));
    cr_expect(eq(dbl, rp_residual_excess(4.0, INFINITY, 0.0, 1), 1.5));
    cr_expect(eq(dbl, rp_residual_excess(0.0, 1e7, 0.0, 1), -0.5));
}

Test(residual, a_server_that_is_never_idle_has_no_excess)
{
    cr_expect(eq(dbl, rp_residual_excess(4.0, 3.0, 1.0, 9), 0.0));
    cr_expect(eq(dbl, rp_residual_excess(0.0, 3.0, 1.0, 9), 0.0));
}

/* P(service > x) of two branches, by the definition of balanced means. */
static double longer(double scv, double x)
{
    const double p = 0.5 * (1.0 + sqrt((scv - 1.0) / (scv + 1.0)));

    return p * exp(-2.0 * p * x) + (1.0 - p) * exp(-2.0 * (1.0 - p) * x);
}

/* Time that a customer waits who comes after an exponential time from the
 * beginning of a service: the integral of P(came) P(not over). */
static double waited(double scv, double away)
{
    const double step = 1e-3;
    double sum = 0.0;

    for (double x = step / 2.0; x < 400.0; x += step)
        sum += step * longer(scv, x) * -expm1(-x / away);
    return sum;
}

Test(residual, the_closed_form_is_the_integral)
{
    static const double scvs[] = {1.5, 4.0, 12.0}, aways[] = {0.3, 2.0, 20.0};

    for (size_t i = 0; i < 9; i++) {
        const double scv = scvs[i / 3], away = aways[i % 3];
        /* exponential: 1/(1 + away) */
        const double ratio = waited(scv, away) * (1.0 + away);

        cr_expect(epsilon_eq(dbl, rp_residual_excess(scv, away, 0.0, 1),
                             ratio - 1.0, 1e-3),
                  "scv %g away %g", scv, away);
    }
}
