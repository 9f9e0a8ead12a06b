/**
 * Queues with a closed form, for one place by itself.
 *
 * Rates and times are in any one unit. Where more work arrives than can be
 * done the waiting time is INFINITY.
 *
 * - M/M/c: A. K. Erlang, 1917; L. Kleinrock, Queueing Systems I, 1975, 3.5.
 * - M/G/1: the Pollaczek-Khinchine formula (Kleinrock I, 5.6).
 * - GI/G/c: A. O. Allen, Probability, Statistics, and Queueing Theory, 2nd ed.
 *   1990, 5.3: M/M/c times the mean of the squared coefficients of variation of
 *   gaps and service. Exact for M/M/c and M/G/1.
 * - Machine repair, M/M/c//N: the finite source of Kleinrock I, 3.8.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_QUEUES_H
#define RP_SOLVE_QUEUES_H

/** The probability that an arrival waits, M/M/c.
 *
 * @param servers  >= 1
 * @param load     arrival rate times mean service, >= 0; at `servers` and above
 *                 everybody waits
 */
double rp_queue_erlang_c(unsigned servers, double load);

/** Mean wait, service not included, M/M/c. */
double rp_queue_mmc_wait(double rate, double service, unsigned servers);

/** The quantile of the response at `u` in (0, 1), wait and service, first come,
 * first served, M/M/c; INFINITY where overloaded. */
double rp_queue_mmc_response_at(double rate, double service, unsigned servers,
                                double u);

/** Mean wait, M/G/1; `square` is the mean square of the service. */
double rp_queue_mg1_wait(double rate, double service, double square);

/** Mean wait, GI/G/c, approximate; scv: squared coefficients of variation. */
double rp_queue_ggc_wait(double rate, double gap_scv, double service,
                         double service_scv, unsigned servers);

/** Throughput of machine repair: `machines` run for exponential times of mean
 * `running` and then are repaired by one of `servers`. */
double rp_queue_repair_rate(unsigned machines, double running, double service,
                            unsigned servers);

#endif
