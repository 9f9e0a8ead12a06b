/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/levels.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

#define PROFILE RP_SOURCE_DIR "/tests/data/profiles/round.yaml"

/* A base that is always 500 us, and an exponential wait of 10 ms behind it: the
 * quantiles of one request alone are 0.5 ms - 10 ms ln(1 - u). */
Test(levels, the_quantiles_of_a_simulation_are_those_of_its_distribution)
{
    static const char text[] =
        "view: {kind: sync, wait: {mean: 10ms, shape: exponential}}\n"
        "run: {requests: 40000, replications: 4, warm_up: 0}\n";
    const struct rp_simulate_options options = {.jobs = 2, .draws = 0};
    struct rp_scenario scenario = {.file = NULL};
    struct rp_profile profile = {.file = NULL};
    struct rp_result result = {.scenario = NULL};
    struct rp_error error = {.code = RP_OK};
    double level_ms[RP_LEVEL_COUNT];

    rp_init();
    cr_assert(eq(int,
                 rp_scenario_read_text(text, strlen(text), "s.yaml", &scenario,
                                       &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(eq(int, rp_profile_read(PROFILE, &profile, &error), RP_OK));
    cr_assert(eq(int,
                 rp_levels_simulate(&scenario, &profile, &options, &result,
                                    level_ms, &error),
                 RP_OK),
              "%s", error.text);
    for (size_t i = 1; i < RP_LEVEL_COUNT; i++) {
        const double exact = 0.5 - 10.0 * log(1.0 - rp_levels[i]);

        cr_expect(epsilon_eq(dbl, level_ms[i], exact, 0.02 * exact),
                  "at %g: %g, not %g", rp_levels[i], level_ms[i], exact);
    }
    cr_expect(epsilon_eq(dbl, level_ms[0], 0.5, 0.01));
    rp_result_free(&result);
    rp_profile_free(&profile);
    rp_scenario_free(&scenario);
}
