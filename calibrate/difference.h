/**
 * Differences: did what two data sets have in common get slower?
 *
 * Configurations that both have are compared metric by metric. The ratio of
 * candidate to base, its interval and its p-value are those of the rank sum
 * test on logarithms (calibrate/ranksum.h). P-values are corrected for the
 * number of comparisons (calibrate/holm.h). A verdict needs both: a p-value
 * that small and a ratio that large.
 *
 * Where both were measured in the same rounds of one campaign, the machine's
 * speed in each round (speeds.h) is taken out. Elsewhere it is not: there the
 * average speeds of two campaigns are part of the difference, so their drift
 * has to count as noise.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_DIFFERENCE_H
#define RP_CALIBRATE_DIFFERENCE_H

#include "calibrate/measured.h"

/** How sure it must be: the probability of seeing a difference as large as the
 * threshold where there is one, which the number of rounds needed gives. */
#define RP_DIFFERENCE_POWER 0.8

/* Verdicts, in one list: constant, word. */
#define RP_VERDICT_LIST(X)                                                     \
    X(RP_VERDICT_SLOWER, "slower")                                             \
    X(RP_VERDICT_FASTER, "faster")                                             \
    X(RP_VERDICT_SMALL, "small") /* significant, below the threshold */        \
    X(RP_VERDICT_UNCLEAR, "~")   /* not significant */                         \
    X(RP_VERDICT_FEW, "too few") /* rounds: no values could be significant */

#define RP_VERDICT_AS_ENUM(verdict, word) verdict,
enum rp_verdict { RP_VERDICT_LIST(RP_VERDICT_AS_ENUM) RP_VERDICT_COUNT };
#undef RP_VERDICT_AS_ENUM

/** The word of a verdict; static storage. */
const char *rp_verdict_word(enum rp_verdict verdict);

struct rp_difference_options {
    double threshold; /* 0.05: a factor of 1.05 either way; > 0 */
    double alpha;     /* for all comparisons together, 0 .. 1, exclusive */
    bool metrics[RP_METRIC_COUNT]; /* which are compared */
};

/** One configuration and metric that both have; requests/s or ms. */
struct rp_difference {
    size_t base, candidate; /* configurations */
    enum rp_metric metric;
    size_t base_runs, candidate_runs;
    double base_value, candidate_value; /* medians over rounds */
    double ratio, low, high; /* candidate / base, 95 % interval; NAN: none */
    double p, corrected_p;
    double noise;  /* relative standard deviation of one run, as far as the test
                      sees it; NAN where there is no interval */
    double rounds; /* of each side to see the threshold with
                      RP_DIFFERENCE_POWER; NAN where noise is */
    enum rp_verdict verdict;
};

struct rp_differences {
    size_t count;
    struct rp_difference *rows; /* owned; by metric, then configuration */
    size_t base_only_count, candidate_only_count;
    size_t *base_only, *candidate_only; /* owned: configurations */
    bool same_rounds;                   /* speeds were taken out */
    unsigned least_rounds; /* of each side: below, nothing can be found */
    size_t verdicts[RP_VERDICT_COUNT];      /* how many rows have which */
    double geometric_mean[RP_METRIC_COUNT]; /* of the ratios; NAN: none */
    double geometric_low[RP_METRIC_COUNT];  /* its 95 % interval over rounds */
    double geometric_high[RP_METRIC_COUNT]; /* (roundmeans.h); NAN: none */
};

/**
 * Compare two of the data sets that were read.
 *
 * @param base, candidate  indexes of two data sets
 * @param differences      untouched on failure; rp_differences_free()
 * @return RP_ERR_UNUSABLE: they have no configuration in common, or no run
 *         with such a metric; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code
rp_differences_find(const struct rp_measured *measured, size_t base,
                    size_t candidate,
                    const struct rp_difference_options *options,
                    struct rp_differences *differences, struct rp_error *error);

/**
 * How many runs each side needs to see a ratio with RP_DIFFERENCE_POWER: of
 * two normal samples of logarithms, 2 ((z_a + z_b) sd / log ratio)^2, which
 * ranks need pi / 3 times (Lehmann, "Nonparametrics", 1975, section 2.4).
 *
 * @param noise  relative standard deviation of one run
 * @param ratio  > 1
 * @param alpha  two-sided, of this comparison
 */
double rp_difference_rounds(double noise, double ratio, double alpha);

/** The smallest number of runs of each side whose test can fall to `alpha`. */
unsigned rp_difference_least_rounds(double alpha);

/** Harmless on zeroed or freed ones. */
void rp_differences_free(struct rp_differences *differences);

#endif
