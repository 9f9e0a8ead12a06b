/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/validation.h"

#include "calibrate/calibration.h"
#include "calibrate/joint.h"
#include "calibrate/predict.h"
#include "calibrate/priced.h"
#include "calibrate/robust.h"
#include "calibrate/typical.h"
#include "sim/jobs.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const enum rp_metric rp_validation_metrics[RP_VALIDATION_METRICS] = {
    RP_METRIC_RPS, RP_METRIC_MEAN, RP_METRIC_P50, RP_METRIC_P90, RP_METRIC_P99};

struct judge {
    const struct rp_measured *measured;
    struct rp_validation_options options;
    const double *speed; /* of each block; `out` owns it */
    double *scratch;     /* run_count values */
    bool *group;         /* config_count flags: what is left out at present */
    bool *done;          /* config_count flags */
    const struct rp_profile *profile; /* of all runs */
    struct rp_joint joint;            /* at its parameters, where folds are */
    bool has_joint;
    struct rp_validation *out;
};

/* ---- Warnings, each once ---- */

static bool is_said(const char *warnings, const char *line, size_t length)
{
    for (const char *at = warnings; *at; at += strcspn(at, "\n") + 1)
        if (strncmp(at, line, length) == 0 && at[length] == '\n')
            return true;
    return false;
}

static enum rp_code keep_warnings(struct rp_validation *v, const char *lines,
                                  struct rp_error *error)
{
    while (*lines) {
        const size_t length = strcspn(lines, "\n");
        const size_t used = strlen(v->warnings);

        if (!is_said(v->warnings, lines, length)) {
            char *const longer = realloc(v->warnings, used + length + 2);

            if (!longer)
                return rp_fail(error, RP_ERR_MEMORY, "out of memory");
            memcpy(longer + used, lines, length);
            memcpy(longer + used + length, "\n", 2);
            v->warnings = longer;
        }
        lines += length + (lines[length] == '\n');
    }
    return RP_OK;
}

/* ---- Rows ---- */

static bool is_asked(const struct judge *j, size_t config)
{
    return !j->options.only_fitted ||
           rp_costs_can_use(&j->measured->configs[config]);
}

static void add_row(struct judge *j, size_t config, enum rp_metric metric,
                    const struct rp_profile *profile,
                    const struct rp_prediction *p)
{
    const struct rp_typical t =
        rp_typical_find(j->measured, j->speed, config, metric, j->scratch);
    struct rp_validation_row *const row = &j->out->rows[j->out->row_count];

    if (t.runs == 0 || !(t.value > 0.0) || !isfinite(p->value[metric]))
        return;
    *row = (struct rp_validation_row){
        .config = config,
        .metric = metric,
        .measured = t.value,
        .measured_low = t.low,
        .measured_high = t.high,
        .predicted = p->value[metric],
        .error = p->value[metric] / t.value - 1.0,
        .noise = rp_typical_noise(j->measured, j->speed, config, metric,
                                  j->scratch)};
    rp_predict_interval(
        p, profile, rp_config_situation(&j->measured->configs[config]), metric,
        t.runs, &row->predicted_low, &row->predicted_high);
    j->out->row_count++;
}

static void add_config(struct judge *j, size_t config,
                       const struct rp_profile *profile,
                       const struct rp_prediction *p,
                       const struct rp_priced *priced)
{
    const int gap = profile->cost_of_item[RP_ITEM_CLIENT_GAP];
    struct rp_validated *const to = &j->out->configs[j->out->config_count++];

    *to = (struct rp_validated){.config = config,
                                .tier = priced->validity.tier,
                                .beyond = priced->validity.beyond,
                                .between = priced->validity.between,
                                .stale = priced->validity.stale,
                                .demand_ns = priced->demand_ns,
                                .gap_ns = gap >= 0 ? profile->costs[gap].mean_ns
                                                   : 0.0};
    memcpy(to->level_ms, p->level_ms, sizeof to->level_ms);
}

static void leave_unpredicted(struct judge *j, size_t config,
                              const struct rp_error *why)
{
    char what[160];

    if (j->out->unpredicted++ > 0)
        return;
    rp_config_describe(&j->measured->configs[config], what, sizeof what);
    (void)snprintf(j->out->first_unpredicted, sizeof j->out->first_unpredicted,
                   "%s: %.800s", what, why->text);
}

/* A configuration that is predicted. */
struct subject {
    const struct rp_measured *measured;
    const struct rp_profile *profile;
    size_t config;
    unsigned requests;
    struct rp_sendtimes planned;
    struct rp_prediction prediction;
    struct rp_priced priced;
    char warnings[RP_PREDICT_WARNINGS_SIZE];
    enum rp_code code;
    struct rp_error why;
};

static void predict(void *context, size_t index)
{
    struct subject *const s = (struct subject *)context + index;
    const struct rp_config *const c = &s->measured->configs[s->config];
    const struct rp_dataset *const d = &s->measured->datasets[c->dataset];

    s->code = rp_predict(d, c, s->requests, &s->planned, s->profile,
                         &s->prediction, s->warnings, &s->why);
    if (!s->code)
        s->code = rp_priced_find(d, c, s->profile, &s->priced, &s->why);
}

static enum rp_code take_in(struct judge *j, const struct subject *s,
                            struct rp_error *error)
{
    if (s->code == RP_ERR_MEMORY)
        return rp_fail(error, s->code, "%s", s->why.text);
    if (s->code) {
        leave_unpredicted(j, s->config, &s->why);
        return RP_OK;
    }
    for (size_t i = 0; i < RP_VALIDATION_METRICS; i++)
        add_row(j, s->config, rp_validation_metrics[i], s->profile,
                &s->prediction);
    add_config(j, s->config, s->profile, &s->prediction, &s->priced);
    /* that a cost is missing without the runs that show it is no news */
    return j->options.leave_out == RP_LEAVE_NOTHING
               ? keep_warnings(j->out, s->warnings, error)
               : RP_OK;
}

/* Configurations without a report that can be used have no requests. */
static enum rp_code judge_group(struct judge *j,
                                const struct rp_profile *profile,
                                struct rp_error *error)
{
    const size_t n = j->measured->config_count;
    struct subject *const subjects = calloc(n + 1, sizeof *subjects);
    enum rp_code code = RP_OK;
    size_t count = 0;

    if (!subjects)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < n && !code; i++) {
        const unsigned requests = rp_measured_requests(j->measured, i);

        if (!j->group[i] || !is_asked(j, i) || requests == 0)
            continue;
        subjects[count].measured = j->measured;
        subjects[count].profile = profile;
        subjects[count].config = i;
        subjects[count].requests = requests;
        code = rp_sendtimes_find(j->measured, i, requests,
                                 &subjects[count++].planned, error);
    }
    if (!code)
        rp_jobs_run(count, j->options.jobs, predict, subjects);
    for (size_t i = 0; i < count && !code; i++)
        code = take_in(j, &subjects[i], error);
    for (size_t i = 0; i < count; i++)
        rp_sendtimes_free(&subjects[i].planned);
    free(subjects);
    return code;
}

/* ---- Leaving out ---- */

static bool together(const struct judge *j, size_t a, size_t b)
{
    const struct rp_config *const x = &j->measured->configs[a];
    const struct rp_config *const y = &j->measured->configs[b];

    switch (j->options.leave_out) {
    case RP_LEAVE_NOTHING:
        return true;
    case RP_LEAVE_STACK:
        return strcmp(x->stack, y->stack) == 0;
    case RP_LEAVE_CONFIGURATION:
        break;
    }
    return strcmp(x->stack, y->stack) == 0 && x->server == y->server &&
           x->threads == y->threads && x->path == y->path &&
           x->view_async == y->view_async && x->io_ns == y->io_ns &&
           x->cpu_ns == y->cpu_ns;
}

/* What happens under load, without the group: one step from the full fit. How
 * far off predictions are is known from all runs together. */
static enum rp_code take_loaded(const struct judge *j, struct rp_profile *fold,
                                struct rp_error *error)
{
    if (!j->has_joint)
        return RP_OK;
    assert(j->profile); /* find_joint() fits none without */
    memcpy(fold->accuracy[RP_SITUATION_LOADED],
           j->profile->accuracy[RP_SITUATION_LOADED],
           sizeof fold->accuracy[RP_SITUATION_LOADED]);
    memcpy(fold->accuracy[RP_SITUATION_WAITING],
           j->profile->accuracy[RP_SITUATION_WAITING],
           sizeof fold->accuracy[RP_SITUATION_WAITING]);
    return rp_joint_without(&j->joint, j->group, &fold->under_load, error);
}

/* What the machine was like in each campaign, how fast and how restless, is
 * known from all runs: it is no matter of a stack, and a campaign may have no
 * other stack that shows it. */
static void take_rounds(const struct judge *j, struct rp_profile *fold)
{
    for (size_t i = 0; j->profile && i < fold->round_count; i++)
        fold->rounds[i].unrest = rp_profile_unrest(
            j->profile, fold->rounds[i].campaign, fold->rounds[i].unrest);
}

/* Fit without the group and judge it. A fit that cannot be made without it
 * leaves the group without a prediction. */
static enum rp_code judge_fold(struct judge *j, struct rp_error *error)
{
    struct rp_calibration calibration;
    struct rp_error why = {.code = RP_OK};
    enum rp_code code = rp_calibrate(j->measured, j->group, "reqpath validate",
                                     NULL, &calibration, &why);

    if (code == RP_ERR_MEMORY || code == RP_ERR_VALUE)
        return rp_fail(error, code, "%s", why.text);
    if (code) {
        const struct rp_error inner = why;

        (void)rp_fail(&why, code,
                      "without it too little is left to fit: %.900s",
                      inner.text);
        for (size_t i = 0; i < j->measured->config_count; i++)
            if (j->group[i] && is_asked(j, i))
                leave_unpredicted(j, i, &why);
        return RP_OK;
    }
    j->out->folds++;
    take_rounds(j, &calibration.profile);
    code = take_loaded(j, &calibration.profile, error);
    if (!code)
        code = judge_group(j, &calibration.profile, error);
    rp_calibration_free(&calibration);
    if (j->options.tell && !code)
        j->options.tell(j->options.context, j->out->folds);
    return code;
}

static bool next_group(struct judge *j)
{
    const size_t n = j->measured->config_count;
    size_t first = 0;

    while (first < n && (j->done[first] || !is_asked(j, first)))
        first++;
    if (first == n)
        return false;
    for (size_t i = 0; i < n; i++) {
        j->group[i] = together(j, first, i);
        j->done[i] |= j->group[i];
    }
    return true;
}

static int by_number(const void *a, const void *b)
{
    const struct rp_validated *const x = a, *const y = b;

    return (x->config > y->config) - (x->config < y->config);
}

static int by_config(const void *a, const void *b)
{
    const struct rp_validation_row *const x = a, *const y = b;

    if (x->config != y->config)
        return x->config < y->config ? -1 : 1;
    return (x->metric > y->metric) - (x->metric < y->metric);
}

/* ---- The machine's speed ---- */

/* As the profile knows it, or else as the runs of the campaign show it: an
 * average round of it is then taken for one of the profile's. */
static void speeds_of_profile(const struct rp_profile *profile, struct judge *j)
{
    for (size_t i = 0; i < j->measured->block_count; i++) {
        const struct rp_block *const b = &j->measured->blocks[i];
        const double known = rp_profile_speed(
            profile, j->measured->campaigns[b->campaign], b->round);

        j->out->speed[i] = isnan(known) ? b->speed : known;
    }
}

static enum rp_code speeds_of_all(struct judge *j, struct rp_error *error)
{
    struct rp_calibration all;
    enum rp_code code =
        rp_calibrate(j->measured, NULL, "reqpath validate", NULL, &all, error);

    if (code)
        return code;
    memcpy(j->out->speed, all.speed,
           j->measured->block_count * sizeof *all.speed);
    rp_calibration_free(&all);
    return RP_OK;
}

/* ---- All of it ---- */

static enum rp_code prepare(struct judge *j, struct rp_error *error)
{
    const struct rp_measured *const m = j->measured;

    j->out->speed = calloc(m->block_count + 1, sizeof *j->out->speed);
    j->speed = j->out->speed;
    j->out->configs = calloc(m->config_count + 1, sizeof *j->out->configs);
    j->scratch = calloc(m->run_count + 1, sizeof *j->scratch);
    j->group = calloc(m->config_count + 1, sizeof *j->group);
    j->done = calloc(m->config_count + 1, sizeof *j->done);
    j->out->rows = calloc(m->config_count * RP_VALIDATION_METRICS + 1,
                          sizeof *j->out->rows);
    j->out->warnings = strdup("");
    if (!j->out->speed || !j->out->configs || !j->scratch || !j->group ||
        !j->done || !j->out->rows || !j->out->warnings)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu runs",
                       m->run_count);
    return RP_OK;
}

static enum rp_code judge_all(struct judge *j, const struct rp_profile *profile,
                              struct rp_error *error)
{
    enum rp_code code = RP_OK;

    while (!code && next_group(j))
        code = j->options.leave_out == RP_LEAVE_NOTHING
                   ? judge_group(j, profile, error)
                   : judge_fold(j, error);
    if (!code && j->out->row_count == 0)
        code = rp_fail(error, RP_ERR_UNUSABLE,
                       "none of the %zu configurations could be predicted; the "
                       "first: %s",
                       j->out->unpredicted, j->out->first_unpredicted);
    return code;
}

/* Where configurations under load are left out, the full fit has to be known
 * with its slopes. Without a profile there is none, and they are predicted from
 * unit costs alone. */
static enum rp_code find_joint(struct judge *j, struct rp_error *error)
{
    const struct rp_joint_options options = {.jobs = j->options.jobs};
    enum rp_code code;

    if (j->options.leave_out == RP_LEAVE_NOTHING || j->options.only_fitted ||
        !j->profile || !rp_parameters_any(&j->profile->under_load))
        return RP_OK;
    code = rp_joint_at(j->measured, j->speed, j->profile, &options, &j->joint,
                       error);
    j->has_joint = !code;
    return code;
}

static void sort(struct rp_validation *v)
{
    qsort(v->rows, v->row_count, sizeof *v->rows, by_config);
    qsort(v->configs, v->config_count, sizeof *v->configs, by_number);
}

enum rp_code rp_validate(const struct rp_measured *measured,
                         const struct rp_profile *profile,
                         const struct rp_validation_options *options,
                         struct rp_validation *validation,
                         struct rp_error *error)
{
    struct rp_validation fresh = {.row_count = 0};
    struct judge j = {.measured = measured,
                      .options = *options,
                      .profile = profile,
                      .out = &fresh};
    enum rp_code code = prepare(&j, error);

    if (!code && profile)
        speeds_of_profile(profile, &j);
    else if (!code)
        code = speeds_of_all(&j, error);
    if (!code)
        code = find_joint(&j, error);
    if (!code)
        code = judge_all(&j, profile, error);
    if (!code)
        sort(&fresh);
    rp_joint_free(&j.joint);
    free(j.done);
    free(j.group);
    free(j.scratch);
    if (code)
        rp_validation_free(&fresh);
    else
        *validation = fresh;
    return code;
}

/* ---- Summaries ---- */

const struct rp_validated *
rp_validation_of(const struct rp_validation *validation, size_t config)
{
    const struct rp_validated key = {.config = config};

    return bsearch(&key, validation->configs, validation->config_count,
                   sizeof key, by_number);
}

/* Which rows are summed up. */
struct group {
    const struct rp_validation *validation;
    const struct rp_measured *measured; /* NULL: by tier alone */
    size_t dataset;
    const enum rp_server_kind *server;
    enum rp_tier tier;
    enum rp_metric metric;
};

static bool is_of(const struct group *g, const struct rp_validation_row *row)
{
    const struct rp_config *const c =
        g->measured ? &g->measured->configs[row->config] : NULL;

    if (row->metric != g->metric)
        return false;
    if (!c)
        return rp_validation_of(g->validation, row->config)->tier == g->tier;
    return (g->dataset == SIZE_MAX || c->dataset == g->dataset) &&
           (!g->server || c->server == *g->server);
}

/* `errors` and `noises` have room for all rows. */
static struct rp_validation_summary sum_up(const struct group *g,
                                           double *errors, double *noises)
{
    struct rp_validation_summary s = {0, NAN, NAN, NAN, NAN, NAN, NAN};
    double absolute = 0.0, sum = 0.0, worst = 0.0;
    size_t covered = 0, noise_count = 0;

    for (size_t i = 0; i < g->validation->row_count; i++) {
        const struct rp_validation_row *const r = &g->validation->rows[i];

        if (!is_of(g, r))
            continue;
        errors[s.rows++] = fabs(r->error);
        absolute += fabs(r->error);
        worst = fmax(worst, fabs(r->error));
        sum += r->error;
        covered +=
            r->measured >= r->predicted_low && r->measured <= r->predicted_high;
        if (!isnan(r->noise))
            noises[noise_count++] = r->noise;
    }
    if (s.rows > 0) {
        s.median_error = rp_median(errors, s.rows);
        s.mean_error = absolute / (double)s.rows;
        s.worst_error = worst;
        s.bias = sum / (double)s.rows;
        s.covered = (double)covered / (double)s.rows;
    }
    if (noise_count > 0)
        s.noise = rp_median(noises, noise_count);
    return s;
}

static enum rp_code sum_up_group(const struct group *g,
                                 struct rp_validation_summary *summary,
                                 struct rp_error *error)
{
    const size_t n = g->validation->row_count + 1;
    double *const errors = calloc(n, sizeof *errors);
    double *const noises = calloc(n, sizeof *noises);
    enum rp_code code = RP_OK;

    if (errors && noises)
        *summary = sum_up(g, errors, noises);
    else
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu rows", n);
    free(noises);
    free(errors);
    return code;
}

enum rp_code rp_validation_sum_up(
    const struct rp_validation *validation, const struct rp_measured *measured,
    size_t dataset, const enum rp_server_kind *server, enum rp_metric metric,
    struct rp_validation_summary *summary, struct rp_error *error)
{
    const struct group g = {.validation = validation,
                            .measured = measured,
                            .dataset = dataset,
                            .server = server,
                            .metric = metric};

    return sum_up_group(&g, summary, error);
}

enum rp_code rp_validation_sum_up_tier(const struct rp_validation *validation,
                                       enum rp_tier tier, enum rp_metric metric,
                                       struct rp_validation_summary *summary,
                                       struct rp_error *error)
{
    const struct group g = {
        .validation = validation, .tier = tier, .metric = metric};

    return sum_up_group(&g, summary, error);
}

void rp_validation_free(struct rp_validation *validation)
{
    free(validation->rows);
    free(validation->configs);
    free(validation->speed);
    free(validation->warnings);
    *validation = (struct rp_validation){0};
}
