/**
 * gnuplot: a program of others that draws a script as PNG, where it is there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_GNUPLOT_RUN_H
#define RP_CLI_GNUPLOT_RUN_H

#include "report/figure.h"

/**
 * Draw `figure` as PNG into `out`.
 *
 * @return RP_ERR_IO: gnuplot is not there, or failed
 */
RP_CHECKED enum rp_code rp_gnuplot_png(const struct rp_figure *figure,
                                       FILE *out, struct rp_error *error);

#endif
