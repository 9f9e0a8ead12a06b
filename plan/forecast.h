/**
 * Forecasts: how many requests will come, period by period.
 *
 * A period is a month or whatever its label says, with an average, which is
 * what is served and paid for, and a peak, which the fleet must stand. A
 * forecast is one rate, one rate that grows by the month, or a CSV file with
 * the columns `month` (or `label`), `average` and `peak`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_FORECAST_H
#define RP_PLAN_FORECAST_H

#include "model/error.h"

#include <stddef.h>

enum { RP_FORECAST_LABEL_SIZE = 48, RP_FORECAST_PERIODS_MAX = 1200 };

struct rp_period {
    char label[RP_FORECAST_LABEL_SIZE];
    double average_per_s, peak_per_s; /* > 0; peak >= average */
};

struct rp_forecast {
    size_t count;              /* >= 1 */
    struct rp_period *periods; /* owned */
};

/**
 * Growth as people write it, "5%/month" or "80%/year", as the factor of a
 * month: 80 % a year is the twelfth root of 1.8.
 *
 * @return RP_ERR_VALUE: no percentage, no period, a fall of 100 % and more
 */
RP_CHECKED enum rp_code rp_growth_parse(const char *text, double *factor,
                                        struct rp_error *error);

/**
 * `months` periods that begin with these rates; each is `factor` times the one
 * before. The label of the first is "now" where there is one, else they are
 * "month 1" and so on.
 *
 * @return RP_ERR_VALUE (peak below average, a rate that is 0, or grows beyond
 *         all bounds), RP_ERR_MEMORY; rp_forecast_free()
 */
RP_CHECKED enum rp_code rp_forecast_grow(double average_per_s,
                                         double peak_per_s, double factor,
                                         size_t months,
                                         struct rp_forecast *forecast,
                                         struct rp_error *error);

/** Read the file. RP_ERR_IO, RP_ERR_SYNTAX, RP_ERR_VALUE with the place of the
 * cell, RP_ERR_MEMORY. */
RP_CHECKED enum rp_code rp_forecast_read(const char *path,
                                         struct rp_forecast *forecast,
                                         struct rp_error *error);

/** The same from memory. */
RP_CHECKED enum rp_code rp_forecast_read_text(const char *text, size_t length,
                                              const char *file_name,
                                              struct rp_forecast *forecast,
                                              struct rp_error *error);

/** The period with the highest peak, the first of several. */
const struct rp_period *rp_forecast_highest(const struct rp_forecast *forecast);

/** Harmless on a zeroed or freed one. */
void rp_forecast_free(struct rp_forecast *forecast);

#endif
