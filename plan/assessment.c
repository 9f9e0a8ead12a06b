/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/assessment.h"

#include "plan/exactjson.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct assessing {
    const struct rp_scenario *scenario;
    const struct rp_assessment_question *question;
    struct rp_assessment made;
    struct rp_error *error;
};

static bool are_same(const struct rp_slos *a, const struct rp_slos *b)
{
    for (unsigned i = 0; i < RP_LIMIT_COUNT; i++)
        if (a->wanted[i] != b->wanted[i] ||
            (a->wanted[i] && a->limit[i] != b->limit[i]))
            return false;
    return true;
}

static enum rp_code find_emergency(struct assessing *a)
{
    const struct rp_assessment_question *const q = a->question;
    struct rp_capacity lenient = {0};
    enum rp_code code;

    a->made.emergency_per_s = a->made.capacity.max_per_s;
    if (q->rule.zones < 2 || are_same(&q->slos, &q->emergency))
        return RP_OK;
    code = rp_capacity_find(a->scenario, q->profile, &q->emergency,
                            &q->settings, &lenient, a->error);
    if (!code)
        a->made.emergency_per_s =
            fmax(lenient.max_per_s, a->made.capacity.max_per_s);
    return code;
}

/* What is left of the fleet at the peak; `met` is whether it stands it. */
static enum rp_code try_loss(struct assessing *a, bool *met)
{
    const struct rp_assessment_question *const q = a->question;
    struct rp_routes routes = {0};
    struct rp_trial trial;
    enum rp_code code;

    *met = true;
    a->made.left = 0;
    if (q->rule.zones < 2)
        return RP_OK;
    a->made.left = rp_fleet_left(a->made.instances, q->rule.zones);
    code = rp_routes_make(a->scenario, q->profile, &routes, a->error);
    if (!code)
        code = rp_trial_run(a->scenario, &routes, q->profile, &q->emergency,
                            &q->settings.effort, q->peak_per_s / a->made.left,
                            &trial, a->error);
    rp_routes_free(&routes);
    if (code)
        return code;
    *met = trial.met;
    a->made.loss_worst = trial.worst;
    memcpy(a->made.loss_value, trial.value, sizeof trial.value);
    return RP_OK;
}

/* The arithmetic says how many; the simulation of just that fleet has the last
 * word, and adds instances where the limits are missed after all. */
static enum rp_code try_fleet(struct assessing *a)
{
    const struct rp_assessment_question *const q = a->question;
    enum rp_code code = RP_OK;
    bool met = false;

    while (!code && !met) {
        if (a->made.instances > q->rule.instances_max) {
            a->made.too_many = true;
            return RP_OK;
        }
        code = rp_planned_find(
            a->scenario, q->profile, &q->slos, &q->settings.effort, q->draws,
            q->peak_per_s / a->made.instances, &a->made.planned, a->error);
        met = !code && a->made.planned.met;
        if (met)
            code = try_loss(a, &met);
        if (!met)
            a->made.instances++;
    }
    return code;
}

enum rp_code rp_assess(const struct rp_scenario *scenario,
                       const struct rp_assessment_question *question,
                       struct rp_assessment *assessment, struct rp_error *error)
{
    struct assessing a = {
        .scenario = scenario, .question = question, .error = error};
    enum rp_code code =
        rp_capacity_find(scenario, question->profile, &question->slos,
                         &question->settings, &a.made.capacity, error);

    if (!code && a.made.capacity.feasible) {
        code = find_emergency(&a);
        if (!code) {
            a.made.instances = rp_fleet_size(
                &question->rule, question->peak_per_s,
                a.made.capacity.max_per_s, a.made.emergency_per_s);
            code = try_fleet(&a);
        }
    }
    if (!code)
        *assessment = a.made;
    return code;
}

/* ---- Text ---- */

char *rp_assessment_to_text(const struct rp_assessment *a)
{
    return rp_exact_dump(
        json_pack("{s:o, s:o, s:I, s:b, s:o, s:I, s:o, s:i}", "capacity",
                  rp_capacity_to_json(&a->capacity), "emergency_per_s",
                  rp_exact(a->emergency_per_s), "instances",
                  (json_int_t)a->instances, "too_many", a->too_many, "planned",
                  rp_planned_to_json(&a->planned), "left", (json_int_t)a->left,
                  "loss_value", rp_exact_array(a->loss_value, RP_LIMIT_COUNT),
                  "loss_worst", (int)a->loss_worst));
}

enum rp_code rp_assessment_from_text(const char *text,
                                     struct rp_assessment *assessment,
                                     struct rp_error *error)
{
    json_t *const json = json_loads(text, 0, NULL);
    struct rp_exact_reader r = {.object = json, .good = true};
    struct rp_assessment a = {
        .emergency_per_s = rp_exact_number(&r, "emergency_per_s"),
        .instances = (unsigned)rp_exact_whole(&r, "instances"),
        .too_many = rp_exact_truth(&r, "too_many"),
        .left = (unsigned)rp_exact_whole(&r, "left"),
        .loss_worst = (enum rp_limit)rp_exact_whole(&r, "loss_worst")};
    enum rp_code code;

    rp_exact_numbers(&r, "loss_value", a.loss_value, RP_LIMIT_COUNT);
    code = rp_capacity_from_json(json_object_get(json, "capacity"), &a.capacity,
                                 error);
    if (!code)
        code = rp_planned_from_json(json_object_get(json, "planned"),
                                    &a.planned, error);
    if (!code && (!r.good || a.loss_worst >= RP_LIMIT_COUNT))
        code = rp_fail(error, RP_ERR_SYNTAX, "found no assessment in the text");
    json_decref(json);
    if (!code)
        *assessment = a;
    return code;
}

const char *rp_assessment_question_text(const struct rp_assessment_question *q,
                                        char *text, size_t size)
{
    const struct rp_effort *const effort = &q->settings.effort;
    int used = snprintf(
        text, size,
        "plan peak=%.17g buffer=%.17g target=%.17g spare=%u "
        "zones=%u most=%u requests=%u replications=%u..%u tolerance=%.17g "
        "draws=%u",
        q->peak_per_s, q->rule.buffer, q->rule.target_utilisation,
        q->rule.spare, q->rule.zones, q->rule.instances_max, effort->requests,
        effort->replications, effort->replications_max, q->settings.tolerance,
        q->draws);

    for (unsigned i = 0;
         i < 2 * RP_LIMIT_COUNT && used > 0 && (size_t)used < size; i++) {
        const enum rp_limit level = (enum rp_limit)(i % RP_LIMIT_COUNT);
        const bool is_emergency = i >= RP_LIMIT_COUNT;
        const struct rp_slos *const slos =
            is_emergency ? &q->emergency : &q->slos;

        if (slos->wanted[level])
            used += snprintf(text + used, size - (size_t)used, " %s%s=%.17g",
                             is_emergency ? "zone." : "", rp_limit_word(level),
                             slos->limit[level]);
    }
    return text;
}
