/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/runtime.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static const double exact = 1e-6; /* ns */

/* Milliseconds as ns, so that cases can be read. */
static uint64_t ms(double value)
{
    return (uint64_t)(value * 1e6);
}

Test(runtime, nothing_is_added_where_nothing_is_known)
{
    const struct rp_runtime none = {0};
    struct rp_runtime_state state = {0};

    cr_expect(eq(dbl, rp_runtime_stretch(&none, &state, ms(7), 2e6, 3e6), 5e6));
    rp_runtime_allocate(&none, &state, 9.0);
    cr_expect(
        eq(dbl, rp_runtime_stretch(&none, &state, ms(99), 2e6, 3e6), 5e6));
    for (unsigned i = 0; i < RP_ADDED_KINDS; i++)
        cr_expect(eq(dbl, state.added_ns[i], 0.0));
    cr_expect(eq(u64, state.busy_until_ns, ms(104)));
}

Test(runtime, who_was_idle_is_woken_and_who_was_busy_is_not)
{
    const struct rp_runtime runtime = {.wakeup_ns = 50e3};
    struct rp_runtime_state state = {0};

    cr_expect(
        eq(dbl, rp_runtime_stretch(&runtime, &state, ms(1), 1e6, 0.0), 1.05e6));
    cr_expect(eq(u64, state.busy_until_ns, 2050000));
    cr_expect(
        eq(dbl, rp_runtime_stretch(&runtime, &state, 2050000, 1e6, 0.0), 1e6),
        "code follows code");
    cr_expect(eq(dbl, rp_runtime_stretch(&runtime, &state, 3050001, 1e6, 0.0),
                 1.05e6),
              "idle for one nanosecond");
    cr_expect(
        eq(dbl, rp_runtime_stretch(&runtime, &state, ms(3.5), 1e6, 0.0), 1e6),
        "on another core, before the process is idle again");
    cr_expect(eq(dbl, state.added_ns[RP_ADDED_WAKEUP], 100e3));
}

/* Idle from 0 to 3 ms, one and a half of the time constant. Own code of 7 ms
 * cools as long a pause would. */
Test(runtime, code_that_got_cold_takes_what_the_formula_says)
{
    const struct rp_runtime runtime = {
        .slowness = 4.0, .fade_ns = 0.5e6, .pause_ns = 2e6};
    const double coldness = 1.0 - exp(-1.5 * 1.5);
    struct rp_runtime_state state = {0};
    const double span_ns =
        rp_runtime_stretch(&runtime, &state, ms(3), 1e6, 7e6);

    cr_expect(epsilon_eq(dbl, span_ns,
                         8e6 + 4.0 * 0.5e6 * coldness * (1.0 - exp(-2.0)),
                         exact),
              "own code is not slower");
    cr_expect(epsilon_eq(dbl, state.coldness,
                         1.0 - (1.0 - coldness * exp(-2.0)) * exp(-3.5 * 3.5),
                         1e-12));
    cr_expect(
        epsilon_eq(dbl, state.added_ns[RP_ADDED_COLD], span_ns - 8e6, exact));
    cr_expect(eq(dbl, state.added_ns[RP_ADDED_WAKEUP], 0.0));
}

/* A twentieth of the time constant cools by its square. */
Test(runtime, a_short_pause_cools_next_to_nothing)
{
    const struct rp_runtime runtime = {
        .slowness = 4.0, .fade_ns = 0.5e6, .pause_ns = 2e6};
    struct rp_runtime_state state = {0};

    cr_expect(lt(dbl, rp_runtime_stretch(&runtime, &state, ms(0.1), 1e6, 0.0),
                 1e6 + 4.0 * 0.5e6 * 0.0025));
    cr_expect(gt(dbl, state.added_ns[RP_ADDED_COLD], 0.0));
}

/* In the limit of much work all that cold code can cost is slowness x fade. */
Test(runtime, work_in_two_pieces_takes_as_long_as_in_one)
{
    const struct rp_runtime runtime = {
        .slowness = 5.0, .fade_ns = 0.3e6, .pause_ns = 1e3};
    struct rp_runtime_state one = {0}, two = {0};
    const double whole = rp_runtime_stretch(&runtime, &one, ms(50), 9e6, 0.0);
    double pieces = rp_runtime_stretch(&runtime, &two, ms(50), 0.1e6, 0.0);

    cr_expect(epsilon_eq(dbl, pieces, 0.1e6 + 1.5e6 * (1.0 - exp(-1.0 / 3.0)),
                         exact));
    pieces += rp_runtime_stretch(&runtime, &two, two.busy_until_ns, 8.9e6, 0.0);
    cr_expect(epsilon_eq(dbl, whole, pieces, 1.0));
    cr_expect(epsilon_eq(dbl, whole, 9e6 + 5.0 * 0.3e6, 1.0));
}

Test(runtime, own_code_cools_what_comes_after_it_and_not_what_came_before)
{
    const struct rp_runtime runtime = {
        .slowness = 2.0, .fade_ns = 1e6, .pause_ns = 10e6};
    struct rp_runtime_state state = {0};

    cr_expect(eq(dbl, rp_runtime_stretch(&runtime, &state, 0, 1e6, 5e6), 6e6));
    cr_expect(epsilon_eq(dbl, state.coldness, 1.0 - exp(-0.25), 1e-12));
    cr_expect(
        epsilon_eq(dbl, rp_runtime_stretch(&runtime, &state, ms(6), 1e6, 0.0),
                   1e6 + 2e6 * (1.0 - exp(-0.25)) * (1.0 - exp(-1.0)), exact));
}

Test(runtime, own_code_and_idle_time_without_a_constant_do_not_cool)
{
    const struct rp_runtime runtime = {.slowness = 2.0, .fade_ns = 1e6};
    struct rp_runtime_state state = {0};

    (void)rp_runtime_stretch(&runtime, &state, ms(500), 1e6, 5e6);
    cr_expect(eq(dbl, state.coldness, 0.0));
    cr_expect(
        eq(dbl, rp_runtime_stretch(&runtime, &state, ms(900), 1e6, 0.0), 1e6));
}

/* How many of `requests` find a collection before them. */
static unsigned collections(const struct rp_runtime *runtime, double in_flight,
                            unsigned requests)
{
    struct rp_runtime_state state = {0};
    unsigned found = 0;

    for (unsigned i = 0; i < requests; i++) {
        rp_runtime_allocate(runtime, &state, in_flight);
        found += rp_runtime_stretch(runtime, &state, 0, 1e6, 0.0) > 1e6;
    }
    cr_expect(epsilon_eq(dbl, state.added_ns[RP_ADDED_PAUSE],
                         found * runtime->full.length_ns, exact));
    return found;
}

/* Alone every 8th, very many together every 2nd; with two in flight halfway
 * between the frequencies: 1/8 + (1/2 - 1/8) / 2 = 5/16. All are exact in
 * binary. */
Test(runtime, collections_come_sooner_where_more_are_in_flight)
{
    const struct rp_runtime runtime = {.full = {8.0, 2.0, 40e6}};

    cr_expect(eq(uint, collections(&runtime, 1.0, 800), 100));
    cr_expect(eq(uint, collections(&runtime, 2.0, 800), 250));
    cr_expect(eq(uint, collections(&runtime, 1e12, 801), 400));
}

Test(runtime, collections_that_never_come_alone_may_come_in_a_crowd)
{
    const struct rp_runtime runtime = {.full = {0.0, 2.0, 40e6}};

    cr_expect(eq(uint, collections(&runtime, 1.0, 800), 0));
    cr_expect(eq(uint, collections(&runtime, 2.0, 800), 200));
}

Test(runtime, collections_that_are_due_together_add_up)
{
    const struct rp_runtime runtime = {.full = {4.0, 4.0, 40e6}};
    struct rp_runtime_state state = {0};

    for (unsigned i = 0; i < 8; i++)
        rp_runtime_allocate(&runtime, &state, 1.0);
    cr_expect(eq(dbl, rp_runtime_stretch(&runtime, &state, 0, 1e6, 2e6), 83e6),
              "two collections, 3 ms of code");
    cr_expect(eq(dbl, rp_runtime_stretch(&runtime, &state, 0, 1e6, 2e6), 3e6));
    cr_expect(eq(dbl, state.added_ns[RP_ADDED_PAUSE], 80e6));
}

Test(runtime, a_process_that_waits_for_a_core_is_not_idle)
{
    const struct rp_runtime runtime = {
        .wakeup_ns = 50e3, .slowness = 1.0, .fade_ns = 1e6, .pause_ns = 1e6};
    struct rp_runtime_state state = {.busy_until_ns = 1000};

    state.wanted_ns = 1000; /* at once, and then it waited for 5 ms */
    cr_expect(
        eq(dbl, rp_runtime_stretch(&runtime, &state, 5001000, 1e6, 0.0), 1e6));
    cr_expect(eq(ulong, state.wanted_ns, 0));
    cr_expect(rp_runtime_stretch(&runtime, &state, 9001000, 1e6, 0.0) > 1.05e6,
              "3 ms in which nobody asked");
}

/* The data are lost by a square law and come back by work: after the time that
 * brings back two thirds, a third of what was gone still is. */
Test(runtime, what_others_displaced_comes_back_by_work)
{
    const struct rp_runtime runtime = {
        .displaced = 0.5, .fade_ns = 1e6, .others_ns = 2e6};
    struct rp_runtime_state state = {0};
    struct rp_footprint first = {0}, second = {0};
    const double gone = 1.0 - exp(-4.0);
    double longer_ns;

    cr_expect(zero(dbl, rp_runtime_displace(&runtime, &state, &first, 1e6)));
    cr_expect(zero(dbl, rp_runtime_displace(&runtime, &state, &second, 4e6)));
    longer_ns = rp_runtime_displace(&runtime, &state, &first, 1e6);
    cr_expect(
        epsilon_eq(dbl, longer_ns, 0.5e6 * gone * (1.0 - exp(-1.0)), 1e-6));
    cr_expect(epsilon_eq(dbl, first.displaced, gone * exp(-1.0), 1e-12));
    cr_expect(epsilon_eq(dbl, state.worked_ns, 6e6 + longer_ns, 1e-6));
    cr_expect(epsilon_eq(dbl, state.added_ns[RP_ADDED_COLD], longer_ns, 1e-6));
    cr_expect(epsilon_eq(dbl,
                         rp_runtime_displace(&runtime, &state, &first, 1e6),
                         0.5e6 * gone * exp(-1.0) * (1.0 - exp(-1.0)), 1e-6),
              "nobody came between");
}

Test(runtime, what_is_added_has_a_name)
{
    cr_expect(
        eq(str, (char *)rp_added_name(RP_ADDED_ITERATION), "loop iterations"));
    cr_expect(
        eq(str, (char *)rp_added_name(RP_ADDED_PAUSE), "garbage collection"));
    cr_expect(eq(str, (char *)rp_added_name(RP_ADDED_KINDS), "nothing"));
}
