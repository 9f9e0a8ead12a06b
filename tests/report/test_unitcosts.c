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
    struct rp_table *const table = rp_unitcosts_table(&profile, notes, 1);
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

Test(unitcosts, the_report_is_a_notebook_with_the_command_that_makes_it)
{
    struct rp_profile profile = round_profile();
    struct rp_table *const table = rp_unitcosts_table(&profile, NULL, 0);
    const struct rp_unitcosts_report report = {"!reqpath calibrate a -o p",
                                               table, table, table};
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    json_t *json;

    cr_assert(table && out);
    cr_expect(eq(int, rp_unitcosts_report_write(&profile, &report, out, &error),
                 RP_OK));
    (void)fclose(out);
    json = json_loads(text, 0, NULL);
    cr_assert(json != NULL);
    cr_expect(
        eq(llong, json_integer_value(json_object_get(json, "nbformat")), 4));
    cr_expect(strstr(text, "\"!reqpath calibrate a -o p\"") != NULL);
    cr_expect(strstr(text, "* invented (12 runs, campaign none)") != NULL);
    cr_expect(strstr(text, "4.0 % in its mean and 20.0 % in its p99") != NULL,
              "%s", text);
    json_decref(json);
    free(text);
    rp_table_free(table);
    rp_profile_free(&profile);
}
