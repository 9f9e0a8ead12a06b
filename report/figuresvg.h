/**
 * Figures as SVG: the pictures of `reqpath plot -o x.svg` and of notebooks.
 *
 * Drawn by the library itself, so that no tool is needed. Every mark carries
 * the number that it stands for, in full, as an attribute data-value, and a
 * title that browsers show under the pointer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_FIGURESVG_H
#define RP_REPORT_FIGURESVG_H

#include "report/figure.h"

/** @return RP_ERR_IO: the stream failed */
RP_CHECKED enum rp_code rp_figuresvg_write(const struct rp_figure *figure,
                                           FILE *out, struct rp_error *error);

#endif
