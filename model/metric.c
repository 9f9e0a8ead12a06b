/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/metric.h"

#include <stdio.h>
#include <string.h>

#include <math.h>

const char *rp_metric_key(enum rp_metric metric)
{
#define RP_METRIC_AS_KEY(metric_, key, heading)                                \
    case metric_:                                                              \
        return key;
    switch (metric) {
        RP_METRIC_LIST(RP_METRIC_AS_KEY)
    case RP_METRIC_COUNT:
        break;
    }
#undef RP_METRIC_AS_KEY
    return "unknown metric";
}

const char *rp_metric_heading(enum rp_metric metric)
{
#define RP_METRIC_AS_HEADING(metric_, key, heading)                            \
    case metric_:                                                              \
        return heading;
    switch (metric) {
        RP_METRIC_LIST(RP_METRIC_AS_HEADING)
    case RP_METRIC_COUNT:
        break;
    }
#undef RP_METRIC_AS_HEADING
    return "unknown metric";
}

double rp_metric_level(enum rp_metric metric)
{
    switch (metric) {
    case RP_METRIC_P50:
        return 0.50;
    case RP_METRIC_P90:
        return 0.90;
    case RP_METRIC_P95:
        return 0.95;
    case RP_METRIC_P99:
        return 0.99;
    case RP_METRIC_RPS:
    case RP_METRIC_MEAN:
    case RP_METRIC_COUNT:
        break;
    }
    return NAN;
}

const char *rp_metric_key_with(const char *key, const char *part,
                               char text[RP_METRIC_KEY_SIZE])
{
    static const char *const units[] = {"_ms", "_us"};
    const size_t length = strlen(key);
    const char *unit = "";

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (length > 3 && strcmp(key + length - 3, units[i]) == 0)
            unit = units[i];
    (void)snprintf(text, RP_METRIC_KEY_SIZE, "%.*s_%s%s",
                   (int)(length - strlen(unit)), key, part,
                   strcmp(part, "ratio") == 0 ? "" : unit);
    return text;
}
