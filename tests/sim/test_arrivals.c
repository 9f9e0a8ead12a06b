/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/arrivals.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>

static const double second = 1e9;

static struct rp_ziggurat ziggurat;

static struct rp_arrivals start(const struct rp_arrival_plan *plan,
                                unsigned replication)
{
    rp_ziggurat_make(&ziggurat);
    return rp_arrivals_start(plan, rp_stream_make(11, replication, 0, 1),
                             rp_stream_make(11, replication, 0, 2));
}

/* ---- On and off ---- */

/* Arrivals before `end_ns`. */
static double count_until(const struct rp_arrival_plan *plan,
                          unsigned replication, double end_ns)
{
    struct rp_arrivals a = start(plan, replication);
    uint64_t now = 0;
    double count = 0.0;

    while ((double)(now = rp_arrivals_next(&a, &ziggurat, now)) < end_ns)
        count++;
    return count;
}

/* Mean and index of dispersion of counts of a stationary MMPP, H. Heffes and
 * D. M. Lucantoni (1986), equations for two states: with r1, r2 the rates of
 * leaving the states and r = r1 + r2,
 *
 *     E N = t (l1 r2 + l2 r1)/r
 *     Var N / E N = 1 + 2 r1 r2 (l1 - l2)^2 / (r^2 (l1 r2 + l2 r1))
 *                       (1 - (1 - e^(-r t))/(r t))
 */
Test(arrivals, counts_of_mmpp_have_the_mean_and_dispersion_of_the_closed_form)
{
    enum { RUNS = 5000 };
    static const struct {
        struct rp_mmpp mmpp;
        double t_s;
    } cases[] = {
        {{80.0, 5.0, 1e9, 3e9}, 0.2},  {{80.0, 5.0, 1e9, 3e9}, 2.0},
        {{80.0, 5.0, 1e9, 3e9}, 10.0}, {{200.0, 0.0, 0.1e9, 1.9e9}, 4.0},
        {{20.0, 20.0, 1e9, 3e9}, 3.0}, /* Poisson after all */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_mmpp *const m = &cases[i].mmpp;
        const struct rp_arrival_plan plan = {.spacing = RP_SPACING_MMPP,
                                             .mmpp = *m};
        const double t = cases[i].t_s;
        const double r1 = second / m->on_ns, r2 = second / m->off_ns;
        const double r = r1 + r2;
        const double flow = m->on_per_s * r2 + m->off_per_s * r1;
        const double apart = m->on_per_s - m->off_per_s;
        const double mean = t * flow / r;
        const double dispersion =
            1.0 + 2.0 * r1 * r2 * apart * apart / (r * r * flow) *
                      (1.0 - (1.0 - exp(-r * t)) / (r * t));
        double sum = 0.0, square = 0.0, fourth = 0.0, variance;

        for (unsigned k = 0; k < RUNS; k++) {
            const double n = count_until(&plan, k, t * second) - mean;
            sum += n;
            square += n * n;
            fourth += n * n * n * n;
        }
        variance = square / RUNS;
        cr_expect(epsilon_eq(dbl, rp_mmpp_rate(m), mean / t, 1e-9));
        cr_expect(
            le(dbl, fabs(sum / RUNS), 4.5 * sqrt(mean * dispersion / RUNS)),
            "case %zu: mean off by %g", i, sum / RUNS);
        cr_expect(
            le(dbl, fabs(variance / mean - dispersion),
               4.5 * sqrt((fourth / RUNS - variance * variance) / RUNS) / mean),
            "case %zu: %g for %g", i, variance / mean, dispersion);
    }
}

/* ---- Curves ---- */

/* Requests that a curve brings from `a` to `b`, by Simpson's rule. */
static double integral(const struct rp_curve *curve, double a_ns, double b_ns)
{
    enum { STEPS = 2000 };
    const double h = (b_ns - a_ns) / STEPS;
    double sum = 0.0;

    for (unsigned i = 0; i <= STEPS; i++) {
        const double weight = i == 0 || i == STEPS ? 1.0 : i % 2 ? 4.0 : 2.0;
        sum += weight * rp_curve_rate(curve, (uint64_t)(a_ns + h * i));
    }
    return sum * h / 3.0 / second;
}

static const struct rp_curve curves[] = {
    {.kind = RP_CURVE_DIURNAL,
     .rate_per_s = 400.0,
     .amplitude = 0.9,
     .period_ns = 50e9},
    {.kind = RP_CURVE_SPIKE,
     .rate_per_s = 50.0,
     .from_ns = 20e9,
     .for_ns = 10e9,
     .times = 20.0},
    {.kind = RP_CURVE_SPIKE,
     .rate_per_s = 300.0,
     .from_ns = 10e9,
     .for_ns = 20e9,
     .times = 0.0,
     .period_ns = 50e9},
    {.kind = RP_CURVE_POINTS,
     .point_count = 5,
     .points =
         {{0.0, 0.0}, {10e9, 500.0}, {20e9, 0.0}, {30e9, 0.0}, {40e9, 1000.0}}},
    {.kind = RP_CURVE_FLAT, .rate_per_s = 100.0},
};

enum { WINDOWS = 20, ROUNDS = 40 };

/* Windows of 5 s over two periods: corners of the curves lie between them. In
 * each the count is Poisson with the integral as its mean. */
Test(arrivals, every_window_of_a_curve_has_the_integral_of_its_rate)
{
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        const struct rp_arrival_plan plan = {.spacing = RP_SPACING_CURVE,
                                             .curve = curves[i]};
        double counts[WINDOWS] = {0.0};

        for (unsigned k = 0; k < ROUNDS; k++) {
            struct rp_arrivals a = start(&plan, k);
            uint64_t now = 0;

            while ((now = rp_arrivals_next(&a, &ziggurat, now)) < 100000000000)
                counts[now / 5000000000]++;
        }
        for (unsigned w = 0; w < WINDOWS; w++) {
            /* a hair inside, so that no corner counts for both sides */
            const double expected = ROUNDS * integral(&curves[i], 5e9 * w + 1.0,
                                                      5e9 * w + 5e9 - 2.0);

            cr_expect(le(dbl, fabs(counts[w] - expected),
                         4.5 * sqrt(expected) + 1e-3 * expected + 1e-6),
                      "curve %zu, window %u: %g for %g", i, w, counts[w],
                      expected);
        }
    }
}

Test(arrivals, the_mean_of_a_curve_is_that_of_a_period)
{
    static const double period_ns[] = {50e9, 0.0, 50e9, 40e9};

    for (size_t i = 0; i < 4; i++)
        if (period_ns[i] > 0.0)
            cr_expect(epsilon_eq(dbl,
                                 integral(&curves[i], 0.0, period_ns[i] - 1.0) /
                                     period_ns[i] * second,
                                 rp_curve_mean(&curves[i]),
                                 2e-3 * rp_curve_mean(&curves[i])),
                      "curve %zu", i);
    cr_expect(eq(dbl, rp_curve_mean(&curves[1]), 50.0), "outside of a spike");
}

/* A piece ends later than it begins, no rate in it is above the highest. */
Test(arrivals, no_rate_of_a_piece_is_above_its_highest)
{
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        for (uint64_t t = 0; t < 120000000000;) {
            const struct rp_curve_piece s = rp_curve_piece_at(&curves[i], t);
            const uint64_t end =
                s.end_ns < 130000000000 ? s.end_ns : 130000000000;

            cr_assert(gt(u64, s.end_ns, t));
            for (unsigned k = 0; k < 100; k++)
                cr_assert(le(dbl,
                             rp_curve_rate(&curves[i], t + (end - t) / 100 * k),
                             s.highest_per_s * (1.0 + 1e-12)),
                          "curve %zu", i);
            t = end;
        }
}

/* A spike of no requests, once, at a rate of one a second: it goes on after. */
Test(arrivals, nothing_comes_where_the_rate_is_nothing)
{
    const struct rp_arrival_plan plan = {.spacing = RP_SPACING_CURVE,
                                         .curve = {.kind = RP_CURVE_SPIKE,
                                                   .rate_per_s = 1.0,
                                                   .from_ns = 0.0,
                                                   .for_ns = 1e12}};
    struct rp_arrivals a = start(&plan, 0);
    const uint64_t first = rp_arrivals_next(&a, &ziggurat, 0);

    cr_expect(ge(u64, first, 1000000000000));
    cr_expect(lt(u64, first, 1100000000000));
}

/* ---- Traces ---- */

Test(arrivals, a_trace_comes_at_its_times_and_then_nothing)
{
    uint64_t times[] = {0, 500, 500, 1250000001};
    const struct rp_timestamps trace = {4, times};
    const struct rp_arrival_plan plan = {
        .spacing = RP_SPACING_TRACE, .trace = &trace, .trace_speed = 1.0};
    struct rp_arrival_plan faster = plan;
    struct rp_arrivals a = start(&plan, 0), b;

    faster.trace_speed = 2.5;
    b = start(&faster, 0);
    for (size_t i = 0; i < 4; i++) {
        cr_expect(eq(u64, rp_arrivals_next(&a, &ziggurat, 7), times[i]));
        cr_expect(eq(u64, rp_arrivals_next(&b, &ziggurat, 7),
                     (times[i] * 2 + 2) / 5));
    }
    cr_expect(eq(u64, rp_arrivals_next(&a, &ziggurat, 7), RP_NEVER));
    cr_expect(eq(u64, rp_arrivals_next(&a, &ziggurat, 7), RP_NEVER));
}

/* ---- Luck ---- */

/* The same number meets the same luck: independent gaps are what the stream
 * says, whoever asks. */
Test(arrivals, gaps_are_addressed_by_the_number_of_the_arrival)
{
    const struct rp_duration gap = {RP_SHAPE_GAMMA, 1e6, 2.0};
    const struct rp_arrival_plan plan = {.gap = rp_sampler_make(&gap)};
    struct rp_arrivals a = start(&plan, 3);
    uint64_t now = 0;

    for (uint64_t i = 0; i < 100; i++) {
        struct rp_cursor cursor = {.stream = rp_stream_make(11, 3, 0, 1),
                                   .number = i};
        const uint64_t next = rp_arrivals_next(&a, &ziggurat, now);

        cr_expect(eq(u64, next - now,
                     rp_to_ns(rp_sample_ns(&plan.gap, &ziggurat, &cursor))));
        now = next;
    }
}
