/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/speeds.h"

#include "calibrate/robust.h"

#include <math.h>
#include <stdlib.h>

/* The measured campaigns change by less than 1e-3 after four. */
enum { SWEEPS = 12 };

struct polish {
    struct rp_measured *measured;
    size_t campaign;
    bool waits_too;   /* configurations that wait are used as well */
    double *log_time; /* of each run; NAN: not of this campaign */
    double *row;      /* log level of each configuration */
    double *effect;   /* log speed of each block */
    double *scratch;  /* run_count values */
};

/* Who waits is as fast on a slow machine; and how long an open load's requests
 * queue is more than its speed. */
static bool waits(const struct rp_measured *m, size_t run)
{
    const struct rp_config *const config = &m->configs[m->runs[run].config];

    return config->io_ns > 0.0 || rp_config_is_open(config);
}

static bool is_of_campaign(const struct polish *p, size_t run)
{
    const struct rp_measured *const m = p->measured;

    return m->blocks[m->runs[run].block].campaign == p->campaign;
}

static void select_runs(struct polish *p)
{
    const struct rp_measured *const m = p->measured;

    p->waits_too = true;
    for (size_t run = 0; run < m->run_count; run++)
        if (is_of_campaign(p, run) && !waits(m, run))
            p->waits_too = false;
    for (size_t run = 0; run < m->run_count; run++) {
        const struct rp_measured_run *const r = &m->runs[run];
        const double p50_ms = r->value[RP_METRIC_P50];
        const double time = p50_ms > 0.0 ? p50_ms * 1e6 : r->mean_ns;
        const bool used =
            is_of_campaign(p, run) && (p->waits_too || !waits(m, run));

        p->log_time[run] = NAN;
        if (used && time > 0.0)
            p->log_time[run] = log(time);
    }
}

/* The median over the runs of one configuration, or of one block, of what the
 * other side leaves; `otherwise` where it has none. */
static double middle(const struct polish *p, size_t index, bool of_config,
                     double otherwise)
{
    const struct rp_measured *const m = p->measured;
    size_t n = 0;

    for (size_t run = 0; run < m->run_count; run++) {
        const size_t config = m->runs[run].config, block = m->runs[run].block;

        if ((of_config ? config : block) == index && !isnan(p->log_time[run]))
            p->scratch[n++] = p->log_time[run] -
                              (of_config ? p->effect[block] : p->row[config]);
    }
    return n > 0 ? rp_median(p->scratch, n) : otherwise;
}

static void centre(const struct polish *p)
{
    const struct rp_measured *const m = p->measured;
    double sum = 0.0;
    size_t n = 0;

    for (size_t b = 0; b < m->block_count; b++)
        if (m->blocks[b].campaign == p->campaign) {
            sum += p->effect[b];
            n++;
        }
    for (size_t b = 0; b < m->block_count; b++)
        if (m->blocks[b].campaign == p->campaign)
            p->effect[b] -= sum / (double)n;
}

static void polish_campaign(struct polish *p)
{
    const struct rp_measured *const m = p->measured;

    select_runs(p);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        for (size_t config = 0; config < m->config_count; config++)
            p->row[config] = middle(p, config, true, 0.0);
        for (size_t b = 0; b < m->block_count; b++)
            if (m->blocks[b].campaign == p->campaign)
                p->effect[b] = middle(p, b, false, 0.0);
        centre(p);
    }
}

enum rp_code rp_speeds_find(struct rp_measured *measured,
                            struct rp_error *error)
{
    const size_t runs = measured->run_count;
    struct polish p = {
        .measured = measured,
        .log_time = calloc(runs + 1, sizeof(double)),
        .row = calloc(measured->config_count + 1, sizeof(double)),
        .effect = calloc(measured->block_count + 1, sizeof(double)),
        .scratch = calloc(runs + 1, sizeof(double)),
    };
    enum rp_code code = RP_OK;

    if (!p.log_time || !p.row || !p.effect || !p.scratch) {
        code =
            rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu runs", runs);
        goto out;
    }
    for (; p.campaign < measured->campaign_count; p.campaign++)
        polish_campaign(&p);
    for (size_t b = 0; b < measured->block_count; b++)
        measured->blocks[b].speed = exp(p.effect[b]);
out:
    free(p.scratch);
    free(p.effect);
    free(p.row);
    free(p.log_time);
    return code;
}
