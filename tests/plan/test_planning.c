/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/planning.h"

#include "../sim/flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Three instance types, two months; assessments are made up, so that every
 * verdict can be worked out by hand. */
struct made_up {
    struct rp_scenario scenario;
    struct rp_instance types[3];
    struct rp_catalogue catalogue;
    struct rp_period periods[2];
    struct rp_forecast forecast;
    struct rp_choices choices;
    struct rp_planning_question question;
    struct rp_planning planning;
};

static void begin(struct made_up *m)
{
    *m = (struct made_up){
        .types = {{"small", 1, 1e9, 10.0},
                  {"large", 4, 4e9, 36.0},
                  {"tiny", 2, 1e6, 1.0}},
        .periods = {{"low", 50.0, 100.0}, {"high", 300.0, 800.0}},
        .choices = {.process_bytes = 1e8}};
    m->catalogue = (struct rp_catalogue){.count = 3, .instances = m->types};
    m->forecast = (struct rp_forecast){2, m->periods};
    cr_assert(eq(int, rp_scenario_init(&m->scenario, NULL), RP_OK));
    m->question = (struct rp_planning_question){
        .scenario = &m->scenario,
        .catalogue = &m->catalogue,
        .forecast = &m->forecast,
        .choices = &m->choices,
        .assessment = {.rule = {.target_utilisation = 1.0,
                                .zones = 1,
                                .instances_max = 100},
                       .peak_per_s = 800.0}};
    m->question.assessment.slos.wanted[RP_LIMIT_P99] = true;
    m->question.assessment.slos.limit[RP_LIMIT_P99] = 50e6;
    cr_assert(
        eq(int, rp_planning_begin(&m->question, &m->planning, NULL), RP_OK));
}

static void end(struct made_up *m)
{
    rp_planning_free(&m->planning);
    rp_scenario_free(&m->scenario);
}

static struct rp_assessment good(double max_per_s, unsigned instances,
                                 double p99_ms, double miss)
{
    struct rp_assessment a = {
        .capacity = {.feasible = true, .max_per_s = max_per_s},
        .emergency_per_s = max_per_s,
        .instances = instances,
        .planned = {.errors_low = NAN, .errors_high = NAN, .slo_miss = miss}};

    a.planned.metrics[RP_METRIC_P99] = (struct rp_estimate){
        p99_ms * 1e6, (p99_ms - 1.0) * 1e6, (p99_ms + 1.0) * 1e6};
    return a;
}

static const struct rp_planning_row *row_on(const struct made_up *m,
                                            const char *instance)
{
    for (size_t i = 0; i < m->planning.row_count; i++)
        if (strcmp(m->planning.rows[i].instance->name, instance) == 0)
            return &m->planning.rows[i];
    cr_fatal("no row on %s", instance);
}

Test(planning, memory_rejects_before_anything_is_simulated)
{
    struct made_up m;

    begin(&m);
    cr_expect(rp_planning_wants(&m.planning, 0));
    cr_expect(rp_planning_wants(&m.planning, 1));
    cr_expect(eq(int, rp_planning_wants(&m.planning, 2), 0));
    cr_expect(eq(str, (char *)row_on(&m, "tiny")->reason,
                 "memory: 1 process x 95.37 MiB > 976.6 KiB"));
    end(&m);
}

Test(planning, the_cheaper_fleet_is_recommended_and_the_better_one_kept)
{
    struct made_up m;
    const struct rp_assessment small = good(100.0, 8, 30.0, 0.02);
    const struct rp_assessment large = good(350.0, 3, 10.0, 0.0);

    begin(&m);
    rp_planning_take(&m.planning, 0, &small);
    rp_planning_take(&m.planning, 1, &large);
    cr_assert(eq(int, rp_planning_end(&m.question, &m.planning, NULL), RP_OK));
    cr_expect(eq(sz, m.planning.met, 2));
    /* small: 1 and 8 instances, 10 + 80; large: 1 and 3, 36 + 108 */
    cr_expect(eq(str, m.planning.rows[0].instance->name, "small"));
    cr_expect(eq(int, m.planning.rows[0].verdict, RP_CHOICE_RECOMMENDED));
    cr_expect(eq(dbl, m.planning.rows[0].cost, 90.0));
    cr_expect(eq(dbl, m.planning.rows[0].cost_per_month, 80.0));
    cr_expect(eq(dbl, m.planning.rows[0].regret_per_month, 0.0));
    cr_expect(epsilon_eq(dbl, m.planning.rows[0].requests_per_unit,
                         350.0 * RP_MONTH_SECONDS / 90.0, 1e-3));
    cr_expect(eq(dbl, m.planning.rows[1].cost, 144.0));
    cr_expect(eq(dbl, m.planning.rows[1].regret_per_month, 28.0));
    cr_expect(eq(int, m.planning.rows[1].verdict, RP_CHOICE_ALTERNATIVE),
              "its p99 is lower");
    end(&m);
}

Test(planning, what_costs_more_and_is_no_better_is_rejected)
{
    struct made_up m;
    const struct rp_assessment small = good(100.0, 8, 30.0, 0.02);
    const struct rp_assessment large = good(350.0, 3, 29.0, 0.02);

    begin(&m);
    rp_planning_take(&m.planning, 0, &small);
    rp_planning_take(&m.planning, 1, &large);
    cr_assert(eq(int, rp_planning_end(&m.question, &m.planning, NULL), RP_OK));
    cr_expect(eq(int, m.planning.rows[1].verdict, RP_CHOICE_REJECTED));
    cr_expect(eq(str, (char *)m.planning.rows[1].reason,
                 "costs more than plan 1 with no gain"));
    end(&m);
}

/* In the low month the small one is 26 cheaper, in the high one the large one
 * 12: 800/s take 12 of the small. */
Test(planning, by_regret_the_worst_month_decides)
{
    struct made_up m;
    const struct rp_assessment small = good(70.0, 12, 30.0, 0.0);
    const struct rp_assessment large = good(350.0, 3, 30.0, 0.0);

    begin(&m);
    rp_planning_take(&m.planning, 0, &small);
    rp_planning_take(&m.planning, 1, &large);
    m.question.ranking = RP_RANKING_REGRET;
    cr_assert(eq(int, rp_planning_end(&m.question, &m.planning, NULL), RP_OK));
    cr_expect(eq(str, m.planning.rows[0].instance->name, "small"));
    cr_expect(eq(dbl, m.planning.rows[0].regret_per_month, 12.0));
    cr_expect(eq(dbl, m.planning.rows[1].regret_per_month, 16.0));
    end(&m);
}

Test(planning, where_nothing_meets_the_limits_the_closest_comes_first)
{
    struct made_up m;
    struct rp_assessment far = {.capacity = {.at = {.worst_ratio = 3.0}}};
    struct rp_assessment near = {.capacity = {.at = {.worst_ratio = 1.2}}};

    far.capacity.at.worst = near.capacity.at.worst = RP_LIMIT_P99;
    far.capacity.at.rate_per_s = near.capacity.at.rate_per_s = 1.0;
    begin(&m);
    rp_planning_take(&m.planning, 0, &far);
    rp_planning_take(&m.planning, 1, &near);
    cr_assert(eq(int, rp_planning_end(&m.question, &m.planning, NULL), RP_OK));
    cr_expect(eq(sz, m.planning.met, 0));
    cr_expect(eq(str, m.planning.rows[0].instance->name, "large"));
    cr_expect(eq(str, m.planning.rows[2].instance->name, "tiny"),
              "of which nothing is known");
    end(&m);
}

/* A thread of 10 ms that takes 50/s at a mean of 20 ms: 100/s at 80 % take
 * three, and of three that are left of five in three zones each gets 33/s. */
Test(planning, an_assessment_is_that_of_the_queue_and_survives_its_text)
{
    static const char text[] =
        "server: {kind: gthread, threads: 1}\n"
        "view: {wait: {mean: 10ms, shape: exponential}}\n";
    struct rp_profile profile = flat_profile((struct flat_costs){0});
    struct rp_assessment_question q = {.profile = &profile,
                                       .rule = rp_fleet_rule_defaults(),
                                       .peak_per_s = 100.0,
                                       .settings = rp_capacity_defaults()};
    struct rp_assessment made, back;
    struct rp_scenario s = {0};
    struct rp_error error = {0};
    char *out, *again;

    q.slos.wanted[RP_LIMIT_MEAN] = true;
    q.slos.limit[RP_LIMIT_MEAN] = 20e6;
    q.emergency = q.slos;
    q.rule.zones = 3;
    cr_assert(eq(int,
                 rp_scenario_read_text(text, strlen(text), "x", &s, &error),
                 RP_OK));
    cr_assert(eq(int, rp_assess(&s, &q, &made, &error), RP_OK), "%s",
              error.text);
    cr_expect(epsilon_eq(dbl, made.capacity.max_per_s, 50.0, 2.0));
    /* two that are left of three would have 50/s each, at the very limit */
    cr_expect(made.instances == 3 || made.instances == 5, "%u", made.instances);
    cr_expect(eq(uint, made.left, rp_fleet_left(made.instances, 3)));
    cr_expect(made.loss_value[RP_LIMIT_MEAN] <= 20e6);
    /* M/M/1 at 100/3 or 20/s: 15 or 12.5 ms */
    cr_expect(epsilon_eq(dbl, made.planned.metrics[RP_METRIC_MEAN].value,
                         10e6 / (1.0 - 1.0 / made.instances), 0.6e6));
    out = rp_assessment_to_text(&made);
    cr_assert(eq(int, rp_assessment_from_text(out, &back, &error), RP_OK));
    again = rp_assessment_to_text(&back);
    cr_expect(eq(str, again, out));
    cr_expect(
        eq(int, rp_assessment_from_text("{}", &back, &error), RP_ERR_SYNTAX));
    free(out);
    free(again);
    rp_scenario_free(&s);
    rp_profile_free(&profile);
}
