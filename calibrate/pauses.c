/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/pauses.h"

#include "calibrate/robust.h"

#include <gsl/gsl_fit.h>
#include <gsl/gsl_math.h>
#include <math.h>
#include <stdlib.h>

/* A stall of the machine takes a few milliseconds at most, an empty request
 * half of one: a pause is longer than so many of those. */
static const double empty_requests = 20.0;

/* At most this share of the requests is hit by one pause. */
static const double hit_share = 0.04;

/* The most requests between two collections that runs could show, by the
 * number of requests that were looked at. */
static const double unseen = 3.0;

/* Runs with the same number of clients. */
struct group {
    unsigned clients;
    double requests, paused;
};

struct search {
    const struct rp_measured *measured;
    const double *speed;
    double least_ns;
    struct group *groups; /* one a configuration at most */
    size_t group_count;
    double *lengths_ns; /* of the pauses */
    size_t paused, runs;
};

static struct group *group_of(struct search *s, unsigned clients)
{
    size_t i = 0;

    while (i < s->group_count && s->groups[i].clients != clients)
        i++;
    if (i == s->group_count)
        s->groups[s->group_count++] = (struct group){.clients = clients};
    return &s->groups[i];
}

/* Waits hide nothing: the longest request waited as long as the others. */
static void look_at(struct search *s, const struct rp_measured_run *run)
{
    const struct rp_config *const c = &s->measured->configs[run->config];
    const double most_ms = run->longest_ms,
                 usual_ms = run->value[RP_METRIC_P95];
    const double excess_ns = 1e6 * (most_ms - usual_ms) / s->speed[run->block];
    struct group *g;

    if (isnan(most_ms) || isnan(usual_ms) || rp_config_is_open(c) ||
        (double)c->concurrency > hit_share * run->requests)
        return;
    g = group_of(s, c->concurrency);
    g->requests += run->requests;
    s->runs++;
    if (excess_ns < s->least_ns)
        return;
    g->paused += 1.0;
    s->lengths_ns[s->paused++] = excess_ns;
}

/* Frequencies against 1 - 1/clients; the variance of a count is its mean, which
 * for few of them is that of all groups together. */
static void fit_frequency(const struct search *s, struct rp_pauses *out)
{
    const size_t n = s->group_count;
    double *const x = calloc(3 * n + 1, sizeof *x);
    double *const y = x + n, *const w = x + 2 * n;
    double requests = 0.0, c0, c1 = 0.0, v00, v01 = 0.0, v11 = 0.0, chi2;
    double pooled;

    if (!x)
        return; /* the frequencies stay unknown */
    for (size_t i = 0; i < n; i++)
        requests += s->groups[i].requests;
    pooled = (double)s->paused / requests;
    for (size_t i = 0; i < n; i++) {
        x[i] = 1.0 - 1.0 / s->groups[i].clients;
        y[i] = s->groups[i].paused / s->groups[i].requests;
        w[i] = s->groups[i].requests / pooled;
    }
    if (n >= 3) {
        (void)gsl_fit_wlinear(x, 1, w, 1, y, 1, n, &c0, &c1, &v00, &v01, &v11,
                              &chi2);
    } else {
        c0 = pooled;
        v00 = pooled / requests;
    }
    free(x);
    c0 = fmax(c0, pooled / unseen);
    c1 = fmax(c1, pooled / unseen - c0);
    out->every = 1.0 / c0;
    out->every_se = sqrt(v00) / c0;
    out->crowded = 1.0 / (c0 + c1);
    out->crowded_se = sqrt(fmax(0.0, v00 + 2.0 * v01 + v11)) / (c0 + c1);
}

static void sum_up(struct search *s, struct rp_pauses *out)
{
    *out = (struct rp_pauses){.runs = s->runs,
                              .paused = s->paused,
                              .length_ns = NAN,
                              .every = NAN,
                              .crowded = NAN};
    if (s->paused == 0)
        return;
    fit_frequency(s, out);
    out->length_ns = rp_median(s->lengths_ns, s->paused);
    out->length_se = rp_robust_sd(s->lengths_ns, s->paused) / out->length_ns *
                     sqrt(M_PI_2 / (double)s->paused);
}

enum rp_code rp_pauses_find(const struct rp_measured *measured,
                            const double *speed, enum rp_server_kind server,
                            double base_ns, const bool *leave_out,
                            struct rp_pauses *pauses, struct rp_error *error)
{
    struct search s = {
        .measured = measured,
        .speed = speed,
        .least_ns = empty_requests * base_ns,
        .groups = calloc(measured->config_count + 1, sizeof *s.groups),
        .lengths_ns = calloc(measured->run_count + 1, sizeof *s.lengths_ns)};
    enum rp_code code = RP_OK;

    if (!s.groups || !s.lengths_ns) {
        code = RP_ERR_MEMORY;
        (void)rp_fail(error, code, "out of memory for %zu runs",
                      measured->run_count);
    }
    for (size_t i = 0; i < measured->run_count && !code; i++) {
        const size_t config = measured->runs[i].config;

        if (measured->configs[config].server == server &&
            !(leave_out && leave_out[config]))
            look_at(&s, &measured->runs[i]);
    }
    if (!code)
        sum_up(&s, pauses);
    free(s.groups);
    free(s.lengths_ns);
    return code;
}
