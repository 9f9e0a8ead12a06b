/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/difference.h"

#include "calibrate/holm.h"
#include "calibrate/ranksum.h"
#include "calibrate/robust.h"
#include "calibrate/roundmeans.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

const char *rp_verdict_word(enum rp_verdict verdict)
{
#define RP_VERDICT_AS_WORD(verdict_, word)                                     \
    case verdict_:                                                             \
        return word;
    switch (verdict) {
        RP_VERDICT_LIST(RP_VERDICT_AS_WORD)
    case RP_VERDICT_COUNT:
        break;
    }
#undef RP_VERDICT_AS_WORD
    return "unknown verdict";
}

/* ---- How many rounds ---- */

/* How many values ranks need for each that means of normal samples do. */
static double efficiency(void)
{
    return acos(-1.0) / 3.0;
}

double rp_difference_rounds(double noise, double ratio, double alpha)
{
    const double z = gsl_cdf_ugaussian_Qinv(0.5 * alpha) +
                     gsl_cdf_ugaussian_Pinv(RP_DIFFERENCE_POWER);
    const double in_sd = log(ratio) / noise;
    const double least = rp_difference_least_rounds(alpha);

    if (isnan(noise))
        return NAN;
    return noise > 0.0
               ? fmax(ceil(2.0 * z * z / (in_sd * in_sd) * efficiency()), least)
               : least;
}

unsigned rp_difference_least_rounds(double alpha)
{
    unsigned n = 1;

    while (rp_ranksum_least_p(n, n) > alpha)
        n++;
    return n;
}

/* ---- One comparison ---- */

/* What comparing works on; the arrays hold run_count values each. */
struct comparing {
    const struct rp_measured *measured;
    const struct rp_difference_options *options;
    bool same_rounds;
    double *base, *candidate;
};

/* The logarithms of a configuration's values; how many. */
static size_t collect(const struct comparing *c, size_t config,
                      enum rp_metric metric, double *logs)
{
    const struct rp_measured *const m = c->measured;
    size_t n = 0;

    for (size_t i = 0; i < m->run_count; i++) {
        const struct rp_measured_run *const run = &m->runs[i];
        /* an open load has the throughput of its rate on any machine */
        const bool varies = metric != RP_METRIC_RPS ||
                            !rp_config_is_open(&m->configs[run->config]);
        const double speed =
            c->same_rounds && varies ? m->blocks[run->block].speed : 1.0;
        const double sign = metric == RP_METRIC_RPS ? 1.0 : -1.0;

        if (run->config == config && run->value[metric] > 0.0)
            logs[n++] = log(run->value[metric]) + sign * log(speed);
    }
    return n;
}

/* What the test sees of the noise: the interval is two standard errors of the
 * shift to either side, and the standard error is that of means of normal
 * samples times pi / 3, whatever the distribution. */
static double find_noise(const struct rp_ranksum *test, size_t m, size_t n)
{
    static const double z = 1.959963984540054;
    const double error = (test->high - test->low) / (2.0 * z);

    return error / sqrt(efficiency() * (1.0 / (double)m + 1.0 / (double)n));
}

static enum rp_code compare(const struct comparing *c, struct rp_difference *d,
                            struct rp_error *error)
{
    const size_t m = d->base_runs = collect(c, d->base, d->metric, c->base);
    const size_t n = d->candidate_runs =
        collect(c, d->candidate, d->metric, c->candidate);
    struct rp_ranksum test;
    enum rp_code code;

    if (m == 0 || n == 0)
        return RP_OK; /* it is left out */
    code = rp_ranksum_test(c->candidate, n, c->base, m, 0.95, &test, error);
    if (code)
        return code;
    d->base_value = exp(rp_median(c->base, m));
    d->candidate_value = exp(rp_median(c->candidate, n));
    d->ratio = exp(test.shift);
    d->low = exp(test.low);
    d->high = exp(test.high);
    d->p = test.p;
    d->noise = find_noise(&test, m, n);
    return RP_OK;
}

/* ---- All of them together ---- */

static enum rp_code correct(struct rp_differences *d, struct rp_error *error)
{
    double *const p = calloc(d->count + 1, sizeof *p);
    enum rp_code code;

    if (!p)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu p-values",
                       d->count);
    for (size_t i = 0; i < d->count; i++)
        p[i] = d->rows[i].p;
    code = rp_holm_correct(p, d->count, p, error);
    for (size_t i = 0; i < d->count && !code; i++)
        d->rows[i].corrected_p = p[i];
    free(p);
    return code;
}

/* A ratio that is the threshold but for rounding has reached it. */
static bool reaches(double worse, double threshold)
{
    return worse >= (1.0 + threshold) * (1.0 - 1e-9);
}

static enum rp_verdict judge(const struct rp_difference *d, size_t tests,
                             const struct rp_difference_options *options)
{
    const double worse = d->metric == RP_METRIC_RPS ? 1.0 / d->ratio : d->ratio;
    const double least = rp_ranksum_least_p(d->base_runs, d->candidate_runs);

    if (d->corrected_p > options->alpha)
        return least * (double)tests > options->alpha ? RP_VERDICT_FEW
                                                      : RP_VERDICT_UNCLEAR;
    if (reaches(worse, options->threshold))
        return RP_VERDICT_SLOWER;
    return reaches(1.0 / worse, options->threshold) ? RP_VERDICT_FASTER
                                                    : RP_VERDICT_SMALL;
}

static enum rp_code judge_all(struct rp_differences *d,
                              const struct rp_difference_options *options,
                              struct rp_error *error)
{
    const double alpha = options->alpha / (double)d->count;
    double sum[RP_METRIC_COUNT] = {0.0};
    size_t n[RP_METRIC_COUNT] = {0};
    enum rp_code code = correct(d, error);

    if (code)
        return code;
    d->least_rounds = rp_difference_least_rounds(alpha);
    for (size_t i = 0; i < d->count; i++) {
        struct rp_difference *const row = &d->rows[i];

        row->verdict = judge(row, d->count, options);
        row->rounds =
            rp_difference_rounds(row->noise, 1.0 + options->threshold, alpha);
        d->verdicts[row->verdict]++;
        sum[row->metric] += log(row->ratio);
        n[row->metric]++;
    }
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        d->geometric_mean[m] =
            n[m] > 0 ? exp(sum[m] / (double)n[m]) : (double)NAN;
    return RP_OK;
}

/* ---- The mean of all configurations ---- */

/* Of each block, the mean of a side's residuals about their configurations'
 * means; NAN where the side has none. */
static void average_rounds(const struct comparing *c,
                           const struct rp_differences *d,
                           enum rp_metric metric, bool of_base, double *means,
                           double *counts)
{
    const struct rp_measured *const m = c->measured;

    for (size_t b = 0; b < m->block_count; b++)
        means[b] = counts[b] = 0.0;
    for (size_t r = 0; r < d->count; r++) {
        const struct rp_difference *const row = &d->rows[r];
        const size_t config = of_base ? row->base : row->candidate;
        size_t n = 0, i = 0;
        double middle = 0.0;

        if (row->metric != metric)
            continue;
        n = collect(c, config, metric, c->base);
        for (size_t k = 0; k < n; k++)
            middle += c->base[k] / (double)n;
        for (size_t run = 0; run < m->run_count; run++) {
            if (m->runs[run].config != config ||
                !(m->runs[run].value[metric] > 0.0))
                continue;
            means[m->runs[run].block] += c->base[i++] - middle;
            counts[m->runs[run].block] += 1.0;
        }
    }
    for (size_t b = 0; b < m->block_count; b++)
        means[b] = counts[b] > 0.0 ? means[b] / counts[b] : (double)NAN;
}

static enum rp_code find_intervals(const struct comparing *c,
                                   struct rp_differences *d,
                                   struct rp_error *error)
{
    const size_t blocks = c->measured->block_count;
    double *const means = calloc(3 * blocks + 1, sizeof *means);

    if (!means)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu rounds",
                       blocks);
    for (unsigned k = 0; k < RP_METRIC_COUNT; k++) {
        double half = NAN;

        if (!isnan(d->geometric_mean[k])) {
            average_rounds(c, d, (enum rp_metric)k, true, means,
                           means + 2 * blocks);
            average_rounds(c, d, (enum rp_metric)k, false, means + blocks,
                           means + 2 * blocks);
            half = rp_roundmeans_half(means, means + blocks, blocks,
                                      c->same_rounds, 0.95);
        }
        d->geometric_low[k] = d->geometric_mean[k] * exp(-half);
        d->geometric_high[k] = d->geometric_mean[k] * exp(half);
    }
    free(means);
    return RP_OK;
}

/* ---- What both have ---- */

static size_t partner(const struct rp_measured *m, size_t config, size_t other)
{
    for (size_t i = 0; i < m->config_count; i++)
        if (m->configs[i].dataset == other &&
            rp_config_compare(&m->configs[i], &m->configs[config]) == 0)
            return i;
    return m->config_count;
}

static bool is_measured(const struct rp_measured *m, size_t config)
{
    for (size_t i = 0; i < m->run_count; i++)
        if (m->runs[i].config == config)
            return true;
    return false;
}

/* Each round that either has is one that both have. */
static bool have_same_rounds(const struct rp_measured *m, size_t base,
                             size_t candidate)
{
    for (size_t block = 0; block < m->block_count; block++) {
        bool of_base = false, of_candidate = false;

        for (size_t i = 0; i < m->run_count; i++) {
            const size_t dataset = m->configs[m->runs[i].config].dataset;

            of_base |= m->runs[i].block == block && dataset == base;
            of_candidate |= m->runs[i].block == block && dataset == candidate;
        }
        if (of_base != of_candidate)
            return false;
    }
    return true;
}

static void find_alone(const struct rp_measured *m, size_t dataset,
                       size_t other, size_t *alone, size_t *count)
{
    for (size_t i = 0; i < m->config_count; i++) {
        size_t same;

        if (m->configs[i].dataset != dataset || !is_measured(m, i))
            continue;
        same = partner(m, i, other);
        if (same == m->config_count || !is_measured(m, same))
            alone[(*count)++] = i;
    }
}

static enum rp_code compare_metric(const struct comparing *c, size_t base,
                                   size_t candidate, enum rp_metric metric,
                                   struct rp_differences *d,
                                   struct rp_error *error)
{
    const struct rp_measured *const m = c->measured;

    for (size_t i = 0; i < m->config_count; i++) {
        struct rp_difference row = {.base = i, .metric = metric};
        enum rp_code code;

        if (m->configs[i].dataset != base)
            continue;
        row.candidate = partner(m, i, candidate);
        if (row.candidate == m->config_count)
            continue;
        code = compare(c, &row, error);
        if (code)
            return code;
        if (row.base_runs > 0 && row.candidate_runs > 0)
            d->rows[d->count++] = row;
    }
    return RP_OK;
}

static enum rp_code compare_all(const struct comparing *c, size_t base,
                                size_t candidate, struct rp_differences *d,
                                struct rp_error *error)
{
    const struct rp_measured *const m = c->measured;
    enum rp_code code = RP_OK;

    find_alone(m, base, candidate, d->base_only, &d->base_only_count);
    find_alone(m, candidate, base, d->candidate_only, &d->candidate_only_count);
    for (unsigned metric = 0; metric < RP_METRIC_COUNT && !code; metric++)
        if (c->options->metrics[metric])
            code = compare_metric(c, base, candidate, (enum rp_metric)metric, d,
                                  error);
    if (!code && d->count == 0)
        code = rp_fail(
            error, RP_ERR_UNUSABLE,
            "%s and %s have nothing in common to compare: no configuration "
            "(server, threads, path, stack, view, concurrency or rate, "
            "keep-alive) has runs with this metric in both; measure both by "
            "the same plan",
            m->datasets[base].folder, m->datasets[candidate].folder);
    if (!code)
        code = judge_all(d, c->options, error);
    return code ? code : find_intervals(c, d, error);
}

enum rp_code rp_differences_find(const struct rp_measured *measured,
                                 size_t base, size_t candidate,
                                 const struct rp_difference_options *options,
                                 struct rp_differences *differences,
                                 struct rp_error *error)
{
    const size_t configs = measured->config_count + 1;
    const size_t runs = measured->run_count + 1;
    struct rp_differences fresh = {
        .rows = calloc(configs * RP_METRIC_COUNT, sizeof *fresh.rows),
        .base_only = calloc(configs, sizeof(size_t)),
        .candidate_only = calloc(configs, sizeof(size_t)),
        .same_rounds = have_same_rounds(measured, base, candidate)};
    struct comparing c = {.measured = measured,
                          .options = options,
                          .same_rounds = fresh.same_rounds,
                          .base = calloc(runs, sizeof(double)),
                          .candidate = calloc(runs, sizeof(double))};
    enum rp_code code;

    assert(base < measured->dataset_count);
    assert(candidate < measured->dataset_count);
    if (!fresh.rows || !fresh.base_only || !fresh.candidate_only || !c.base ||
        !c.candidate)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu runs",
                       measured->run_count);
    else
        code = compare_all(&c, base, candidate, &fresh, error);
    free(c.candidate);
    free(c.base);
    if (code)
        rp_differences_free(&fresh);
    else
        *differences = fresh;
    return code;
}

void rp_differences_free(struct rp_differences *differences)
{
    free(differences->rows);
    free(differences->base_only);
    free(differences->candidate_only);
    *differences = (struct rp_differences){0};
}
