/**
 * A thousand random scenarios: does any run leave the operational bounds of its
 * own measured demands? By hand; README.md says what came out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "measuredbounds.h"
#include "randomscenario.h"

#include "sim/init.h"
#include "sim/simulate.h"

#include <stdio.h>

enum { SCENARIOS = 1000, REQUESTS = 3000 };

/* 0 or 1 outside; 2: something failed. */
static int is_outside(uint64_t number, const struct rp_profile *profile)
{
    const struct rp_simulate_options plain = {.jobs = 1};
    struct rp_scenario s;
    struct rp_result r = {0};
    struct measuredbounds m;
    struct rp_error error = {0};
    int outside;

    if (random_scenario(number, false, REQUESTS, &s))
        return 2;
    if (rp_simulate(&s, profile, &plain, &r, &error)) {
        fprintf(stderr, "%s\n", error.text);
        rp_scenario_free(&s);
        return 2;
    }
    m = measuredbounds_take(&s, &r);
    outside = !measuredbounds_hold(&m);
    if (outside)
        printf("outside: scenario %llu, %g, bounds %g .. %g\n",
               (unsigned long long)number, m.rate, m.bounds.rate_low,
               m.bounds.rate_high);
    rp_result_free(&r);
    rp_scenario_free(&s);
    return outside;
}

int main(void)
{
    struct rp_profile profile = {0};
    unsigned outside = 0;

    rp_init();
    if (rp_profile_read(RP_SOURCE_DIR "/data/profiles/django-3.2.yaml",
                        &profile, NULL))
        return 2;
    /* timers that are late and work after an answer are in no demand */
    profile.under_load = (struct rp_parameters){.known = {false}};
    for (uint64_t i = 0; i < SCENARIOS; i++) {
        const int found = is_outside(20000 + i, &profile);

        if (found == 2)
            return 2;
        outside += (unsigned)found;
    }
    printf("%u of %u runs outside the bounds of their own demands\n", outside,
           SCENARIOS);
    rp_profile_free(&profile);
    return outside > 0;
}
