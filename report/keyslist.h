/**
 * The list of scenario keys, as `reqpath keys` shows it.
 *
 * The table of model/keys.h is the reference of the scenario language: what
 * the reader of scenarios does not take from it does not exist. Here it is
 * made readable: as a list for people, and as a table for everything else.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_KEYSLIST_H
#define RP_REPORT_KEYSLIST_H

#include "model/keys.h"
#include "report/table.h"

#include <stdio.h>

/**
 * The keys that a word means: the one of that path with all below it
 * ("server"), and those of that name wherever they stand ("cpu").
 *
 * @param word   NULL: all keys
 * @param found  rows of rp_keys(), in its order; room for all of them
 * @param count  of what was found, at least 1
 * @return RP_ERR_VALUE: no key; the sentence has the nearest one
 */
RP_CHECKED enum rp_code rp_keyslist_find(const char *word,
                                         const struct rp_key **found,
                                         size_t *count, struct rp_error *error);

/** A table with a row for each key; NULL when memory is short. */
struct rp_table *rp_keyslist_table(const struct rp_key *const *keys,
                                   size_t count);

/** The list for people: two lines or more a key.
 * @param width  columns to fold to */
void rp_keyslist_print(const struct rp_key *const *keys, size_t count,
                       size_t width, FILE *out);

#endif
