/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/pattern.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* By hand: 1 s of 90/s, then 3 s of 10/s, is 120 requests in 4 s. */
Test(pattern, the_rate_of_mmpp_is_what_comes_in_a_round)
{
    const struct rp_mmpp m = {90.0, 10.0, 1e9, 3e9};

    cr_expect(epsilon_eq(dbl, rp_mmpp_rate(&m), 30.0, 1e-12));
}

Test(pattern, rates_of_a_day_are_lowest_at_its_beginning)
{
    const struct rp_curve day = {.kind = RP_CURVE_DIURNAL,
                                 .rate_per_s = 100.0,
                                 .amplitude = 0.8,
                                 .period_ns = 86400e9};
    const uint64_t hour = 3600000000000;

    cr_expect(epsilon_eq(dbl, rp_curve_rate(&day, 0), 20.0, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_curve_rate(&day, 6 * hour), 100.0, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_curve_rate(&day, 12 * hour), 180.0, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_curve_rate(&day, 48 * hour), 20.0, 1e-9));
}

Test(pattern, a_spike_begins_and_ends_at_its_instants)
{
    struct rp_curve spike = {.kind = RP_CURVE_SPIKE,
                             .rate_per_s = 10.0,
                             .from_ns = 100.0,
                             .for_ns = 50.0,
                             .times = 6.0};

    cr_expect(eq(dbl, rp_curve_rate(&spike, 99), 10.0));
    cr_expect(eq(dbl, rp_curve_rate(&spike, 100), 60.0));
    cr_expect(eq(dbl, rp_curve_rate(&spike, 149), 60.0));
    cr_expect(eq(dbl, rp_curve_rate(&spike, 150), 10.0));
    cr_expect(eq(dbl, rp_curve_rate(&spike, 1100), 10.0), "once");
    cr_expect(eq(u64, rp_curve_piece_at(&spike, 150).end_ns, UINT64_MAX));
    spike.period_ns = 1000.0;
    cr_expect(eq(dbl, rp_curve_rate(&spike, 1100), 60.0), "again");
    cr_expect(eq(dbl, rp_curve_mean(&spike), 12.5));
    cr_expect(eq(u64, rp_curve_piece_at(&spike, 150).end_ns, 1000));
    cr_expect(eq(u64, rp_curve_piece_at(&spike, 1100).end_ns, 1150));
}

Test(pattern, between_points_rates_are_on_a_line)
{
    const struct rp_curve c = {
        .kind = RP_CURVE_POINTS,
        .point_count = 3,
        .points = {{0.0, 10.0}, {100.0, 30.0}, {400.0, 0.0}}};

    cr_expect(eq(dbl, rp_curve_rate(&c, 0), 10.0));
    cr_expect(eq(dbl, rp_curve_rate(&c, 50), 20.0));
    cr_expect(eq(dbl, rp_curve_rate(&c, 100), 30.0));
    cr_expect(eq(dbl, rp_curve_rate(&c, 300), 10.0));
    cr_expect(eq(dbl, rp_curve_rate(&c, 400), 10.0), "the next round");
    cr_expect(eq(dbl, rp_curve_mean(&c), (2000.0 + 4500.0) / 400.0));
}

Test(pattern, what_is_wrong_is_said_with_its_key)
{
    static const struct {
        struct rp_curve curve;
        const char *key, *fault;
    } cases[] = {
        {{.kind = RP_CURVE_FLAT}, "rate", "there must be more than 0/s"},
        {{.kind = RP_CURVE_DIURNAL, .rate_per_s = 1.0, .amplitude = 0.5},
         "period",
         "must be 1ns .. 1000h"},
        {{.kind = RP_CURVE_SPIKE, .rate_per_s = 1.0, .from_ns = -1.0},
         "from",
         "must be 0ms .. 1000h"},
        {{.kind = RP_CURVE_SPIKE, .rate_per_s = 1.0},
         "for",
         "must be 1ns .. 1000h"},
        {{.kind = RP_CURVE_SPIKE,
          .rate_per_s = 1.0,
          .for_ns = 5.0,
          .times = 1001.0},
         "times",
         "must be 0 .. 1000"},
        {{.kind = RP_CURVE_POINTS,
          .point_count = 2,
          .points = {{0.0, 1.0}, {9.0, -1.0}}},
         "points",
         "each must be at 0ms .. 1000h, its rate 0/s or more"},
        {{.kind = RP_CURVE_POINTS, .point_count = 98},
         "points",
         "there must be 2 .. 97"},
    };
    static const struct {
        struct rp_mmpp mmpp;
        const char *key;
    } bursts[] = {
        {{0.0, 1.0, 1.0, 1.0}, "on_rate"},
        {{1.0, -1.0, 1.0, 1.0}, "off_rate"},
        {{1.0, 1.0, 0.0, 1.0}, "on_for"},
        {{1.0, 1.0, 1.0, 4e15}, "off_for"},
    };
    const char *key = "";

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const fault = rp_curve_fault(&cases[i].curve, &key);
        cr_assert(fault != NULL, "case %zu", i);
        cr_expect(eq(str, (char *)fault, (char *)cases[i].fault));
        cr_expect(eq(str, (char *)key, (char *)cases[i].key));
    }
    for (size_t i = 0; i < sizeof bursts / sizeof *bursts; i++) {
        cr_expect(rp_mmpp_fault(&bursts[i].mmpp, &key) != NULL, "case %zu", i);
        cr_expect(eq(str, (char *)key, (char *)bursts[i].key));
    }
}
