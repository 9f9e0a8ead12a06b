/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/loaded.h"

#include "fakeruns.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static struct rp_profile truth(void)
{
    struct rp_profile p = fake_profile();

    p.under_load.known[RP_PARAMETER_CLIENT] = true;
    p.under_load.value[RP_PARAMETER_CLIENT] = 110e3;
    p.under_load.known[RP_PARAMETER_WAKEUP] = true;
    p.under_load.value[RP_PARAMETER_WAKEUP] = 50e3;
    p.under_load.known[RP_PARAMETER_AFTER_GUNICORN] = true;
    p.under_load.value[RP_PARAMETER_AFTER_GUNICORN] = 40e3;
    return p;
}

static void calibrate(const struct rp_measured *m, struct rp_calibration *c,
                      struct rp_joint *j)
{
    static double speed[FAKE_ROUNDS] = {1, 1, 1, 1, 1, 1};
    const struct rp_joint_options options = {
        .runs = 3, .jobs = 1, .steps_max = 60};
    struct rp_error error = {0};

    *c = (struct rp_calibration){.profile = fake_profile(), .speed = speed};
    *j = (struct rp_joint){.count = 0};
    cr_assert(eq(int, rp_calibrate_loaded(m, &options, c, j, &error), RP_OK),
              "%s", error.text);
}

/* Rounds are 0, 1, -1, 2, -2 and 0 percent off: half of the deviations are 1 %
 * or more, so that a normal run's is 1.4826 %. */
Test(loaded, the_profile_learns_its_parameters_and_how_far_it_is_off)
{
    struct rp_profile known = truth();
    struct rp_measured m = fake_runs(&known, 0.01);
    struct rp_calibration c;
    struct rp_joint j;

    calibrate(&m, &c, &j);
    cr_expect(epsilon_eq(dbl, c.profile.under_load.value[RP_PARAMETER_CLIENT],
                         110e3, 3.3e3));
    cr_expect(
        eq(int, memcmp(&c.profile.under_load, &j.fitted, sizeof j.fitted), 0));
    for (unsigned k = 0; k < RP_METRIC_COUNT; k++) {
        const struct rp_accuracy *const a =
            &c.profile.accuracy[RP_SITUATION_LOADED][k];

        cr_expect(epsilon_eq(dbl, a->run_sd, 0.0148, 0.006), "%g", a->run_sd);
        cr_expect(lt(dbl, a->misfit_sd, 0.02), "%g", a->misfit_sd);
        cr_expect(
            eq(dbl, c.profile.accuracy[RP_SITUATION_WAITING][k].run_sd, 0.0));
        cr_expect(
            eq(dbl, c.profile.accuracy[RP_SITUATION_ALONE][k].run_sd, 0.01),
            "untouched");
    }
    rp_joint_free(&j);
    rp_profile_free(&c.profile);
    rp_measured_free(&m);
    rp_profile_free(&known);
}

/* One of five is 30 % off, and no parameter explains it: sqrt(0.26^2 / 5). */
Test(loaded, what_no_parameter_explains_is_misfit)
{
    struct rp_profile known = truth();
    struct rp_measured m = fake_runs(&known, 0.01);
    struct rp_calibration c;
    struct rp_joint j;

    fake_slower(&m, 4, 1.3);
    calibrate(&m, &c, &j);
    cr_expect(gt(
        dbl, c.profile.accuracy[RP_SITUATION_LOADED][RP_METRIC_RPS].misfit_sd,
        0.05));
    cr_expect(lt(
        dbl, c.profile.accuracy[RP_SITUATION_LOADED][RP_METRIC_RPS].misfit_sd,
        0.14));
    rp_joint_free(&j);
    rp_profile_free(&c.profile);
    rp_measured_free(&m);
    rp_profile_free(&known);
}

Test(loaded, runs_that_show_nothing_leave_the_profile_as_it_was)
{
    struct rp_profile known = truth();
    struct rp_measured m = fake_runs(&known, 0.01);
    struct rp_profile before = fake_profile();
    struct rp_calibration c;
    struct rp_joint j;

    for (size_t i = 0; i < m.config_count; i++)
        m.configs[i].concurrency = 1;
    calibrate(&m, &c, &j);
    cr_expect(eq(sz, j.count, 0));
    cr_expect(not(rp_parameters_any(&c.profile.under_load)));
    cr_expect(
        eq(int,
           memcmp(c.profile.accuracy, before.accuracy, sizeof before.accuracy),
           0));
    rp_joint_free(&j);
    rp_profile_free(&c.profile);
    rp_profile_free(&before);
    rp_measured_free(&m);
    rp_profile_free(&known);
}
