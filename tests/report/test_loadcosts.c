/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/loadcosts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void know(struct rp_profile *profile, enum rp_parameter parameter,
                 double value, double se)
{
    profile->under_load.known[parameter] = true;
    profile->under_load.value[parameter] = value;
    profile->under_load.se[parameter] = se;
}

static char *print(const struct rp_table *table, enum rp_format format)
{
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(table && out);
    cr_assert(eq(int, rp_table_print(table, format, "", NULL, 0, out, &error),
                 RP_OK));
    (void)fclose(out);
    return text;
}

/* Errors of 5 %, 50 % and 80 %: exp(+-1.96 x) is 0.90665 and 1.10296; 0.37531
 * and 2.66446; 0.20847 and 4.79704. */
Test(loadcosts, a_row_has_the_value_its_interval_and_how_it_is_known)
{
    struct rp_profile profile = {0};
    struct rp_table *table;
    char *text;

    know(&profile, RP_PARAMETER_CLIENT, 100e3, 5e3);
    know(&profile, RP_PARAMETER_SLOWNESS, 4.0, 2.0);
    know(&profile, RP_PARAMETER_FULL_DAPHNE, 1000.0, 800.0);
    table = rp_loadcosts_table(&profile, NULL);
    text = print(table, RP_FORMAT_CSV);
    cr_expect(eq(sz, rp_table_row_count(table), 3));
    cr_expect(
        strstr(text, "parameter,value,unit,se,low,high,known_by,meaning\n") ==
            text,
        "%s", text);
    cr_expect(strstr(text, "\nclient.service,100,us,5,90.66") != NULL, "%s",
              text);
    cr_expect(strstr(text, ",110.29") != NULL, "%s", text);
    cr_expect(strstr(text, ",runs,") != NULL);
    cr_expect(strstr(text, "\ncold.slowness,4,times,2,1.501") != NULL, "%s",
              text);
    cr_expect(strstr(text, ",10.65") != NULL, "%s", text);
    cr_expect(strstr(text, ",partly,") != NULL);
    cr_expect(strstr(text, "\ngc.every.daphne,1000,requests,800,208.4") != NULL,
              "%s", text);
    cr_expect(strstr(text, ",4797.04") != NULL, "%s", text);
    cr_expect(strstr(text, ",assumed,") != NULL);
    free(text);
    rp_table_free(table);
}

Test(loadcosts, a_profile_of_single_requests_has_no_row)
{
    struct rp_profile profile = {0};
    struct rp_table *const table = rp_loadcosts_table(&profile, NULL);

    cr_expect(eq(sz, rp_table_row_count(table), 0));
    rp_table_free(table);
}

Test(loadcosts, how_well_the_fit_fits_stands_below)
{
    const struct rp_loadcosts_fit fit = {
        .rms_before = 6.25, .rms = 1.75, .config_count = 320};
    struct rp_profile profile = {0};
    struct rp_table *table;
    char *text;

    know(&profile, RP_PARAMETER_CLIENT, 100e3, 0.0);
    table = rp_loadcosts_table(&profile, &fit);
    text = print(table, RP_FORMAT_TEXT);
    cr_expect(strstr(text, "320 configurations") != NULL, "%s", text);
    cr_expect(strstr(text, "1.75 times the noise, 6.25 before") != NULL, "%s",
              text);
    free(text);
    rp_table_free(table);
}
