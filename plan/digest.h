/**
 * Digests: the numbers of an answer, whoever gave it.
 *
 * Commands keep answers of their own in the store. All are JSON objects, and
 * what is a number in one can be put in a table: a member {"in_flight": 3} is
 * "in_flight", one of an object in it has that object's name and a point in
 * front. Under "metrics" stand numbers with their interval, [value, low, high,
 * ...], by the metric's own key. Everything else is passed over.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_DIGEST_H
#define RP_PLAN_DIGEST_H

#include "model/error.h"

#include <stdbool.h>
#include <stddef.h>

struct rp_digest_number {
    char *key; /* owned */
    double value;
    double low, high; /* 95 % interval; NAN: it has none */
};

/** In the order of the answer; zero it. */
struct rp_digest {
    bool is_random; /* intervals are those of chance: the answer's "reader" is
                       "sim"; bounds of a formula are none */
    size_t count;
    struct rp_digest_number *numbers; /* owned */
};

/** @param digest  written on success; rp_digest_free()
 * @return RP_ERR_SYNTAX (no JSON object), RP_ERR_MEMORY */
RP_CHECKED enum rp_code rp_digest_read(const char *text,
                                       struct rp_digest *digest,
                                       struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_digest_free(struct rp_digest *digest);

/** The number of a key; NULL: there is none. Borrowed. */
const struct rp_digest_number *rp_digest_find(const struct rp_digest *digest,
                                              const char *key);

/** The standard error that an interval of 95 % of this digest means; NAN: there
 * is none. */
double rp_digest_error(const struct rp_digest *digest,
                       const struct rp_digest_number *number);

#endif
