/**
 * Durations: random times that are given by something else than mean and cv.
 *
 * Most shapes are fixed by a mean and a cv. An Erlang has a number of stages,
 * a bounded Pareto a tail and two ends, an empirical distribution the quantiles
 * that somebody measured. Here their means and cvs are worked out, so that a
 * duration says them whatever its shape, and what contradicts itself is found.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_DURATION_H
#define RP_MODEL_DURATION_H

#include "model/node.h"
#include "model/scenario.h"

/** The steepest tail of a Pareto, and the most stages of an Erlang. */
#define RP_ALPHA_MAX  20.0
#define RP_STAGES_MAX 1000

/** The sum of `stages` (>= 1) exponential times: its cv is 1/sqrt(stages). */
struct rp_duration rp_duration_erlang(double mean_ns, unsigned stages);

/**
 * A Pareto cut at both ends: P(X > x) falls as x^-alpha from low to high.
 *
 * @param alpha    > 0; the smaller, the heavier the tail
 * @param low_ns   > 0, < high_ns
 */
struct rp_duration rp_duration_pareto(double alpha, double low_ns,
                                      double high_ns);

/**
 * What was measured: between two quantiles times are spread evenly.
 *
 * @param quantiles  `count` of them, 2 .. RP_QUANTILES_MAX, the first at 0 and
 *                   the last at 1, rising; copied
 */
struct rp_duration rp_duration_empirical(const struct rp_quantile *quantiles,
                                         size_t count);

/**
 * What is wrong with a duration, as the end of a sentence: "the mean must be
 * 0ms .. 1000h".
 *
 * @param sentence  RP_ERROR_TEXT_SIZE bytes
 * @return true where something is wrong, and `sentence` is written
 */
bool rp_duration_fault(const struct rp_duration *duration, char *sentence);

/**
 * Read a duration that is written as a mapping: {mean: 5ms, cv: 1.5}. Keys that
 * its shape needs must be there, and those of other shapes must not.
 *
 * @param duration  written on success
 * @return RP_ERR_VALUE
 */
RP_CHECKED enum rp_code rp_duration_read(const struct rp_node *map,
                                         struct rp_duration *duration,
                                         struct rp_error *error);

#endif
