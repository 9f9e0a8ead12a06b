/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/calibration.h"
#include "calibrate/speeds.h"
#include "calibrate/validation.h"
#include "tests/calibrate/synthetic.h"

#include <criterion/new/assert.h>

#define PATH RP_SOURCE_DIR "/data/ab/django-3.2/path"

static struct rp_validation validate(const struct rp_measured *m,
                                     enum rp_leave_out leave_out,
                                     const struct rp_profile *profile)
{
    const struct rp_validation_options options = {leave_out, false};
    struct rp_validation v = {.row_count = 0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_validate(m, profile, &options, &v, &error), RP_OK),
              "%s", error.text);
    return v;
}

static struct rp_validation_summary sum_up(const struct rp_validation *v,
                                           const struct rp_measured *m,
                                           const enum rp_server_kind *server,
                                           enum rp_metric metric)
{
    struct rp_validation_summary s;

    cr_assert(eq(int,
                 rp_validation_sum_up(v, m, SIZE_MAX, server, metric, &s, NULL),
                 RP_OK));
    return s;
}

/* The figures that the measured runs of Django 3.2 must reach on stacks that
 * the fit never saw: the repeat-run noise of the same runs. */
Test(validation, unseen_stacks_are_predicted_within_the_repeat_run_noise)
{
    static const enum rp_server_kind servers[] = {
        RP_SERVER_GUNICORN, RP_SERVER_DAPHNE, RP_SERVER_UVICORN};
    struct rp_measured m = {0};
    struct rp_error error = {0};
    struct rp_validation v;

    rp_init();
    cr_assert(eq(int, rp_dataset_read(PATH, &m, &error), RP_OK), "%s",
              error.text);
    v = validate(&m, RP_LEAVE_STACK, NULL);
    cr_expect(eq(sz, v.folds, 17));
    cr_expect(eq(sz, v.row_count, 102 * RP_VALIDATION_METRICS));
    for (size_t i = 0; i < 3; i++) {
        const struct rp_validation_summary mean =
            sum_up(&v, &m, &servers[i], RP_METRIC_MEAN);
        const struct rp_validation_summary p50 =
            sum_up(&v, &m, &servers[i], RP_METRIC_P50);
        const char *const name = rp_server_word(servers[i]);

        cr_expect(eq(sz, mean.rows, 34), "%s", name);
        cr_expect(le(dbl, mean.median_error, 0.045), "%s", name);
        cr_expect(le(dbl, mean.mean_error, 0.06), "%s", name);
        cr_expect(le(dbl, p50.median_error, 0.038), "%s", name);
        cr_expect(le(dbl, p50.mean_error, 0.06), "%s", name);
    }
    for (size_t i = 0; i < RP_VALIDATION_METRICS; i++) {
        const enum rp_metric metric = rp_validation_metrics[i];
        const struct rp_validation_summary all = sum_up(&v, &m, NULL, metric);

        cr_expect(ge(dbl, all.covered, 0.9), "%s", rp_metric_key(metric));
        cr_expect(le(dbl, all.covered, 0.98), "%s", rp_metric_key(metric));
        cr_expect(le(dbl, all.median_error, all.noise), "%s",
                  rp_metric_key(metric));
    }
    rp_validation_free(&v);
    rp_validation_free(&v);
    rp_measured_free(&m);
}

/* A stack that is off by half is predicted from the others as if it were not;
 * judged by a fit that saw it, it would look better. */
Test(validation, a_stack_that_is_left_out_has_no_part_in_its_prediction)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_validation v;
    size_t asked = 0;

    s.gap_ns = 0.0;
    m = synthetic_measure(&s);
    for (size_t run = 0; run < m.run_count; run++)
        if (strcmp(m.configs[m.runs[run].config].stack, "SAS") == 0) {
            m.runs[run].mean_ns *= 1.5;
            m.runs[run].value[RP_METRIC_MEAN] *= 1.5;
            m.runs[run].value[RP_METRIC_RPS] /= 1.5;
        }
    cr_assert(eq(int, rp_speeds_find(&m, NULL), RP_OK));
    v = validate(&m, RP_LEAVE_STACK, NULL);
    cr_expect(eq(sz, v.folds, 15));
    for (size_t i = 0; i < v.row_count; i++) {
        const struct rp_validation_row *const r = &v.rows[i];

        if (strcmp(m.configs[r->config].stack, "SAS") != 0 ||
            r->metric != RP_METRIC_MEAN)
            continue;
        cr_expect(epsilon_eq(dbl, r->error, 1.0 / 1.5 - 1.0, 1e-3));
        cr_expect(gt(dbl, r->measured, r->predicted_high), "not covered");
        asked++;
    }
    cr_expect(eq(sz, asked, 6));
    rp_validation_free(&v);
    v = validate(&m, RP_LEAVE_CONFIGURATION, NULL);
    cr_expect(eq(sz, v.folds, 90));
    rp_validation_free(&v);
    rp_measured_free(&m);
}

Test(validation, the_rounds_that_a_profile_knows_tell_the_speed)
{
    static const double slow[] = {2.0, 2.0, 2.0, 2.0, 2.0, 2.0};
    struct synthetic s = synthetic_usual();
    struct rp_calibration c = {.speed = NULL};
    struct rp_measured m;
    struct rp_validation v;

    s.gap_ns = 0.0;
    m = synthetic_measure(&s);
    cr_assert(eq(int, rp_speeds_find(&m, NULL), RP_OK));
    cr_assert(eq(int, rp_calibrate(&m, NULL, "a test", NULL, &c, NULL), RP_OK));
    rp_measured_free(&m);

    s.speed = slow;
    m = synthetic_measure(&s);
    cr_assert(eq(int, rp_speeds_find(&m, NULL), RP_OK));
    v = validate(&m, RP_LEAVE_NOTHING, &c.profile);
    cr_expect(
        epsilon_eq(dbl, sum_up(&v, &m, NULL, RP_METRIC_MEAN).bias, -0.5, 1e-6),
        "the profile says that the machine had its usual speed");
    rp_validation_free(&v);
    for (size_t i = 0; i < c.profile.round_count; i++)
        c.profile.rounds[i].speed = 2.0;
    v = validate(&m, RP_LEAVE_NOTHING, &c.profile);
    cr_expect(
        epsilon_eq(dbl, sum_up(&v, &m, NULL, RP_METRIC_MEAN).bias, 0.0, 1e-6),
        "the profile knows that it was slow");
    cr_expect(eq(sz, v.folds, 0));
    rp_validation_free(&v);
    rp_calibration_free(&c);
    rp_measured_free(&m);
}

static const struct rp_spread wide = {
    {0.8, 0.9, 0.9, 0.9, 1.0, 1.0, 1.1, 1.2, 1.4, 1.6}, 0.5};

/* The p90 of a configuration that a fold has never seen: an unrest that only
 * the profile knows makes it half as far from the p50. */
static double gap_ms(const struct rp_validation *v)
{
    double p50 = 0.0, p90 = 0.0;

    for (size_t i = 0; i < v->row_count; i++)
        if (v->rows[i].config == 0 && v->rows[i].metric == RP_METRIC_P50)
            p50 = v->rows[i].predicted;
        else if (v->rows[i].config == 0 && v->rows[i].metric == RP_METRIC_P90)
            p90 = v->rows[i].predicted;
    return p90 - p50;
}

Test(validation, the_campaigns_that_a_profile_knows_tell_the_unrest_of_a_fold)
{
    struct synthetic s = synthetic_usual();
    struct rp_calibration c = {.speed = NULL};
    struct rp_measured m;
    struct rp_validation v;
    double usual;

    s.spread = &wide;
    m = synthetic_measure(&s);
    cr_assert(eq(int, rp_speeds_find(&m, NULL), RP_OK));
    cr_assert(eq(int, rp_calibrate(&m, NULL, "a test", NULL, &c, NULL), RP_OK));
    v = validate(&m, RP_LEAVE_STACK, &c.profile);
    usual = gap_ms(&v);
    cr_expect(gt(dbl, usual, 0.0));
    rp_validation_free(&v);
    for (size_t i = 0; i < c.profile.round_count; i++)
        c.profile.rounds[i].unrest *= 0.5;
    v = validate(&m, RP_LEAVE_STACK, &c.profile);
    cr_expect(lt(dbl, gap_ms(&v), 0.6 * usual));
    cr_expect(gt(dbl, gap_ms(&v), 0.4 * usual));
    rp_validation_free(&v);
    rp_calibration_free(&c);
    rp_measured_free(&m);
}

Test(validation, a_summary_is_that_by_hand)
{
    static struct rp_config configs[3] = {{.server = RP_SERVER_GUNICORN},
                                          {.server = RP_SERVER_DAPHNE},
                                          {.server = RP_SERVER_DAPHNE}};
    static struct rp_validation_row rows[] = {
        {0, RP_METRIC_MEAN, 1, 1, 1, 1.1, 0.9, 1.2, 0.1, 0.02},
        {1, RP_METRIC_MEAN, 1, 1, 1, 0.7, 0.6, 0.9, -0.3, 0.04},
        {2, RP_METRIC_MEAN, 1, 1, 1, 1.0, 1.0, 1.0, 0.0, NAN},
        {2, RP_METRIC_P50, 1, 1, 1, 9.0, 8.0, 10.0, 8.0, NAN},
    };
    static struct rp_validated judged[] = {
        {.config = 0, .tier = RP_TIER_INSIDE},
        {.config = 1, .tier = RP_TIER_EXTRAPOLATED},
        {.config = 2, .tier = RP_TIER_INSIDE}};
    const struct rp_validation v = {
        .row_count = 4, .rows = rows, .config_count = 3, .configs = judged};
    const struct rp_measured m = {.config_count = 3, .configs = configs};
    const enum rp_server_kind uvicorn = RP_SERVER_UVICORN;
    const enum rp_server_kind daphne = RP_SERVER_DAPHNE;
    struct rp_validation_summary s = sum_up(&v, &m, NULL, RP_METRIC_MEAN);

    cr_expect(eq(sz, s.rows, 3));
    cr_expect(epsilon_eq(dbl, s.median_error, 0.1, 1e-12));
    cr_expect(epsilon_eq(dbl, s.mean_error, 0.4 / 3.0, 1e-12));
    cr_expect(epsilon_eq(dbl, s.worst_error, 0.3, 1e-12));
    cr_expect(epsilon_eq(dbl, s.bias, -0.2 / 3.0, 1e-12));
    cr_expect(epsilon_eq(dbl, s.covered, 2.0 / 3.0, 1e-12));
    cr_expect(epsilon_eq(dbl, s.noise, 0.03, 1e-12));
    s = sum_up(&v, &m, &daphne, RP_METRIC_MEAN);
    cr_expect(eq(sz, s.rows, 2));
    cr_expect(epsilon_eq(dbl, s.median_error, 0.15, 1e-12));
    s = sum_up(&v, &m, &uvicorn, RP_METRIC_MEAN);
    cr_expect(eq(sz, s.rows, 0));
    cr_expect(isnan(s.median_error));
    s = sum_up(&v, &m, NULL, RP_METRIC_P50);
    cr_expect(isnan(s.noise), "too few rounds");
    cr_assert(eq(
        int,
        rp_validation_sum_up_tier(&v, RP_TIER_INSIDE, RP_METRIC_MEAN, &s, NULL),
        RP_OK));
    cr_expect(eq(sz, s.rows, 2));
    cr_expect(epsilon_eq(dbl, s.mean_error, 0.05, 1e-12));
    cr_assert(eq(int,
                 rp_validation_sum_up_tier(&v, RP_TIER_INTERPOLATED,
                                           RP_METRIC_MEAN, &s, NULL),
                 RP_OK));
    cr_expect(eq(sz, s.rows, 0));
}

/* Whoever is left out was not measured as far as the fit knows. */
Test(validation, what_is_left_out_is_not_inside)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_calibration c = {.speed = NULL};
    struct rp_error error = {.code = RP_OK};
    struct rp_validation whole, left_out;

    rp_init();
    m = synthetic_measure(&s);
    cr_assert(eq(int, rp_speeds_find(&m, &error), RP_OK));
    cr_assert(
        eq(int, rp_calibrate(&m, NULL, "test", "today", &c, &error), RP_OK),
        "%s", error.text);
    whole = validate(&m, RP_LEAVE_NOTHING, &c.profile);
    left_out = validate(&m, RP_LEAVE_STACK, &c.profile);
    cr_assert(eq(sz, whole.config_count, m.config_count));
    for (size_t i = 0; i < whole.config_count; i++)
        cr_expect(eq(int, (int)whole.configs[i].tier, RP_TIER_INSIDE));
    for (size_t i = 0; i < left_out.config_count; i++)
        cr_expect(ne(int, (int)left_out.configs[i].tier, RP_TIER_INSIDE));
    cr_expect(eq(uint, rp_measured_requests(&m, 0), m.runs[0].requests));
    rp_validation_free(&left_out);
    rp_validation_free(&whole);
    rp_calibration_free(&c);
    rp_measured_free(&m);
}
