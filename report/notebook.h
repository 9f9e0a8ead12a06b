/**
 * Notebooks: reports that are read, and run again, in Jupyter.
 *
 * A notebook is a list of cells: Markdown that says what is seen, code that
 * makes it, tables under the code. It is written as nbformat 4.5, for a Python
 * kernel. The same calls make the same bytes: cells are numbered, and nothing
 * of the day or the machine gets in.
 *
 *     struct rp_notebook *nb = rp_notebook_new("Calibration");
 *
 *     rp_notebook_markdown(nb, "Made from %zu runs.", run_count);
 *     rp_notebook_code(nb, "!reqpath calibrate data/ab/path -o p.yaml");
 *     rp_notebook_table(nb, table);
 *     code = rp_notebook_write(nb, out, error);
 *     rp_notebook_free(nb);
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_NOTEBOOK_H
#define RP_REPORT_NOTEBOOK_H

#include "model/error.h"
#include "report/table.h"

#include <stdio.h>

struct rp_notebook;

/** A notebook whose first cell is the heading `title`; NULL when memory is
 * short. When it is short below, the notebook remembers it and writing reports
 * it. */
struct rp_notebook *rp_notebook_new(const char *title);

/** Harmless on NULL. */
void rp_notebook_free(struct rp_notebook *notebook);

/** Append a Markdown cell; a line end in it is one there. */
void rp_notebook_markdown(struct rp_notebook *notebook, const char *format, ...)
    RP_PRINTF(2, 3);

/** Append a code cell: lines of Python, or of the shell behind "!". */
void rp_notebook_code(struct rp_notebook *notebook, const char *source);

/** Show a table: as an output of the last cell where that is code, else as a
 * Markdown cell. The table is copied. */
void rp_notebook_table(struct rp_notebook *notebook,
                       const struct rp_table *table);

/** Show a picture as an output of the last cell, which is code: an SVG, and a
 * text for who cannot show it. */
void rp_notebook_picture(struct rp_notebook *notebook, const char *svg,
                         const char *text);

/**
 * Write the notebook.
 *
 * @return RP_ERR_MEMORY, RP_ERR_IO (the stream failed)
 */
RP_CHECKED enum rp_code rp_notebook_write(const struct rp_notebook *notebook,
                                          FILE *out, struct rp_error *error);

#endif
