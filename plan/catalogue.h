/**
 * Catalogues: the kinds of instances that can be rented, and their prices.
 *
 * A YAML file, of which data/instances has an example:
 *
 *     currency: EUR
 *     instances:
 *       - {name: small, cores: 2, memory: 4GiB, price: 30/month}
 *       - {name: large, cores: 8, memory: 16GiB, price: 0.17/h}
 *
 * A month has 730 hours, a twelfth of a year.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_CATALOGUE_H
#define RP_PLAN_CATALOGUE_H

#include "model/error.h"

#include <stddef.h>

/** Hours of a month; seconds of it. */
#define RP_MONTH_HOURS   730.0
#define RP_MONTH_SECONDS (730.0 * 3600.0)

enum { RP_INSTANCES_MAX = 1000 };

struct rp_instance {
    char *name;             /* owned; unique */
    unsigned cores;         /* >= 1 */
    double memory_bytes;    /* > 0 */
    double price_per_month; /* >= 0 */
};

struct rp_catalogue {
    char *currency;                /* owned; "" where the file says none */
    size_t count;                  /* >= 1 */
    struct rp_instance *instances; /* owned */
};

/**
 * Read a file.
 *
 * @return RP_ERR_IO, RP_ERR_SYNTAX, RP_ERR_VALUE (an unknown or missing key, a
 *         price without /h or /month, a name that is there twice) with the
 *         place, RP_ERR_MEMORY; rp_catalogue_free()
 */
RP_CHECKED enum rp_code rp_catalogue_read(const char *path,
                                          struct rp_catalogue *catalogue,
                                          struct rp_error *error);

/** The same from memory. */
RP_CHECKED enum rp_code rp_catalogue_read_text(const char *text, size_t length,
                                               const char *file_name,
                                               struct rp_catalogue *catalogue,
                                               struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_catalogue_free(struct rp_catalogue *catalogue);

#endif
