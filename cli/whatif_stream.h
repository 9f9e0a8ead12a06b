/**
 * What-ifs for programs: rows of CSV or JSON, written as they come.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_WHATIF_STREAM_H
#define RP_CLI_WHATIF_STREAM_H

#include "plan/whatif.h"
#include "report/table.h"

#include <stdio.h>

struct rp_whatif_stream {
    FILE *out;
    enum rp_format format; /* CSV or JSON */
    const struct rp_grid *grid;
    const struct rp_point *baseline;
    const char *scenario; /* its name, or its file */
    unsigned long long seed;
    enum rp_reader reader;
    enum rp_metric metric;
    size_t rows; /* written; zero it */
};

/** What stands before the rows: the heading, or the members of the object up to
 * the array. RP_ERR_MEMORY. */
RP_CHECKED enum rp_code rp_whatif_stream_begin(struct rp_whatif_stream *stream,
                                               struct rp_error *error);

/** One row; RP_ERR_MEMORY, RP_ERR_IO. */
RP_CHECKED enum rp_code rp_whatif_stream_row(struct rp_whatif_stream *stream,
                                             const struct rp_whatif_row *row,
                                             struct rp_error *error);

/** What stands after them. */
void rp_whatif_stream_end(struct rp_whatif_stream *stream,
                          const struct rp_whatif_tally *tally);

/** "server.kind=uvicorn, view.wait=20ms"; free(). NULL: no memory. */
char *rp_whatif_variant(const struct rp_grid_edits *edits);

#endif
