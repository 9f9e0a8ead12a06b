/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/readable.h"

#include <math.h>
#include <stdio.h>

enum { DECIMALS_MAX = 9 };

struct rp_readable_unit rp_readable_unit(double ns)
{
    static const struct rp_readable_unit us = {1e3, "us"}, ms = {1e6, "ms"},
                                         s = {1e9, "s"};
    const double size = fabs(ns);

    return size < 1e6 ? us : size < 1e9 ? ms : s;
}

static struct rp_readable_unit unit_of(enum rp_readable_kind kind, double value)
{
    if (kind == RP_READABLE_RATE)
        return (struct rp_readable_unit){1.0, ""};
    return rp_readable_unit(value);
}

/* What stands between a number and its unit. */
static const char *before(struct rp_readable_unit unit)
{
    return unit.name[0] ? " " : "";
}

/* Decimals with which a number of this size has so many digits. */
static int decimals_of(double size, int digits)
{
    const int first = size > 0.0 ? (int)floor(log10(size)) : 0;
    const int decimals = digits - 1 - first;

    return decimals < 0 ? 0 : decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals;
}

const char *rp_readable(enum rp_readable_kind kind, double value, double half,
                        bool signed_, char text[RP_READABLE_SIZE])
{
    const bool has_half = isfinite(half) && half > 0.0;
    const struct rp_readable_unit unit =
        unit_of(kind, signed_ && has_half ? fmax(fabs(value), half) : value);
    const double number = value / unit.ns, width = half / unit.ns;

    text[0] = '\0';
    if (!isfinite(value))
        return text;
    if (has_half)
        (void)snprintf(text, RP_READABLE_SIZE,
                       signed_ ? "%+.*f +/- %.*f%s%s" : "%.*f +/- %.*f%s%s",
                       decimals_of(width, 2), number, decimals_of(width, 2),
                       width, before(unit), unit.name);
    else
        (void)snprintf(
            text, RP_READABLE_SIZE, signed_ ? "%+.*f%s%s" : "%.*f%s%s",
            decimals_of(fabs(number), 4), number, before(unit), unit.name);
    return text;
}

const char *rp_readable_range(enum rp_readable_kind kind, double low,
                              double high, double like,
                              char text[RP_READABLE_SIZE])
{
    const struct rp_readable_unit unit = unit_of(kind, like);
    const int decimals = decimals_of((high - low) / unit.ns, 3);

    text[0] = '\0';
    if (isfinite(low) && isfinite(high))
        (void)snprintf(text, RP_READABLE_SIZE, "%.*f .. %.*f%s%s", decimals,
                       low / unit.ns, decimals, high / unit.ns, before(unit),
                       unit.name);
    return text;
}
