/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/pruning.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>

static struct rp_pruning *pruning_of(size_t best, enum rp_metric metric,
                                     bool by_approximation)
{
    struct rp_pruning *const p = calloc(1, sizeof *p);

    cr_assert(ne(ptr, p, NULL));
    p->how = (struct rp_pruning_how){best, metric, by_approximation};
    p->simulated = NAN;
    return p;
}

static struct rp_point solved(enum rp_metric metric, double value, double low,
                              double high)
{
    struct rp_point point = {0};

    point.metrics[metric] = (struct rp_point_metric){value, low, high, 0, 0};
    return point;
}

Test(pruning, more_throughput_and_less_time_are_better)
{
    cr_expect(rp_metric_is_better(RP_METRIC_RPS, 2.0, 1.0));
    cr_expect(rp_metric_is_better(RP_METRIC_P99, 1.0, 2.0));
    cr_expect(not(rp_metric_is_better(RP_METRIC_MEAN, 1.0, 1.0)));
    cr_expect(rp_metric_is_better(RP_METRIC_RPS, 0.0, NAN));
    cr_expect(not(rp_metric_is_better(RP_METRIC_RPS, NAN, 0.0)));
    cr_expect(not(rp_metric_is_better(RP_METRIC_RPS, NAN, NAN)));
}

Test(pruning, the_best_are_kept_in_order)
{
    struct rp_pruning *const p = pruning_of(3, RP_METRIC_MEAN, false);
    const double figures[] = {5, 3, NAN, 9, 1, 4, 3};

    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        rp_pruning_note(p, figures[i], i);
    cr_assert(eq(sz, p->count, 3));
    cr_expect(eq(sz, p->best[0].index, 4));
    cr_expect(eq(sz, p->best[1].index, 1));
    cr_expect(eq(sz, p->best[2].index, 6));
    free(p);
}

/* The two best, simulated: 100 +- 5 and 90 +- 5. What cannot reach 85 is out.
 */
Test(pruning, a_bound_that_is_worse_than_the_best_is_out)
{
    struct rp_pruning *const p = pruning_of(2, RP_METRIC_RPS, false);
    const struct rp_point first = solved(RP_METRIC_RPS, 100, 95, 105);
    const struct rp_point second = solved(RP_METRIC_RPS, 90, 85, 95);
    const struct rp_point below = solved(RP_METRIC_RPS, 50, 10, 84.9);
    const struct rp_point above = solved(RP_METRIC_RPS, 50, 10, 85.1);

    rp_pruning_note(p, 100, 0);
    cr_expect(eq(int, (int)rp_pruning_judge(p, &below), RP_PRUNED_NOT),
              "with one, a second is wanted");
    rp_pruning_note(p, 90, 1);
    rp_pruning_set(p, &first, true);
    rp_pruning_set(p, &second, false);
    cr_expect(eq(int, (int)rp_pruning_judge(p, &below), RP_PRUNED_BY_BOUND));
    cr_expect(eq(int, (int)rp_pruning_judge(p, &above), RP_PRUNED_NOT));
    free(p);
}

Test(pruning, a_mean_that_cannot_be_less_is_out)
{
    struct rp_pruning *const p = pruning_of(1, RP_METRIC_MEAN, false);
    const struct rp_point best = solved(RP_METRIC_MEAN, 10, 9, 11);
    const struct rp_point slow = solved(RP_METRIC_MEAN, 30, 11.1, 90);
    const struct rp_point perhaps = solved(RP_METRIC_MEAN, 30, 10.9, 90);

    rp_pruning_note(p, 10, 0);
    rp_pruning_set(p, &best, true);
    cr_expect(eq(int, (int)rp_pruning_judge(p, &slow), RP_PRUNED_BY_BOUND));
    cr_expect(eq(int, (int)rp_pruning_judge(p, &perhaps), RP_PRUNED_NOT));
    free(p);
}

/* Percentiles go by the mean: 13 is 30 % more than 10. */
Test(pruning, by_approximation_who_is_far_behind_is_out)
{
    struct rp_pruning *const p = pruning_of(1, RP_METRIC_P99, true);
    const struct rp_point near = solved(RP_METRIC_MEAN, 12.9, 0, 90);
    const struct rp_point far = solved(RP_METRIC_MEAN, 13.1, 0, 90);

    rp_pruning_note(p, 10, 0);
    cr_expect(eq(int, (int)rp_pruning_judge(p, &near), RP_PRUNED_NOT));
    cr_expect(
        eq(int, (int)rp_pruning_judge(p, &far), RP_PRUNED_BY_APPROXIMATION));
    p->how.by_approximation = false;
    cr_expect(eq(int, (int)rp_pruning_judge(p, &far), RP_PRUNED_NOT));
    free(p);
}

Test(pruning, where_one_of_the_best_is_not_known_no_bound_counts)
{
    struct rp_pruning *const p = pruning_of(2, RP_METRIC_RPS, false);
    const struct rp_point first = solved(RP_METRIC_RPS, 100, 95, 105);
    const struct rp_point none = solved(RP_METRIC_RPS, NAN, NAN, NAN);
    const struct rp_point low = solved(RP_METRIC_RPS, 1, 1, 1);

    rp_pruning_note(p, 100, 0);
    rp_pruning_note(p, 90, 1);
    rp_pruning_set(p, &none, true);
    rp_pruning_set(p, &first, false);
    cr_expect(eq(int, (int)rp_pruning_judge(p, &low), RP_PRUNED_NOT));
    free(p);
}
