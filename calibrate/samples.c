/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/samples.h"

#include "model/csv.h"
#include "model/excerpt.h"
#include "model/units.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum rp_code rp_samples_add(struct rp_samples *s, double start_us,
                            double elapsed_us, unsigned status,
                            struct rp_error *error)
{
    if (s->count == s->room) {
        const size_t room = s->room ? 2 * s->room : 1024;
        double *const grown = realloc(s->elapsed_us, room * sizeof *grown);

        if (!grown)
            return rp_fail(error, RP_ERR_MEMORY,
                           "out of memory for %zu requests", room);
        s->elapsed_us = grown;
        s->room = room;
    }
    if (s->count == 0) {
        s->first_us = start_us;
        s->last_us = start_us + elapsed_us;
    }
    s->first_us = fmin(s->first_us, start_us);
    s->last_us = fmax(s->last_us, start_us + elapsed_us);
    s->failed += status < 200 || status > 299;
    s->elapsed_us[s->count++] = elapsed_us;
    return RP_OK;
}

/* ms; NAN where so few requests have no such level. */
static double at_level(const struct rp_samples *s, double level)
{
    const double n = (double)s->count;
    /* a level like 0.95 is no binary number; n level is whole or it is not */
    const double rank = floor(0.5 + n * level + 1e-9 * n * level);

    if (isnan(level) || rank >= n)
        return NAN;
    return s->elapsed_us[(size_t)rank] / 1e3;
}

void rp_samples_sum_up(struct rp_samples *s, struct rp_peer *peer)
{
    const double seconds = (s->last_us - s->first_us) / 1e6;
    double sum = 0.0;

    rp_peer_init(peer);
    peer->requests = s->count;
    if (s->count == 0) {
        rp_peer_useless(peer, "there is no request in it");
        return;
    }
    if (s->failed > 0)
        rp_peer_useless(peer, "%zu of %zu requests were not answered with 2xx",
                        s->failed, s->count);
    if (!(seconds > 0.0)) {
        rp_peer_useless(peer, "all of its requests took no time");
        return;
    }
    gsl_sort(s->elapsed_us, 1, s->count);
    for (size_t i = 0; i < s->count; i++)
        sum += s->elapsed_us[i];
    peer->rps = (double)s->count / seconds;
    peer->latency_ms = sum / (double)s->count / 1e3;
    peer->longest_ms = s->elapsed_us[s->count - 1] / 1e3;
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        peer->percent_ms[m] = at_level(s, rp_metric_level((enum rp_metric)m));
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        peer->level_ms[i] = at_level(s, rp_levels[i]);
}

void rp_samples_free(struct rp_samples *samples)
{
    free(samples->elapsed_us);
    *samples = (struct rp_samples){0};
}

/* ---- The CSV of any tool ---- */

enum { START, ELAPSED, STATUS, BYTES, COLUMNS };

static const char *const names[COLUMNS] = {"start_us", "elapsed_us", "status",
                                           "bytes"};

static enum rp_code find_columns(const struct rp_csv *csv, size_t at[COLUMNS],
                                 struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t i = START; i <= STATUS && !code; i++)
        code = rp_csv_need(csv, names[i], &at[i], error);
    if (code)
        return code;
    at[BYTES] = rp_csv_find(csv, names[BYTES]);
    for (size_t c = 0; c < csv->column_count; c++) {
        char found[RP_EXCERPT_SIZE];

        if (c == at[START] || c == at[ELAPSED] || c == at[STATUS] ||
            c == at[BYTES])
            continue;
        return rp_fail_at(error, RP_ERR_VALUE, csv->file, csv->head[c].line,
                          csv->head[c].column,
                          "unknown column \"%s\"; requests have start_us, "
                          "elapsed_us, status and bytes",
                          rp_excerpt(csv->head[c].text, found));
    }
    return RP_OK;
}

static enum rp_code read_cell(const struct rp_csv *csv, size_t row,
                              const size_t at[COLUMNS], size_t which,
                              double *value, struct rp_error *error)
{
    static const double most = 9007199254740992.0; /* 2^53 */
    const char *const text = rp_csv_text(csv, row, at[which]);
    const char *end = text;
    char found[RP_EXCERPT_SIZE];

    if (rp_number_scan(text, &end, value) && !*end && *value >= 0.0 &&
        *value <= (which == STATUS ? 999.0 : most) &&
        (which != STATUS || floor(*value) >= *value))
        return RP_OK;
    return rp_csv_fail(csv, row, at[which], error, RP_ERR_VALUE,
                       "%s: found \"%s\", expected %s", names[which],
                       rp_excerpt(text, found),
                       which == STATUS ? "a status of HTTP, 0 where there was "
                                         "no answer"
                                       : "a number that is not negative");
}

static enum rp_code read_rows(const struct rp_csv *csv,
                              const size_t at[COLUMNS],
                              struct rp_samples *samples,
                              struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t row = 0; row < csv->row_count && !code; row++) {
        double value[COLUMNS] = {0.0};

        for (size_t i = 0; i < COLUMNS && !code; i++)
            if (at[i] != RP_CSV_NONE)
                code = read_cell(csv, row, at, i, &value[i], error);
        if (!code)
            code = rp_samples_add(samples, value[START], value[ELAPSED],
                                  (unsigned)value[STATUS], error);
    }
    return code;
}

enum rp_code rp_samples_read_text(const char *text, size_t length,
                                  const char *file_name, struct rp_peer *peer,
                                  struct rp_error *error)
{
    struct rp_samples samples = {0};
    struct rp_csv csv = {0};
    size_t at[COLUMNS] = {0};
    enum rp_code code = rp_csv_read_text(text, length, file_name, &csv, error);

    if (!code)
        code = find_columns(&csv, at, error);
    if (!code)
        code = read_rows(&csv, at, &samples, error);
    if (!code)
        rp_samples_sum_up(&samples, peer);
    rp_csv_free(&csv);
    rp_samples_free(&samples);
    return code;
}
