/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/displaced.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static const struct rp_displacement of = {
    .slowness = 2.0, .fade_ns = 500e3, .others_ns = 4e6};

/* Its first code finds nothing of it to be gone, however long it waited. */
Test(displaced, who_begins_has_nothing_to_lose)
{
    struct rp_displaced d = {.away_ns = 1e9};

    cr_expect(eq(dbl, rp_displaced_run(&d, &of, 1.0, 1e5), 0.0));
    cr_expect(eq(dbl, d.away_ns, 0.0));
}

/* 8 ms away, half of them work for others: all but 1/e is gone. A burst of one
 * fade gets all but 1/e of that back, at 2 x 500 us for the whole. */
Test(displaced, work_for_others_is_paid_for_by_the_square_law)
{
    const double lost = 1.0 - exp(-1.0);
    struct rp_displaced d = {.away_ns = 8e6, .has_run = true};

    cr_expect(epsilon_eq(dbl, rp_displaced_run(&d, &of, 0.5, 500e3),
                         1e6 * lost * lost, 1e-6));
    cr_expect(epsilon_eq(dbl, d.part, lost * exp(-1.0), 1e-12));
}

/* Twice a half displaces less than once the whole: exponents of 1/4 each. */
Test(displaced, short_times_away_displace_less_than_a_long_one)
{
    struct rp_displaced d = {.away_ns = 2e6, .has_run = true};

    (void)rp_displaced_run(&d, &of, 1.0, 0.0);
    d.away_ns = 2e6;
    (void)rp_displaced_run(&d, &of, 1.0, 0.0);
    cr_expect(epsilon_eq(dbl, d.part, 1.0 - exp(-0.5), 1e-12));
}

Test(displaced, nobody_displaces_anything_without_work_for_others)
{
    struct rp_displaced d = {.away_ns = 1e9, .has_run = true};

    cr_expect(eq(dbl, rp_displaced_run(&d, &of, 0.0, 1e6), 0.0));
}

Test(displaced, a_profile_without_fade_costs_nothing)
{
    const struct rp_displacement unknown = {.slowness = 2.0, .others_ns = 4e6};
    struct rp_displaced d = {.away_ns = 8e6, .has_run = true};

    cr_expect(eq(dbl, rp_displaced_run(&d, &unknown, 1.0, 1e6), 0.0));
}

Test(displaced, a_mechanism_that_is_off_displaces_nothing)
{
    struct rp_parameters known = {0};
    struct rp_mechanisms on = rp_mechanisms_all();
    struct rp_displacement got;

    known.known[RP_PARAMETER_DISPLACED] = known.known[RP_PARAMETER_FADE] =
        known.known[RP_PARAMETER_OTHERS] = true;
    known.value[RP_PARAMETER_DISPLACED] = 2.0;
    known.value[RP_PARAMETER_FADE] = 3.0;
    known.value[RP_PARAMETER_OTHERS] = 4.0;
    got = rp_displacement_of(&known, &on);
    cr_expect(eq(dbl, got.slowness, 2.0));
    cr_expect(eq(dbl, got.fade_ns, 3.0));
    cr_expect(eq(dbl, got.others_ns, 4.0));
    on.displacement = false;
    cr_expect(eq(dbl, rp_displacement_of(&known, &on).slowness, 0.0));
}
