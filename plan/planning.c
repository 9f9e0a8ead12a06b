/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/planning.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *rp_ranking_word(enum rp_ranking ranking)
{
#define RP_RANKING_AS_WORD(ranking, word) word,
    static const char *const words[] = {RP_RANKING_LIST(RP_RANKING_AS_WORD)};
#undef RP_RANKING_AS_WORD

    return words[ranking];
}

const char *rp_choice_word(enum rp_choice verdict)
{
#define RP_CHOICE_AS_WORD(verdict, word) word,
    static const char *const words[] = {RP_CHOICE_LIST(RP_CHOICE_AS_WORD)};
#undef RP_CHOICE_AS_WORD

    return words[verdict];
}

static enum rp_code no_memory(struct rp_error *error)
{
    return rp_fail(error, RP_ERR_MEMORY, "out of memory for a plan");
}

/* ---- Beginning ---- */

static void begin_row(const struct rp_planning_question *q,
                      struct rp_planning *p, size_t index)
{
    struct rp_planning_row *const row = &p->rows[index];

    *row = (struct rp_planning_row){
        .candidate = p->candidates.all[index],
        .verdict = RP_CHOICE_REJECTED,
        .cost_per_month = NAN,
        .cost = NAN,
        .regret_per_month = NAN,
        .requests_per_unit = NAN,
    };
    row->configuration =
        &p->candidates.configurations[row->candidate.configuration];
    if (row->candidate.instance == RP_NO_INSTANCE)
        return;
    row->instance = &q->catalogue->instances[row->candidate.instance];
    (void)rp_memory_reason(row->configuration, q->choices,
                           row->instance->memory_bytes, row->reason,
                           sizeof row->reason);
}

enum rp_code rp_planning_begin(const struct rp_planning_question *question,
                               struct rp_planning *planning,
                               struct rp_error *error)
{
    struct rp_planning p = {0};
    enum rp_code code =
        rp_candidates_make(question->scenario, question->choices,
                           question->catalogue, &p.candidates, error);

    if (code)
        return code;
    p.rows = calloc(p.candidates.count, sizeof *p.rows);
    p.assessments =
        calloc(p.candidates.configuration_count, sizeof *p.assessments);
    p.assessed = calloc(p.candidates.configuration_count, sizeof *p.assessed);
    if (!p.rows || !p.assessments || !p.assessed) {
        rp_planning_free(&p);
        return no_memory(error);
    }
    p.row_count = p.candidates.count;
    for (size_t i = 0; i < p.row_count; i++)
        begin_row(question, &p, i);
    *planning = p;
    return RP_OK;
}

bool rp_planning_wants(const struct rp_planning *planning, size_t configuration)
{
    for (size_t i = 0; i < planning->row_count; i++)
        if (planning->rows[i].candidate.configuration == configuration &&
            !planning->rows[i].reason[0])
            return true;
    return false;
}

void rp_planning_take(struct rp_planning *planning, size_t configuration,
                      const struct rp_assessment *assessment)
{
    planning->assessments[configuration] = *assessment;
    planning->assessed[configuration] = true;
}

/* ---- Money ---- */

static enum rp_code size_periods(const struct rp_planning_question *q,
                                 struct rp_planning_row *row,
                                 struct rp_error *error)
{
    const struct rp_assessment *const a = row->assessment;
    const struct rp_period *const highest = rp_forecast_highest(q->forecast);

    row->instances = calloc(q->forecast->count, sizeof *row->instances);
    if (!row->instances)
        return no_memory(error);
    for (size_t i = 0; i < q->forecast->count; i++) {
        const struct rp_period *const period = &q->forecast->periods[i];
        const unsigned n =
            rp_fleet_size(&q->assessment.rule, period->peak_per_s,
                          a->capacity.max_per_s, a->emergency_per_s);

        row->instances[i] = period == highest ? a->instances : n;
    }
    return RP_OK;
}

static void pay(const struct rp_planning_question *q,
                struct rp_planning_row *row)
{
    double requests = 0.0;

    if (!row->instance)
        return;
    row->cost_per_month =
        row->assessment->instances * row->instance->price_per_month;
    row->cost = 0.0;
    for (size_t i = 0; i < q->forecast->count; i++) {
        row->cost += row->instances[i] * row->instance->price_per_month;
        requests += q->forecast->periods[i].average_per_s * RP_MONTH_SECONDS;
    }
    if (row->cost > 0.0)
        row->requests_per_unit = requests / row->cost;
}

/* The cheapest of each month may be another plan each time. */
static void find_regrets(const struct rp_planning_question *q,
                         struct rp_planning *p)
{
    for (size_t month = 0; q->catalogue && month < q->forecast->count;
         month++) {
        double cheapest = INFINITY;

        for (size_t i = 0; i < p->row_count; i++)
            if (p->rows[i].rank > 0)
                cheapest =
                    fmin(cheapest, p->rows[i].instances[month] *
                                       p->rows[i].instance->price_per_month);
        for (size_t i = 0; i < p->row_count; i++)
            if (p->rows[i].rank > 0)
                p->rows[i].regret_per_month =
                    fmax(p->rows[i].regret_per_month,
                         p->rows[i].instances[month] *
                                 p->rows[i].instance->price_per_month -
                             cheapest);
    }
}

/* ---- Judging ---- */

/* Why a candidate that was assessed is none; "" where it meets everything. */
static void judge(const struct rp_planning_question *q,
                  struct rp_planning_row *row)
{
    const struct rp_assessment *const a = row->assessment;

    if (!a->capacity.feasible)
        (void)rp_capacity_reason(&a->capacity, &q->assessment.slos, row->reason,
                                 sizeof row->reason);
    else if (a->too_many)
        (void)snprintf(row->reason, sizeof row->reason,
                       "instances: %s%u are needed at %.4g/s each, %u are "
                       "allowed",
                       a->instances > RP_FLEET_MAX ? "more than " : "",
                       a->instances > RP_FLEET_MAX ? RP_FLEET_MAX
                                                   : a->instances,
                       a->capacity.max_per_s, q->assessment.rule.instances_max);
    else
        (void)rp_pool_reason(q->choices, q->scenario, row->configuration,
                             a->instances, row->reason, sizeof row->reason);
}

/* What a plan is ranked by where there are prices, and where not. */
static double price_of(const struct rp_planning_question *q,
                       const struct rp_planning_row *row)
{
    if (!row->instance)
        return (double)row->assessment->instances * row->configuration->cores;
    return q->ranking == RP_RANKING_REGRET ? row->regret_per_month : row->cost;
}

static int compare_numbers(double a, double b)
{
    return (a > b) - (a < b);
}

/* How near a row came that does not meet everything: those that meet the limits
 * themselves first. */
static double distance_of(const struct rp_planning_row *row)
{
    if (!row->assessment)
        return INFINITY;
    if (row->assessment->capacity.feasible)
        return 0.0;
    return row->assessment->capacity.at.worst_ratio;
}

static int compare_rows(const struct rp_planning_question *q,
                        const struct rp_planning_row *a,
                        const struct rp_planning_row *b)
{
    int order = (b->rank > 0) - (a->rank > 0);

    if (order == 0 && a->rank == 0)
        order = compare_numbers(distance_of(a), distance_of(b));
    if (order == 0 && a->rank > 0)
        order = compare_numbers(price_of(q, a), price_of(q, b));
    if (order == 0 && a->rank > 0)
        order = compare_numbers(a->assessment->planned.slo_miss,
                                b->assessment->planned.slo_miss);
    if (order == 0)
        order = compare_numbers(
            (double)a->configuration->processes * a->configuration->threads,
            (double)b->configuration->processes * b->configuration->threads);
    return order;
}

/* By insertion: rows that are equal keep the order of the candidates. */
static void sort_rows(const struct rp_planning_question *q,
                      struct rp_planning *p)
{
    for (size_t i = 1; i < p->row_count; i++) {
        const struct rp_planning_row row = p->rows[i];
        size_t k = i;

        for (; k > 0 && compare_rows(q, &row, &p->rows[k - 1]) < 0; k--)
            p->rows[k] = p->rows[k - 1];
        p->rows[k] = row;
    }
}

/* Something about `row` is clearly better than about a plan that costs no more:
 * a limited metric, beyond the intervals of both, or the chance of a miss. */
static bool has_gain(const struct rp_planning_question *q,
                     const struct rp_planning_row *row,
                     const struct rp_planning_row *than)
{
    const struct rp_planned *const a = &row->assessment->planned;
    const struct rp_planned *const b = &than->assessment->planned;

    for (unsigned i = 0; i < RP_LIMIT_ERRORS; i++) {
        const enum rp_metric m = rp_limit_metric((enum rp_limit)i);

        if (q->assessment.slos.wanted[i] &&
            a->metrics[m].own_high < b->metrics[m].own_low)
            return true;
    }
    return a->errors_high < b->errors_low || a->slo_miss < b->slo_miss - 0.01;
}

static void set_verdict(const struct rp_planning_question *q,
                        const struct rp_planning *p, size_t index)
{
    struct rp_planning_row *const row = &p->rows[index];

    row->verdict = index == 0 ? RP_CHOICE_RECOMMENDED : RP_CHOICE_ALTERNATIVE;
    for (size_t i = 0; i < index; i++)
        if (p->rows[i].verdict != RP_CHOICE_REJECTED &&
            !has_gain(q, row, &p->rows[i])) {
            const bool same = price_of(q, row) <= price_of(q, &p->rows[i]);
            const char *const what = !row->instance ? "takes more cores than"
                                     : q->ranking == RP_RANKING_REGRET
                                         ? "has more regret than"
                                         : "costs more than";

            row->verdict = RP_CHOICE_REJECTED;
            (void)snprintf(row->reason, sizeof row->reason,
                           "%s plan %zu with no gain",
                           same ? "as dear as" : what, i + 1);
            return;
        }
}

static enum rp_code judge_all(const struct rp_planning_question *q,
                              struct rp_planning *p, struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < p->row_count && !code; i++) {
        struct rp_planning_row *const row = &p->rows[i];
        const size_t configuration = row->candidate.configuration;

        if (p->assessed[configuration])
            row->assessment = &p->assessments[configuration];
        if (row->reason[0])
            continue;
        judge(q, row);
        if (row->reason[0])
            continue;
        row->rank = 1;
        p->met++;
        code = size_periods(q, row, error);
        if (!code)
            pay(q, row);
    }
    return code;
}

enum rp_code rp_planning_end(const struct rp_planning_question *question,
                             struct rp_planning *planning,
                             struct rp_error *error)
{
    const enum rp_code code = judge_all(question, planning, error);

    if (code)
        return code;
    find_regrets(question, planning);
    sort_rows(question, planning);
    for (size_t i = 0; i < planning->met; i++) {
        planning->rows[i].rank = (unsigned)i + 1;
        set_verdict(question, planning, i);
    }
    return RP_OK;
}

void rp_planning_free(struct rp_planning *planning)
{
    for (size_t i = 0; planning->rows && i < planning->row_count; i++)
        free(planning->rows[i].instances);
    free(planning->rows);
    free(planning->assessments);
    free(planning->assessed);
    rp_candidates_free(&planning->candidates);
    *planning = (struct rp_planning){0};
}
