/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/operational.h"

#include "calibrate/robust.h"

#include <math.h>

/* What is found of one run. */
struct laws {
    double underway, clients, busy;
};

/* What a request's CPU can run on at a time: a core for each process. */
static double servers_of(const struct rp_measured *m, size_t config)
{
    const struct rp_config *const c = &m->configs[config];

    return rp_config_setting(&m->datasets[c->dataset], c).cores;
}

static struct laws laws_of(const struct rp_measured *m, const double *speed,
                           size_t run, double demand_ns, double gap_ns)
{
    const struct rp_measured_run *const r = &m->runs[run];
    const struct rp_config *const config = &m->configs[r->config];
    const bool is_open = rp_config_is_open(config);
    /* an open load has no clients, so nobody can be too many */
    const double c = is_open ? (double)NAN : (double)config->concurrency;
    /* what ab calls the mean is c / X */
    const double per_ns =
        is_open ? r->value[RP_METRIC_RPS] / 1e9 : c / r->mean_ns;
    const double slow = speed[r->block];

    return (struct laws){
        .underway = per_ns * r->curve_mean_ns / c,
        .clients = per_ns * (r->curve_mean_ns + gap_ns) / c,
        /* the view burns so much CPU time, however fast the machine is */
        .busy = per_ns *
                (slow * (demand_ns - config->cpu_ns) + config->cpu_ns) /
                servers_of(m, r->config)};
}

/* The median of one law over the runs that have it. */
static double median_of(const struct rp_measured *m, const double *speed,
                        size_t config, double demand_ns, double gap_ns,
                        size_t offset, double *scratch)
{
    size_t n = 0;

    for (size_t i = 0; i < m->run_count; i++) {
        const struct laws laws = laws_of(m, speed, i, demand_ns, gap_ns);
        const double value =
            *(const double *)(const void *)((const char *)&laws + offset);

        if (m->runs[i].config == config && !isnan(value))
            scratch[n++] = value;
    }
    return n > 0 ? rp_median(scratch, n) : (double)NAN;
}

struct rp_operational rp_operational_check(const struct rp_measured *measured,
                                           const double *speed, size_t config,
                                           double demand_ns, double gap_ns,
                                           double *scratch)
{
    struct rp_operational o = {.runs = 0};

    for (size_t i = 0; i < measured->run_count; i++) {
        const struct laws laws = laws_of(measured, speed, i, demand_ns, gap_ns);

        if (measured->runs[i].config != config)
            continue;
        if (!isnan(laws.underway))
            o.runs++;
        if (laws.underway > 1.0 + RP_OPERATIONAL_SLACK)
            o.crowded++;
    }
    o.underway = median_of(measured, speed, config, demand_ns, gap_ns,
                           offsetof(struct laws, underway), scratch);
    o.clients = median_of(measured, speed, config, demand_ns, gap_ns,
                          offsetof(struct laws, clients), scratch);
    o.busy = median_of(measured, speed, config, demand_ns, gap_ns,
                       offsetof(struct laws, busy), scratch);
    return o;
}
