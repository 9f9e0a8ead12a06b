/* The same bytes come out whatever the number of threads, and threads do not
 * race: a plain program, as Criterion does not run under ThreadSanitizer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/simulate.h"

#include "flat_profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char text[] =
    "server: {kind: daphne, processes: 2}\n"
    "host: {cores: 2}\n"
    "middleware: [{name: a, kind: sync}, {name: b, kind: mixin}]\n"
    "view: {kind: async, wait: {mean: 3ms, cv: 0.5}}\n"
    "load: {kind: open, rate: 150/s}\n"
    "run: {requests: 1500, replications: 6}\n";

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static struct rp_result simulate(const struct rp_profile *profile,
                                 unsigned jobs)
{
    const struct rp_simulate_options options = {.jobs = jobs, .draws = 4};
    struct rp_scenario scenario;
    struct rp_result result = {0};
    struct rp_error error = {0};

    if (rp_scenario_read_text(text, strlen(text), "x.yaml", &scenario,
                              &error) ||
        rp_simulate(&scenario, profile, &options, &result, &error))
        fail(error.text);
    rp_scenario_free(&scenario);
    return result;
}

int main(void)
{
    struct rp_profile p = flat_profile((struct flat_costs){
        .base = 200e3, .layer = 5e3, .s2a = 60e3, .a2s_new = 300e3});
    struct rp_result one = simulate(&p, 1);

    for (unsigned jobs = 2; jobs <= 5; jobs++) {
        struct rp_result many = simulate(&p, jobs);

        if (memcmp(one.metrics, many.metrics, sizeof one.metrics) != 0 ||
            memcmp(one.places, many.places,
                   one.place_count * sizeof *one.places) != 0 ||
            memcmp(one.kinds, many.kinds, one.kind_count * sizeof *one.kinds) !=
                0)
            fail("the number of threads changed the result");
        rp_result_free(&many);
    }
    if (!(one.metrics[RP_METRIC_MEAN].value > 3e6))
        fail("nothing was simulated");
    rp_result_free(&one);
    rp_profile_free(&p);
    return 0;
}
