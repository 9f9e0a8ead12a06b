/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/dataset.h"
#include "calibrate/runs.h"
#include "model/program.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* Whoever has a row may rely on this, and can make a scenario of it. */
static void check_row(const struct rp_dataset *dataset,
                      const struct rp_run_row *row)
{
    const struct rp_config *const c = &row->config;
    struct rp_scenario scenario = {0};
    struct rp_program program = {0};
    struct rp_error error = {0};
    double amounts[RP_ITEM_COUNT];

    require(row->file[0] && row->round > 0 && row->requests > 0);
    require(c->threads > 0);
    require((c->concurrency > 0) != rp_config_is_open(c));
    require(isfinite(c->open.rate_per_s) && isfinite(c->open.cv));
    require(c->keepalive || !row->keepalive_assumed);
    require(isfinite(c->io_ns) && isfinite(c->cpu_ns));
    require(memchr(c->stack, 0, sizeof c->stack));
    require(dataset->servers[c->server].said);
    if (rp_dataset_scenario(dataset, c, &scenario, &error) == RP_OK &&
        rp_scenario_check(&scenario, &error) == RP_OK &&
        rp_program_compile(&program, &scenario, &error) == RP_OK) {
        rp_program_items(&program, amounts);
        for (size_t i = 0; i < RP_ITEM_COUNT; i++)
            require(isfinite(amounts[i]) && amounts[i] >= 0.0);
    } else {
        require(error.text[0]);
    }
    rp_program_free(&program);
    rp_scenario_free(&scenario);
}

static void check_rows(const struct rp_dataset *dataset, const char *text,
                       size_t length)
{
    struct rp_csv csv = {0};
    struct rp_run_columns columns;
    struct rp_error error = {0};

    if (rp_csv_read_text(text, length, "runs.csv", &csv, &error))
        return;
    if (rp_run_columns_find(&csv, &columns, &error))
        require(error.text[0]);
    else
        for (size_t i = 0; i < csv.row_count; i++) {
            struct rp_run_row row;

            if (rp_run_row_read(&csv, &columns, i, dataset, &row, &error))
                require(error.text[0]);
            else
                check_row(dataset, &row);
        }
    rp_csv_free(&csv);
}

/* dataset.yaml, a line "%%", runs.csv. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char between[] = "\n%%\n";
    const size_t gap = sizeof between - 1;
    struct rp_dataset dataset = {0};
    struct rp_error error = {0};
    char *const text = malloc(size + 1);
    const char *cut;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    cut = strstr(text, between);
    if (rp_dataset_read_text(text, cut ? (size_t)(cut - text) : size,
                             "dataset.yaml", &dataset, &error))
        require(error.text[0] && !dataset.name);
    else if (cut)
        check_rows(&dataset, cut + gap, size - (size_t)(cut - text) - gap);
    rp_dataset_free(&dataset);
    free(text);
    return 0;
}
