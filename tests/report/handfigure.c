/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "handfigure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct rp_figure parsed(const char *text)
{
    struct rp_resultfile file = {.name = NULL};
    struct rp_figure figure = {.points = NULL};
    struct rp_error error = {0};

    if (rp_resultfile_parse(text, strlen(text), "r.json", &file, &error) ||
        rp_figure_of(&file, NULL, NULL, &figure, &error)) {
        (void)fprintf(stderr, "%s\n", error.text);
        abort();
    }
    rp_resultfile_free(&file);
    return figure;
}

struct rp_figure rp_handfigure_bars(void)
{
    return parsed("{\"schema\": \"reqpath.plan/1\", \"slo\": \"p99<=1ms\", "
                  "\"rows\": [{\"configuration\": \"a <b> & \\\"c\\\"\", "
                  "\"verdict\": \"it's\", \"max_rps\": 10},"
                  "{\"configuration\": \"d\", \"verdict\": \"no\", "
                  "\"max_rps\": 40, \"max_rps_low\": 30, \"max_rps_high\": "
                  "50}]}");
}

struct rp_figure rp_handfigure_uniform(void)
{
    return parsed(
        "{\"schema\": \"reqpath.simulate/1\", \"rows\": [{\"scenario\": "
        "\"u\", \"mean_ms\": 50, \"rps\": 1}], \"results\": [{\"scenario\": "
        "\"u\", \"metrics\": {\"p50_ms\": {\"value\": 50, \"low\": 45, "
        "\"high\": 55}}, \"quantiles\": [{\"percent\": 0, \"ms\": 0}, "
        "{\"percent\": 50, \"ms\": 50}, {\"percent\": 96, \"ms\": 96}, "
        "{\"percent\": 99.5, \"ms\": 99.5}]}]}");
}

char *rp_handfigure_written(enum rp_code (*write)(const struct rp_figure *,
                                                  FILE *, struct rp_error *),
                            const struct rp_figure *figure)
{
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    if (!out || write(figure, out, &error) || fclose(out) != 0)
        abort();
    return text;
}
