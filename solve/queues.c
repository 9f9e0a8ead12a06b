/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/queues.h"

#include <math.h>

/* By Erlang B, whose recursion is stable: B(0) = 1, B(k) = a B / (k + a B). */
double rp_queue_erlang_c(unsigned servers, double load)
{
    double b = 1.0;

    if (load >= servers)
        return 1.0;
    for (unsigned k = 1; k <= servers; k++)
        b = load * b / (k + load * b);
    return servers * b / (servers - load * (1.0 - b));
}

double rp_queue_mmc_wait(double rate, double service, unsigned servers)
{
    const double load = rate * service;

    if (load >= servers)
        return INFINITY;
    return rp_queue_erlang_c(servers, load) * service / (servers - load);
}

/* P(R > t): with probability C the wait is exponential at rate (c - a)/S, and
 * the service at 1/S comes on top. */
static double mmc_longer(double t, double load, double service,
                         unsigned servers, double waits)
{
    const double spare = servers - load, x = t / service;
    const double gap = spare - 1.0;

    if (fabs(gap) < 1e-9)
        return exp(-x) * (1.0 + waits * x);
    return exp(-x) + waits * (exp(-x) - exp(-spare * x)) / gap;
}

double rp_queue_mmc_response_at(double rate, double service, unsigned servers,
                                double u)
{
    const double load = rate * service;
    const double waits = rp_queue_erlang_c(servers, load);
    double low = 0.0, high = service;

    if (load >= servers)
        return INFINITY;
    while (mmc_longer(high, load, service, servers, waits) > 1.0 - u)
        high *= 2.0;
    for (unsigned i = 0; i < 100; i++) {
        const double middle = 0.5 * (low + high);

        if (mmc_longer(middle, load, service, servers, waits) > 1.0 - u)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

double rp_queue_mg1_wait(double rate, double service, double square)
{
    if (rate * service >= 1.0)
        return INFINITY;
    return 0.5 * rate * square / (1.0 - rate * service);
}

double rp_queue_ggc_wait(double rate, double gap_scv, double service,
                         double service_scv, unsigned servers)
{
    return rp_queue_mmc_wait(rate, service, servers) * 0.5 *
           (gap_scv + service_scv);
}

/* The number in repair is a birth and death process; each term is the one
 * before times (machines that run) service / (running x busy servers). Terms
 * are scaled down as they grow, so that none overflows. */
double rp_queue_repair_rate(unsigned machines, double running, double service,
                            unsigned servers)
{
    double term = 1.0, sum = 1.0, busy_sum = 0.0;

    if (running <= 0.0)
        return (machines < servers ? machines : servers) / service;
    for (unsigned k = 1; k <= machines; k++) {
        const double busy = k < servers ? k : servers;

        term *= (machines - k + 1.0) * service / (running * busy);
        sum += term;
        busy_sum += term * busy;
        if (sum > 1e200) {
            term /= sum;
            busy_sum /= sum;
            sum = 1.0;
        }
    }
    return busy_sum / sum / service;
}
