/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/loaded.h"

#include "calibrate/misfit.h"
#include "calibrate/predict.h"
#include "calibrate/typical.h"
#include "sim/jobs.h"

#include <math.h>
#include <stdlib.h>

/* A configuration of the fit, predicted. */
struct judged {
    const struct rp_measured *measured;
    const struct rp_profile *profile;
    size_t config;
    struct rp_prediction prediction;
    enum rp_code code;
    struct rp_error error;
};

static void judge(void *context, size_t index)
{
    struct judged *const j = (struct judged *)context + index;
    const struct rp_config *const c = &j->measured->configs[j->config];

    j->code = rp_predict_value(&j->measured->datasets[c->dataset], c,
                               rp_measured_requests(j->measured, j->config),
                               j->profile, &j->prediction, &j->error);
}

static bool is_judged(const struct rp_config *c, enum rp_situation situation)
{
    return rp_joint_can_use(c) && rp_config_situation(c) == situation;
}

/* The noise of one run, and the misfit beyond it, of a situation. */
static enum rp_code
find_accuracy(const struct rp_measured *m, struct rp_calibration *c,
              const struct rp_joint *joint, const struct judged *judged,
              enum rp_situation situation, struct rp_error *error)
{
    bool *const only = calloc(m->config_count + 1, sizeof *only);
    double *const scratch = calloc(m->run_count + 1, sizeof *scratch);
    double *const sizes = calloc(joint->config_count + 1, sizeof *sizes);
    struct rp_accuracy *const to = c->profile.accuracy[situation];
    enum rp_code code = RP_OK;

    if (!only || !scratch || !sizes)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a profile");
    for (size_t i = 0; i < joint->config_count && !code; i++)
        only[judged[i].config] =
            is_judged(&m->configs[judged[i].config], situation);
    for (unsigned k = 0; k < RP_METRIC_COUNT && !code; k++) {
        const enum rp_metric metric = (enum rp_metric)k;
        struct rp_misses misses = {.sizes = sizes};

        to[k].run_sd = rp_typical_run_sd(m, c->speed, only, metric, scratch);
        for (size_t i = 0; i < joint->config_count; i++) {
            const struct rp_typical t =
                rp_typical_find(m, c->speed, judged[i].config, metric, scratch);

            if (only[judged[i].config] && t.runs > 0 && t.value > 0.0)
                rp_misses_add(&misses,
                              log(t.value / judged[i].prediction.value[metric]),
                              to[k].run_sd, t.runs);
        }
        to[k].misfit_sd = rp_misfit(&misses, 0);
    }
    free(only);
    free(scratch);
    free(sizes);
    return code;
}

static enum rp_code judge_all(const struct rp_measured *measured,
                              const struct rp_joint_options *options,
                              struct rp_calibration *c,
                              const struct rp_joint *joint,
                              struct rp_error *error)
{
    struct judged *const judged =
        calloc(joint->config_count + 1, sizeof *judged);
    enum rp_code code = RP_OK;

    if (!judged)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a profile");
    for (size_t i = 0; i < joint->config_count; i++) {
        judged[i].measured = measured;
        judged[i].profile = &c->profile;
        judged[i].config = joint->configs[i];
    }
    rp_jobs_run(joint->config_count, options->jobs, judge, judged);
    for (size_t i = 0; i < joint->config_count && !code; i++)
        if (judged[i].code)
            code = rp_fail(error, judged[i].code, "%s", judged[i].error.text);
    if (!code)
        code = find_accuracy(measured, c, joint, judged, RP_SITUATION_LOADED,
                             error);
    if (!code)
        code = find_accuracy(measured, c, joint, judged, RP_SITUATION_WAITING,
                             error);
    free(judged);
    return code;
}

enum rp_code rp_calibrate_loaded(const struct rp_measured *measured,
                                 const struct rp_joint_options *options,
                                 struct rp_calibration *calibration,
                                 struct rp_joint *joint, struct rp_error *error)
{
    enum rp_code code =
        rp_joint_fit(measured, calibration->speed, &calibration->profile,
                     options, joint, error);

    if (code || joint->count == 0)
        return code;
    calibration->profile.under_load = joint->fitted;
    for (size_t i = 0; i < joint->config_count && !code; i++)
        code = rp_calibration_extend(measured, joint->configs[i],
                                     &calibration->profile.extent, error);
    if (!code)
        code = judge_all(measured, options, calibration, joint, error);
    if (code)
        rp_joint_free(joint);
    return code;
}
