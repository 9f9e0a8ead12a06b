/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/bounds.h"

#include <math.h>

double rp_bounds_capacity(const struct rp_bound_place *places, size_t count,
                          size_t *at)
{
    double best = INFINITY;

    for (size_t i = 0; i < count; i++)
        if (places[i].demand_ns > 0.0 &&
            places[i].servers / places[i].demand_ns < best) {
            best = places[i].servers / places[i].demand_ns;
            if (at)
                *at = i;
        }
    return best;
}

static struct rp_bounds from_rates(double low, double high, double clients,
                                   double outside_ns)
{
    return (struct rp_bounds){.rate_low = low,
                              .rate_high = high,
                              .response_low_ns = clients / high - outside_ns,
                              .response_high_ns = clients / low - outside_ns};
}

struct rp_bounds rp_bounds_asymptotic(const struct rp_bound_place *places,
                                      size_t count, double alone_ns,
                                      double outside_ns, double clients)
{
    const double capacity = rp_bounds_capacity(places, count, NULL);

    return from_rates(clients / (clients * alone_ns + outside_ns),
                      fmin(capacity, clients / (alone_ns + outside_ns)),
                      clients, outside_ns);
}

/* Terminal workload, table 5.2 of the book: D the sum, Dmax and Dave of the
 * stations' demands, Z what is spent elsewhere. */
static double balanced_low(double sum_ns, double most_ns, double elsewhere_ns,
                           double clients)
{
    return clients / (sum_ns + elsewhere_ns +
                      (clients - 1.0) * most_ns /
                          (1.0 + elsewhere_ns / (clients * sum_ns)));
}

static double balanced_high(double sum_ns, double mean_ns, double elsewhere_ns,
                            double clients)
{
    return clients /
           (sum_ns + elsewhere_ns +
            (clients - 1.0) * mean_ns / (1.0 + elsewhere_ns / sum_ns));
}

struct rp_bounds rp_bounds_balanced(const struct rp_bound_place *places,
                                    size_t count, double delay_ns,
                                    double outside_ns, double clients)
{
    const double capacity = rp_bounds_capacity(places, count, NULL);
    const double elsewhere_ns = delay_ns + outside_ns;
    double sum_ns = 0.0, most_ns = 0.0, slower_ns = 0.0;
    unsigned stations = 0;

    for (size_t i = 0; i < count; i++) {
        const double fast_ns = places[i].demand_ns / places[i].servers;

        if (!(fast_ns > 0.0))
            continue;
        stations++;
        sum_ns += fast_ns;
        most_ns = fmax(most_ns, fast_ns);
        slower_ns += places[i].demand_ns - fast_ns;
    }
    if (stations == 0)
        return from_rates(clients / elsewhere_ns, clients / elsewhere_ns,
                          clients, outside_ns);
    return from_rates(
        balanced_low(sum_ns, most_ns, elsewhere_ns + slower_ns, clients),
        fmin(fmin(capacity, clients / (sum_ns + slower_ns + elsewhere_ns)),
             balanced_high(sum_ns, sum_ns / stations, elsewhere_ns, clients)),
        clients, outside_ns);
}
