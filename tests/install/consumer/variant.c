/**
 * A program of somebody else's that asks what if: it reads a scenario, makes a
 * variant of it, simulates both with the same luck, and compares.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "model/edit.h"
#include "plan/paired.h"
#include "sim/init.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    const struct rp_edit edits[] = {{"middleware.access_log.kind", "hybrid"}};
    const struct rp_point_how how = {.reader = RP_READER_SIM};
    struct rp_profile profile = {0};
    struct rp_draft draft = {0};
    struct rp_scenario scenarios[2] = {{0}};
    struct rp_point points[2] = {{0}};
    struct rp_error error = {0};
    enum rp_code code = RP_ERR_VALUE;

    rp_init();
    if (argc == 3)
        code = rp_draft_read(argv[1], &draft, &error);
    if (!code)
        code = rp_profile_read(argv[2], &profile, &error);
    for (size_t i = 0; i < 2 && !code; i++) { /* with no edit, then with one */
        code = rp_draft_scenario(&draft, edits, i, &scenarios[i], &error);
        if (!code)
            code = rp_point_evaluate(&scenarios[i], &profile, &how, &points[i],
                                     &error);
    }
    if (!code) {
        const struct rp_paired p =
            rp_paired_compare(&points[1], &points[0], RP_METRIC_RPS);
        printf("%.0f instead of %.0f requests/s: %.0f to %.0f more\n",
               points[1].metrics[RP_METRIC_RPS].value,
               points[0].metrics[RP_METRIC_RPS].value, p.low, p.high);
    } else
        (void)fprintf(stderr, "%s\n", error.text);
    for (size_t i = 0; i < 2; i++) {
        rp_point_free(&points[i]);
        rp_scenario_free(&scenarios[i]);
    }
    rp_profile_free(&profile);
    rp_draft_free(&draft);
    return code ? 1 : 0;
}
