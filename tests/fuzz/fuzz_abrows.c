/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/abrows.h"

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
    struct rp_ab_rows rows = {0};
    struct rp_error error = {0};

    if (rp_ab_rows_read_text((const char *)data, size, "x", &rows, &error)) {
        require(error.text[0] && rows.count == 0);
        return 0;
    }
    require(rows.count > 0 && rows.odd_count <= rows.count);
    for (size_t i = 1; i < rows.count; i++)
        require(rows.rows[i].total_ms >= rows.rows[i - 1].total_ms);
    for (unsigned percent = 1; percent <= 100; percent++)
        require(rp_ab_rows_percentile(&rows, percent) >=
                rp_ab_rows_percentile(&rows, percent - 1));
    require(rp_ab_rows_mean(&rows) <= rp_ab_rows_percentile(&rows, 100));
    rp_ab_rows_free(&rows);
    return 0;
}
