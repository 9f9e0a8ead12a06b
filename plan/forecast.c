/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/forecast.h"

#include "model/csv.h"
#include "model/excerpt.h"
#include "model/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum rp_code rp_growth_parse(const char *text, double *factor,
                             struct rp_error *error)
{
    char excerpt[RP_EXCERPT_SIZE];
    const char *end = text;
    double percent = 0.0;
    bool a_year;

    (void)rp_excerpt(text, excerpt);
    if (!rp_number_scan(text, &end, &percent) || *end != '%')
        return rp_fail(error, RP_ERR_VALUE,
                       "growth \"%s\": expected a percentage of a month or a "
                       "year, such as 5%%/month",
                       excerpt);
    a_year = strcmp(end + 1, "/year") == 0;
    if (!a_year && strcmp(end + 1, "/month") != 0)
        return rp_fail(error, RP_ERR_VALUE,
                       "growth \"%s\": expected /month or /year behind the "
                       "percentage, such as 5%%/month",
                       excerpt);
    if (!(percent > -100.0) || !(percent <= 1e4))
        return rp_fail(error, RP_ERR_VALUE,
                       "growth \"%s\": expected more than -100%%, after which "
                       "nobody is left, and at most 10000%%",
                       excerpt);
    *factor = 1.0 + percent / 100.0;
    if (a_year)
        *factor = pow(*factor, 1.0 / 12.0);
    return RP_OK;
}

static enum rp_code make_room(size_t count, struct rp_forecast *forecast,
                              struct rp_error *error)
{
    forecast->periods = calloc(count, sizeof *forecast->periods);
    forecast->count = forecast->periods ? count : 0;
    return forecast->periods
               ? RP_OK
               : rp_fail(error, RP_ERR_MEMORY, "out of memory for a forecast");
}

static const char *fault_of(const struct rp_period *period)
{
    if (!(period->average_per_s > 0.0) || !(period->peak_per_s > 0.0))
        return "nobody asks: give a rate above 0";
    if (period->peak_per_s < period->average_per_s)
        return "the peak is below the average";
    if (period->peak_per_s > RP_RATE_MAX_PER_S)
        return "it grows beyond 1e9 requests a second";
    return NULL;
}

enum rp_code rp_forecast_grow(double average_per_s, double peak_per_s,
                              double factor, size_t months,
                              struct rp_forecast *forecast,
                              struct rp_error *error)
{
    struct rp_forecast made = {0};
    enum rp_code code = make_room(months, &made, error);

    for (size_t i = 0; i < months && !code; i++) {
        struct rp_period *const p = &made.periods[i];
        const double times = pow(factor, (double)i);
        const char *fault;

        *p = (struct rp_period){.average_per_s = average_per_s * times,
                                .peak_per_s = peak_per_s * times};
        (void)snprintf(p->label, sizeof p->label,
                       months == 1 ? "now" : "month %zu", i + 1);
        fault = fault_of(p);
        if (fault)
            code = rp_fail(error, RP_ERR_VALUE,
                           "%s, average %.4g/s and peak %.4g/s: %s", p->label,
                           p->average_per_s, p->peak_per_s, fault);
    }
    if (code)
        rp_forecast_free(&made);
    else
        *forecast = made;
    return code;
}

static enum rp_code read_rate(const struct rp_csv *csv, size_t row,
                              size_t column, double *rate,
                              struct rp_error *error)
{
    struct rp_error inner = {0};

    if (!rp_rate_parse(rp_csv_text(csv, row, column), rate, &inner))
        return RP_OK;
    return rp_csv_fail(csv, row, column, error, RP_ERR_VALUE, "%s", inner.text);
}

static enum rp_code read_row(const struct rp_csv *csv, size_t row,
                             const size_t columns[3], struct rp_period *p,
                             struct rp_error *error)
{
    const char *const label = rp_csv_text(csv, row, columns[0]);
    enum rp_code code;
    const char *fault;

    if (strlen(label) >= sizeof p->label)
        return rp_csv_fail(csv, row, columns[0], error, RP_ERR_VALUE,
                           "a label of more than %d bytes: give a shorter one",
                           RP_FORECAST_LABEL_SIZE - 1);
    (void)snprintf(p->label, sizeof p->label, "%s", label);
    code = read_rate(csv, row, columns[1], &p->average_per_s, error);
    if (!code)
        code = read_rate(csv, row, columns[2], &p->peak_per_s, error);
    if (code)
        return code;
    fault = fault_of(p);
    return fault ? rp_csv_fail(csv, row, columns[2], error, RP_ERR_VALUE,
                               "average %.4g/s and peak %.4g/s: %s",
                               p->average_per_s, p->peak_per_s, fault)
                 : RP_OK;
}

static enum rp_code find_columns(const struct rp_csv *csv, size_t columns[3],
                                 struct rp_error *error)
{
    enum rp_code code = RP_OK;

    columns[0] = rp_csv_find(csv, "label");
    if (columns[0] == RP_CSV_NONE)
        code = rp_csv_need(csv, "month", &columns[0], error);
    if (!code)
        code = rp_csv_need(csv, "average", &columns[1], error);
    return code ? code : rp_csv_need(csv, "peak", &columns[2], error);
}

static enum rp_code take(const struct rp_csv *csv, struct rp_forecast *forecast,
                         struct rp_error *error)
{
    struct rp_forecast made = {0};
    size_t columns[3];
    enum rp_code code = find_columns(csv, columns, error);

    if (!code &&
        (csv->row_count == 0 || csv->row_count > RP_FORECAST_PERIODS_MAX))
        code = rp_fail_at(error, RP_ERR_VALUE, csv->file, 0, 0,
                          "found %zu periods, expected 1 to %d, a row each",
                          csv->row_count, RP_FORECAST_PERIODS_MAX);
    if (!code)
        code = make_room(csv->row_count, &made, error);
    for (size_t i = 0; i < made.count && !code; i++)
        code = read_row(csv, i, columns, &made.periods[i], error);
    if (code)
        rp_forecast_free(&made);
    else
        *forecast = made;
    return code;
}

enum rp_code rp_forecast_read(const char *path, struct rp_forecast *forecast,
                              struct rp_error *error)
{
    struct rp_csv csv = {0};
    enum rp_code code = rp_csv_read(path, &csv, error);

    if (!code)
        code = take(&csv, forecast, error);
    rp_csv_free(&csv);
    return code;
}

enum rp_code rp_forecast_read_text(const char *text, size_t length,
                                   const char *file_name,
                                   struct rp_forecast *forecast,
                                   struct rp_error *error)
{
    struct rp_csv csv = {0};
    enum rp_code code = rp_csv_read_text(text, length, file_name, &csv, error);

    if (!code)
        code = take(&csv, forecast, error);
    rp_csv_free(&csv);
    return code;
}

const struct rp_period *rp_forecast_highest(const struct rp_forecast *forecast)
{
    const struct rp_period *highest = &forecast->periods[0];

    for (size_t i = 1; i < forecast->count; i++)
        if (forecast->periods[i].peak_per_s > highest->peak_per_s)
            highest = &forecast->periods[i];
    return highest;
}

void rp_forecast_free(struct rp_forecast *forecast)
{
    free(forecast->periods);
    *forecast = (struct rp_forecast){0};
}
