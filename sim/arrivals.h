/**
 * Arrivals: when the next request of an open class comes.
 *
 * Gaps are independent (Poisson, deterministic, gamma, hyperexponential), or
 * come from an on-off process, from a rate that follows a curve, or from a
 * trace. Random numbers are addressed by the number of the arrival, so it
 * comes at the same time whatever happens to the requests before it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_ARRIVALS_H
#define RP_SIM_ARRIVALS_H

#include "model/pattern.h"
#include "model/timestamps.h"
#include "sim/calendar.h"
#include "sim/lookahead.h"

#include <stdbool.h>

/* How arrivals are spaced, in one list. */
#define RP_SPACING_LIST(X)                                                     \
    X(RP_SPACING_GAPS, "independent gaps")                                     \
    X(RP_SPACING_MMPP, "Poisson at one of two rates, on and off")              \
    X(RP_SPACING_CURVE, "Poisson at a rate that follows a curve")              \
    X(RP_SPACING_TRACE, "at the times of a trace, then none")

#define RP_SPACING_AS_ENUM(spacing, meaning) spacing,
enum rp_spacing { RP_SPACING_LIST(RP_SPACING_AS_ENUM) };
#undef RP_SPACING_AS_ENUM

/** What a class says about its arrivals. */
struct rp_arrival_plan {
    enum rp_spacing spacing;
    struct rp_sampler gap;
    struct rp_mmpp mmpp;
    struct rp_curve curve;
    const struct rp_timestamps *trace; /* borrowed */
    double trace_speed;                /* > 0; 2: in half the time */
};

/** What becomes of it in a run; what an arrival touches comes first. */
struct rp_arrivals {
    enum rp_spacing spacing;
    bool on;        /* mmpp: its phase */
    uint64_t count; /* of arrivals so far */
    struct rp_lookahead gaps;
    struct rp_sampler gap;
    const struct rp_arrival_plan *plan; /* borrowed */
};

/**
 * Arrivals of a class, from time 0. An on-off process is in either phase with
 * the probability that it has in the long run.
 *
 * @param gaps    the stream of the gaps
 * @param phases  the stream that says in which phase it begins
 */
struct rp_arrivals rp_arrivals_start(const struct rp_arrival_plan *plan,
                                     struct rp_stream gaps,
                                     struct rp_stream phases);

/** Independent gaps: the time to the next arrival. */
static inline uint64_t rp_arrivals_gap(struct rp_arrivals *a,
                                       const struct rp_ziggurat *ziggurat)
{
    return rp_to_ns(
        rp_lookahead_sample(&a->gaps, &a->gap, ziggurat, a->count++));
}

/** Any spacing: the time of the next arrival after one at `now_ns` (or the
 * beginning, 0), or RP_NEVER. */
uint64_t rp_arrivals_next(struct rp_arrivals *arrivals,
                          const struct rp_ziggurat *ziggurat, uint64_t now_ns);

#endif
