/**
 * Figures as a script of gnuplot, data and all: for PNG, and for whoever wants
 * to change a picture by hand.
 *
 * The script sets no terminal and no output; who runs it says that first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_FIGUREPLOT_H
#define RP_REPORT_FIGUREPLOT_H

#include "report/figure.h"

/** Size of the picture that the script is made for, in pixels. */
void rp_figureplot_size(const struct rp_figure *figure, int *width,
                        int *height);

/** @return RP_ERR_IO: the stream failed */
RP_CHECKED enum rp_code rp_figureplot_write(const struct rp_figure *figure,
                                            FILE *out, struct rp_error *error);

#endif
