/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/predict.h"
#include "tests/calibrate/synthetic.h"

#include <criterion/new/assert.h>

#define ROUND RP_SOURCE_DIR "/tests/data/profiles/round.yaml"

static void read_all(struct rp_profile *profile, struct rp_dataset *dataset)
{
    struct rp_error error = {0};

    rp_init();
    cr_assert(eq(int, rp_profile_read(ROUND, profile, &error), RP_OK), "%s",
              error.text);
    cr_assert(eq(int,
                 rp_dataset_read_text(synthetic_yaml, strlen(synthetic_yaml),
                                      "d", dataset, &error),
                 RP_OK),
              "%s", error.text);
}

Test(predict, one_client_pays_the_sum_of_the_costs)
{
    struct rp_profile profile = {0};
    struct rp_dataset dataset = {.cores = 0};
    struct rp_prediction p;
    struct rp_error error = {0};
    struct rp_config config;

    read_all(&profile, &dataset);
    /* gunicorn 500, layer 10, a new loop for the async view 400; gap 30 us */
    synthetic_config(&dataset, RP_SERVER_GUNICORN, "S", true, &config);
    config.cpu_ns = 100e3;
    cr_assert(
        eq(int,
           rp_predict(&dataset, &config, 400, NULL, &profile, &p, NULL, &error),
           RP_OK),
        "%s", error.text);
    cr_expect(epsilon_eq(dbl, p.value[RP_METRIC_MEAN], 1.04, 1e-9));
    cr_expect(epsilon_eq(dbl, p.value[RP_METRIC_RPS], 1000.0 / 1.04, 1e-6));
    /* without the gap: base constant, the others 1 and 1.6 of their mean */
    cr_expect(epsilon_eq(dbl, p.value[RP_METRIC_P50], 1.01, 1e-9));
    cr_expect(
        epsilon_eq(dbl, p.value[RP_METRIC_P99], 0.1 + 0.5 + 1.6 * 0.41, 1e-9));
    cr_expect(epsilon_eq(dbl, p.level_ms[4], p.value[RP_METRIC_P50], 1e-12));
    cr_expect(epsilon_eq(dbl, p.level_ms[0], 0.1 + 0.5 + 0.8 * 0.41, 1e-9),
              "the least is 0.8 of the mean");
    /* variances 9, 1, 25 us^2; base and layer -0.25 * 3 * 1, twice */
    cr_expect(epsilon_eq(dbl, p.relative_se[RP_METRIC_MEAN],
                         sqrt(9.0 + 1.0 + 25.0 - 1.5) / 1040.0, 1e-9));
    rp_dataset_free(&dataset);
    rp_profile_free(&profile);
}

Test(predict, the_interval_holds_costs_misfit_and_noise)
{
    struct rp_profile profile = {0};
    struct rp_dataset dataset = {.cores = 0};
    struct rp_prediction p = {.value = {0.0}};
    double low, high;

    read_all(&profile, &dataset);
    p.value[RP_METRIC_P50] = 2.0;
    p.relative_se[RP_METRIC_P50] = 0.01;
    /* misfit 2 %, one run 3 %: 1e-4 + 4e-4 + 9e-4 pi / 2 / 9 */
    rp_predict_interval(&p, &profile, RP_SITUATION_ALONE, RP_METRIC_P50, 9,
                        &low, &high);
    cr_expect(epsilon_eq(dbl, high / 2.0,
                         exp(1.96 * sqrt(5e-4 + 1e-4 * 1.5707963)), 1e-9));
    cr_expect(epsilon_eq(dbl, low * high, 4.0, 1e-9));
    rp_predict_interval(&p, &profile, RP_SITUATION_ALONE, RP_METRIC_P50, 1,
                        &low, &high);
    cr_expect(epsilon_eq(dbl, high / 2.0, exp(1.96 * sqrt(14e-4)), 1e-9),
              "the median of one run is that run");
    rp_dataset_free(&dataset);
    rp_profile_free(&profile);
}

/* Under gunicorn one worker serves one client after the other: with c clients
 * ab's mean is c services, but that the client's own time now overlaps. */
Test(predict, more_clients_are_simulated)
{
    struct rp_profile profile = {0};
    struct rp_dataset dataset = {.cores = 0};
    struct rp_prediction p;
    struct rp_error error = {0};
    struct rp_config config;

    read_all(&profile, &dataset);
    synthetic_config(&dataset, RP_SERVER_GUNICORN, "S", true, &config);
    config.concurrency = 4;
    cr_assert(
        eq(int,
           rp_predict(&dataset, &config, 400, NULL, &profile, &p, NULL, &error),
           RP_OK),
        "%s", error.text);
    cr_expect(epsilon_eq(dbl, p.value[RP_METRIC_MEAN], 4.0 * 0.91, 0.1));
    cr_expect(epsilon_eq(dbl, p.value[RP_METRIC_MEAN] * p.value[RP_METRIC_RPS],
                         4000.0, 1e-6));
    cr_expect(ge(dbl, p.value[RP_METRIC_P99], p.value[RP_METRIC_P50]));
    rp_dataset_free(&dataset);
    rp_profile_free(&profile);
}

Test(predict, a_server_without_a_cost_is_refused_and_a_stand_in_is_said)
{
    struct rp_profile profile = {0};
    struct rp_dataset dataset = {.cores = 0};
    struct rp_prediction p;
    struct rp_error error = {0};
    struct rp_config config;
    char warnings[RP_PREDICT_WARNINGS_SIZE] = "";

    read_all(&profile, &dataset);
    synthetic_config(&dataset, RP_SERVER_UVICORN, "S", true, &config);
    cr_expect(
        eq(int,
           rp_predict(&dataset, &config, 400, NULL, &profile, &p, NULL, &error),
           RP_ERR_VALUE));
    cr_expect(strstr(error.text, "no cost \"base.uvicorn\"") != NULL);
    synthetic_config(&dataset, RP_SERVER_GUNICORN, "ASA", false, &config);
    cr_assert(eq(int,
                 rp_predict(&dataset, &config, 400, NULL, &profile, &p,
                            warnings, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(strstr(warnings, "a2s.nested_loop is not in the profile: "
                               "a2s.new_loop stands in for it") != NULL,
              "%s", warnings);
    rp_dataset_free(&dataset);
    rp_profile_free(&profile);
}
