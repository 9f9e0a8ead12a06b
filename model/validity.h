/**
 * Validity: how far a prediction is from anything that was measured.
 *
 * A forecast for a configuration like those of the calibration deserves another
 * trust than one for ten times as many crossings, or for a load that cannot be
 * served. So each gets a tier, the axes along which it leaves what was measured
 * (model/extent.h), and a sentence for each of them. A profile of other
 * versions, or of another CPU, is stale: that is an axis too.
 *
 *     struct rp_validity validity;
 *
 *     rp_validity_judge(&scenario, &routes, &profile, NULL, &validity);
 *     puts(rp_tier_word(validity.tier));
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_VALIDITY_H
#define RP_MODEL_VALIDITY_H

#include "model/profile.h"
#include "model/route.h"

#include <stdbool.h>
#include <stddef.h>

/* Tiers, the more trusted first: enum, word, meaning. */
#define RP_TIER_LIST(X)                                                        \
    X(RP_TIER_INSIDE, "inside", "the same kind of configuration was measured") \
    X(RP_TIER_INTERPOLATED, "interpolated",                                    \
      "between configurations that were measured")                             \
    X(RP_TIER_UNKNOWN, "unknown",                                              \
      "the profile does not say what it was calibrated on")                    \
    X(RP_TIER_EXTRAPOLATED, "extrapolated", "beyond what was measured")        \
    X(RP_TIER_SATURATED, "saturated",                                          \
      "more is asked for than can be served, or a place is always taken")

#define RP_TIER_AS_ENUM(tier, word, meaning) tier,
enum rp_tier { RP_TIER_LIST(RP_TIER_AS_ENUM) RP_TIER_COUNT };
#undef RP_TIER_AS_ENUM

/* Axes: enum, word. */
#define RP_AXIS_LIST(X)                                                        \
    X(RP_AXIS_VERSION, "version")                                              \
    X(RP_AXIS_HOST, "host")                                                    \
    X(RP_AXIS_SERVER, "server")                                                \
    X(RP_AXIS_PATH, "path")                                                    \
    X(RP_AXIS_VIEW, "view")                                                    \
    X(RP_AXIS_OUTCOME, "outcome")                                              \
    X(RP_AXIS_COSTS, "costs")                                                  \
    X(RP_AXIS_LAYERS, "layers")                                                \
    X(RP_AXIS_S2A, "sync_to_async")                                            \
    X(RP_AXIS_A2S, "async_to_sync")                                            \
    X(RP_AXIS_CONCURRENCY, "concurrency")                                      \
    X(RP_AXIS_OPEN_LOAD, "open_load")                                          \
    X(RP_AXIS_WAIT, "wait")                                                    \
    X(RP_AXIS_CPU, "cpu")                                                      \
    X(RP_AXIS_THREADS, "threads")                                              \
    X(RP_AXIS_PROCESSES, "processes")                                          \
    X(RP_AXIS_CORES, "cores")                                                  \
    X(RP_AXIS_FREE_THREADED, "free_threaded")

#define RP_AXIS_AS_ENUM(axis, word) axis,
enum rp_axis { RP_AXIS_LIST(RP_AXIS_AS_ENUM) RP_AXIS_COUNT };
#undef RP_AXIS_AS_ENUM

/** Room for the sentences of any prediction. */
#define RP_VALIDITY_TEXT_SIZE 4096

struct rp_validity {
    enum rp_tier tier;  /* the least trusted thing about it */
    enum rp_tier range; /* the same without saturation */
    unsigned beyond;    /* bits of enum rp_axis: extrapolated along them */
    unsigned between;   /* bits: interpolated along them */
    bool stale;         /* other versions or another CPU than the profile's */
    size_t count;       /* of sentences */
    char text[RP_VALIDITY_TEXT_SIZE]; /* sentences, one a line; "" is none */
};

/** What a reader of the program found out about the load. */
struct rp_validity_load {
    double in_flight;   /* requests underway, time average; NAN: not known */
    const char *place;  /* borrowed: the one that works most; NULL: not known */
    double utilisation; /* of it, 0..1 */
    unsigned servers;   /* that it has */
    bool overloaded;    /* more arrives than is served */
    double capacity_per_s; /* what could be; NAN: not known */
};

const char *rp_tier_word(enum rp_tier tier);
const char *rp_tier_meaning(enum rp_tier tier);
const char *rp_axis_word(enum rp_axis axis);

/** Words of the axes in `bits`, with `between` them; returns `text`, cut where
 * it does not fit. */
const char *rp_axes_text(unsigned bits, const char *between, char *text,
                         size_t size);

/**
 * Judge one class of requests, and merge it into what was found of others.
 *
 * @param seen      rp_scenario_of_class(); valid
 * @param program   compiled from it
 * @param prices    of the program, by the profile
 * @param load      NULL: nothing is known but what the scenario says
 * @param validity  zeroed, or of the classes before
 */
void rp_validity_judge_class(const struct rp_scenario *seen,
                             const struct rp_program *program,
                             const struct rp_prices *prices,
                             const struct rp_profile *profile,
                             const struct rp_validity_load *load,
                             struct rp_validity *validity);

/** Judge a scenario: all of its classes. `validity` is written in full. */
void rp_validity_judge(const struct rp_scenario *scenario,
                       const struct rp_routes *routes,
                       const struct rp_profile *profile,
                       const struct rp_validity_load *load,
                       struct rp_validity *validity);

/** Judge the host besides: the CPU and Python that it is known to have; "" or
 * NULL is not known. */
void rp_validity_judge_host(const char *cpu, const char *python_version,
                            const struct rp_profile *profile,
                            struct rp_validity *validity);

/** "extrapolated: concurrency is 32, calibrated at 1; ..." in one line, for
 * people; returns `text`, cut where it does not fit. */
const char *rp_validity_line(const struct rp_validity *validity, char *text,
                             size_t size);

#endif
