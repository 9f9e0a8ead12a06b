/**
 * Planning: which fleet to rent, out of all that could be, and why not another.
 *
 * Candidates (plan/candidate.h) are assessed (plan/assessment.h), paid for, and
 * set against each other. Whoever is not recommended has a reason: memory, a
 * shared limit of connections, service levels that no rate meets, more
 * instances than allowed, or a plan that costs no more and is as good. Fleets
 * are sized and paid month by month; what they do is simulated at the highest
 * peak.
 *
 * Plans are ranked by what all months cost, or by regret: how much more a plan
 * costs than the cheapest of a month, in the month where that is worst (L. J.
 * Savage, "The theory of statistical decision", JASA 46, 1951). Without prices
 * they are ranked by cores.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_PLANNING_H
#define RP_PLAN_PLANNING_H

#include "plan/assessment.h"
#include "plan/candidate.h"
#include "plan/forecast.h"

#include <stdint.h>

/* Orders, in one list. */
#define RP_RANKING_LIST(X)                                                     \
    X(RP_RANKING_COST, "cost")                                                 \
    X(RP_RANKING_REGRET, "regret")

#define RP_RANKING_AS_ENUM(ranking, word) ranking,
enum rp_ranking { RP_RANKING_LIST(RP_RANKING_AS_ENUM) };
#undef RP_RANKING_AS_ENUM

/* Verdicts: enum, word. */
#define RP_CHOICE_LIST(X)                                                      \
    X(RP_CHOICE_RECOMMENDED, "recommended")                                    \
    X(RP_CHOICE_ALTERNATIVE, "alternative")                                    \
    X(RP_CHOICE_REJECTED, "rejected")

#define RP_CHOICE_AS_ENUM(verdict, word) verdict,
enum rp_choice { RP_CHOICE_LIST(RP_CHOICE_AS_ENUM) };
#undef RP_CHOICE_AS_ENUM

const char *rp_ranking_word(enum rp_ranking ranking);
const char *rp_choice_word(enum rp_choice verdict);

struct rp_planning_question {
    const struct rp_scenario *scenario; /* with everything but configurations */
    const struct rp_catalogue *catalogue; /* NULL: none */
    const struct rp_forecast *forecast;
    const struct rp_choices *choices;
    struct rp_assessment_question assessment; /* its peak is set here */
    enum rp_ranking ranking;
};

enum { RP_REASON_SIZE = 320 };

/** One candidate, judged. */
struct rp_planning_row {
    struct rp_candidate candidate;
    const struct rp_configuration *configuration; /* borrowed */
    const struct rp_instance *instance;     /* borrowed; NULL: no catalogue */
    const struct rp_assessment *assessment; /* borrowed; NULL: not assessed */
    enum rp_choice verdict;
    char reason[RP_REASON_SIZE];
    unsigned rank; /* 1: the recommended; 0: it does not meet everything */
    unsigned *instances;   /* owned: of each period; NULL where rank is 0 */
    double cost_per_month; /* at the highest peak; NAN: no prices */
    double cost;           /* of all periods together, a month each */
    double regret_per_month;
    double requests_per_unit; /* of money, by the averages of all periods */
};

struct rp_planning {
    struct rp_candidates candidates;
    struct rp_assessment *assessments; /* owned; a configuration each */
    bool *assessed;                    /* owned */
    size_t row_count;
    struct rp_planning_row *rows; /* owned: by rank, then those that do not meet
                                     everything, the closest first */
    size_t met;                   /* rows with a rank */
};

/** Make candidates and their rows; those that memory forbids are rejected.
 * RP_ERR_VALUE, RP_ERR_MEMORY; rp_planning_free() */
RP_CHECKED enum rp_code
rp_planning_begin(const struct rp_planning_question *question,
                  struct rp_planning *planning, struct rp_error *error);

/** True where a configuration has to be assessed. */
bool rp_planning_wants(const struct rp_planning *planning,
                       size_t configuration);

/** Take the assessment of a configuration. */
void rp_planning_take(struct rp_planning *planning, size_t configuration,
                      const struct rp_assessment *assessment);

/** Judge and rank, once all that is wanted was taken. RP_ERR_MEMORY. */
RP_CHECKED enum rp_code
rp_planning_end(const struct rp_planning_question *question,
                struct rp_planning *planning, struct rp_error *error);

void rp_planning_free(struct rp_planning *planning);

#endif
