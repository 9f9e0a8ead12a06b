/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/typical.h"
#include "tests/calibrate/synthetic.h"

#include <criterion/new/assert.h>

enum { ROUNDS = 12 };

/* One configuration, whose run of round r took values[r] ms. */
struct one {
    struct rp_config config;
    struct rp_measured_run runs[ROUNDS];
    struct rp_block blocks[ROUNDS];
    double speed[ROUNDS];
    struct rp_measured measured;
};

static void make(struct one *o, const double *values, size_t n)
{
    *o = (struct one){.config = {.concurrency = 1}};
    for (size_t i = 0; i < n; i++) {
        o->blocks[i] = (struct rp_block){.round = (unsigned)i + 1, .speed = 1};
        o->speed[i] = 1.0;
        o->runs[i].block = i;
        o->runs[i].value[RP_METRIC_MEAN] = values[i];
        o->runs[i].value[RP_METRIC_RPS] = 1000.0 / values[i];
        o->runs[i].value[RP_METRIC_P50] = NAN;
    }
    o->measured = (struct rp_measured){.config_count = 1,
                                       .run_count = n,
                                       .block_count = n,
                                       .configs = &o->config,
                                       .runs = o->runs,
                                       .blocks = o->blocks};
}

Test(typical, twelve_runs_have_the_third_and_tenth_as_interval)
{
    /* P(Binomial(12, 1/2) <= 2) = 79 / 4096 = 0.019; <= 3: 0.073 */
    static const double values[] = {12, 1, 11, 2, 10, 3, 9, 4, 8, 5, 7, 6};
    double scratch[ROUNDS];
    struct one o;
    struct rp_typical t;

    make(&o, values, 12);
    t = rp_typical_find(&o.measured, o.speed, 0, RP_METRIC_MEAN, scratch);
    cr_expect(eq(sz, t.runs, 12));
    cr_expect(eq(dbl, t.value, 6.5));
    cr_expect(eq(dbl, t.low, 3.0));
    cr_expect(eq(dbl, t.high, 10.0));
}

Test(typical, few_runs_have_their_extremes)
{
    static const double values[] = {3, 1, 2};
    double scratch[ROUNDS];
    struct one o;
    struct rp_typical t;

    make(&o, values, 3);
    t = rp_typical_find(&o.measured, o.speed, 0, RP_METRIC_MEAN, scratch);
    cr_expect(eq(dbl, t.value, 2.0));
    cr_expect(eq(dbl, t.low, 1.0));
    cr_expect(eq(dbl, t.high, 3.0));
    t = rp_typical_find(&o.measured, o.speed, 0, RP_METRIC_P50, scratch);
    cr_expect(eq(sz, t.runs, 0), "no percentiles");
    cr_expect(isnan(t.value));
}

Test(typical, the_speed_of_a_round_is_taken_out)
{
    static const double values[] = {2, 4, 1};
    double scratch[ROUNDS];
    struct one o;

    make(&o, values, 3);
    o.speed[1] = 2.0;
    o.speed[2] = 0.5;
    cr_expect(eq(
        dbl,
        rp_typical_find(&o.measured, o.speed, 0, RP_METRIC_MEAN, scratch).high,
        2.0));
    cr_expect(
        eq(dbl,
           rp_typical_find(&o.measured, o.speed, 0, RP_METRIC_RPS, scratch).low,
           500.0),
        "throughput the other way round");
}

Test(typical, noise_is_odd_rounds_against_even_ones)
{
    /* odd: 10, 12, 11 -> 11; even: 10, 10 -> 10 */
    static const double values[] = {10, 10, 12, 10, 11};
    double scratch[ROUNDS];
    struct one o;

    make(&o, values, 5);
    cr_expect(epsilon_eq(
        dbl, rp_typical_noise(&o.measured, o.speed, 0, RP_METRIC_MEAN, scratch),
        0.1, 1e-12));
    make(&o, values, 1);
    cr_expect(isnan(
        rp_typical_noise(&o.measured, o.speed, 0, RP_METRIC_MEAN, scratch)));
}

Test(typical, the_spread_of_one_run_is_that_it_was_made_with)
{
    static const char *const stacks[] = {"", "S", "A", "SSS", "M", NULL};
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    double *scratch, *speed;
    bool *all;

    s.stacks = stacks;
    s.rounds = 12;
    s.noise_sd = 0.05;
    m = synthetic_measure(&s);
    scratch = calloc(m.run_count, sizeof *scratch);
    speed = calloc(m.block_count, sizeof *speed);
    all = calloc(m.config_count, sizeof *all);
    for (size_t i = 0; i < m.block_count; i++)
        speed[i] = 1.0;
    cr_expect(eq(dbl,
                 rp_typical_run_sd(&m, speed, all, RP_METRIC_MEAN, scratch),
                 0.0),
              "nobody counts");
    for (size_t i = 0; i < m.config_count; i++)
        all[i] = true;
    cr_expect(epsilon_eq(
        dbl, rp_typical_run_sd(&m, speed, all, RP_METRIC_MEAN, scratch), 0.05,
        0.008));
    free(all);
    free(speed);
    free(scratch);
    rp_measured_free(&m);
}
