/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/ablint.h"
#include "calibrate/abreport.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* Whoever asks rp_ab_usable() may rely on this. */
static void check_usable(const struct rp_ab_report *report)
{
    double half;
    const double throughput = rp_ab_throughput(report, &half);

    require(report->status == RP_AB_OK && !report->interrupted);
    require(report->requests > 0 && report->concurrency > 0);
    require(report->failed == 0 && report->non2xx == 0);
    require(isfinite(throughput) && throughput > 0.0);
    require(isfinite(half) && half >= 0.0);
    require(isfinite(report->run_seconds) && isfinite(report->seconds));
    for (size_t i = 0; i < RP_AB_PERCENT_COUNT && report->requests > 1; i++)
        require(isfinite(report->percent_ms[i]) &&
                (i == 0 || report->percent_ms[i] >= report->percent_ms[i - 1]));
}

static void check_report(const struct rp_ab_report *report)
{
    char text[RP_AB_SENTENCES_SIZE];
    struct rp_error error = {0};

    require(report->line > 0);
    require(memchr(report->version, 0, sizeof report->version));
    require(memchr(report->path, 0, sizeof report->path));
    require(memchr(report->error, 0, sizeof report->error));
    (void)rp_ab_warnings(report, text, sizeof text);
    require(memchr(text, 0, sizeof text));
    require((rp_ab_lint(report, text, sizeof text) == 0) == (text[0] == '\0'));
    if (rp_ab_usable(report, "x", &error) == RP_OK)
        check_usable(report);
    else
        require(error.code == RP_ERR_UNUSABLE && error.text[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_ab_file file = {0};
    struct rp_error error = {0};

    if (rp_ab_read_text((const char *)data, size, "x", &file, &error)) {
        require(error.text[0] && file.report_count == 0);
        return 0;
    }
    require(file.report_count > 0);
    for (size_t i = 0; i < file.report_count; i++)
        check_report(&file.reports[i]);
    rp_ab_free(&file);
    return 0;
}
