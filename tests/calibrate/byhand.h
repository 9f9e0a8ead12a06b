/**
 * Runs by hand: one configuration, whose figures a test writes down itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_BYHAND_H
#define RP_TESTS_BYHAND_H

#include "calibrate/dataset.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { BYHAND_RUNS = 4 };

/** Everything that one configuration on gunicorn needs, one run a round. */
struct byhand {
    struct rp_dataset dataset;
    struct rp_config config;
    struct rp_block blocks[BYHAND_RUNS];
    struct rp_measured_run runs[BYHAND_RUNS];
    struct rp_measured measured;
};

static inline void byhand_make(struct byhand *h, unsigned concurrency)
{
    static const char yaml[] = "name: by hand\n"
                               "campaign: by-hand-1\n"
                               "framework: django\n"
                               "framework_version: 3.2.25\n"
                               "asgiref_version: 3.6.0\n"
                               "python_version: 3.11.9\n"
                               "servers: {gunicorn: {}}\n"
                               "host: {cpu: none (family 0)}\n"
                               "measured_on: 2026-11-22\n";
    struct rp_error error = {.code = RP_OK};

    *h = (struct byhand){.config = {.server = RP_SERVER_GUNICORN,
                                    .threads = 1,
                                    .concurrency = concurrency}};
    cr_assert(rp_dataset_read_text(yaml, strlen(yaml), "d.yaml", &h->dataset,
                                   &error) == RP_OK,
              "%s", error.text);
    for (size_t i = 0; i < BYHAND_RUNS; i++) {
        h->blocks[i] =
            (struct rp_block){.round = (unsigned)i + 1, .speed = 1.0};
        h->runs[i] = (struct rp_measured_run){
            .block = i, .requests = 100, .mean_ns = 1e6, .curve_mean_ns = 1e6};
        for (size_t k = 0; k < RP_LEVEL_COUNT; k++)
            h->runs[i].level_ns[k] = 1e6;
    }
    h->measured = (struct rp_measured){.dataset_count = 1,
                                       .config_count = 1,
                                       .run_count = BYHAND_RUNS,
                                       .block_count = BYHAND_RUNS,
                                       .datasets = &h->dataset,
                                       .configs = &h->config,
                                       .runs = h->runs,
                                       .blocks = h->blocks};
}

#endif
