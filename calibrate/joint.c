/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/joint.h"

#include "calibrate/dataset.h"
#include "calibrate/pauses.h"
#include "calibrate/rehearse.h"
#include "calibrate/typical.h"
#include "sim/jobs.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const enum rp_metric rp_joint_metrics[RP_JOINT_METRICS] = {
    RP_METRIC_RPS, RP_METRIC_P50, RP_METRIC_P90, RP_METRIC_P99};

enum { DEFAULT_RUNS = 9, DEFAULT_STEPS = 12 };

/* Steps of the logarithms for differences: a simulation has corners, which a
 * smaller step would take for slopes. */
static const double difference = 0.08;

/* Beyond so many standard deviations a residual counts linearly. */
static const double huber = 2.0;

/* No prior is narrower: collections depend on more than is modelled. */
static const double least_prior_sd = 0.05;

/* Where the search begins and what the prior is centred on: typical values, of
 * a machine that serves gunicorn's empty request in 0.3 ms. Times; the lengths
 * of collections and the pauses that cool are in ms. */
static const double typical[RP_PARAMETER_COUNT] = {
    [RP_PARAMETER_CLIENT] = 75e3,
    [RP_PARAMETER_WAKEUP] = 30e3,
    [RP_PARAMETER_ITERATION] = 10e3,
    [RP_PARAMETER_PIPE] = 10e3,
    [RP_PARAMETER_THREAD] = 10e3,
    [RP_PARAMETER_HANDOVER] = 10e3,
    [RP_PARAMETER_AFTER_GUNICORN] = 40e3,
    [RP_PARAMETER_AFTER_GTHREAD] = 40e3,
    [RP_PARAMETER_AFTER_RUNSERVER] = 40e3,
    [RP_PARAMETER_AFTER_DAPHNE] = 60e3,
    [RP_PARAMETER_AFTER_UVICORN] = 60e3,
    [RP_PARAMETER_SLOWNESS] = 5.0,
    [RP_PARAMETER_FADE] = 0.3e6,
    [RP_PARAMETER_IDLE] = 4e6,
    [RP_PARAMETER_WAKING] = 0.1,
    [RP_PARAMETER_DISPLACED] = 0.3,
    [RP_PARAMETER_OTHERS] = 5e6,
    [RP_PARAMETER_SLACK] = 150e3,
    [RP_PARAMETER_ACCEPT] = 60e3,
    [RP_PARAMETER_FULL_DAPHNE] = 1500.0,
    [RP_PARAMETER_CROWDED_DAPHNE] = 900.0,
    [RP_PARAMETER_LENGTH_DAPHNE] = 40e6,
    [RP_PARAMETER_FULL_UVICORN] = 2500.0,
    [RP_PARAMETER_CROWDED_UVICORN] = 1200.0,
    [RP_PARAMETER_LENGTH_UVICORN] = 25e6};

/* One configuration, as it was measured. */
struct seat {
    size_t config;
    struct rp_scenario scenario;
    struct rp_profile profile; /* as it was in the campaign; owns its costs */
    unsigned requests;
    double noise; /* of a run: that of its p50, which no pause moves */
    double measured[RP_JOINT_METRICS]; /* NAN: not had */
    double sd[RP_JOINT_METRICS];       /* of its logarithm */
};

struct fitting {
    const struct rp_measured *measured;
    const double *speed;
    const struct rp_profile *profile;
    struct rp_joint_options options;
    struct rp_joint *joint;
    struct seat *seats;
    double *cached; /* residuals at cached_x, without the prior's */
    double *cached_x;
    bool is_cached;
    double *scratch;
    bool stays; /* at the parameters of the profile */
    enum rp_code code;
    struct rp_error *error;
};

/* ---- What a configuration shows ---- */

bool rp_joint_can_use(const struct rp_config *config)
{
    return !rp_config_is_open(config) &&
           (config->concurrency > 1 || rp_config_own_ns(config) > 0.0);
}

static bool is_server(const struct rp_config *c, enum rp_parameter parameter)
{
    switch (parameter) {
    case RP_PARAMETER_AFTER_GUNICORN:
        return c->server == RP_SERVER_GUNICORN;
    case RP_PARAMETER_AFTER_RUNSERVER:
        return c->server == RP_SERVER_RUNSERVER;
    case RP_PARAMETER_AFTER_GTHREAD:
    case RP_PARAMETER_ACCEPT:
        return c->server == RP_SERVER_GTHREAD;
    case RP_PARAMETER_DISPLACED:
    case RP_PARAMETER_OTHERS:
        return c->server != RP_SERVER_GUNICORN;
    case RP_PARAMETER_AFTER_DAPHNE:
    case RP_PARAMETER_FULL_DAPHNE:
    case RP_PARAMETER_CROWDED_DAPHNE:
    case RP_PARAMETER_LENGTH_DAPHNE:
        return c->server == RP_SERVER_DAPHNE;
    case RP_PARAMETER_AFTER_UVICORN:
    case RP_PARAMETER_FULL_UVICORN:
    case RP_PARAMETER_CROWDED_UVICORN:
    case RP_PARAMETER_LENGTH_UVICORN:
        return c->server == RP_SERVER_UVICORN;
    case RP_PARAMETER_ITERATION:
        return rp_server_is_asgi(c->server) || c->server == RP_SERVER_GTHREAD;
    case RP_PARAMETER_HANDOVER:
        return c->server != RP_SERVER_GUNICORN;
    case RP_PARAMETER_PIPE:
    case RP_PARAMETER_THREAD:
        return rp_server_is_asgi(c->server);
    case RP_PARAMETER_CLIENT:
    case RP_PARAMETER_WAKEUP:
    case RP_PARAMETER_SLOWNESS:
    case RP_PARAMETER_FADE:
    case RP_PARAMETER_IDLE:
    case RP_PARAMETER_WAKING:
    case RP_PARAMETER_SLACK:
    case RP_PARAMETER_COUNT:
        break;
    }
    return true;
}

/* A configuration whose rehearsal the parameter changes. */
static bool touches(const struct rp_config *c, enum rp_parameter parameter)
{
    if (parameter == RP_PARAMETER_SLACK)
        return c->io_ns > 0.0;
    if (parameter == RP_PARAMETER_SLOWNESS || parameter == RP_PARAMETER_FADE ||
        parameter == RP_PARAMETER_IDLE)
        return rp_config_own_ns(c) > 0.0;
    if (parameter == RP_PARAMETER_DISPLACED || parameter == RP_PARAMETER_OTHERS)
        return c->concurrency > 1 && is_server(c, parameter);
    return is_server(c, parameter);
}

/* ---- Setting up ---- */

/* The same where its mechanism is at work, and where there is what it is of. */
static bool is_shown_by(const struct seat *seat, const struct rp_config *config,
                        enum rp_parameter parameter)
{
    if (parameter == RP_PARAMETER_HANDOVER && !seat->scenario.server.gil)
        return false;
    return rp_parameter_is_on(&seat->scenario.mechanisms, parameter) &&
           touches(config, parameter);
}

/* The relative noise of one run of a data set. */
static double noise_of(const struct fitting *f, size_t dataset,
                       enum rp_metric metric, bool *only)
{
    for (size_t i = 0; i < f->measured->config_count; i++)
        only[i] = f->measured->configs[i].dataset == dataset &&
                  rp_joint_can_use(&f->measured->configs[i]);
    return rp_typical_run_sd(f->measured, f->speed, only, metric, f->scratch);
}

static void take_measured(const struct fitting *f, struct seat *seat,
                          const double *noise)
{
    const size_t dataset = f->measured->configs[seat->config].dataset;

    seat->noise = noise[dataset * RP_JOINT_METRICS + 1];
    for (size_t m = 0; m < RP_JOINT_METRICS; m++) {
        const struct rp_typical t =
            rp_typical_find(f->measured, f->speed, seat->config,
                            rp_joint_metrics[m], f->scratch);
        const double one = noise[dataset * RP_JOINT_METRICS + m];

        seat->measured[m] = t.runs > 0 && t.value > 0.0 ? t.value : (double)NAN;
        seat->sd[m] = hypot(RP_JOINT_MISFIT,
                            one * sqrt(M_PI_2 / fmax(1.0, (double)t.runs)));
    }
}

/* What the profile has no price for is rehearsed no more than predicted. */
static bool is_wanted(const struct fitting *f, size_t config)
{
    const struct rp_config *const c = &f->measured->configs[config];

    return rp_joint_can_use(c) &&
           f->profile->cost_of_item[rp_item_base(c->server)] >= 0 &&
           rp_measured_requests(f->measured, config) > 0 &&
           !(f->options.leave_out && f->options.leave_out[config]);
}

static enum rp_code take_seats(struct fitting *f, const double *noise)
{
    struct rp_joint *const j = f->joint;
    const struct rp_measured *const m = f->measured;
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < m->config_count && !code; i++) {
        struct seat *const seat = &f->seats[j->config_count];

        if (!is_wanted(f, i))
            continue;
        seat->config = i;
        seat->requests = rp_measured_requests(m, i);
        code = rp_dataset_scenario(&m->datasets[m->configs[i].dataset],
                                   &m->configs[i], &seat->scenario, f->error);
        if (!code &&
            !rp_profile_in_campaign(f->profile,
                                    m->datasets[m->configs[i].dataset].campaign,
                                    &seat->profile)) {
            rp_scenario_free(&seat->scenario);
            code = rp_fail(f->error, RP_ERR_MEMORY, "out of memory");
        }
        if (code)
            break;
        take_measured(f, seat, noise);
        j->configs[j->config_count++] = i;
    }
    return code;
}

/* How fast the machine is against that of the typical values: by what gunicorn,
 * or whatever else was measured, takes. */
static double machine(const struct rp_profile *profile)
{
    static const double base_ns[] = {[RP_SERVER_GUNICORN] = 303e3,
                                     [RP_SERVER_GTHREAD] = 389e3,
                                     [RP_SERVER_RUNSERVER] = 400e3,
                                     [RP_SERVER_DAPHNE] = 636e3,
                                     [RP_SERVER_UVICORN] = 409e3};
    double sum = 0.0;
    unsigned n = 0;

    for (unsigned s = 0; s < sizeof base_ns / sizeof *base_ns; s++) {
        const int cost =
            profile->cost_of_item[rp_item_base((enum rp_server_kind)s)];

        if (cost < 0 || !(profile->costs[cost].mean_ns > 0.0))
            continue;
        sum += log(profile->costs[cost].mean_ns / base_ns[s]);
        n++;
    }
    return n > 0 ? exp(sum / n) : 1.0;
}

static void choose_parameters(struct fitting *f)
{
    struct rp_joint *const j = f->joint;
    const double slower = machine(f->profile);

    for (unsigned p = 0; p < RP_PARAMETER_COUNT; p++) {
        const enum rp_parameter parameter = (enum rp_parameter)p;
        bool is_shown = false;

        for (size_t i = 0; i < j->config_count && !is_shown; i++)
            is_shown = is_shown_by(
                &f->seats[i], &f->measured->configs[j->configs[i]], parameter);
        if (!is_shown)
            continue;
        j->which[j->count] = parameter;
        j->start[j->count] =
            log(typical[p] * (rp_parameter_unit(parameter) == RP_UNIT_TIME &&
                                      parameter != RP_PARAMETER_SLACK
                                  ? slower
                                  : 1.0));
        j->x[j->count] = f->stays && f->profile->under_load.value[p] > 0.0
                             ? log(f->profile->under_load.value[p])
                             : j->start[j->count];
        j->sd[j->count] = 1.0;
        j->count++;
    }
}

/* A prior that the runs themselves give. */
static void set_prior(struct rp_joint *j, enum rp_parameter parameter,
                      double value, double relative_se, bool stays)
{
    for (size_t k = 0; k < j->count; k++)
        if (j->which[k] == parameter && value > 0.0 && isfinite(value)) {
            j->start[k] = log(value);
            j->sd[k] = fmax(least_prior_sd, fmin(1.0, relative_se));
            if (!stays)
                j->x[k] = j->start[k];
        }
}

static enum rp_code set_pauses(struct fitting *f, enum rp_server_kind server,
                               enum rp_parameter every,
                               enum rp_parameter crowded,
                               enum rp_parameter length)
{
    const int cost = f->profile->cost_of_item[rp_item_base(server)];
    struct rp_pauses p;
    enum rp_code code;

    if (cost < 0)
        return RP_OK;
    code = rp_pauses_find(f->measured, f->speed, server,
                          f->profile->costs[cost].mean_ns, f->options.leave_out,
                          &p, f->error);
    if (code)
        return code;
    set_prior(f->joint, every, p.every, p.every_se, f->stays);
    set_prior(f->joint, crowded, p.crowded, p.crowded_se, f->stays);
    set_prior(f->joint, length, p.length_ns, p.length_se, f->stays);
    return RP_OK;
}

/* ---- Residuals ---- */

static struct rp_profile profile_at(const struct fitting *f,
                                    const struct seat *seat, const double *x)
{
    struct rp_profile p = seat->profile; /* everything owned is borrowed */

    p.under_load = (struct rp_parameters){.known = {false}};
    for (size_t k = 0; k < f->joint->count; k++) {
        p.under_load.known[f->joint->which[k]] = true;
        p.under_load.value[f->joint->which[k]] = exp(x[k]);
    }
    return p;
}

static double soften(double z)
{
    const double s =
        huber * sqrt(2.0 * (sqrt(1.0 + gsl_pow_2(z / huber)) - 1.0));

    return z < 0.0 ? -s : s;
}

/* Its derivative. Differences are taken of what is not softened yet: a step
 * that moves a residual by several noises would else seem to move it less. */
static double soften_slope(double z)
{
    const double s = soften(z);

    return fabs(z) < 1e-6 ? 1.0 : z / (s * sqrt(1.0 + gsl_pow_2(z / huber)));
}

/* A rehearsal that the fit asks for. */
struct task {
    const struct fitting *fitting;
    size_t seat;
    double x[RP_PARAMETER_COUNT];
    double residual[RP_JOINT_METRICS];
    enum rp_code code;
    struct rp_error error;
};

static void do_task(void *context, size_t index)
{
    struct task *const t = (struct task *)context + index;
    const struct fitting *const f = t->fitting;
    const struct seat *const seat = &f->seats[t->seat];
    const struct rp_profile profile = profile_at(f, seat, t->x);
    const struct rp_rehearse_options options = {
        f->options.runs, seat->requests, seat->scenario.seed, seat->noise};
    struct rp_rehearsal r;

    t->code = rp_rehearse(&seat->scenario, &profile, &options, &r, &t->error);
    for (size_t m = 0; m < RP_JOINT_METRICS && !t->code; m++) {
        const double z =
            log(r.value[rp_joint_metrics[m]] / seat->measured[m]) / seat->sd[m];

        t->residual[m] = isfinite(z) ? z : 0.0;
    }
}

static enum rp_code do_tasks(const struct fitting *f, struct task *tasks,
                             size_t count)
{
    rp_jobs_run(count, f->options.jobs, do_task, tasks);
    for (size_t i = 0; i < count; i++)
        if (tasks[i].code)
            return rp_fail(f->error, tasks[i].code, "%s", tasks[i].error.text);
    return RP_OK;
}

static enum rp_code find_residuals(struct fitting *f, const double *x)
{
    const struct rp_joint *const j = f->joint;
    const size_t n = j->config_count;
    struct task *tasks;
    enum rp_code code;

    if (f->is_cached && memcmp(x, f->cached_x, j->count * sizeof *x) == 0)
        return RP_OK;
    tasks = calloc(n + 1, sizeof *tasks);
    if (!tasks)
        return rp_fail(f->error, RP_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < n; i++) {
        tasks[i].fitting = f;
        tasks[i].seat = i;
        memcpy(tasks[i].x, x, j->count * sizeof *x);
    }
    code = do_tasks(f, tasks, n);
    for (size_t i = 0; i < n && !code; i++)
        memcpy(f->cached + i * RP_JOINT_METRICS, tasks[i].residual,
               sizeof tasks[i].residual);
    if (!code)
        memcpy(f->cached_x, x, j->count * sizeof *x);
    f->is_cached = !code;
    free(tasks);
    return code;
}

/* Central differences; configurations that a parameter does not touch have
 * none. `slopes` has a row a residual. The two sides of one follow each other
 * among the tasks. */
static enum rp_code find_slopes(struct fitting *f, const double *x,
                                double *slopes)
{
    const struct rp_joint *const j = f->joint;
    const size_t n = j->config_count;
    struct task *const tasks = calloc(2 * n * j->count + 1, sizeof *tasks);
    size_t *const of = calloc(2 * n * j->count + 1, sizeof *of);
    enum rp_code code = find_residuals(f, x);
    size_t count = 0;

    if (!tasks || !of)
        code = rp_fail(f->error, RP_ERR_MEMORY, "out of memory");
    for (size_t k = 0; k < j->count && !code; k++)
        for (size_t i = 0; i < n; i++) {
            if (!is_shown_by(&f->seats[i], &f->measured->configs[j->configs[i]],
                             j->which[k]))
                continue;
            for (unsigned side = 0; side < 2; side++) {
                struct task *const t = &tasks[count];

                t->fitting = f;
                t->seat = i;
                memcpy(t->x, x, j->count * sizeof *x);
                t->x[k] += side > 0 ? difference : -difference;
                of[count++] = k;
            }
        }
    if (!code)
        code = do_tasks(f, tasks, count);
    memset(slopes, 0, n * RP_JOINT_METRICS * j->count * sizeof *slopes);
    for (size_t t = 0; t < count && !code; t += 2)
        for (size_t m = 0; m < RP_JOINT_METRICS; m++) {
            const size_t row = tasks[t].seat * RP_JOINT_METRICS + m;

            slopes[row * j->count + of[t]] =
                soften_slope(f->cached[row]) *
                (tasks[t + 1].residual[m] - tasks[t].residual[m]) /
                (2.0 * difference);
        }
    free(tasks);
    free(of);
    return code;
}

/* ---- Least squares ---- */

/* The prior's residuals come after the others: a standard deviation of 1. */
static int f_of_x(const gsl_vector *x, void *context, gsl_vector *out)
{
    struct fitting *const f = context;
    const size_t n = f->joint->config_count * RP_JOINT_METRICS;

    f->code = find_residuals(f, x->data);
    if (f->code)
        return GSL_EFAILED;
    for (size_t i = 0; i < n; i++)
        gsl_vector_set(out, i, soften(f->cached[i]));
    for (size_t k = 0; k < f->joint->count; k++)
        gsl_vector_set(out, n + k,
                       (x->data[k] - f->joint->start[k]) / f->joint->sd[k]);
    return GSL_SUCCESS;
}

static int df_of_x(const gsl_vector *x, void *context, gsl_matrix *out)
{
    struct fitting *const f = context;
    struct rp_joint *const j = f->joint;
    const size_t n = j->config_count * RP_JOINT_METRICS;

    f->code = find_slopes(f, x->data, j->jacobian);
    if (f->code)
        return GSL_EFAILED;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < j->count; k++)
            gsl_matrix_set(out, i, k, j->jacobian[i * j->count + k]);
    for (size_t k = 0; k < j->count; k++)
        for (size_t l = 0; l < j->count; l++)
            gsl_matrix_set(out, n + k, l, k == l ? 1.0 / j->sd[k] : 0.0);
    return GSL_SUCCESS;
}

static double rms(const struct rp_joint *j, const double *raw)
{
    const size_t n = j->config_count * RP_JOINT_METRICS;
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += gsl_pow_2(soften(raw[i]));
    return sqrt(sum / (double)n);
}

static void tell(const struct fitting *f, unsigned step)
{
    const struct rp_joint_progress progress = {step, f->options.steps_max,
                                               rms(f->joint, f->cached)};

    if (f->options.tell)
        f->options.tell(f->options.context, &progress);
}

/* Steps until one gains less than a thousandth. */
static enum rp_code descend(struct fitting *f,
                            gsl_multifit_nlinear_workspace *w)
{
    struct rp_joint *const j = f->joint;

    for (unsigned step = j->steps + 1; step <= f->options.steps_max; step++) {
        const double before = gsl_blas_dnrm2(w->f);
        const int status = gsl_multifit_nlinear_iterate(w);

        if (f->code)
            return f->code;
        j->steps = step;
        memcpy(j->x, w->x->data, j->count * sizeof *j->x);
        tell(f, step);
        if (status || gsl_blas_dnrm2(w->f) > 0.999 * before)
            break;
    }
    return RP_OK;
}

static enum rp_code minimise(struct fitting *f)
{
    struct rp_joint *const j = f->joint;
    const size_t n = j->config_count * RP_JOINT_METRICS + j->count;
    gsl_multifit_nlinear_parameters how =
        gsl_multifit_nlinear_default_parameters();
    gsl_multifit_nlinear_fdf fdf = {
        .f = f_of_x, .df = df_of_x, .n = n, .p = j->count, .params = f};
    const gsl_vector_const_view start =
        gsl_vector_const_view_array(j->x, j->count);
    gsl_multifit_nlinear_workspace *w;

    how.scale = gsl_multifit_nlinear_scale_levenberg;
    w = gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, n,
                                   j->count);
    if (!w)
        return rp_fail(f->error, RP_ERR_MEMORY, "out of memory");
    (void)gsl_multifit_nlinear_init(&start.vector, &fdf, w);
    if (!f->code && j->steps == 0) {
        j->rms_before = rms(j, f->cached);
        tell(f, 0);
    }
    if (!f->code)
        f->code = descend(f, w);
    gsl_multifit_nlinear_free(w);
    return f->code;
}

/* ---- Standard errors ---- */

/* J'J and J'r of the residuals that stay, with the prior's; `skip` is flags of
 * configurations, or NULL. */
static void normal_equations(const struct rp_joint *j, const bool *skip,
                             gsl_matrix *jj, gsl_vector *jr)
{
    const size_t p = j->count;

    gsl_matrix_set_zero(jj);
    for (size_t k = 0; k < p; k++) {
        gsl_matrix_set(jj, k, k, 1.0 / gsl_pow_2(j->sd[k]));
        gsl_vector_set(jr, k, (j->x[k] - j->start[k]) / gsl_pow_2(j->sd[k]));
    }
    for (size_t i = 0; i < j->config_count * RP_JOINT_METRICS; i++) {
        const double *const row = j->jacobian + i * p;

        if (skip && skip[j->configs[i / RP_JOINT_METRICS]])
            continue;
        for (size_t k = 0; k < p; k++) {
            *gsl_vector_ptr(jr, k) += row[k] * j->residual[i];
            for (size_t l = 0; l < p; l++)
                *gsl_matrix_ptr(jj, k, l) += row[k] * row[l];
        }
    }
}

static void fill(const struct rp_joint *j, const double *x,
                 const gsl_matrix *covariance, double scale,
                 struct rp_parameters *out)
{
    *out = (struct rp_parameters){.known = {false}};
    for (size_t k = 0; k < j->count; k++) {
        const enum rp_parameter own = j->which[k];
        const double var = gsl_matrix_get(covariance, k, k);

        out->known[own] = true;
        out->value[own] = exp(x[k]);
        out->se[own] = out->value[own] * sqrt(scale * var);
        for (size_t l = 0; l < j->count; l++)
            out->correlation[own][j->which[l]] =
                gsl_matrix_get(covariance, k, l) /
                sqrt(var * gsl_matrix_get(covariance, l, l));
    }
}

/* What is left of the misfit widens the errors, unless there is none. */
static double misfit_scale(const struct rp_joint *j)
{
    return fmax(1.0, gsl_pow_2(j->rms));
}

/* The solution without some, or with all where `skip` is NULL and nothing
 * moves. */
static enum rp_code solve(const struct rp_joint *j, const bool *skip,
                          struct rp_parameters *out, struct rp_error *error)
{
    const size_t p = j->count;
    gsl_matrix *const jj = gsl_matrix_alloc(p, p);
    gsl_vector *const step = gsl_vector_alloc(p);
    double x[RP_PARAMETER_COUNT];

    if (!jj || !step) {
        gsl_matrix_free(jj);
        gsl_vector_free(step);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory");
    }
    normal_equations(j, skip, jj, step);
    (void)gsl_linalg_cholesky_decomp1(jj); /* the prior makes it definite */
    (void)gsl_linalg_cholesky_svx(jj, step);
    for (size_t k = 0; k < p; k++)
        x[k] = j->x[k] -
               (skip ? fmax(-1.0, fmin(1.0, gsl_vector_get(step, k))) : 0.0);
    (void)gsl_linalg_cholesky_invert(jj);
    fill(j, x, jj, misfit_scale(j), out);
    gsl_matrix_free(jj);
    gsl_vector_free(step);
    return RP_OK;
}

enum rp_code rp_joint_without(const struct rp_joint *joint,
                              const bool *leave_out,
                              struct rp_parameters *parameters,
                              struct rp_error *error)
{
    if (joint->count == 0) {
        *parameters = (struct rp_parameters){.known = {false}};
        return RP_OK;
    }
    return solve(joint, leave_out, parameters, error);
}

double rp_joint_shown(const struct rp_joint *joint, size_t index)
{
    const enum rp_parameter own = joint->which[index];

    return joint->fitted.se[own] / joint->fitted.value[own];
}

/* ---- All ---- */

static enum rp_code make_room(struct fitting *f)
{
    const size_t n = f->measured->config_count;
    struct rp_joint *const j = f->joint;

    f->seats = calloc(n + 1, sizeof *f->seats);
    f->scratch = calloc(f->measured->run_count + 1, sizeof *f->scratch);
    f->cached = calloc(n * RP_JOINT_METRICS + 1, sizeof *f->cached);
    f->cached_x = calloc(RP_PARAMETER_COUNT, sizeof *f->cached_x);
    j->configs = calloc(n + 1, sizeof *j->configs);
    j->residual = calloc(n * RP_JOINT_METRICS + 1, sizeof *j->residual);
    j->jacobian = calloc(n * RP_JOINT_METRICS * RP_PARAMETER_COUNT + 1,
                         sizeof *j->jacobian);
    if (f->seats && f->scratch && f->cached && f->cached_x && j->configs &&
        j->residual && j->jacobian)
        return RP_OK;
    return rp_fail(f->error, RP_ERR_MEMORY, "out of memory");
}

static enum rp_code set_up(struct fitting *f)
{
    const struct rp_measured *const m = f->measured;
    double *const noise =
        calloc(m->dataset_count * RP_JOINT_METRICS + 1, sizeof *noise);
    bool *const only = calloc(m->config_count + 1, sizeof *only);
    enum rp_code code = make_room(f);

    if (!noise || !only)
        code = rp_fail(f->error, RP_ERR_MEMORY, "out of memory");
    for (size_t d = 0; d < m->dataset_count && !code; d++)
        for (size_t k = 0; k < RP_JOINT_METRICS; k++)
            noise[d * RP_JOINT_METRICS + k] =
                noise_of(f, d, rp_joint_metrics[k], only);
    if (!code)
        code = take_seats(f, noise);
    free(noise);
    free(only);
    if (code)
        return code;
    choose_parameters(f);
    code = set_pauses(f, RP_SERVER_DAPHNE, RP_PARAMETER_FULL_DAPHNE,
                      RP_PARAMETER_CROWDED_DAPHNE, RP_PARAMETER_LENGTH_DAPHNE);
    return code ? code
                : set_pauses(f, RP_SERVER_UVICORN, RP_PARAMETER_FULL_UVICORN,
                             RP_PARAMETER_CROWDED_UVICORN,
                             RP_PARAMETER_LENGTH_UVICORN);
}

static enum rp_code fit(struct fitting *f)
{
    struct rp_joint *const j = f->joint;
    enum rp_code code = set_up(f);

    if (code || j->config_count == 0)
        return code;
    if (!f->stays)
        code = minimise(f);
    if (!code)
        code = find_slopes(f, j->x, j->jacobian);
    if (code)
        return code;
    for (size_t i = 0; i < j->config_count * RP_JOINT_METRICS; i++)
        j->residual[i] = soften(f->cached[i]);
    j->rms = rms(j, f->cached);
    return solve(j, NULL, &j->fitted, f->error);
}

static void take_preview(struct fitting *f, const struct rp_joint_run *runs,
                         size_t count)
{
    struct rp_joint *const j = f->joint;

    for (size_t i = 0; i < count; i++) {
        struct seat *const seat = &f->seats[i];

        seat->config = i;
        seat->scenario = *runs[i].scenario;
        seat->profile = *f->profile;
        seat->requests = runs[i].requests;
        seat->noise = runs[i].noise;
        for (size_t m = 0; m < RP_JOINT_METRICS; m++)
            seat->measured[m] = seat->sd[m] = 1.0;
        j->configs[j->config_count++] = i;
    }
}

/* Residuals from 1 are the rehearsals themselves: what a run shows is as far
 * away as it will be said to be measured. */
static enum rp_code preview(struct fitting *f, const struct rp_joint_run *runs,
                            size_t count)
{
    struct rp_joint *const j = f->joint;
    enum rp_code code = make_room(f);

    if (code)
        return code;
    take_preview(f, runs, count);
    choose_parameters(f);
    code = find_residuals(f, j->x);
    for (size_t i = 0; i < count * RP_JOINT_METRICS && !code; i++) {
        struct seat *const seat = &f->seats[i / RP_JOINT_METRICS];

        seat->measured[i % RP_JOINT_METRICS] = exp(f->cached[i]);
        seat->sd[i % RP_JOINT_METRICS] =
            runs[i / RP_JOINT_METRICS].sd[i % RP_JOINT_METRICS];
        f->cached[i] = 0.0;
    }
    return code ? code : find_slopes(f, j->x, j->jacobian);
}

static void release(struct fitting *f)
{
    free(f->seats);
    free(f->scratch);
    free(f->cached);
    free(f->cached_x);
}

static enum rp_code finish(enum rp_code code, struct rp_joint *fresh,
                           struct rp_joint *joint)
{
    if (code)
        rp_joint_free(fresh);
    else
        *joint = *fresh;
    return code;
}

static void set_defaults(struct rp_joint_options *options)
{
    if (options->runs == 0)
        options->runs = DEFAULT_RUNS;
    if (options->steps_max == 0)
        options->steps_max = DEFAULT_STEPS;
}

static enum rp_code run(const struct rp_measured *measured, const double *speed,
                        const struct rp_profile *profile,
                        const struct rp_joint_options *options, bool stays,
                        struct rp_joint *joint, struct rp_error *error)
{
    struct rp_joint fresh = {.count = 0};
    struct fitting f = {.measured = measured,
                        .speed = speed,
                        .profile = profile,
                        .options = *options,
                        .joint = &fresh,
                        .stays = stays,
                        .error = error};
    enum rp_code code;

    set_defaults(&f.options);
    code = fit(&f);
    for (size_t i = 0; f.seats && i < fresh.config_count; i++) {
        rp_scenario_free(&f.seats[i].scenario);
        free(f.seats[i].profile.costs);
    }
    release(&f);
    return finish(code, &fresh, joint);
}

enum rp_code rp_joint_preview(const struct rp_profile *profile,
                              const struct rp_joint_run *runs, size_t count,
                              const struct rp_joint_options *options,
                              struct rp_joint *joint, struct rp_error *error)
{
    struct rp_joint fresh = {.count = 0};
    struct rp_measured measured = {
        .config_count = count,
        .configs = calloc(count + 1, sizeof *measured.configs)};
    struct fitting f = {.measured = &measured,
                        .profile = profile,
                        .options = *options,
                        .joint = &fresh,
                        .stays = true,
                        .error = error};
    enum rp_code code = RP_OK;

    if (!measured.configs)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++)
        measured.configs[i] = runs[i].config;
    set_defaults(&f.options);
    code = preview(&f, runs, count);
    release(&f);
    free(measured.configs);
    return finish(code, &fresh, joint);
}

enum rp_code rp_joint_fit(const struct rp_measured *measured,
                          const double *speed, const struct rp_profile *profile,
                          const struct rp_joint_options *options,
                          struct rp_joint *joint, struct rp_error *error)
{
    return run(measured, speed, profile, options, false, joint, error);
}

enum rp_code rp_joint_at(const struct rp_measured *measured,
                         const double *speed, const struct rp_profile *profile,
                         const struct rp_joint_options *options,
                         struct rp_joint *joint, struct rp_error *error)
{
    return run(measured, speed, profile, options, true, joint, error);
}

void rp_joint_free(struct rp_joint *joint)
{
    free(joint->configs);
    free(joint->residual);
    free(joint->jacobian);
    *joint = (struct rp_joint){.count = 0};
}
