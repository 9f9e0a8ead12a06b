/**
 * Readable: figures with their intervals, in a unit that is chosen for reading.
 *
 * For people alone: programs get numbers in one unit that the key names. A
 * figure is written to the place of its half width's second digit, for what
 * stands behind it is chance: "709.2 +/- 1.1 ms".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_READABLE_H
#define RP_REPORT_READABLE_H

#include <stdbool.h>

enum { RP_READABLE_SIZE = 80 };

/* A unit of time. */
struct rp_readable_unit {
    double ns;
    const char *name; /* "us", "ms" or "s" */
};

/** The unit in which a time of that size, in ns, is read best. */
struct rp_readable_unit rp_readable_unit(double ns);

/* What a figure counts. */
enum rp_readable_kind {
    RP_READABLE_TIME, /* ns; shown in us, ms or s */
    RP_READABLE_RATE  /* per second; shown as it is, without a unit */
};

/**
 * A figure with its half width.
 *
 * @param value   NAN: nothing is written
 * @param half    NAN or 0: four significant digits, and no half width
 * @param signed_ a difference: with its sign, and in the unit of the larger of
 *                the two
 * @return `text`
 */
const char *rp_readable(enum rp_readable_kind kind, double value, double half,
                        bool signed_, char text[RP_READABLE_SIZE]);

/**
 * An interval, in the unit of `like`: "576.6 .. 841.8 ms".
 *
 * @return `text`; "" where an end is not known
 */
const char *rp_readable_range(enum rp_readable_kind kind, double low,
                              double high, double like,
                              char text[RP_READABLE_SIZE]);

#endif
