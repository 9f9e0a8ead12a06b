/**
 * Variates: random durations of every shape that a scenario can ask for.
 *
 * A sampler is a duration prepared for drawing. Exponentials, which a queueing
 * model draws most, come from a ziggurat; the rarer shapes from GSL, which is
 * handed the same stream through its own generator interface.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_VARIATE_H
#define RP_SIM_VARIATE_H

#include "model/scenario.h"
#include "sim/stream.h"

/** Layers of the ziggurat. */
#define RP_ZIGGURAT_LAYERS 256

/**
 * The tables of the exponential ziggurat: G. Marsaglia and W. W. Tsang, "The
 * ziggurat method for generating random variables", Journal of Statistical
 * Software 5(8), 2000. Read-only once made; share it between threads.
 */
struct rp_ziggurat {
    uint64_t edge[RP_ZIGGURAT_LAYERS]; /* below it a place is accepted */
    double width[RP_ZIGGURAT_LAYERS];  /* of a layer, per unit of the word */
    double height[RP_ZIGGURAT_LAYERS]; /* of the density at its right end */
};

void rp_ziggurat_make(struct rp_ziggurat *ziggurat);

/** The 1 % of draws that the ziggurat's rectangles do not settle: `word` was
 * the first of request `number`, the next come from the stream. */
double rp_exponential_outside(const struct rp_ziggurat *ziggurat, uint64_t word,
                              struct rp_stream stream, uint64_t number);

/** An exponential variate with mean 1 for request `number`, whose first word is
 * `word`. */
static inline double rp_exponential_of(const struct rp_ziggurat *ziggurat,
                                       uint64_t word, struct rp_stream stream,
                                       uint64_t number)
{
    const uint64_t layer = word & 255u, place = word >> 8;

    if (place < ziggurat->edge[layer])
        return (double)(int64_t)place * ziggurat->width[layer];
    return rp_exponential_outside(ziggurat, word, stream, number);
}

/** The same from a cursor. */
double rp_exponential(const struct rp_ziggurat *ziggurat,
                      struct rp_cursor *cursor);

/* Spans of a run are below 2^63 ns, which is 292 years: signed conversions are
 * one instruction each way, unsigned ones several and a branch. */
static inline double rp_to_double(uint64_t ns)
{
    return (double)(int64_t)ns;
}

static inline uint64_t rp_to_ns(double ns)
{
    return (uint64_t)(int64_t)(ns + 0.5);
}

/** A duration, prepared. */
struct rp_sampler {
    enum rp_shape shape;
    double mean_ns;
    double a, b; /* what the shape needs: gamma's and Erlang's shape and scale,
                    lognormal's zeta and sigma, the hyperexponential's branch
                    and ratio, Weibull's scale and 1/shape, Pareto's low end
                    and -1/alpha */
    double c;    /* Pareto's share of an endless one: 1 - (low/high)^alpha */
    size_t quantile_count;
    struct rp_quantile quantiles[RP_QUANTILES_MAX];
};

/**
 * Prepare a duration for drawing.
 *
 * Lognormal, gamma and Weibull are fixed by mean and cv. The hyperexponential
 * has two branches with balanced means (p1 m1 = p2 m2; W. Whitt, "Approximating
 * a point process by a renewal process, I", Operations Research 30, 1982).
 *
 * @param duration  valid as rp_scenario_check() says
 */
struct rp_sampler rp_sampler_make(const struct rp_duration *duration);

/** Draw, in nanoseconds, >= 0. */
double rp_sample_ns(const struct rp_sampler *sampler,
                    const struct rp_ziggurat *ziggurat,
                    struct rp_cursor *cursor);

#endif
