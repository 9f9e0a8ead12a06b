/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/pauses.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>

enum { CONFIGS = 8, RUNS = 256 };

/* Runs of 400 requests, made up. */
struct campaign {
    struct rp_config configs[CONFIGS];
    struct rp_measured_run runs[RUNS];
    struct rp_measured measured;
    double speed[2];
};

static void begin(struct campaign *c)
{
    *c = (struct campaign){.speed = {1.0, 2.0}};
    c->measured.configs = c->configs;
    c->measured.runs = c->runs;
}

static size_t config(struct campaign *c, enum rp_server_kind server,
                     unsigned clients)
{
    c->configs[c->measured.config_count] =
        (struct rp_config){.server = server, .concurrency = clients};
    return c->measured.config_count++;
}

/* `count` runs, in which the longest request is this much longer than the 95th
 * percentile of 2 ms. */
static void add_runs(struct campaign *c, size_t config, unsigned count,
                     double excess_ms)
{
    for (unsigned i = 0; i < count; i++) {
        struct rp_measured_run *const run = &c->runs[c->measured.run_count++];

        cr_assert(c->measured.run_count <= RUNS);
        *run = (struct rp_measured_run){
            .config = config, .requests = 400, .longest_ms = 2.0 + excess_ms};
        run->value[RP_METRIC_P95] = 2.0;
    }
}

/* A pause is longer than 20 empty requests of 0.5 ms. */
static struct rp_pauses find(const struct campaign *c, const bool *leave_out)
{
    struct rp_pauses p = {.runs = 77};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_pauses_find(&c->measured, c->speed, RP_SERVER_DAPHNE, 0.5e6,
                                leave_out, &p, &error),
                 RP_OK));
    return p;
}

/* 20 runs each, 8000 requests; a pause in 2000 requests of one client, in 1000
 * of very many, so 1/2000 + (1 - 1/c) / 2000: 4, 6, 7 of them. */
static void usual(struct campaign *c)
{
    begin(c);
    (void)config(c, RP_SERVER_DAPHNE, 1);
    (void)config(c, RP_SERVER_DAPHNE, 2);
    (void)config(c, RP_SERVER_DAPHNE, 4);
    add_runs(c, 0, 4, 30.0);
    add_runs(c, 0, 16, 3.0);
    add_runs(c, 1, 6, 30.0);
    add_runs(c, 1, 14, 3.0);
    add_runs(c, 2, 7, 30.0);
    add_runs(c, 2, 13, 3.0);
}

Test(pauses, how_often_they_come_depends_on_the_clients)
{
    struct campaign c;
    struct rp_pauses p;

    usual(&c);
    p = find(&c, NULL);
    cr_expect(eq(sz, p.runs, 60));
    cr_expect(eq(sz, p.paused, 17));
    cr_expect(epsilon_eq(dbl, p.every, 2000.0, 1e-6));
    cr_expect(epsilon_eq(dbl, p.crowded, 1000.0, 1e-6));
    cr_expect(epsilon_eq(dbl, p.length_ns, 30e6, 1e-3));
    cr_expect(epsilon_eq(dbl, p.length_se, 0.0, 1e-12), "all are alike");
}

/* Weights are equal, x is 0, 1/2, 3/4: with v = pooled / 8000 the variance of
 * the intercept is v (1/3 + mean(x)^2 / Sxx), mean 5/12, Sxx 7/24. */
Test(pauses, few_of_them_say_little)
{
    const double pooled = 17.0 / 24000.0, v = pooled / 8000.0;
    struct campaign c;
    struct rp_pauses p;

    usual(&c);
    p = find(&c, NULL);
    cr_expect(epsilon_eq(
        dbl, p.every_se,
        sqrt(v * (1.0 / 3.0 + 25.0 / 144.0 * 24.0 / 7.0)) * 2000.0, 1e-9));
    /* at x = 1: (1 - 5/12)^2 = 49/144 */
    cr_expect(epsilon_eq(
        dbl, p.crowded_se,
        sqrt(v * (1.0 / 3.0 + 49.0 / 144.0 * 24.0 / 7.0)) * 1000.0, 1e-9));
}

Test(pauses, runs_that_show_none_leave_everything_unknown)
{
    struct campaign c;
    struct rp_pauses p;

    begin(&c);
    (void)config(&c, RP_SERVER_DAPHNE, 1);
    add_runs(&c, 0, 5, 9.9);
    p = find(&c, NULL);
    cr_expect(eq(sz, p.runs, 5));
    cr_expect(eq(sz, p.paused, 0));
    cr_expect(isnan(p.every) && isnan(p.crowded) && isnan(p.length_ns));
}

/* One group, a pause in 500 requests. */
Test(pauses, with_fewer_than_three_numbers_of_clients_there_is_one_frequency)
{
    struct campaign c;
    struct rp_pauses p;

    begin(&c);
    (void)config(&c, RP_SERVER_DAPHNE, 1);
    (void)config(&c, RP_SERVER_DAPHNE, 8);
    add_runs(&c, 0, 8, 25.0);
    add_runs(&c, 0, 2, 1.0);
    add_runs(&c, 1, 8, 45.0);
    add_runs(&c, 1, 2, 1.0);
    p = find(&c, NULL);
    cr_expect(epsilon_eq(dbl, p.every, 500.0, 1e-9));
    cr_expect(epsilon_eq(dbl, p.crowded, 500.0, 1e-9));
    cr_expect(epsilon_eq(dbl, p.every_se, 1.0 / sqrt(16.0), 1e-12));
    cr_expect(epsilon_eq(dbl, p.length_ns, 35e6, 1e-3));
    /* deviations from 35 are all 10 */
    cr_expect(epsilon_eq(dbl, p.length_se,
                         1.4826022185 * 10.0 / 35.0 * sqrt(1.5707963268 / 16.0),
                         1e-9));
}

Test(pauses, what_tells_nothing_of_a_pause_is_not_looked_at)
{
    static const bool leave_out[CONFIGS] = {false, false, false, true};
    struct campaign c;
    struct rp_pauses p;

    usual(&c);
    add_runs(&c, config(&c, RP_SERVER_DAPHNE, 1), 9, 99.0); /* left out */
    add_runs(&c, config(&c, RP_SERVER_UVICORN, 1), 9, 99.0);
    add_runs(&c, config(&c, RP_SERVER_DAPHNE, 17), 9, 99.0); /* 4.25 % */
    add_runs(&c, config(&c, RP_SERVER_DAPHNE, 1), 9, 99.0);
    add_runs(&c, 6, 9, 99.0);
    for (size_t i = c.measured.run_count - 18; i < c.measured.run_count; i++) {
        c.runs[i].longest_ms = i % 2 ? NAN : 99.0;
        c.runs[i].value[RP_METRIC_P95] = i % 2 ? 2.0 : NAN;
    }
    p = find(&c, leave_out);
    cr_expect(eq(sz, p.runs, 60));
    cr_expect(epsilon_eq(dbl, p.every, 2000.0, 1e-6));
}

/* Sixteen of 400 are 4 %. */
Test(pauses, a_run_of_which_a_pause_meets_4_percent_is_looked_at)
{
    struct campaign c;

    begin(&c);
    add_runs(&c, config(&c, RP_SERVER_DAPHNE, 16), 9, 99.0);
    cr_expect(eq(sz, find(&c, NULL).runs, 9));
}

/* 12 ms in a round that takes twice as long are 6, which is no pause; 50 are
 * 25. */
Test(pauses, the_speed_of_a_round_is_taken_out)
{
    struct campaign c;
    struct rp_pauses p;

    begin(&c);
    add_runs(&c, config(&c, RP_SERVER_DAPHNE, 1), 1, 12.0);
    add_runs(&c, 0, 1, 50.0);
    c.runs[0].block = c.runs[1].block = 1;
    p = find(&c, NULL);
    cr_expect(eq(sz, p.paused, 1));
    cr_expect(epsilon_eq(dbl, p.length_ns, 25e6, 1e-3));
}

/* All pauses are with many clients: alone they are at most three times rarer
 * than the runs together say. */
Test(pauses, a_frequency_is_never_beyond_what_the_runs_could_show)
{
    struct campaign c;
    struct rp_pauses p;

    begin(&c);
    add_runs(&c, config(&c, RP_SERVER_DAPHNE, 1), 10, 1.0);
    add_runs(&c, config(&c, RP_SERVER_DAPHNE, 2), 10, 1.0);
    add_runs(&c, config(&c, RP_SERVER_DAPHNE, 8), 9, 30.0);
    add_runs(&c, 2, 1, 1.0);
    p = find(&c, NULL);
    cr_expect(epsilon_eq(dbl, p.every, 3.0 * 12000.0 / 9.0, 1e-6));
    cr_expect(lt(dbl, p.crowded, p.every));
}
