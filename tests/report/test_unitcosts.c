/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/unitcosts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define ROUND RP_SOURCE_DIR "/tests/data/profiles/round.yaml"

static struct rp_profile round_profile(void)
{
    struct rp_profile profile = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_profile_read(ROUND, &profile, &error), RP_OK), "%s",
              error.text);
    return profile;
}

Test(unitcosts, a_row_has_the_cost_its_interval_and_what_it_pays_for)
{
    static const char *const notes[] = {"a note"};
    struct rp_profile profile = round_profile();
    struct rp_table *const table =
        rp_unitcosts_table(&profile, notes, 1, false);
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(table && out);
    cr_expect(eq(sz, rp_table_row_count(table), 6));
    cr_expect(eq(int,
                 rp_table_print(table, RP_FORMAT_CSV, "", NULL, 0, out, &error),
                 RP_OK));
    (void)fclose(out);
    cr_expect(strstr(text, "cost,mean_us,se_us,low_us,high_us,runs,spread_cv,"
                           "items\n") == text);
    /* 500 - 1.96 * 3 and 500 + 1.96 * 3; no spread */
    cr_expect(strstr(text, "\nbase.gunicorn,500,3,494.12,505.88,4,0,"
                           "base.gunicorn\n") != NULL,
              "%s", text);
    cr_expect(strstr(text, "\"layer.sync, layer.async, layer.hybrid.sync, "
                           "layer.hybrid.async, layer.mixin.sync, "
                           "layer.mixin.async\"") != NULL);
    free(text);
    rp_table_free(table);
    rp_profile_free(&profile);
}

static char *csv_of(struct rp_table *table)
{
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(table && out);
    cr_expect(eq(int,
                 rp_table_print(table, RP_FORMAT_CSV, "", NULL, 0, out, &error),
                 RP_OK));
    (void)fclose(out);
    rp_table_free(table);
    return text;
}

/* Standard errors 2 and 4 us with a covariance of -4 us^2: -4 / (2 * 4). */
Test(unitcosts, correlations_are_covariances_by_both_errors)
{
    struct rp_cost costs[] = {{.name = "a", .se_ns = 2e3},
                              {.name = "b", .se_ns = 0.0},
                              {.name = "c", .se_ns = 4e3}};
    double covariance_ns2[] = {4e6, 0, -4e6, 0, 0, 0, -4e6, 0, 16e6};
    const struct rp_profile profile = {
        .cost_count = 3, .costs = costs, .covariance_ns2 = covariance_ns2};
    char *const text = csv_of(rp_unitcosts_correlations(&profile));

    cr_expect(eq(str, text,
                 "cost,other,correlation\na,a,1\na,c,-0.5\nc,a,-0.5\nc,c,1\n"));
    free(text);
}

Test(unitcosts, accuracy_is_told_in_percent_where_it_is_known)
{
    struct rp_profile profile = {.cost_count = 0};
    char *text;

    profile.accuracy[RP_SITUATION_LOADED][RP_METRIC_P99] =
        (struct rp_accuracy){.run_sd = 0.25, .misfit_sd = 0.125};
    text = csv_of(rp_unitcosts_accuracy(&profile));
    cr_expect(eq(str, text,
                 "situation,metric,run_sd_percent,misfit_sd_percent\n"
                 "several at a time,p99_ms,25,12.5\n"));
    free(text);
}
