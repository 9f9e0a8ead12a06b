/**
 * What each mechanism under load is worth: the parameters are fitted without
 * it, and the measured runs predicted without it.
 *
 *   ablation DATASET...
 *
 * A row a mechanism: the median error of throughput, p50, p90 and p99 in each
 * data set, in %. Everybody is fitted from the same start with the same number
 * of rehearsals and steps, fewer than a calibration has, so the first row is
 * what to compare with, not the accuracy of a profile.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "calibrate/calibration.h"
#include "calibrate/dataset.h"
#include "calibrate/joint.h"
#include "calibrate/predict.h"
#include "calibrate/robust.h"
#include "calibrate/typical.h"
#include "sim/init.h"
#include "sim/jobs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { RUNS = 5, STEPS = 5 };

struct lab {
    struct rp_measured measured;
    struct rp_calibration calibration;
    struct rp_prediction *predictions; /* of each configuration */
    double *scratch, *errors;
};

static int fail(const struct rp_error *error)
{
    (void)fprintf(stderr, "ablation: %s\n", error->text);
    return EXIT_FAILURE;
}

static void predict(void *context, size_t index)
{
    struct lab *const lab = context;
    const struct rp_config *const c = &lab->measured.configs[index];
    struct rp_error error;

    if (rp_predict_value(&lab->measured.datasets[c->dataset], c,
                         rp_measured_requests(&lab->measured, index),
                         &lab->calibration.profile, &lab->predictions[index],
                         &error))
        for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
            lab->predictions[index].value[m] = NAN;
}

static double median_error(const struct lab *lab, size_t dataset,
                           enum rp_metric metric)
{
    const struct rp_measured *const m = &lab->measured;
    size_t n = 0;

    for (size_t i = 0; i < m->config_count; i++) {
        const struct rp_typical t =
            rp_typical_find(m, lab->calibration.speed, i, metric, lab->scratch);
        const double off = lab->predictions[i].value[metric] / t.value - 1.0;

        if (m->configs[i].dataset == dataset && isfinite(off))
            lab->errors[n++] = fabs(off);
    }
    return n > 0 ? rp_median(lab->errors, n) : (double)NAN;
}

static int row(struct lab *lab, const char *name,
               const struct rp_mechanisms *mechanisms)
{
    const struct rp_joint_options options = {.runs = RUNS, .steps_max = STEPS};
    struct rp_joint joint = {.count = 0};
    struct rp_error error = {0};

    for (size_t i = 0; i < lab->measured.dataset_count; i++)
        lab->measured.datasets[i].lacking = rp_mechanisms_without(mechanisms);
    if (rp_joint_fit(&lab->measured, lab->calibration.speed,
                     &lab->calibration.profile, &options, &joint, &error))
        return fail(&error);
    lab->calibration.profile.under_load = joint.fitted;
    rp_jobs_run(lab->measured.config_count, 0, predict, lab);
    (void)printf("%-12s %9.3f", name, joint.rms);
    for (size_t d = 0; d < lab->measured.dataset_count; d++)
        for (size_t k = 0; k < RP_JOINT_METRICS; k++)
            (void)printf(" %5.1f",
                         100.0 * median_error(lab, d, rp_joint_metrics[k]));
    (void)putchar('\n');
    (void)fflush(stdout);
    rp_joint_free(&joint);
    return EXIT_SUCCESS;
}

static int table(struct lab *lab)
{
    const struct rp_mechanisms all = rp_mechanisms_all();
    size_t count;
    const char *const *const names = rp_mechanism_names(&count);
    int status;

    (void)printf("without      residuals");
    for (size_t d = 0; d < lab->measured.dataset_count; d++)
        (void)printf("  %s: rps p50 p90 p99", lab->measured.datasets[d].name);
    (void)putchar('\n');
    status = row(lab, "nothing", &all);
    for (size_t i = 0; i < count && !status; i++) {
        struct rp_mechanisms some = all;

        (void)rp_mechanisms_switch_off(&some, names[i]);
        status = row(lab, names[i], &some);
    }
    return status;
}

int main(int argc, char **argv)
{
    struct lab lab = {.scratch = NULL};
    struct rp_error error = {0};
    int status;

    rp_init();
    for (int i = 1; i < argc; i++)
        if (rp_dataset_read(argv[i], &lab.measured, &error))
            return fail(&error);
    if (rp_calibrate(&lab.measured, NULL, "ablation", NULL, &lab.calibration,
                     &error))
        return fail(&error);
    lab.scratch = calloc(lab.measured.run_count + 1, sizeof *lab.scratch);
    lab.errors = calloc(lab.measured.config_count + 1, sizeof *lab.errors);
    lab.predictions =
        calloc(lab.measured.config_count + 1, sizeof *lab.predictions);
    status = lab.scratch && lab.errors && lab.predictions ? table(&lab)
                                                          : EXIT_FAILURE;
    free(lab.scratch);
    free(lab.errors);
    free(lab.predictions);
    rp_calibration_free(&lab.calibration);
    rp_measured_free(&lab.measured);
    return status;
}
