/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/schedule.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdbool.h>
#include <string.h>

Test(schedule, a_round_visits_each_run_once)
{
    size_t order[50];

    for (unsigned round = 1; round <= 20; round++) {
        bool seen[50] = {false};

        rp_schedule_round(7, round, 50, order);
        for (size_t i = 0; i < 50; i++) {
            cr_assert(order[i] < 50 && !seen[order[i]]);
            seen[order[i]] = true;
        }
    }
}

Test(schedule, seed_and_round_decide_and_nothing_else)
{
    size_t a[30], b[30];

    rp_schedule_round(7, 3, 30, a);
    rp_schedule_round(7, 3, 30, b);
    cr_expect(memcmp(a, b, sizeof a) == 0);
    rp_schedule_round(7, 4, 30, b);
    cr_expect(memcmp(a, b, sizeof a) != 0, "another round");
    rp_schedule_round(8, 3, 30, b);
    cr_expect(memcmp(a, b, sizeof a) != 0, "another seed");
}

/* Four runs have 24 orders; over 24,000 rounds each comes about 1000 times.
 * Chi-square with 23 degrees of freedom is above 49.7 once in a thousand. */
Test(schedule, all_orders_are_equally_likely)
{
    size_t counts[256] = {0};
    double chi = 0.0;
    size_t kinds = 0;

    for (unsigned round = 1; round <= 24000; round++) {
        size_t o[4];

        rp_schedule_round(1, round, 4, o);
        counts[o[0] + 4 * o[1] + 16 * o[2] + 64 * o[3]]++;
    }
    for (size_t i = 0; i < 256; i++)
        if (counts[i] > 0) {
            const double off = (double)counts[i] - 1000.0;

            chi += off * off / 1000.0;
            kinds++;
        }
    cr_expect(eq(sz, kinds, 24));
    cr_expect(lt(dbl, chi, 49.7));
}

Test(schedule, one_run_and_none_are_orders_too)
{
    size_t order[1] = {77};

    rp_schedule_round(1, 1, 0, order);
    cr_expect(eq(sz, order[0], 77));
    rp_schedule_round(1, 1, 1, order);
    cr_expect(eq(sz, order[0], 0));
}
