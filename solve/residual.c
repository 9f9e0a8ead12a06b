/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/residual.h"

#include <math.h>

/* Arrivals of finitely many customers in a service of two branches, by those in
 * an exponential one: E[x] - away (1 - E exp(-x / away)) of both. A branch of
 * mean m adds half of m / (away + m) to the first, the other is 1 / (away + 1).
 */
static double met_more_often(double scv, double away)
{
    const double often = 0.5 * (1.0 + sqrt((scv - 1.0) / (scv + 1.0)));
    const double brief = 0.5 / often, lengthy = 0.5 / (1.0 - often);

    return 0.5 * (away + 1.0) *
           (brief / (away + brief) + lengthy / (away + lengthy));
}

double rp_residual_excess(double scv, double away, double utilisation,
                          unsigned others)
{
    const double busy = fmin(1.0, utilisation);

    if (others == 0 || !(away > 0.0) || fabs(scv - 1.0) < 1e-9)
        return 0.0;
    if (scv < 1.0)
        return 0.5 * (scv - 1.0) * (1.0 - pow(busy, sqrt(others)));
    if (isinf(away))
        return 0.5 * (scv - 1.0) * (1.0 - busy * busy);
    return (met_more_often(scv, away) - 1.0) * (1.0 - busy * busy);
}
