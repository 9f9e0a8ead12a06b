/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/openrows.h"

#include <math.h>
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
    struct rp_open_rows rows = {0};
    struct rp_open_summary s;
    struct rp_error error = {0};
    size_t ended = 0;

    if (rp_open_rows_parse((const char *)data, size, "x", &rows, &error)) {
        require(error.text[0] && !rows.rows);
        return 0;
    }
    require(rp_open_rows_sum_up(rows.rows, rows.count, &s, &error) == RP_OK);
    for (unsigned e = 0; e < RP_OPEN_END_COUNT; e++)
        ended += s.ends[e];
    require(ended == rows.count && s.requests == rows.count);
    require(s.most_in_flight <= rows.count && s.due_at_end <= rows.count);
    require(s.not_2xx <= s.ends[RP_OPEN_ANSWERED]);
    require(!(s.latency_ms < 0.0) && !(s.late_ms < 0.0));
    require(!(s.service_ms < 0.0));
    rp_open_rows_free(&rows);
    return 0;
}
