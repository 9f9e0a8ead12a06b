/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/filter.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static bool passes(const char *text)
{
    struct rp_point point = {.in_flight = 3.0,
                             .utilisation = 0.8,
                             .capacity_per_s = 100.0,
                             .turned_away = 0.25,
                             .late = NAN};
    struct rp_point baseline = {0};
    struct rp_filter filter;
    struct rp_error error = {0};

    point.metrics[RP_METRIC_P99].value = 50.0;
    baseline.metrics[RP_METRIC_P99].value = 40.0;
    point.metrics[RP_METRIC_MEAN].value = NAN;
    cr_assert(eq(int, rp_filter_parse(text, &filter, &error), RP_OK), "%s",
              error.text);
    return rp_filter_passes(&filter, &point, &baseline);
}

Test(filter, numbers_are_compared)
{
    cr_expect(passes("p99_ms<51"));
    cr_expect(not(passes("p99_ms<50")));
    cr_expect(passes("p99_ms<=50"));
    cr_expect(passes("p99_ms >= 50"));
    cr_expect(not(passes("p99_ms>50")));
    cr_expect(passes("in_flight>2"));
    cr_expect(passes("utilisation<0.9"));
    cr_expect(passes("capacity_per_s>=1e2"));
    cr_expect(passes("turned_away<=0.25"));
}

Test(filter, differences_and_ratios_are_against_the_baseline)
{
    cr_expect(passes("p99_difference_ms<=10"));
    cr_expect(not(passes("p99_difference_ms<10")));
    cr_expect(passes("p99_ratio>1.2"));
    cr_expect(not(passes("p99_ratio>1.25")));
}

Test(filter, what_is_not_known_passes_nothing)
{
    cr_expect(not(passes("mean_ms<1e9")));
    cr_expect(not(passes("mean_ms>=0")));
    cr_expect(not(passes("late<=1")));
}

static void expect_mistake(const char *text, const char *sentence)
{
    struct rp_filter filter = {.limit = 77.0};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_filter_parse(text, &filter, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text, (char *)sentence));
    cr_expect(eq(dbl, filter.limit, 77.0), "untouched on failure");
}

Test(filter, what_is_none_is_refused)
{
    expect_mistake("p99_ms=50",
                   "--where: found \"p99_ms=50\", expected a name, <, <=, > or "
                   ">=, and a number in the unit of the name, like p99_ms<50");
    expect_mistake("p99_ms<50ms",
                   "--where: found \"p99_ms<50ms\", expected a name, <, <=, > "
                   "or >=, and a number in the unit of the name, like "
                   "p99_ms<50");
    expect_mistake(
        "p99ms<50",
        "--where: found \"p99ms\", expected rps, mean_ms, p50_ms, "
        "p90_ms, p95_ms, p99_ms, in_flight, utilisation, "
        "capacity_per_s, turned_away or late; did you mean "
        "\"p99_ms\"? (metrics also as p99_difference_ms or p99_ratio)");
    expect_mistake("late_ratio<1",
                   "--where: found \"late_ratio\", expected rps, mean_ms, "
                   "p50_ms, p90_ms, p95_ms, p99_ms, in_flight, utilisation, "
                   "capacity_per_s, turned_away or late (metrics also as "
                   "p99_difference_ms or p99_ratio)");
}
