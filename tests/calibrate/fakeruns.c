/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "fakeruns.h"

#include "calibrate/dataset.h"
#include "calibrate/rehearse.h"
#include "tests/sim/flat_profile.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char many_yaml[] = "name: many\n"
                                "campaign: fake-1\n"
                                "framework: django\n"
                                "framework_version: 3.2.25\n"
                                "asgiref_version: 3.6.0\n"
                                "servers: {gunicorn: {processes: 8}}\n"
                                "host: {cpu: none, server_cpus: \"0-7\"}\n"
                                "measured_on: 2026-11-22\n";

static const char one_yaml[] = "name: one\n"
                               "campaign: fake-1\n"
                               "framework: django\n"
                               "framework_version: 3.2.25\n"
                               "asgiref_version: 3.6.0\n"
                               "servers: {gunicorn: {processes: 1}}\n"
                               "host: {cpu: none, server_cpus: \"0\"}\n"
                               "measured_on: 2026-11-22\n";

const double fake_speed[FAKE_ROUNDS] = {1, 1, 1, 1, 1, 1};

struct rp_profile fake_profile(void)
{
    struct rp_profile p = flat_profile(
        (struct flat_costs){.base = FAKE_BASE_NS, .layer = 8e3, .gap = 20e3});

    return p;
}

static void read_dataset(const char *text, struct rp_dataset *dataset)
{
    struct rp_error error = {0};

    cr_assert(rp_dataset_read_text(text, strlen(text), "dataset.yaml", dataset,
                                   &error) == RP_OK,
              "%s", error.text);
}

static void add_runs(struct rp_measured *m, size_t config,
                     const struct rp_profile *truth, double noise)
{
    static const double off[FAKE_ROUNDS] = {0, 1, -1, 2, -2, 0};
    const struct rp_rehearse_options options = {
        .runs = 9, .requests = FAKE_REQUESTS, .seed = 99};
    struct rp_scenario scenario = {0};
    struct rp_rehearsal r;
    struct rp_error error = {0};

    cr_assert(rp_dataset_scenario(&m->datasets[m->configs[config].dataset],
                                  &m->configs[config], &scenario,
                                  &error) == RP_OK,
              "%s", error.text);
    cr_assert(rp_rehearse(&scenario, truth, &options, &r, &error) == RP_OK,
              "%s", error.text);
    for (size_t i = 0; i < FAKE_ROUNDS; i++) {
        struct rp_measured_run *const run = &m->runs[m->run_count++];
        const double factor = 1.0 + noise * off[i];

        *run = (struct rp_measured_run){.file = strdup("fake.txt"),
                                        .config = config,
                                        .block = i,
                                        .requests = FAKE_REQUESTS,
                                        .curve_mean_ns = NAN,
                                        .longest_ms = NAN};
        for (unsigned k = 0; k < RP_METRIC_COUNT; k++)
            run->value[k] = r.value[k] * factor;
        run->value[RP_METRIC_RPS] = r.value[RP_METRIC_RPS] / factor;
        run->mean_ns = 1e9 / run->value[RP_METRIC_RPS];
        for (size_t k = 0; k < RP_LEVEL_COUNT; k++)
            run->level_ns[k] = 1e6 * r.level_ms[k] * factor;
    }
    rp_scenario_free(&scenario);
}

struct rp_measured fake_runs(const struct rp_profile *truth, double noise)
{
    static const unsigned clients[FAKE_CONFIGS] = {16, 24, 32, 6, 12};
    struct rp_measured m = {.dataset_count = 2,
                            .campaign_count = 1,
                            .config_count = FAKE_CONFIGS,
                            .block_count = FAKE_ROUNDS};

    m.datasets = calloc(2, sizeof *m.datasets);
    m.campaigns = calloc(1, sizeof *m.campaigns);
    m.configs = calloc(FAKE_CONFIGS, sizeof *m.configs);
    m.runs = calloc((size_t)FAKE_CONFIGS * FAKE_ROUNDS, sizeof *m.runs);
    m.blocks = calloc(FAKE_ROUNDS, sizeof *m.blocks);
    cr_assert(m.datasets && m.campaigns && m.configs && m.runs && m.blocks);
    read_dataset(many_yaml, &m.datasets[0]);
    read_dataset(one_yaml, &m.datasets[1]);
    m.campaigns[0] = strdup("fake-1");
    for (unsigned i = 0; i < FAKE_ROUNDS; i++)
        m.blocks[i] = (struct rp_block){.round = i + 1, .speed = 1.0};
    for (size_t i = 0; i < FAKE_CONFIGS; i++) {
        m.configs[i] = (struct rp_config){.dataset = i < 3 ? 0 : 1,
                                          .server = RP_SERVER_GUNICORN,
                                          .threads = 1,
                                          .concurrency = clients[i]};
        m.configs[i].amounts[RP_ITEM_BASE_GUNICORN] = 1.0;
        add_runs(&m, i, truth, noise);
    }
    m.datasets[0].runs = 3 * FAKE_ROUNDS;
    m.datasets[1].runs = 2 * FAKE_ROUNDS;
    return m;
}

void fake_slower(struct rp_measured *measured, size_t config, double factor)
{
    for (size_t i = 0; i < measured->run_count; i++) {
        struct rp_measured_run *const run = &measured->runs[i];

        if (run->config != config)
            continue;
        for (unsigned k = 0; k < RP_METRIC_COUNT; k++)
            run->value[k] *= k == RP_METRIC_RPS ? 1.0 / factor : factor;
        run->mean_ns *= factor;
    }
}
