/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/dominant.h"

#include "calibrate/dataset.h"
#include "sim/simulate.h"

#include <stdio.h>

/* Enough for shares of the time; nothing is compared with them. */
enum { RUNS = 5 };

/* Insert into the largest kinds so far. */
static void add_kind(struct rp_dominant *d, const struct rp_kind_result *kind,
                     double total_ns)
{
    const double part = kind->mean_ns / total_ns;
    size_t at = d->kind_count;

    while (at > 0 && d->kinds[at - 1].part < part) {
        if (at < RP_DOMINANT_KINDS)
            d->kinds[at] = d->kinds[at - 1];
        at--;
    }
    if (at == RP_DOMINANT_KINDS || part <= 0.0)
        return;
    (void)snprintf(d->kinds[at].name, sizeof d->kinds[at].name, "%s",
                   kind->name);
    d->kinds[at].part = part;
    if (d->kind_count < RP_DOMINANT_KINDS)
        d->kind_count++;
}

static void look_at(const struct rp_result *result, struct rp_dominant *d)
{
    double total_ns = 0.0;

    for (size_t i = 0; i < result->kind_count; i++)
        total_ns += result->kinds[i].mean_ns;
    for (size_t i = 0; i < result->kind_count; i++)
        add_kind(d, &result->kinds[i], total_ns);
    for (size_t i = 0; i < result->place_count; i++)
        if (result->places[i].utilisation > d->utilisation) {
            d->utilisation = result->places[i].utilisation;
            (void)snprintf(d->place, sizeof d->place, "%s",
                           result->places[i].name);
        }
}

enum rp_code rp_dominant_find(const struct rp_dataset *dataset,
                              const struct rp_config *config, unsigned requests,
                              const struct rp_profile *profile,
                              struct rp_dominant *dominant,
                              struct rp_error *error)
{
    const struct rp_simulate_options options = {.jobs = 0, .draws = 0};
    struct rp_scenario scenario = {0};
    struct rp_result result = {0};
    enum rp_code code = rp_dataset_scenario(dataset, config, &scenario, error);

    scenario.run = (struct rp_run){
        .requests = requests, .warm_up_auto = false, .replications = RUNS};
    if (!code)
        code = rp_simulate(&scenario, profile, &options, &result, error);
    if (!code) {
        *dominant = (struct rp_dominant){.kind_count = 0};
        look_at(&result, dominant);
    }
    rp_result_free(&result);
    rp_scenario_free(&scenario);
    return code;
}
