/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulator never leaves the operational bounds of its own run. */
#include "measuredbounds.h"
#include "randomscenario.h"

#include "sim/simulate.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { SCENARIOS = 40, REQUESTS = 1500 };

Test(operationallaws, no_run_leaves_the_bounds_of_its_own_demands)
{
    const struct rp_simulate_options plain = {.jobs = 1};
    struct rp_profile profile = {0};
    unsigned near_low = 0, near_high = 0;

    cr_assert(eq(int,
                 rp_profile_read(RP_SOURCE_DIR "/data/profiles/django-3.2.yaml",
                                 &profile, NULL),
                 RP_OK));
    /* timers that are late and work after an answer are in no demand */
    profile.under_load = (struct rp_parameters){.known = {false}};
    for (uint64_t i = 0; i < SCENARIOS; i++) {
        struct rp_scenario s;
        struct rp_result r = {0};

        cr_assert(
            eq(int, random_scenario(7000 + i, false, REQUESTS, &s), RP_OK));
        cr_assert(eq(int, rp_simulate(&s, &profile, &plain, &r, NULL), RP_OK));
        const struct measuredbounds m = measuredbounds_take(&s, &r);

        cr_expect(measuredbounds_hold(&m), "scenario %d: %g, bounds %g .. %g",
                  (int)i, m.rate, m.bounds.rate_low, m.bounds.rate_high);
        near_low += m.rate < 1.02 * m.bounds.rate_low;
        near_high += m.rate > 0.98 * m.bounds.rate_high;
        rp_result_free(&r);
        rp_scenario_free(&s);
    }
    cr_expect(gt(u32, near_low, 0), "the lower bound is touched");
    cr_expect(gt(u32, near_high, 5), "the upper bound is touched");
    rp_profile_free(&profile);
}
