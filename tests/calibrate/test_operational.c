/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/operational.h"
#include "tests/calibrate/byhand.h"

#include <criterion/new/assert.h>

static const double usual[] = {1.0, 1.0, 1.0, 1.0};

/* Four clients, an answer each 0.5 ms: X is 2 per ms, and R 1.9 ms. */
static void four_clients(struct byhand *h)
{
    byhand_make(h, 4);
    for (size_t i = 0; i < BYHAND_RUNS; i++) {
        h->runs[i].mean_ns = 2e6;
        h->runs[i].curve_mean_ns = 1.9e6;
    }
}

Test(operational, laws_are_those_of_little_and_of_utilisation)
{
    double scratch[BYHAND_RUNS];
    struct rp_operational o;
    struct byhand h;

    four_clients(&h);
    o = rp_operational_check(&h.measured, usual, 0, 0.3e6, 0.1e6, scratch);
    cr_expect(eq(sz, o.runs, 4));
    cr_expect(epsilon_eq(dbl, o.underway, 2.0 * 1.9 / 4.0, 1e-12));
    cr_expect(epsilon_eq(dbl, o.clients, 2.0 * 2.0 / 4.0, 1e-12));
    cr_expect(epsilon_eq(dbl, o.busy, 2.0 * 0.3, 1e-12));
    cr_expect(eq(sz, o.crowded, 0));
    rp_dataset_free(&h.dataset);
}

Test(operational, more_requests_than_clients_are_counted)
{
    double scratch[BYHAND_RUNS];
    struct rp_operational o;
    struct byhand h;

    four_clients(&h);
    h.runs[1].curve_mean_ns = 2.2e6;  /* 1.1 of the clients */
    h.runs[2].curve_mean_ns = 2.05e6; /* rounding */
    h.runs[3].curve_mean_ns = (double)NAN;
    o = rp_operational_check(&h.measured, usual, 0, 0.3e6, 0.0, scratch);
    cr_expect(eq(sz, o.runs, 3));
    cr_expect(eq(sz, o.crowded, 1));
    cr_expect(epsilon_eq(dbl, o.underway, 2.0 * 2.05 / 4.0, 1e-12), "median");
    rp_dataset_free(&h.dataset);
}

/* In a slow round costs are longer, but what the view burns by the clock is
 * not; two processes on two cores have twice the CPU. */
Test(operational, demand_follows_the_speed_and_the_processes)
{
    static const double slow[] = {1.5, 1.5, 1.5, 1.5};
    double scratch[BYHAND_RUNS];
    struct rp_operational o;
    struct byhand h;

    four_clients(&h);
    h.config.cpu_ns = 0.1e6;
    h.dataset.cores = 2;
    h.dataset.servers[RP_SERVER_GUNICORN].processes = 2;
    o = rp_operational_check(&h.measured, slow, 0, 0.3e6, 0.0, scratch);
    cr_expect(epsilon_eq(dbl, o.busy, 2.0 * (1.5 * 0.2 + 0.1) / 2.0, 1e-12));
    rp_dataset_free(&h.dataset);
}
