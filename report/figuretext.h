/**
 * Figures as text: bars for a terminal, and histograms.
 *
 * A distribution is shown as a histogram of its answers, a validation as one
 * of its errors, everything else as a bar a point. No line is wider than the
 * terminal as long as that has 40 columns.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_FIGURETEXT_H
#define RP_REPORT_FIGURETEXT_H

#include "report/figure.h"

/**
 * @param width   columns; 0: 80
 * @param blocks  true: bars of Unicode's eighths of a block; else of "#"
 * @return RP_ERR_IO: the stream failed
 */
RP_CHECKED enum rp_code rp_figuretext_write(const struct rp_figure *figure,
                                            int width, bool blocks, FILE *out,
                                            struct rp_error *error);

#endif
