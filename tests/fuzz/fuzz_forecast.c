/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/forecast.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_forecast forecast = {0};
    struct rp_error error = {0};

    if (rp_forecast_read_text((const char *)data, size, "fuzz", &forecast,
                              &error)) {
        require(error.text[0] != '\0' && forecast.periods == NULL);
        return 0;
    }
    require(forecast.count > 0 && forecast.count <= RP_FORECAST_PERIODS_MAX);
    for (size_t i = 0; i < forecast.count; i++)
        require(forecast.periods[i].average_per_s > 0.0 &&
                forecast.periods[i].peak_per_s >=
                    forecast.periods[i].average_per_s);
    rp_forecast_free(&forecast);
    return 0;
}
