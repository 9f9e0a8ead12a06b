/**
 * Figures made by hand, for the tests of who draws them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_REPORT_HANDFIGURE_H
#define RP_TESTS_REPORT_HANDFIGURE_H

#include "report/figure.h"

/** A bar chart of two bars, 10 and 40, the second with an interval from 30 to
 * 50; the words have what each form has to escape. */
struct rp_figure rp_handfigure_bars(void);

/** A distribution that is uniform from 0 to 100 ms. */
struct rp_figure rp_handfigure_uniform(void);

/** What a writer wrote; the caller frees it. */
char *rp_handfigure_written(enum rp_code (*write)(const struct rp_figure *,
                                                  FILE *, struct rp_error *),
                            const struct rp_figure *figure);

#endif
