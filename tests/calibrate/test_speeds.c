/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/speeds.h"
#include "tests/calibrate/synthetic.h"

#include <criterion/new/assert.h>

/* Their product is 1. */
static const double speeds[] = {1.25, 0.8, 1.0, 2.0, 0.5, 1.0};

static void expect_speeds(struct rp_measured *m, double near, const char *what)
{
    struct rp_error error = {0};

    cr_assert(eq(int, rp_speeds_find(m, &error), RP_OK), "%s", error.text);
    for (size_t b = 0; b < m->block_count; b++)
        cr_expect(
            epsilon_eq(dbl, m->blocks[b].speed, speeds[b], near * speeds[b]),
            "%s, round %zu", what, b + 1);
}

Test(speeds, every_round_gets_its_factor)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;

    s.gap_ns = 0.0;
    s.speed = speeds;
    m = synthetic_measure(&s);
    expect_speeds(&m, 1e-9, "exact runs");
    rp_measured_free(&m);
}

Test(speeds, outlying_runs_do_not_move_them)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;

    s.gap_ns = 0.0;
    s.speed = speeds;
    m = synthetic_measure(&s);
    for (size_t run = 0; run < m.run_count; run += 7)
        m.runs[run].mean_ns *= 10.0;
    expect_speeds(&m, 1e-4, "every seventh run is off by ten");
    rp_measured_free(&m);
}

Test(speeds, the_median_latency_tells_them_where_there_is_one)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;

    s.gap_ns = 0.0;
    s.speed = speeds;
    m = synthetic_measure(&s);
    for (size_t run = 0; run < m.run_count; run++) {
        m.runs[run].value[RP_METRIC_P50] = m.runs[run].mean_ns / 1e6;
        m.runs[run].mean_ns = 1e6; /* says nothing */
    }
    expect_speeds(&m, 1e-9, "p50");
    rp_measured_free(&m);
}

Test(speeds, configurations_that_wait_count_only_where_there_are_no_others)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;

    s.gap_ns = 0.0;
    s.speed = speeds;
    m = synthetic_measure(&s);
    for (size_t run = 0; run < m.run_count; run++)
        if (m.runs[run].config % 3 != 0) {
            m.configs[m.runs[run].config].io_ns = 1e6;
            m.runs[run].mean_ns = 2e6;
        }
    expect_speeds(&m, 1e-9, "two of three wait");
    for (size_t i = 0; i < m.config_count; i++)
        m.configs[i].io_ns = 1e6;
    cr_assert(eq(int, rp_speeds_find(&m, NULL), RP_OK));
    cr_expect(epsilon_eq(dbl, m.blocks[3].speed, 1.0, 1e-9),
              "all wait: most show no drift");
    rp_measured_free(&m);
}

Test(speeds, campaigns_are_apart)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m, other;

    s.gap_ns = 0.0;
    s.speed = speeds;
    m = synthetic_measure(&s);
    s.speed = NULL;
    other = synthetic_measure(&s);
    free(other.campaigns[0]);
    other.campaigns[0] = strdup("synthetic-2");
    cr_assert(eq(int, rp_measured_append(&m, &other, NULL), RP_OK));
    cr_assert(eq(sz, m.block_count, 12));
    cr_assert(eq(int, rp_speeds_find(&m, NULL), RP_OK));
    for (size_t b = 0; b < 12; b++)
        cr_expect(
            epsilon_eq(dbl, m.blocks[b].speed, b < 6 ? speeds[b] : 1.0, 1e-9),
            "block %zu", b);
    rp_measured_free(&m);
}
