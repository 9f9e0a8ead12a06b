/**
 * Assessments: what one configuration of an instance is good for.
 *
 * All of a capacity plan that takes simulation: the largest rate of an
 * instance, the fleet that the highest peak takes, what its instances then do,
 * and what those do that are left when a zone is lost. Prices and memory are
 * not in it, so that instance types with as many cores share an assessment. It
 * depends on its question and nothing else; as text it can be kept.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_ASSESSMENT_H
#define RP_PLAN_ASSESSMENT_H

#include "plan/capacity.h"
#include "plan/fleet.h"
#include "plan/planned.h"

struct rp_assessment_question {
    const struct rp_profile *profile;
    struct rp_slos slos;
    struct rp_slos
        emergency; /* while a zone is lost; the same, or more lenient */
    struct rp_fleet_rule rule;
    double peak_per_s; /* of the whole fleet */
    struct rp_capacity_settings settings;
    unsigned draws; /* of the costs, for prediction intervals */
};

struct rp_assessment {
    struct rp_capacity capacity;
    double emergency_per_s; /* the largest rate while a zone is lost; where
                               there is one zone max_per_s */
    unsigned instances;     /* 0: no rate meets the limits */
    bool too_many;          /* more than the rule allows; nothing below is
                               filled in */
    struct rp_planned planned;
    unsigned left; /* instances while a zone is lost; 0: one zone */
    double loss_value[RP_LIMIT_COUNT]; /* then; the first limited metric that is
                                          furthest from met is `loss_worst` */
    enum rp_limit loss_worst;
};

/**
 * Assess a scenario that has its configuration.
 *
 * @return as rp_capacity_find() and rp_simulate()
 */
RP_CHECKED enum rp_code rp_assess(const struct rp_scenario *scenario,
                                  const struct rp_assessment_question *question,
                                  struct rp_assessment *assessment,
                                  struct rp_error *error);

/** As text, exactly; new memory; NULL when memory is short. */
char *rp_assessment_to_text(const struct rp_assessment *assessment);

/** And back; RP_ERR_SYNTAX where it is none. */
RP_CHECKED enum rp_code
rp_assessment_from_text(const char *text, struct rp_assessment *assessment,
                        struct rp_error *error);

/** Everything of the question but profile, in one form: what it is kept by.
 * Returns `text`. */
const char *
rp_assessment_question_text(const struct rp_assessment_question *question,
                            char *text, size_t size);

#endif
