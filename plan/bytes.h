/**
 * Bytes: amounts of memory as people write them, "180MiB", "4GiB".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_BYTES_H
#define RP_PLAN_BYTES_H

#include "model/error.h"

/* Units: word, bytes. */
#define RP_BYTES_UNIT_LIST(X)                                                  \
    X("KiB", 1024.0)                                                           \
    X("MiB", 1048576.0)                                                        \
    X("GiB", 1073741824.0)                                                     \
    X("TiB", 1099511627776.0)                                                  \
    X("kB", 1e3)                                                               \
    X("MB", 1e6)                                                               \
    X("GB", 1e9)                                                               \
    X("TB", 1e12)

/** The most: 1 PiB. */
#define RP_BYTES_MAX 1125899906842624.0

/** A number, blanks or none, and a unit of the list. RP_ERR_VALUE; the sentence
 * names no place. */
RP_CHECKED enum rp_code rp_bytes_parse(const char *text, double *bytes,
                                       struct rp_error *error);

/** For people, four digits: "1.5 GiB", "180 MiB"; returns `text`. */
const char *rp_bytes_format(double bytes, char text[32]);

#endif
