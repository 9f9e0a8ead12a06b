/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/joint.h"

#include "fakeruns.h"
#include "tests/sim/flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* From afar, where residuals count less, the search takes more steps. */
static const struct rp_joint_options plain = {
    .runs = 3, .jobs = 1, .steps_max = 60};

/* What the runs were made with: gunicorn has these four. */
static struct rp_profile truth(double client_us)
{
    static const struct {
        enum rp_parameter parameter;
        double us;
    } others[] = {{RP_PARAMETER_WAKEUP, 50.0},
                  {RP_PARAMETER_AFTER_GUNICORN, 40.0}};
    struct rp_profile p = fake_profile();

    p.under_load.known[RP_PARAMETER_CLIENT] = true;
    p.under_load.value[RP_PARAMETER_CLIENT] = 1e3 * client_us;
    for (size_t i = 0; i < 2; i++) {
        p.under_load.known[others[i].parameter] = true;
        p.under_load.value[others[i].parameter] = 1e3 * others[i].us;
    }
    p.under_load.known[RP_PARAMETER_WAKING] = true;
    p.under_load.value[RP_PARAMETER_WAKING] = 0.1;
    return p;
}

static struct rp_joint fit(const struct rp_measured *m,
                           const struct rp_joint_options *options)
{
    struct rp_profile p = fake_profile();
    struct rp_joint j = {.count = 0};
    struct rp_error error = {0};

    cr_assert(
        eq(int, rp_joint_fit(m, fake_speed, &p, options, &j, &error), RP_OK),
        "%s", error.text);
    rp_profile_free(&p);
    return j;
}

Test(joint, one_client_without_waits_shows_nothing)
{
    struct rp_config c = {.concurrency = 1};

    cr_expect(not(rp_joint_can_use(&c)));
    c.concurrency = 2;
    cr_expect(rp_joint_can_use(&c));
    c = (struct rp_config){.concurrency = 1, .io_ns = 1e6};
    cr_expect(rp_joint_can_use(&c));
    c = (struct rp_config){.concurrency = 1, .cpu_ns = 1e6};
    cr_expect(rp_joint_can_use(&c));
}

/* Eight processes are faster than ab: its own time is the whole throughput, so
 * the runs show it, to a percent or two. One process shows what of the base the
 * client and the wakeup take off and what comes after the answer, together. */
Test(joint, what_runs_were_made_with_is_found_again)
{
    struct rp_profile known = truth(110.0);
    struct rp_measured m = fake_runs(&known, 0.01);
    struct rp_joint j = fit(&m, &plain);
    const double *const found = j.fitted.value;

    cr_expect(eq(sz, j.config_count, FAKE_CONFIGS));
    cr_expect(eq(sz, j.count, 4), "gunicorn's");
    cr_expect(j.fitted.known[RP_PARAMETER_CLIENT]);
    cr_expect(not(j.fitted.known[RP_PARAMETER_ITERATION]));
    cr_expect(epsilon_eq(dbl, found[RP_PARAMETER_CLIENT], 110e3, 3.3e3), "%g",
              found[RP_PARAMETER_CLIENT]);
    cr_expect(epsilon_eq(dbl,
                         found[RP_PARAMETER_CLIENT] +
                             found[RP_PARAMETER_WAKEUP] +
                             found[RP_PARAMETER_WAKING] * FAKE_BASE_NS -
                             found[RP_PARAMETER_AFTER_GUNICORN],
                         120e3 + 0.1 * FAKE_BASE_NS, 7e3));
    cr_expect(lt(dbl, j.rms, 1.0), "nothing is left but noise");
    cr_expect(gt(dbl, j.rms_before, 2.0 * j.rms));
    for (size_t k = 0; k < j.count; k++)
        if (j.which[k] == RP_PARAMETER_CLIENT)
            cr_expect(lt(dbl, rp_joint_shown(&j, k), 0.1), "by the runs");
        else
            cr_expect(gt(dbl, rp_joint_shown(&j, k), 0.1), "by the prior");
    rp_joint_free(&j);
    rp_joint_free(&j);
    rp_measured_free(&m);
    rp_profile_free(&known);
}

/* What a data set lacks is no parameter of its runs. */
Test(joint, what_a_server_lacks_is_not_fitted)
{
    struct rp_profile known = truth(110.0);
    struct rp_measured m = fake_runs(&known, 0.01);
    struct rp_joint j;

    for (size_t d = 0; d < m.dataset_count; d++)
        m.datasets[d].lacking.wakeups = m.datasets[d].lacking.cold = true;
    j = fit(&m, &plain);
    cr_expect(eq(sz, j.count, 2));
    cr_expect(j.fitted.known[RP_PARAMETER_CLIENT]);
    cr_expect(not(j.fitted.known[RP_PARAMETER_WAKEUP]));
    rp_joint_free(&j);
    rp_measured_free(&m);
    rp_profile_free(&known);
}

Test(joint, at_a_profile_the_fit_stays)
{
    struct rp_profile known = truth(110.0);
    struct rp_measured m = fake_runs(&known, 0.01);
    struct rp_joint j = {.count = 0};
    struct rp_error error = {0};

    cr_assert(
        eq(int, rp_joint_at(&m, fake_speed, &known, &plain, &j, &error), RP_OK),
        "%s", error.text);
    cr_expect(eq(uint, j.steps, 0));
    cr_expect(
        epsilon_eq(dbl, j.fitted.value[RP_PARAMETER_CLIENT], 110e3, 1e-6));
    cr_expect(epsilon_eq(dbl, j.fitted.value[RP_PARAMETER_WAKEUP], 50e3, 1e-6));
    cr_expect(lt(dbl, j.rms, 1.0), "the runs were made there");
    rp_joint_free(&j);
    rp_measured_free(&m);
    rp_profile_free(&known);
}

/* One of three says that ab takes 8 % longer: a standard deviation, so that the
 * model is as good as linear. Without it the step from the full solution is
 * where a fit of the others ends. */
Test(joint, a_step_from_the_full_fit_is_a_fit_without_some)
{
    struct rp_profile known = truth(110.0);
    struct rp_measured m;
    const bool leave_out[FAKE_CONFIGS] = {[1] = true};
    struct rp_joint_options without = plain;
    struct rp_parameters step;
    struct rp_joint all, others;
    struct rp_error error = {0};
    double full, refit, stepped;

    /* what the kernel takes for waking and what the code does, one server
     * cannot tell apart */
    known.under_load.known[RP_PARAMETER_WAKING] = false;
    known.under_load.value[RP_PARAMETER_WAKING] = 0.0;
    m = fake_runs(&known, 0.1);
    for (size_t d = 0; d < m.dataset_count; d++)
        m.datasets[d].lacking.cold = true;
    fake_slower(&m, 1, 1.08);
    without.leave_out = leave_out;
    all = fit(&m, &plain);
    others = fit(&m, &without);
    cr_assert(eq(int, rp_joint_without(&all, leave_out, &step, &error), RP_OK));
    cr_expect(eq(sz, others.config_count, FAKE_CONFIGS - 1));
    full = log(all.fitted.value[RP_PARAMETER_CLIENT]);
    refit = log(others.fitted.value[RP_PARAMETER_CLIENT]);
    stepped = log(step.value[RP_PARAMETER_CLIENT]);
    cr_expect(gt(dbl, full - refit, 0.005), "it pulled: %g", full - refit);
    cr_expect(lt(dbl, fabs(stepped - refit), 0.3 * (full - refit)), "%g for %g",
              full - stepped, full - refit);
    for (unsigned p = 0; p < RP_PARAMETER_COUNT; p++)
        if (step.known[p])
            cr_expect(lt(dbl, fabs(log(step.value[p] / others.fitted.value[p])),
                         0.5 * others.fitted.se[p] / others.fitted.value[p]),
                      "within half of its error: %s",
                      rp_parameter_name((enum rp_parameter)p));
    cr_expect(gt(dbl,
                 step.se[RP_PARAMETER_CLIENT] / step.value[RP_PARAMETER_CLIENT],
                 all.fitted.se[RP_PARAMETER_CLIENT] /
                     all.fitted.value[RP_PARAMETER_CLIENT]),
              "less is known");
    rp_joint_free(&all);
    rp_joint_free(&others);
    rp_measured_free(&m);
    rp_profile_free(&known);
}

/* Without all configurations the prior is left: no step goes further than a
 * factor of e, and the errors are the prior's. */
Test(joint, without_any_configuration_the_prior_is_left)
{
    struct rp_profile known = truth(110.0);
    struct rp_measured m = fake_runs(&known, 0.01);
    const bool all_out[FAKE_CONFIGS] = {true, true, true, true, true};
    struct rp_joint j = fit(&m, &plain);
    struct rp_parameters prior;
    struct rp_error error = {0};

    cr_assert(eq(int, rp_joint_without(&j, all_out, &prior, &error), RP_OK));
    for (size_t k = 0; k < j.count; k++) {
        cr_expect(
            epsilon_eq(dbl, log(prior.value[j.which[k]]), j.start[k], 1e-9));
        cr_expect(epsilon_eq(dbl,
                             prior.se[j.which[k]] / prior.value[j.which[k]],
                             j.sd[k] * fmax(1.0, j.rms), 1e-9));
        for (size_t l = 0; l < k; l++)
            cr_expect(epsilon_eq(dbl, prior.correlation[j.which[k]][j.which[l]],
                                 0.0, 1e-12));
    }
    rp_joint_free(&j);
    rp_measured_free(&m);
    rp_profile_free(&known);
}

Test(joint, runs_that_show_nothing_fit_no_parameter)
{
    struct rp_profile known = truth(110.0);
    struct rp_measured m = fake_runs(&known, 0.01);
    struct rp_parameters p = {.known = {true}};
    struct rp_error error = {0};
    struct rp_joint j;

    for (size_t i = 0; i < m.config_count; i++)
        m.configs[i].concurrency = 1;
    j = fit(&m, &plain);
    cr_expect(eq(sz, j.count, 0));
    cr_expect(eq(sz, j.config_count, 0));
    cr_expect(not(rp_parameters_any(&j.fitted)));
    cr_expect(eq(int, rp_joint_without(&j, NULL, &p, &error), RP_OK));
    cr_expect(not(rp_parameters_any(&p)));
    rp_joint_free(&j);
    rp_measured_free(&m);
    rp_profile_free(&known);
}

struct told {
    unsigned count, last, most;
    double rms;
};

static void write_down(void *context, const struct rp_joint_progress *p)
{
    struct told *const t = context;

    cr_expect(eq(uint, p->step, t->count));
    t->count++;
    t->last = p->step;
    t->most = p->steps_max;
    t->rms = p->rms;
}

Test(joint, each_step_is_told_and_there_are_no_more_than_wanted)
{
    struct rp_profile known = truth(160.0);
    struct rp_measured m = fake_runs(&known, 0.01);
    struct told told = {0};
    const struct rp_joint_options two = {.runs = 1,
                                         .jobs = 2,
                                         .steps_max = 2,
                                         .tell = write_down,
                                         .context = &told};
    struct rp_joint j = fit(&m, &two);

    cr_expect(le(uint, told.last, 2));
    cr_expect(ge(uint, told.last, 1));
    cr_expect(eq(uint, told.most, 2));
    cr_expect(eq(uint, j.steps, told.last));
    rp_joint_free(&j);
    rp_measured_free(&m);
    rp_profile_free(&known);
}

/* A view that waits 20 ms behind 1 ms, and a timer that is half a millisecond
 * late: by hand a request takes 21.5 ms, and with a timer that is e^0.08 as
 * late 21 + 0.5 e^0.08. A median that is known to 2 % says so much of it. */
Test(joint, what_a_run_would_tell_is_how_much_it_would_move)
{
    static const char text[] =
        "view: {wait: 20ms}\n"
        "mechanisms: {slack: true, cold: false, client: false, "
        "wakeups: false, after: false, batching: false, "
        "handover: false, collections: false}\n";
    const double moved =
        log((21.0 + 0.5 * exp(0.08)) / (21.0 + 0.5 * exp(-0.08))) / 0.16 / 0.02;
    struct rp_profile profile =
        flat_profile((struct flat_costs){.base = 1e6, .a2s_new = 0.2e6});
    struct rp_joint_run run = {.config = {.server = RP_SERVER_GUNICORN,
                                          .threads = 1,
                                          .concurrency = 1,
                                          .io_ns = 20e6},
                               .requests = 50,
                               .sd = {0.02, 0.02, 0.02, 0.02}};
    struct rp_scenario scenario = {0};
    struct rp_joint j = {.count = 0};
    struct rp_error error = {0};

    cr_assert(rp_scenario_read_text(text, sizeof text - 1, "x.yaml", &scenario,
                                    &error) == RP_OK,
              "%s", error.text);
    run.scenario = &scenario;
    profile.under_load.known[RP_PARAMETER_SLACK] = true;
    profile.under_load.value[RP_PARAMETER_SLACK] = 0.5e6;
    cr_assert(
        eq(int, rp_joint_preview(&profile, &run, 1, &plain, &j, &error), RP_OK),
        "%s", error.text);
    cr_assert(eq(sz, j.count, 1));
    cr_expect(eq(int, (int)j.which[0], (int)RP_PARAMETER_SLACK));
    cr_expect(epsilon_eq(dbl, exp(j.x[0]), 0.5e6, 1.0));
    cr_expect(epsilon_eq(dbl, j.jacobian[0], -moved, 0.02 * moved), "rps");
    for (size_t m = 1; m < RP_JOINT_METRICS; m++)
        cr_expect(epsilon_eq(dbl, j.jacobian[m], moved, 0.02 * moved));
    rp_joint_free(&j);
    rp_scenario_free(&scenario);
    rp_profile_free(&profile);
}
