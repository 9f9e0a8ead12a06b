/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/priced.h"

#include "calibrate/dataset.h"

enum rp_code rp_priced_find(const struct rp_dataset *dataset,
                            const struct rp_config *config,
                            const struct rp_profile *profile,
                            struct rp_priced *priced, struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    struct rp_program program = {0};
    struct rp_priced fresh = {.validity = {.tier = RP_TIER_INSIDE}};
    enum rp_code code = rp_dataset_scenario(dataset, config, &scenario, error);

    if (!code)
        code = rp_program_compile(&program, &scenario, error);
    if (!code)
        code = rp_price(&program, profile, &fresh.prices, error);
    if (!code) {
        rp_validity_judge_class(&scenario, &program, &fresh.prices, profile,
                                NULL, &fresh.validity);
        rp_validity_judge_host(dataset->cpu, dataset->python_version, profile,
                               &fresh.validity);
        fresh.demand_ns = fresh.prices.framework_ns + config->cpu_ns;
        *priced = fresh;
    }
    rp_program_free(&program);
    rp_scenario_free(&scenario);
    return code;
}
