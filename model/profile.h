/**
 * Profiles: what the steps of a request cost on one platform.
 *
 * A profile is made by calibration from measured runs, and read by whatever
 * wants to price a program. It holds unit costs with standard errors and
 * covariances, the spread of each cost, what the platform was, and which runs
 * it came from. Items that the runs could not tell apart share one cost.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_PROFILE_H
#define RP_MODEL_PROFILE_H

#include "model/error.h"
#include "model/extent.h"
#include "model/item.h"
#include "model/metric.h"
#include "model/parameter.h"
#include "model/program.h"
#include "model/spread.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define RP_COST_NAME_SIZE 128

/** One unit cost: a column of the calibration. */
struct rp_cost {
    char name[RP_COST_NAME_SIZE]; /* an item's, a family's, or items joined by
                                     "+" where they always come together */
    double mean_ns;               /* >= 0, each time that an item is paid */
    double se_ns;                 /* standard error of mean_ns, >= 0 */
    struct rp_spread spread;
    bool spread_pooled; /* too small to show a spread of its own: `spread` is
                           a copy of request_spread */
    unsigned runs;      /* measured runs that paid it */
};

/* How requests were asked, for it is not predicted equally well: name, the
 * profile's key, meaning. */
#define RP_SITUATION_LIST(X)                                                   \
    X(RP_SITUATION_ALONE, "accuracy", "one at a time")                         \
    X(RP_SITUATION_LOADED, "accuracy_under_load", "several at a time")         \
    X(RP_SITUATION_WAITING, "accuracy_with_waits", "of a view that waits")

#define RP_SITUATION_AS_ENUM(situation, key, meaning) situation,
enum rp_situation {
    RP_SITUATION_LIST(RP_SITUATION_AS_ENUM) RP_SITUATION_COUNT
};
#undef RP_SITUATION_AS_ENUM

/** Repeat-run noise and misfit, relative (0.04 is 4 %), of one metric; 0 where
 * they are not known. */
struct rp_accuracy {
    double run_sd;    /* of one run about its configuration's median, the
                         machine's speed in that round taken out */
    double misfit_sd; /* of configurations about the fit, beyond that noise */
};

/** How much longer everything took in one round of a campaign than in an
 * average round of the campaign with the most runs: data sets of one campaign
 * share it. */
struct rp_round {
    char *campaign; /* owned */
    unsigned number;
    double speed;  /* about 1 */
    double unrest; /* of the campaign: how much requests differed, by the
                      spreads of the costs; about 1 */
};

struct rp_profile {
    char *file; /* owned: where it was read, "" where it was not */
    /* what was measured, on what; all owned, "" where unknown */
    char *framework, *framework_version, *asgiref_version, *python_version;
    char *cpu, *measured_on;
    /* provenance; a profile without it cannot be written */
    char *made_by, *made_on;
    size_t source_count;
    char **sources; /* owned: "name (N runs, campaign C)" */
    unsigned long runs, runs_left_out;
    size_t round_count;
    struct rp_round *rounds; /* owned; may be none */

    size_t cost_count;
    struct rp_cost *costs;  /* owned */
    double *covariance_ns2; /* owned: cost_count x cost_count, row by row; the
                               diagonal is se_ns squared */
    int cost_of_item[RP_ITEM_COUNT]; /* index into costs, -1: not priced */
    struct rp_spread request_spread; /* of the average request */
    struct rp_accuracy accuracy[RP_SITUATION_COUNT][RP_METRIC_COUNT];
    struct rp_parameters under_load;
    double condition_number; /* of the scaled design; >= 1 */
    struct rp_extent extent; /* of the runs behind the costs; empty where
                                    the profile does not say */
};

/**
 * Read a profile.
 *
 * @param profile  written on success, untouched on failure; release it with
 *                 rp_profile_free()
 * @return RP_ERR_IO, RP_ERR_SYNTAX (not YAML), RP_ERR_VALUE (no profile, no
 *         provenance, unknown keys and items, an item with two prices, values
 *         without their unit or out of range), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_profile_read(const char *path,
                                        struct rp_profile *profile,
                                        struct rp_error *error);

/** The same from memory; `file_name` is for the error's sentence. */
RP_CHECKED enum rp_code rp_profile_read_text(const char *text, size_t length,
                                             const char *file_name,
                                             struct rp_profile *profile,
                                             struct rp_error *error);

/**
 * Write a profile as YAML that rp_profile_read() reads back to the digits that
 * are printed: seven of times, six of ratios.
 *
 * @param profile  texts may also be NULL where unknown
 * @return RP_ERR_VALUE: no provenance, or not a valid profile, and nothing was
 *         written; RP_ERR_IO: the stream failed
 */
RP_CHECKED enum rp_code rp_profile_write(const struct rp_profile *profile,
                                         FILE *out, struct rp_error *error);

/** The speed of a round that the profile knows; NAN where it knows none. */
double rp_profile_speed(const struct rp_profile *profile, const char *campaign,
                        unsigned number);

/** How much requests differed in a campaign, by the spreads of the costs;
 * `otherwise` where the profile does not know it. */
double rp_profile_unrest(const struct rp_profile *profile, const char *campaign,
                         double otherwise);

/** The key of a situation; static storage. */
const char *rp_situation_key(enum rp_situation situation);

/** The situation of a scenario's requests. */
enum rp_situation rp_situation_of(const struct rp_scenario *scenario);

/** What the profile knows of a situation, RP_METRIC_COUNT of them: where it
 * knows nothing of it, what it knows of requests one at a time. */
const struct rp_accuracy *rp_profile_accuracy(const struct rp_profile *profile,
                                              enum rp_situation situation);

/**
 * The profile as it was in one campaign: its spreads are as wide as requests
 * differed then. A campaign that it does not know changes nothing.
 *
 * @param there  borrows everything but its costs: release these with free()
 * @return false when memory is short
 */
bool rp_profile_in_campaign(const struct rp_profile *profile,
                            const char *campaign, struct rp_profile *there);

/** Harmless on a zeroed or freed profile. */
void rp_profile_free(struct rp_profile *profile);

#endif
