/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/heyrows.h"

#include "calibrate/samples.h"
#include "model/csv.h"
#include "model/excerpt.h"
#include "model/units.h"

#include <math.h>

enum { ELAPSED, STATUS, OFFSET, COLUMNS };

static const char *const names[COLUMNS] = {"response-time", "status-code",
                                           "offset"};

static enum rp_code read_cell(const struct rp_csv *csv, size_t row, size_t at,
                              const char *name, double *value,
                              struct rp_error *error)
{
    const char *const text = rp_csv_text(csv, row, at);
    const char *end = text;
    char found[RP_EXCERPT_SIZE];

    if (rp_number_scan(text, &end, value) && !*end && *value >= 0.0 &&
        *value <= 1e9)
        return RP_OK;
    return rp_csv_fail(csv, row, at, error, RP_ERR_VALUE,
                       "%s: found \"%s\", expected a number that is not "
                       "negative",
                       name, rp_excerpt(text, found));
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
            code = read_cell(csv, row, at[i], names[i], &value[i], error);
        if (!code)
            code = rp_samples_add(samples, value[OFFSET] * 1e6,
                                  value[ELAPSED] * 1e6, (unsigned)value[STATUS],
                                  error);
    }
    return code;
}

enum rp_code rp_hey_rows_read_text(const char *text, size_t length,
                                   const char *file_name, struct rp_peer *peer,
                                   struct rp_error *error)
{
    struct rp_samples samples = {0};
    struct rp_csv csv = {0};
    size_t at[COLUMNS] = {0};
    enum rp_code code = rp_csv_read_text(text, length, file_name, &csv, error);

    for (size_t i = 0; i < COLUMNS && !code; i++)
        code = rp_csv_need(&csv, names[i], &at[i], error);
    if (!code)
        code = read_rows(&csv, at, &samples, error);
    if (!code) {
        rp_samples_sum_up(&samples, peer);
        rp_peer_lacks(peer, "hey rounds times to 0.1 ms");
        rp_peer_lacks(peer, "requests without an answer are not in hey's CSV");
    }
    rp_csv_free(&csv);
    rp_samples_free(&samples);
    return code;
}
