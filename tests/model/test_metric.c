/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/metric.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

Test(metric, every_metric_has_a_key_of_its_own_that_ends_in_its_unit)
{
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const char *const key = rp_metric_key((enum rp_metric)m);
        const size_t n = strlen(key);

        cr_expect(strcmp(key, "rps") == 0 ||
                      (n > 3 && strcmp(key + n - 3, "_ms") == 0),
                  "%s", key);
        cr_expect(strlen(rp_metric_heading((enum rp_metric)m)) > 0);
        for (unsigned other = 0; other < m; other++)
            cr_expect(strcmp(key, rp_metric_key((enum rp_metric)other)) != 0);
    }
}

Test(metric, percentiles_have_a_level_and_the_others_none)
{
    cr_expect(eq(dbl, rp_metric_level(RP_METRIC_P50), 0.50));
    cr_expect(eq(dbl, rp_metric_level(RP_METRIC_P95), 0.95));
    cr_expect(eq(dbl, rp_metric_level(RP_METRIC_P99), 0.99));
    cr_expect(isnan(rp_metric_level(RP_METRIC_MEAN)));
    cr_expect(isnan(rp_metric_level(RP_METRIC_RPS)));
}

Test(metric, what_is_told_of_a_metric_keeps_its_unit_last)
{
    char text[RP_METRIC_KEY_SIZE];

    cr_expect(eq(str, (char *)rp_metric_key_with("p99_ms", "low", text),
                 "p99_low_ms"));
    cr_expect(eq(str,
                 (char *)rp_metric_key_with("mean_ms", "difference_high", text),
                 "mean_difference_high_ms"));
    cr_expect(
        eq(str, (char *)rp_metric_key_with("rps", "low", text), "rps_low"));
    cr_expect(eq(str, (char *)rp_metric_key_with("p99_ms", "ratio", text),
                 "p99_ratio"),
              "a ratio has no unit");
}
