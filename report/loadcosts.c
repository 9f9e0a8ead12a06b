/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/loadcosts.h"

#include <math.h>

enum { NAME, VALUE, UNIT, SE, LOW, HIGH, SHOWN, MEANING };

/* Relative standard errors; the prior's is 1. */
static const char *shown_by(double relative)
{
    if (relative > 0.7)
        return "assumed";
    return relative > 0.3 ? "partly" : "runs";
}

static void parameter_row(struct rp_table *table, const struct rp_parameters *p,
                          enum rp_parameter parameter)
{
    const bool is_time = rp_parameter_unit(parameter) == RP_UNIT_TIME;
    const double unit = is_time ? 1e3 : 1.0;
    const double value = p->value[parameter];
    const double relative = value > 0.0 ? p->se[parameter] / value : 0.0;

    rp_table_row(table);
    rp_table_text(table, NAME, rp_parameter_name(parameter));
    rp_table_number(table, VALUE, value / unit);
    rp_table_text(table, UNIT,
                  is_time ? "us"
                  : rp_parameter_unit(parameter) == RP_UNIT_REQUESTS
                      ? "requests"
                      : "times");
    rp_table_number(table, SE, p->se[parameter] / unit);
    rp_table_number(table, LOW, value * exp(-1.96 * relative) / unit);
    rp_table_number(table, HIGH, value * exp(1.96 * relative) / unit);
    rp_table_text(table, SHOWN, shown_by(relative));
    rp_table_text(table, MEANING, rp_parameter_meaning(parameter));
}

struct rp_table *rp_loadcosts_table(const struct rp_profile *profile,
                                    const struct rp_loadcosts_fit *fit)
{
    static const struct rp_column columns[] = {
        [NAME] = {"parameter", NULL, RP_COLUMN_TEXT, 0},
        [VALUE] = {"value", NULL, RP_COLUMN_NUMBER, 0},
        [UNIT] = {"unit", NULL, RP_COLUMN_TEXT, 0},
        [SE] = {"se", "std error", RP_COLUMN_NUMBER, 0},
        [LOW] = {"low", "from", RP_COLUMN_NUMBER, 0},
        [HIGH] = {"high", "to", RP_COLUMN_NUMBER, 0},
        [SHOWN] = {"known_by", "known by", RP_COLUMN_TEXT, 0},
        [MEANING] = {"meaning", "what it is", RP_COLUMN_TEXT, 0},
    };
    const struct rp_parameters *const p = &profile->under_load;
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (unsigned i = 0; table && i < RP_PARAMETER_COUNT; i++)
        if (p->known[i])
            parameter_row(table, p, (enum rp_parameter)i);
    if (table && fit)
        rp_table_note(table,
                      "fitted through the simulator to %zu configurations; "
                      "residuals are %.2f times the noise, %.2f before; "
                      "\"partly\": standard error above 30 %%, \"assumed\": "
                      "above 70 %%, so that the typical value stands",
                      fit->config_count, fit->rms, fit->rms_before);
    return table;
}
