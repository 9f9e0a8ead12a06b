/**
 * Runs that were never measured: made from costs that the test knows.
 *
 * A campaign visits every stack with both views on every server in every
 * round. A configuration's mean is gap + speed x amounts' costs, times a misfit
 * of the configuration and a noise of the run, both normal with mean 1. What a
 * request pays comes from the real path compiler.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_SYNTHETIC_H
#define RP_TESTS_SYNTHETIC_H

#include "calibrate/dataset.h"
#include "model/program.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct synthetic {
    const char *const *stacks; /* ends with NULL */
    unsigned rounds;
    double cost_ns[RP_ITEM_COUNT];
    double gap_ns;
    double misfit_sd, noise_sd;
    const double *speed; /* of each round; NULL: 1 */
    uint64_t seed;
    const struct rp_spread *spread; /* of every cost; NULL: no percentiles */
};

static const char synthetic_yaml[] =
    "name: synthetic\n"
    "campaign: synthetic-1\n"
    "framework: django\n"
    "framework_version: 3.2.25\n"
    "asgiref_version: 3.6.0\n"
    "servers: {gunicorn: {}, daphne: {}, uvicorn: {}}\n"
    "host: {cpu: none}\n"
    "measured_on: 2026-11-22\n";

static const char *const synthetic_stacks[] = {
    "",   "S",  "A",   "H",   "M",   "SSS", "AAA", "SA",
    "AS", "SM", "ASA", "SAS", "MMM", "MA",  "HHH", NULL};

/* Costs like those that were measured, ns. */
static inline struct synthetic synthetic_usual(void)
{
    struct synthetic s = {
        .stacks = synthetic_stacks, .rounds = 6, .gap_ns = 30e3, .seed = 1};

    s.cost_ns[RP_ITEM_BASE_GUNICORN] = 300e3;
    s.cost_ns[RP_ITEM_BASE_DAPHNE] = 640e3;
    s.cost_ns[RP_ITEM_BASE_UVICORN] = 400e3;
    for (unsigned i = RP_ITEM_LAYER_SYNC; i <= RP_ITEM_LAYER_MIXIN_ASYNC; i++)
        s.cost_ns[i] = 8e3;
    s.cost_ns[RP_ITEM_S2A_SENSITIVE] = s.cost_ns[RP_ITEM_S2A_CALLER] = 75e3;
    s.cost_ns[RP_ITEM_A2S_NEW] = s.cost_ns[RP_ITEM_A2S_NESTED] = 340e3;
    s.cost_ns[RP_ITEM_A2S_REUSE] = 60e3;
    return s;
}

/* splitmix64 and Box-Muller: the same numbers everywhere. */
static inline double synthetic_uniform(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

static inline double synthetic_normal(uint64_t *state)
{
    const double u = synthetic_uniform(state), v = synthetic_uniform(state);

    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

static inline double synthetic_mean_ns(const struct synthetic *s,
                                       const struct rp_config *config)
{
    double sum = 0.0;

    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        sum += config->amounts[i] * s->cost_ns[i];
    return sum;
}

static inline void synthetic_config(const struct rp_dataset *dataset,
                                    enum rp_server_kind server,
                                    const char *stack, bool view_async,
                                    struct rp_config *config)
{
    struct rp_scenario scenario;
    struct rp_program program = {0};
    struct rp_error error = {0};

    *config = (struct rp_config){.server = server,
                                 .threads = 1,
                                 .view_async = view_async,
                                 .concurrency = 1};
    (void)snprintf(config->stack, sizeof config->stack, "%s", stack);
    cr_assert(rp_dataset_scenario(dataset, config, &scenario, &error) == RP_OK,
              "%s", error.text);
    cr_assert(rp_program_compile(&program, &scenario, &error) == RP_OK, "%s",
              error.text);
    rp_program_items(&program, config->amounts);
    rp_program_free(&program);
    rp_scenario_free(&scenario);
}

static inline void synthetic_run(const struct synthetic *s,
                                 const struct rp_config *config, double factor,
                                 double error, struct rp_measured_run *run)
{
    const double latency_ns = synthetic_mean_ns(s, config) * factor * error;

    run->requests = 400;
    run->curve_mean_ns = NAN;
    for (size_t i = 0; i < RP_METRIC_COUNT; i++)
        run->value[i] = NAN;
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        run->level_ns[i] = NAN;
    run->mean_ns = latency_ns + s->gap_ns * error;
    run->value[RP_METRIC_RPS] = 1e9 / run->mean_ns;
    run->value[RP_METRIC_MEAN] = run->mean_ns / 1e6;
    if (!s->spread)
        return;
    run->curve_mean_ns = latency_ns;
    run->value[RP_METRIC_P50] = latency_ns * rp_spread_at(s->spread, 0.5) / 1e6;
    run->value[RP_METRIC_P90] = latency_ns * rp_spread_at(s->spread, 0.9) / 1e6;
    run->value[RP_METRIC_P99] =
        latency_ns * rp_spread_at(s->spread, 0.99) / 1e6;
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        run->level_ns[i] = latency_ns * s->spread->multiple[i];
}

/* Measured runs; release with rp_measured_free(). Blocks have speed 1. */
static inline struct rp_measured synthetic_measure(const struct synthetic *s)
{
    static const enum rp_server_kind servers[] = {
        RP_SERVER_GUNICORN, RP_SERVER_DAPHNE, RP_SERVER_UVICORN};
    struct rp_measured m = {.dataset_count = 1, .campaign_count = 1};
    struct rp_error error = {0};
    uint64_t state = s->seed;
    size_t stacks = 0;

    rp_init();
    while (s->stacks[stacks])
        stacks++;
    m.datasets = calloc(1, sizeof *m.datasets);
    m.campaigns = calloc(1, sizeof *m.campaigns);
    m.configs = calloc(6 * stacks, sizeof *m.configs);
    m.runs = calloc(6 * stacks * s->rounds, sizeof *m.runs);
    m.blocks = calloc(s->rounds, sizeof *m.blocks);
    cr_assert(m.datasets && m.campaigns && m.configs && m.runs && m.blocks);
    cr_assert(rp_dataset_read_text(synthetic_yaml, strlen(synthetic_yaml),
                                   "dataset.yaml", &m.datasets[0],
                                   &error) == RP_OK,
              "%s", error.text);
    m.campaigns[0] = strdup("synthetic-1");
    for (unsigned r = 0; r < s->rounds; r++)
        m.blocks[m.block_count++] =
            (struct rp_block){.round = r + 1, .speed = 1.0};
    for (size_t k = 0; k < 6 * stacks; k++) {
        struct rp_config *const config = &m.configs[m.config_count];
        double misfit;

        synthetic_config(&m.datasets[0], servers[k % 3], s->stacks[k / 6],
                         (k / 3) % 2, config);
        misfit = 1.0 + s->misfit_sd * synthetic_normal(&state);
        for (unsigned r = 0; r < s->rounds; r++) {
            struct rp_measured_run *const run = &m.runs[m.run_count++];
            const double noise = 1.0 + s->noise_sd * synthetic_normal(&state);

            synthetic_run(s, config, s->speed ? s->speed[r] : 1.0,
                          misfit * noise, run);
            run->file = strdup("synthetic.txt");
            run->config = m.config_count;
            run->block = r;
        }
        m.config_count++;
    }
    m.datasets[0].runs = m.run_count;
    return m;
}

#endif
