/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/residual.h"

#include <math.h>

/* Arrivals of finitely many customers in a service of two branches, by those in
 * an exponential one: E[x] - away (1 - E exp(-x / away)) of both. */
static double met_more_often(double scv, double away)
{
    const double often = 0.5 * (1.0 + sqrt((scv - 1.0) / (scv + 1.0)));
    const double seldom = 1.0 - often;
    const double nobody = often / (1.0 + 0.5 / (often * away)) +
                          seldom / (1.0 + 0.5 / (seldom * away));

    return (1.0 - away * (1.0 - nobody)) * (away + 1.0);
}

double rp_residual_excess(double scv, double away, double utilisation,
                          unsigned others)
{
    const double busy = fmin(1.0, utilisation);

    if (others == 0 || !(away > 0.0) || fabs(scv - 1.0) < 1e-9)
        return 0.0;
    if (scv < 1.0)
        return 0.5 * (scv - 1.0) * (1.0 - pow(busy, sqrt(others)));
    if (isinf(away) || away > 1e9) /* the difference below loses its digits */
        return 0.5 * (scv - 1.0) * (1.0 - busy * busy);
    return (met_more_often(scv, away) - 1.0) * (1.0 - busy * busy);
}
