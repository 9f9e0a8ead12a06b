/**
 * Measured runs of which some are taken out, for a design to ask for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_NARROWED_H
#define RP_TESTS_NARROWED_H

#include "calibrate/dataset.h"
#include "calibrate/nextruns.h"
#include "calibrate/speeds.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct narrowed {
    const struct rp_measured *all; /* borrowed */
    struct rp_measured kept;       /* borrows all but its arrays */
    struct rp_config *out;         /* what is taken out */
    size_t out_count;
};

/* The runs of some configurations; everything else is borrowed. */
static inline struct rp_measured narrowed_of(const struct rp_measured *all,
                                             const bool *keep)
{
    struct rp_measured some = *all;
    size_t *const at = calloc(all->config_count + 1, sizeof *at);
    struct rp_error error = {0};

    some.configs = calloc(all->config_count + 1, sizeof *some.configs);
    some.runs = calloc(all->run_count + 1, sizeof *some.runs);
    some.blocks = calloc(all->block_count + 1, sizeof *some.blocks);
    if (!at || !some.configs || !some.runs || !some.blocks)
        abort();
    memcpy(some.blocks, all->blocks, all->block_count * sizeof *some.blocks);
    some.config_count = some.run_count = 0;
    for (size_t k = 0; k < all->config_count; k++)
        if (keep[k]) {
            at[k] = some.config_count;
            some.configs[some.config_count++] = all->configs[k];
        }
    for (size_t i = 0; i < all->run_count; i++)
        if (keep[all->runs[i].config]) {
            some.runs[some.run_count] = all->runs[i];
            some.runs[some.run_count++].config = at[all->runs[i].config];
        }
    free(at);
    if (rp_speeds_find(&some, &error))
        abort();
    return some;
}

static inline void narrowed_release(struct rp_measured *some)
{
    free(some->configs);
    free(some->runs);
    free(some->blocks);
    some->configs = NULL;
    some->runs = NULL;
    some->blocks = NULL;
}

/* Take out half of the configurations with one client, or of the others. */
static inline struct narrowed narrowed_begin(const struct rp_measured *all,
                                             bool loaded, uint64_t seed)
{
    struct narrowed n = {.all = all};
    bool *const keep = calloc(all->config_count + 1, sizeof *keep);
    uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15);

    n.out = calloc(all->config_count + 1, sizeof *n.out);
    if (!keep || !n.out)
        abort();
    for (size_t k = 0; k < all->config_count; k++) {
        uint64_t z = (state += UINT64_C(0x9E3779B97F4A7C15));

        z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        keep[k] = rp_joint_can_use(&all->configs[k]) != loaded || z >> 63 == 0;
        if (!keep[k])
            n.out[n.out_count++] = all->configs[k];
    }
    n.kept = narrowed_of(all, keep);
    free(keep);
    return n;
}

/* A design on top of some runs that may choose what was taken out. */
static inline enum rp_code
narrowed_design(const struct narrowed *n, const struct rp_measured *measured,
                size_t runs, const struct rp_scenario *forecast,
                const struct rp_parameters *known, struct rp_next *next,
                struct rp_error *error)
{
    static const unsigned clients[] = {1, 2, 4, 8, 16, 32};
    static const double waits_ns[] = {5e6, 20e6}, works_ns[] = {0.5e6, 3e6};
    static const struct rp_next_target targets[] = {
        {RP_SERVER_GUNICORN, 1, RP_PATH_DUAL, NULL, true, true, {0}},
        {RP_SERVER_GTHREAD, 4, RP_PATH_DUAL, NULL, true, true, {0}},
        {RP_SERVER_GTHREAD, 16, RP_PATH_DUAL, NULL, true, true, {0}},
        {RP_SERVER_DAPHNE, 1, RP_PATH_DUAL, NULL, true, true, {0}},
        {RP_SERVER_UVICORN, 1, RP_PATH_DUAL, NULL, true, true, {0}}};
    const bool loaded = n->out_count > 0 && rp_joint_can_use(&n->out[0]);
    const struct rp_next_options options = {
        .of = {.targets = targets,
               .target_count = sizeof targets / sizeof *targets,
               .letters = "SAHM",
               .longest = 3,
               .grid = {.clients = clients,
                        .client_count = loaded ? 6 : 0,
                        .waits_ns = waits_ns,
                        .wait_count = 2,
                        .works_ns = works_ns,
                        .work_count = 2},
               .only = n->out,
               .only_count = n->out_count,
               .requests = 400,
               .rounds = loaded ? 6 : 12},
        .runs = runs,
        .forecast = forecast,
        .metric = RP_METRIC_MEAN,
        .known = known,
        .same_campaign = true};

    return rp_next_find(measured, &options, next, error);
}

/* What was kept, and what the design chose. */
static inline struct rp_measured narrowed_with(const struct narrowed *n,
                                               const struct rp_next *next)
{
    bool *const keep = calloc(n->all->config_count + 1, sizeof *keep);
    struct rp_measured some;

    if (!keep)
        abort();
    for (size_t k = 0; k < n->all->config_count; k++) {
        keep[k] = true;
        for (size_t i = 0; i < n->out_count; i++)
            keep[k] &= rp_config_compare(&n->out[i], &n->all->configs[k]) != 0;
        for (size_t i = 0; i < next->run_count; i++)
            keep[k] |= rp_config_compare(&next->runs[i].config,
                                         &n->all->configs[k]) == 0;
    }
    some = narrowed_of(n->all, keep);
    free(keep);
    return some;
}

static inline void narrowed_end(struct narrowed *n)
{
    narrowed_release(&n->kept);
    free(n->out);
    n->out = NULL;
}

#endif
