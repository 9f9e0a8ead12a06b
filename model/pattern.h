/**
 * Patterns: open loads whose rate is not the same all the time.
 *
 * A Markov-modulated Poisson process (MMPP) switches between a busy and a
 * quiet phase of random lengths: bursts that come when they like. A curve is
 * a rate that depends on the clock: a day, a spike, or points that somebody
 * measured, with Poisson arrivals at every moment. Both are plain values;
 * sim/arrivals.h draws from them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_PATTERN_H
#define RP_MODEL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** On and off: Poisson arrivals at one rate or the other, for exponential
 * times. */
struct rp_mmpp {
    double on_per_s, off_per_s; /* > 0; >= 0 */
    double on_ns, off_ns;       /* mean length of a phase, >= 1 */
};

/* Curves, in one list. */
#define RP_CURVE_LIST(X)                                                       \
    X(RP_CURVE_FLAT, "flat")                                                   \
    X(RP_CURVE_DIURNAL, "diurnal")                                             \
    X(RP_CURVE_SPIKE, "spike")                                                 \
    X(RP_CURVE_POINTS, "points")

#define RP_CURVE_AS_ENUM(curve, word) curve,
enum rp_curve_kind { RP_CURVE_LIST(RP_CURVE_AS_ENUM) };
#undef RP_CURVE_AS_ENUM

/** The most points of a curve: a day in quarters of an hour and one more. */
#define RP_CURVE_POINTS_MAX 97

struct rp_curve_point {
    double at_ns, rate_per_s;
};

/** A rate that depends on the time since the run began. */
struct rp_curve {
    enum rp_curve_kind kind;
    double rate_per_s; /* diurnal: the mean; spike: outside of it; > 0 */
    double amplitude;  /* diurnal: 0 .. 1, of the rate */
    double period_ns;  /* diurnal: >= 1; spike: 0 is once; points: unused */
    double from_ns, for_ns, times; /* spike: when, how long, rate x times */
    size_t point_count;            /* points: linear between them, the last
                                      is where the first comes again */
    struct rp_curve_point points[RP_CURVE_POINTS_MAX];
};

/** The mean rate in the long run, per second. */
double rp_mmpp_rate(const struct rp_mmpp *mmpp);

/** The mean rate of a period, per second; of a single spike, the rate outside
 * of it. */
double rp_curve_mean(const struct rp_curve *curve);

/** The rate at a time, per second. */
double rp_curve_rate(const struct rp_curve *curve, uint64_t time_ns);

/** A piece of a curve from some time on. */
struct rp_curve_piece {
    uint64_t end_ns;      /* later than where it began; UINT64_MAX: never */
    double highest_per_s; /* no rate in it is higher */
};

/** The piece that begins at `time_ns`: between two corners of the curve. */
struct rp_curve_piece rp_curve_piece_at(const struct rp_curve *curve,
                                        uint64_t time_ns);

/** What is wrong, as the end of a sentence, in static storage, and the key that
 * it is wrong with, like "on_rate"; NULL: nothing. */
const char *rp_mmpp_fault(const struct rp_mmpp *mmpp, const char **key);
const char *rp_curve_fault(const struct rp_curve *curve, const char **key);

/** The word of a curve; static storage. */
const char *rp_curve_word(enum rp_curve_kind kind);

#endif
