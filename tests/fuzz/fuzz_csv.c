/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every cell can be read, lies inside the file and has a place; places go
 * forward. */
static void check_cells(const struct rp_csv *csv, size_t size)
{
    size_t line = 1, column = 0;

    for (size_t i = 0; i < (csv->row_count + 1) * csv->column_count; i++) {
        const struct rp_csv_cell *const cell = &csv->head[i];

        if (strlen(cell->text) > size)
            abort();
        if (cell->line < line || (cell->line == line && cell->column <= column))
            abort();
        line = cell->line;
        column = cell->column;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_csv csv = {0};
    struct rp_error error = {0};

    if (rp_csv_read_text((const char *)data, size, "x.csv", &csv, &error) !=
        RP_OK)
        return 0;
    check_cells(&csv, size);
    if (rp_csv_find(&csv, csv.head->text) != 0)
        abort();
    rp_csv_free(&csv);
    return 0;
}
