/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/queues.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <math.h>

Test(queues, erlang_c_is_what_its_closed_form_says)
{
    /* one server: the load; two: a^2/(2 + a); c: see the sum below */
    cr_expect(epsilon_eq(dbl, rp_queue_erlang_c(1, 0.7), 0.7, 1e-12));
    cr_expect(epsilon_eq(dbl, rp_queue_erlang_c(2, 1.5), 2.25 / 3.5, 1e-12));
    /* a^5/5! 5/(5-a) over that plus the sum of a^k/k!, a = 4: 512/3 over
     * 512/3 + 1 + 4 + 8 + 32/3 + 32/3 = 42.667/77 ... by fractions 0.55411 */
    cr_expect(epsilon_eq(dbl, rp_queue_erlang_c(5, 4.0), 0.554113, 1e-6));
    cr_expect(eq(dbl, rp_queue_erlang_c(3, 3.5), 1.0), "overload: all wait");
    cr_expect(eq(dbl, rp_queue_erlang_c(3, 0.0), 0.0));
}

Test(queues, waits_are_those_of_the_formulas)
{
    /* M/M/1 at 0.9: 9 services; M/M/2 at 1.5: S C / (2 - a) */
    cr_expect(epsilon_eq(dbl, rp_queue_mmc_wait(0.9, 1.0, 1), 9.0, 1e-9));
    cr_expect(
        epsilon_eq(dbl, rp_queue_mmc_wait(0.75, 2.0, 2), 18.0 / 7.0, 1e-9));
    /* M/D/1 at 0.8 waits half of M/M/1: 2; M/E2/1: 3 */
    cr_expect(epsilon_eq(dbl, rp_queue_mg1_wait(0.8, 1.0, 1.0), 2.0, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_queue_mg1_wait(0.8, 1.0, 1.5), 3.0, 1e-9));
    cr_expect(eq(dbl, rp_queue_mg1_wait(1.0, 1.0, 2.0), (double)INFINITY));
    cr_expect(eq(dbl, rp_queue_mmc_wait(2.0, 1.0, 2), (double)INFINITY));
}

Test(queues, pollaczek_khinchine_gives_the_queue_of_the_book)
{
    /* R. Jain, The Art of Computer Systems Performance Analysis, 1991, box
     * 31.3: rho^2 (1 + C^2) / (2 (1 - rho)) jobs wait; here .36 x 4 / .8 */
    const double wait = rp_queue_mg1_wait(0.6, 1.0, 1.0 + 3.0);

    cr_expect(epsilon_eq(dbl, 0.6 * wait, 1.8, 1e-12));
}

Test(queues, gi_g_c_is_exact_where_it_should_be)
{
    for (unsigned c = 1; c <= 7; c += 2)
        cr_expect(epsilon_eq(dbl, rp_queue_ggc_wait(0.8 * c, 1.0, 1.0, 1.0, c),
                             rp_queue_mmc_wait(0.8 * c, 1.0, c), 1e-12));
    for (double scv = 0.0; scv < 5.0; scv += 0.5)
        cr_expect(epsilon_eq(dbl, rp_queue_ggc_wait(0.7, 1.0, 1.0, scv, 1),
                             rp_queue_mg1_wait(0.7, 1.0, 1.0 + scv), 1e-12));
}

Test(queues, the_response_of_one_exponential_server_is_exponential)
{
    static const double levels[] = {0.01, 0.5, 0.9, 0.99};

    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        cr_expect(epsilon_eq(dbl,
                             rp_queue_mmc_response_at(0.8, 1.0, 1, levels[i]),
                             -5.0 * log(1.0 - levels[i]), 1e-9));
}

/* P(R > t) of M/M/2 by hand: load 1, C = 1/3, gap 0: e^-t (1 + t / 3). */
Test(queues, the_response_of_two_servers_is_wait_and_service)
{
    for (double t = 0.5; t < 6.0; t += 0.5) {
        const double u = 1.0 - exp(-t) * (1.0 + t / 3.0);

        cr_expect(
            epsilon_eq(dbl, rp_queue_mmc_response_at(1.0, 1.0, 2, u), t, 1e-8));
    }
    /* and load 0.5: C = 0.1, gap 0.5: e^-t (1 + 0.2) - 0.2 e^-1.5t */
    for (double t = 0.5; t < 6.0; t += 0.5) {
        const double u = 1.0 - (1.2 * exp(-t) - 0.2 * exp(-1.5 * t));

        cr_expect(
            epsilon_eq(dbl, rp_queue_mmc_response_at(0.5, 1.0, 2, u), t, 1e-8));
    }
}

Test(queues, the_mean_response_is_the_area_under_its_tail)
{
    double area = 0.0;

    for (unsigned i = 0; i < 100000; i++)
        area += rp_queue_mmc_response_at(2.4, 1.0, 3, (i + 0.5) / 100000.0) /
                100000.0;
    cr_expect(
        epsilon_eq(dbl, area, 1.0 + rp_queue_mmc_wait(2.4, 1.0, 3), 1e-3));
}

Test(queues, machine_repair_is_its_birth_and_death_process)
{
    /* two machines, one man, both rates 1: p = 1, 2, 2 over 5; busy 4/5 */
    cr_expect(
        epsilon_eq(dbl, rp_queue_repair_rate(2, 1.0, 1.0, 1), 0.8, 1e-12));
    /* two men: never a queue: 2/(1 + 1) */
    cr_expect(
        epsilon_eq(dbl, rp_queue_repair_rate(2, 1.0, 1.0, 2), 1.0, 1e-12));
    /* three machines, two men, running 2, repair 1: terms 1, 1.5, .75, .1875;
     * busy 1.5 + 2 x .9375 over 3.4375 */
    cr_expect(epsilon_eq(dbl, rp_queue_repair_rate(3, 2.0, 1.0, 2),
                         3.375 / 3.4375, 1e-12));
    cr_expect(
        epsilon_eq(dbl, rp_queue_repair_rate(2000, 1.0, 1.0, 3), 3.0, 1e-9),
        "terms do not overflow");
    cr_expect(eq(dbl, rp_queue_repair_rate(2, 0.0, 0.5, 4), 4.0));
}
