/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/forecast.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

Test(forecast, growth_compounds_by_the_month)
{
    struct rp_forecast f = {0};
    struct rp_error error = {0};
    double factor = 0.0;

    cr_assert(eq(int, rp_growth_parse("10%/month", &factor, &error), RP_OK));
    cr_assert(
        eq(int, rp_forecast_grow(100.0, 300.0, factor, 3, &f, &error), RP_OK));
    cr_expect(eq(sz, f.count, 3));
    cr_expect(epsilon_eq(dbl, f.periods[2].average_per_s, 121.0, 1e-9));
    cr_expect(epsilon_eq(dbl, f.periods[2].peak_per_s, 363.0, 1e-9));
    cr_expect(eq(str, f.periods[2].label, "month 3"));
    cr_expect(rp_forecast_highest(&f) == &f.periods[2]);
    rp_forecast_free(&f);
    cr_assert(eq(int, rp_growth_parse("100%/year", &factor, &error), RP_OK));
    cr_expect(epsilon_eq(dbl, pow(factor, 12.0), 2.0, 1e-12));
}

Test(forecast, growth_that_cannot_be_is_refused)
{
    struct rp_error error = {0};
    double factor = 5.0;

    cr_expect(
        eq(int, rp_growth_parse("-100%/month", &factor, &error), RP_ERR_VALUE));
    cr_expect(
        eq(str, error.text,
           "growth \"-100%/month\": expected more than -100%, after which "
           "nobody is left, and at most 10000%"));
    cr_expect(eq(int, rp_growth_parse("5", &factor, &error), RP_ERR_VALUE));
    cr_expect(eq(int, rp_growth_parse("5%", &factor, &error), RP_ERR_VALUE));
    cr_expect(
        eq(int, rp_growth_parse("5%/week", &factor, &error), RP_ERR_VALUE));
    cr_expect(eq(dbl, factor, 5.0));
}

static enum rp_code read(const char *text, struct rp_forecast *f,
                         struct rp_error *error)
{
    return rp_forecast_read_text(text, strlen(text), "f.csv", f, error);
}

Test(forecast, a_file_has_a_row_for_each_period)
{
    struct rp_forecast f = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 read("peak,month,average\n900/s,May,200/s\n"
                      "60000/min,\"June, 1st\",200/s\n",
                      &f, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(eq(sz, f.count, 2));
    cr_expect(eq(str, f.periods[1].label, "June, 1st"));
    cr_expect(eq(dbl, f.periods[1].peak_per_s, 1000.0));
    cr_expect(eq(dbl, f.periods[0].average_per_s, 200.0));
    rp_forecast_free(&f);
}

Test(forecast, mistakes_in_a_file_have_their_place)
{
    struct rp_forecast f = {0};
    struct rp_error error = {0};

    cr_expect(eq(int, read("month,average,peak\nMay,200/s,100/s\n", &f, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "f.csv:2:11: average 200/s and peak 100/s: the peak is below "
                 "the average"));
    cr_expect(eq(int, read("month,average,peak\nMay,200,300/s\n", &f, &error),
                 RP_ERR_VALUE));
    cr_expect(strncmp(error.text, "f.csv:2:5: ", 11) == 0, "%s", error.text);
    cr_expect(eq(int, read("month,average,peak\n", &f, &error), RP_ERR_VALUE));
    cr_expect(eq(int, read("month,mean,peak\nMay,1/s,2/s\n", &f, &error),
                 RP_ERR_VALUE));
    cr_expect(f.periods == NULL);
}
