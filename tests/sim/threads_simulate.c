/* The same bytes come out whatever the number of threads, and threads do not
 * race: a plain program, as Criterion does not run under ThreadSanitizer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/simulate.h"

#include "flat_profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYSTEM                                                                 \
    "server: {kind: daphne, processes: 2}\n"                                   \
    "host: {cores: 2}\n"                                                       \
    "middleware: [{name: a, kind: sync}, {name: b, kind: mixin}]\n"            \
    "view: {kind: async, wait: {mean: 3ms, cv: 0.5}}\n"                        \
    "load: {kind: open, rate: 150/s}\n"

/* Replications; one run in batches; as many as a precision takes. */
static const char *const texts[] = {
    SYSTEM "run: {requests: 1500, replications: 6}\n",
    SYSTEM "run: {requests: 6000, replications: 1}\n",
    SYSTEM "run: {requests: 500, replications: 3, precision: 1%,"
           " precision_of: p99_ms, max_replications: 40}\n",
};

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static struct rp_result
simulate(const char *text, const struct rp_profile *profile, unsigned jobs)
{
    const struct rp_simulate_options options = {.jobs = jobs, .draws = 4};
    struct rp_result result = {0};
    struct rp_error error = {0};

    if (flat_simulate(text, profile, &options, &result, &error))
        fail(error.text);
    return result;
}

static void compare(const char *text, const struct rp_profile *profile)
{
    struct rp_result one = simulate(text, profile, 1);

    for (unsigned jobs = 2; jobs <= 5; jobs++) {
        struct rp_result many = simulate(text, profile, jobs);

        if (one.replications != many.replications ||
            strcmp(one.warnings, many.warnings) != 0 ||
            memcmp(one.metrics, many.metrics, sizeof one.metrics) != 0 ||
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
}

int main(void)
{
    struct rp_profile p = flat_profile((struct flat_costs){
        .base = 200e3, .layer = 5e3, .s2a = 60e3, .a2s_new = 300e3});

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        compare(texts[i], &p);
    rp_profile_free(&p);
    return 0;
}
