/**
 * Pruning: which variants need not be simulated to find the best ones.
 *
 * The solver looks at all of them first, which takes it little. The best few by
 * it are simulated. A variant whose bound is worse than all of those cannot be
 * among the best, for no queue can leave a bound (solve/bounds.h): an upper one
 * of throughput, a lower one of the mean response. Percentiles have no bound.
 *
 * Bounds leave much open. By approximation a variant is left out, too, where
 * its solved figure (for percentiles the mean) is worse than that of the last
 * of the best by more than RP_PRUNING_MARGIN: nine of ten scenarios were solved
 * within 11 % (closed) and 17 % (open) of the simulated figure (solve/trust.h),
 * so that two of them are seldom in the wrong order by more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_PRUNING_H
#define RP_PLAN_PRUNING_H

#include "model/metric.h"
#include "plan/point.h"

#include <stdbool.h>
#include <stddef.h>

/** The share of a solved figure that is given away. */
#define RP_PRUNING_MARGIN 0.3

/** The most that are looked for. */
#define RP_PRUNING_BEST_MAX 1000

struct rp_pruning_how {
    size_t best; /* how many of the best are wanted, to RP_PRUNING_BEST_MAX; 0:
                    nothing is left out */
    enum rp_metric metric; /* by which they are */
    bool by_approximation; /* else by bounds alone */
};

/** True where more of it is better. */
bool rp_metric_is_gain(enum rp_metric metric);

/** True where a is better than b by the metric; what is not known is worse than
 * all else. */
bool rp_metric_is_better(enum rp_metric metric, double a, double b);

/** The best few so far, in a list that is sorted from the best on. */
struct rp_pruning {
    struct rp_pruning_how how;
    size_t count;
    struct {
        double figure; /* solved */
        size_t index;  /* of the point */
    } best[RP_PRUNING_BEST_MAX];
    double simulated; /* the worst that one of the best may be, by its
                         interval; NAN: not known */
};

/** The solved figure that points are ordered by. */
double rp_pruning_figure(const struct rp_pruning_how *how,
                         const struct rp_point *solved);

/** Note a solved point. */
void rp_pruning_note(struct rp_pruning *pruning, double figure, size_t index);

/** Note one of the best, simulated: `simulated` begins as the first. */
void rp_pruning_set(struct rp_pruning *pruning, const struct rp_point *point,
                    bool is_first);

enum rp_pruned {
    RP_PRUNED_NOT,
    RP_PRUNED_BY_BOUND,
    RP_PRUNED_BY_APPROXIMATION
};

/** Whether a point can be left out, by its solution. Only reads. */
enum rp_pruned rp_pruning_judge(const struct rp_pruning *pruning,
                                const struct rp_point *solved);

#endif
